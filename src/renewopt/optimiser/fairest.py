"""The least longest wait: each search asks for any plan in which nobody waits for longer than so many months.

Months are whole and few, and what closes choices makes a search easier; a sum over households that stands for the
longest wait would make it harder, and its relaxation tells nothing. What is proven is proven by searches that say there
is no such plan, on either path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from renewopt.optimiser.exact import Found
from renewopt.optimiser.infeasibility.bottleneck import homes_run_short
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.payments.paying import Paid
from renewopt.optimiser.payments.settled import assess, whole_goal
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem, Tier
from renewopt.problem.waits import least_longest_wait, within_waits

__all__ = ["FIRST_PLAN", "least_wait"]

FIRST_PLAN = 1e3
"""Gap at which a search ends with its first plan."""
SHARE = 0.5
"""Of the time that is left, for each search at the most: the goals that follow need some, too."""


def least_wait(
    problem: Problem,
    tier: Tier,
    tier_bounds: tuple[TierBound, ...],
    clock: Clock,
    search: Callable[..., Found],
    start: Paid | None,
) -> Found:
    """Halve the months in between until there is a plan with so many, and proven none with fewer.

    Parameters
    ----------
    tier_bounds
        Of the goals before it.
    search
        Finds any plan within the `bounds` that it is given, on a `clock`.
    start
        The best plan that is at hand.

    Returns
    -------
    Found
        `value` and `bound` are months.
    """
    status, best = "optimal", start
    if best is None:
        found = search(bounds=tier_bounds, clock=clock)
        if found.paid is None:
            return found
        best, status = found.paid, found.status
    most = _reached(problem, tier, best)
    least = min(least_longest_wait(problem, np.flatnonzero(tier.claims)), most)
    while least < most and clock.left > 0 and status != "interrupted":
        months = (least + most) // 2
        bounds = (*tier_bounds, (tier, float(months)))
        clock.report("the longest wait")
        if homes_run_short(within_waits(problem, bounds)[0]):
            least = months + 1
            continue
        found = search(bounds=bounds, clock=replace(clock, limit=clock.elapsed + SHARE * clock.left))
        if found.paid is not None:
            best = found.paid
            most = min(_reached(problem, tier, best), months)
        elif found.status == "infeasible":
            least = months + 1
        else:
            break
        if found.status == "interrupted":
            status = "interrupted"
    if status != "interrupted":
        status = "optimal" if least >= most else "time_limit"
    return Found(status, Paid(best.decisions, float(most), best.margin_fen), float(least))


def _reached(problem: Problem, tier: Tier, paid: Paid) -> int:
    return round(whole_goal(problem, assess(problem, paid.decisions.settle), tier))
