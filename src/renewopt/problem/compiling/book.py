"""The offer book: offers added block by block (a pool, a programme, a set of quotes), written out sorted by claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.exact import UNKNOWN, Bools, Ints, Register, times
from renewopt.problem.offers import LineKind, Offers, Ragged, Route
from renewopt.units import PPM

Short = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Line:
    """Fixed amounts, one for each offer of a block: paid on `need` when > 0, received by `fund` when < 0."""

    kind: LineKind
    after: Ints
    fen: Ints
    need: Ints
    fund: Ints


@dataclass(frozen=True, eq=False)
class Block:
    """Offers alike in route and label, one for each of n claims; a scalar holds for all of them.

    Attributes are those of `Offers`; besides, `stock` lists a pool and (n,) hundredths each (`pools` (n,) −1 for none),
    and `programme` is the voucher or cash programme, −1 for none.
    """

    claim: Ints
    route: Route
    label: NDArray[np.object_] | str
    first: Ints | int
    last: Ints | int
    housed_after: Ints | int
    tail: Ints | int
    tail_multiplier: Ints | int
    price: Ints | int = 0
    price_series: Ints | int = 0
    price_need: Ints | int = -1
    schedule: Ints | int = 0
    stock: list[tuple[Ints | int, Ints | int]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    stream: Ragged | None = None
    stated_stream: Bools | bool = False
    given: Ints | int = UNKNOWN
    disutility: NDArray[np.float64] | float = 0.0
    programme: int = -1


_COLUMNS: tuple[tuple[str, type], ...] = (
    ("first", np.int32),
    ("last", np.int32),
    ("housed_after", np.int32),
    ("tail", np.int32),
    ("tail_multiplier", np.int32),
    ("price", np.int64),
    ("price_series", np.int32),
    ("price_need", np.int32),
    ("schedule", np.int32),
    ("stated_stream", np.bool_),
    ("given", np.int64),
    ("disutility", np.float64),
)


class OfferBook:
    """Collects blocks of offers.

    Parameters
    ----------
    months
        T: months in which offers may be chosen.
    """

    def __init__(self, months: int) -> None:
        self.months = months
        self.series = Register[tuple[int, ...]]()
        self.schedules = Register[tuple[tuple[int, int], ...]]()
        self.series.row((PPM,) * months)
        self.schedules.row(((0, PPM),))
        self._columns: dict[str, list[NDArray[Any]]] = {name: [] for name, _ in _COLUMNS}
        self._claim: list[Ints] = []
        self._route: list[NDArray[np.int8]] = []
        self._label: list[NDArray[np.object_]] = []
        self._programme: list[Short] = []
        self._stock: list[tuple[Ints, Ints, Ints]] = []
        self._lines: list[tuple[Ints, Line]] = []
        self._stream: list[tuple[Ints, Ints]] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, block: Block) -> None:
        """Add the offers of a block whose window holds a month of the horizon."""
        n = block.claim.size
        first = np.maximum(_spread(block.first, n), 0)
        last = np.minimum(_spread(block.last, n), self.months - 1)
        kept = np.flatnonzero(first <= last)
        if not kept.size:
            return
        stated = {"first": first, "last": last}
        for name, kind in _COLUMNS:
            values = stated.get(name)
            column = _spread(getattr(block, name), n) if values is None else values
            self._columns[name].append(column[kept].astype(kind))
        rows = self._size + np.arange(kept.size)
        self._claim.append(block.claim[kept])
        self._route.append(np.full(kept.size, int(block.route), dtype=np.int8))
        self._label.append(_labels(block.label, n)[kept])
        self._programme.append(np.full(kept.size, block.programme, dtype=np.int32))
        for pool, amount in block.stock:
            self._add_stock(rows, _spread(pool, n)[kept], _spread(amount, n)[kept])
        for line in block.lines:
            used = kept[line.fen[kept] != 0]
            if used.size:
                position = rows[line.fen[kept] != 0]
                part = Line(line.kind, line.after[used], line.fen[used], line.need[used], line.fund[used])
                self._lines.append((position, part))
        if block.stream is not None:
            taken = block.stream.take(kept)
            self._stream.append((rows[taken.row], taken["fen"]))
        self._size += kept.size

    def _add_stock(self, rows: Ints, pools: Ints, amounts: Ints) -> None:
        used = (pools >= 0) & (amounts > 0)
        if used.any():
            self._stock.append((rows[used], pools[used], amounts[used]))

    def write(self) -> tuple[Offers, Short]:
        """Offers sorted by claim (those of a claim in the order in which they were added), and their programmes."""
        claim = _join(self._claim, np.int64)
        order = np.argsort(claim, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(order.size)
        columns = {name: _join(self._columns.pop(name), kind)[order] for name, kind in _COLUMNS}
        series = np.array(self.series.keys, dtype=np.int64)
        times(columns["price"], int(series.max(initial=0)), "the price of an offer")
        offers = Offers(
            claim=claim[order].astype(np.int32),
            route=_join(self._route, np.int8)[order],
            label=_join(self._label, np.object_)[order],
            series_ppm=series,
            instalments=self._instalments(),
            stream=self._ragged_stream(place),
            lines=self._ragged_lines(place),
            stock=self._ragged_stock(place),
            **columns,
        )
        return offers, _join(self._programme, np.int32)[order]

    def _instalments(self) -> Ragged:
        keys = self.schedules.keys
        entries = [(row, after, cumulative) for row, key in enumerate(keys) for after, cumulative in key]
        row, after, cumulative = np.array(entries, dtype=np.int64).T
        return Ragged.build(len(keys), row, after=after, cumulative_ppm=cumulative)

    def _ragged_stock(self, place: Ints) -> Ragged:
        row = _join([rows for rows, _, _ in self._stock], np.int64)
        pool = _join([pools for _, pools, _ in self._stock], np.int64)
        amount = _join([amounts for _, _, amounts in self._stock], np.int64)
        return Ragged.build(self._size, place[row], pool=pool, amount=amount)

    def _ragged_lines(self, place: Ints) -> Ragged:
        row = _join([rows for rows, _ in self._lines], np.int64)
        lines = [line for _, line in self._lines]
        return Ragged.build(
            self._size,
            place[row],
            after=_join([line.after for line in lines], np.int64),
            fen=_join([line.fen for line in lines], np.int64),
            need=_join([line.need for line in lines], np.int64),
            fund=_join([line.fund for line in lines], np.int64),
            kind=_join([np.full(line.fen.size, line.kind) for line in lines], np.int64),
        )

    def _ragged_stream(self, place: Ints) -> Ragged:
        row = _join([rows for rows, _ in self._stream], np.int64)
        return Ragged.build(self._size, place[row], fen=_join([fen for _, fen in self._stream], np.int64))


def _spread(value: object, n: int) -> Ints:
    array = np.asarray(value)
    spread: Ints = np.broadcast_to(array, (n,)) if array.ndim == 0 else array
    return spread


def _labels(label: NDArray[np.object_] | str, n: int) -> NDArray[np.object_]:
    return np.full(n, label, dtype=object) if isinstance(label, str) else label


def _join(pieces: Sequence[NDArray[Any]], kind: type) -> Any:
    """Join pieces, of which there may be none, to one array of a type."""
    return np.concatenate(pieces).astype(kind, copy=False) if pieces else np.zeros(0, dtype=kind)
