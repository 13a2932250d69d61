"""Names of places in a problem, and where an account first goes wrong: shared by all checks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renewopt.ledger.exact import IntArray
from renewopt.problem import Problem

Where = tuple[tuple[str, str], ...]


def where(**names: object) -> Where:
    """Names and values of a place."""
    return tuple((name, str(value)) for name, value in names.items())


def claim_name(problem: Problem, claim: int) -> str:
    """Household of a claim, with its part where it is split."""
    household, part = problem.claims.household[claim], problem.claims.part[claim]
    return f"{household}/{part}" if part else str(household)


def fund_name(problem: Problem, fund: int) -> str:
    """Id of a fund."""
    return str(problem.funds.id[fund])


def months_between(problem: Problem, first: int, last: int) -> str:
    """``2024-01 … 2024-06``."""
    return f"{problem.calendar.label(first)} … {problem.calendar.label(last)}"


def cells(wrong: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Iterator[tuple[int, int]]:
    """(row, month) of every true cell."""
    rows, months = np.nonzero(wrong)
    return zip(rows.tolist(), months.tolist(), strict=True)


def first_over(found: IntArray, limit: IntArray) -> Iterator[tuple[int, int, int, int]]:
    """(row, month, found, limit) where a cumulative account first exceeds its limit, row by row.

    Parameters
    ----------
    found, limit
        (n, months); one that goes wrong stays wrong, so that only the first month is told.
    """
    wrong = found > limit
    for row in np.flatnonzero(wrong.any(axis=1)).tolist():
        month = int(wrong[row].argmax())
        yield row, month, int(found[row, month]), int(limit[row, month])
