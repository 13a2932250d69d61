"""A linear model built in bulk: blocks of columns and rows, with entries as arrays.

HiGHS receives it, PuLP receives it (`renewopt.optimiser.pulp.interface`), LP and MPS files show it: one formulation for
all three. Money columns are in 万元, settling in households (or in whole claims, where a claim is indivisible).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renewopt.optimiser.model.entries import by_rows

INFINITY = float("inf")

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def add_up(index: IntArray, amounts: FloatArray, size: int) -> FloatArray:
    """(size,) sums of the amounts that share an index."""
    return np.asarray(np.bincount(index, weights=amounts, minlength=size), dtype=np.float64)


class Role(Enum):
    """What a column is to the decisions."""

    DECISION = "an entry of a table of `Decisions`"
    STATE = "follows from the decisions by an equation"
    ROUNDED = "an amount that the ledger rounds, as a column of its own"
    SLACK = "by how much a rule is missed, where that is measured"
    START = "what of a programme has begun: decided before all else, and no part of `Decisions`"
    USER = "added by the user"


class Unit(Enum):
    """What one unit of a column is."""

    MONEY = "万元"
    HOUSEHOLDS = "households, or whole claims where they are indivisible"
    STOCK = "homes, m² or persons, as the pool counts"
    SHARE = "0 or 1, parts of it in a relaxation"
    USER = "unknown: the user's"


class Owner(Enum):
    """Whose column it is; a decomposition prices the households' columns, one household at a time."""

    HOUSEHOLD = "a household"
    SUPPLY = "a pool or a phase"
    FINANCE = "a fund, need, developer, move or loan"
    USER = "the user"


def steps(length: NDArray[np.integer]) -> IntArray:
    """0 … n − 1 for each length n, end to end."""
    total = np.arange(int(length.sum()), dtype=np.int64)
    return np.asarray(total - np.repeat(np.cumsum(length) - length, length), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Block:
    """Consecutive columns or rows of one kind.

    Attributes
    ----------
    name
        Term of the model page (``settle``, ``pay``, ``stock`` …).
    start, size
        Position of the first one, and how many.
    keys
        One array of length `size` for each index, such as offer and month.
    key_names
        One letter for each index in names: ``settle[o3,t5]``.
    labels
        Names of their own, instead of those made from the keys.
    """

    name: str
    start: int
    size: int
    keys: tuple[IntArray, ...]
    key_names: str
    labels: tuple[str, ...] = ()

    @property
    def index(self) -> IntArray:
        """Positions of its columns or rows."""
        return np.arange(self.start, self.start + self.size)

    def find(self, *keys: IntArray) -> IntArray:
        """(n,) position of each key, −1 where there is none."""
        sizes = [
            max(own.max(initial=-1), asked.max(initial=-1)) + 1 for own, asked in zip(self.keys, keys, strict=True)
        ]
        table = np.full(sizes, -1, dtype=np.int64)
        table[self.keys] = self.index
        return np.asarray(table[keys], dtype=np.int64)

    def names(self) -> list[str]:
        """ASCII names, unique in the model."""
        if not self.keys:
            return list(self.labels)
        parts = [
            [f"{letter}{value}" for value in key.tolist()]
            for letter, key in zip(self.key_names, self.keys, strict=True)
        ]
        return [f"{self.name}_{'_'.join(row)}" for row in zip(*parts, strict=True)]


@dataclass(frozen=True, eq=False, kw_only=True)
class Columns(Block):
    """A family of columns, and all that the rest of the optimiser has to know of it.

    Attributes
    ----------
    role, unit, owner
        What it is, in what, and whose.
    source
        Of a decision: its table in `Decisions`. Of a state: the rows that define it, at the same keys. Default: `name`.
    follows_rounding
        Amounts that the ledger rounds enter into it.
    known
        (size,) columns whose value is given and not left to the equation: their bounds say it.
    keeps_below
        Of a state: another state and rows whose upper bounds it keeps, being as late and as small as they let it be.
    meaning
        In words, for the model page.
    """

    role: Role
    unit: Unit
    owner: Owner
    source: str = ""
    follows_rounding: bool = False
    known: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    keeps_below: tuple[str, ...] = ()
    meaning: str = ""


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Minimise offset + cost · x, row_lower ≤ A x ≤ row_upper, lower ≤ x ≤ upper; A by rows (CSR)."""

    cost: FloatArray
    offset: float
    lower: FloatArray
    upper: FloatArray
    integer: BoolArray
    row_lower: FloatArray
    row_upper: FloatArray
    start: IntArray
    index: IntArray
    value: FloatArray
    columns: dict[str, Columns]
    rows: dict[str, Block]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns, nonzeros."""
        return self.row_lower.size, self.cost.size, self.value.size

    def entry_rows(self) -> IntArray:
        """Row of each entry."""
        return np.repeat(np.arange(self.row_lower.size), np.diff(self.start))

    def activity(self, x: FloatArray) -> FloatArray:
        """A x."""
        return add_up(self.entry_rows(), self.value * x[self.index], self.row_lower.size)

    def column_names(self) -> list[str]:
        """Names of all columns, in order."""
        return [name for block in self.columns.values() for name in block.names()]

    def row_names(self) -> list[str]:
        """Names of all rows, in order."""
        return [name for block in self.rows.values() for name in block.names()]


def _full(value: ArrayLike, size: int) -> FloatArray:
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), size))


@dataclass
class ModelBuilder:
    """Collects blocks; `finish` sorts the entries into rows, adding up those of one row and column."""

    columns: dict[str, Columns] = field(default_factory=dict)
    rows: dict[str, Block] = field(default_factory=dict)
    _column_parts: list[tuple[FloatArray, FloatArray, FloatArray]] = field(default_factory=list)
    _row_parts: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)
    _entries: list[tuple[IntArray, IntArray, FloatArray]] = field(default_factory=list)
    _costs: list[tuple[IntArray, FloatArray]] = field(default_factory=list)
    _fixed: list[tuple[IntArray, FloatArray, float]] = field(default_factory=list)
    _n_columns: int = 0
    _n_rows: int = 0

    def add_columns(  # noqa: PLR0913 - all but the keys by name
        self,
        name: str,
        key_names: str,
        keys: Sequence[NDArray[np.integer]],
        meaning: str,
        *,
        role: Role,
        unit: Unit,
        owner: Owner,
        source: str = "",
        follows_rounding: bool = False,
        known: ArrayLike = False,
        keeps_below: tuple[str, ...] = (),
        lower: ArrayLike = 0.0,
        upper: ArrayLike = INFINITY,
        integer: ArrayLike = False,
    ) -> Columns:
        """Append a family of columns: what it is (see `Columns`), and its bounds."""
        size = len(keys[0])
        block = Columns(
            name,
            self._n_columns,
            size,
            tuple(np.asarray(k, dtype=np.int64) for k in keys),
            key_names,
            role=role,
            unit=unit,
            owner=owner,
            source=source or name,
            follows_rounding=follows_rounding,
            known=_full(known, size) > 0,
            keeps_below=keeps_below,
            meaning=meaning,
        )
        self.columns[name] = block
        self._column_parts.append((_full(lower, size), _full(upper, size), _full(integer, size)))
        self._n_columns += size
        return block

    def add_rows(
        self,
        name: str,
        key_names: str,
        keys: Sequence[NDArray[np.integer]],
        *,
        lower: ArrayLike = -INFINITY,
        upper: ArrayLike = INFINITY,
    ) -> Block:
        """Append a block of rows; entries come with `add_entries`."""
        size = len(keys[0])
        block = Block(name, self._n_rows, size, tuple(np.asarray(k, dtype=np.int64) for k in keys), key_names)
        self.rows[name] = block
        self._row_parts.append((_full(lower, size), _full(upper, size)))
        self._n_rows += size
        return block

    def add_entries(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike) -> None:
        """Coefficients; the three broadcast against each other."""
        row, column, value = np.broadcast_arrays(
            np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64), np.asarray(values, dtype=np.float64)
        )
        if row.size:
            self._entries.append((row.ravel(), column.ravel(), value.ravel()))

    def add_cost(self, columns: ArrayLike, cost: ArrayLike) -> None:
        """Add to the objective; columns may repeat."""
        column, value = np.broadcast_arrays(np.asarray(columns, dtype=np.int64), np.asarray(cost, dtype=np.float64))
        self._costs.append((column.ravel(), value.ravel()))

    @property
    def size(self) -> int:
        """Columns so far."""
        return self._n_columns

    def set_row_upper(self, block: Block, upper: FloatArray) -> None:
        """Set the upper bounds of a block's rows, where they are known only after its entries."""
        self._row_parts[list(self.rows).index(block.name)][1][:] = upper

    def fix(self, columns: ArrayLike, value: ArrayLike, *, within: float = 0.0) -> None:
        """Set columns to given values (what is past, or decided already), or to what is so near and not negative."""
        self._fixed.append((np.asarray(columns, dtype=np.int64), np.asarray(value, dtype=np.float64), within))

    def finish(self) -> LinearModel:
        """The model, entries sorted by row and column; the builder keeps the names of its blocks only."""
        lower, upper, integer = (np.concatenate(part) for part in zip(*self._column_parts, strict=True))
        cost = np.zeros(self.size)
        for column, value in self._costs:
            cost = cost + np.bincount(column, weights=value, minlength=cost.size)
        for column, value, within in self._fixed:
            lower[column] = np.maximum(value - within, np.minimum(value, 0.0))
            upper[column] = value + within
        row_lower, row_upper = (np.concatenate(part) for part in zip(*self._row_parts, strict=True))
        nothing = np.zeros(0, dtype=np.int64)
        row, column, value = (
            np.concatenate(part) for part in zip((nothing, nothing, np.zeros(0)), *self._entries, strict=True)
        )
        self._entries.clear()
        matrix = by_rows(row, column, value, (self._n_rows, self._n_columns))
        return LinearModel(
            cost, 0.0, lower, upper, integer.astype(np.bool_), row_lower, row_upper,
            matrix.start, matrix.index, matrix.value, dict(self.columns), dict(self.rows),
        )  # fmt: skip
