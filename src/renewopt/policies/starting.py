"""Plans of rules of thumb, for the optimiser to begin with and never to fall behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from renewopt.policies.protocol import Certain, Policy, simulate
from renewopt.policies.rules import CostliestFirst, EqualShares, UnitsFirst
from renewopt.policies.state import SimulationState
from renewopt.policies.waiting import WaitForBuild
from renewopt.problem import Decisions, Problem

__all__ = ["START_RULES", "plans_of_rules"]

START_RULES: tuple[Policy, ...] = (CostliestFirst(), UnitsFirst(), EqualShares(), WaitForBuild())
"""In the order in which they are tried: fees, building and fairness, each the best of all rules somewhere (on variants
of the shipped district: little throughput; a loan that may be spent on anything; little money), and the old way, which
costs the treasury least."""


class _TimeUpError(Exception):
    """A rule would take longer than the search may."""


@dataclass(frozen=True)
class _WhileTime(Certain):
    """Everything comes as planned, as long as there is time."""

    time_up: Callable[[], bool]

    def known(self, month: int, state: SimulationState) -> Problem:
        """Return the tables, or end here."""
        if self.time_up():
            raise _TimeUpError
        return super().known(month, state)


def plans_of_rules(problem: Problem, time_up: Callable[[], bool]) -> Iterator[Decisions]:
    """Yield what rules of thumb decide, one after the other, until time is up.

    A plan may come to a shortfall or miss a deadline: the ledger tells.

    Raises
    ------
    KeyboardInterrupt
        If the work was asked to end early.
    """
    for rule in START_RULES:
        try:
            yield simulate(rule, _WhileTime(problem, time_up))
        except _TimeUpError:
            return
