"""People: who chose what, who is housed, who waits and who waits past the agreed term."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray, table, totals
from renewopt.problem import Problem


@dataclass(frozen=True, eq=False)
class Choices:
    """Settling decisions, row by row as decided.

    Attributes
    ----------
    offer, claim
        (n,) int64.
    month, housed
        (n,) int64: month of choice, month in which they are housed.
    households
        (n,) int64.
    """

    offer: IntArray
    claim: IntArray
    month: IntArray
    households: IntArray
    housed: IntArray


def read_choices(problem: Problem, settle: NDArray[np.integer]) -> Choices:
    """Read the rows of a ``settle`` table, with the claim and the month of being housed."""
    offer, month, households = (settle[:, column].astype(np.int64) for column in range(3))
    claim = problem.offers.claim[offer].astype(np.int64)
    return Choices(offer, claim, month, households, month + problem.offers.housed_after[offer])


@dataclass(frozen=True, eq=False)
class People:
    """Households by project and month of the books; J projects, B months, H claims.

    Attributes
    ----------
    housed
        (J, B) int64 households housed in the month.
    waiting
        (J, B) int64 not yet housed at its close.
    overdue
        (J, B) int64 of them, those past their agreed term in that month.
    unsettled
        (H,) int64 households with no choice.
    """

    housed: IntArray
    waiting: IntArray
    overdue: IntArray
    unsettled: IntArray


def count_people(problem: Problem, choices: Choices) -> People:
    """Follow everybody through the months of the books."""
    claims, books = problem.claims, problem.calendar.books
    chosen = totals(len(claims), choices.claim, choices.households)

    # Claims of one project and one clock are overdue in the same months.
    clocks = problem.fees.overdue.shape[0]
    key = claims.project.astype(np.int64) * clocks + problem.fees.clock
    pairs, pair = np.unique(key, return_inverse=True)
    inside = choices.housed < books
    shape = (pairs.size, books)
    arrived = table(shape, pair[choices.claim[inside]], choices.housed[inside], choices.households[inside])
    everybody = totals(pairs.size, pair, claims.count)
    waiting = everybody[:, None] - np.cumsum(arrived, axis=1)
    overdue = np.where(problem.fees.overdue[pairs % clocks, :books], waiting, 0)

    def by_project(rows: IntArray) -> IntArray:
        result = np.zeros((problem.projects.size, books), dtype=np.int64)
        np.add.at(result, pairs // clocks, rows)
        return result

    return People(
        housed=by_project(arrived),
        waiting=by_project(waiting),
        overdue=by_project(overdue),
        unsettled=np.maximum(claims.count - chosen, 0),
    )


WAITS = np.dtype(
    [("claim", np.int64), ("project", np.int64), ("households", np.int64), ("months", np.int64), ("housed", np.bool_)]
)


def list_waits(problem: Problem, choices: Choices, unsettled: IntArray) -> NDArray[np.void]:
    """Months from moving out until housed, or until T for those with no choice.

    Returns
    -------
    numpy.ndarray
        Structured, a row for each settling decision and for what is left of a claim: ``claim``, ``project``,
        ``households``, ``months`` (0 where they are housed before they move out), ``housed``.
    """
    left = np.flatnonzero(unsettled)
    claim = np.concatenate([choices.claim, left])
    until = np.concatenate([choices.housed, np.full(left.size, problem.calendar.months)])
    rows = np.zeros(claim.size, dtype=WAITS)
    rows["claim"] = claim
    rows["project"] = problem.claims.project[claim]
    rows["households"] = np.concatenate([choices.households, unsettled[left]])
    rows["months"] = np.maximum(until - problem.fees.moved_out[problem.fees.clock[claim]].astype(np.int64), 0)
    rows["housed"] = np.arange(claim.size) < choices.claim.size
    return rows
