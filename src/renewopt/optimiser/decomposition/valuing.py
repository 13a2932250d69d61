"""What every choice costs one household at given prices: array passes over blocks of households.

Nothing here knows of rules. Amounts are rounded to fen exactly as `renewopt.optimiser.model.choices` rounds them. A
block is small enough to stay in a processor's cache and large enough for the calls to cost little, so that nothing
needs to be compiled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from renewopt.optimiser.model.coding import codes
from renewopt.optimiser.model.entries import by_rows
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, steps
from renewopt.problem import Problem, Ragged, Route
from renewopt.problem.fee_curves import PERMILLE
from renewopt.units import PPM, divide_half_up
from renewopt.vocabulary import Goal

"""Micro-yuan times thousandths in a fen."""
UNPRICED = -1
IN_FORCE = -1
"""Tail multiplier: the one in force in the month of being housed."""


@dataclass(frozen=True, eq=False)
class Groups:
    """What households have in common, so that its price is reckoned once, and what their lines are paid by.

    Attributes
    ----------
    tone
        (H,) claims whose fees are priced alike.
    release
        (H,) claims that free the same reserved homes.
    line_row
        (lines,) row of money that pays the line, or receives it.
    """

    tone: IntArray
    release: IntArray
    line_row: IntArray


@dataclass(frozen=True, eq=False)
class Tariff:
    """Prices, in 万元.

    Attributes
    ----------
    plain, late
        (tones, B) of a fen of fee; more of it if overdue.
    still_plain, still_late
        (tones,) the same of a month after the horizon.
    still_fixed
        (H,) of never being housed.
    waiting
        (tones,) of a month from moving out until housed.
    waits
        (tones,) of a month of the wait as goals of equal waits count it: to the end of the months of decision, less
        what was waited before month 0.
    form_of
        (O,) form of each offer: what homes it takes, when, and under which limits.
    form
        (forms, T) of these homes and limits, by month of choice.
    release
        (releases, T) of the reserved homes that another route than the own frees, by month of choice.
    disutility
        (tones,) of a unit of disutility.
    kept
        (tones,) of a change; a household that is kept one less.
    money
        (rows, B) of a fen due or received.
    """

    plain: FloatArray
    late: FloatArray
    still_plain: FloatArray
    still_late: FloatArray
    still_fixed: FloatArray
    waiting: FloatArray
    waits: FloatArray
    form_of: IntArray
    form: FloatArray
    release: FloatArray
    disutility: FloatArray
    kept: FloatArray
    money: FloatArray


class Valued(NamedTuple):
    """(n,) values of never choosing, (rows, T) of all choices, infinite where not open; (rows,) position of its claim.

    `offer` is (rows,) the offers that the rows are about.
    """

    never: FloatArray
    values: FloatArray
    owner: IntArray
    offer: IntArray


class ChoiceValues:
    """Values of the choices of a problem's households, at any prices.

    Parameters
    ----------
    start
        (H + 1,) first offer of each claim.
    """

    def __init__(self, problem: Problem, groups: Groups, start: IntArray) -> None:
        self.problem, self.groups, self.start = problem, groups, start
        offers, deadline = problem.offers, problem.claims.deadline[problem.offers.claim]
        self.ahead = offers.housed_after.astype(np.int64)
        self.end = np.where(deadline >= 0, np.minimum(offers.last, deadline - offers.housed_after), offers.last)
        self.not_own = offers.route != Route.own_unit
        self.changing = (offers.series_ppm != offers.series_ppm[:, :1]).any(axis=1)[offers.price_series]
        self.changing &= offers.price_need != UNPRICED
        self.tails = _Tails(problem)
        self._number_payments()

    def _number_payments(self) -> None:
        """Number what instalments and lines are paid by: a row of money, so many months after the choice.

        `plans` lists, for each pair of need and schedule of instalments that occurs, ``payment`` and ``upto``.
        """
        offers = self.problem.offers
        priced = np.flatnonzero(offers.price_need != UNPRICED)
        plan = codes(offers.price_need[priced], offers.schedule[priced])
        _, model = np.unique(plan, return_index=True)
        parts = offers.instalments.take(offers.schedule[priced[model]])
        row = np.concatenate([offers.price_need[priced[model]][parts.row], self.groups.line_row]).astype(np.int64)
        after = np.concatenate([parts["after"], offers.lines["after"]])
        payment = codes(row, after)
        _, first = np.unique(payment, return_index=True)
        self.pays_row, self.pays_after = row[first], after[first]
        size = parts.row.size
        self.plans = Ragged(parts.start, {"payment": payment[:size], "upto": parts["cumulative_ppm"]})
        self.line_payment = payment[size:]
        self.plan = np.zeros(len(offers), dtype=np.int64)
        self.plan[priced] = plan

    def at(self, tariff: Tariff) -> PricedChoices:
        """At these prices."""
        return PricedChoices(self, tariff)


class _Tails:
    """What fees in a tail depend on besides the household.

    Attributes
    ----------
    sort
        (O,) sort of tail, −1: none; by stated multiplier and length, which are
    length
        (sorts,) months, and
    kind
        (sorts, clocks, B) what the fee is by clock and month of being housed, of which there are
    multiplier, late
        (kinds,) multiplier, and whether it counts as overdue.
    """

    def __init__(self, problem: Problem) -> None:
        offers, fees, books = problem.offers, problem.fees, problem.calendar.books
        goes_on = np.flatnonzero((offers.tail > 0) & ~offers.stated_stream)
        sort = codes(offers.tail_multiplier[goes_on], offers.tail[goes_on])
        self.sort = np.full(len(offers), -1, dtype=np.int64)
        self.sort[goes_on] = sort
        _, model = np.unique(sort, return_index=True)
        self.length = offers.tail[goes_on[model]].astype(np.int64)
        stated = offers.tail_multiplier[goes_on[model]][:, None, None]
        in_force, overdue = fees.multiplier[:, :books], fees.overdue[:, :books]
        multiplier = np.where(stated == IN_FORCE, in_force, stated)
        # A fee that goes on as it was is what it was; a stated multiplier must also exceed the ordinary rate.
        late = overdue & ((stated == IN_FORCE) | (stated > PERMILLE))
        kind = codes(multiplier.ravel(), late.ravel())
        _, first = np.unique(kind, return_index=True)
        self.kind = kind.reshape(multiplier.shape)
        self.multiplier, self.late = multiplier.ravel()[first].astype(np.int64), late.ravel()[first]


class PricedChoices:
    """Values of choices at given prices; from `ChoiceValues.at`."""

    def __init__(self, choices: ChoiceValues, tariff: Tariff) -> None:
        self._of, self._tariff = choices, tariff
        problem = choices.problem
        self._months, self._books = problem.calendar.months, problem.calendar.books
        at = np.arange(self._months) + choices.pays_after[:, None]
        money = tariff.money[choices.pays_row[:, None], np.minimum(at, self._books - 1)]
        self._payment = np.where(at < self._books, money, 0.0)
        # Months in which somebody may be housed, and in which a fee may be due then.
        ahead = int(choices.ahead.max(initial=0))
        self._housed = min(self._months + ahead, self._books)
        self._longest = int(choices.tails.length.max(initial=0))
        self._width = min(self._housed + self._longest, self._books)
        self._waits, self._releases, self._late = (
            bool(table.any()) for table in (tariff.waiting, tariff.release, tariff.late)
        )
        self._equal = bool(tariff.waits.any())

    def of(self, claims: IntArray) -> Valued:
        """Values of all choices of the listed claims."""
        problem = self._of.problem
        start = self._of.start
        length = start[claims + 1] - start[claims]
        owner = np.repeat(np.arange(claims.size), length)
        offer = start[claims].repeat(length) + steps(length)
        fees = self._fees(claims)
        wait = np.zeros((claims.size, self._housed + 1))
        np.cumsum(fees[:, : self._housed] * self._fee_price(claims), axis=1, out=wait[:, 1:])
        values = self._until(wait, owner, offer)
        values += self._tariff.form[self._tariff.form_of[offer]]
        values += self._paid(offer)
        tone = self._of.groups.tone[claims]
        disutility = problem.offers.disutility[offer] * self._tariff.disutility[tone][owner]
        if problem.offers.kept is not None:
            disutility = disutility + problem.offers.counted(Goal.CHANGES)[offer] * self._tariff.kept[tone][owner]
        if disutility.any():
            values += disutility[:, None]
        housed, owners = np.arange(self._months) + self._of.ahead[offer][:, None], claims[owner][:, None]
        if self._waits:
            values += self._tariff.waiting[tone][owner][:, None] * problem.months_waiting(owners, housed)
        if self._equal:
            known = problem.months_out(claims, 0)[owner][:, None]
            values += self._tariff.waits[tone][owner][:, None] * (problem.months_out(owners, housed) - known)
        if self._releases:
            freeing = np.flatnonzero(self._of.not_own[offer])
            values[freeing] += self._tariff.release[self._of.groups.release[claims[owner[freeing]]]]
        self._add_changing_prices(values, offer)
        self._add_tails(values, claims, owner, offer)
        self._add_stated(values, claims, owner, offer)
        month = np.arange(self._months)
        closed = (month < problem.offers.first[offer][:, None]) | (month > self._of.end[offer][:, None])
        values[closed] = np.inf
        return Valued(self._never(claims, fees, wait), values, owner, offer)

    def _fees(self, claims: IntArray) -> IntArray:
        """(n, months) fen of the months in which somebody may be housed, and of those valued after the horizon."""
        last = max(self._housed, self._of.problem.calendar.valued_until)
        return self._of.problem.fees.fen(claims, slice(last))

    def _fee_price(self, claims: IntArray) -> FloatArray:
        """(n, months) price of a fen of fee while waiting."""
        fees, tone = self._of.problem.fees, self._of.groups.tone[claims]
        price = self._tariff.plain[tone, : self._housed]
        if self._late:
            price = price + fees.overdue[fees.clock[claims], : self._housed] * self._tariff.late[tone, : self._housed]
        return price

    def _never(self, claims: IntArray, fen: IntArray, wait: FloatArray) -> FloatArray:
        """(n,) value of never choosing."""
        problem, tariff = self._of.problem, self._tariff
        fees, tone = problem.fees, self._of.groups.tone[claims]
        upto = self._months + problem.calendar.after_horizon_months
        after = slice(self._months, problem.calendar.valued_until)
        later = fen[:, after] * fees.is_valued(claims, problem.calendar)
        overdue = later * fees.overdue[fees.clock[claims], after]
        return np.asarray(
            wait[:, self._months]
            + tariff.still_fixed[claims]
            + later.sum(axis=1) * tariff.still_plain[tone]
            + overdue.sum(axis=1) * tariff.still_late[tone]
            + tariff.waiting[tone] * problem.months_waiting(claims, upto)
            + tariff.waits[tone]
            * (problem.months_out(claims, problem.never_housed(claims)) - problem.months_out(claims, 0))
        )

    def _until(self, wait: FloatArray, owner: IntArray, offer: IntArray) -> FloatArray:
        """(rows, T) priced fees until housed; where fees after the choice are stated, until the choice."""
        offers = self._of.problem.offers
        ahead = np.where(offers.stated_stream[offer], 0, self._of.ahead[offer])
        return np.asarray(self._windows(wait, owner, ahead))

    def _windows(self, table: Any, row: NDArray[np.integer], begin: NDArray[np.integer]) -> Any:
        """(rows, T) months begin … begin + T − 1 of the rows of a table by month; nothing after its last one."""
        short = int(begin.max(initial=0)) + self._months - table.shape[1]
        if short > 0:
            table = np.pad(table, ((0, 0), (0, short)))
        return sliding_window_view(table, self._months, axis=1)[row, begin]

    def _paid(self, offer: IntArray) -> FloatArray:
        """(rows, T) priced instalments of prices that do not change with the month, and lines."""
        offers = self._of.problem.offers
        flat = np.flatnonzero((offers.price_need[offer] != UNPRICED) & ~self._of.changing[offer])
        whole = offers.price_fen(offer[flat], np.zeros(flat.size, dtype=np.int64))
        parts = self._of.plans.take(self._of.plan[offer[flat]])
        upto = divide_half_up(whole[parts.row] * parts["upto"], PPM)
        amount = np.diff(upto, prepend=0)
        begins = parts.start[:-1][np.diff(parts.start) > 0]
        amount[begins] = upto[begins]
        start = offers.lines.start
        length = start[offer + 1] - start[offer]
        line = start[offer].repeat(length) + steps(length)
        row = np.concatenate([flat[parts.row], np.repeat(np.arange(offer.size), length)])
        payment = np.concatenate([parts["payment"], self._of.line_payment[line]])
        fen = np.concatenate([amount, offers.lines["fen"][line]]).astype(np.float64)
        return by_rows(row, payment, fen, (offer.size, len(self._payment))).times(self._payment)

    def _add_changing_prices(self, values: FloatArray, offer: IntArray) -> None:
        """Add priced instalments of prices that change with the month of choice."""
        at = np.flatnonzero(self._of.changing[offer])
        if not at.size:
            return
        offers, month = self._of.problem.offers, np.arange(self._months)[None, :]
        whole = offers.price_fen(offer[at][:, None], month)
        parts = self._of.plans.take(self._of.plan[offer[at]])
        length = np.diff(parts.start)
        before = np.zeros_like(whole)
        for k in range(int(length.max())):
            has = np.flatnonzero(length > k)
            entry = parts.start[has] + k
            upto = divide_half_up(whole[has] * parts["upto"][entry][:, None], PPM)
            values[at[has]] += (upto - before[has]) * self._payment[parts["payment"][entry]]
            before[has] = upto

    def _add_tails(self, values: FloatArray, claims: IntArray, owner: IntArray, offer: IntArray) -> None:
        """Add priced fees that go on after being housed."""
        fees, tails = self._of.problem.fees, self._of.tails
        at = np.flatnonzero(tails.sort[offer] >= 0)
        if not at.size:
            return
        sort, housed, tone, clock = (
            tails.sort[offer[at]],
            self._housed,
            self._of.groups.tone[claims],
            fees.clock[claims],
        )
        runs = fees.runs[clock, :housed] & (fees.ordinary[claims] > 0)[:, fees.segment[:housed]]
        upto: dict[int, FloatArray] = {}
        # Fees of few kinds are due in all: what each adds up to month by month is reckoned once.
        for which in np.unique(sort).tolist():
            length = int(tails.length[which])
            kind = np.where(runs, tails.kind[which, clock, :housed], -1)
            due = np.zeros((claims.size, housed))
            for k in np.flatnonzero(np.bincount(kind.ravel() + 1, minlength=tails.multiplier.size + 1)[1:]).tolist():
                if k not in upto:
                    upto[k] = self._going_on(claims, tone, int(tails.multiplier[k]), bool(tails.late[k]))
                np.copyto(due, upto[k][:, length : length + housed] - upto[k][:, :housed], where=kind == k)
            mine = at[sort == which]
            values[mine] += self._windows(due, owner[mine], self._of.ahead[offer[mine]])

    def _going_on(self, claims: IntArray, tone: IntArray, multiplier: int, late: bool) -> FloatArray:
        """(n, months + 1) priced fees of the months before each, at one multiplier."""
        price = self._tariff.plain[tone, : self._width]
        if late:
            price = price + self._tariff.late[tone, : self._width]
        upto = np.zeros((claims.size, self._housed + self._longest + 1))
        fen = self._of.problem.fees.fen_at(multiplier, claims, slice(self._width))
        np.cumsum(fen * price, axis=1, out=upto[:, 1 : self._width + 1])
        upto[:, self._width + 1 :] = upto[:, self._width : self._width + 1]
        return upto

    def _add_stated(self, values: FloatArray, claims: IntArray, owner: IntArray, offer: IntArray) -> None:
        """Add priced fees of stated streams."""
        offers, fees = self._of.problem.offers, self._of.problem.fees
        at = np.flatnonzero(offers.stated_stream[offer])
        if not at.size:
            return
        start = offers.stream.start
        length = start[offer[at] + 1] - start[offer[at]]
        tone, clock = self._of.groups.tone[claims], fees.clock[claims]
        for k in range(int(length.max(initial=0))):
            has = at[length > k]
            of, begin = owner[has], np.full(has.size, k)
            late_at = np.minimum(k, self._of.ahead[offer[has]])
            price = self._windows(self._tariff.plain, tone[of], begin)
            late = self._windows(self._tariff.late, tone[of], begin)
            overdue = self._windows(fees.overdue[:, : self._books], clock[of], late_at)
            fen = offers.stream["fen"][start[offer[has]] + k]
            values[has] += fen[:, None] * (price + overdue * late)


class BestResponses(NamedTuple):
    """Best value, value of never choosing, and the offer and month that are best (−1: none), of each claim.

    A claim that must be housed and has no choice has an infinite best value.
    """

    best: FloatArray
    never: FloatArray
    offer: IntArray
    month: IntArray


def best_responses(valued: Valued, must: BoolArray) -> BestResponses:
    """Best responses of the claims that were valued; of equal choices the first.

    Parameters
    ----------
    must
        (n,) claims that must be housed.
    """
    size = valued.never.size
    best = np.where(must, np.inf, valued.never)
    offer, month = np.full(size, -1, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    if valued.owner.size:
        of_row = valued.values.argmin(axis=1)
        value = valued.values[np.arange(of_row.size), of_row]
        begin = np.flatnonzero(np.diff(valued.owner, prepend=-1))
        owner, least = valued.owner[begin], np.minimum.reduceat(value, begin)
        better = least < best[owner]
        # The first row of each claim that reaches its least value.
        reaches = np.flatnonzero(value == np.repeat(least, np.diff(begin, append=value.size)))
        row = reaches[np.flatnonzero(np.diff(valued.owner[reaches], prepend=-1))][better]
        chooses = owner[better]
        best[chooses], offer[chooses], month[chooses] = value[row], valued.offer[row], of_row[row]
    return BestResponses(best, valued.never, offer, month)
