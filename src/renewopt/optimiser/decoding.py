"""From columns to decisions and back."""

from __future__ import annotations

import numpy as np

from renewopt.optimiser.model import FloatArray
from renewopt.optimiser.variables import Formulation, Layout, lookup
from renewopt.problem import Decisions
from renewopt.problem.decisions import IntTable
from renewopt.units import FEN_PER_WAN


def whole_settle(f: Formulation, x: FloatArray) -> IntTable:
    """(n, 3) offer, month, households: settle columns rounded to whole numbers."""
    block = f["settle"]
    count = np.rint(x[block.index]).astype(np.int64) * f.choices.unit
    at = np.flatnonzero(count)
    return np.column_stack([f.choices.offer[at], f.choices.month[at], count[at]]).astype(np.int64)


def whole_complete(f: Formulation | Layout, x: FloatArray) -> IntTable:
    """(n, 2) phase, first month in which it stands complete."""
    months = f.problem.calendar.months
    state = x[f["complete"].index].reshape(len(f.problem.phases), months) > 0.5
    phase = np.flatnonzero(state.any(axis=1))
    return np.column_stack([phase, state[phase].argmax(axis=1)]).astype(np.int64)


def encode(f: Formulation, decisions: Decisions) -> FloatArray:
    """Columns' values of decisions (those of states, which follow from them, are left at 0)."""
    x = np.zeros(sum(block.size for block in f.builder.columns.values()))
    problem = f.problem
    months, books = problem.calendar.months, problem.calendar.books
    settle = lookup(f["settle"], (len(problem.offers), months))
    column = settle[decisions.settle[:, 0], decisions.settle[:, 1]]
    if (column < 0).any():
        raise ValueError("a settled household took an offer that is not open in that month")
    x[column] += decisions.settle[:, 2] / f.choices.unit[column - f["settle"].start]
    complete = f["complete"].index.reshape(len(problem.phases), months)
    for phase, month in decisions.complete:
        x[complete[phase, month:]] = 1.0
    shapes = {
        "build": ("build", (len(problem.phases), months)),
        "pay": ("pay", (len(problem.funds), len(problem.needs), books)),
        "offset": ("offset", (len(problem.needs), books)),
        "owe": ("owed", (len(problem.needs), books)),
        "move": ("move_money", (len(problem.moves), books)),
        "borrow": ("borrow", (len(problem.loans), books)),
        "repay": ("repay", (len(problem.loans), books)),
        "shortfall": ("shortfall", (len(problem.needs), books)),
    }
    for table_name, (block, shape) in shapes.items():
        table = getattr(decisions, table_name)
        if len(table):
            column = lookup(f[block], shape)[tuple(table[:, :-1].T)]
            x[column] += table[:, -1] / FEN_PER_WAN
    return x
