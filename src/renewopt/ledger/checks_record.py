"""Checks of the record itself: amounts, what the books cover, and the past (rule 14 of the accounts)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renewopt.ledger.books import Books
from renewopt.ledger.exact import IntArray
from renewopt.ledger.form import AMOUNTS
from renewopt.ledger.place import where
from renewopt.ledger.violations import Unit, Violation
from renewopt.problem import Decisions


def check_amounts(books: Books) -> Iterator[Violation]:
    """Check that nothing is settled, built, paid, owed, moved or borrowed in negative amounts."""
    for name, columns in Decisions.COLUMNS.items():
        if columns[-1] in AMOUNTS:
            amounts = getattr(books.decisions, name)[:, -1]
            unit: Unit = "fen" if columns[-1] == "fen" else "households"
            for row in np.flatnonzero(amounts < 0).tolist():
                yield Violation("amounts", "amounts.negative", where(table=name, row=row), 0, int(amounts[row]), unit)


def check_books(books: Books) -> Iterator[Violation]:
    """Check that nothing falls due after the last month of the books, or on no need."""
    dues, calendar = books.dues, books.problem.calendar
    if dues.after_books:
        place = where(month=calendar.label(calendar.books - 1))
        yield Violation("books", "books.late", place, 0, dues.after_books)
    if dues.on_no_need:
        yield Violation("books", "books.need", (), 0, dues.on_no_need)


def check_past(books: Books) -> Iterator[Violation]:
    """Check that what was decided before month ``now`` is repeated exactly, and that nothing is added to it."""
    problem = books.problem
    past = problem.past.before(problem.calendar.now)
    decided = books.decisions.before(problem.calendar.now)
    for name, columns in Decisions.COLUMNS.items():
        before, after = (_rows(getattr(one, name), columns) for one in (past, decided))
        if not before.size and not after.size:
            continue
        keys, place = np.unique(np.concatenate([before, after])[:, :-1], axis=0, return_inverse=True)
        amounts = np.zeros((2, keys.shape[0]), dtype=np.int64)
        np.add.at(amounts[0], place.reshape(-1)[: before.shape[0]], before[:, -1])
        np.add.at(amounts[1], place.reshape(-1)[before.shape[0] :], after[:, -1])
        month = columns.index("month")
        unit: Unit = "fen" if columns[-1] == "fen" else "households"
        for key in np.flatnonzero(amounts[0] != amounts[1]).tolist():
            named = ", ".join(
                f"{column} {value}"
                for column, value in zip(columns, keys[key].tolist(), strict=False)
                if column != "month"
            )
            place_of = where(table=name, key=named, month=problem.calendar.label(int(keys[key, month])))
            yield Violation("past", "past.changed", place_of, int(amounts[0, key]), int(amounts[1, key]), unit)


def _rows(rows: IntArray, columns: tuple[str, ...]) -> IntArray:
    """Rows with an amount in the last column: one for a table that has none."""
    if columns[-1] in AMOUNTS:
        return rows
    return np.column_stack([rows, np.ones(rows.shape[0], dtype=np.int64)])
