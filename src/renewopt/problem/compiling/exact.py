"""Exact whole-number arithmetic of areas and prices, and small helpers on arrays.

Areas are held in 1/10,000 m² and prices of a m² in 1/10,000 yuan, so that their product is exact; −1 (`UNKNOWN`) is an
amount that the planner did not state.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from renewopt.units import divide_half_up, scaled
from renewopt.wording import words

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Key = TypeVar("Key", bound=Hashable)

AREA_SCALE = 10_000
PRICE_SCALE = 10_000
UNKNOWN = -1
LARGEST = 2**61
"""Products stay below this, so that rounding them cannot overflow."""
NEVER = 1_000_000
"""A month that never comes."""

_FEN = AREA_SCALE * PRICE_SCALE // 100
_HUNDREDTHS = AREA_SCALE // 100


class TooLargeError(ValueError):
    """An amount that whole numbers of 64 bits cannot hold in fen; says which."""


def times(values: Ints, factor: int, what: str) -> Ints:
    """`values` × `factor`, exact.

    Raises
    ------
    TooLargeError
        If a product could leave the range of exact whole numbers.
    """
    if int(np.abs(values).max(initial=0)) * abs(factor) > LARGEST:
        raise TooLargeError(words("{what} is too large to be reckoned exactly in fen", what=what))
    return values * factor


def whole(values: Any, scale: int) -> Ints:
    """Numbers × scale, rounded; NaN (not stated) becomes `UNKNOWN`."""
    numbers = np.asarray(values, dtype=np.float64)
    missing = np.isnan(numbers)
    result = np.floor(np.where(missing, 0.0, numbers) * scale + 0.5).astype(np.int64)
    result[missing] = UNKNOWN
    return result


def area(number: Decimal | float) -> int:
    """M² in 1/10,000."""
    return scaled(number, AREA_SCALE)


def price_of(areas: Ints, yuan_per_m2: Decimal) -> Ints:
    """Fen for each area at a price of a m², rounded half-up."""
    return divide_half_up(times(areas, scaled(yuan_per_m2, PRICE_SCALE), words("an area × price")), _FEN)


def square_metres(areas: Ints) -> Ints:
    """Areas as stock: hundredths of a m²."""
    return divide_half_up(areas, _HUNDREDTHS)


def share_out(values: Ints, number: Ints, parts: Ints) -> Ints:
    """Part `number` (from 0) of each value divided into equal parts that add up to it; unknown stays unknown."""
    split = values * (number + 1) // parts - values * number // parts
    return np.where(values == UNKNOWN, UNKNOWN, split)


def factorise(values: NDArray[np.object_]) -> tuple[Ints, list[Any]]:
    """Code of each cell, and the distinct cells."""
    import pandas as pd

    codes, uniques = pd.factorize(values)
    return codes.astype(np.int64), list(uniques)


def combine(*codes: Ints) -> tuple[Ints, Ints]:
    """Code of each distinct combination, and the row where it first stands; codes are ≥ −1."""
    key = np.zeros(codes[0].size, dtype=np.int64)
    for code in codes:
        spread = int(code.max(initial=0)) + 2
        if key.size and int(key.max()) > np.iinfo(np.int64).max // spread:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
        key = key * spread + (code + 1)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return inverse.astype(np.int64), first.astype(np.int64)


def grouped(codes: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each code and the rows that have it, increasing; all of them in one sort.

    Examples
    --------
    >>> [(code, rows.tolist()) for code, rows in grouped(np.array([1, 0, 1]))]
    [(0, [1]), (1, [0, 2])]
    """
    order = np.argsort(codes, kind="stable").astype(np.int64)
    if not order.size:
        return
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    for rows in np.split(order, ends):
        yield int(codes[rows[0]]), rows


class Register(Generic[Key]):
    """Distinct keys in the order in which they were first met, each with its row number."""

    def __init__(self) -> None:
        self._rows: dict[Key, int] = {}

    def row(self, key: Key) -> int:
        """Row number of a key, a new one if it was not met yet."""
        return self._rows.setdefault(key, len(self._rows))

    @property
    def keys(self) -> Sequence[Key]:
        """Keys by row."""
        return list(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
