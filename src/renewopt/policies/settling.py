"""Households in turn take the first of their offers that is possible: exact, and in bulk.

Every household steps forward with its first possible offer, the longest run of households for which all homes, limits
and money suffice is settled at once, and whoever does not fit takes what part does, or its next offer. Who declines
comes back with the next offer before those who stand behind it. That is what walking through the list one by one gives,
but for three liberties. A run is served out of a developer's debts up to the first for whom they do not suffice,
although they might for a cheaper one further behind. Where a household's offers stand apart in the list, money may be
saved for it before its last offer was looked at. What a choice saves beyond its costs is free from the next month on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray
from renewopt.policies.account import Account
from renewopt.policies.budget import Budget
from renewopt.policies.costs import Costs
from renewopt.problem import Route
from renewopt.units import PPM

__all__ = ["open_offers", "settle_in_turn", "settle_promised"]

FIRST_BATCH, BATCH = 1 << 6, 1 << 13
"""Offers whose money is reckoned at once: few at first, since money mostly ends soon, then twice as many each time."""
HEADS = 1 << 10
"""Households who step forward at once."""

Bools = NDArray[np.bool_]


def open_offers(account: Account, offers: IntArray) -> IntArray:
    """Those of the offers whose households wait, and that can be taken in this month: window, homes, limits."""
    table, now = account.problem.offers, account.month
    offers = offers[(table.first[offers] <= now) & (now <= table.last[offers]) & ~account.declined[offers]]
    offers = offers[account.waiting[table.claim[offers]] > 0]
    return offers[account.room(offers) > 0]


def _whole(account: Account, claim: NDArray[np.integer], households: IntArray) -> IntArray:
    claims = account.problem.claims
    partly = claims.indivisible[claim] & (households < claims.count[claim])
    return np.where(partly, 0, households)


@dataclass(frozen=True, eq=False)
class _Priced:
    """Ranked offers with what one household of each takes from the money (`renewopt.policies.budget.Budget.strain`).

    `costs` are those of all that were reckoned together, `size` of them; `place` tells where among them each one is.
    """

    costs: Costs
    size: int
    place: IntArray
    offer: IntArray
    on_credit: IntArray
    in_cash: IntArray
    developer: IntArray
    price: IntArray
    cash: IntArray
    project: IntArray

    def take(self, keep: NDArray[np.integer] | Bools | slice) -> _Priced:
        """Some of the rows."""
        return _Priced(
            self.costs,
            self.size,
            self.place[keep],
            self.offer[keep],
            self.on_credit[keep],
            self.in_cash[keep],
            self.developer[keep],
            self.price[keep],
            self.cash[keep],
            self.project[keep],
        )

    def strain(self, covered: Bools) -> IntArray:
        """(n, S, K) what each takes, where some prices are covered by the debts of developers."""
        return np.where(covered[:, None, None], self.on_credit, self.in_cash) if covered.any() else self.in_cash


def settle_in_turn(account: Account, offers: IntArray, budget: Budget, *, patient: bool) -> None:
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
    claim = account.problem.offers.claim
    queue = _Queue(account, budget) if patient else None
    size = FIRST_BATCH
    offers = offers[account.waiting[claim[offers]] > 0]
    conceivable = _conceivable(account, offers, budget)
    if queue is not None:
        conceivable &= queue.reaches(offers, conceivable)
        queue.blocked[:] = False  # whoever is stopped is gone
    offers = offers[conceivable]
    while offers.size:
        end = _household_end(claim[offers], size)
        batch, offers = offers[:end], offers[end:]
        behind = offers.size
        ranked = _price(account, batch[account.waiting[claim[batch]] > 0], budget)
        while ranked.offer.size:
            # Who is served, or whose home is gone, stops nobody: that is for want of money only.
            possible = account.room(ranked.offer)
            if not possible.all():
                ranked, possible = ranked.take(possible > 0), possible[possible > 0]
            room = _whole(account, claim[ranked.offer], _affordable(ranked, possible, budget))
            keep = (room > 0) & ~account.declined[ranked.offer]
            if queue is not None:
                keep &= queue.reaches(ranked.offer, keep)
            if not keep.all():
                ranked, room = ranked.take(keep), room[keep]
            if ranked.offer.size:
                _settle_run(account, ranked, room, budget)
                waits = account.waiting[claim[ranked.offer]] > 0
                if not waits.all():
                    ranked = ranked.take(waits)
        if queue is not None:
            offers = offers[queue.open_to(offers)]
        # Where somebody has stopped those behind, the next one to stop may be near.
        size = FIRST_BATCH if offers.size < behind else min(2 * size, BATCH)


def _household_end(claims: NDArray[np.integer], least: int) -> int:
    """First place from `least` on at which another household begins: who has its offers together is looked at whole."""
    if claims.size <= least:
        return int(claims.size)
    other = claims[least:] != claims[least - 1]
    return least + int(other.argmax()) if other.any() else int(claims.size)


class _Queue:
    """Who stands behind a household that money is being saved up for: by set of funds, and project where it has one."""

    def __init__(self, account: Account, budget: Budget) -> None:
        self.account, self.within = account, budget.purses.within
        self.of_need = budget.purses.of_need
        self.by_project = budget.quota is not None
        projects = len(account.problem.projects) if self.by_project else 1
        self.blocked = np.zeros((self.within.shape[0], projects), dtype=np.bool_)

    def _places(self, offers: IntArray) -> tuple[Bools, IntArray, IntArray]:
        """Whether each offer has a price; the set of funds that pays it, and the project."""
        problem = self.account.problem
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
        claim = self.account.problem.offers.claim[offers]
        bought, purse, project = self._places(offers)
        served = np.zeros(len(self.account.problem.claims), dtype=np.bool_)
        served[claim[affordable]] = True
        stuck = bought & ~served[claim] & ~self.account.declined[offers]
        first = np.full(self.blocked.shape, offers.size)
        np.minimum.at(first, (purse[stuck], project[stuck]), rows[stuck])
        self.blocked |= first < offers.size
        # The first who is stuck, of all sets of funds that the offer's money must come from.
        stop = np.where(self.within[:, :, None], first[:, None], offers.size).min(axis=0)
        reached: Bools = ~bought | (rows < stop[purse, project])
        return reached

    def open_to(self, offers: IntArray) -> Bools:
        """Whether nobody before these offers, which stand behind all that were looked at, stops them."""
        bought, purse, project = self._places(offers)
        stopped: Bools = np.logical_or.reduce(self.within[:, :, None] & self.blocked[:, None], axis=0)
        return ~bought | ~stopped[purse, project]


def settle_promised(account: Account, offers: IntArray, households: IntArray, budget: Budget | None) -> IntArray:
    """Settle households by the offers that they were promised, one promise after the other.

    The longest run of promises that can be kept in full is kept at once; the one behind it as far as there is room and
    the households are willing.

    Parameters
    ----------
    offers, households
        (n,) promises, the first to be kept first.
    budget
        What is spent is taken from it; None: the money is not asked for, nor are the homes.

    Returns
    -------
    numpy.ndarray
        (n,) households settled by each.
    """
    taken = np.zeros(offers.size, dtype=np.int64)
    begin, size = 0, FIRST_BATCH
    while begin < offers.size:
        end = min(begin + size, offers.size)
        run = None if budget is None else _price(account, offers[begin:end], budget, saving=True)
        while begin < end:
            done = _keep_run(account, offers[begin:end], households[begin:end], run, budget)
            taken[begin : begin + done.size] = done
            begin += done.size
            run = None if run is None else run.take(slice(done.size, None))
        size = min(2 * size, BATCH)
    return taken


def _keep_run(
    account: Account, offers: IntArray, households: IntArray, run: _Priced | None, budget: Budget | None
) -> IntArray:
    """Keep, or find impossible, the first of some promises and those behind it that go the same way."""
    claim = account.problem.offers.claim[offers]
    possible = households
    if run is not None and budget is not None:
        possible = _affordable(run, np.minimum(households, account.room(offers)), budget)
    possible = np.where(account.declined[offers], 0, np.maximum(_whole(account, claim, possible), 0))
    some = possible > 0
    if not some[0]:
        # Nothing changes while nobody is settled.
        return possible[: int(some.argmax()) if some.any() else offers.size]
    end = max(_kept_in_full(account, offers, households, possible, run, budget), 1)
    return _keep(account, offers[:end], possible[:end], None if run is None else run.take(slice(end)), budget)


def _kept_in_full(
    account: Account,
    offers: IntArray,
    households: IntArray,
    possible: IntArray,
    run: _Priced | None,
    budget: Budget | None,
) -> int:
    """Length of the longest run of promises, no claim twice, that can all be kept in full.

    Parameters
    ----------
    possible
        (n,) households of each that could be settled if it were the only one.
    """
    claim = account.problem.offers.claim[offers]
    hindered = np.ones(offers.size, dtype=np.bool_)
    hindered[_first_of_each(claim, account.waiting.size)] = False
    hindered |= (possible < households) | (account.willing(offers, households) < households)
    if run is not None and budget is not None and budget.credit.any():
        # Whose developer's debts suffice for it, but not with those before it, may find them unspent.
        owed = (run.developer >= 0) & (run.price > 0)
        alone = run.price * households <= budget.credit[run.developer]
        hindered |= owed & alone & ~_covered(run, households, budget)
    end = int(hindered.argmax()) if hindered.any() else int(offers.size)
    if run is None or budget is None or not end:
        return end
    return min(end, _fitting(account, run.take(slice(end)), households[:end], budget))


def _keep(account: Account, offers: IntArray, most: IntArray, run: _Priced | None, budget: Budget | None) -> IntArray:
    """Settle as many as are willing; how many."""
    households = _whole(account, account.problem.offers.claim[offers], account.ask(offers, most))
    some = np.flatnonzero(households)
    if some.size:
        costs = None
        if run is not None and budget is not None:
            run = run.take(some)
            _spend(run, households[some], budget)
            costs = run.costs.take(run.place, run.size)
        account.settle(offers[some], households[some], costs)
    return households


def _conceivable(account: Account, offers: IntArray, budget: Budget) -> Bools:
    """Whether the price alone could be met, with all the fees that it might save, in a few months that may decide."""
    table, purses = account.problem.offers, budget.purses
    result = np.ones(offers.size, dtype=np.bool_)
    bought = np.flatnonzero(table.price_need[offers] >= 0)
    if not bought.size:
        return result
    schedule, need = table.schedule[offers[bought]], table.price_need[offers[bought]]
    claim = table.claim[offers[bought]]
    price = table.price_fen(offers[bought], np.full(bought.size, account.month))
    plan = table.instalments.start[schedule]
    at_once = np.where(table.instalments["after"][plan] == 0, table.instalments["cumulative_ppm"][plan], 0)
    latest = np.maximum.reduceat(table.instalments["after"], table.instalments.start[:-1])[schedule]
    purse = purses.of_need[need]
    quota = None if budget.quota is None else budget.quota[account.problem.claims.project[claim]]
    until = np.minimum(account.month + 1 + budget.ends, account.problem.calendar.months)
    waiting = account.waiting_fees
    conceivable = np.ones(bought.size, dtype=np.bool_)
    for column in budget.scarce(claim, until):
        # Rounded down, so that nothing is left out which rounding would let in.
        due = np.where(latest <= budget.ends[column], price, (price - 1) // PPM * at_once)
        saved = waiting[claim, until[column]] - waiting[claim, account.month]
        free = np.where(purses.within, budget.free[:, column, None], np.iinfo(np.int64).max).min(axis=0)[purse]
        if quota is not None:
            free = np.minimum(free, np.maximum(quota, 0))
        conceivable &= due <= np.maximum(free + saved, 0)
    developer = account.problem.needs.developer[need]
    conceivable |= (developer >= 0) & (price <= budget.credit[developer]) if budget.credit.size else False
    result[bought] = conceivable | (price == 0)
    return result


def _price(account: Account, offers: IntArray, budget: Budget, *, saving: bool = False) -> _Priced:
    """Reckon what offers take from the money.

    Parameters
    ----------
    saving
        Whether a choice that saves more than it costs makes money free for others in the same month. Where many are
        reckoned at once it must not: who cannot be served now could be after those before him.
    """
    table = account.problem.offers
    costs = account.costs(offers)
    need = table.price_need[offers]
    bought = (need >= 0) & (table.price[offers] > 0)
    credited, strain = budget.strain(costs, offers, bought=bought)
    price = np.zeros(offers.size, dtype=np.int64)
    developer = np.where(bought, account.problem.needs.developer[need], -1).astype(np.int64)
    owing = account.problem.needs.developer[costs.need] >= 0
    np.add.at(price, costs.row[owing], costs.fen[owing])
    in_cash = strain + credited if owing.any() else strain
    cash = np.where(bought, in_cash[:, budget.purses.all].max(axis=1), 0).clip(0)
    if not saving:
        in_cash, strain = np.maximum(in_cash, 0), np.maximum(strain, 0)
    project = account.problem.claims.project[table.claim[offers]].astype(np.int64)
    place = np.arange(offers.size)
    return _Priced(costs, offers.size, place, offers, strain, in_cash, developer, price, cash, project)


def _affordable(ranked: _Priced, room: IntArray, budget: Budget) -> IntArray:
    """(n,) households of each offer alone whom the money suffices for, at most `room`."""
    by_credit = np.zeros_like(room)
    owing = np.flatnonzero((ranked.developer >= 0) & (ranked.price > 0))
    by_credit[owing] = budget.credit[ranked.developer[owing]] // ranked.price[owing]
    result = _by_money(ranked.in_cash, room, budget.free)
    if by_credit.any():
        on_credit = np.minimum(_by_money(ranked.on_credit, room, budget.free), by_credit)
        result = np.maximum(result, np.minimum(on_credit, room))
    if budget.quota is not None:
        cash = np.where(by_credit > 0, 0, ranked.cash)
        some = cash > 0
        within = np.maximum(budget.quota[ranked.project[some]], 0) // cash[some]
        result[some] = np.minimum(result[some], within)
    return result


def _by_money(strain: IntArray, room: IntArray, free: IntArray) -> IntArray:
    if room.max(initial=0) <= 1:
        fit: IntArray = np.where((strain > np.maximum(free, 0)).any(axis=(1, 2)), 0, room)
        return fit
    most = np.iinfo(np.int64).max
    fits = np.where(strain > 0, np.maximum(free, 0)[None] // np.maximum(strain, 1), most)
    least: IntArray = np.minimum(fits.min(axis=(1, 2), initial=most), room)
    return least


def _settle_run(account: Account, ranked: _Priced, room: IntArray, budget: Budget) -> None:
    """Settle the longest run of households whose first possible offers fit together, or part of the first."""
    claim = account.problem.offers.claim
    heads = _first_of_each(claim[ranked.offer], account.waiting.size)[:HEADS]
    run = ranked.take(heads)
    households = account.waiting[claim[run.offer]]
    end = _fitting(account, run, households, budget)
    if end == 0:
        end, households = 1, room[heads[:1]]
    elif end > 1:
        # Who declines comes back with the next offer before those who stand behind it.
        end = int(np.searchsorted(heads[:end], account.next_asked(ranked.offer, heads[:end], households[:end])))
    run, households = run.take(slice(end)), households[:end]
    households = _whole(account, claim[run.offer], account.ask(run.offer, households))
    kept = households > 0
    if not kept.all():
        run, households = run.take(kept), households[kept]
    if run.offer.size:
        _spend(run, households, budget)
        account.settle(run.offer, households, run.costs.take(run.place, run.size))


def _first_of_each(claim: NDArray[np.integer], claims: int) -> IntArray:
    """Places at which a claim occurs for the first time, ascending."""
    place = np.arange(claim.size)
    first = np.empty(claims, dtype=np.int64)
    first[claim[::-1]] = place[::-1]
    found: IntArray = np.flatnonzero(first[claim] == place)
    return found


def _fitting(account: Account, run: _Priced, wanted: IntArray, budget: Budget) -> int:
    """Length of the longest run that fits together."""
    problem = account.problem
    size = run.offer.size
    ends = [size]
    stock = problem.offers.stock.take(run.offer)
    row, pool, amount = stock.row, stock["pool"], stock["amount"] * wanted[stock.row]
    ends.append(_first_over(row, pool, amount, np.maximum(account.free, 0), size))
    reserved = (problem.offers.route[run.offer] == Route.transfer)[row] & (problem.pools.surplus[pool] >= 0)
    room = np.maximum(account.open_to_transfer, 0)
    ends.append(_first_over(row[reserved], pool[reserved], amount[reserved], room, size))
    position, limit = account.limits_of(run.offer)
    ends.append(_first_over(position, limit, wanted[position], account.limit_room(), size))
    covered = _covered(run, wanted, budget)
    strain = run.strain(covered) * wanted[:, None, None]
    over = ((np.cumsum(strain, axis=0) > budget.free) & (strain > 0)).any(axis=(1, 2))
    ends.append(int(over.argmax()) if over.any() else size)
    if budget.quota is not None:
        cash = np.where(covered, 0, run.cash) * wanted
        rows = np.flatnonzero(cash)
        ends.append(_first_over(rows, run.project[rows], cash[rows], np.maximum(budget.quota, 0), size))
    return min(ends)


def _first_over(row: IntArray, resource: IntArray, amount: IntArray, room: IntArray, size: int) -> int:
    """First row at which what rows up to it take from one resource exceeds its room; `size` where none does."""
    if row.size == 0:
        return size
    order = np.argsort(resource, kind="stable")
    grouped = resource[order]
    running = np.cumsum(amount[order])
    begin = np.searchsorted(grouped, grouped)
    used = running - (running - amount[order])[begin]
    over = row[order][(used > room[grouped]) & (amount[order] > 0)]
    return int(over.min(initial=size))


def _covered(run: _Priced, wanted: IntArray, budget: Budget) -> Bools:
    """Whether the price of each is covered by its developer's debts, those before it served first."""
    covered = np.zeros(run.offer.size, dtype=np.bool_)
    if not budget.credit.any():
        return covered
    for developer in np.unique(run.developer[run.developer >= 0]).tolist():
        mine = np.flatnonzero((run.developer == developer) & (run.price > 0))
        covered[mine] = np.cumsum(run.price[mine] * wanted[mine]) <= budget.credit[developer]
    return covered


def _spend(run: _Priced, households: IntArray, budget: Budget) -> None:
    covered = _covered(run, households, budget)
    budget.free -= (run.strain(covered) * households[:, None, None]).sum(axis=0)
    on_credit = covered & (run.developer >= 0)
    np.subtract.at(budget.credit, run.developer[on_credit], (run.price * households)[on_credit])
    if budget.quota is not None:
        np.subtract.at(budget.quota, run.project, np.where(covered, 0, run.cash * households))
