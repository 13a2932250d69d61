"""Compiled passes over households: what each choice costs one household at given prices.

Arrays come from `renewopt.optimiser.decomposition.pricing`; nothing here knows of rules. Amounts are rounded to fen
exactly as `renewopt.optimiser.model.choices` rounds them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.decomposition.compiled import njit
from renewopt.units import quotient_half_up

PPM = 1_000_000
ORDINARY_TO_FEN = 10_000_000
"""Micro-yuan times thousandths in a fen."""
UNPRICED = -1
NOTHING_OPEN = 1e300
"""Value of a claim that must be housed and has no choice."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.integer]
Flags = NDArray[np.bool_]


class FeeSide(NamedTuple):
    """Fee curves, and prices of a fen by tone (claims whose fees are priced alike) and month."""

    segment: Numbers
    ordinary: Numbers
    clock: Numbers
    multiplier: Numbers
    overdue: Flags
    tone: Numbers
    plain: Floats
    late: Floats
    still_plain: Floats
    still_late: Floats
    still_fixed: Floats


class OfferSide(NamedTuple):
    """Offers; prices of a fen by need and month (`money`: of lines too), of forms and releases by month of choice."""

    first: Numbers
    last: Numbers
    housed_after: Numbers
    tail: Numbers
    tail_multiplier: Numbers
    stated: Flags
    stream_start: Numbers
    stream_fen: Numbers
    price: Numbers
    series: Numbers
    series_ppm: Numbers
    price_need: Numbers
    schedule: Numbers
    part_start: Numbers
    part_after: Numbers
    part_upto: Numbers
    line_start: Numbers
    line_after: Numbers
    line_row: Numbers
    line_fen: Numbers
    form: Numbers
    form_price: Floats
    release: Numbers
    release_price: Floats
    own: Flags
    disutility: Floats
    disutility_price: Floats
    deadline: Numbers
    money: Floats


class Scratch(NamedTuple):
    """Room for one household: priced fees of the months before, of the tail, values of an offer, of never choosing."""

    wait: Floats
    tail: Floats
    value: Floats
    never: Floats


class BestResponses(NamedTuple):
    """Best value, value of never choosing, and the offer and month that are best (−1: none), of each listed claim."""

    best: Floats
    never: Floats
    offer: NDArray[np.int64]
    month: NDArray[np.int64]

    def part(self, of: slice) -> BestResponses:
        """Return views of a part of the claims."""
        return BestResponses(self.best[of], self.never[of], self.offer[of], self.month[of])


_half_up = njit(nogil=True, error_model="numpy", inline="always")(quotient_half_up)


@njit(nogil=True, cache=True, error_model="numpy")
def _fees(h, months, after, fees, scratch):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Fill `wait` and `never` for claim h."""
    c, tone = fees.clock[h], fees.tone[h]
    wait = scratch.wait
    wait[0] = 0.0
    for s in range(fees.plain.shape[1]):
        fen = _half_up(fees.ordinary[h, fees.segment[s]] * fees.multiplier[c, s], ORDINARY_TO_FEN)
        price = fees.plain[tone, s]
        if fees.overdue[c, s]:
            price += fees.late[tone, s]
        wait[s + 1] = wait[s] + fen * price
    total = wait[months] + fees.still_fixed[h]
    for s in range(months, months + after):
        fen = _half_up(fees.ordinary[h, fees.segment[s]] * fees.multiplier[c, s], ORDINARY_TO_FEN)
        price = fees.still_plain[tone]
        if fees.overdue[c, s]:
            price += fees.still_late[tone]
        total += fen * price
    scratch.never[0] = total


@njit(nogil=True, cache=True, error_model="numpy")
def _tail(h, level, late_too, fees, tail):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """tail[s]: priced fees of the months before s at one multiplier."""
    tone = fees.tone[h]
    tail[0] = 0.0
    for s in range(fees.plain.shape[1]):
        price = fees.plain[tone, s]
        if late_too:
            price += fees.late[tone, s]
        tail[s + 1] = tail[s] + _half_up(fees.ordinary[h, fees.segment[s]] * level, ORDINARY_TO_FEN) * price


@njit(nogil=True, cache=True, error_model="numpy")
def _stated(h, o, t, fees, offers):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Priced fees of a stated stream."""
    c, tone = fees.clock[h], fees.tone[h]
    total = 0.0
    for k in range(offers.stream_start[o], offers.stream_start[o + 1]):
        s = t + k - offers.stream_start[o]
        price = fees.plain[tone, s]
        if fees.overdue[c, min(s, t + offers.housed_after[o])]:
            price += fees.late[tone, s]
        total += offers.stream_fen[k] * price
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _money(o, t, offers):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Priced instalments and lines."""
    total = 0.0
    need = offers.price_need[o]
    if need != UNPRICED:
        whole = _half_up(offers.price[o] * offers.series_ppm[offers.series[o], t], PPM)
        before = 0
        for k in range(offers.part_start[offers.schedule[o]], offers.part_start[offers.schedule[o] + 1]):
            upto = _half_up(whole * offers.part_upto[k], PPM)
            total += (upto - before) * offers.money[need, t + offers.part_after[k]]
            before = upto
    for k in range(offers.line_start[o], offers.line_start[o + 1]):
        total += offers.line_fen[k] * offers.money[offers.line_row[k], t + offers.line_after[k]]
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _offer(h, o, fees, offers, scratch):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """value[t]: cost of choosing offer o in month t, waiting until then included; returns the first and last month."""
    wait, tail, value = scratch.wait, scratch.tail, scratch.value
    begin, end = offers.first[o], offers.last[o]
    ahead, extra = offers.housed_after[o], offers.tail[o]
    if offers.deadline[h] >= 0:
        end = min(end, offers.deadline[h] - ahead)
    fixed = offers.disutility[o] * offers.disutility_price[fees.tone[h]]
    c = fees.clock[h]
    level, late = -1, False
    for t in range(begin, end + 1):
        housed = t + ahead
        total = fixed + offers.form_price[offers.form[o], t] + _money(o, t, offers)
        if not offers.own[o]:
            total += offers.release_price[offers.release[h], t]
        if offers.stated[o]:
            total += wait[t] + _stated(h, o, t, fees, offers)
        else:
            total += wait[housed]
            if extra > 0:
                wanted = offers.tail_multiplier[o]
                if wanted < 0:
                    wanted = fees.multiplier[c, housed]
                if wanted != level or fees.overdue[c, housed] != late:
                    level, late = wanted, fees.overdue[c, housed]
                    _tail(h, level, late, fees, tail)
                total += tail[housed + extra] - tail[housed]
        value[t] = total
    return begin, end


@njit(nogil=True, cache=True, error_model="numpy")
def best_responses(claims, start, fees, offers, scratch, months, after, answers):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Fill `answers` for the listed claims."""
    for i in range(claims.size):
        h = claims[i]
        _fees(h, months, after, fees, scratch)
        answers.never[i] = scratch.never[0]
        answers.offer[i] = answers.month[i] = -1
        low = NOTHING_OPEN if offers.deadline[h] >= 0 else scratch.never[0]
        for o in range(start[h], start[h + 1]):
            begin, end = _offer(h, o, fees, offers, scratch)
            for t in range(begin, end + 1):
                if scratch.value[t] < low:
                    low, answers.offer[i], answers.month[i] = scratch.value[t], o, t
        answers.best[i] = low


@njit(nogil=True, cache=True, error_model="numpy")
def all_values(claims, start, fees, offers, scratch, months, after, never, values):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Fill the values of never choosing, and (offers of the listed claims, months) those of all choices."""
    row = 0
    for i in range(claims.size):
        h = claims[i]
        _fees(h, months, after, fees, scratch)
        never[i] = scratch.never[0]
        for o in range(start[h], start[h + 1]):
            begin, end = _offer(h, o, fees, offers, scratch)
            for t in range(begin, end + 1):
                values[row, t] = scratch.value[t]
            row += 1
