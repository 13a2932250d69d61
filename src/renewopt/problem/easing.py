"""Problems with fewer rules: what cannot be kept any more shall not stop all else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.problem.problem import Problem

__all__ = ["eased"]


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
