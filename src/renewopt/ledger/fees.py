"""Fees accrued: what every household costs in every month (rule 2 of the accounts).

Claims are read in blocks, so that a million of them need no more memory than a few thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray, table, totals
from renewopt.ledger.people import Choices
from renewopt.problem import Problem

BLOCK_CELLS = 1 << 19
"""Claims × months that are worked on at once."""


@dataclass(frozen=True, eq=False)
class Fees:
    """Fees in fen; H claims, J projects, G bills, B months of the books, C months of the curves.

    Attributes
    ----------
    ordinary, overdue
        (J, B): accrued, tails included. What would accrue after the books is put in their last month.
    by_bill
        (G, C): accrued on each bill.
    claim, claim_overdue
        (H,): accrued by all households of the claim; of it, what counts as overdue.
    valued, valued_overdue
        (H,): fees after the horizon of households with no choice: valued, never paid.
    after_books
        Fees that would accrue after the books, which a true problem never has.
    """

    ordinary: IntArray
    overdue: IntArray
    by_bill: IntArray
    claim: IntArray
    claim_overdue: IntArray
    valued: IntArray
    valued_overdue: IntArray
    after_books: int


@dataclass(frozen=True, eq=False)
class Entries:
    """Fees after the choice, one by one: of a stated stream or a tail; `row` is that of the choices."""

    row: IntArray
    claim: IntArray
    month: IntArray
    fen: IntArray
    overdue: NDArray[np.bool_]


def accrue_fees(problem: Problem, choices: Choices, unsettled: IntArray) -> Fees:
    """Fees of all households in all months.

    Parameters
    ----------
    unsettled
        (H,) households with no choice.
    """
    claims, calendar = problem.claims, problem.calendar
    months = problem.fees.months
    projects = problem.projects.size
    # A group: claims of one bill and one project.
    groups, group = np.unique(claims.bill.astype(np.int64) * projects + claims.project, return_inverse=True)
    ordinary = np.zeros((groups.size, months), dtype=np.int64)
    overdue = np.zeros_like(ordinary)
    sums = np.zeros((4, len(claims)), dtype=np.int64)

    stops = curve_stops(problem, choices)
    order = np.argsort(group, kind="stable")
    step = max(1, BLOCK_CELLS // months)
    position = np.empty(order.size, dtype=np.int64)
    position[order] = np.arange(order.size)
    row_order = np.argsort(position[choices.claim], kind="stable")
    row_position = position[choices.claim][row_order]
    for start in range(0, order.size, step):
        block = order[start : start + step]
        first, last = np.searchsorted(row_position, [start, start + block.size])
        rows = row_order[first:last]
        fen = problem.fees.fen(block, slice(None))
        late = problem.fees.overdue[problem.fees.clock[block]]
        local = position[choices.claim[rows]] - start
        paying = _paying(problem, stops[rows], choices.households[rows], local, unsettled[block])
        accrued = fen * paying
        accrued_late = np.where(late, accrued, 0)
        horizon = slice(calendar.months, calendar.valued_until)
        valued = fen[:, horizon] * problem.fees.is_valued(block, calendar) * unsettled[block][:, None]
        sums[0, block] = accrued.sum(axis=1)
        sums[1, block] = accrued_late.sum(axis=1)
        sums[2, block] = valued.sum(axis=1)
        sums[3, block] = np.where(late[:, horizon], valued, 0).sum(axis=1)
        here, begin = np.unique(group[block], return_index=True)
        overdue[here] += np.add.reduceat(accrued_late, begin, axis=0)
        ordinary[here] += np.add.reduceat(accrued - accrued_late, begin, axis=0)

    after_books = int(ordinary[:, calendar.books :].sum() + overdue[:, calendar.books :].sum())
    for entries in fees_after_choice(problem, choices):
        after_books += int(entries.fen[entries.month >= calendar.books].sum())
        month = np.minimum(entries.month, months - 1)
        fen_late = np.where(entries.overdue, entries.fen, 0)
        overdue += table(overdue.shape, group[entries.claim], month, fen_late)
        ordinary += table(ordinary.shape, group[entries.claim], month, entries.fen - fen_late)
        sums[0] += totals(len(claims), entries.claim, entries.fen)
        sums[1] += totals(len(claims), entries.claim, fen_late)

    by_bill = np.zeros((problem.bills.need.size, months), dtype=np.int64)
    np.add.at(by_bill, groups // projects, ordinary + overdue)
    return Fees(
        _by_project(ordinary, groups % projects, projects, calendar.books),
        _by_project(overdue, groups % projects, projects, calendar.books),
        by_bill,
        claim=sums[0],
        claim_overdue=sums[1],
        valued=sums[2],
        valued_overdue=sums[3],
        after_books=after_books,
    )


def curve_stops(problem: Problem, choices: Choices) -> IntArray:
    """(n,) first month in which those who chose pay the curve no more: the choice, where fees after it are stated."""
    return np.where(problem.offers.stated_stream[choices.offer], choices.month, choices.housed)


def fees_after_choice(problem: Problem, choices: Choices) -> tuple[Entries, Entries, Entries]:
    """Fees that the curves do not tell: stated ones, tails, and what lies beyond the end of the curves."""
    return _streams(problem, choices), _tails(problem, choices), _past_curve(problem, choices)


def fees_of_one(problem: Problem, claim: int, choice: Choices | None) -> tuple[IntArray, IntArray]:
    """(C,) fees of one household by month, those counting as overdue apart: ordinary, overdue.

    Parameters
    ----------
    choice
        Of one row, for one household; None: it waits, and the fees after the horizon are those that are valued.
    """
    calendar, table_ = problem.calendar, problem.fees
    curve = table_.fen(np.array([claim]), slice(None))[0]
    month = np.arange(curve.size)
    if choice is None:
        pays = month < calendar.months
        pays[calendar.months : calendar.valued_until] = table_.is_valued(np.array([claim]), calendar)[0]
    else:
        pays = month < curve_stops(problem, choice)
    late = table_.overdue[table_.clock[claim]]
    both = np.stack([np.where(pays & ~late, curve, 0), np.where(pays & late, curve, 0)])
    if choice is not None:
        for entries in fees_after_choice(problem, choice):
            np.add.at(both, (entries.overdue.astype(np.int64), np.minimum(entries.month, curve.size - 1)), entries.fen)
    return both[0], both[1]


def _paying(problem: Problem, stop: IntArray, households: IntArray, local: IntArray, unsettled: IntArray) -> IntArray:
    """(b, C) households of a block that pay the curve: no choice and month < T, or chosen and not yet stopped."""
    months = problem.fees.months
    stopped = table((unsettled.size, months + 1), local, np.minimum(stop, months), households)
    # Counted from the end: those who stop after a month still pay in it.
    paying = stopped[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    paying[:, : problem.calendar.months] += unsettled[:, None]
    return paying


def _streams(problem: Problem, choices: Choices) -> Entries:
    """Stated fees from the month of choice on."""
    rows = np.flatnonzero(problem.offers.stated_stream[choices.offer])
    stream = problem.offers.stream.take(choices.offer[rows])
    row = rows[stream.row]
    month = choices.month[row] + np.arange(row.size) - stream.start[stream.row]
    # Before being housed the month itself decides whether the fee is overdue; from then on, the month of housing.
    seen = np.minimum(np.minimum(month, choices.housed[row]), problem.fees.months - 1)
    claim = choices.claim[row]
    overdue = problem.fees.overdue[problem.fees.clock[claim], seen]
    return Entries(row, claim, month, stream["fen"] * choices.households[row], overdue)


def _tails(problem: Problem, choices: Choices) -> Entries:
    """Fees that go on after being housed."""
    offers, last = problem.offers, problem.fees.months - 1
    length = np.where(offers.stated_stream, 0, offers.tail)[choices.offer].astype(np.int64)
    row = np.repeat(np.arange(length.size), length)
    month = choices.housed[row] + np.arange(row.size) - np.repeat(np.cumsum(length) - length, length)
    claim, housed = choices.claim[row], np.minimum(choices.housed[row], last)
    multiplier = offers.tail_multiplier[choices.offer[row]]
    fen = problem.fees.tail_fen(claim, housed, np.minimum(month, last), multiplier)
    overdue = problem.fees.tail_overdue(claim, housed, multiplier)
    return Entries(row, claim, month, fen * choices.households[row], overdue)


def _past_curve(problem: Problem, choices: Choices) -> Entries:
    """Months in which households still pay after the curves end, at the last month's fee: none in a true problem."""
    months = problem.fees.months
    row = np.flatnonzero((choices.housed > months) & ~problem.offers.stated_stream[choices.offer])
    claim = choices.claim[row]
    last = np.full(row.size, months - 1)
    fen = problem.fees.tail_fen(claim, last, last, np.full(row.size, -1)) * choices.households[row]
    overdue = problem.fees.overdue[problem.fees.clock[claim], months - 1]
    return Entries(row, claim, choices.housed[row] - 1, fen * (choices.housed[row] - months), overdue)


def _by_project(rows: IntArray, project: IntArray, projects: int, books: int) -> IntArray:
    """Sum the groups by project, with months after the books folded into the last one."""
    result = np.zeros((projects, books), dtype=np.int64)
    np.add.at(result, project, rows[:, :books])
    np.add.at(result[:, -1], project, rows[:, books:].sum(axis=1))
    return result
