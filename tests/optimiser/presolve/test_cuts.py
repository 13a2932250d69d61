"""Rows that follow from the rules: no whole plan breaks them, and the relaxation is nearer to the optimum with them."""

import numpy as np
import pytest
from benchmarks.policies.smith import smith_cost, tardiness_problem
from tests.ledger.builder import Builder
from tests.seeds import seeds

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.presolve import cuts
from renewopt.optimiser.presolve.cuts import add_money_in_time
from renewopt.problem import Problem, Route
from renewopt.testing.brute import brute_force
from renewopt.testing.tiny import tiny_problem

WAN = 1_000_000


def rows_of(problem: Problem) -> list[tuple[list[tuple[int, int]], list[float], float]]:
    """(claim and month of each waiting column, coefficients, least total) of every row that is added."""
    f, model = formulate(problem)
    months, start = problem.calendar.months, f["waiting"].start
    rows = []

    class Recorder(Engine):
        def add_row(self, columns: np.ndarray, values: np.ndarray, lower: float, upper: float) -> None:
            assert upper == np.inf
            rows.append(([divmod(int(c) - start, months) for c in columns], values.tolist(), lower))

    assert add_money_in_time(Recorder(model), f) == len(rows)
    return rows


def two_claims(**need: object) -> Builder:
    """One household and two: a voucher of 3, or from month 1 cash of 2 in two parts, all out of one fund."""
    build = Builder(months=4, books=6)
    build.schedules.append([(0, 500_000), (1, 1_000_000)])
    own, other = build.fund(opening=2 * WAN, inflow={2: WAN}), build.fund(opening=9 * WAN)
    build.bill(need=build.need("fees", funds=[other]))
    homes = build.need("cash", **({"funds": [own]} | need))
    build.claim()
    build.claim(count=2)
    for claim in (0, 1):
        build.offer(claim, Route.voucher, price=3 * WAN, price_need=homes)
        build.offer(claim, Route.cash, price=2 * WAN, price_need=homes, schedule=1, first=1)
    return build


def test_what_was_taken_by_a_month_fits_into_the_money_of_that_month() -> None:
    """In month 0 three vouchers would cost 9 of the 2 that are there; in month 1 three first parts, 3 of 2."""
    assert rows_of(two_claims().build()) == [
        ([(0, 0), (1, 0)], [3.0, 3.0], 7.0),
        ([(0, 1), (1, 1)], [1.0, 1.0], 1.0),
    ]


def test_a_large_model_gets_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = two_claims().build()
    monkeypatch.setattr(cuts, "LARGEST", 14 * 6 - 1)  # 14 choices, 6 months of the books
    assert rows_of(problem) == []
    monkeypatch.setattr(cuts, "LARGEST", 14 * 6)
    assert rows_of(problem) != []


def test_what_falls_due_in_any_case_comes_off_the_money() -> None:
    rows = rows_of(two_claims(fixed={0: WAN, 3: WAN}).build())
    assert [least for _, _, least in rows] == [8.0, 2.0, 1.0, 2.0]


def test_money_from_elsewhere_or_owing_leaves_no_row() -> None:
    lent, moved, received = two_claims(), two_claims(), two_claims()
    interest, principal = lent.need("interest"), lent.need("principal")
    lent.loan(0, interest, principal)
    moved.move(1, 0)
    received.offer(1, Route.own_unit, lines=[(0, -WAN, -1, 0)])
    owed = two_claims(owing=0)
    owed.owing()
    for build in (lent, moved, received, owed, two_claims(funds=None)):
        assert rows_of(build.build()) == []


@pytest.mark.parametrize("seed", seeds([77, 83, 262, *range(60)], fast=33))
def test_no_optimum_breaks_a_row(seed: int) -> None:
    problem = tiny_problem(seed)
    optimum = brute_force(problem)
    if optimum is None:
        return
    waiting = np.repeat(problem.claims.count[:, None], problem.calendar.months, axis=1)
    for offer, month, households in optimum.settle:
        waiting[problem.offers.claim[offer], month:] -= households
    for at, values, least in rows_of(problem):
        assert sum(value * waiting[place] for place, value in zip(at, values, strict=True)) >= least - 1e-9


def test_the_relaxation_comes_nearer_to_the_optimum() -> None:
    p, w = [3, 1, 4, 2, 5, 2], [2, 7, 3, 5, 1, 4]
    problem = tardiness_problem(p, w)
    f, model = formulate(problem)
    engine = Engine(model, integer=False)
    before = engine.run().objective
    assert add_money_in_time(engine, f) == sum(p)
    after = engine.run().objective
    assert before <= after <= smith_cost(p, w)
