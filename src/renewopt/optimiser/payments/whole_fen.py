"""Payments in whole fen by integer programming, where rounding finds none.

The rows are those of the formulation, in fen, with a column for every amount that the ledger rounds. The integers are
the differences from the relaxation's solution: small numbers, however large the amounts.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.decoding import decode_money
from renewopt.optimiser.model.linear import FloatArray, LinearModel, Role, Unit
from renewopt.problem import Decisions
from renewopt.problem.decisions import IntTable
from renewopt.units import FEN_PER_WAN

LARGEST = 20_000
"""Columns up to which whole fen are searched for."""
WINDOWS_FEN = (100.0, np.inf)
"""How far from the relaxation's answer a payment may lie; tried in turn."""
WORK = 2_000_000
"""Nodes × columns that a search in a window takes at the most: a limit that gives the same answer on every machine."""
FEWEST_NODES, MOST_NODES = 20, 5_000
LEAST_SECONDS = 1.0
GAP_FEN = 10.0
"""Absolute gap of the search: a tenth of a yuan, a tenth of what counts as optimal."""
SNAP = 1e-4
"""Limits in fen that are so near to a whole number are whole."""


def search_in_fen(
    f: Formulation,
    model: LinearModel,
    x: FloatArray,
    settle: IntTable,
    complete: IntTable,
    *,
    time_limit: float = math.inf,
) -> tuple[Decisions, FloatArray] | None:
    """Decisions in whole fen and the columns' values in 万元; None if none are found.

    Parameters
    ----------
    f, model
        The money problem, formulated `in_fen`, with its phases' columns bounded as they are decided.
    x
        An answer of its relaxation.
    settle, complete
        As in `Decisions`.
    time_limit
        Seconds for both windows together, never less than `LEAST_SECONDS` for each; by default work alone is limited.
    """
    if model.cost.size > LARGEST:
        return None
    unit = _units(f)
    base = np.rint(x * unit)
    began = time.perf_counter()
    for window in WINDOWS_FEN:
        left = time_limit - (time.perf_counter() - began)
        engine = Engine(_around(f, model, unit, base, window))
        engine.set("mip_rel_gap", 0.0)
        engine.set("mip_abs_gap", GAP_FEN)
        engine.set("mip_max_nodes", min(max(WORK // model.cost.size, FEWEST_NODES), MOST_NODES))
        raw = engine.run(time_limit=max(left, LEAST_SECONDS))
        if raw.x is not None:
            fen = np.rint(raw.x + base)
            tables = decode_money(f, fen.astype(np.int64))
            return Decisions(settle=settle, complete=complete, **tables), fen / unit
    return None


def _units(f: Formulation) -> FloatArray:
    """Units of each column that make one of the model: fen for money."""
    unit = np.ones(f.builder.size)
    for block in f.builder.columns.values():
        unit[block.index] = FEN_PER_WAN if block.unit is Unit.MONEY else 1.0
    return unit


def _around(f: Formulation, model: LinearModel, unit: FloatArray, base: FloatArray, window: float) -> LinearModel:
    """The model of the differences to `base`: in fen, decisions whole and within the window."""
    whole = np.zeros(unit.size, dtype=np.bool_)
    for block in f.of_role(Role.DECISION, Role.ROUNDED):
        whole[block.index] = block.unit is Unit.MONEY
    row = model.entry_rows()
    money = np.zeros(model.row_lower.size, dtype=np.bool_)
    money[row[unit[model.index] > 1.0]] = True
    scale = np.where(money, FEN_PER_WAN, 1.0)
    value = model.value * scale[row] / unit[model.index]
    at_base = np.bincount(row, weights=value * base[model.index], minlength=scale.size)
    lower, upper = _snap(model.lower * unit) - base, _snap(model.upper * unit) - base
    return replace(
        model,
        cost=model.cost / unit * FEN_PER_WAN,
        offset=0.0,
        lower=np.where(whole, np.maximum(lower, -window), lower),
        upper=np.where(whole, np.minimum(upper, window), upper),
        integer=whole,
        row_lower=_snap(model.row_lower * scale) - at_base,
        row_upper=_snap(model.row_upper * scale) - at_base,
        value=value,
    )


def _snap(limit: FloatArray) -> FloatArray:
    """Limits that are whole but for the solver's units, made whole."""
    finite = np.where(np.isfinite(limit), limit, 0.0)
    near = np.abs(finite - np.rint(finite)) <= SNAP
    return np.where(np.isfinite(limit) & near, np.rint(finite), limit)
