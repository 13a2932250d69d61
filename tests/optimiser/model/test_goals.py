"""Goals as costs of columns, against what the ledger counts."""

import numpy as np
import pytest

from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.optimiser.model import goals
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.pulp.states import complete_states
from renewopt.problem import Tier
from renewopt.testing.tiny import tiny_problem
from renewopt.units import FEN_PER_WAN


@pytest.mark.parametrize("seed", range(12))
def test_goals_of_a_plan_are_the_ledgers_totals(seed: int) -> None:
    problem = tiny_problem(seed)
    found = optimise(problem, gap=0, check=lambda decisions: not audit_decisions(problem, decisions))
    if found.decisions is None:
        return
    totals = replay(problem, found.decisions).totals
    f, model = formulate(problem)
    x = complete_states(f, model, found.decisions)
    ones = np.ones(len(problem.claims))
    yuan = 1e-4  # 万元

    def value(cost: np.ndarray) -> float:
        return goals.value(model, cost, x)

    assert value(goals.fees(f, ones) + goals.surcharges(f)) == pytest.approx(
        totals.transition_fees / FEN_PER_WAN, abs=yuan
    )
    assert value(goals.fiscal(f)) == pytest.approx(totals.fiscal_cost / FEN_PER_WAN, abs=yuan)
    assert value(goals.objective(f, problem.objective.name)) * 1e4 == pytest.approx(found.objective, abs=2.0)
    everyone = np.ones(len(problem.claims), dtype=np.bool_)
    tier = Tier("all", "overdue_fees", everyone)
    assert value(goals.tier_goal(f, tier)) <= value(goals.tier_goal(f, Tier("all", "transition_fees", everyone))) + yuan
    assert value(goals.tier_goal(f, Tier("all", "disutility", everyone))) == pytest.approx(
        value(goals.disutility(f, ones))
    )
    assert value(goals.tier_goal(f, Tier("all", "fiscal_cost", everyone))) == pytest.approx(value(goals.fiscal(f)))
    assert not goals.shortfall(f).any()


@pytest.mark.parametrize("seed", range(12))
def test_states_of_a_plan_keep_every_row(seed: int) -> None:
    problem = tiny_problem(seed)
    found = optimise(problem, gap=0, check=lambda decisions: not audit_decisions(problem, decisions))
    if found.decisions is None:
        return
    f, model = formulate(problem)
    x = complete_states(f, model, found.decisions)
    fens = 50 / FEN_PER_WAN
    assert (x >= model.lower - fens).all()
    assert (x <= model.upper + fens).all()
    activity = model.activity(x)
    assert (activity >= model.row_lower - fens).all()
    assert (activity <= model.row_upper + fens).all()
