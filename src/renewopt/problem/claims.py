"""Claims: the households, cohorts or parts of households that wait for one home each (待安置户)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

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
    due
        (H,) int64: area that one household of the row is entitled to, in 1/10,000 m²; −1 where nothing says it.
    related
        (H,) object: word of the related households that are given homes in one estate only; "" where it has none.
    begins, ends
        (H,) int32: first month in which there is such a household, 0 where there was at the start; first month in which
        it is no more, 0 if that lies before the start, −1 where it stays.
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
    due: NDArray[np.int64]
    related: NDArray[np.object_]
    begins: NDArray[np.int32]
    ends: NDArray[np.int32]

    def __len__(self) -> int:
        return int(self.count.size)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """(H,) first claim of the same household: the claim itself, where the household is not split."""
        result = np.arange(len(self))
        split = np.flatnonzero(self.part != "")
        if split.size:
            _, first, household = np.unique(self.household[split].astype(str), return_index=True, return_inverse=True)
            result[split] = split[first[household]]
        return result

    @property
    def households(self) -> NDArray[np.int64]:
        """(H,) households: `count` at the first claim of each, 0 at the others, so that each counts once."""
        return np.where(self.first == np.arange(len(self)), self.count, 0)

    def stay(self, months: int) -> NDArray[np.bool_]:
        """(H,) whether the household still is after so many months: who is no more then needs no home."""
        return (self.ends < 0) | (self.ends >= months)


# ruff: noqa: RUF009 - `_empty` makes a field


def _empty(kind: type) -> Any:
    return field(default_factory=lambda: np.zeros(0, dtype=kind))


@dataclass(frozen=True, eq=False)
class Pins:
    """Signed contracts (已签协议), columns of length N: what a claim is given, and in which months it may choose.

    Attributes
    ----------
    claim
        (N,) int64: claim; several rows of one hold together.
    route
        (N,) int64: a `renewopt.problem.Route`; −1: any.
    label
        (N,) object: label of the offer, as in `renewopt.problem.Offers`; "": any.
    first, last
        (N,) int64: months in which it may choose, counted from month 0.
    must
        (N,) bool: it has to choose; else it may also wait.
    """

    claim: NDArray[np.int64] = _empty(np.int64)
    route: NDArray[np.int64] = _empty(np.int64)
    label: NDArray[np.object_] = _empty(object)
    first: NDArray[np.int64] = _empty(np.int64)
    last: NDArray[np.int64] = _empty(np.int64)
    must: NDArray[np.bool_] = _empty(np.bool_)

    def __len__(self) -> int:
        return int(self.claim.size)
