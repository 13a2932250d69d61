"""A plan that lacks as little as may be, where no plan keeps every rule with the money that there is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.infeasibility.least_shortfall import least_shortfall
from renewopt.optimiser.memory import OutOfMemoryError
from renewopt.optimiser.progress import ProgressCallback
from renewopt.optimiser.solving import method_for, optimise
from renewopt.problem import Decisions, Problem
from renewopt.problem.easing import lacking_least, priced
from renewopt.stopping import Limit, StoppingRule
from renewopt.vocabulary import AUTO, EXACT, Goal

__all__ = ["LeastShortfall", "plan_with_shortfall"]

logger = logging.getLogger(__name__)

PENALTY = 100.0
"""Yuan that a yuan of shortfall counts as on the structured path, at the least."""
GAP = 0.05
"""Gap of a schedule there: a close search is not worth its time where no plan is feasible."""
FIRST_PLAN = StoppingRule(branching=Limit(with_plan=0, without_plan=3), prove=False)


@dataclass(frozen=True, eq=False)
class LeastShortfall:
    """What was found of plans that lack money.

    Attributes
    ----------
    decisions
        Keep every rule but for money from outside; None where none was found.
    bound
        Yuan that every plan is proven to lack at the least; 0: nothing is proven.
    """

    decisions: Decisions | None
    bound: float


def plan_with_shortfall(
    problem: Problem,
    *,
    bound: float = 0.0,
    gap: float = 1e-3,
    time_limit: float = 600.0,
    method: str = AUTO,
    progress: ProgressCallback | None = None,
    check: Callable[[Decisions], bool] | None = None,
) -> LeastShortfall:
    """Look for the plan with the least shortfall, and bound what every plan lacks.

    On the exact path the shortfall is the first of the strict goals, so that the plan lacks the least there is (to
    within `gap`), and is the best of all that do. On the structured one a yuan of it counts as `PENALTY` yuan beside
    the objective, strict goals are left out, and the first plan stands.

    Parameters
    ----------
    bound
        Yuan that are known to be lacking at the least.
    check
        Says whether decisions are acceptable but for the money that they lack.
    """
    method = method_for(problem, method)
    if method == EXACT:
        lacking, rule = lacking_least(problem), StoppingRule()
    else:
        penalty = max(problem.objective.shortfall_penalty, PENALTY)
        lacking = priced(replace(problem, objective=replace(problem.objective, shortfall_penalty=penalty, tiers=())))
        gap, rule = max(gap, GAP), FIRST_PLAN
        bound = bound or least_shortfall(problem, problem.calendar.months, time_limit)
    try:
        solution = optimise(
            lacking,
            gap=gap,
            time_limit=time_limit,
            method=method,
            progress=progress,
            check=check,
            describe=False,
            rule=rule,
        )
    except (SolverError, OutOfMemoryError) as failure:
        # What is short is told all the same.
        logger.warning("no plan with a shortfall: %s", failure)
        return LeastShortfall(None, bound)
    proven = [bound, *(tier.bound for tier in solution.tiers if tier.name == Goal.SHORTFALL and tier.bound is not None)]
    return LeastShortfall(solution.decisions, max(proven))
