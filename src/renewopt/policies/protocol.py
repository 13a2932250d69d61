"""What a policy is, and its simulation month by month in a world that reveals itself little by little."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from renewopt import stopping
from renewopt.policies.state import Answers, SimulationState
from renewopt.problem import Decisions, Problem

__all__ = ["Certain", "Controller", "MonthlyPolicy", "Policy", "World", "simulate"]

Controller = Callable[[SimulationState], None]
"""Decides the open month of a simulation and books it; it sees nothing but the state."""


@runtime_checkable
class Policy(Protocol):
    """A named, documented way to decide.

    There are two kinds. A rule decides month by month: it subclasses `MonthlyPolicy` (or
    `renewopt.policies.PriorityRule`) and says how a month goes. A plan is made once: `renewopt.policies.MadeOnce`
    turns its `decide` into a controller that executes the plan, with the repairs that an office would make.
    """

    @property
    def name(self) -> str:
        """As it is called on the command line and in tables."""
        ...

    def decide(self, problem: Problem) -> Decisions:
        """Decide all months on what the problem's tables say; what was decided before ``calendar.now`` is repeated."""
        ...

    def steer(self, problem: Problem) -> Controller:
        """Begin to decide month by month; `problem` is what is known before the first month that is to be decided."""
        ...


class World(Protocol):
    """A district as it turns out, and what of it is known when."""

    @property
    def planned(self) -> Problem:
        """Tables as planned, before anything is known."""
        ...

    @property
    def answers(self) -> Answers | None:
        """What households will say when they are asked."""
        ...

    @property
    def certain(self) -> bool:
        """Whether all comes as planned, and everybody knows it."""
        ...

    def known(self, month: int, state: SimulationState) -> Problem:
        """Tables as they are known in a month: true for all that has happened by then, as planned after it.

        Parameters
        ----------
        state
            What was done so far. Some things show only by what is done: that a phase is late when it is paid for and
            not handed over, that a household declines when it is asked.

        Returns
        -------
        Problem
            The state's own, the same object, if nothing new has become known.
        """
        ...


@dataclass(frozen=True)
class Certain:
    """The world in which everything comes as planned."""

    planned: Problem
    answers: ClassVar[Answers | None] = None
    certain: ClassVar[bool] = True

    def known(self, month: int, state: SimulationState) -> Problem:  # noqa: ARG002 - nothing ever shows
        """Return the tables, always the same."""
        return self.planned


class MonthlyPolicy(ABC):
    """A policy that decides month by month."""

    @property
    @abstractmethod
    def name(self) -> str:
        """As it is called on the command line and in tables."""

    @abstractmethod
    def steer(self, problem: Problem) -> Controller:
        """Begin to decide month by month."""

    def decide(self, problem: Problem) -> Decisions:
        """Decide all months, everything coming as the tables say."""
        return simulate(self, Certain(problem))


def simulate(policy: Policy, world: World) -> Decisions:
    """Decide month by month, each on what is known in it.

    What was decided before ``calendar.now`` of the world's tables is repeated. In the months after the horizon, too,
    bills are paid, to the end of the books.

    Raises
    ------
    KeyboardInterrupt
        If the work was asked to end early.
    """
    state = SimulationState(world.planned, world.answers, certain=world.certain)
    controller: Controller | None = None
    for month in range(world.planned.calendar.books):
        stopping.raise_if_asked()
        if controller is None and month >= world.planned.calendar.now:
            # Plans are made before their first month shows anything.
            controller = policy.steer(state.problem)
        known = world.known(month, state)
        if known is not state.problem:
            state.adopt(known)
        state.open(month)
        if controller is None:
            state.repeat(known.past)
            state.book_recoveries()
        else:
            controller(state)
        state.close()
    return state.decisions()
