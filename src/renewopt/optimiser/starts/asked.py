"""What a search for starts is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from renewopt.optimiser.model.linear import IntArray
from renewopt.optimiser.progress import ProgressCallback
from renewopt.optimiser.solving import Solution
from renewopt.optimiser.starting import Starts
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Decisions, Problem
from renewopt.vocabulary import AUTO

FIRST_SHARE, FIRST_GAP = 0.25, 0.02
"""Of the time, at the most, for a first plan by a rule of thumb's schedule, and the gap at which it ends."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """The programme decided.

    Attributes
    ----------
    status
        As of a `Solution`, for starts and plan together.
    starts
        Month of each activity, None where it is left out; None if no schedule is in order.
    solution
        The plan for these starts; its figures are those of the plan alone, without what the programme adds.
    objective, bound, gap
        Of starts and plan together, in yuan: what the plan comes to, delay costs and land penalties, and under
        ``fiscal_cost`` less discounted land revenue.
    added
        What the starts add to the plan's objective, in yuan.
    tried
        Schedules that were planned for.
    seconds
        Time spent by phase.
    least
        Of each goal of starts that was minimised, what is proven that no schedule comes below, in its own unit.
    """

    status: str
    starts: dict[str, int | None] | None
    solution: Solution | None
    objective: float | None
    bound: float | None
    gap: float | None
    added: float = 0.0
    tried: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    least: tuple[float, ...] = ()


Change = Callable[[Problem], Problem]


def unchanged(problem: Problem) -> Problem:
    """The problem as it is."""
    return problem


Accepts = Callable[[Problem], Callable[[Decisions], bool]]
"""For the problem of given starts, what says whether decisions are acceptable: the ledger's audit."""


Begins = Callable[[Problem], Starts]
"""For the problem of given starts, what makes plans for it in another way."""


@dataclass(frozen=True, eq=False)
class SearchOptions:
    """How the search is to be made; see `choose`."""

    gap: float = 1e-3
    time_limit: float = 600.0
    objective: str | None = None
    method: str = AUTO
    progress: ProgressCallback | None = None
    accepts: Accepts | None = None
    starts: Begins | None = None
    change: Change = unchanged
    begin: tuple[IntArray, ...] = ()
    warm: WarmStart | None = None
