"""What is left of homes is what the ledger counts: arrived and delivered, less taken."""

import numpy as np
import pytest
from tests.results.made import random_decisions, tiny

from renewopt.ledger import replay
from renewopt.optimiser.undominated.slack import PLENTY, less, slack_of
from renewopt.problem import Decisions


@pytest.mark.parametrize("seed", range(25))
def test_it_agrees_with_the_ledger(seed: int) -> None:
    problem = tiny(seed)
    decisions = random_decisions(problem, seed)
    slack, stock = slack_of(problem, decisions.settle, decisions.complete), replay(problem, decisions).stock
    left = np.cumsum(stock.arrived + stock.delivered - stock.taken, axis=1)
    months = min(left.shape[1], slack.stock.shape[1])
    assert (slack.stock[:, :months] == left[:, :months]).all()
    reserved = problem.pools.surplus >= 0
    opened = problem.pools.surplus[:, None] + np.cumsum(stock.freed - stock.transferred, axis=1)
    assert (slack.open[reserved] == opened[reserved, : problem.calendar.months]).all()
    assert (slack.open[~reserved] >= PLENTY // 2).all()


@pytest.mark.parametrize("seed", range(25))
def test_who_leaves_gives_back_what_was_taken(seed: int) -> None:
    problem = tiny(seed)
    decisions = random_decisions(problem, seed)
    nobody = slack_of(problem, Decisions().settle, decisions.complete)
    leaving = decisions.settle * [1, 1, -1]
    again = less(problem, slack_of(problem, decisions.settle, decisions.complete), leaving)
    for before, after in ((nobody.stock, again.stock), (nobody.open, again.open), (nobody.limit, again.limit)):
        assert (before == after).all()
