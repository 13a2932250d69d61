"""The same problem without what cannot matter: offers that a limit closes, limits that can never bind.

Whoever is refused an offer is told so by a limit of 0 over it. One price for all such offers would have to keep every
household from taking what it cannot have; without them no price is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.problem import Decisions, Problem
from renewopt.problem.subsets import subset, take_rows

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Narrowed:
    """A narrowed problem.

    Attributes
    ----------
    offer
        (O',) offer of the whole problem.
    """

    problem: Problem
    offer: IntArray

    def whole(self, decisions: Decisions) -> Decisions:
        """Return decisions of the narrowed problem as those of the whole one."""
        settle = decisions.settle.copy()
        settle[:, 0] = self.offer[settle[:, 0]]
        return replace(decisions, settle=settle)


def narrow(problem: Problem) -> Narrowed:
    """Leave out what cannot matter; the past of a problem is kept as it is."""
    limits = problem.limits
    if problem.calendar.now > 0 or not len(limits):
        return Narrowed(problem, np.arange(len(problem.offers)))
    closed = np.zeros(len(problem.offers), dtype=np.bool_)
    closed[limits.offers["offer"][limits.cap[limits.offers.row] == 0]] = True
    problem = with_limits(problem, _may_bind(problem))
    return Narrowed(*subset(problem, np.arange(len(problem.claims)), ~closed))


def _may_bind(problem: Problem) -> NDArray[np.bool_]:
    """(L,) whether more households than a limit admits could choose what it counts."""
    limits, claims = problem.limits, problem.claims
    row, claim = limits.offers.row, problem.offers.claim[limits.offers["offer"]]
    pair = np.unique(row * len(claims) + claim)
    households = np.bincount(pair // len(claims), weights=claims.count[pair % len(claims)], minlength=len(limits))
    result: NDArray[np.bool_] = (households > limits.cap) & (limits.cap > 0)
    return result


def with_limits(problem: Problem, kept: NDArray[np.bool_]) -> Problem:
    """Return the problem with some of its limits only."""
    return replace(problem, limits=take_rows(problem.limits, np.flatnonzero(kept)))
