"""Presolve: the same problem without what cannot matter, offers that a limit closes and limits that can never bind.

An offer that a household is refused has a limit of 0. A single price on all such offers would have to keep every
household from taking what it cannot have; without those offers no price is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.model.linear import BoolArray, IntArray
from renewopt.problem import Decisions, Problem
from renewopt.problem.subsets import subset, take_rows


@dataclass(frozen=True, eq=False)
class Presolved:
    """A presolved problem.

    Attributes
    ----------
    offer
        (O',) the original offer of each offer that is left.
    """

    problem: Problem
    offer: IntArray

    def postsolve(self, decisions: Decisions) -> Decisions:
        """Return decisions about the presolved problem as decisions about the original one."""
        settle = decisions.settle.copy()
        settle[:, 0] = self.offer[settle[:, 0]]
        return replace(decisions, settle=settle)

    def restated(self, decisions: Decisions) -> Decisions | None:
        """Return decisions about the original problem as decisions about this one; None: they take what is left out."""
        place = np.searchsorted(self.offer, decisions.settle[:, 0])
        if (self.offer[np.minimum(place, self.offer.size - 1)] != decisions.settle[:, 0]).any():
            return None
        return replace(decisions, settle=np.column_stack([place, decisions.settle[:, 1:]]))


def presolve(problem: Problem) -> Presolved:
    """Leave out what cannot matter; the past of a problem is kept as it is."""
    limits = problem.limits
    if problem.calendar.now > 0 or not len(limits):
        return Presolved(problem, np.arange(len(problem.offers)))
    closed = np.zeros(len(problem.offers), dtype=np.bool_)
    always = (limits.first == 0) & (limits.last == problem.calendar.months - 1)
    closed[limits.offers["offer"][((limits.cap == 0) & always)[limits.offers.row]]] = True
    problem = with_limits(problem, _may_bind(problem))
    return Presolved(*subset(problem, np.arange(len(problem.claims)), ~closed))


def _may_bind(problem: Problem) -> BoolArray:
    """(L,) whether more households than a limit admits could choose what it counts."""
    limits, claims = problem.limits, problem.claims
    row, claim = limits.offers.row, problem.offers.claim[limits.offers["offer"]]
    pair = np.unique(row * len(claims) + claim)
    households = np.bincount(pair // len(claims), weights=claims.count[pair % len(claims)], minlength=len(limits))
    always = (limits.first == 0) & (limits.last == problem.calendar.months - 1)
    result: BoolArray = (households > limits.cap) & ((limits.cap > 0) | ~always)
    return result


def with_limits(problem: Problem, kept: BoolArray) -> Problem:
    """Return the problem with some of its limits only."""
    return replace(problem, limits=take_rows(problem.limits, np.flatnonzero(kept)))
