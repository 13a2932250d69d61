"""Fee curves: what a claim costs in each month in which it is still in transition (过渡费).

The curve of claim h is kept in factors, so that a million households fit into memory:

    fee[h, t] = round_half_up(ordinary[h, segment[t]] × multiplier[clock[h], t])

`ordinary` is the fee at multiplier 1 (basis, rate, floors, uplifts, calendar decrees, part deliveries), `multiplier`
what the time since moving out makes of it (0 before moving out, 1 in the agreed term, ×1.5, ×2 … when overdue).
Any shape is allowed: a curve given month by month has one segment a month and a clock of ones. What is not
paid of the month of moving out is taken off before rounding (`FirstMonth`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.calendar import Calendar
from renewopt.problem.offers import Ragged
from renewopt.units import MICRO_YUAN_PER_FEN, divide_half_up

PERMILLE = 1000
BLOCK = 1 << 13
"""Claims whose curves are read at once."""


@dataclass(frozen=True, eq=False)
class FirstMonth:
    """What is not paid of the month of moving out (rule 8). H claims, K clocks.

    Attributes
    ----------
    unpaid
        (H,) int64, micro-yuan at multiplier 1 of one household; 0: the whole month is paid.
    month
        (K,) int32: the month in question, which may lie outside the curves.
    multiplier
        (K,) int32, thousandths: that of this month alone, where `FeeTable.multiplier` has a period paid in advance.
    """

    unpaid: NDArray[np.int64]
    month: NDArray[np.int32]
    multiplier: NDArray[np.int32]

    def with_clocks(self, month: NDArray[np.integer], multiplier: NDArray[np.integer]) -> FirstMonth:
        """Add clocks after those that there are."""
        return replace(
            self,
            month=np.concatenate([self.month, month]).astype(np.int32),
            multiplier=np.concatenate([self.multiplier, multiplier]).astype(np.int32),
        )


@dataclass(frozen=True, eq=False)
class FeeTable:
    """Fee curves of all claims, in factors. H claims, K clocks, S segments, C curve months.

    Attributes
    ----------
    segment
        (C,) int32: segment of each month.
    ordinary
        (H, S) int64, micro-yuan a month for one household at multiplier 1.
    clock
        (H,) int32: clock of each claim.
    multiplier
        (K, C) int32, thousandths: 0 before moving out, 1000 in the agreed term.
    overdue
        (K, C) bool: the month lies past the agreed term.
    moved_out
        (K,) int32: month of moving out (may be negative: before the start; a large number: never).
    stated_runs
        (K, C) bool: the fee runs in the month, whether or not anything accrues in it (of a period paid in advance, all
        is in the first month); None: in months with a multiplier.
    first_month
        What is not paid of the month of moving out; None: nobody is paid a part of it.
    valued_until
        (H,) int32: first month whose fee no longer counts for who has made no choice by T − 1; None: T + A for all.
    """

    segment: NDArray[np.int32]
    ordinary: NDArray[np.int64]
    clock: NDArray[np.int32]
    multiplier: NDArray[np.int32]
    overdue: NDArray[np.bool_]
    moved_out: NDArray[np.int32]
    stated_runs: NDArray[np.bool_] | None = None
    first_month: FirstMonth | None = None
    valued_until: NDArray[np.int32] | None = None

    def is_valued(self, claims: NDArray[np.integer] | slice, calendar: Calendar) -> NDArray[np.bool_]:
        """(n, months after the horizon) whether the fee of each month counts for who has made no choice by T − 1."""
        month = np.arange(calendar.months, calendar.valued_until)
        if self.valued_until is None:
            return np.ones((self.clock[claims].size, month.size), dtype=np.bool_)
        counts: NDArray[np.bool_] = month < self.valued_until[claims][:, None]
        return counts

    def valued(
        self, claims: NDArray[np.integer] | slice, calendar: Calendar
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(n, months after the horizon) fen that count for one household with no choice, and of them the overdue."""
        months = slice(calendar.months, calendar.valued_until)
        fen = np.where(self.is_valued(claims, calendar), self.fen(claims, months), 0)
        return fen, np.where(self.overdue[self.clock[claims], months], fen, 0)

    @cached_property
    def runs(self) -> NDArray[np.bool_]:
        """(K, C) whether the fee runs on each clock."""
        return self.multiplier > 0 if self.stated_runs is None else self.stated_runs

    @cached_property
    def _counts(self) -> NDArray[np.bool_]:
        """(K, C) whether a month counts: its fee runs, or periods are paid in advance on that clock."""
        ahead = (self.runs & (self.multiplier == 0)).any(axis=1)
        result: NDArray[np.bool_] = self.runs | ahead[:, None]
        return result

    def on_clocks(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> dict[str, Any]:
        """Tables of clocks by month (multiplier, overdue, where the fee runs), each changed in the same way."""
        runs = None if self.stated_runs is None else change(self.stated_runs)
        return {"multiplier": change(self.multiplier), "overdue": change(self.overdue), "stated_runs": runs}

    @property
    def months(self) -> int:
        """C, the number of months in the curves."""
        return int(self.segment.size)

    def fen(self, claims: NDArray[np.integer] | slice, months: NDArray[np.integer] | slice) -> NDArray[np.int64]:
        """(len(claims), len(months)) fen: fee of one household of each claim while in transition."""
        return divide_half_up(self.unrounded(claims, months), PERMILLE * MICRO_YUAN_PER_FEN)

    def unrounded(self, claims: NDArray[np.integer] | slice, months: NDArray[np.integer] | slice) -> NDArray[np.int64]:
        """Like `fen`, in thousandths of a micro-yuan."""
        ordinary = self.ordinary[claims][:, self.segment[months]]
        # Rows and months at once: whole curves of all claims would be copied for a single month.
        clock = self.clock[claims]
        at = months if isinstance(months, slice) else np.asarray(months)[None, :]
        multiplier = self.multiplier[clock if isinstance(months, slice) else clock[:, None], at]
        result: NDArray[np.int64] = ordinary * multiplier
        first = self.first_month
        if first is not None:
            row, column = self._first_months(claims, months)
            result[row, column] -= first.unpaid[claims][row] * first.multiplier[clock[row]]
        return result

    def _first_months(
        self, claims: NDArray[np.integer] | slice, months: NDArray[np.integer] | slice
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns, in a table of claims by months, of the months of moving out that are paid in part."""
        assert self.first_month is not None
        row = np.flatnonzero(self.first_month.unpaid[claims])
        month = self.first_month.month[self.clock[claims][row]]
        at, column = np.nonzero(month[:, None] == np.arange(self.months)[months][None, :])
        return row[at], column

    def each_fen(self, claims: NDArray[np.integer], months: NDArray[np.integer]) -> NDArray[np.int64]:
        """(n,) fen: fee of one household of claim i in month i while in transition."""
        clock = self.clock[claims]
        due = self.ordinary[claims, self.segment[months]] * self.multiplier[clock, months] * self._counts[clock, months]
        first = self.first_month
        if first is not None:
            due -= np.where(first.month[clock] == months, first.unpaid[claims] * first.multiplier[clock], 0)
        return divide_half_up(due, PERMILLE * MICRO_YUAN_PER_FEN)

    def fen_at(
        self, multiplier: int, claims: NDArray[np.integer] | slice, months: NDArray[np.integer] | slice
    ) -> NDArray[np.int64]:
        """(len(claims), len(months)) fen: fee of each month alone at one multiplier, in thousandths."""
        ordinary, segment = self.ordinary[claims], self.segment[months]
        result: NDArray[np.int64] = divide_half_up(ordinary * multiplier, PERMILLE * MICRO_YUAN_PER_FEN)[:, segment]
        if self.first_month is not None:
            row, column = self._first_months(claims, months)
            paid = ordinary[row, segment[column]] - self.first_month.unpaid[claims][row]
            result[row, column] = divide_half_up(paid * multiplier, PERMILLE * MICRO_YUAN_PER_FEN)
        return result

    def of_claims(self, claims: NDArray[np.integer]) -> FeeTable:
        """Curves of some claims, on the same clocks."""
        first = self.first_month
        return replace(
            self,
            ordinary=self.ordinary[claims],
            clock=self.clock[claims],
            first_month=None if first is None else replace(first, unpaid=first.unpaid[claims]),
            valued_until=None if self.valued_until is None else self.valued_until[claims],
        )

    @cached_property
    def steps(self) -> Ragged:
        """Ragged (H): ``month`` in which the fee of one household changes while in transition, and by how many ``fen``.

        In the order of the months; a fee that runs from the start on is a step in month 0.
        """
        entries = []
        for first in range(0, self.clock.size, BLOCK):
            change = np.diff(self.fen(slice(first, first + BLOCK), slice(None)), axis=1, prepend=0)
            claim, month = np.nonzero(change)
            entries.append(np.stack([claim + first, month, change[claim, month]]))
        claim, month, fen = np.concatenate([np.zeros((3, 0), dtype=np.int64), *entries], axis=1)
        return Ragged.build(self.clock.size, claim, month=month, fen=fen)

    def tail_fen(
        self,
        claims: NDArray[np.integer],
        housed: NDArray[np.integer],
        months: NDArray[np.integer],
        multiplier: NDArray[np.integer],
    ) -> NDArray[np.int64]:
        """Fee in a month of the tail after being housed; all arguments have one shape, (n,).

        A tail carries on a fee that runs: where none does in the month of being housed, there is no tail either.

        Parameters
        ----------
        claims, housed, months
            Claim, month in which it is housed, month of the tail (≥ housed).
        multiplier
            Stated multiplier in thousandths, or −1: the one in force in the month of being housed.
        """
        clock = self.clock[claims]
        in_force = self.multiplier[clock, housed]
        factor = np.where(multiplier < 0, in_force, multiplier).astype(np.int64) * self.fee_runs(claims, housed)
        ordinary = self.ordinary[claims, self.segment[months]]
        if self.first_month is not None:
            ordinary = ordinary - np.where(self.first_month.month[clock] == months, self.first_month.unpaid[claims], 0)
        return divide_half_up(ordinary * factor, PERMILLE * MICRO_YUAN_PER_FEN)

    def fee_runs(self, claims: NDArray[np.integer], months: NDArray[np.integer]) -> NDArray[np.bool_]:
        """(n,) whether the fee of claim i runs in month i while in transition."""
        due = self.ordinary[claims, self.segment[months]] > 0
        runs: NDArray[np.bool_] = self.runs[self.clock[claims], months] & due
        return runs

    def tail_overdue(
        self, claims: NDArray[np.integer], housed: NDArray[np.integer], multiplier: NDArray[np.integer]
    ) -> NDArray[np.bool_]:
        """(n,) whether the tail counts as overdue; arguments as in `tail_fen`.

        A fee that goes on as it was is what it was; a stated multiplier must also exceed the ordinary rate.
        """
        late: NDArray[np.bool_] = self.overdue[self.clock[claims], housed]
        return late & ((multiplier < 0) | (multiplier > PERMILLE))

    def differs(self, other: FeeTable) -> NDArray[np.bool_]:
        """(H,) whether a claim's fees are not the same in both tables; they are of the same claims and months."""
        if self is other:
            return np.zeros(self.clock.size, dtype=np.bool_)
        if self.segment is not other.segment and not np.array_equal(self.segment, other.segment):
            return np.ones(self.clock.size, dtype=np.bool_)
        result = np.zeros(self.clock.size, dtype=np.bool_)
        if self.ordinary is not other.ordinary:
            result |= (self.ordinary != other.ordinary).any(axis=1)
        if self.first_month is not other.first_month:
            result |= (self._first_month_of_claims() != other._first_month_of_claims()).any(axis=1)
        # Mostly the clocks are the same but for some that were added: only who has another one is looked at closely.
        common = min(self.multiplier.shape[0], other.multiplier.shape[0])
        same = np.zeros(max(self.multiplier.shape[0], other.multiplier.shape[0]), dtype=np.bool_)
        same[:common] = (self.multiplier[:common] == other.multiplier[:common]).all(axis=1)
        rows = np.flatnonzero((self.clock != other.clock) | ~same[self.clock])
        result[rows] |= (self.multiplier[self.clock[rows]] != other.multiplier[other.clock[rows]]).any(axis=1)
        return result

    def _first_month_of_claims(self) -> NDArray[np.int64]:
        """(H, 3) what is unpaid, where and at what multiplier; zeros where nothing is."""
        first = self.first_month
        if first is None:
            return np.zeros((self.clock.size, 3), dtype=np.int64)
        each = np.stack([first.unpaid, first.month[self.clock], first.multiplier[self.clock]], axis=1)
        result: NDArray[np.int64] = np.where(first.unpaid[:, None] > 0, each, 0)
        return result

    @cached_property
    def overdue_from(self) -> NDArray[np.int32]:
        """(K,) first overdue month of each clock; C where there is none."""
        first = np.where(self.overdue.any(axis=1), self.overdue.argmax(axis=1), self.months)
        return first.astype(np.int32)
