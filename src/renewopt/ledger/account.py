"""The account of both totals: part by part, what transition fees and fiscal cost are made of (rules 15 and 16).

Each part is in whole fen, and the parts of a total add up to it: where a discount leaves fractions of a fen, those that
are nearest to the next one take it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.books import Books
from renewopt.ledger.exact import totals
from renewopt.ledger.fees import fees_after_choice
from renewopt.vocabulary import ACCOUNTS, Entry, Goal, Item, Payer, Reckoned

__all__ = ["ACCOUNT", "TOTALS", "list_account", "whole"]

TOTALS = (Goal.FEES, Goal.FISCAL)
"""Totals that are taken apart, by number."""
PART = {name: number for number, name in enumerate(ACCOUNTS)}

ACCOUNT = np.dtype([(name, np.int64) for name in ("total", "part", "project", "fen")])

Floats = NDArray[np.float64]


def list_account(books: Books) -> NDArray[np.void]:
    """Take both totals apart.

    Returns
    -------
    numpy.ndarray
        Structured: ``total`` (in `TOTALS`), ``part`` (in `renewopt.vocabulary.ACCOUNTS`), ``project`` (−1: of none) and
        ``fen``; what lowers a cost is negative. The rows of a total add up to it, to the nearest fen.
    """
    found = []
    for number, (parts, value) in enumerate(
        ((_fee_parts(books), books.totals.transition_fees), (_cost_parts(books), books.totals.fiscal_cost))
    ):
        table = np.stack([parts[name] for name in parts])
        fen = whole(table.ravel(), round(value)).reshape(table.shape)
        row, project = np.nonzero(fen)
        rows = np.zeros(row.size, dtype=ACCOUNT)
        rows["total"] = number
        rows["part"] = np.array([PART[name] for name in parts])[row]
        rows["project"] = np.where(project < books.problem.projects.size, project, -1)
        rows["fen"] = fen[row, project]
        found.append(rows)
    return np.concatenate(found)


def whole(amounts: Floats, total: int) -> NDArray[np.int64]:
    """Round amounts so that they add up to their total.

    Parameters
    ----------
    amounts
        (n,); their sum is less than n/2 away from `total`.
    total
        Whole.

    Examples
    --------
    >>> whole(np.array([0.4, 1.45, -0.2]), 2).tolist()
    [0, 2, 0]
    """
    rounded = np.rint(amounts)
    fen = rounded.astype(np.int64)
    left = total - int(fen.sum())
    rest = amounts - rounded
    chosen = np.argsort(-rest if left > 0 else rest, kind="stable")[: abs(left)]
    fen[chosen] += np.sign(left)
    return fen


def _fee_parts(books: Books) -> dict[str, Floats]:
    """(J + 1,) fen of each part by project, the last of none: fees until housed, in the tail, valued; surcharges."""
    problem, choices, fees = books.problem, books.choices, books.fees
    projects, project = problem.projects.size, problem.claims.project.astype(np.int64)
    ordinary, overdue = fees.ordinary.sum(axis=1), fees.overdue.sum(axis=1)
    tail = np.zeros(projects, dtype=np.int64)
    for entries in fees_after_choice(problem, choices):
        after = entries.month >= choices.housed[entries.row]
        fen = [
            totals(projects, project[entries.claim[mine]], entries.fen[mine])
            for mine in (after & ~entries.overdue, after & entries.overdue)
        ]
        ordinary, overdue, tail = ordinary - fen[0], overdue - fen[1], tail + fen[0] + fen[1]
    valued = totals(projects, project, fees.valued)
    parts = {Item.FEE: ordinary, Item.FEE_OVERDUE: overdue, Item.FEE_TAIL: tail, Reckoned.VALUED: valued}
    return {
        **{name: np.append(part, 0).astype(np.float64) for name, part in parts.items()},
        Item.SURCHARGE: _by_project(books, books.payments.surcharge.sum(axis=1).astype(np.float64)),
    }


def _cost_parts(books: Books) -> dict[str, Floats]:
    """(J + 1,) fen of each part by project, the last of none: payments by use, less what comes in; what is left."""
    problem, payments, dues = books.problem, books.payments, books.dues
    objective, calendar = problem.objective, problem.calendar
    factor = np.asarray(objective.discount(np.arange(max(calendar.books, calendar.months + 1))), dtype=np.float64)
    monthly = factor[: calendar.books]
    uses = problem.needs.use.astype(str)
    costly = problem.needs.counted
    # A surcharge is due in cash: of what a need's funds pay, it comes first.
    surcharge = np.minimum(payments.paid, payments.surcharge)
    rest = (payments.paid - surcharge) @ monthly
    parts = {
        use: _by_project(books, np.where(costly & (uses == use), rest, 0.0))
        for use in dict.fromkeys(uses[costly].tolist())
    }
    set_off = (payments.offset @ monthly) * objective.offset_value
    parts[Item.SURCHARGE] = _by_project(books, np.where(costly, surcharge @ monthly, 0.0))
    parts[Payer.SET_OFF] = _by_project(books, np.where(costly, set_off, 0.0))
    parts[Payer.OWED] = _by_project(books, payments.arrears[:, -1] * monthly[-1])
    for name, received in ((Entry.RECEIVED, dues.received), (Entry.RECOVERED, dues.recovered)):
        parts[name] = np.append(np.zeros(problem.projects.size), -(received.sum(axis=0) @ monthly))
    left = books.people.unsettled * problem.claims.obligation
    for name, amounts in ((Reckoned.OBLIGATION, left), (Reckoned.VALUED, books.fees.valued)):
        by_project = totals(problem.projects.size, problem.claims.project.astype(np.int64), amounts)
        parts[name] = np.append(by_project * factor[calendar.months], 0.0)
    return parts


def _by_project(books: Books, of_need: Floats) -> Floats:
    """(J + 1,) amounts of needs by their project, the last of none."""
    found = np.zeros(books.problem.projects.size + 1)
    np.add.at(found, books.problem.needs.project, of_need)  # project −1 is the last
    return found
