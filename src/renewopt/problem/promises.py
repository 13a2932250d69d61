"""Promises: what was announced to households, at a price for every change of it, or kept whatever it costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.decisions import IntTable
from renewopt.problem.offers import Ragged
from renewopt.problem.problem import Problem
from renewopt.problem.subsets import take_rows

__all__ = ["Promised", "with_promises"]

Ints = NDArray[np.int64]
NONE = -1


@dataclass(frozen=True, eq=False)
class Promised:
    """A problem in which promises have a price, and the way back.

    Attributes
    ----------
    problem
        Households of a cohort that were promised different things are claims of their own.
    offer
        (O',) offer of the stated problem, for each row of this one.
    kept
        (O',) bool: rows in which a household takes what it was promised, in the month that was announced.
    promises
        Households that were promised something.
    """

    problem: Problem
    offer: Ints
    kept: NDArray[np.bool_]
    promises: int

    def stated(self, settle: IntTable) -> IntTable:
        """Settling decisions in rows of the stated problem."""
        rows = np.column_stack([self.offer[settle[:, 0]], settle[:, 1:]])
        keys, place = np.unique(rows[:, :2], axis=0, return_inverse=True)
        return np.column_stack([keys, np.bincount(place.reshape(-1), rows[:, 2], len(keys)).astype(np.int64)])

    def taken(self, settle: IntTable) -> int:
        """Households whose promise is kept by settling decisions of this problem."""
        return int(settle[self.kept[settle[:, 0]], 2].sum())

    def as_promised(self, settle: IntTable) -> IntTable:
        """Settling decisions of the stated problem in rows of this one; whoever can, takes its promise for one."""
        claim, left = self.problem.offers.claim, self.problem.claims.count.copy()
        rows = []
        for offer, month, asked in settle[np.argsort(settle[:, 1], kind="stable")].tolist():
            households = asked
            mine = np.flatnonzero(self.offer == offer)
            first, last = self.problem.offers.first[mine], self.problem.offers.last[mine]
            mine = mine[(first <= month) & (month <= last)]
            for row in mine[np.argsort(~self.kept[mine], kind="stable")].tolist():
                some = min(households, int(left[claim[row]]))
                if some > 0:
                    rows.append((row, month, some))
                    left[claim[row]] -= some
                    households -= some
        return np.array(rows, dtype=np.int64).reshape(-1, 3)


def with_promises(problem: Problem, promised: IntTable, price: float, *, strict: bool = False) -> Promised:
    """Price every change of what was promised.

    Taking the promised offer in its month is worth `price`, everything else nothing: so a change costs `price`,
    whatever takes its place, waiting for ever included. The objective is lower by `price` for each promise; the caller
    adds it back.

    Parameters
    ----------
    promised
        offer, month, households: what was announced, as settling decisions.
    price
        Yuan for a household that gets something else, or in another month.
    strict
        Whoever was promised something may take nothing else.
    """
    claims, offers = problem.claims, problem.offers
    source, count, promise = _split(problem, promised)
    of_claim = Ragged.build(len(claims), offers.claim.astype(np.int64), offer=np.arange(len(offers))).take(source)
    fixed = np.flatnonzero(promise >= 0)
    what, when = promised[promise[fixed], 0], promised[promise[fixed], 1]
    kept_open = (promise[of_claim.row] < 0) | (not strict)
    claim = np.concatenate([of_claim.row[kept_open], fixed])
    offer = np.concatenate([of_claim["offer"][kept_open], what])
    kept = np.arange(claim.size) >= int(kept_open.sum())
    month = np.concatenate([np.full(int(kept_open.sum()), NONE), when])
    order = np.lexsort((kept, offer, claim))
    claim, offer, kept, month = claim[order], offer[order], kept[order], month[order]
    rows = take_rows(offers, offer)
    weight = problem.objective.disutility_weight
    # Where promises have a price they are weighed in the same column; what nobody weighed there counts for nothing.
    own = rows.disutility if weight > 0 or not price else np.zeros(len(rows))
    rows = replace(
        rows,
        claim=claim.astype(np.int32),
        first=np.where(kept, month, rows.first).astype(np.int32),
        last=np.where(kept, month, rows.last).astype(np.int32),
        disutility=own - np.where(kept, price / (weight or 1.0), 0.0),
        kept=kept,
    )
    deadline = claims.deadline[source].copy()
    if strict:
        housed = when + offers.housed_after[what]
        deadline[fixed] = np.where(deadline[fixed] < 0, housed, np.minimum(deadline[fixed], housed))
    limits, pins = problem.limits, problem.pins
    counted, frees = problem.limits_of_offer.take(offer), problem.freed_by.take(source)
    pinned = Ragged.build(len(claims), pins.claim, pin=np.arange(len(pins))).take(source)
    objective = replace(
        problem.objective,
        disutility_weight=weight or (1.0 if price else 0.0),
        tiers=tuple(replace(tier, claims=tier.claims[source]) for tier in problem.objective.tiers),
    )
    changed = replace(
        problem,
        claims=replace(take_rows(claims, source), count=count, deadline=deadline.astype(np.int32)),
        fees=problem.fees.of_claims(source),
        offers=rows,
        limits=replace(limits, offers=Ragged.build(len(limits), counted["limit"], offer=counted.row)),
        pools=replace(
            problem.pools,
            released=Ragged.build(len(problem.pools), frees["pool"], claim=frees.row, amount=frees["amount"]),
        ),
        pins=replace(take_rows(pins, pinned["pin"]), claim=pinned.row),
        objective=objective,
    )
    return Promised(changed, offer, kept, int(promised[:, 2].sum()))


def _split(problem: Problem, promised: IntTable) -> tuple[Ints, Ints, Ints]:
    """Claim, households and row of `promised` (−1: none) of each claim, cohorts split by what was promised."""
    claims = problem.claims
    claim = problem.offers.claim[promised[:, 0]].astype(np.int64)
    left = claims.count - np.bincount(claim, promised[:, 2], len(claims)).astype(np.int64)
    rest = np.flatnonzero(left > 0)
    source = np.concatenate([claim, rest])
    count = np.concatenate([promised[:, 2], left[rest]])
    promise = np.concatenate([np.arange(len(promised)), np.full(rest.size, NONE)])
    order = np.argsort(source, kind="stable")
    return source[order], count[order], promise[order]
