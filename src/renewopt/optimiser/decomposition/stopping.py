"""How a search ends before its time: one exception, and what raises it."""

from __future__ import annotations

from renewopt.optimiser.decomposition.primal_heuristic import PrimalHeuristic
from renewopt.optimiser.progress import Clock
from renewopt.vocabulary import DEARER, STOPPED


class StoppedError(Exception):
    """Time is up, Ctrl-C, or no plan is as cheap as one is asked for.

    Attributes
    ----------
    status
        Which of these, as `renewopt.optimiser.exact.Found` tells it.
    """

    def __init__(self, *, status: str = "time_limit") -> None:
        super().__init__(status)
        self.status = status


def stop_if_over(status: str) -> None:
    """Time is up, or Ctrl-C, by the status of a solver or an ascent."""
    if status in STOPPED:
        raise StoppedError(status=status)


def stop_if_enough(plans: PrimalHeuristic, clock: Clock) -> None:
    """Ctrl-C while households were made whole, or the first plan stands: what was found of them is kept."""
    if plans.interrupted:
        raise StoppedError(status="interrupted")
    if plans.best is not None and not clock.branched.limit.with_plan:
        raise StoppedError(status="time_limit")


def stop_if_dearer(clock: Clock, bound: float) -> None:
    """No plan is as cheap as one is asked for, proven."""
    if clock.is_dearer(bound):
        raise StoppedError(status=DEARER)
