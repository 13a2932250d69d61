"""State of a simulation: households, homes and fees beside the cash, kept up to date while a policy decides.

`SimulationState` steps through the months of the books once. In each month a policy hands over, settles, pays and
builds through it, and it dates what that makes fall due later. ``docs/accounts.md`` numbers the rules.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.dues import bill_fees, recover_fees
from renewopt.ledger.exact import table
from renewopt.policies.cash import CashState, Ints
from renewopt.policies.costs import Costs, costs_of
from renewopt.problem import Decisions, Problem, Ragged, Route

__all__ = ["Answers", "Ints", "SimulationState"]

BLOCK = 1 << 13
"""Claims whose fee curves are read at once."""
ANY_NUMBER = 1 << 40
"""Of households, where no limit holds."""


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


class SimulationState(CashState):
    """State of a problem in the course of a simulation.

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
    limit_counts
        (L,) households that each limit counts so far; monthly ones those of this month.
    declined
        (O,) bool: offers that were put to a household and declined.
    waiting_fees
        (H, T + 1) fen that waiting from the start up to each month costs one household.
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
        self._taken = np.zeros(len(problem.offers), dtype=np.int64)
        self._taken_now = np.zeros(len(problem.offers), dtype=np.int64)
        self._bills: Ints | None = None
        self._frees = problem.freed_by
        self._indivisible = bool((problem.claims.indivisible & (problem.claims.count > 1)).any())
        self._read_limits()
        self._read_stock()
        self.accrued = self._fees_of(np.arange(len(problem.claims)))
        self.waiting_fees = np.zeros((len(problem.claims), problem.calendar.months + 1), dtype=np.int64)
        self._look_ahead(np.arange(len(problem.claims)))

    def adopt(self, problem: Problem) -> None:
        """Go on with tables that are known by now; they agree with the former ones on all that has happened."""
        self._book_fees()
        former = self.problem
        changed = np.flatnonzero(_pay_otherwise(former, problem))
        accrued = self.accrued - self._fees_of(changed) if changed.size else self.accrued
        self.problem = problem
        if problem.needs.fixed is not former.needs.fixed:
            self.scheduled = self.scheduled + problem.needs.fixed - former.needs.fixed
        if changed.size:
            self.accrued = accrued + self._fees_of(changed)
            self._bills = None
            self._look_ahead(changed)
        if problem.limits is not former.limits:
            self._read_limits()
        if problem.offers.stock is not former.offers.stock:
            self._read_stock()

    def _read_limits(self) -> None:
        """Limits by offer, and what each counts so far; monthly ones in this month."""
        limits = self.problem.limits
        self._limits = Ragged.build(len(self.problem.offers), limits.offers["offer"], limit=limits.offers.row)
        row, counted = limits.offers.row, limits.offers["offer"]
        taken = np.where(limits.monthly[row], self._taken_now[counted], self._taken[counted])
        self.limit_counts = np.bincount(row, taken, len(limits)).astype(np.int64)

    def _read_stock(self) -> None:
        """Pool and amount of the offers that take from one pool; of bundles, what they take from each of theirs."""
        stock = self.problem.offers.stock
        length = np.diff(stock.start)
        one = np.flatnonzero(length == 1)
        self._bundle = length > 1
        entry = self._bundle[stock.row].nonzero()[0]
        pool = stock["pool"][entry]
        taken = _bundled(stock.row[entry], pool, stock["amount"][entry])
        some = taken > 0
        self._takes = Ragged.build(length.size, stock.row[entry[some]], pool=pool[some], amount=taken[some])
        self._pool = np.zeros(length.size, dtype=np.int64)
        self._amount = np.zeros(length.size, dtype=np.int64)
        self._pool[one], self._amount[one] = stock["pool"][stock.start[one]], stock["amount"][stock.start[one]]

    def open(self, month: int) -> None:
        """Begin a month: money comes in, loans are serviced, known homes arrive."""
        super().open(month)
        self._taken_now[:] = 0
        self.limit_counts[self.problem.limits.monthly] = 0
        arrivals = self.problem.pools.arrivals
        now = arrivals["month"] == month
        np.add.at(self.free, arrivals.row[now], arrivals["amount"][now])

    # --- homes

    def ready(self) -> Ints:
        """Phases paid for in time that may be handed over in this month."""
        phases, now = self.problem.phases, self.month
        waiting = (~self.complete & (phases.earliest <= now)).nonzero()[0]
        paid = [self.spent[e, : max(now - int(phases.lag[e]) + 1, 0)].sum() >= phases.cost[e] for e in waiting]
        return waiting[np.array(paid, dtype=np.bool_)]

    def hand_over(self, phase: int) -> None:
        """Phase `phase` is complete: its homes are there."""
        self.complete[phase] = True
        delivers = self.problem.phases.delivers
        here = slice(*delivers.start[phase : phase + 2])
        np.add.at(self.free, delivers["pool"][here], delivers["amount"][here])
        self.rows["complete"].append((phase, self.month))

    def limits_of(self, offers: Ints) -> tuple[Ints, Ints]:
        """(position in `offers`, limit) of every limit that counts one of the offers."""
        counting = self._limits.take(offers)
        return counting.row, counting["limit"]

    def limit_room(self) -> Ints:
        """(L,) households that each limit still admits in this month (rule 5)."""
        limits = self.problem.limits
        held = ~limits.monthly | ((limits.first <= self.month) & (self.month <= limits.last))
        room: Ints = np.where(held, np.maximum(limits.cap - self.limit_counts, 0), ANY_NUMBER)
        return room

    def room(self, offers: Ints) -> Ints:
        """(n,) households that might take each offer alone: waiting, homes, limits; indivisible ones all or none."""
        problem = self.problem
        claim = problem.offers.claim[offers]
        row = self._amount[offers].nonzero()[0]
        pools, amount = self._pool[offers[row]], self._amount[offers[row]]
        bundles = self._bundle[offers].nonzero()[0]
        if bundles.size:
            stock = self._takes.take(offers[bundles])
            row = np.concatenate([row, bundles[stock.row]])
            pools, amount = np.concatenate([pools, stock["pool"]]), np.concatenate([amount, stock["amount"]])
        most = np.maximum(self.free, 0)[pools] // amount
        reserved = (problem.offers.route[offers[row]] == Route.transfer) & (problem.pools.surplus[pools] >= 0)
        open_to_all = np.maximum(self.open_to_transfer[pools[reserved]], 0)
        most[reserved] = np.minimum(most[reserved], open_to_all // amount[reserved])
        room = self.waiting[claim].copy()
        if bundles.size:
            np.minimum.at(room, row, most)
        else:
            room[row] = np.minimum(room[row], most)
        if len(problem.limits):
            position, limit = self.limits_of(offers)
            np.minimum.at(room, position, self.limit_room()[limit])
        claims = problem.claims
        if self._indivisible:
            room[claims.indivisible[claim] & (room < claims.count[claim])] = 0
        return room

    def settle(self, offers: Ints, households: Ints, costs: Costs | None = None) -> None:
        """Households take offers in this month: homes, fees and all that falls due for it.

        Parameters
        ----------
        offers, households
            (n,) whole numbers; no offer twice.
        costs
            Of the offers, if already computed.
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
        if self._frees["pool"].size:
            freed = self._frees.take(claim[elsewhere])
            np.add.at(self.open_to_transfer, freed["pool"], freed["amount"] * households[elsewhere][freed.row])
        self._taken[offers] += households
        self._taken_now[offers] += households
        if len(self.problem.limits):
            position, limit = self.limits_of(offers)
            np.add.at(self.limit_counts, limit, households[position])
        if self._answers is not None and self._willing is not None:
            kind = self._answers.kind[offers]
            np.subtract.at(self._willing, kind[kind >= 0], households[kind >= 0])
        self._book_costs(self.costs(offers) if costs is None else costs, households)
        self._choices.append((now, offers, households))

    def ask(self, offers: Ints, households: Ints) -> Ints:
        """(n,) how many of the households say yes; where fewer than asked, the others will not be asked again.

        Parameters
        ----------
        offers, households
            (n,); no claim twice.
        """
        willing = self.willing(offers, households)
        refused = np.flatnonzero(willing < households)
        if refused.size and self._answers is not None:
            # Offers of a claim lie together: all of the kind that was declined are closed with it.
            claims = self.problem.offers.claim
            first = np.searchsorted(claims, claims[offers[refused]], side="left")
            length = np.searchsorted(claims, claims[offers[refused]], side="right") - first
            every = np.arange(length.sum()) + np.repeat(first - np.cumsum(length) + length, length)
            same = self._answers.kind[every] == np.repeat(self._answers.kind[offers[refused]], length)
            self.declined[every[same]] = True
        return willing

    def willing(self, offers: Ints, households: Ints) -> Ints:
        """(n,) how many of the households would say yes; what only the state may know before they are asked."""
        if self._answers is None or self._willing is None or not self._willing.size:
            return households
        kind = self._answers.kind[offers]
        return np.where(kind >= 0, np.minimum(np.maximum(self._willing[kind], 0), households), households)

    def next_asked(self, ranked: Ints, place: Ints, households: Ints) -> int:
        """Place of the first offer that is put to a household after it has declined another one; their number if none.

        Parameters
        ----------
        ranked
            (n,) offers in the order in which they are put to households.
        place, households
            Places of some of them, none of one claim twice; and to how many households each is put.
        """
        offers = ranked[place]
        refused = np.flatnonzero(self.willing(offers, households) < households)
        if not refused.size or self._answers is None:
            return int(ranked.size)
        claims, kinds = self.problem.offers.claim, self._answers.kind
        declined = np.full(self.waiting.size, -1, dtype=np.int64)
        declined[claims[offers[refused]]] = refused
        by = declined[claims[ranked]]
        another = (by >= 0) & (kinds[ranked] != kinds[offers[by]]) & (np.arange(ranked.size) > place[by])
        return int(another.argmax()) if another.any() else int(ranked.size)

    def _book_costs(self, costs: Costs, households: Ints) -> None:
        np.add.at(self.scheduled, (costs.need, costs.month), costs.fen * households[costs.row])
        np.add.at(self.received, (costs.fund, costs.back_month), costs.back_fen * households[costs.back_row])
        at_once = costs.back_month == self.month
        np.add.at(self.balance, costs.fund[at_once], (costs.back_fen * households[costs.back_row])[at_once])

    def costs(self, offers: Ints) -> Costs:
        """What falls due, and comes in, for one household that takes an offer in this month (rule 3)."""
        return costs_of(self.problem.offers, offers, self.month)

    def _fees_of(self, claims: Ints) -> Ints:
        """(G, C) fees of some claims: what waiting to the end of the horizon costs, changed by the choices booked."""
        problem = self.problem
        result = np.zeros((problem.bills.need.size, problem.fees.months), dtype=np.int64)
        horizon = slice(0, problem.calendar.months)
        for start in range(0, claims.size, BLOCK):
            block = claims[start : start + BLOCK]
            fen = problem.fees.fen(block, horizon) * problem.claims.count[block][:, None]
            _add_rows(result[:, horizon], problem.claims.bill[block], fen)
        if self._choices:
            mine = np.zeros(len(problem.claims), dtype=np.bool_)
            mine[claims] = True
            months, offers, households = _choices(self._choices)
            rows = mine[problem.offers.claim[offers]]
            self._book_choices(result, months[rows], offers[rows], households[rows])
        return result

    def _look_ahead(self, claims: Ints) -> None:
        """Compute what waiting costs some claims."""
        horizon = slice(0, self.problem.calendar.months)
        for start in range(0, claims.size, BLOCK):
            block = claims[start : start + BLOCK]
            self.waiting_fees[block, 1:] = np.cumsum(self.problem.fees.fen(block, horizon), axis=1)

    def booked_fees(self) -> Ints:
        """(G, C) fen of fees, `accrued` once all choices are booked."""
        self._book_fees()
        return self.accrued

    def _book_fees(self) -> None:
        """Change the fees of those who have chosen since: no longer the curve to the end (rule 2)."""
        if self._booked == len(self._choices):
            return
        self._book_choices(self.accrued, *_choices(self._choices[self._booked :]))
        self._booked = len(self._choices)
        self._bills = None

    def _book_choices(self, accrued: Ints, months: Ints, offers: Ints, households: Ints) -> None:
        """Change in `accrued` what choices change."""
        for start in range(0, offers.size, BLOCK):
            part = slice(start, start + BLOCK)
            self._book_block(accrued, months[part], offers[part], households[part])

    def _book_block(self, accrued: Ints, now: Ints, offer: Ints, households: Ints) -> None:
        problem, offers, fees = self.problem, self.problem.offers, self.problem.fees
        claim = offers.claim[offer]
        bill = problem.claims.bill[claim]
        stated = offers.stated_stream[offer]
        # The curve ends when the household is housed, which may be after the horizon; a stated stream takes its place
        # at once.
        stop = np.where(stated, now, now + offers.housed_after[offer].astype(np.int64))
        horizon = problem.calendar.months
        ahead = slice(min(int(stop.min(initial=horizon)), horizon), max(int(stop.max(initial=0)), horizon))
        months = np.arange(ahead.start, ahead.stop)
        waits = months < stop[:, None]
        change = np.where(months < horizon, waits.astype(np.int64) - 1, waits)
        _add_rows(accrued[:, ahead], bill, fees.fen(claim, ahead) * change * households[:, None])
        stream = offers.stream.take(offer[stated])
        month = now[stated][stream.row] + np.arange(stream.row.size) - stream.start[stream.row]
        np.add.at(accrued, (bill[stated][stream.row], month), stream["fen"] * households[stated][stream.row])
        offer, claim, bill, households = offer[~stated], claim[~stated], bill[~stated], households[~stated]
        row = np.repeat(np.arange(offer.size), offers.tail[offer])
        housed = stop[~stated][row]
        month = housed + np.arange(row.size) - np.searchsorted(row, row)
        tail = fees.tail_fen(claim[row], housed, month, offers.tail_multiplier[offer[row]])
        np.add.at(accrued, (bill[row], month), tail * households[row])

    # --- what falls due

    def dues(self) -> Ints:
        """(N, B) fen that falls due as things stand, surcharges aside (rule 7)."""
        problem = self.problem
        result = self.scheduled.copy()
        np.add.at(result, problem.bills.need, self._government())
        return result

    def due_now(self) -> Ints:
        """(N,) fen that falls due in the open month, surcharges aside."""
        result = self.scheduled[:, self.month].copy()
        np.add.at(result, self.problem.bills.need, self._government()[:, self.month])
        return result

    def known_dues(self) -> Ints:
        """(N, B) fen that falls due as things stand, with the service of loans and of arrears."""
        return self.dues() + self.service_ahead() + self.arrears_ahead()

    def _government(self) -> Ints:
        """(G, B) the government's part of the fees by due month; not to be changed."""
        self._book_fees()
        if self._bills is None:
            self._bills = bill_fees(self.problem.bills, self.accrued, self.problem.calendar.books)[1]
        return self._bills

    def book_recoveries(self) -> None:
        """Book what developers pay back of this month's fees, later or at once."""
        now = self.month
        if not (self.problem.bills.recovered_ppm * self._government()[:, now]).any():
            return
        of_now = np.zeros_like(self._government())
        of_now[:, now] = self._government()[:, now]
        back = recover_fees(self.problem, of_now)
        self.balance += back[:, now]
        self.recovered[:, now + 1 :] += back[:, now + 1 :]

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


def _choices(made: list[tuple[int, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    """(n,) month, offer and households of each choice."""
    months = np.array([month for month, _, _ in made], dtype=np.int64)
    sizes = [offers.size for _, offers, _ in made]
    return (
        np.repeat(months, sizes),
        np.concatenate([offers for _, offers, _ in made]),
        np.concatenate([households for _, _, households in made]),
    )


def _pay_otherwise(one: Problem, other: Problem) -> NDArray[np.bool_]:
    """(H,) whether the fees of a claim differ between two problems."""
    same = all(
        getattr(one.offers, name) is getattr(other.offers, name)
        for name in ("housed_after", "tail", "tail_multiplier", "stated_stream", "stream")
    )
    return one.fees.differs(other.fees) if same else np.ones(len(one.claims), dtype=np.bool_)


def _add_rows(target: Ints, place: NDArray[np.integer], rows: Ints) -> None:
    """Add each row to the row of `target` at its place; places may be named more than once."""
    if not place.size:
        return
    order = np.argsort(place, kind="stable")
    grouped = place[order]
    first = np.flatnonzero(np.concatenate([[True], grouped[1:] != grouped[:-1]]))
    target[grouped[first]] += np.add.reduceat(rows[order], first, axis=0)


def _bundled(row: Ints, pool: Ints, amount: Ints) -> Ints:
    """Amount that the offer of each entry takes from the entry's pool in all: a bundle may name one pool twice."""
    if row.size == 0:
        return amount
    key = row * (int(pool.max()) + 1) + pool
    _, place = np.unique(key, return_inverse=True)
    total = np.zeros(place.max() + 1, dtype=np.int64)
    np.add.at(total, place, amount)
    return total[place]
