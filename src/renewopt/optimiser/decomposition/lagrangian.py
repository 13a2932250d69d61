"""Lagrangian relaxation of the rows in which households meet, and the household columns priced at its duals.

Relax these rows (needs, homes, limits, receipts, tiers) at prices y. What is left falls apart: each household's, or
class's, best response is a minimum over its choices, and supply and money are a small problem of their own. What they
add up to is a lower bound for any y (weak duality); at the relaxation's own duals it is the relaxation's optimum.
`Responses` reads the columns of a model, for classes; `renewopt.optimiser.decomposition.pricing` does without a model,
for all households.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.model.columns import Layout
from renewopt.optimiser.model.linear import Block, BoolArray, FloatArray, IntArray, LinearModel, Owner
from renewopt.problem import Problem

DUAL_TOLERANCE = 1e-7
"""Reduced costs below it are taken for 0."""


def _household_mask(model: LinearModel) -> BoolArray:
    mask = np.zeros(model.cost.size, dtype=np.bool_)
    for block in model.columns.values():
        mask[block.index] = block.owner is Owner.HOUSEHOLD
    return mask


def linking_rows(model: LinearModel) -> BoolArray:
    """Linking rows: all with a household's column, except each household's own balance."""
    of_household = _household_mask(model)
    linking = np.zeros(model.row_lower.size, dtype=np.bool_)
    linking[np.unique(model.entry_rows()[of_household[model.index]])] = True
    linking[model.rows["household"].index] = False
    return linking


def carry_over(duals: FloatArray, source: Mapping[str, Block], target: LinearModel) -> FloatArray:
    """Transfer duals from a model with these rows to another one that differs in the households' own rows only."""
    result = np.zeros(target.row_lower.size)
    for name, block in target.rows.items():
        other = source.get(name)
        if name != "household" and other is not None and other.size:
            carried = _of_next_month if name == "taken" else _by_key
            result[block.index] = carried(block, other, duals[other.index])
    return result


def _by_key(block: Block, other: Block, values: FloatArray) -> FloatArray:
    if block.size == other.size and all(np.array_equal(a, b) for a, b in zip(block.keys, other.keys, strict=True)):
        return values
    known = {key: i for i, key in enumerate(zip(*(k.tolist() for k in other.keys), strict=True))}
    at = [known.get(key, -1) for key in zip(*(k.tolist() for k in block.keys), strict=True)]
    return np.where(np.array(at) >= 0, values[at], 0.0)


def _of_next_month(block: Block, other: Block, values: FloatArray) -> FloatArray:
    """Values of each group, pool and month in the same month or the next one that is known; 0 where there is none.

    A home that is taken in a month enters the first row of that month or later: a row before it takes its price over.
    """
    size = [max(int(a.max()), int(b.max())) + 1 for a, b in zip(block.keys, other.keys, strict=True)]
    asked, known = (np.ravel_multi_index(each.keys, size) for each in (block, other))
    at = np.searchsorted(known, asked)
    inside = np.minimum(at, known.size - 1)
    same = (at < known.size) & (known[inside] // size[2] == asked // size[2])
    return np.where(same, values[inside], 0.0)


def admissible(duals: FloatArray, model: LinearModel) -> FloatArray:
    """Dual feasible signs: duals that the rows' bounds do not admit become 0."""
    y = np.where((duals > 0) & ~np.isfinite(model.row_lower), 0.0, duals)
    return np.where((y < 0) & ~np.isfinite(model.row_upper), 0.0, y)


def lifted(y: FloatArray, model: LinearModel) -> tuple[FloatArray, float]:
    """Duals that cost households as much as supply and money allow, and by how much these are worth more then.

    Where no open choice causes a payment, its row, an equation, has some dual or other, mostly much too small a one. As
    long as all columns of supply and money keep a reduced cost of at least 0, the duals may be raised: the bound
    of every household rises, and what is due already is worth more. Rows that share such a column are left as
    they are.

    Parameters
    ----------
    y
        (rows,) duals; those of the households' own rows do not matter.

    Returns
    -------
    numpy.ndarray, float
        (rows,) duals, and the rise of the value of supply and money.
    """
    of_household = _household_mask(model)
    rows = model.entry_rows()
    reduced = model.cost - np.bincount(model.index, weights=model.value * y[rows], minlength=model.cost.size)
    reduced[np.abs(reduced) < DUAL_TOLERANCE] = 0.0
    own, theirs = of_household[model.index], ~of_household[model.index]
    # Which way is dearer to households: all of a row's entries have to agree.
    up, down = (np.bincount(rows[own & sign], minlength=y.size) > 0 for sign in (model.value < 0, model.value > 0))
    way = np.where(up & ~down, 1.0, np.where(down & ~up, -1.0, 0.0))
    way[model.rows["household"].index] = 0.0
    due = np.where(model.row_lower == model.row_upper, model.row_lower, np.nan)
    way[~(np.sign(due) * way >= 0.0)] = 0.0
    # Columns that stand in the way: those whose reduced cost falls.
    falls = theirs & (way[rows] * model.value > 0.0)
    column = model.index[falls]
    room = np.full(y.size, np.inf)
    at_nothing = (reduced[column] >= 0.0) & (model.lower[column] == 0.0)
    np.minimum.at(room, rows[falls], np.where(at_nothing, reduced[column] / np.abs(model.value[falls]), 0.0))
    # What is not at 0 loses or gains by its size: it is left alone.
    fixed = theirs & (way[rows] != 0.0) & ((model.lower[model.index] != 0.0) | (reduced[model.index] < 0.0))
    room[rows[fixed]] = 0.0
    shared = np.bincount(model.index[theirs & (way[rows] != 0.0)], minlength=model.cost.size) > 1
    room[rows[theirs & shared[model.index]]] = 0.0
    rise = way * np.where(np.isfinite(room), room, 0.0)
    return y + rise, float((rise * np.where(rise != 0.0, due, 0.0)).sum())


@dataclass(frozen=True, eq=False)
class Responses:
    """The households' side of an unmerged model, ready to be priced.

    Attributes
    ----------
    cost
        (choices + waiting,) of the household columns.
    column, row, value
        Entries in linking rows; `column` counts from the first settle column on.
    """

    problem: Problem
    claim: IntArray
    month: IntArray
    unit: FloatArray
    choices: int
    cost: FloatArray
    column: IntArray
    row: IntArray
    value: FloatArray

    @classmethod
    def of(cls, f: Layout, model: LinearModel) -> Responses:
        """Take the households' columns of a model of the unmerged problem."""
        settle, waiting = model.columns["settle"], model.columns["waiting"]
        size = settle.size + waiting.size
        if settle.start != 0 or waiting.start != settle.size or _household_mask(model)[size:].any():
            raise ValueError("a household's columns are its choices and its waiting, first in the model")
        rows = model.entry_rows()
        at = np.flatnonzero((model.index < size) & linking_rows(model)[rows])
        return cls(
            f.problem,
            f.choices.claim,
            f.choices.month,
            f.choices.unit.astype(np.float64),
            settle.size,
            model.cost[:size],
            model.index[at],
            rows[at],
            model.value[at],
        )

    def reduced(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Cost of each choice for one household, waiting until then included; cost of never choosing (H,)."""
        months = self.problem.calendar.months
        price = self.cost - np.bincount(self.column, weights=self.value * y[self.row], minlength=self.cost.size)
        waiting = np.cumsum(price[self.choices :].reshape(-1, months), axis=1)
        before = np.where(self.month > 0, waiting[self.claim, self.month - 1], 0.0)
        return price[: self.choices] / self.unit + before, waiting[:, -1]
