"""What a user added to the PuLP model: read back from PuLP's own objects into the arrays of the linear model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pulp

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.linear import (
    INFINITY,
    Block,
    BoolArray,
    Columns,
    FloatArray,
    IntArray,
    LinearModel,
    Owner,
    Role,
    Unit,
)
from renewopt.optimiser.pulp.running import LOWER

FEN = 1e-6
"""One fen in 万元."""
STRICT = 1e-7
"""万元, households: by so much a constraint may be missed, for each unit of its size; less than a fen."""


@dataclass(frozen=True, eq=False)
class Additions:
    """Columns, rows, bounds and objective of the user, beside a model of n columns.

    Attributes
    ----------
    columns, lower, upper, integer
        Variables of the user's own.
    tighter_lower, tighter_upper
        (n,) bounds which the user put on our columns; ∓∞ where none.
    cost, offset
        Another objective, over all columns; None: ours.
    rows, row_lower, row_upper, start, index, value
        Constraints of the user's own, over all columns (CSR).
    """

    columns: tuple[str, ...]
    lower: FloatArray
    upper: FloatArray
    integer: BoolArray
    tighter_lower: FloatArray
    tighter_upper: FloatArray
    cost: FloatArray | None
    offset: float
    rows: tuple[str, ...]
    row_lower: FloatArray
    row_upper: FloatArray
    start: IntArray
    index: IntArray
    value: FloatArray

    @property
    def anything(self) -> bool:
        """Whether the answer has to keep anything of the user's."""
        tighter = (self.tighter_lower > -INFINITY).any() or (self.tighter_upper < INFINITY).any()
        return bool(self.rows) or bool(tighter) or self.cost is not None


def read_additions(problem: Any, model: LinearModel, ours: dict[str, Any]) -> Additions:
    """Read what was added to a PuLP problem that was made from `model`; `ours` are its variables by name.

    Raises
    ------
    ValueError
        If a rule of the model was altered or removed, or if something was added that cannot be read back.
    """
    if problem.sense != pulp.LpMinimize:
        raise ValueError("the model is minimised; to maximise something, minimise its negative")
    if problem.sos1 or problem.sos2:
        raise ValueError("special ordered sets cannot be read back; state them with integer variables")
    position = {id(variable): i for i, variable in enumerate(ours.values())}
    added = [v for v in problem.variables() if id(v) not in position]
    names = [v.name for v in added]
    doubled = sorted({n for n in names if n in ours or names.count(n) > 1})
    if doubled:
        raise ValueError(f"two variables bear the name {doubled[0]}: PuLP would take them for one")
    position |= {id(v): model.cost.size + i for i, v in enumerate(added)}
    known = _refuse_altered(problem, model)
    own_rows = [c for c in problem.constraints() if c.name not in known]
    entries = [sorted((position[id(v)], float(a)) for v, a in c.items() if a != 0) for c in own_rows]
    flat = [entry for row in entries for entry in row]
    low, high = _bounds(ours.values())
    tighter_lower = np.where(low > model.lower, low, -INFINITY)
    tighter_upper = np.where(high < model.upper, high, INFINITY)
    if (low < model.lower).any() or (high > model.upper).any():
        column = list(ours)[int(np.flatnonzero((low < model.lower) | (high > model.upper))[0])]
        raise ValueError(f"the bounds of {column} were widened: the rules are the scenario's; change them there")
    lower, upper = _bounds(added)
    cost = _own_cost(problem, model, position)
    return Additions(
        tuple(names),
        lower,
        upper,
        np.array([v.cat == pulp.LpInteger for v in added], dtype=np.bool_),
        tighter_lower,
        tighter_upper,
        cost,
        0.0 if cost is None else float(problem.objective.constant),
        tuple(str(c.name or f"own_{i}") for i, c in enumerate(own_rows)),
        np.array([-INFINITY if c.getLb() is None else c.getLb() for c in own_rows], dtype=np.float64),
        np.array([INFINITY if c.getUb() is None else c.getUb() for c in own_rows], dtype=np.float64),
        np.concatenate([[0], np.cumsum([len(row) for row in entries])]).astype(np.int64),
        np.array([i for i, _ in flat], dtype=np.int64),
        np.array([a for _, a in flat], dtype=np.float64),
    )


def _bounds(variables: Any) -> tuple[FloatArray, FloatArray]:
    pairs = [(v.lowBound, v.upBound) for v in variables]
    low = np.array([-INFINITY if low is None else low for low, _ in pairs], dtype=np.float64)
    return low, np.array([INFINITY if high is None else high for _, high in pairs], dtype=np.float64)


def _as_made(model: LinearModel) -> dict[str, tuple[int, float, float]]:
    """Row and bounds of each constraint that was made of the model: a row with two different bounds made two."""
    made = {}
    for row, name in enumerate(model.row_names()):
        low, high = float(model.row_lower[row]), float(model.row_upper[row])
        if low != high and low > -INFINITY and high < INFINITY:
            made[name] = row, -INFINITY, high
            made[f"{name}{LOWER}"] = row, low, INFINITY
        else:
            made[name] = row, low, high
    return made


def _refuse_altered(problem: Any, model: LinearModel) -> set[str]:
    """Our rows must stand as they were made: the rules are changed in the scenario. Return their names."""
    start, value = model.start.tolist(), model.value.tolist()
    made = _as_made(model)
    for name, (row, lower, upper) in made.items():
        constraint = problem.get_constraint_by_name(name)
        entries = value[start[row] : start[row + 1]]
        if constraint is None and not entries and model.row_lower[row] <= 0 <= model.row_upper[row]:
            continue
        if constraint is not None and list(constraint.values()) == entries:
            low, high = constraint.getLb(), constraint.getUb()
            if (-INFINITY if low is None else low) == lower and (INFINITY if high is None else high) == upper:
                continue
        raise ValueError(f"the rule {name} was altered or removed: the rules are the scenario's; change them there")
    return set(made)


def _own_cost(problem: Any, model: LinearModel, position: dict[int, int]) -> FloatArray | None:
    cost = np.zeros(len(position))
    objective = problem.objective
    if objective is not None:
        for variable, amount in objective.items():
            cost[position[id(variable)]] += amount
    same = np.array_equal(cost[: model.cost.size], model.cost) and not cost[model.cost.size :].any()
    return None if same and objective is not None and objective.constant == model.offset else cost


def extend(model: LinearModel, own: Additions, *, objective: bool = True, margin: float = 0.0) -> LinearModel:
    """Add the user's columns, rows, bounds and, if `objective`, objective; their rows `margin` tighter."""
    columns, rows = model.cost.size, model.row_lower.size
    own = _behind(own, columns - own.tighter_lower.size)
    shift = np.where(own.row_lower == own.row_upper, 0.0, margin) * _money_size(model, own)
    blocks = dict(model.columns) | {
        "own": Columns(
            "own", columns, len(own.columns), (), "", own.columns, role=Role.USER, unit=Unit.USER, owner=Owner.USER
        )
    }
    row_blocks = dict(model.rows) | {"own": Block("own", rows, len(own.rows), (), "", own.rows)}
    theirs = own.cost if objective else None
    return LinearModel(
        np.concatenate([model.cost, np.zeros(len(own.columns))]) if theirs is None else theirs,
        model.offset if theirs is None else own.offset,
        np.concatenate([np.maximum(model.lower, own.tighter_lower), own.lower]),
        np.concatenate([np.minimum(model.upper, own.tighter_upper), own.upper]),
        np.concatenate([model.integer, own.integer]),
        np.concatenate([model.row_lower, own.row_lower + shift]),
        np.concatenate([model.row_upper, own.row_upper - shift]),
        np.concatenate([model.start, model.start[-1] + own.start[1:]]),
        np.concatenate([model.index, own.index]),
        np.concatenate([model.value, own.value]),
        blocks,
        row_blocks,
    )


def _behind(own: Additions, more: int) -> Additions:
    """The user's columns behind `more` columns that a goal has beside those which the user saw."""
    if not more:
        return own
    known = own.tighter_lower.size
    cost = None if own.cost is None else np.concatenate([own.cost[:known], np.zeros(more), own.cost[known:]])
    return replace(
        own,
        tighter_lower=np.append(own.tighter_lower, np.full(more, -INFINITY)),
        tighter_upper=np.append(own.tighter_upper, np.full(more, INFINITY)),
        cost=cost,
        index=np.where(own.index < known, own.index, own.index + more),
    )


def _money_size(model: LinearModel, own: Additions, *, rounded: bool = False) -> FloatArray:
    """Of each own row: the sizes of its coefficients on money, together; `rounded`: where that follows rounding."""
    money = np.zeros(model.cost.size + len(own.columns), dtype=np.bool_)
    for block in model.columns.values():
        money[block.index] = block.unit is Unit.MONEY and (block.follows_rounding or not rounded)
    row = np.repeat(np.arange(len(own.rows)), np.diff(own.start))
    weights = np.abs(own.value) * money[own.index]
    return np.bincount(row, weights=weights, minlength=len(own.rows)).astype(np.float64)


def missed(model: LinearModel, own: Additions, x: FloatArray, *, roundings: int) -> tuple[list[str], FloatArray]:
    """Names of what exact columns x of the model miss of the user's; and x with the own columns' values.

    An equality between amounts of money may be missed by a fen for each amount, and each amount that follows from
    others (a balance, interest) by the fen that the ledger rounds.
    """
    columns = x.size
    slack = np.where(own.row_lower == own.row_upper, FEN, 0.0) * _money_size(model, own)
    slack += roundings * FEN * _money_size(model, own, rounded=True)
    finite = np.where(np.isfinite(own.row_lower), own.row_lower, np.where(np.isfinite(own.row_upper), own.row_upper, 0))
    slack += STRICT * np.maximum(1.0, np.abs(finite))
    bad = (x < own.tighter_lower - STRICT) | (x > own.tighter_upper + STRICT)
    names = [f"bounds of {name}" for name, is_bad in zip(model.column_names(), bad, strict=True) if is_bad]
    row = np.repeat(np.arange(len(own.rows)), np.diff(own.start))
    ours = own.index < columns
    known = np.bincount(row[ours], weights=own.value[ours] * x[own.index[ours]], minlength=len(own.rows))
    low, high = own.row_lower - slack - known, own.row_upper + slack - known
    if not own.columns:
        names += [name for name, a, b in zip(own.rows, low, high, strict=True) if a > 0 or b < 0]
        return names, x
    length = np.bincount(row[~ours], minlength=len(own.rows))
    rest = replace(
        model,
        cost=np.zeros(len(own.columns)), offset=0.0, lower=own.lower, upper=own.upper, integer=own.integer,
        row_lower=low, row_upper=high,
        start=np.concatenate([[0], np.cumsum(length)]).astype(np.int64),
        index=own.index[~ours] - columns, value=own.value[~ours],
    )  # fmt: skip
    raw = Engine(rest).run(time_limit=60.0)
    if raw.x is None:
        return [*names, *own.rows], np.concatenate([x, np.zeros(len(own.columns))])
    return names, np.concatenate([x, raw.x])
