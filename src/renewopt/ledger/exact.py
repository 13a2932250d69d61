"""Exact whole-number arithmetic on arrays: rounding of shares, sums by place, decimals as they are written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.units import divide_half_up

IntArray = NDArray[np.int64]


def share_of(amount: IntArray, parts: NDArray[np.integer], whole: int) -> IntArray:
    """``amount × parts / whole`` rounded half-up, without leaving 64 bits on the way.

    Parameters
    ----------
    amount
        Any shape, fen.
    parts
        Broadcast against `amount`; parts of `whole`, such as ppm of 1e6.
    whole
        Up to 1e9.
    """
    quotient, rest = np.divmod(amount, whole)
    result: IntArray = quotient * parts + divide_half_up(rest * parts, whole)
    return result


def table(shape: tuple[int, int], row: NDArray[np.integer], column: IntArray, amount: IntArray) -> IntArray:
    """Sum of `amount` by (row, column), as an array of `shape`; exact, unlike a weighted `numpy.bincount`."""
    result = np.zeros(shape, dtype=np.int64)
    np.add.at(result, (row, column), amount)
    return result


def totals(size: int, place: IntArray, amount: IntArray) -> IntArray:
    """Sum of `amount` by place, (size,)."""
    result = np.zeros(size, dtype=np.int64)
    np.add.at(result, place, amount)
    return result
