"""Problems with fewer rules: what cannot be kept any more shall not stop all else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.problem.problem import Problem, Tier
from renewopt.vocabulary import Goal

__all__ = ["eased", "lacking_least", "priced"]


def eased(problem: Problem) -> Problem | None:
    """Return the problem without deadlines, targets of set-off and reserve; None: it has none of them."""
    targets = problem.developers.offset_target
    bound = (problem.claims.deadline >= 0).any() or targets.row.size or problem.objective.reserve_months > 0
    if not bound:
        return None
    none = {name: column[:0] for name, column in targets.columns.items()}
    return replace(
        problem,
        claims=replace(problem.claims, deadline=np.full_like(problem.claims.deadline, -1)),
        developers=replace(
            problem.developers,
            offset_target=replace(targets, start=np.zeros_like(targets.start), columns=none),
        ),
        objective=replace(problem.objective, reserve_months=0.0),
    )


def priced(problem: Problem) -> Problem:
    """Return the problem with money that may be missing, at its penalty.

    Where there are strict goals the least shortfall is the first of them: they would else be reached with any amount of
    money from outside, which has its price in the objective alone.
    """
    return (
        lacking_least(problem)
        if problem.objective.tiers
        else replace(problem, objective=replace(problem.objective, shortfall_priced=True))
    )


def lacking_least(problem: Problem) -> Problem:
    """Return the problem with money that may be missing, and as little of it as may be before all other goals."""
    first = Tier(Goal.SHORTFALL, Goal.SHORTFALL, np.zeros(len(problem.claims), dtype=np.bool_))
    objective = problem.objective
    return replace(problem, objective=replace(objective, shortfall_priced=True, tiers=(first, *objective.tiers)))
