"""Ending early: the wish that what runs should end, and the rule by which a search ends by itself.

A signal comes at any moment: while a library is half imported, a file half written, a solver deep in its threads. So
nothing is raised into whatever runs just then. Who handles signals (the command line) calls `ask`; searches, months of
a simulation and those who wait for workers look at it where they can end cleanly. Where nothing would be lost or left
behind the process may simply end; `tended` says where that is not so.

How much work a search may do is an argument, `StoppingRule`; what it reports of its progress decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = [
    "UNLIMITED",
    "Limit",
    "Spent",
    "StoppingRule",
    "ask",
    "asked",
    "begin",
    "held",
    "is_tended",
    "raise_if_asked",
    "tended",
    "undo",
    "undone_if_left",
]


@dataclass(frozen=True, slots=True)
class Limit:
    """Work after which a search ends: with a plan at hand, the best of which stands (0: the first one); or in vain."""

    with_plan: float = math.inf
    without_plan: float = math.inf


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """Limits of a search beside its gap and its time, in work that is counted: the same plan on every machine.

    Attributes
    ----------
    branch_and_cut
        On the exact path, for each goal: nonzeros of the model × steps of HiGHS (rounds of cuts, heuristics, nodes).
    branching
        On the structured path, for all goals: steps of branching on phases.
    prove
        Whether the structured path raises its bound at all; if not, a first plan is made at once.
    """

    branch_and_cut: Limit = Limit()
    branching: Limit = Limit()
    prove: bool = True


UNLIMITED = StoppingRule()


@dataclass(slots=True)
class Spent:
    """Work done so far under a limit."""

    limit: Limit = Limit()
    with_plan: float = 0.0
    without_plan: float = 0.0

    def spend(self, work: float, *, plan: bool) -> bool:
        """Book work that was done with or without a plan at hand; whether the search is to end."""
        if plan:
            self.with_plan += work
            return self.with_plan >= self.limit.with_plan
        self.without_plan += work
        return self.without_plan >= self.limit.without_plan


_held: ContextVar[bool] = ContextVar("held", default=False)


class _Wish:
    """One for the process, as signals are."""

    def __init__(self) -> None:
        self.asked = False
        # One entry for each `tended` that some thread is in: lists are changed whole, a count may lose a change.
        self.tended: list[None] = []
        self.leave: Callable[[], object] | None = None


_wish = _Wish()
_undone: list[Callable[[], object]] = []


def begin(leave: Callable[[], object] | None = None) -> None:
    """Forget an earlier wish.

    Parameters
    ----------
    leave
        What ends the process; called where the outermost `tended` is left in good order and the wish still stands.
        None: nothing is done then.
    """
    _wish.asked, _wish.tended, _wish.leave = False, [], leave


def ask() -> None:
    """Ask what runs to end early."""
    _wish.asked = True


def asked() -> bool:
    """Whether what runs is to end early."""
    return _wish.asked and not _held.get()


def raise_if_asked() -> None:
    """End here if that was asked for, as Ctrl-C would.

    Raises
    ------
    KeyboardInterrupt
    """
    if asked():
        raise KeyboardInterrupt


@contextmanager
def held() -> Iterator[None]:
    """Within it nobody hears of the wish: for the short work that makes an answer of what a search has found."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def tended() -> Iterator[None]:
    """What is done within must not be cut in two: files are written, or processes would be left behind.

    What takes long in it looks at `asked` itself.
    """
    within = _wish.tended
    within.append(None)
    try:
        yield
    finally:
        within.pop()
    if _wish.asked and not _wish.tended and _wish.leave is not None:
        _wish.leave()


@contextmanager
def undone_if_left(undo: Callable[[], object]) -> Iterator[None]:
    """Within it `undo` is called where the process ends at once: takes away what nobody would find a use for."""
    _undone.append(undo)
    try:
        yield
    finally:
        _undone.remove(undo)


def undo() -> None:
    """Undo what is to be undone, the last first; for who ends the process."""
    for each in reversed(_undone):
        with suppress(OSError):
            each()


def is_tended() -> bool:
    """Whether the process is within `tended`."""
    return bool(_wish.tended)
