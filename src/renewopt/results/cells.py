"""Cells of tables: months and money as they are written, and texts strung together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.people import UNDECIDED
from renewopt.problem import Problem
from renewopt.units import FEN_PER_YUAN

__all__ = ["labels", "string", "yuan"]


def yuan(fen: NDArray[np.integer] | list[int]) -> NDArray[np.float64]:
    """Fen as yuan."""
    amounts: NDArray[np.float64] = np.asarray(fen, dtype=np.int64) / FEN_PER_YUAN
    return amounts


def labels(problem: Problem, months: NDArray[np.integer]) -> NDArray[np.object_]:
    """``YYYY-MM`` of each month, "" where undecided."""
    unique, place = np.unique(months, return_inverse=True)
    names = np.array(["" if m == UNDECIDED else problem.calendar.label(int(m)) for m in unique], dtype=object)
    texts: NDArray[np.object_] = names[place.reshape(-1)] if names.size else np.zeros(0, dtype=object)
    return texts


def string(rows: int, row: NDArray[np.integer], texts: NDArray[np.object_]) -> NDArray[np.object_]:
    """(rows,) texts of each row in their order, with ``;`` between.

    Parameters
    ----------
    row
        Non-decreasing.
    """
    strung = np.full(rows, "", dtype=object)
    first = np.searchsorted(row, row)
    place = np.arange(row.size) - first
    for number in range(int(place.max(initial=-1)) + 1):
        here = place == number
        strung[row[here]] += (";" if number else "") + texts[here]
    return strung
