"""Assignment, generalised assignment and facility location: homes and phases, at the least fiscal cost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from renewopt.testing.written import Written, month, number, wan, yuan

Solve = Callable[[Written], float]

ONE_FUND = """\
funds:
  - id: ample
    opening: {opening}
"""


def no_fees(households: range) -> list[dict[str, object]]:
    return [{"household": f"H{i}", "from": month(0), "fee": 0} for i in households]


def due_at_once(households: range, **columns: object) -> list[dict[str, object]]:
    return [{"id": f"H{i}", "project": "P1", "deadline": month(0), **columns} for i in households]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("assign100", marks=pytest.mark.slow),
    ],
)
def test_assignment(known_optima: Path, optimum: Solve, name: str) -> None:
    size, *costs = map(int, (known_optima / "assign" / f"{name}.txt").read_text().split())
    side = range(size)
    found = optimum(
        Written(
            months=1,
            minimise="fiscal_cost",
            households=due_at_once(side),
            quotes=[
                {"household": f"H{i}", "route": "own_unit", "price": yuan(costs[size * i + j]), "stock": f"E{j}/home:1"}
                for i in side
                for j in side
            ],
            curves=no_fees(side),
            sections=ONE_FUND.format(opening=wan(sum(costs)))
            + "estates:\n"
            + "".join(f"  - {{id: E{j}, projects: [P1], units: [{{type: home, on_hand: 1}}]}}\n" for j in side),
        )
    )
    assert found == pytest.approx(305, rel=1e-6)


GAP = [f"c05{jobs}_{k}" for jobs in (15, 20, 25, 30) for k in range(1, 6)]


@pytest.mark.parametrize("name", GAP)
def test_generalised_assignment(known_optima: Path, optimum: Solve, name: str) -> None:
    agents, jobs, *figures = map(int, (known_optima / "gap" / f"{name}.txt").read_text().split())
    cost, weight, room = figures[: agents * jobs], figures[agents * jobs : 2 * agents * jobs], figures[-agents:]
    bounds = dict(line.split()[:2] for line in (known_optima / "gap" / "bounds.txt").read_text().splitlines() if line)
    found = optimum(
        Written(
            months=1,
            minimise="fiscal_cost",
            households=due_at_once(range(jobs)),
            quotes=[
                {
                    "household": f"H{j}",
                    "route": "own_unit",
                    "price": yuan(cost[jobs * i + j]),
                    "stock": f"E{i}/m2:{weight[jobs * i + j]}",
                }
                for j in range(jobs)
                for i in range(agents)
            ],
            curves=no_fees(range(jobs)),
            sections=ONE_FUND.format(opening=wan(sum(cost)))
            + "estates:\n"
            + "".join(
                f"  - {{id: E{i}, projects: [P1], measure: m2, units: [{{type: m2, on_hand: {room[i]}}}]}}\n"
                for i in range(agents)
            ),
        )
    )
    assert found == pytest.approx(float(bounds[f"{name}_Min"]), rel=1e-6)


CAP = [f"cap{k}" for k in (61, 62, 63, 64, 71, 72, 73, 74)]


def locate(folder: Path, optimum: Solve, name: str, *, whole: bool) -> float:
    """Facility = phase, customer = cohort of as many households as its demand."""
    sites, customers, *figures = map(float, (folder / f"ss_{name}.txt").read_text().split())
    j, i = int(sites), int(customers)
    capacity, fixed = figures[0 : 2 * j : 2], figures[1 : 2 * j : 2]
    demand, cost = figures[2 * j : 2 * j + i], figures[2 * j + i : -1]
    return optimum(
        Written(
            months=1,
            minimise="fiscal_cost",
            households=[
                {**row, "count": number(demand[k]), "indivisible": whole} for k, row in enumerate(due_at_once(range(i)))
            ],
            quotes=[
                {
                    "household": f"H{k}",
                    "route": "own_unit",
                    "price": yuan(cost[i * s + k] / demand[k]),
                    "stock": f"E{s}/home:1",
                }
                for k in range(i)
                for s in range(j)
            ],
            curves=no_fees(range(i)),
            sections=ONE_FUND.format(opening=wan(sum(cost) + sum(fixed)))
            + "estates:\n"
            + "".join(
                f"  - id: E{s}\n"
                "    projects: [P1]\n"
                "    units: [{type: home}]\n"
                f"    phases: [{{id: E{s}-1, cost: {wan(fixed[s])}, delivers: {{home: {number(capacity[s])}}}}}]\n"
                for s in range(j)
            ),
        )
    )


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name not in ("cap61", "cap71") else name for name in CAP]
)
def test_facility_location_with_customers_split(known_optima: Path, optimum: Solve, name: str) -> None:
    lines = (known_optima / "cap" / "bounds_multisource.txt").read_text().splitlines()
    stated = {line.split()[0]: float(line.split()[1]) for line in lines if line}
    assert locate(known_optima / "cap", optimum, name, whole=False) == pytest.approx(stated[name], rel=1e-6)


@pytest.mark.parametrize("name", CAP)
def test_facility_location_with_customers_whole(known_optima: Path, optimum: Solve, name: str) -> None:
    stated = float((known_optima / "cap" / f"ss_{name}.txt").read_text().split()[-1])
    assert locate(known_optima / "cap", optimum, name, whole=True) == pytest.approx(stated, rel=1e-6)
