"""A frozen past: what was done up to a month is repeated to the letter, and the rest is planned as well as ever."""

from dataclasses import fields, replace

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.payments import paying
from renewopt.problem import Decisions, Problem
from renewopt.testing.tiny import tiny_problem


def planned(problem: Problem) -> tuple[float, Decisions] | None:
    """Objective and decisions of the proven optimum, passed by the ledger; None if there is no plan."""
    found = optimise(problem, gap=0.0, check=lambda decisions: not audit_decisions(problem, decisions))
    if found.status == "infeasible":
        return None
    assert found.status == "optimal"
    assert found.objective is not None
    assert found.decisions is not None
    return found.objective, found.decisions


def frozen(problem: Problem, past: Decisions, now: int) -> Problem:
    return replace(problem, calendar=replace(problem.calendar, now=now), past=past.before(now))


@pytest.mark.parametrize("rounding", [True, False])
@pytest.mark.parametrize("seed", seeds(range(20), fast=10))
def test_the_optimum_goes_on_from_its_own_past(seed: int, rounding: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not rounding:
        monkeypatch.setattr(paying, "round_payments", lambda *_: None)
    problem = tiny_problem(seed)
    first = planned(problem)
    if first is None:
        return
    for now in range(1, problem.calendar.months):
        later = planned(frozen(problem, first[1], now))
        assert later is not None
        assert later[0] == pytest.approx(first[0], abs=2.0)
        for table in fields(Decisions):
            one, other = (getattr(decisions.before(now), table.name) for decisions in (first[1], later[1]))
            assert np.array_equal(one[np.lexsort(one.T)], other[np.lexsort(other.T)]), table.name


def test_what_was_done_cannot_be_undone() -> None:
    """Whoever took another offer in month 0 keeps it: nobody does better for it than with a free hand."""
    worse = 0
    for seed in range(20):
        problem = tiny_problem(seed)
        free = planned(problem)
        if free is None or not free[1].before(1).settle.size:
            continue
        idle = planned(frozen(problem, Decisions(pay=free[1].pay, borrow=free[1].borrow, move=free[1].move), 1))
        if idle is not None:
            assert idle[0] >= free[0] - 2.0
            assert not idle[1].before(1).settle.size
            worse += idle[0] > free[0] + 2.0
    assert worse > 0
