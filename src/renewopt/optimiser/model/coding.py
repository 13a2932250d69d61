"""Integer codes for distinct rows and lists: equal ones get the same code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.problem import Ragged


def codes(*columns: NDArray[np.generic]) -> IntArray:
    """A code for each distinct row of the columns, from 0 without gaps."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        inverse = _numbered(column)
        code = _numbered(code * (int(inverse.max(initial=0)) + 1) + inverse)
    return code


def _numbered(values: NDArray[np.generic]) -> IntArray:
    """Positions of values among the distinct ones, in their order; short ranges of whole numbers need no sorting."""
    if values.dtype.kind in "iub" and values.size:
        low, high = int(values.min()), int(values.max())
        if high - low <= 4 * values.size + 1000:
            shifted = values.astype(np.int64) - low
            seen = np.zeros(high - low + 1, dtype=np.bool_)
            seen[shifted] = True
            position: IntArray = np.cumsum(seen, dtype=np.int64) - 1
            return position[shifted]
    _, inverse = np.unique(values, return_inverse=True)
    return np.asarray(inverse, dtype=np.int64).ravel()


def list_codes(table: Ragged, rows: IntArray, names: tuple[str, ...]) -> IntArray:
    """A code for each distinct list (of the named columns) in a ragged table, for each of the rows."""
    if not table.start[-1]:
        return np.zeros(len(rows), dtype=np.int64)
    entry = codes(*(table[name] for name in names))
    length = np.diff(table.start)
    code = length.astype(np.int64)
    for k in range(int(length.max())):
        has = length > k
        step = np.full(len(length), -1, dtype=np.int64)
        step[has] = entry[table.start[:-1][has] + k]
        code = codes(code, step)
    return codes(code[rows])


def ranks(group: IntArray, size: FloatArray) -> tuple[IntArray, IntArray]:
    """Order by group and size, and each one's rank within its group."""
    order = np.lexsort((size, group))
    begin = np.concatenate(([0], np.cumsum(np.bincount(group))))
    rank = np.empty(order.size, dtype=np.int64)
    rank[order] = np.arange(order.size) - begin[group[order]]
    return order, rank
