"""Audit: every rule of the accounts checked against a set of decisions, without a solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from renewopt.ledger.books import Books
from renewopt.ledger.checks_building import check_construction
from renewopt.ledger.checks_funds import check_fund, check_loans, check_moves, check_release, check_reserve
from renewopt.ledger.checks_needs import check_need, check_offset, check_owing
from renewopt.ledger.checks_people import (
    check_deadline,
    check_household,
    check_limits,
    check_pins,
    check_related,
    check_reservation,
    check_stock,
)
from renewopt.ledger.checks_record import check_amounts, check_books, check_past
from renewopt.ledger.replay import replay
from renewopt.ledger.violations import Violation
from renewopt.problem import Decisions, Problem

Check = Callable[[Books], Iterator[Violation]]

CHECKS: dict[str, Check] = {
    "amounts": check_amounts,
    "household": check_household,
    "pins": check_pins,
    "related": check_related,
    "deadline": check_deadline,
    "stock": check_stock,
    "reservation": check_reservation,
    "limits": check_limits,
    "construction": check_construction,
    "need": check_need,
    "owing": check_owing,
    "offset": check_offset,
    "fund": check_fund,
    "release": check_release,
    "reserve": check_reserve,
    "loans": check_loans,
    "moves": check_moves,
    "books": check_books,
    "past": check_past,
}
"""Rule blocks in the order of the accounts, each with the check that enforces it."""


def audit_decisions(problem: Problem, decisions: Decisions, books: Books | None = None) -> list[Violation]:
    """Every rule that `decisions` break, and every finding about the district.

    Parameters
    ----------
    books
        The replay of the same decisions, where it is at hand; made afresh where None.

    Returns
    -------
    list of Violation
        In the order of the rules; empty when clean. Decisions are in order where no violation is of kind
        ``broken_rule``.

    Raises
    ------
    ValueError
        If a table of `decisions` cannot be read.
    """
    account = replay(problem, decisions) if books is None else books
    return [violation for check in CHECKS.values() for violation in check(account)]
