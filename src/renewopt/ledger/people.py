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


HOUSEHOLDS = np.dtype([("claim", np.int64), ("households", np.int64), ("housed", np.int64)])

UNDECIDED = np.iinfo(np.int64).max
"""Month of being housed of those with no choice."""


@dataclass(frozen=True, eq=False)
class People:
    """Households by project and month of the books; J projects, B months, H claims.

    A household that is due several homes is one household: it waits while any of its claims does.

    Attributes
    ----------
    households
        Structured, a row for each settling decision and for what is left of a claim: ``claim``, ``households``, and
        ``housed``, the month (`UNDECIDED` for those with no choice). Households of several claims have rows of their
        own, with the first claim of each and the month in which the last one is housed.
    housed
        (J, B) int64 households housed in the month.
    ended
        (J, B) int64 households that are no more from the month on, and were not housed before.
    waiting
        (J, B) int64 neither housed nor ended at its close.
    overdue
        (J, B) int64 of them, those past their agreed term in that month.
    unsettled
        (H,) int64 households with no choice, claim by claim: what they still cost is reckoned so.
    """

    households: NDArray[np.void]
    housed: IntArray
    ended: IntArray
    waiting: IntArray
    overdue: IntArray
    unsettled: IntArray


def count_people(problem: Problem, choices: Choices) -> People:
    """Follow every household through the months of the books."""
    claims, books = problem.claims, problem.calendar.books
    unsettled = np.maximum(claims.count - totals(len(claims), choices.claim, choices.households), 0)
    rows = _list_households(problem, choices, unsettled)

    # Households of one project and one clock are overdue in the same months.
    clocks = problem.fees.overdue.shape[0]
    pairs, pair = np.unique(claims.project.astype(np.int64) * clocks + problem.fees.clock, return_inverse=True)
    inside = rows["housed"] < books
    arrived = table(
        (pairs.size, books), pair[rows["claim"][inside]], rows["housed"][inside], rows["households"][inside]
    )
    ends = ended_in(problem, rows)
    gone = ends < books
    ended = table((pairs.size, books), pair[rows["claim"][gone]], ends[gone], rows["households"][gone])
    waiting = totals(pairs.size, pair, claims.households)[:, None] - np.cumsum(arrived + ended, axis=1)
    overdue = np.where(problem.fees.overdue[pairs % clocks, :books], waiting, 0)

    def by_project(counts: IntArray) -> IntArray:
        result = np.zeros((problem.projects.size, books), dtype=np.int64)
        np.add.at(result, pairs // clocks, counts)
        return result

    return People(
        rows, by_project(arrived), by_project(ended), by_project(waiting), by_project(overdue), unsettled
    )  # fmt: skip


def ended_in(problem: Problem, rows: NDArray[np.void]) -> IntArray:
    """(n,) month from which the households of each row are no more; `UNDECIDED` if they stay, or are housed before."""
    ends = problem.claims.ends[rows["claim"]].astype(np.int64)
    return np.where((rows["housed"] == UNDECIDED) & (ends >= 0), ends, UNDECIDED)


def _list_households(problem: Problem, choices: Choices, unsettled: IntArray) -> NDArray[np.void]:
    left = np.flatnonzero(unsettled)
    rows = np.zeros(choices.claim.size + left.size, dtype=HOUSEHOLDS)
    rows["claim"] = np.concatenate([choices.claim, left])
    rows["households"] = np.concatenate([choices.households, unsettled[left]])
    rows["housed"] = np.concatenate([choices.housed, np.full(left.size, UNDECIDED)])
    split = (problem.claims.part != "")[rows["claim"]]
    return np.concatenate([rows[~split], _join_claims(problem, rows[split])]) if split.any() else rows


def _join_claims(problem: Problem, rows: NDArray[np.void]) -> NDArray[np.void]:
    """Join the claims of each household, which is housed when the last of them is.

    The households of a cohort are alike: the first to be housed under each claim are the same households.
    """
    rows = rows[np.lexsort((rows["housed"], rows["claim"]))]
    starts = np.flatnonzero(np.diff(rows["claim"], prepend=-1))
    taken = np.maximum(rows["households"], 0)
    number = np.cumsum(taken)
    number -= np.repeat((number - taken)[starts], np.diff(starts, append=rows.size))
    # A row is of the households number − taken … number − 1 of its claim: cut where a row of any claim ends.
    scale = int(number.max()) + 1
    end = problem.claims.first[rows["claim"]] * scale + number
    cuts = np.unique(end)
    claim, until = np.divmod(cuts, scale)
    joined = np.zeros(cuts.size, dtype=HOUSEHOLDS)
    joined["claim"] = claim
    joined["households"] = np.where(np.diff(claim, prepend=-1) > 0, until, np.diff(until, prepend=0))
    low = np.searchsorted(cuts, end - taken, side="right")
    pieces = np.searchsorted(cuts, end, side="right") - low
    piece = np.repeat(low - np.cumsum(pieces) + pieces, pieces) + np.arange(pieces.sum())
    np.maximum.at(joined["housed"], piece, np.repeat(rows["housed"], pieces))
    return joined


WAITS = np.dtype(
    [("claim", np.int64), ("project", np.int64), ("households", np.int64), ("months", np.int64), ("housed", np.bool_)]
)


def list_waits(problem: Problem, people: People) -> NDArray[np.void]:
    """Months from moving out until housed; for those with no choice until they end, or until T.

    Returns
    -------
    numpy.ndarray
        Structured, a row for each row of `People.households`: ``claim``, ``project``, ``households``, ``months`` (0
        where they are housed before they move out), ``housed``.
    """
    claim, housed = people.households["claim"], people.households["housed"]
    ends = np.minimum(ended_in(problem, people.households), problem.calendar.months)
    until = np.where(housed == UNDECIDED, ends, housed)
    rows = np.zeros(claim.size, dtype=WAITS)
    rows["claim"] = claim
    rows["project"] = problem.claims.project[claim]
    rows["households"] = people.households["households"]
    rows["months"] = np.maximum(until - problem.fees.moved_out[problem.fees.clock[claim]].astype(np.int64), 0)
    rows["housed"] = housed != UNDECIDED
    return rows
