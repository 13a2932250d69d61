"""Columns that follow from decisions: who still waits, what is left of stock, balances, arrears."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.optimiser.decoding import encode
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.model import INFINITY, FloatArray, LinearModel
from renewopt.optimiser.variables import Formulation
from renewopt.problem import Decisions
from renewopt.wording import words

DEFINED_BY = {
    "household": ("waiting",),
    "spending": ("spent",),
    "stock": ("stock",),
    "reservation": ("open",),
    "outstanding": ("outstanding",),
    "arrears": ("arrears",),
    "received": ("received",),
    "drawn": ("drawn",),
    "debt": ("debt",),
    "fund": ("balance", "lapsed"),
}
"""Rows, and the columns that they define, given the decisions; arrears that are repaid follow from the needs."""


def complete_states(f: Formulation, model: LinearModel, decisions: Decisions) -> FloatArray:
    """All columns' values of decisions, those that follow from them included; no rule is checked."""
    value = encode(f, decisions)
    lower, upper = value.copy(), value.copy()
    row_lower, row_upper = np.full_like(model.row_lower, -INFINITY), np.full_like(model.row_upper, INFINITY)
    for row, columns in DEFINED_BY.items():
        if row not in model.rows:
            continue
        at = model.rows[row].index
        row_lower[at], row_upper[at] = model.row_lower[at], model.row_upper[at]
        for name in columns:
            lower[f[name].index], upper[f[name].index] = -INFINITY, INFINITY
    if model.columns["balance"].size:
        fund, month = f["balance"].keys
        lapsing = f["balance"].index[f.problem.funds.lapses[fund, month]]
        lower[lapsing] = upper[lapsing] = 0.0
    opening = f["opening_arrears"].index
    lower[opening], upper[opening] = model.lower[opening], model.upper[opening]
    if f["repaid"].size:
        lower[f["repaid"].index], upper[f["repaid"].index] = -INFINITY, INFINITY
        need, _ = model.rows["need"].keys
        at = model.rows["need"].index[f.problem.needs.owing[need] >= 0]
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
        raise SolverError(words("the states of the decisions cannot be reckoned"))
    return raw.x
