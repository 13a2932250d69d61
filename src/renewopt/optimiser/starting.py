"""Plans to begin with: made in another way, and never bettered by one that is worse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from renewopt.optimiser.exact import Found
from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.payments.paying import Check, Paid
from renewopt.optimiser.payments.settled import assess
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.undominated.value import reached
from renewopt.problem import Decisions, Problem, Tier

__all__ = ["Starts", "best_start", "in_order", "never_worse", "no_starts"]

Starts = Callable[[Callable[[], bool]], Iterable[Decisions]]
"""Makes plans in another way, one after the other; it is given what says that time is up."""

ALONE = 10_000
"""Claims from which on the first plan in order is enough: rules of thumb take long in a large city."""

logger = logging.getLogger(__name__)


def no_starts(_: Callable[[], bool]) -> Iterable[Decisions]:
    """There are none."""
    return ()


def in_order(problem: Problem, starts: Starts, clock: Clock, check: Check | None) -> tuple[list[Decisions], bool]:
    """Plans that the ledger accepts; and whether Ctrl-C came meanwhile, which leaves those before it."""
    kept: list[Decisions] = []
    since = clock.elapsed
    try:
        # Once there is one, half of the time is for the search.
        for decisions in starts(lambda: clock.left <= (clock.limit / 2 if kept else 0.0)):
            if check is None or check(decisions):
                kept.append(decisions)
                if len(problem.claims) >= ALONE:
                    break
    except KeyboardInterrupt:
        return kept, True
    finally:
        clock.seconds["start"] = clock.seconds.get("start", 0.0) + clock.elapsed - since
    return kept, False


def best_start(
    problem: Problem, plans: Sequence[Decisions], goal: str | Tier, tier_bounds: tuple[TierBound, ...]
) -> Paid | None:
    """The best of some plans under a goal, of those that keep what the goals before it have reached."""
    best: Paid | None = None
    for decisions in plans:
        whole = assess(problem, decisions.settle)
        if any(reached(problem, whole, decisions, tier) > most for tier, most in tier_bounds):
            continue
        value = reached(problem, whole, decisions, goal)
        if best is None or value < best.value:
            best = Paid(decisions, value, 0)
    return best


def never_worse(problem: Problem, goal: str | Tier, start: Paid | None, search: Callable[[], Found]) -> Found:
    """Search; where nothing is found that is as good as the start, the solver fails or Ctrl-C comes, the start stands.

    Raises
    ------
    SolverError
        If the solver fails and there is no start.
    """
    if start is None:
        return search()
    try:
        found = search()
    except SolverError as failure:
        logger.warning("the search ends here, with the plan that it began with: %s", failure)
        return Found("time_limit", start, float("-inf"))
    except KeyboardInterrupt:
        # Between two runs of a solver nobody else is there to keep the plan.
        return Found("interrupted", start, float("-inf"))
    if found.paid is not None:
        whole = assess(problem, found.paid.decisions.settle)
        if reached(problem, whole, found.paid.decisions, goal) <= start.value:
            return found
    if found.status in ("infeasible", "unknown"):
        # A plan that the ledger accepts stands against it: what the search says is its tolerance.
        found = replace(found, status="time_limit", bound=float("-inf"))
    return replace(found, paid=start)
