"""Who comes first for one thing more: a home, or money, by what it would save at the plan's prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.decomposition.valuing import Valued
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, add_up
from renewopt.optimiser.reduced_costs.reduced import ReducedCosts
from renewopt.problem.decisions import IntTable
from renewopt.units import YUAN_PER_WAN

__all__ = ["Queue", "queue_for_home", "queue_for_money"]


@dataclass(frozen=True, eq=False)
class Queue:
    """Claims in the order in which they should have it; columns of one length, amounts in yuan.

    Attributes
    ----------
    claim, offer, month
        Whom it would go to, and what they would take instead of what the plan gives.
    row
        Row of the settling table that it would replace; −1: they wait to the end.
    saved
        What that saves at the plan's prices, the home or the money itself being free.
    cash
        What the funds would pay for it, fees aside.
    """

    claim: IntArray
    offer: IntArray
    month: IntArray
    row: IntArray
    saved: FloatArray
    cash: FloatArray

    def __len__(self) -> int:
        return int(self.claim.size)

    def take(self, rows: IntArray | BoolArray) -> Queue:
        """Return some of them, in that order."""
        return Queue(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def queue_for_home(costs: ReducedCosts, settle: IntTable, pool: int, month: int, hundredths: int) -> Queue:
    """Who should have more stock of a pool that is there from a month on; what they need besides has its price."""
    inner, stock = costs.inner, costs.inner.offers.stock
    mine = stock["pool"] == pool
    amount = np.zeros(len(inner.offers), dtype=np.int64)
    np.add.at(amount, stock.row[mine], stock["amount"][mine])
    price = -costs.rows.prices.stock[pool] / 100.0
    books, months = inner.calendar.books, inner.calendar.months
    row, value = _given(costs, settle)
    housed_now = _housed(costs, settle, row, pool)

    def adjust(offers: IntArray, values: FloatArray) -> None:
        housed = np.arange(months) + inner.offers.housed_after[offers].astype(np.int64)[:, None]
        values -= np.minimum(amount[offers], hundredths)[:, None] * price[np.minimum(housed, books - 1)]
        # Who has such a home by the plan gains by having it sooner alone.
        too_late = housed >= housed_now[inner.offers.claim[offers]][:, None]
        values[(housed < month) | too_late] = np.inf

    return _queue(costs, settle, amount > 0, adjust, row, value)


def queue_for_money(costs: ReducedCosts, settle: IntTable, fund: int, month: int) -> Queue:
    """Who should have more money that comes into a fund in a month, by what a yuan of it saves."""
    inner = costs.inner
    need = inner.offers.price_need
    payable = (need >= 0) & inner.needs.payable_by[np.maximum(need, 0), fund]
    row, value = _given(costs, settle)

    def adjust(offers: IntArray, values: FloatArray) -> None:  # noqa: ARG001 - as for a home
        values[:, :month] = np.inf

    found = _queue(costs, settle, payable & (inner.offers.price > 0), adjust, row, value)
    if not len(found):
        return found
    cash = costs.cash(found.offer, found.month)
    amount = add_up(cash.choice, cash.amount, len(found))
    relief = add_up(cash.choice, cash.worth, len(found))
    found = Queue(found.claim, found.offer, found.month, found.row, found.saved + relief, amount)
    found = found.take((found.cash > 0) & (found.saved > 0))
    ratio = found.saved / found.cash
    return _first_of_claim(found.take(np.argsort(-ratio, kind="stable")))


def _given(costs: ReducedCosts, settle: IntTable) -> tuple[IntArray, FloatArray]:
    """(H,) row of the settling table of what the plan gives (the dearest, of several), and its value in yuan."""
    claims = costs.problem.claims
    claim = costs.problem.offers.claim[settle[:, 0]].astype(np.int64)
    settled = np.bincount(claim, weights=settle[:, 2], minlength=len(claims))
    row = np.full(len(claims), -1, dtype=np.int64)
    order = np.argsort(costs.chosen, kind="stable")
    row[claim[order]] = order
    row[settled < claims.count] = -1
    return row, np.where(row >= 0, costs.chosen[np.maximum(row, 0)] if len(settle) else 0.0, costs.never)


def _housed(costs: ReducedCosts, settle: IntTable, row: IntArray, pool: int) -> IntArray:
    """(H,) month in which the plan gives a home of the pool; beyond all months where it does not."""
    offers = costs.problem.offers
    housed = np.full(row.size, np.iinfo(np.int64).max)
    has = np.flatnonzero(row >= 0)
    offer = settle[row[has], 0]
    stock = offers.stock.take(offer)
    mine = np.unique(stock.row[stock["pool"] == pool])
    housed[has[mine]] = settle[row[has[mine]], 1] + offers.housed_after[offer[mine]]
    return housed


def _queue(
    costs: ReducedCosts,
    settle: IntTable,
    wanted: BoolArray,
    adjust: Callable[[IntArray, FloatArray], None],
    row: IntArray,
    value: FloatArray,
) -> Queue:
    """Each claim's best adjusted choice of the wanted offers (of the presolved problem) that the plan does not give."""
    size = len(costs.problem.claims)
    least, offer, month = np.full(size, np.inf), np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    place = np.searchsorted(costs.presolved.offer, settle[:, 0])

    def use(claims: IntArray, valued: Valued) -> None:
        rows = np.flatnonzero(wanted[valued.offer])
        if not rows.size:
            return
        values, owner = valued.values[rows], valued.owner[rows]
        adjust(valued.offer[rows], values)
        now = row[claims[owner]]
        same = np.flatnonzero((now >= 0) & (np.append(place, -1)[now] == valued.offer[rows]))
        values[same, settle[now[same], 1]] = np.inf
        first = values.argmin(axis=1)
        best = values[np.arange(rows.size), first]
        order = np.lexsort((best, owner))
        order = order[np.flatnonzero(np.diff(owner[order], prepend=-1))]
        mine = claims[owner[order]]
        least[mine], offer[mine], month[mine] = best[order], valued.offer[rows[order]], first[order]

    costs.rows.pricing.each_block(costs.rows.prices, use)
    unit = costs.unit(np.arange(size))
    saved = (value - least * YUAN_PER_WAN) * unit
    claim = np.flatnonzero(np.isfinite(least))
    claim = claim[np.argsort(-saved[claim], kind="stable")]
    return Queue(
        claim, costs.presolved.offer[offer[claim]], month[claim], row[claim], saved[claim], np.zeros(claim.size)
    )


def _first_of_claim(queue: Queue) -> Queue:
    _, first = np.unique(queue.claim, return_index=True)
    return queue.take(np.sort(first))
