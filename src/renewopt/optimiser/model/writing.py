"""A linear model as text: LP and MPS files that any solver reads, with the names of the model page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from renewopt.disk import write_whole
from renewopt.optimiser.model.linear import INFINITY, LinearModel

WIDTH = 100
"""Characters a line, roughly: some readers stop at 255."""


def write_lp(model: LinearModel, path: str | Path) -> None:
    """Write an LP file."""
    write_whole(path, "\n".join(_lp(model)) + "\n")


def write_mps(model: LinearModel, path: str | Path) -> None:
    """Write a free MPS file."""
    write_whole(path, "\n".join(_mps(model)) + "\n")


def _number(value: float) -> str:
    """Shortest text that reads back as the same number."""
    whole = float(value)
    return str(int(whole)) if whole.is_integer() and abs(whole) < 1e15 else repr(whole)


def _wrapped(head: str, terms: list[str], tail: str = "") -> Iterator[str]:
    line = f" {head}:"
    for term in [*terms, *([tail] if tail else [])]:
        if len(line) + len(term) > WIDTH:
            yield line
            line = "  "
        line += f" {term}"
    yield line


def _term(value: float, name: str) -> str:
    size = "" if abs(value) == 1.0 else f"{_number(abs(value))} "
    return f"{'-' if value < 0 else '+'} {size}{name}"


def _lp(model: LinearModel) -> Iterator[str]:
    columns = model.column_names()
    yield "\\ renewopt: money in 10,000 yuan; h claim, o offer, p pool, e phase, f fund, n need, t month"
    yield "minimize"
    costs = [_term(model.cost[i], columns[i]) for i in np.flatnonzero(model.cost)]
    if model.offset:
        costs.append(f"{'-' if model.offset < 0 else '+'} {_number(abs(model.offset))}")
    yield from _wrapped("objective", costs)
    yield "subject to"
    for row, name in enumerate(model.row_names()):
        entries = range(model.start[row], model.start[row + 1])
        terms = [_term(model.value[k], columns[model.index[k]]) for k in entries] or [f"0 {columns[0]}"]
        yield from _lp_row(name, terms, model.row_lower[row], model.row_upper[row])
    yield "bounds"
    for name, low, high in zip(columns, model.lower.tolist(), model.upper.tolist(), strict=True):
        yield from _lp_bounds(name, low, high)
    if model.integer.any():
        yield "general"
        yield from (f" {columns[i]}" for i in np.flatnonzero(model.integer))
    yield "end"


def _lp_row(name: str, terms: list[str], low: float, high: float) -> Iterator[str]:
    if low == high:
        yield from _wrapped(name, terms, f"= {_number(low)}")
        return
    if high < INFINITY:
        yield from _wrapped(name, terms, f"<= {_number(high)}")
    if low > -INFINITY:
        yield from _wrapped(name if high == INFINITY else f"{name}_low", terms, f">= {_number(low)}")


def _lp_bounds(name: str, low: float, high: float) -> Iterator[str]:
    if low == high:
        yield f" {name} = {_number(low)}"
    elif low == -INFINITY:
        yield f" {name} free" if high == INFINITY else f" -inf <= {name} <= {_number(high)}"
    elif high < INFINITY:
        yield f" {_number(low)} <= {name} <= {_number(high)}"
    elif low != 0.0:
        yield f" {name} >= {_number(low)}"


def _mps(model: LinearModel) -> Iterator[str]:
    rows, low, high = model.row_names(), model.row_lower, model.row_upper
    kind = np.where(low == high, "E", np.where(high < INFINITY, "L", np.where(low > -INFINITY, "G", "N")))
    yield "NAME renewopt"
    yield "ROWS"
    yield " N objective"
    yield from (f" {letter} {name}" for letter, name in zip(kind, rows, strict=True))
    yield "COLUMNS"
    yield from _mps_columns(model, rows)
    yield "RHS"
    if model.offset:
        yield f" RHS objective {_number(-model.offset)}"
    side = np.where(high < INFINITY, high, np.where(low > -INFINITY, low, 0.0))
    yield from (f" RHS {rows[i]} {_number(side[i])}" for i in np.flatnonzero(side))
    ranged = np.flatnonzero((low > -INFINITY) & (high < INFINITY) & (low != high))
    if ranged.size:
        yield "RANGES"
        yield from (f" RANGE {rows[i]} {_number(high[i] - low[i])}" for i in ranged)
    yield "BOUNDS"
    for name, lower, upper, whole in zip(
        model.column_names(), model.lower.tolist(), model.upper.tolist(), model.integer.tolist(), strict=True
    ):
        yield from _mps_bounds(name, lower, upper, whole=whole)
    yield "ENDATA"


def _mps_columns(model: LinearModel, rows: list[str]) -> Iterator[str]:
    names, entry_row = model.column_names(), model.entry_rows()
    order = np.argsort(model.index, kind="stable")
    first = np.searchsorted(model.index[order], np.arange(len(names) + 1))
    inside = False
    for column, name in enumerate(names):
        if bool(model.integer[column]) != inside:
            yield f" MARKER 'MARKER' '{'INTEND' if inside else 'INTORG'}'"
            inside = not inside
        if model.cost[column] or first[column] == first[column + 1]:
            yield f" {name} objective {_number(model.cost[column])}"
        for k in order[first[column] : first[column + 1]]:
            yield f" {name} {rows[entry_row[k]]} {_number(model.value[k])}"
    if inside:
        yield " MARKER 'MARKER' 'INTEND'"


def _mps_bounds(name: str, lower: float, upper: float, *, whole: bool) -> Iterator[str]:
    if lower == upper:
        yield f" FX BOUND {name} {_number(lower)}"
        return
    if lower == -INFINITY:
        yield f" MI BOUND {name}"
    elif lower != 0.0:
        yield f" LO BOUND {name} {_number(lower)}"
    if upper < INFINITY:
        yield f" UP BOUND {name} {_number(upper)}"
    elif whole:
        yield f" PL BOUND {name}"
