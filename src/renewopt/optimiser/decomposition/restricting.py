"""Column selection: a model with only some choices open, where months without an open choice are joined.

Where a claim has no open choice in a month, its waiting columns of that month and the month before are one and the
same; before its first open choice, waiting is a constant. The model shrinks from households × months to the choices
that matter, and says the same about them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.model.columns import Layout
from renewopt.optimiser.model.linear import Block, BoolArray, FloatArray, IntArray, LinearModel, add_up


@dataclass(frozen=True, eq=False)
class RestrictedModel:
    """A restricted model and the way back.

    Attributes
    ----------
    model
        Columns: open choices, waiting by segment, then all others in their order.
    column
        (columns of the whole model,) its column in the restricted one; −1: left out (0); −2: constant (`constant`).
    constant
        (columns of the whole model,) value of a constant column.
    row
        (rows of the whole model,) its row in the restricted one, −1 where left out.
    """

    model: LinearModel
    column: IntArray
    constant: FloatArray
    row: IntArray

    def expand(self, x: FloatArray) -> FloatArray:
        """Columns of the whole model."""
        return np.where(self.column >= 0, x[np.maximum(self.column, 0)], self.constant)

    def duals(self, y: FloatArray) -> FloatArray:
        """Row duals of the whole model (0 for rows left out)."""
        return np.where(self.row >= 0, y[np.maximum(self.row, 0)], 0.0)

    def columns_of(self, block: Block) -> IntArray:
        """Restricted columns of a block that is kept whole."""
        return self.column[block.index]


def restrict(f: Layout, model: LinearModel, open_choices: BoolArray) -> RestrictedModel:
    """Keep the open choices only.

    Parameters
    ----------
    open_choices
        (choices,) bool, in the order of the settle columns.
    """
    claims, months = f.problem.claims, f.problem.calendar.months
    settle, waiting = model.columns["settle"], model.columns["waiting"]
    has = np.zeros((len(claims), months), dtype=np.bool_)
    has[f.choices.claim[open_choices], f.choices.month[open_choices]] = True
    segment = np.cumsum(has, axis=1)
    before = np.concatenate(([0], np.cumsum(has.sum(axis=1))))[:-1]
    number = np.where(segment > 0, segment - 1 + before[:, None], -2)
    column = np.full(model.cost.size, -1, dtype=np.int64)
    opened = int(open_choices.sum())
    column[settle.index[open_choices]] = np.arange(opened)
    column[waiting.index] = np.where(number.ravel() >= 0, number.ravel() + opened, -2)
    segments = int(has.sum())
    rest = np.ones(model.cost.size, dtype=np.bool_)
    rest[settle.index] = rest[waiting.index] = False
    column[rest] = opened + segments + np.arange(int(rest.sum()))
    constant = np.zeros(model.cost.size)
    constant[waiting.index] = np.where(number.ravel() < 0, np.repeat(claims.count, months), 0.0)
    household = model.rows["household"]
    row = np.full(model.row_lower.size, -1, dtype=np.int64)
    kept = np.ones(model.row_lower.size, dtype=np.bool_)
    kept[household.index] = has.ravel()
    row[kept] = np.arange(int(kept.sum()))
    return RestrictedModel(_reduce(model, column, constant, row, kept), column, constant, row)


def _reduce(model: LinearModel, column: IntArray, constant: FloatArray, row: IntArray, kept: BoolArray) -> LinearModel:
    size = int(column.max(initial=-1)) + 1
    fixed = column == -2
    rows = model.entry_rows()
    shift = np.bincount(
        rows, weights=model.value * np.where(fixed, constant, 0.0)[model.index], minlength=model.row_lower.size
    )
    cost = add_up(column[column >= 0], model.cost[column >= 0], size)
    lower, upper = np.zeros(size), np.full(size, np.inf)
    at = np.flatnonzero(column >= 0)
    np.maximum.at(lower, column[at], model.lower[at])
    np.minimum.at(upper, column[at], model.upper[at])
    integer = np.zeros(size, dtype=np.bool_)
    integer[column[at]] = model.integer[at]
    entry = np.flatnonzero((column[model.index] >= 0) & kept[rows])
    key = row[rows[entry]] * size + column[model.index[entry]]
    order = np.argsort(key, kind="stable")
    key, value = key[order], model.value[entry][order]
    heads = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    value, key = np.add.reduceat(value, heads), key[heads]
    new_row, new_column = np.divmod(key, size)
    start = np.zeros(int(kept.sum()) + 1, dtype=np.int64)
    np.cumsum(np.bincount(new_row, minlength=start.size - 1), out=start[1:])
    return replace(
        model,
        cost=cost,
        offset=model.offset + float((model.cost * np.where(fixed, constant, 0.0)).sum()),
        lower=lower,
        upper=upper,
        integer=integer,
        row_lower=(model.row_lower - shift)[kept],
        row_upper=(model.row_upper - shift)[kept],
        start=start,
        index=new_column,
        value=value,
        columns={},
        rows={},
    )
