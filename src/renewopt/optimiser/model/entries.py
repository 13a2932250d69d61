"""Entries of a matrix, put into rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEW", "Rows", "by_rows"]

FEW = 2_000
"""Entries up to which numpy multiplies them quickly enough."""


@dataclass(frozen=True, eq=False)
class Rows:
    """A matrix by rows (CSR).

    Attributes
    ----------
    start
        (rows + 1,) where each row's entries begin.
    index, value
        (entries,) column and value of each entry; columns ascend within a row.
    """

    start: NDArray[np.int64]
    index: NDArray[np.int64]
    value: NDArray[np.float64]

    def times(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows, n) product with a (columns, n) table; few entries are not worth the import of scipy's sparse matrices.

        Either way the entries of a row are added up in their order: the sums are the same to the last bit.
        """
        rows = self.start.size - 1
        if self.value.size > FEW:
            from scipy.sparse import csr_array

            product: NDArray[np.float64] = csr_array((self.value, self.index, self.start), (rows, len(table))) @ table
            return product
        sums = np.zeros((rows, table.shape[1]))
        length = np.diff(self.start)
        for k in range(int(length.max(initial=0))):
            has = np.flatnonzero(length > k)
            entry = self.start[has] + k
            sums[has] += self.value[entry][:, None] * table[self.index[entry]]
        return sums


def by_rows(
    row: NDArray[np.int64], column: NDArray[np.int64], value: NDArray[np.float64], shape: tuple[int, int]
) -> Rows:
    """Sort entries by row and column, those of one place added up and those that come to nothing left out.

    Parameters
    ----------
    row, column, value
        (entries,) in any order; added up in the order given.
    shape
        Rows and columns of the matrix.

    Examples
    --------
    >>> rows = by_rows(np.array([1, 0, 1]), np.array([2, 0, 2]), np.array([1.0, 5.0, 3.0]), (3, 3))
    >>> rows.start.tolist(), rows.index.tolist(), rows.value.tolist()
    ([0, 1, 2, 2], [0, 2], [5.0, 4.0])
    """
    rows, columns = shape
    place = row * columns + column
    order = np.argsort(place, kind="stable")
    place, value = place[order], value[order]
    first = np.ones(place.size, dtype=np.bool_)
    first[1:] = place[1:] != place[:-1]
    if not first.all():
        begins = np.flatnonzero(first)
        place, value = place[begins], np.add.reduceat(value, begins)
    something = value != 0
    if not something.all():
        place, value = place[something], value[something]
    row, index = np.divmod(place, max(columns, 1))
    start = np.zeros(rows + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=rows), out=start[1:])
    return Rows(start, index, value)
