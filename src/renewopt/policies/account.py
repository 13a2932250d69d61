"""The account of a rule policy: households, homes and fees beside the till, kept up to date while it decides.

`Account` walks through the months of the books once. In each month a policy hands over, settles, pays and builds
through it; the account takes care of what that makes fall due later. ``docs/accounts.md`` numbers the rules.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import numpy as np

from renewopt.ledger.exact import round_half_up, share_of
from renewopt.policies.till import Ints, Till
from renewopt.problem import Decisions, Problem
from renewopt.units import PPM

__all__ = ["Account", "Ints"]

BLOCK = 1 << 13
"""Claims whose fee curves are read at once."""


class Account(Till):
    """The running account of a problem.

    Parameters
    ----------
    problem

    Attributes
    ----------
    waiting
        (H,) households with no choice yet.
    accrued
        (G, C) fen of fees: what is certain by the choices made, and what those who wait now cost if they go on
        waiting to the end of the horizon.
    free
        (P,) hundredths of stock handed over and not taken.
    complete
        (E,) bool.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.waiting = problem.claims.count.copy()
        self.accrued = self._waiting_fees()
        self._chosen: list[tuple[int, int]] = []
        self.free = np.zeros(len(problem.pools), dtype=np.int64)
        self.complete = np.zeros(len(problem.phases), dtype=np.bool_)
        self.taken_limit = np.zeros((len(problem.limits), problem.calendar.months), dtype=np.int64)
        self._limits_of = _invert(problem.limits.offers.row, problem.limits.offers["offer"])

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

    def room(self, offer: int) -> int:
        """How many households may take an offer now, by waiting, stock handed over and limits (rules 1, 4, 5)."""
        problem, offers = self.problem, self.problem.offers
        claim = int(offers.claim[offer])
        room = int(self.waiting[claim])
        taken: dict[int, int] = defaultdict(int)  # a bundle may name one pool twice
        for entry in range(*offers.stock.start[offer : offer + 2]):
            taken[int(offers.stock["pool"][entry])] += int(offers.stock["amount"][entry])
        for pool, amount in taken.items():
            if amount > 0:
                room = min(room, max(int(self.free[pool]), 0) // amount)
        for limit in self._limits_of.get(offer, ()):
            used = self.taken_limit[limit]
            so_far = used[self.month] if problem.limits.monthly[limit] else used.sum()
            room = min(room, max(int(problem.limits.cap[limit] - so_far), 0))
        if problem.claims.indivisible[claim] and room < problem.claims.count[claim]:
            return 0
        return room

    def settle(self, offer: int, households: int) -> None:
        """Households take an offer in this month: homes, fees and all that falls due for it."""
        offers, now = self.problem.offers, self.month
        claim = int(offers.claim[offer])
        self.waiting[claim] -= households
        self.rows["settle"].append((offer, now, households))
        stock = slice(*offers.stock.start[offer : offer + 2])
        np.subtract.at(self.free, offers.stock["pool"][stock], offers.stock["amount"][stock] * households)
        for limit in self._limits_of.get(offer, ()):
            self.taken_limit[limit, now] += households
        for need, month, fen in self.costs(offer):
            self.scheduled[need, month] += fen * households
        for entry in range(*offers.lines.start[offer : offer + 2]):
            if offers.lines["fen"][entry] < 0:
                fund, month = int(offers.lines["fund"][entry]), now + int(offers.lines["after"][entry])
                self.received[fund, month] -= offers.lines["fen"][entry] * households
                if month == now:
                    self.balance[fund] -= offers.lines["fen"][entry] * households
        self._chosen.append((offer, households))

    def costs(self, offer: int) -> list[tuple[int, int, int]]:
        """(need, month, fen) that fall due for one household that takes an offer in this month (rule 3)."""
        offers, now = self.problem.offers, self.month
        result = []
        if offers.price_need[offer] >= 0:
            price = int(offers.price_fen(np.array([offer]), np.array([now]))[0])
            plan, before = slice(*offers.instalments.start[offers.schedule[offer] :][:2]), 0
            afters, cumulative = offers.instalments["after"][plan], offers.instalments["cumulative_ppm"][plan]
            for after, ppm in zip(afters.tolist(), cumulative.tolist(), strict=True):
                due = round_half_up(Fraction(price * ppm, PPM))
                result.append((int(offers.price_need[offer]), now + after, due - before))
                before = due
        for entry in range(*offers.lines.start[offer : offer + 2]):
            fen = int(offers.lines["fen"][entry])
            if fen > 0:
                result.append((int(offers.lines["need"][entry]), now + int(offers.lines["after"][entry]), fen))
        return result

    def _waiting_fees(self) -> Ints:
        """(G, C) fees if everybody waits to the end of the horizon."""
        problem = self.problem
        result = np.zeros((problem.bills.need.size, problem.fees.months), dtype=np.int64)
        horizon = slice(0, problem.calendar.months)
        for start in range(0, len(problem.claims), BLOCK):
            block = np.arange(start, min(start + BLOCK, len(problem.claims)))
            fen = problem.fees.fen(block, horizon) * problem.claims.count[block][:, None]
            np.add.at(result[:, horizon], problem.claims.bill[block], fen)
        return result

    def _book_fees(self) -> None:
        """Change the fees of those who chose in this month: no longer the curve to the end (rule 2)."""
        chosen, self._chosen = np.array(self._chosen, dtype=np.int64).reshape(-1, 2), []
        for start in range(0, len(chosen), BLOCK):
            self._book_block(*chosen[start : start + BLOCK].T)

    def _book_block(self, offer: Ints, households: Ints) -> None:
        problem, offers, fees, now = self.problem, self.problem.offers, self.problem.fees, self.month
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
        for phase, _ in tables["complete"]:
            self.hand_over(phase)
        for offer, _, households in tables["settle"]:
            self.settle(offer, households)
        for loan, _, fen in tables["borrow"]:
            self.draw(loan, fen)
        for loan, _, fen in tables["repay"]:
            self.repay(loan, fen)
        for phase, _, fen in tables["build"]:
            self.build(phase, fen)
        for move, _, fen in tables["move"]:
            self.move(move, fen)
        dues = self.dues()[:, self.month] + [self.surcharge(need) for need in range(len(self.problem.needs))]
        met = np.zeros_like(dues)
        for fund, need, _, fen in tables["pay"]:
            self.pay_from(fund, need, fen)
            met[need] += fen
        for name in ("offset", "shortfall", "owe"):
            for need, _, fen in tables[name]:
                self.rows[name].append((need, self.month, fen))
                met[need] += fen
        for need, _, fen in tables["owe"]:
            self.arrears[need] += fen
            self.owed_by[need, self.month + 1 :] += fen
        for need in np.flatnonzero(met > dues).tolist():
            self.clear(need, int(met[need] - dues[need]))


def _invert(row: Ints, value: Ints) -> dict[int, list[int]]:
    """Rows by value."""
    result: dict[int, list[int]] = defaultdict(list)
    for limit, offer in zip(row.tolist(), value.tolist(), strict=True):
        result[offer].append(limit)
    return dict(result)
