"""What offers take from the money, and how many households it suffices for: each alone, or one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray
from renewopt.policies.budget import Budget
from renewopt.policies.costs import Costs
from renewopt.policies.state import SimulationState
from renewopt.problem import Route

__all__ = [
    "BATCH",
    "FIRST_BATCH",
    "Bools",
    "Priced",
    "affordable",
    "covered_by_debts",
    "feasible_prefix",
    "first_occurrences",
    "price_offers",
    "spend",
    "undivided",
]

FIRST_BATCH, BATCH = 1 << 6, 1 << 13
"""Offers that are priced at once: few at first, since money mostly runs out soon, then twice as many each time."""

Bools = NDArray[np.bool_]


def undivided(state: SimulationState, claim: NDArray[np.integer], households: IntArray) -> IntArray:
    """(n,) households of claims that may be settled: of an indivisible claim all or none."""
    claims = state.problem.claims
    partly = claims.indivisible[claim] & (households < claims.count[claim])
    return np.where(partly, 0, households)


def first_occurrences(claim: NDArray[np.integer], claims: int) -> IntArray:
    """Places at which a claim occurs for the first time, ascending."""
    place = np.arange(claim.size)
    first = np.empty(claims, dtype=np.int64)
    first[claim[::-1]] = place[::-1]
    found: IntArray = np.flatnonzero(first[claim] == place)
    return found


@dataclass(frozen=True, eq=False)
class Priced:
    """Ranked offers with what one household of each takes from the money (`renewopt.policies.budget.Budget.cash_use`).

    Attributes
    ----------
    costs, size
        Of all offers priced together, and their number.
    place
        (n,) where among them each one is.
    offer, developer, project
        (n,) rows of their tables; the developer whose debts may pay the price, −1 for none.
    on_credit, in_cash
        (n, S, K) fen that one household takes from each set of funds by each span of months, where debts of the
        developer pay what they may, and where they pay nothing.
    price, cash
        (n,) fen that debts would have to cover; fen that count towards a quota.
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

    def take(self, keep: NDArray[np.integer] | Bools | slice) -> Priced:
        """Some of the rows."""
        return Priced(
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

    def cash_use(self, covered: Bools) -> IntArray:
        """(n, S, K) what each takes, where some prices are covered by the debts of developers."""
        return np.where(covered[:, None, None], self.on_credit, self.in_cash) if covered.any() else self.in_cash


def price_offers(state: SimulationState, offers: IntArray, budget: Budget, *, saving: bool = False) -> Priced:
    """Price offers: what each takes from the free money.

    Parameters
    ----------
    saving
        Whether a choice that saves more than it costs makes money free for others in the same month. Where many are
        priced at once it must not: an offer that is not affordable now could be so after those before it.
    """
    table = state.problem.offers
    costs = state.costs(offers)
    need = table.price_need[offers]
    bought = (need >= 0) & (table.price[offers] > 0)
    credited, cash_use = budget.cash_use(costs, offers, bought=bought)
    price = np.zeros(offers.size, dtype=np.int64)
    developer = np.where(bought, state.problem.needs.developer[need], -1).astype(np.int64)
    owing = state.problem.needs.developer[costs.need] >= 0
    np.add.at(price, costs.row[owing], costs.fen[owing])
    in_cash = cash_use + credited if owing.any() else cash_use
    cash = np.where(bought, in_cash[:, budget.fund_sets.all].max(axis=1), 0).clip(0)
    if not saving:
        in_cash, cash_use = np.maximum(in_cash, 0), np.maximum(cash_use, 0)
    project = state.problem.claims.project[table.claim[offers]].astype(np.int64)
    place = np.arange(offers.size)
    return Priced(costs, offers.size, place, offers, cash_use, in_cash, developer, price, cash, project)


def affordable(ranked: Priced, room: IntArray, budget: Budget) -> IntArray:
    """(n,) households of each offer alone whom the money suffices for, at most `room`."""
    by_credit = np.zeros_like(room)
    owing = ((ranked.developer >= 0) & (ranked.price > 0)).nonzero()[0]
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


def _by_money(cash_use: IntArray, room: IntArray, free: IntArray) -> IntArray:
    if room.max(initial=0) <= 1:
        fit: IntArray = np.where((cash_use > np.maximum(free, 0)).any(axis=(1, 2)), 0, room)
        return fit
    most = np.iinfo(np.int64).max
    fits = np.where(cash_use > 0, np.maximum(free, 0)[None] // np.maximum(cash_use, 1), most)
    least: IntArray = np.minimum(fits.min(axis=(1, 2), initial=most), room)
    return least


def feasible_prefix(state: SimulationState, run: Priced, wanted: IntArray, budget: Budget) -> int:
    """Length of the longest run that fits together."""
    problem = state.problem
    size = run.offer.size
    ends = [size]
    stock = problem.offers.stock.take(run.offer)
    row, pool, amount = stock.row, stock["pool"], stock["amount"] * wanted[stock.row]
    ends.append(_first_over(row, pool, amount, np.maximum(state.free, 0), size))
    reserved = (problem.offers.route[run.offer] == Route.transfer)[row] & (problem.pools.surplus[pool] >= 0)
    if reserved.any():
        room = np.maximum(state.open_to_transfer, 0)
        ends.append(_first_over(row[reserved], pool[reserved], amount[reserved], room, size))
    if len(problem.limits):
        position, limit = state.limits_of(run.offer)
        ends.append(_first_over(position, limit, wanted[position], state.limit_room(), size))
    covered = covered_by_debts(run, wanted, budget)
    cash_use = run.cash_use(covered) * wanted[:, None, None]
    over = ((cash_use.cumsum(axis=0) > budget.free) & (cash_use > 0)).any(axis=(1, 2))
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
    order = resource.argsort(kind="stable")
    grouped, taken = resource[order], amount[order]
    running = taken.cumsum()
    used = running - (running - taken)[grouped.searchsorted(grouped)]
    over = row[order][(used > room[grouped]) & (taken > 0)]
    return int(over.min(initial=size))


def covered_by_debts(run: Priced, wanted: IntArray, budget: Budget) -> Bools:
    """Whether the price of each is covered by its developer's debts, those before it served first."""
    covered = np.zeros(run.offer.size, dtype=np.bool_)
    if not budget.credit.any():
        return covered
    for developer in sorted(set(run.developer.tolist()) - {-1}):
        mine = ((run.developer == developer) & (run.price > 0)).nonzero()[0]
        covered[mine] = (run.price[mine] * wanted[mine]).cumsum() <= budget.credit[developer]
    return covered


def spend(run: Priced, households: IntArray, budget: Budget) -> None:
    """Take from the budget what is settled."""
    covered = covered_by_debts(run, households, budget)
    budget.free -= (run.cash_use(covered) * households[:, None, None]).sum(axis=0)
    if covered.any():
        on_credit = covered & (run.developer >= 0)
        np.subtract.at(budget.credit, run.developer[on_credit], (run.price * households)[on_credit])
    if budget.quota is not None:
        np.subtract.at(budget.quota, run.project, np.where(covered, 0, run.cash * households))
