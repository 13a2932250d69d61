"""Households in turn take the first of their offers that is possible: exact, and in bulk.

Every household steps forward with its first possible offer, the longest run of households for which all homes, limits
and money suffice is settled at once, and whoever does not fit takes what part does, or its next offer. Who declines
comes back with the next offer before those who stand behind it. That is what walking through the list one by one gives,
but for three liberties. A run is served out of a developer's debts up to the first for whom they do not suffice,
although they might for a cheaper one further behind. Where a household's offers stand apart in the list, money may be
saved for it before its last offer was looked at. What a choice saves beyond its costs is free from the next month on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray
from renewopt.policies.budget import Budget
from renewopt.policies.pricing import (
    BATCH,
    FIRST_BATCH,
    Bools,
    Priced,
    affordable,
    feasible_prefix,
    first_occurrences,
    price_offers,
    spend,
    undivided,
)
from renewopt.policies.state import SimulationState
from renewopt.units import PPM

__all__ = ["open_offers", "settle_in_turn"]

HEADS = 1 << 10
"""Households who step forward at once."""
AHEAD = 1 << 6
"""Offers among which the next household is looked for, to begin with."""


def open_offers(state: SimulationState, offers: IntArray) -> IntArray:
    """Those of the offers whose households wait, and that can be taken in this month: window, homes, limits."""
    table, now = state.problem.offers, state.month
    offers = offers[(table.first[offers] <= now) & (now <= table.last[offers]) & ~state.declined[offers]]
    offers = offers[state.waiting[table.claim[offers]] > 0]
    return offers[state.room(offers) > 0]


def settle_in_turn(state: SimulationState, offers: IntArray, budget: Budget, *, patient: bool) -> None:
    """Settle households by ranked offers.

    Parameters
    ----------
    offers
        From `open_offers`, the first to be served first.
    budget
        Of this month; what is spent is taken from it.
    patient
        Money is saved up for the first household that it does not suffice for, instead of serving those behind.
    """
    claim = state.problem.offers.claim
    queue = _Queue(state, budget) if patient else None
    size = FIRST_BATCH
    offers = offers[state.waiting[claim[offers]] > 0]
    conceivable = _conceivable(state, offers, budget)
    if queue is not None:
        conceivable &= queue.reaches(offers, conceivable)
        queue.forget()  # whoever is stopped is gone
    offers = offers[conceivable]
    while offers.size:
        end = _household_end(claim, offers, size)
        batch, offers = offers[:end], offers[end:]
        behind = offers.size
        ranked = price_offers(state, batch[state.waiting[claim[batch]] > 0], budget)
        while ranked.offer.size:
            # Who is served, or whose home is gone, stops nobody: that is for want of money only.
            possible = state.room(ranked.offer)
            if not possible.all():
                ranked, possible = ranked.take(possible > 0), possible[possible > 0]
            room = undivided(state, claim[ranked.offer], affordable(ranked, possible, budget))
            keep = (room > 0) & ~state.declined[ranked.offer]
            if queue is not None:
                keep &= queue.reaches(ranked.offer, keep)
            if not keep.all():
                ranked, room = ranked.take(keep), room[keep]
            if ranked.offer.size:
                _settle_run(state, ranked, room, budget)
                waits = state.waiting[claim[ranked.offer]] > 0
                if not waits.all():
                    ranked = ranked.take(waits)
        if queue is not None and queue.changed:
            offers = offers[queue.open_to(offers)]
        # Where somebody has stopped those behind, the next one to stop may be near.
        size = FIRST_BATCH if offers.size < behind else min(2 * size, BATCH)


def _household_end(claim: NDArray[np.integer], offers: IntArray, least: int) -> int:
    """First place from `least` on at which another household begins: who has its offers together is looked at whole."""
    if offers.size <= least:
        return int(offers.size)
    last, begin, some = claim[offers[least - 1]], least, AHEAD
    while begin < offers.size:
        other = claim[offers[begin : begin + some]] != last
        if other.any():
            return begin + int(other.argmax())
        begin, some = begin + some, 2 * some
    return int(offers.size)


class _Queue:
    """Who stands behind a household that money is being saved up for: by set of funds, and project where it has one.

    Attributes
    ----------
    changed
        Whether more are stopped than when it was last asked which offers nobody stops.
    """

    def __init__(self, state: SimulationState, budget: Budget) -> None:
        self.state, self.within = state, budget.fund_sets.within
        self.of_need = budget.fund_sets.of_need
        self.by_project = budget.quota is not None
        projects = len(state.problem.projects) if self.by_project else 1
        self.blocked = np.zeros((self.within.shape[0], projects), dtype=np.bool_)
        self.changed = False

    def _places(self, offers: IntArray) -> tuple[Bools, IntArray, IntArray]:
        """Whether each offer has a price; the set of funds that pays it, and the project."""
        problem = self.state.problem
        bought = (problem.offers.price_need[offers] >= 0) & (problem.offers.price[offers] > 0)
        project = problem.claims.project[problem.offers.claim[offers]].astype(np.int64)
        return bought, self.of_need[problem.offers.price_need[offers]], project if self.by_project else project * 0

    def reaches(self, offers: IntArray, affordable: Bools) -> Bools:
        """Whether the money gets to each of the ranked offers; unpriced ones need none.

        Parameters
        ----------
        affordable
            (n,) whether the money suffices for the offer. A household with no such offer stops those behind it whose
            money comes out of the same funds.
        """
        rows = np.arange(offers.size)
        claim = self.state.problem.offers.claim[offers]
        bought, fund_set, project = self._places(offers)
        served = np.zeros(len(self.state.problem.claims), dtype=np.bool_)
        served[claim[affordable]] = True
        stuck = bought & ~served[claim] & ~self.state.declined[offers]
        if not stuck.any():
            return np.ones(offers.size, dtype=np.bool_)
        first = np.full(self.blocked.shape, offers.size)
        np.minimum.at(first, (fund_set[stuck], project[stuck]), rows[stuck])
        blocked = self.blocked | (first < offers.size)
        self.changed = self.changed or bool((blocked != self.blocked).any())
        self.blocked = blocked
        # The first who is stuck, of all sets of funds that the offer's money must come from.
        stop = np.where(self.within[:, :, None], first[:, None], offers.size).min(axis=0)
        reached: Bools = ~bought | (rows < stop[fund_set, project])
        return reached

    def forget(self) -> None:
        """Stop nobody any more."""
        self.blocked[:] = self.changed = False

    def open_to(self, offers: IntArray) -> Bools:
        """Whether nobody before these offers, which stand behind all that were looked at, stops them."""
        self.changed = False
        bought, fund_set, project = self._places(offers)
        stopped: Bools = np.logical_or.reduce(self.within[:, :, None] & self.blocked[:, None], axis=0)
        return ~bought | ~stopped[fund_set, project]


def _conceivable(state: SimulationState, offers: IntArray, budget: Budget) -> Bools:
    """Whether the price alone could be met, with all the fees that it might save, in a few months that may decide."""
    table, fund_sets = state.problem.offers, budget.fund_sets
    result = np.ones(offers.size, dtype=np.bool_)
    bought = (table.price_need[offers] >= 0).nonzero()[0]
    if not bought.size:
        return result
    schedule, need = table.schedule[offers[bought]], table.price_need[offers[bought]]
    claim = table.claim[offers[bought]]
    price = table.price_fen(offers[bought], np.full(bought.size, state.month))
    plan = table.instalments.start[schedule]
    at_once = np.where(table.instalments["after"][plan] == 0, table.instalments["cumulative_ppm"][plan], 0)
    latest = np.maximum.reduceat(table.instalments["after"], table.instalments.start[:-1])[schedule]
    fund_set = fund_sets.of_need[need]
    quota = None if budget.quota is None else budget.quota[state.problem.claims.project[claim]]
    until = np.minimum(state.month + 1 + budget.ends, state.problem.calendar.months)
    waiting = state.waiting_fees
    conceivable = np.ones(bought.size, dtype=np.bool_)
    for column in budget.scarce(claim, until):
        # Rounded down, so that nothing is left out which rounding would let in.
        due = np.where(latest <= budget.ends[column], price, (price - 1) // PPM * at_once)
        saved = waiting[claim, until[column]] - waiting[claim, state.month]
        free = np.where(fund_sets.within, budget.free[:, column, None], np.iinfo(np.int64).max).min(axis=0)[fund_set]
        if quota is not None:
            free = np.minimum(free, np.maximum(quota, 0))
        conceivable &= due <= np.maximum(free + saved, 0)
    developer = state.problem.needs.developer[need]
    conceivable |= (developer >= 0) & (price <= budget.credit[developer]) if budget.credit.size else False
    result[bought] = conceivable | (price == 0)
    return result


def _settle_run(state: SimulationState, ranked: Priced, room: IntArray, budget: Budget) -> None:
    """Settle the longest run of households whose first possible offers fit together, or part of the first."""
    claim = state.problem.offers.claim
    heads = first_occurrences(claim[ranked.offer], state.waiting.size)[:HEADS]
    run = ranked.take(heads)
    households = state.waiting[claim[run.offer]]
    end = feasible_prefix(state, run, households, budget)
    if end == 0:
        end, households = 1, room[heads[:1]]
    elif end > 1:
        # Who declines comes back with the next offer before those who stand behind it.
        end = int(np.searchsorted(heads[:end], state.next_asked(ranked.offer, heads[:end], households[:end])))
    run, households = run.take(slice(end)), households[:end]
    households = undivided(state, claim[run.offer], state.ask(run.offer, households))
    kept = households > 0
    if not kept.all():
        run, households = run.take(kept), households[kept]
    if run.offer.size:
        spend(run, households, budget)
        state.settle(run.offer, households, run.costs.take(run.place, run.size))
