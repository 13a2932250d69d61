"""What remains of a problem in a later month, by hand; and plans made anew each month, all being known."""

import pytest
from tests.conftest import full_count
from tests.ledger.builder import Builder

from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.policies import Rolling
from renewopt.policies.remaining import what_remains
from renewopt.policies.state import SimulationState
from renewopt.testing.tiny import tiny_problem


@pytest.mark.parametrize("seed", range(full_count(30, 400)))
def test_planning_anew_each_month_costs_no_more(seed: int) -> None:
    problem = tiny_problem(seed, in_time=True)
    if problem.objective.tiers:
        return
    first = optimise(problem, gap=0.0, describe=False, check=lambda plan: not audit_decisions(problem, plan))
    if first.decisions is None:
        return
    again = Rolling(every=1, gap=0.0).decide(problem)
    assert audit_decisions(problem, again) == []
    least = float(replay(problem, first.decisions).objective())
    assert float(replay(problem, again).objective()) <= least * (1 + 1e-6) + 100  # a yuan, for what is rounded


def test_money_lapses_in_some_of_them() -> None:
    drawn = [tiny_problem(seed, in_time=True).funds for seed in range(30)]
    assert sum(bool((funds.valid_since >= 0).any()) for funds in drawn) > 5
    assert sum(bool((funds.keeps > 0).any()) for funds in drawn) > 2


def test_money_keeps_its_age_and_limits_their_months() -> None:
    build = Builder(months=4, books=4)
    # Valid for three months: at the close of March what came in in January is lost, at that of April February's.
    build.fund(opening=30, inflow=5, valid_since={0: -1, 1: -1, 2: 1, 3: 2}, monthly_limit={0: 40, 1: -1, 2: 20, 3: 10})
    build.fund(lapses={3: True}, keeps=7)
    build.need("cash", fixed={0: 10})
    build.need("fees")
    build.bill(need=1)
    build.move(0, 1, monthly_limit={0: 9, 1: 8, 2: -1, 3: 6})
    build.claim(0, count=3)
    build.offer()
    build.limit(2, [0], first=0, last=1)
    build.limit(1, [0], first=2, last=3)
    state = SimulationState(build.build())
    state.open(0)
    state.pay_from(0, 0, 10)
    state.close()
    state.open(1)
    rest = what_remains(state).problem
    assert rest.funds.opening.tolist() == [30, 0]  # 25 left, and February's 5
    assert rest.funds.valid_since[0].tolist() == [-1, 0, 1]
    assert rest.funds.valid_opening[0].tolist() == [0, 5, 0]
    assert rest.funds.keeps[1].tolist() == [-1, -1, 7]
    assert rest.funds.monthly_limit[0].tolist() == [-1, 20, 10]
    assert rest.moves.monthly_limit[0].tolist() == [8, -1, 6]
    assert list(zip(rest.limits.first.tolist(), rest.limits.last.tolist(), strict=True)) == [(0, 0), (1, 2)]
