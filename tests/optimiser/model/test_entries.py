"""Entries put into rows, beside scipy's."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from renewopt.optimiser.model import entries
from renewopt.optimiser.model.entries import by_rows


def drawn(seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], tuple[int, int]]:
    random = np.random.default_rng(seed)
    shape = int(random.integers(1, 30)), int(random.integers(1, 20))
    size = int(random.integers(0, 200))
    # Halves, that sums are exact in any order; some come to nothing.
    value = random.integers(-3, 4, size) / 2.0
    return random.integers(0, shape[0], size), random.integers(0, shape[1], size), value, shape


@pytest.mark.parametrize("seed", range(20))
def test_rows_are_those_of_scipy(seed: int) -> None:
    row, column, value, shape = drawn(seed)
    expected = sparse.csr_array((value, (row, column)), shape=shape)
    expected.sum_duplicates()
    expected.eliminate_zeros()
    rows = by_rows(row, column, value, shape)
    assert rows.start.tolist() == expected.indptr.tolist()
    assert rows.index.tolist() == expected.indices.tolist()
    assert rows.value.tolist() == expected.data.tolist()
    assert {array.dtype for array in (rows.start, rows.index)} == {np.dtype(np.int64)}


def test_entries_of_one_place_are_added_up_as_they_come() -> None:
    value = np.array([1e16, 1.0, -1e16])
    rows = by_rows(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64), value, (1, 1))
    # 1e16 + 1 is 1e16: in another order something would be left.
    assert rows.value.size == 0


@pytest.mark.parametrize("seed", range(10))
def test_a_product_is_the_same_to_the_bit_either_way(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    row, column, _, shape = drawn(seed)
    random = np.random.default_rng(seed)
    rows, table = by_rows(row, column, random.normal(size=row.size), shape), random.normal(size=(shape[1], 7))
    by_numpy = rows.times(table)
    monkeypatch.setattr(entries, "FEW", -1)
    assert by_numpy.tolist() == rows.times(table).tolist()
