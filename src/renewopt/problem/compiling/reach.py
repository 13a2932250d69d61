"""When an offer can house at the earliest: homes arrive, phases are built, some stay reserved."""

from __future__ import annotations

import numpy as np

from renewopt.problem.compiling.exact import Bools, Ints, grouped
from renewopt.problem.offers import Route
from renewopt.problem.problem import Problem
from renewopt.problem.supply import UNBUILT

__all__ = [
    "UNFILLED",
    "arriving",
    "closed_to_transfer",
    "earliest_stock",
    "first_housed",
    "kept_together",
    "shut_by_limit",
    "transferable",
]

UNFILLED = UNBUILT
"""A month in which the stock is never there."""


def first_housed(problem: Problem) -> Ints:
    """(O,) first month in which an offer can house one household that has it all to itself; −1: never.

    A bound: homes known to arrive are there when they arrive, phases when they are finished as early as their dates,
    lags and monthly limits allow. Money, and other households that want the same homes, are left aside.
    """
    offers = problem.offers
    after = offers.housed_after.astype(np.int64)
    first = np.maximum(np.maximum(offers.first, problem.calendar.now) + after, earliest_stock(problem))
    never = (first > offers.last + after) | closed_to_transfer(problem) | shut_by_limit(problem)
    return np.where(never, -1, first)


def earliest_stock(problem: Problem) -> Ints:
    """(O,) first month in which all homes that an offer takes can be there; `UNFILLED` where they never are."""
    stock = problem.offers.stock
    months = np.zeros(len(problem.offers), dtype=np.int64)
    month, pool, amount = arriving(problem)
    taken = stock["amount"] * _together(problem)[stock.row]
    by_pool = dict(grouped(pool))
    for number, entries in grouped(stock["pool"]):
        rows = by_pool.get(number, pool[:0])
        held = np.cumsum(amount[rows])
        place = np.searchsorted(held, taken[entries], side="left")
        there = np.append(month[rows], UNFILLED)[place]
        np.maximum.at(months, stock.row[entries], there)
    return months


def arriving(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """Month, pool and hundredths of all that arrives or can be built, by month."""
    arrivals, phases = problem.pools.arrivals, problem.phases
    delivers = phases.delivers
    month = np.concatenate([arrivals["month"], phases.soonest[delivers.row]])
    pool = np.concatenate([arrivals.row, delivers["pool"]])
    amount = np.concatenate([arrivals["amount"], delivers["amount"]])
    order = np.argsort(month, kind="stable")
    return month[order], pool[order], amount[order]


def closed_to_transfer(problem: Problem) -> Bools:
    """(O,) whether an offer by transfer takes homes of which too few are ever open to other projects."""
    pools, offers = problem.pools, problem.offers
    stock = offers.stock
    pool, taken = stock["pool"], stock["amount"] * _together(problem)[stock.row]
    scarce = (pools.surplus[pool] >= 0) & (transferable(problem)[pool] < taken)
    closed = np.zeros(len(offers), dtype=bool)
    closed[stock.row[scarce]] = True
    closed &= offers.route == Route.transfer
    return closed


def transferable(problem: Problem) -> Ints:
    """(P,) hundredths that can ever be open for transfer, where homes are reserved."""
    pools = problem.pools
    released = np.zeros(len(pools), dtype=np.int64)
    freed = pools.released
    np.add.at(released, freed.row, freed["amount"] * problem.claims.count[freed["claim"]])
    return pools.surplus + released


def shut_by_limit(problem: Problem) -> Bools:
    """(O,) whether a limit on settlements leaves no room for a single household (or row that is kept together)."""
    limits = problem.limits
    shut = np.zeros(len(problem.offers), dtype=bool)
    offer = limits.offers["offer"]
    shut[offer[limits.cap[limits.offers.row] < _together(problem)[offer]]] = True
    return shut


def kept_together(problem: Problem) -> Ints:
    """(H,) households that must be settled at once: one, or all of a row that is kept together."""
    claims = problem.claims
    return np.where(claims.indivisible, claims.count, 1)


def _together(problem: Problem) -> Ints:
    """(O,) households that must take the offer at once."""
    return kept_together(problem)[problem.offers.claim]
