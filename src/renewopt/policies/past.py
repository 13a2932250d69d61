"""A past that is known: what was done in it is done again, whatever a plan said, and its bills are paid."""

from __future__ import annotations

from typing import Any

import numpy as np

from renewopt.policies.execution import PlanExecution
from renewopt.policies.remaining import Remaining, what_remains
from renewopt.policies.state import SimulationState
from renewopt.problem import Decisions, Problem

__all__ = ["Lived", "carry_out", "live_through"]


class Lived:
    """The months before a month, lived through.

    Attributes
    ----------
    past
        What was decided in them.
    remaining
        The problem that is left.
    state
        At the beginning of the month.
    overdrawn
        fund, month, fen that it lacked at the close.
    """

    def __init__(self, state: SimulationState, overdrawn: list[tuple[int, int, int]]) -> None:
        self.state, self.overdrawn = state, overdrawn
        self.past: Decisions = state.decisions()
        self.remaining: Remaining = what_remains(state)


class _Again(PlanExecution):
    """Executes a past: who has chosen has chosen, and what was handed over was; bills find their money as in a plan."""

    def __call__(self, state: SimulationState) -> None:
        now = state.month
        self._draw(state)
        for phase, month in self.plan.complete.tolist():
            if month == now:
                state.hand_over(phase)
        rows = self.plan.settle[self.plan.settle[:, 1] == now]
        if len(rows):
            state.settle(rows[:, 0], rows[:, 2])
        state.book_recoveries()
        self._pay(state)
        self._build(state, np.arange(len(state.problem.phases)))


class _Onward(_Again):
    """Executes the rest in the same way; money that a plan of it counts upon is there by the end of its month."""

    def _holds(self, state: SimulationState, fund: int, fen: int) -> int:  # noqa: ARG002
        return fen

    def _make_up(self, state: SimulationState, need: int, missing: int, *rest: Any) -> None:
        """What the plan does not find it is not to take from later bills."""
        planned = sum(fen for row, _, fen in self.by_month["shortfall"].get(state.month, ()) if row == need)
        lacking = min(missing, planned)
        if lacking > 0:
            state.lack(need, lacking)
        super()._make_up(state, need, missing - max(lacking, 0), *rest)


def carry_out(lived: Lived, decisions: Decisions) -> Decisions:
    """Carry out a plan of what is left, to the end of the books: its payments meet the bills to the fen.

    What is left was reckoned apart from the past: interest, above all, is rounded apart there.

    Parameters
    ----------
    lived
        The past; its state goes on from here, and is of no use any more.
    decisions
        Of all months, in rows of the whole problem.
    """
    state = lived.state
    onward = _Onward(state.problem, decisions)
    for month in range(state.month, state.problem.calendar.books):
        if month > state.month:
            state.open(month)
        onward(state)
        state.close()
    return state.decisions()


def live_through(problem: Problem, happened: Decisions, now: int, *, exactly: bool) -> Lived:
    """Live through the months before `now`.

    Parameters
    ----------
    happened
        What was done in them. Choices, handovers and work on phases are facts; payments are as they were as far as
        they meet the bills that these make.
    exactly
        Payments, too, are repeated to the letter.
    """
    state = SimulationState(problem, None, certain=False)
    again = _Again(problem, happened)
    overdrawn: list[tuple[int, int, int]] = []
    for month in range(now):
        state.open(month)
        if exactly:
            state.repeat(happened)
            state.book_recoveries()
        else:
            again(state)
        state.close()
        overdrawn += [(fund, month, int(-state.balance[fund])) for fund in np.flatnonzero(state.balance < 0).tolist()]
    state.open(now)
    return Lived(state, overdrawn)
