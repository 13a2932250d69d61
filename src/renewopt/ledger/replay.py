"""Replay: what the world looks like, month by month, if a set of decisions is carried out."""

from __future__ import annotations

from renewopt.ledger.books import Books
from renewopt.ledger.dues import fall_due
from renewopt.ledger.fees import accrue_fees
from renewopt.ledger.form import require_form
from renewopt.ledger.funds import run_funds
from renewopt.ledger.loans import run_loans
from renewopt.ledger.payments import follow_payments
from renewopt.ledger.people import count_people, read_choices
from renewopt.ledger.stock import run_construction, run_stock
from renewopt.ledger.totals import sum_up
from renewopt.problem import Decisions, Problem


def replay(problem: Problem, decisions: Decisions) -> Books:
    """Keep the books of `problem` under `decisions`, in whole fen (``docs/accounts.md``).

    Decisions that break a rule are carried out all the same, as far as they can be; `audit_decisions` says which
    rules they break.

    Raises
    ------
    ValueError
        If a table of `decisions` cannot be read: wrong shape, or a row that names an offer, fund, month … that does
        not exist.
    """
    require_form(problem, decisions)
    choices = read_choices(problem, decisions.settle)
    people = count_people(problem, choices)
    fees = accrue_fees(problem, choices, people.unsettled)
    construction = run_construction(problem, decisions)
    stock = run_stock(problem, choices, construction)
    loans = run_loans(problem, decisions)
    dues = fall_due(problem, decisions, choices, fees, loans)
    payments = follow_payments(problem, decisions, dues.due)
    funds = run_funds(problem, decisions, dues, loans)
    totals = sum_up(problem, choices, people, fees, dues, payments)
    return Books(problem, decisions, choices, people, fees, stock, construction, dues, payments, funds, loans, totals)
