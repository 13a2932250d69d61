"""What a path is asked to solve, and to what gap."""

from dataclasses import dataclass

from benchmarks.solver.telling import Teller
from renewopt.problem import Problem

__all__ = ["Ask", "Task"]


@dataclass(frozen=True)
class Ask:
    """What every path is asked for: a relative gap, within seconds, on threads."""

    gap: float
    time_limit: float
    threads: int


class Task:
    """A problem to be taken once, so that whoever takes it can let it go again.

    Attributes
    ----------
    ask
        What is asked for.
    tell
        Where to tell it.
    """

    def __init__(self, problem: Problem, ask: Ask, tell: Teller) -> None:
        self._problem: list[Problem] = [problem]
        self.ask = ask
        self.tell = tell

    def take(self) -> Problem:
        """Hand over the problem; the task keeps nothing of it."""
        return self._problem.pop()
