"""Dust in payments swept up: small movements joined to larger ones, in the decisions themselves, fen by fen.

A payment below a threshold is taken over by another fund that pays the same need in the month, or put together with the
need's payment before or after it (more or less is left owing then). A small amount left owing is paid at once. A small
transfer, draw, repayment, set-off or building is joined to its neighbour in time. Each step is tried by itself and kept
only if whoever knows the rules accepts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from renewopt.problem import Decisions, Problem
from renewopt.problem.decisions import IntTable
from renewopt.units import FEN_PER_YUAN

__all__ = ["Movements", "movements", "swept"]

TABLES = ("pay", "offset", "owe", "move", "borrow", "repay", "build")
SMALL_FEN = 1000 * FEN_PER_YUAN
"""Movements below this are tried."""
REPAID_WITHIN = 5
"""Payments of a need among which the repayment of what was owed is looked for."""
TRIED = 60
"""Steps tried at the most: each is a replay."""
REPLAYED = 300_000
"""Claims replayed for them at the most, so that a large city does not wait for a few fen."""


@dataclass(frozen=True, order=True)
class Movements:
    """How untidy payments are, the worst first.

    Attributes
    ----------
    count
        Payments, set-offs, amounts left owing, transfers, draws, repayments and building: rows of the tables.
    dust
        Of them below a yuan.
    small
        Of them below 1,000 yuan.
    """

    count: int
    dust: int
    small: int


def movements(decisions: Decisions) -> Movements:
    """Count the movements of money of some decisions."""
    fen = np.concatenate([getattr(decisions, name)[:, -1] for name in TABLES])
    return Movements(fen.size, int((fen < FEN_PER_YUAN).sum()), int((fen < SMALL_FEN).sum()))


def swept(problem: Problem, decisions: Decisions, accepts: Callable[[Decisions], bool]) -> Decisions:
    """Join small movements to larger ones where that is accepted; never more movements than before.

    Parameters
    ----------
    decisions
        Complete.
    accepts
        Whether decisions keep every rule, and reach what those given reach.
    """
    left, kept = min(TRIED, REPLAYED // max(len(problem.claims), 1)), set[tuple[int, ...]]()
    while left:
        small = next((row for row in _small(problem, decisions) if row not in kept), None)
        if small is None:
            break
        kept.add(small)
        least = movements(decisions)
        for found in _joined(problem, decisions, *small):
            if movements(found) >= least:
                continue
            left -= 1
            if accepts(found):
                decisions = found
                break
            if not left:
                break
    return decisions


def _small(problem: Problem, decisions: Decisions) -> Iterator[tuple[int, ...]]:
    """(table, key …, month, fen) of each small movement still to be decided, the smallest first."""
    found = []
    for number, name in enumerate(TABLES):
        rows = getattr(decisions, name)
        at = (rows[:, -1] < SMALL_FEN) & (rows[:, -2] >= problem.calendar.now)
        found += [(number, *row) for row in rows[at].tolist()]
    yield from sorted(found, key=lambda row: (row[-1], row))


def _joined(problem: Problem, decisions: Decisions, number: int, *row: int) -> Iterator[Decisions]:
    """Ways to do without a movement."""
    name, fen, month, key = TABLES[number], row[-1], row[-2], row[:-2]
    if name == "pay":
        yield from _payment_joined(problem, decisions, key[0], key[1], month, fen)
    elif name == "owe":
        (need,) = key
        later = [m for m in _paid_months(decisions, need) if m > month]
        for again in later[:2]:
            yield _changed(decisions, ("owe", (need, month), -fen), *_paid(decisions, need, month, fen),
                           *_paid(decisions, need, again, -fen))  # fmt: skip
    else:
        rows = getattr(decisions, name)
        same = rows[(rows[:, :-2] == np.array(key)).all(axis=1)]
        for other in sorted(set(same[:, -2].tolist()) - {month}, key=lambda m: abs(m - month))[:2]:
            yield _changed(decisions, (name, (*key, month), -fen), (name, (*key, other), fen))
        if name == "offset":
            yield _changed(decisions, (name, (*key, month), -fen), *_paid(decisions, key[0], month, fen))


def _payment_joined(
    problem: Problem, decisions: Decisions, fund: int, need: int, month: int, fen: int
) -> Iterator[Decisions]:
    """Ways to do without a payment."""
    pay, gone = decisions.pay, ("pay", (fund, need, month), -fen)
    beside = pay[(pay[:, 1] == need) & (pay[:, 2] == month) & (pay[:, 0] != fund)]
    for other in beside[np.argsort(-beside[:, 3], kind="stable"), 0].tolist():
        yield _changed(decisions, gone, ("pay", (other, need, month), fen))
        yield _changed(
            decisions, gone, ("pay", (other, need, month), fen), *_drawn(problem, decisions, other, month, fen)
        )
    if problem.needs.owing[need] < 0:
        return
    months = _paid_months(decisions, need)
    # A repayment of what was owed may come with the payment before it, or after it.
    for near in [m for m in months if m < month][-1:] + [m for m in months if m > month][:1]:
        yield _changed(decisions, gone, *_paid(decisions, need, near, fen))
    for again in [m for m in months if m > month][:1]:
        yield _changed(decisions, gone, ("owe", (need, month), fen), *_paid(decisions, need, again, fen))
    for other, again in product(_owing_beside(problem, decisions, need, month), [m for m in months if m > month][:2]):
        # Less is owed of the other need: what was owed of it is repaid in one of its next payments.
        for repaid in [m for m in _paid_months(decisions, other) if m > month][:REPAID_WITHIN]:
            yield _changed(decisions, gone, ("owe", (need, month), fen), *_paid(decisions, need, again, fen),
                           ("owe", (other, month), -fen), *_paid(decisions, other, month, fen),
                           *_paid(decisions, other, repaid, -fen))  # fmt: skip
    for before in [m for m in months if m < month][-1:]:
        yield _changed(decisions, gone, ("owe", (need, before), -fen), *_paid(decisions, need, before, fen))


def _owing_beside(problem: Problem, decisions: Decisions, need: int, month: int) -> list[int]:
    """Other needs of the same owing rule of which some is left owing in the month and some is paid."""
    owing = decisions.owe[decisions.owe[:, 1] == month, 0]
    paid = decisions.pay[decisions.pay[:, 2] == month, 1]
    alike = problem.needs.owing == problem.needs.owing[need]
    return [other for other in owing.tolist() if other != need and alike[other] and other in paid]


_Change = tuple[str, tuple[int, ...], int]
"""Table, key with month, fen more."""


def _drawn(problem: Problem, decisions: Decisions, fund: int, month: int, fen: int) -> list[_Change]:
    """Draw more of a flexible loan into a fund, and pay it back with the next repayment."""
    for loan in np.flatnonzero(problem.loans.fund == fund).tolist():
        back = decisions.repay[(decisions.repay[:, 0] == loan) & (decisions.repay[:, 1] > month)]
        if len(back):
            again = int(back[0, 1])
            (need,) = (int(problem.loans.principal_need[loan]),)
            return [("borrow", (loan, month), fen), ("repay", (loan, again), fen), *_paid(decisions, need, again, fen)]
    return []


def _paid_months(decisions: Decisions, need: int) -> list[int]:
    return sorted(set(decisions.pay[decisions.pay[:, 1] == need, 2].tolist()))


def _paid(decisions: Decisions, need: int, month: int, fen: int) -> list[_Change]:
    """Pay a need more or less in a month in which it is paid: by the fund that pays most of it."""
    rows = decisions.pay[(decisions.pay[:, 1] == need) & (decisions.pay[:, 2] == month)]
    if not len(rows):
        return []
    return [("pay", (int(rows[np.argmax(rows[:, 3]), 0]), need, month), fen)]


def _changed(decisions: Decisions, *changes: _Change) -> Decisions:
    """Decisions with amounts changed; what comes to nothing goes, what would be negative is left to be refused."""
    tables: dict[str, IntTable] = {}
    for name, key, fen in changes:
        rows = tables.get(name, getattr(decisions, name))
        at = np.flatnonzero((rows[:, :-1] == np.array(key)).all(axis=1))
        if at.size:
            rows = rows.copy()
            rows[at[0], -1] += fen
            rows = rows[rows[:, -1] != 0]
        else:
            rows = np.concatenate([rows, np.array([[*key, fen]], dtype=np.int64)])
        tables[name] = rows[np.lexsort(rows[:, :-1].T[::-1])]
    return replace(decisions, **tables)
