"""Checks of the construction phases (rule 6 of the accounts)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renewopt.ledger.books import Books
from renewopt.ledger.place import cells, first_over, months_between, where
from renewopt.ledger.violations import Violation


def check_construction(books: Books) -> Iterator[Violation]:
    """Check that a phase is handed over once at most, in its months and paid in time, and keeps its spending limits."""
    yield from _handovers(books)
    yield from _spending(books)


def _handovers(books: Books) -> Iterator[Violation]:
    problem, building = books.problem, books.construction
    phases, label = problem.phases, problem.calendar.label
    spent = np.cumsum(building.spent, axis=1)
    times = building.completed.sum(axis=1)
    by_then = np.array([building.completed[e, : by + 1].any() for e, by in enumerate(phases.latest)], dtype=np.bool_)
    for phase in np.flatnonzero((phases.latest >= 0) & ~by_then).tolist():
        place = where(phase=phases.id[phase])
        done = np.flatnonzero(building.completed[phase])
        found = label(int(done[0])) if done.size else "—"
        due = label(int(phases.latest[phase]))
        yield Violation("construction", "construction.pinned", place, due, found, "month", "finding")
    for phase in np.flatnonzero(times > 1).tolist():
        place = where(phase=phases.id[phase])
        yield Violation("construction", "construction.twice", place, 1, int(times[phase]), "households")
    last = problem.calendar.months - 1
    for phase, month in cells(building.completed > 0):
        place = where(phase=phases.id[phase], month=label(month))
        if not phases.earliest[phase] <= month <= last:
            expected = months_between(problem, int(phases.earliest[phase]), last)
            yield Violation("construction", "construction.window", place, expected, label(month), "month")
        by = month - int(phases.lag[phase])
        paid = int(spent[phase, by]) if by >= 0 else 0
        if paid != phases.cost[phase]:
            yield Violation("construction", "construction.unpaid", place, int(phases.cost[phase]), paid)


def _spending(books: Books) -> Iterator[Violation]:
    problem, building = books.problem, books.construction
    phases, label = problem.phases, problem.calendar.label
    spent = np.cumsum(building.spent, axis=1)
    for phase, month, found, expected in first_over(spent, np.broadcast_to(phases.cost[:, None], spent.shape)):
        place = where(phase=phases.id[phase], month=label(month))
        yield Violation("construction", "construction.overspent", place, expected, found)
    limit = phases.monthly_limit
    for phase, month in cells((limit >= 0) & (building.spent[:, : problem.calendar.months] > limit)):
        place = where(phase=phases.id[phase], month=label(month))
        found = int(building.spent[phase, month])
        yield Violation("construction", "construction.monthly", place, int(limit[phase, month]), found)
    months = problem.calendar.months
    for phase, after in cells(building.spent[:, months:] != 0):
        place = where(phase=phases.id[phase])
        yield Violation("construction", "construction.late", place, label(months - 1), label(months + after), "month")
