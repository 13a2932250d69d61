"""Presolve: the same problem without what cannot matter, offers that a limit closes and limits that can never bind.

An offer that a household is refused has a limit of 0. A single price on all such offers would have to keep every
household from taking what it cannot have; without those offers no price is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.model.linear import BoolArray, IntArray
from renewopt.problem import Decisions, Problem, Ragged, Tier

PLAIN = (
    "route", "label", "first", "last", "housed_after", "tail", "tail_multiplier", "stated_stream", "price",
    "price_series", "price_need", "schedule", "disutility",
)  # fmt: skip
"""Columns of offers that are taken as they are."""


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


def presolve(problem: Problem) -> Presolved:
    """Leave out what cannot matter; the past of a problem is kept as it is."""
    limits = problem.limits
    if problem.calendar.now > 0 or not len(limits):
        return Presolved(problem, np.arange(len(problem.offers)))
    closed = np.zeros(len(problem.offers), dtype=np.bool_)
    closed[limits.offers["offer"][limits.cap[limits.offers.row] == 0]] = True
    problem = with_limits(problem, _may_bind(problem))
    return Presolved(*subset(problem, np.arange(len(problem.claims)), ~closed))


def _may_bind(problem: Problem) -> BoolArray:
    """(L,) whether more households than a limit admits could choose what it counts."""
    limits, claims = problem.limits, problem.claims
    row, claim = limits.offers.row, problem.offers.claim[limits.offers["offer"]]
    pair = np.unique(row * len(claims) + claim)
    households = np.bincount(pair // len(claims), weights=claims.count[pair % len(claims)], minlength=len(limits))
    result: BoolArray = (households > limits.cap) & (limits.cap > 0)
    return result


def with_limits(problem: Problem, kept: BoolArray) -> Problem:
    """Return the problem with some of its limits only."""
    limits, rows = problem.limits, np.flatnonzero(kept)
    offers = limits.offers.take(rows)
    return replace(
        problem,
        limits=replace(limits, id=limits.id[rows], monthly=limits.monthly[rows], cap=limits.cap[rows], offers=offers),
    )


def subset(problem: Problem, claims: IntArray, open_offers: BoolArray | None = None) -> tuple[Problem, IntArray]:
    """Return the problem with the listed claims only (in ascending order), and the old offer of each offer.

    Parameters
    ----------
    open_offers
        (O,) whether to keep each offer; default: all of these claims.
    """
    number = np.full(len(problem.claims), -1, dtype=np.int64)
    number[claims] = np.arange(claims.size)
    offers = problem.offers
    of_these = number[offers.claim] >= 0
    kept = np.flatnonzero(of_these if open_offers is None else of_these & open_offers)
    offer_number = np.full(len(offers), -1, dtype=np.int64)
    offer_number[kept] = np.arange(kept.size)
    member, released = problem.limits.offers, problem.pools.released
    counted = offer_number[member["offer"]] >= 0
    freeing = number[released["claim"]] >= 0
    return (
        replace(
            problem,
            claims=replace(
                problem.claims,
                **{name: getattr(problem.claims, name)[claims] for name in problem.claims.__dataclass_fields__},
            ),
            fees=replace(problem.fees, ordinary=problem.fees.ordinary[claims], clock=problem.fees.clock[claims]),
            offers=replace(
                offers,
                **{name: getattr(offers, name)[kept] for name in PLAIN},
                claim=number[offers.claim[kept]].astype(np.int32),
                stream=offers.stream.take(kept),
                lines=offers.lines.take(kept),
                stock=offers.stock.take(kept),
            ),
            limits=replace(
                problem.limits,
                offers=Ragged.build(
                    len(problem.limits), member.row[counted], offer=offer_number[member["offer"][counted]]
                ),
            ),
            pools=replace(
                problem.pools,
                released=Ragged.build(
                    len(problem.pools),
                    released.row[freeing],
                    claim=number[released["claim"][freeing]],
                    amount=released["amount"][freeing],
                ),
            ),
            objective=replace(
                problem.objective,
                tiers=tuple(Tier(t.name, t.goal, t.claims[claims]) for t in problem.objective.tiers),
            ),
        ),
        kept,
    )
