"""Checks of what is paid, owed and set off (rules 9 to 11 of the accounts)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renewopt.ledger.books import Books
from renewopt.ledger.exact import IntArray
from renewopt.ledger.place import Where, cells, first_over, fund_name, where
from renewopt.ledger.violations import Violation
from renewopt.units import PPM
from renewopt.vocabulary import NEVER_OWED


def _place(books: Books, need: int, month: int) -> Where:
    return where(need=books.problem.needs.id[need], month=books.problem.calendar.label(month))


def check_need(books: Books) -> Iterator[Violation]:
    """Check that what falls due is met exactly, by funds that may pay it; a shortfall is a finding."""
    problem, payments = books.problem, books.payments
    met = payments.paid + payments.offset + payments.shortfall
    for need, month in cells(payments.imbalance != 0):
        found, beyond = int(met[need, month]), int(payments.imbalance[need, month])
        code = "need.underpaid" if beyond < 0 else "need.overpaid"
        yield Violation("need", code, _place(books, need, month), found - beyond, found)
    fund, payee, month, fen = books.decisions.pay.T
    for row in np.flatnonzero((fen != 0) & ~problem.needs.payable_by[payee, fund]).tolist():
        place = where(fund=fund_name(problem, int(fund[row]))) + _place(books, int(payee[row]), int(month[row]))
        yield Violation("need", "need.fund", place, 0, int(fen[row]))
    for need, when in cells(payments.shortfall > 0):
        found = int(payments.shortfall[need, when])
        yield Violation("need", "need.shortfall", _place(books, need, when), 0, found, kind="finding")


def check_owing(books: Books) -> Iterator[Violation]:
    """Check that only what may be owed is left owing, within bill, share and stock limit, and repaid in time."""
    yield from _newly_owed(books)
    yield from _owing_rules(books)
    yield from _repaid_in_time(books)


def _newly_owed(books: Books) -> Iterator[Violation]:
    needs, due, owed = books.problem.needs, books.dues.due, books.payments.owed
    never = (needs.owing < 0) | np.isin(needs.use.astype(str), NEVER_OWED)
    need, month, fen = books.decisions.owe.T
    for row in np.flatnonzero((fen != 0) & never[need]).tolist():
        place = _place(books, int(need[row]), int(month[row]))
        yield Violation("owing", "owing.never", place, 0, int(fen[row]))
    for row, when in cells(owed > due):
        yield Violation("owing", "owing.bill", _place(books, row, when), int(due[row, when]), int(owed[row, when]))


def _owing_rules(books: Books) -> Iterator[Violation]:
    problem, payments = books.problem, books.payments
    owing, label = problem.owing, problem.calendar.label
    for rule in range(len(owing)):
        covered = problem.needs.owing == rule
        due = books.dues.due[covered].sum(axis=0)
        owed = payments.owed[covered].sum(axis=0)
        stock = payments.arrears[covered].sum(axis=0)
        share = int(owing.share_ppm[rule])
        for month in range(problem.calendar.books):
            place = where(rule=owing.id[rule], month=label(month))
            most = int(due[month]) * share // PPM
            if owed[month] > most:
                yield Violation("owing", "owing.share", place, most, int(owed[month]))
            if 0 <= owing.stock_limit[rule] < stock[month]:
                yield Violation("owing", "owing.stock", place, int(owing.stock_limit[rule]), int(stock[month]))


def _repaid_in_time(books: Books) -> Iterator[Violation]:
    problem, payments = books.problem, books.payments
    latest = np.full(len(problem.needs), -1)
    deferrable = problem.needs.owing >= 0
    latest[deferrable] = problem.owing.latest[problem.needs.owing[deferrable]]
    months = np.arange(problem.calendar.books)
    for need in np.flatnonzero(latest >= 0).tolist():
        # Column k: owed up to month k − 1, opening arrears in month −1 included.
        opening = np.array([problem.needs.opening_arrears[need]])
        owed = np.cumsum(np.concatenate([opening, payments.owed[need]]))
        by = months - latest[need] + 1
        expected = np.where(by >= 0, owed[np.maximum(by, 0)], 0)
        repaid = np.cumsum(payments.repaid[need])
        for _, month, most, least in first_over(expected[None], repaid[None]):
            yield Violation("owing", "owing.latest", _place(books, need, month), most, least)


def check_offset(books: Books) -> Iterator[Violation]:
    """Check that only a developer's bills are set off, against its debt fallen due; a missed target is a finding."""
    problem, payments = books.problem, books.payments
    needs, offset, label = problem.needs, payments.offset, problem.calendar.label
    for need, month in cells((needs.developer < 0)[:, None] & (offset != 0)):
        yield Violation("offset", "offset.developer", _place(books, need, month), 0, int(offset[need, month]))
    most = books.dues.due - payments.owed + payments.repaid
    for need, month in cells(offset > np.maximum(most, 0)):
        found = int(offset[need, month])
        yield Violation("offset", "offset.bill", _place(books, need, month), int(most[need, month]), found)
    developers = problem.developers
    set_off = np.cumsum(_by_developer(books), axis=1)
    for developer, month, found, expected in first_over(set_off, np.cumsum(developers.debt_due, axis=1)):
        place = where(developer=developers.id[developer], month=label(month))
        yield Violation("offset", "offset.debt", place, expected, found)
    targets = developers.offset_target
    for developer, month, fen in zip(
        targets.row.tolist(), targets["month"].tolist(), targets["fen"].tolist(), strict=True
    ):
        found = int(set_off[developer, month])
        if found < fen:
            place = where(developer=developers.id[developer], month=label(month))
            yield Violation("offset", "offset.target", place, fen, found, kind="finding")


def _by_developer(books: Books) -> IntArray:
    """(D, B) fen set off against each developer."""
    owner = books.problem.needs.developer
    result = np.zeros((len(books.problem.developers), books.problem.calendar.books), dtype=np.int64)
    np.add.at(result, owner[owner >= 0], books.payments.offset[owner >= 0])
    return result
