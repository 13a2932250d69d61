"""Claims: the households, cohorts or parts of households that wait for one home each (待安置户)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEVER = -1


@dataclass(frozen=True, eq=False)
class Claims:
    """Columns of length H. A row is a household, a cohort of `count` alike, or one claim of a split household.

    Attributes
    ----------
    household
        (H,) object: id of the household or cohort; repeated where one is split into claims.
    part
        (H,) object: label of the claim within its household, "" where it is not split.
    project
        (H,) int32: project.
    count
        (H,) int64: households in the row; every amount in the tables is for one of them.
    indivisible
        (H,) bool: the whole row takes one offer in one month (a village kept together).
    weight
        (H,) float64: urgency weight on its fees in the objective.
    deadline
        (H,) int32: last month in which it may be housed; −1: none.
    obligation
        (H,) int64 fen: what one household with no choice by T − 1 still costs (fiscal cost only).
    bill
        (H,) int32: the bill (payer, frequency) that its fees go into.
    """

    household: NDArray[np.object_]
    part: NDArray[np.object_]
    project: NDArray[np.int32]
    count: NDArray[np.int64]
    indivisible: NDArray[np.bool_]
    weight: NDArray[np.float64]
    deadline: NDArray[np.int32]
    obligation: NDArray[np.int64]
    bill: NDArray[np.int32]

    def __len__(self) -> int:
        return int(self.count.size)
