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
    states = replace(
        model,
        cost=np.zeros_like(model.cost),
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
