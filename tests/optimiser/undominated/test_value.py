"""The objective in fen is the ledger's own figure."""

from dataclasses import replace

import numpy as np
import pytest

from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.optimiser.payments.settled import assess
from renewopt.optimiser.undominated.value import reached, reached_in_fen
from renewopt.policies.starting import plans_of_rules
from renewopt.problem import Tier
from renewopt.testing.tiny import tiny_problem
from renewopt.units import FEN_PER_WAN
from renewopt.vocabulary import GOALS, OBJECTIVES, UNMONEYED, Goal, GoalName


@pytest.mark.parametrize("seed", range(12))
def test_it_is_what_the_ledger_counts(seed: int) -> None:
    problem = tiny_problem(seed)
    solution = optimise(problem, gap=0.0, check=lambda decisions: not audit_decisions(problem, decisions))
    if solution.decisions is None:
        return
    books, whole = replay(problem, solution.decisions), assess(problem, solution.decisions.settle)
    for name in OBJECTIVES:
        value = reached_in_fen(problem, whole, solution.decisions, name)
        assert value == pytest.approx(float(books.objective(name)), abs=1e-3)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("goal", GOALS)
def test_a_tier_is_what_the_ledger_counts_whoever_decided(seed: int, goal: GoalName) -> None:
    """Of rules of thumb, too, which leave money short and owe where they may."""
    problem = tiny_problem(seed)
    tier = Tier("some", goal, np.arange(len(problem.claims)) % 3 != 1)
    problem = replace(problem, objective=replace(problem.objective, tiers=(tier,)))
    scale = 1 if goal in UNMONEYED else FEN_PER_WAN
    for decisions in plans_of_rules(problem, lambda: False):
        books, whole = replay(problem, decisions), assess(problem, decisions.settle)
        value = reached(problem, whole, decisions, tier) * scale
        assert value == pytest.approx(float(books.totals.tiers[0]), rel=1e-9, abs=1e-3)
        value = reached(problem, whole, decisions, Goal.FEES) * FEN_PER_WAN
        assert value == pytest.approx(float(books.objective(Goal.FEES)), rel=1e-9, abs=1e-3)
