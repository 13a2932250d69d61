"""Columns that follow from decisions: who still waits, what is left of stock, balances, arrears."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.decoding import encode
from renewopt.optimiser.model.linear import INFINITY, FloatArray, LinearModel, Role
from renewopt.problem import Decisions
from renewopt.wording import words


def complete_states(f: Formulation, model: LinearModel, decisions: Decisions) -> FloatArray:
    """All columns' values of decisions, those that follow from them included; no rule is checked."""
    value = encode(f, decisions)
    lower, upper = value.copy(), value.copy()
    row_lower, row_upper = np.full_like(model.row_lower, -INFINITY), np.full_like(model.row_upper, INFINITY)
    for block in f.of_role(Role.STATE):
        known, open_ = block.index[block.known], block.index[~block.known]
        lower[known], upper[known] = model.lower[known], model.upper[known]
        lower[open_], upper[open_] = -INFINITY, INFINITY
        if open_.size:
            rows = model.rows[block.source]
            at = rows.find(*block.keys)
            row_lower[at], row_upper[at] = model.row_lower[at], model.row_upper[at]
    cost = np.zeros_like(model.cost)
    for block in (each for each in f.of_role(Role.STATE) if each.keeps_below and each.size):
        kept, bounded = f[block.keeps_below[0]], [model.rows[n] for n in block.keeps_below[1:] if n in model.rows]
        own = kept.find(*block.keys)
        # Where the other state is given, this one follows from the equation.
        late = block.index[~kept.known[own - kept.start]]
        lower[late] = 0.0
        cost[late] = block.keys[-1].max() + 1 - block.keys[-1][late - block.start]
        upper[kept.index] = model.upper[kept.index]
        for each in bounded:
            row_upper[each.index] = model.row_upper[each.index]
    states = replace(
        model,
        cost=cost,
        lower=lower,
        upper=upper,
        row_lower=row_lower,
        row_upper=row_upper,
        integer=np.zeros_like(model.integer),
    )
    raw = Engine(states).run()
    if raw.x is None:
        raise SolverError(words("the states that follow from the decisions cannot be computed"))
    return raw.x
