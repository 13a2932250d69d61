"""Offers: what a claim may be given, when, at what price, and what it takes from stock and money."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renewopt.units import PPM, divide_half_up
from renewopt.vocabulary import Goal


class Route(IntEnum):
    """How a household is settled."""

    own_unit = 0
    """原项目安置房: a home in an estate of its own project."""
    transfer = 1
    """调安: a surplus home in another project's estate."""
    voucher = 2
    """购房凭证改选 / 房票: money for a home on the market."""
    cash = 3
    """货币补偿: money, once."""


class LineKind(IntEnum):
    """What a fixed amount of an offer is, for whoever tells of it; needs and funds are all that counts."""

    top_up = 0
    """What the household pays for its home."""
    refund = 1
    """What it is paid for area that its home lacks."""
    moving = 2
    """Moving fee."""
    lump_sum = 3
    """Uplift paid once."""
    instalment = 4
    """Part of a price that is stated in yuan by month."""


@dataclass(frozen=True, eq=False)
class Ragged:
    """Lists of different length, one for each of n rows, end to end: row i is ``values[start[i]:start[i + 1]]``.

    Attributes
    ----------
    start
        (n + 1,) int64.
    columns
        Named arrays of one length, ``start[-1]``.
    """

    start: NDArray[np.int64]
    columns: dict[str, NDArray[np.int64]]

    @cached_property
    def row(self) -> NDArray[np.int64]:
        """Row of each entry."""
        return np.repeat(np.arange(self.start.size - 1, dtype=np.int64), self.start[1:] - self.start[:-1])

    def __getitem__(self, name: str) -> NDArray[np.int64]:
        return self.columns[name]

    @classmethod
    def build(cls, rows: int, row: NDArray[np.integer], **columns: NDArray[np.integer]) -> Ragged:
        """From entries in any order; entries of one row keep their order."""
        row = np.asarray(row, dtype=np.int64)
        start = np.zeros(rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=rows), out=start[1:])
        entries = {name: np.asarray(values, dtype=np.int64) for name, values in columns.items()}
        if (row[1:] < row[:-1]).any():
            order = np.argsort(row, kind="stable")
            entries = {name: values[order] for name, values in entries.items()}
        return cls(start, entries)

    def take(self, rows: NDArray[np.integer]) -> Ragged:
        """Return the lists of the given rows, in that order."""
        begin = self.start[rows]
        lengths = self.start[np.add(rows, 1)] - begin
        start = np.zeros(len(rows) + 1, dtype=np.int64)
        lengths.cumsum(out=start[1:])
        index = np.arange(start[-1]) - (start[:-1] - begin).repeat(lengths)
        return Ragged(start, {name: values[index] for name, values in self.columns.items()})


@dataclass(frozen=True, eq=False)
class Offers:
    """Columns of length O; amounts are for one household.

    Attributes
    ----------
    claim
        (O,) int32, non-decreasing: offers of a claim lie together.
    route
        (O,) int8: a `Route`.
    label
        (O,) object: the pool, programme or quote as the planner calls it (column ``pool`` of allocation.csv).
    first, last
        (O,) int32: months in which it may be chosen, 0 ≤ first ≤ last ≤ T − 1.
    housed_after
        (O,) int32: months from choice until housed.
    tail
        (O,) int32: months after being housed in which the fee goes on.
    tail_multiplier
        (O,) int32: multiplier in the tail in thousandths; −1: the one in force when housed.
    stated_stream
        (O,) bool: the fees after the choice are stated in `stream` and replace curve and tail.
    stream
        Ragged (O): ``fen`` of fee in month choice + 0, + 1, …, where stated.
    price
        (O,) int64 fen: base price.
    price_series
        (O,) int32: row of `series_ppm` that scales the price by month of choice.
    series_ppm
        (S, T) int64: price factor by month of choice, parts per million.
    price_need
        (O,) int32: need that the price is paid from; −1 where there is no price.
    schedule
        (O,) int32: instalments of the price.
    instalments
        Ragged (schedules): ``after`` months since choice, ``cumulative_ppm`` of the price due by then (last 1e6).
    lines
        Ragged (O): further fixed amounts: ``after`` months since choice, ``fen`` (paid when > 0), ``need`` that pays
        it, or −1 and ``fund`` that receives −fen from the household (fen < 0 then); ``kind``, a `LineKind`.
    stock
        Ragged (O): ``pool``, ``amount`` in hundredths, taken in the month of being housed.
    given
        (O,) int64: area of the home or homes in 1/10,000 m²; −1 where there is none, or none is stated.
    disutility
        (O,) float64: a third total, reported, and weighted if the scenario says so.
    kept
        (O,) bool: whoever takes it gets what was announced to it, in its month; None: nothing was announced.
    """

    claim: NDArray[np.int32]
    route: NDArray[np.int8]
    label: NDArray[np.object_]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    housed_after: NDArray[np.int32]
    tail: NDArray[np.int32]
    tail_multiplier: NDArray[np.int32]
    stated_stream: NDArray[np.bool_]
    stream: Ragged
    price: NDArray[np.int64]
    price_series: NDArray[np.int32]
    series_ppm: NDArray[np.int64]
    price_need: NDArray[np.int32]
    schedule: NDArray[np.int32]
    instalments: Ragged
    lines: Ragged
    stock: Ragged
    given: NDArray[np.int64]
    disutility: NDArray[np.float64]
    kept: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return int(self.claim.size)

    def price_fen(self, offers: NDArray[np.integer], months: NDArray[np.integer]) -> NDArray[np.int64]:
        """(n,) fen: price of offer i when chosen in month i, rounded half-up."""
        return divide_half_up(self.price[offers] * self.series_ppm[self.price_series[offers], months], PPM)

    def counted(self, goal: str) -> NDArray[np.float64]:
        """(O,) what a goal that is a sum over households counts for one of them: disutility, or −1 for who is kept."""
        if goal == Goal.DISUTILITY:
            return self.disutility
        return np.zeros(len(self)) if self.kept is None else -self.kept.astype(np.float64)

    def of_claims(self, claims: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(n,) first offer of each claim, and (n,) the one after its last."""
        # In the type of the table: else all of it would be converted.
        wanted = np.asarray(claims, dtype=self.claim.dtype)
        return np.searchsorted(self.claim, wanted, "left"), np.searchsorted(self.claim, wanted, "right")

    def fee_stops_after(self, offers: NDArray[np.integer] | None = None) -> NDArray[np.int64]:
        """(n,) L: a claim that takes the offer (None: each of them) in month t pays no fee from month t + L on."""
        if offers is None:
            offers = np.arange(len(self))
        stated = self.stream.start[np.add(offers, 1)] - self.stream.start[offers]
        ends = self.housed_after[offers].astype(np.int64) + self.tail[offers]
        stops: NDArray[np.int64] = np.where(self.stated_stream[offers], stated, ends)
        return stops
