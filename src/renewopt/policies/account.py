"""The account of a rule policy: households, homes and fees beside the till, kept up to date while it decides.

`Account` walks through the months of the books once. In each month a policy hands over, settles, pays and builds
through it; the account takes care of what that makes fall due later. ``docs/accounts.md`` numbers the rules.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import share_of, table
from renewopt.policies.costs import Costs, costs_of
from renewopt.policies.till import Ints, Till
from renewopt.problem import Decisions, Problem, Route
from renewopt.units import PPM

__all__ = ["Account", "Answers", "Ints"]

BLOCK = 1 << 13
"""Claims whose fee curves are read at once."""


class Answers(Protocol):
    """What households will say when an offer is put to them; known only once they were asked."""

    @property
    def kind(self) -> Ints:
        """(O,) kind of offer, of one claim each; −1: everybody says yes."""
        ...

    @property
    def willing(self) -> Ints:
        """(K,) households of the claim that take an offer of the kind."""
        ...


class Account(Till):
    """The running account of a problem.

    Parameters
    ----------
    problem
    answers
        What households will say when an offer is put to them; None: they take every offer made to them.
    certain
        Whether all comes as planned for certain.

    Attributes
    ----------
    certain
        As given.
    waiting
        (H,) households with no choice yet.
    accrued
        (G, C) fen of fees: what is certain by the choices made, and what those who wait now cost if they go on
        waiting to the end of the horizon.
    free
        (P,) hundredths of stock handed over and not taken.
    open_to_transfer
        (P,) hundredths that transfers may still take where stock is reserved (rule 4).
    complete
        (E,) bool.
    declined
        (O,) bool: offers that were put to a household and declined.
    """

    def __init__(self, problem: Problem, answers: Answers | None = None, *, certain: bool = True) -> None:
        super().__init__(problem)
        self.certain = certain
        self.waiting = problem.claims.count.copy()
        self.free = np.zeros(len(problem.pools), dtype=np.int64)
        self.open_to_transfer = problem.pools.surplus.copy()
        self.complete = np.zeros(len(problem.phases), dtype=np.bool_)
        self._answers = answers
        self._willing = None if answers is None else answers.willing.copy()
        self.declined = np.zeros(len(problem.offers), dtype=np.bool_)
        self._choices: list[tuple[int, Ints, Ints]] = []
        self._booked = 0
        released = problem.pools.released
        owners = np.argsort(released["claim"], kind="stable")
        self._owner, self._owned = released["claim"][owners], released.row[owners]
        self._frees = released["amount"][owners]
        self._read(problem)

    def _read(self, problem: Problem) -> None:
        """Derive what depends on the tables as they are known now."""
        self.problem = problem
        limits = problem.limits
        order = np.argsort(limits.offers["offer"], kind="stable")
        self._limited, self._limit = limits.offers["offer"][order], limits.offers.row[order]
        self.taken_limit = np.zeros((len(limits), problem.calendar.months), dtype=np.int64)
        for month, offer, households in self._choices:
            self._count_limits(month, offer, households)
        self.accrued = self._waiting_fees()
        self._booked = 0
        self._book_fees()

    def adopt(self, problem: Problem) -> None:
        """Go on with tables that are known by now; they agree with the former ones on all that has happened."""
        self._read(problem)

    def open(self, month: int) -> None:
        """Begin a month: money comes in, loans are serviced, known homes arrive."""
        super().open(month)
        arrivals = self.problem.pools.arrivals
        now = arrivals["month"] == month
        np.add.at(self.free, arrivals.row[now], arrivals["amount"][now])

    # --- homes

    def ready(self) -> Ints:
        """Phases paid for in time that may be handed over in this month."""
        phases, now = self.problem.phases, self.month
        paid = np.array(
            [self.spent[e, : max(now - int(lag) + 1, 0)].sum() for e, lag in enumerate(phases.lag)], dtype=np.int64
        )
        return np.flatnonzero(~self.complete & (phases.earliest <= now) & (paid >= phases.cost))

    def hand_over(self, phase: int) -> None:
        """Phase `phase` is complete: its homes are there."""
        self.complete[phase] = True
        delivers = self.problem.phases.delivers
        here = slice(*delivers.start[phase : phase + 2])
        np.add.at(self.free, delivers["pool"][here], delivers["amount"][here])
        self.rows["complete"].append((phase, self.month))

    def limits_of(self, offers: Ints) -> tuple[Ints, Ints]:
        """(position in `offers`, limit) of every limit that counts one of the offers."""
        return _join(self._limited, self._limit, offers)

    def limit_room(self) -> Ints:
        """(L,) households that each limit still admits in this month (rule 5)."""
        limits = self.problem.limits
        used = np.where(limits.monthly, self.taken_limit[:, self.month], self.taken_limit.sum(axis=1))
        room: Ints = np.maximum(limits.cap - used, 0)
        return room

    def room(self, offers: Ints) -> Ints:
        """(n,) households that might take each offer alone: waiting, homes, limits; indivisible ones all or none."""
        problem = self.problem
        claim = problem.offers.claim[offers]
        room = self.waiting[claim].copy()
        stock = problem.offers.stock.take(offers)
        taken = _bundled(stock.row, stock["pool"], stock["amount"])
        some = taken > 0
        amount, row, pools = taken[some], stock.row[some], stock["pool"][some]
        np.minimum.at(room, row, np.maximum(self.free[pools], 0) // amount)
        reserved = (problem.offers.route[offers] == Route.transfer)[row] & (problem.pools.surplus[pools] >= 0)
        open_to_all = np.maximum(self.open_to_transfer[pools[reserved]], 0)
        np.minimum.at(room, row[reserved], open_to_all // amount[reserved])
        position, limit = self.limits_of(offers)
        np.minimum.at(room, position, self.limit_room()[limit])
        claims = problem.claims
        partly = claims.indivisible[claim] & (room < claims.count[claim])
        return np.where(partly, 0, room)

    def settle(self, offers: Ints, households: Ints) -> None:
        """Households take offers in this month: homes, fees and all that falls due for it.

        Parameters
        ----------
        offers, households
            (n,) whole numbers; no offer twice.
        """
        table_of, now = self.problem.offers, self.month
        claim = table_of.claim[offers]
        np.subtract.at(self.waiting, claim, households)
        self.rows["settle"] += zip(offers.tolist(), [now] * offers.size, households.tolist(), strict=True)
        stock = table_of.stock.take(offers)
        amount = stock["amount"] * households[stock.row]
        np.subtract.at(self.free, stock["pool"], amount)
        moved = (table_of.route[offers] == Route.transfer)[stock.row]
        np.subtract.at(self.open_to_transfer, stock["pool"][moved], amount[moved])
        elsewhere = np.flatnonzero(table_of.route[offers] != Route.own_unit)
        position, entry = _join(self._owner, np.arange(self._owner.size), claim[elsewhere])
        np.add.at(self.open_to_transfer, self._owned[entry], self._frees[entry] * households[elsewhere][position])
        self._count_limits(now, offers, households)
        if self._answers is not None and self._willing is not None:
            kind = self._answers.kind[offers]
            np.subtract.at(self._willing, kind[kind >= 0], households[kind >= 0])
        self._book_costs(self.costs(offers), households)
        self._choices.append((now, offers, households))

    def ask(self, offers: Ints, households: Ints) -> Ints:
        """(n,) how many of the households say yes; where fewer than asked, the others will not be asked again.

        Parameters
        ----------
        offers, households
            (n,); no claim twice.
        """
        if self._answers is None or self._willing is None or not self._willing.size:
            return households
        kind = self._answers.kind[offers]
        willing = np.where(kind >= 0, np.maximum(self._willing[kind], 0), households)
        refused = np.flatnonzero(willing < households)
        if refused.size:
            # Offers of a claim lie together: all of the kind that was declined are closed with it.
            claims = self.problem.offers.claim
            first = np.searchsorted(claims, claims[offers[refused]], side="left")
            length = np.searchsorted(claims, claims[offers[refused]], side="right") - first
            every = np.arange(length.sum()) + np.repeat(first - np.cumsum(length) + length, length)
            same = self._answers.kind[every] == np.repeat(kind[refused], length)
            self.declined[every[same]] = True
        return np.minimum(willing, households)

    def _count_limits(self, month: int, offers: Ints, households: Ints) -> None:
        position, limit = self.limits_of(offers)
        np.add.at(self.taken_limit[:, month], limit, households[position])

    def _book_costs(self, costs: Costs, households: Ints) -> None:
        np.add.at(self.scheduled, (costs.need, costs.month), costs.fen * households[costs.row])
        np.add.at(self.received, (costs.fund, costs.back_month), costs.back_fen * households[costs.back_row])
        at_once = costs.back_month == self.month
        np.add.at(self.balance, costs.fund[at_once], (costs.back_fen * households[costs.back_row])[at_once])

    def costs(self, offers: Ints) -> Costs:
        """What falls due, and comes in, for one household that takes an offer in this month (rule 3)."""
        return costs_of(self.problem.offers, offers, self.month)

    def _waiting_fees(self) -> Ints:
        """(G, C) fees if everybody waits to the end of the horizon."""
        problem = self.problem
        result = np.zeros((problem.bills.need.size, problem.fees.months), dtype=np.int64)
        horizon = slice(0, problem.calendar.months)
        for start in range(0, len(problem.claims), BLOCK):
            block = np.arange(start, min(start + BLOCK, len(problem.claims)))
            fen = problem.fees.fen(block, horizon) * problem.claims.count[block][:, None]
            bills, bill = np.unique(problem.claims.bill[block], return_inverse=True)
            summed = np.zeros((bills.size, fen.shape[1]), dtype=np.int64)
            np.add.at(summed, bill, fen)
            result[bills, horizon] += summed
        return result

    def booked_fees(self) -> Ints:
        """(G, C) fen of fees, `accrued` once all choices are booked."""
        self._book_fees()
        return self.accrued

    def _book_fees(self) -> None:
        """Change the fees of those who have chosen since: no longer the curve to the end (rule 2)."""
        for month, offers, households in self._choices[self._booked :]:
            for start in range(0, offers.size, BLOCK):
                part = slice(start, start + BLOCK)
                self._book_block(month, offers[part], households[part])
        self._booked = len(self._choices)

    def _book_block(self, now: int, offer: Ints, households: Ints) -> None:
        problem, offers, fees = self.problem, self.problem.offers, self.problem.fees
        claim = offers.claim[offer]
        bill = problem.claims.bill[claim]
        ahead = slice(now, problem.calendar.months)
        np.subtract.at(self.accrued[:, ahead], bill, fees.fen(claim, ahead) * households[:, None])
        stated = offers.stated_stream[offer]
        stream = offers.stream.take(offer[stated])
        month = now + np.arange(stream.row.size) - stream.start[stream.row]
        np.add.at(self.accrued, (bill[stated][stream.row], month), stream["fen"] * households[stated][stream.row])
        # All others: the curve until housed, then the tail.
        offer, claim, bill, households = offer[~stated], claim[~stated], bill[~stated], households[~stated]
        housed = now + offers.housed_after[offer].astype(np.int64)
        until = slice(now, int(housed.max(initial=now)))
        going = fees.fen(claim, until) * (np.arange(now, until.stop) < housed[:, None])
        np.add.at(self.accrued[:, until], bill, going * households[:, None])
        row = np.repeat(np.arange(offer.size), offers.tail[offer])
        month = housed[row] + np.arange(row.size) - np.searchsorted(row, row)
        tail = fees.tail_fen(claim[row], housed[row], month, offers.tail_multiplier[offer[row]])
        np.add.at(self.accrued, (bill[row], month), tail * households[row])

    # --- what falls due

    def dues(self) -> Ints:
        """(N, B) fen that falls due as things stand, surcharges aside (rule 7)."""
        problem = self.problem
        result = self.scheduled.copy()
        np.add.at(result, problem.bills.need, self._government())
        return result

    def _government(self) -> Ints:
        """(G, B) the government's part of the fees by due month."""
        self._book_fees()
        bills, books = self.problem.bills, self.problem.calendar.books
        billed = np.zeros((bills.need.size, books), dtype=np.int64)
        bill, month = np.nonzero(self.accrued)
        np.add.at(billed, (bill, np.minimum(bills.due[bill, month], books - 1)), self.accrued[bill, month])
        return share_of(billed, bills.paid_ppm[:, None], PPM)

    def book_recoveries(self) -> None:
        """Book what developers pay back of this month's fees, later or at once."""
        bills, books = self.problem.bills, self.problem.calendar.books
        back = share_of(self._government()[:, self.month], bills.recovered_ppm, PPM)
        for bill in np.flatnonzero((back > 0) & (bills.recovered_into >= 0)).tolist():
            fund, month = int(bills.recovered_into[bill]), self.month + int(bills.recovered_after[bill])
            if month == self.month:
                self.balance[fund] += back[bill]
            elif month < books:
                self.recovered[fund, month] += back[bill]

    def build(self, phase: int, fen: int) -> None:
        """Work worth `fen` is done on a phase; the money itself went by `pay`."""
        self.spent[phase, self.month] += fen
        self.scheduled[self.problem.phases.need[phase], self.month] += fen
        self.rows["build"].append((phase, self.month, fen))

    # --- a frozen past

    def repeat(self, past: Decisions) -> None:
        """Do in the open month what was decided for it before: every table of `past`."""
        tables: dict[str, list[list[int]]] = {
            name: (rows := getattr(past, name))[rows[:, column] == self.month].tolist()
            for name, column in Decisions.MONTH_COLUMN.items()
        }
        self._repeat_works(tables)
        dues = self.dues()[:, self.month] + [self.surcharge(need) for need in range(len(self.problem.needs))]
        met = np.zeros_like(dues)
        for fund, need, _, fen in tables["pay"]:
            self.pay_from(fund, need, fen)
            met[need] += fen
        for need, _, fen in tables["offset"]:
            self.book_offset(need, fen)
            met[need] += fen
        for name in ("shortfall", "owe"):
            for need, _, fen in tables[name]:
                self.rows[name].append((need, self.month, fen))
                met[need] += fen
        for need, _, fen in tables["owe"]:
            self.arrears[need] += fen
            self.owed_by[need, self.month + 1 :] += fen
        for need in np.flatnonzero(met > dues).tolist():
            self.clear(need, int(met[need] - dues[need]))

    def _repeat_works(self, tables: dict[str, list[list[int]]]) -> None:
        """Hand over, settle, borrow, build and move as in the tables of a month."""
        for phase, _ in tables["complete"]:
            self.hand_over(phase)
        if tables["settle"]:
            offers, _, households = np.array(tables["settle"], dtype=np.int64).T
            kept, place = np.unique(offers, return_inverse=True)
            self.settle(kept, table((kept.size, 1), place, np.zeros_like(place), households)[:, 0])
        for name, book in (("borrow", self.draw), ("repay", self.repay), ("build", self.build), ("move", self.move)):
            for row, _, fen in tables[name]:
                book(row, fen)


def _join(sorted_keys: Ints, values: Ints, keys: NDArray[np.integer]) -> tuple[Ints, Ints]:
    """(position in `keys`, value) of every entry whose key is one of `keys`; entries are sorted by key."""
    first = np.searchsorted(sorted_keys, keys, side="left")
    length = np.searchsorted(sorted_keys, keys, side="right") - first
    position = np.repeat(np.arange(length.size), length)
    entry = np.arange(position.size) + np.repeat(first - np.cumsum(length) + length, length)
    return position, values[entry]


def _bundled(row: Ints, pool: Ints, amount: Ints) -> Ints:
    """Amount that the offer of each entry takes from the entry's pool in all: a bundle may name one pool twice."""
    if row.size == 0:
        return amount
    key = row * (int(pool.max()) + 1) + pool
    _, place = np.unique(key, return_inverse=True)
    total = np.zeros(place.max() + 1, dtype=np.int64)
    np.add.at(total, place, amount)
    return total[place]
