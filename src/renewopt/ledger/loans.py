"""Loans: what is outstanding, and the interest and principal that fall due (rule 8 of the accounts)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renewopt.ledger.exact import IntArray, table
from renewopt.problem import Decisions, Problem
from renewopt.units import fraction, quotient_half_up


@dataclass(frozen=True, eq=False)
class LoanBooks:
    """Fen; l loans, B months of the books.

    Attributes
    ----------
    borrowed, principal, interest
        (l, B): drawn, and falling due for repayment and as interest.
    outstanding
        (l, B) at the close of each month.
    after_books
        Principal that would fall due after the books; it is put in their last month.
    """

    borrowed: IntArray
    principal: IntArray
    interest: IntArray
    outstanding: IntArray
    after_books: int


def run_loans(problem: Problem, decisions: Decisions) -> LoanBooks:
    """Service of every loan, from what is borrowed (and, for flexible loans, repaid)."""
    loans, books = problem.loans, problem.calendar.books
    shape = (len(loans), books)
    borrowed = table(shape, *decisions.borrow.T)
    principal = table(shape, *decisions.repay.T)
    interest = np.zeros(shape, dtype=np.int64)
    outstanding = np.zeros(shape, dtype=np.int64)
    after_books = 0
    for loan in range(len(loans)):
        if loans.kind[loan] != "flexible":
            principal[loan] = 0
            for month, amount in repayments(problem, loan, borrowed[loan]):
                principal[loan, min(month, books - 1)] += amount
                after_books += amount if month >= books else 0
        rate = fraction(loans.rate[loan]) / 12
        left = 0
        for month in range(books):
            interest[loan, month] = quotient_half_up(rate.numerator * left, rate.denominator)
            left += int(borrowed[loan, month]) - int(principal[loan, month])
            outstanding[loan, month] = left
    return LoanBooks(borrowed, principal, interest, outstanding, after_books)


def repayments(problem: Problem, loan: int, borrowed: IntArray) -> list[tuple[int, int]]:
    """(month, fen) of principal that the draws of a bullet or level loan cause.

    Parameters
    ----------
    borrowed
        (B,) fen drawn in each month.
    """
    loans = problem.loans
    grace, term = int(loans.grace[loan]), int(loans.term[loan])
    dated = []
    for month in np.flatnonzero(borrowed).tolist():
        draw = int(borrowed[month])
        if loans.kind[loan] == "bullet":
            dated.append((month + term, draw))
            continue
        parts = term - grace
        paid = [quotient_half_up(draw * part, parts) for part in range(parts + 1)]
        dated += [(month + grace + part, paid[part] - paid[part - 1]) for part in range(1, parts + 1)]
    return dated
