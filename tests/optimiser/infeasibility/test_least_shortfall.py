"""What every plan lacks at the least, and a plan that lacks little."""

from dataclasses import replace
from random import Random

import pytest
from tests.conftest import full_count

from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise, plan_with_shortfall
from renewopt.optimiser.infeasibility.least_shortfall import least_shortfall
from renewopt.optimiser.model.margins import roundings
from renewopt.problem import Decisions, Problem
from renewopt.testing.tiny import tiny_problem

SEEDS = full_count(30, 400)


def short_of_money(seed: int) -> Problem:
    """A tiny problem with some of its money taken away."""
    problem, random = tiny_problem(seed), Random(seed)
    share = random.choice([0, 0, 2, 5, 8])
    funds = problem.funds
    return replace(
        problem, funds=replace(funds, opening=funds.opening * share // 10, inflow=funds.inflow * share // 10)
    )


def but_for_money(problem: Problem, decisions: Decisions) -> bool:
    return all(each.code == "need.shortfall" for each in audit_decisions(problem, decisions))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_lacking_at_the_least_is_lacking_in_every_plan(seed: int) -> None:
    problem = short_of_money(seed)
    months = problem.calendar.months
    proven = [least_shortfall(problem, until) for until in (0, months // 2, months)]
    found = optimise(problem, gap=0.0, method="exact", describe=False)
    if found.status != "infeasible":
        assert max(proven) == 0.0
        return
    least = plan_with_shortfall(
        problem, gap=0.0, method="exact", check=lambda decisions: but_for_money(problem, decisions)
    )
    if least.decisions is None:
        # Deadlines or targets that no money can keep.
        return
    lacking = replay(problem, least.decisions).totals.shortfall / 100
    # Whoever keeps no rule of money needs none: what is proven are sums of the months, each with a margin for rounding.
    assert max(proven) <= lacking + 1.0
    assert least.bound <= lacking + 1.0
    assert least.bound >= max(proven) - 1.0 - roundings(problem) * problem.calendar.books / 100
