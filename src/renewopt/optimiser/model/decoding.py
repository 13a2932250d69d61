"""Decoding of columns into decisions, and back."""

from __future__ import annotations

import numpy as np

from renewopt.optimiser.model.columns import Formulation, Layout
from renewopt.optimiser.model.linear import FloatArray, IntArray, Role, Unit
from renewopt.problem import Decisions, Problem
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


def schedule(problem: Problem, complete: IntTable) -> FloatArray:
    """(E, T) state of the phases: 1 from the month in which each is handed over."""
    state = np.zeros((len(problem.phases), problem.calendar.months))
    for phase, month in complete:
        state[phase, month:] = 1.0
    return state


def encode(f: Formulation, decisions: Decisions) -> FloatArray:
    """Columns' values of decisions (those of states, which follow from them, are left at 0).

    Raises
    ------
    ValueError
        If the model has no column for something that was decided.
    """
    x = np.zeros(f.builder.size)
    for block in f.of_role(Role.DECISION):
        if block.unit is Unit.MONEY:
            *keys, fen = getattr(decisions, block.source).T
            column = block.find(*keys)
            if (column < 0).any():
                raise ValueError(f"the table {block.source} holds what the model has no column for")
            np.add.at(x, column, fen / FEN_PER_WAN)
    column = f["settle"].find(*decisions.settle[:, :2].T)
    if (column < 0).any():
        raise ValueError("a settled household took an offer that is not open in that month")
    x[column] += decisions.settle[:, 2] / f.choices.unit[column - f["settle"].start]
    x[f["complete"].index] = schedule(f.problem, decisions.complete).ravel()
    return x


def decode_money(f: Formulation, fen: IntArray) -> dict[str, IntTable]:
    """Tables of `Decisions`, by name, of all columns' values in fen: those that hold money."""
    tables = {}
    for block in f.of_role(Role.DECISION):
        if block.unit is Unit.MONEY:
            amount = fen[block.index]
            at = np.flatnonzero(amount)
            tables[block.source] = np.column_stack([*(key[at] for key in block.keys), amount[at]]).astype(np.int64)
    return tables
