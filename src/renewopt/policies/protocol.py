"""What a policy is, and how it is carried out month by month in a world that shows itself little by little."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from renewopt import stopping
from renewopt.policies.account import Account, Answers
from renewopt.problem import Decisions, Problem

__all__ = ["Certain", "MonthlyPolicy", "Policy", "Steering", "World", "carry_out"]

Steering = Callable[[Account], None]
"""Decides and books the open month of an account; it sees nothing but the account."""


@runtime_checkable
class Policy(Protocol):
    """A named, documented way to decide.

    There are two kinds. A rule decides month by month: it subclasses `MonthlyPolicy` (or
    `renewopt.policies.PriorityRule`) and says how a month goes. A plan is made once: `renewopt.policies.MadeOnce`
    turns its `decide` into a steering that follows the plan, with the repairs that an office would make.
    """

    @property
    def name(self) -> str:
        """As it is called on the command line and in tables."""
        ...

    def decide(self, problem: Problem) -> Decisions:
        """Decide all months on what the problem's tables say; what was decided before ``calendar.now`` is repeated."""
        ...

    def steer(self, problem: Problem) -> Steering:
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

    def known(self, month: int, account: Account) -> Problem:
        """Tables as they are known in a month: true for all that has happened by then, as planned after it.

        Parameters
        ----------
        account
            What was done so far. Some things show only by what is done: that a phase is late when it is paid for and
            not handed over, that a household declines when it is asked.

        Returns
        -------
        Problem
            The account's own, the same object, where nothing has become known since.
        """
        ...


class Certain:
    """The world in which everything comes as planned.

    Parameters
    ----------
    problem
    """

    answers = None
    certain = True

    def __init__(self, problem: Problem) -> None:
        self.planned = problem

    def known(self, month: int, account: Account) -> Problem:  # noqa: ARG002 - nothing ever shows
        """Return the tables, always the same."""
        return self.planned


class MonthlyPolicy(ABC):
    """A policy that decides month by month."""

    @property
    @abstractmethod
    def name(self) -> str:
        """As it is called on the command line and in tables."""

    @abstractmethod
    def steer(self, problem: Problem) -> Steering:
        """Begin to decide month by month."""

    def decide(self, problem: Problem) -> Decisions:
        """Decide all months, everything coming as the tables say."""
        return carry_out(self, Certain(problem))


def carry_out(policy: Policy, world: World) -> Decisions:
    """Decide month by month, each on what is known in it.

    What was decided before ``calendar.now`` of the world's tables is repeated. In the months after the horizon, too,
    bills are paid, to the end of the books.

    Raises
    ------
    KeyboardInterrupt
        If the work was asked to end early.
    """
    account = Account(world.planned, world.answers, certain=world.certain)
    steering: Steering | None = None
    for month in range(world.planned.calendar.books):
        stopping.raise_if_asked()
        if steering is None and month >= world.planned.calendar.now:
            # Plans are made before their first month shows anything.
            steering = policy.steer(account.problem)
        known = world.known(month, account)
        if known is not account.problem:
            account.adopt(known)
        account.open(month)
        if steering is None:
            account.repeat(known.past)
            account.book_recoveries()
        else:
            steering(account)
        account.close()
    return account.decisions()
