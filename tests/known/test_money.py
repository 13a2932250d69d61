"""Knapsacks and weighted tardiness: whose money when."""

from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.policies.smith import tardiness_cost
from tests.conftest import full_count

from renewopt.testing.written import Written, month, wan, yuan

Solve = Callable[[Written], float]


def knapsacks(path: Path) -> list[tuple[float, list[float], list[list[float]], list[float]]]:
    """(value, profits, weights by constraint, room) of each problem in a file."""
    count, *rest = map(float, path.read_text().split())
    problems = []
    for _ in range(int(count)):
        items, rules, value = int(rest[0]), int(rest[1]), rest[2]
        rest = rest[3:]
        profit, rest = rest[:items], rest[items:]
        weight = [rest[items * k : items * (k + 1)] for k in range(rules)]
        room, rest = rest[items * rules : items * rules + rules], rest[items * rules + rules :]
        problems.append((value, profit, weight, room))
    assert not rest
    return problems


@pytest.mark.parametrize("number", range(7))
def test_knapsack(known_optima: Path, optimum: Solve, number: int) -> None:
    value, profit, weight, room = knapsacks(known_optima / "mknap" / "mknap1.txt")[number]
    months, items = len(room), range(len(profit))
    inflow = "".join(f"        {month(t)}: {wan(amount)}\n" for t, amount in enumerate(room))
    found = optimum(
        Written(
            months=months,
            minimise="transition_fees",
            households=[{"id": f"H{i}", "project": "P1"} for i in items],
            quotes=[
                {
                    "household": f"H{i}",
                    "route": "voucher",
                    "price": yuan(sum(row[i] for row in weight)),
                    "instalments": ";".join(f"{t}:{yuan(row[i])}" for t, row in enumerate(weight)),
                    "first": month(0),
                    "last": month(0),
                }
                for i in items
            ],
            curves=[
                row
                for i in items
                for row in (
                    {"household": f"H{i}", "from": month(0), "fee": 0},
                    {"household": f"H{i}", "from": month(months - 1), "fee": yuan(profit[i])},
                )
            ],
            sections=f"""\
funds:
  - id: vouchers
    uses: [voucher]
    carry_over: month
    inflow:
      by_month:
{inflow}  - id: fees
    uses: [fees]
    opening: {wan(sum(profit))}
""",
        )
    )
    assert sum(profit) - found == pytest.approx(value, rel=1e-6)


INSTANCES = [*range(21, 26), *range(46, 51), *range(71, 76), *range(96, 101)]
"""Numbers, from 1, of the instances in which the first jobs cannot all be in time: five of each of four kinds."""
LOOKED_AT = INSTANCES[:: full_count(5, 1)]
"""Of each kind one in CI, all at night."""
QUICK = (21, 46, 75)


def jobs_of(known_optima: Path, number: int, jobs: int) -> list[list[int]]:
    """Processing times, weights and due dates of the first jobs of an instance."""
    figures = list(map(int, (known_optima / "wt" / "wt40.txt").read_text().split()))[120 * (number - 1) :]
    return [figures[40 * k : 40 * k + jobs] for k in range(3)]


def tardy(known_optima: Path, number: int, jobs: int) -> Written:
    """One voucher at a time, by weighted tardiness."""
    p, w, d = jobs_of(known_optima, number, jobs)
    months = sum(p) + 1
    curves: list[dict[str, object]] = []
    for j in range(jobs):
        if d[j] > 0:
            curves.append({"household": f"H{j}", "from": month(0), "fee": 0})
        if d[j] < months:
            curves.append({"household": f"H{j}", "from": month(d[j]), "fee": yuan(w[j])})
    return Written(
        months=months,
        minimise="transition_fees",
        households=[{"id": f"H{j}", "project": "P1"} for j in range(jobs)],
        quotes=[{"household": f"H{j}", "route": "voucher", "price": yuan(p[j])} for j in range(jobs)],
        curves=curves,
        sections=f"""\
funds:
  - id: vouchers
    uses: [voucher]
    inflow: {{monthly: 1万元, from: {month(1)}}}
  - id: fees
    uses: [fees]
    opening: {wan(sum(w) * months)}
""",
    )


def tardiness(known_optima: Path, optimum: Solve, number: int, jobs: int) -> None:
    found = optimum(tardy(known_optima, number, jobs))
    p, w, d = jobs_of(known_optima, number, jobs)
    assert found == pytest.approx(tardiness_cost(p, w, d), rel=1e-6)


@pytest.mark.parametrize(
    "number", [*QUICK, *(pytest.param(k, marks=pytest.mark.slow) for k in LOOKED_AT if k not in QUICK)]
)
def test_weighted_tardiness_of_six_jobs(known_optima: Path, optimum: Solve, number: int) -> None:
    tardiness(known_optima, optimum, number, jobs=6)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("number", LOOKED_AT)
def test_weighted_tardiness_of_eight_jobs(known_optima: Path, optimum: Solve, number: int) -> None:
    tardiness(known_optima, optimum, number, jobs=8)
