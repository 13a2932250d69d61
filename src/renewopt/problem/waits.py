"""The longest wait, as a limit: deadlines and ends of windows that keep everybody's wait within so many months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.problem import Problem, Tier
from renewopt.vocabulary import Goal

__all__ = ["least_longest_wait", "longest_allowed", "within_waits"]

TierBound = tuple[Tier, float]
Ints = NDArray[np.int64]


def longest_allowed(problem: Problem, tier_bounds: Sequence[TierBound]) -> Ints:
    """(H,) months that each claim may wait at the most, by bounds on the longest wait; −1: any."""
    allowed = np.full(len(problem.claims), -1, dtype=np.int64)
    for tier, most in tier_bounds:
        if tier.goal == Goal.LONGEST_WAIT:
            tighter = tier.claims & ((allowed < 0) | (allowed > int(most)))
            allowed[tighter] = int(most)
    return allowed


def within_waits(problem: Problem, tier_bounds: Sequence[TierBound]) -> tuple[Problem, tuple[TierBound, ...]]:
    """Turn bounds on the longest wait into deadlines and ends of windows: the problem, and the bounds that are left.

    Offers and claims keep their places.
    """
    left = tuple((tier, most) for tier, most in tier_bounds if tier.goal != Goal.LONGEST_WAIT)
    if len(left) == len(tier_bounds):
        return problem, left
    claims, offers = problem.claims, problem.offers
    allowed = longest_allowed(problem, tier_bounds)
    every = np.arange(len(claims))
    until = problem.fees.moved_out[problem.fees.clock].astype(np.int64) + allowed
    must = (allowed >= 0) & (problem.months_out(every, problem.never_housed(every)) > allowed)
    sooner = np.where(claims.deadline >= 0, np.minimum(claims.deadline, until), until)
    # A deadline before the start says that it cannot be kept.
    deadline = np.where(must, np.maximum(sooner, 0), claims.deadline)
    last = np.where(
        (allowed >= 0)[offers.claim],
        np.minimum(offers.last, until[offers.claim] - offers.housed_after),
        offers.last,
    )
    last = np.maximum(last, offers.first - 1)
    narrowed = replace(
        problem,
        claims=replace(claims, deadline=deadline.astype(claims.deadline.dtype)),
        offers=replace(offers, last=last.astype(offers.last.dtype)),
    )
    return narrowed, left


def least_longest_wait(problem: Problem, claims: Ints | None = None) -> int:
    """Months that somebody waits in any plan: until the first offer of the claim for which that is longest.

    Parameters
    ----------
    claims
        Claims that count; default: all.
    """
    offers, every = problem.offers, np.arange(len(problem.claims))
    soonest = problem.never_housed(every)
    soonest[problem.claims.deadline >= 0] = np.iinfo(np.int32).max
    np.minimum.at(soonest, offers.claim, (offers.first + offers.housed_after).astype(np.int64))
    waits = problem.months_out(every, np.minimum(soonest, problem.calendar.books))
    return int(waits[every if claims is None else claims].max(initial=0))
