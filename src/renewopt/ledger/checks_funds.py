"""Checks of funds, releases, reserve, loans and moves (rules 8, 12 and 13 of the accounts)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renewopt.ledger.books import Books
from renewopt.ledger.exact import IntArray
from renewopt.ledger.place import Where, cells, first_over, fund_name, months_between, where
from renewopt.ledger.violations import Violation
from renewopt.units import PPM, fraction
from renewopt.vocabulary import Use


def _place(books: Books, fund: int, month: int) -> Where:
    return where(fund=fund_name(books.problem, fund), month=books.problem.calendar.label(month))


def check_fund(books: Books) -> Iterator[Violation]:
    """Check that no fund closes below zero and that what leaves it keeps to its limits."""
    funds, flows = books.problem.funds, books.funds
    left = flows.paid + flows.moved_out
    for fund, month, found, expected in first_over(-flows.closing, np.zeros_like(flows.closing)):
        yield Violation("fund", "fund.balance", _place(books, fund, month), expected, -found)
    yield from _limits(left, funds.monthly_limit, funds.total_limit, books)


def _limits(left: IntArray, monthly: IntArray, total: IntArray, books: Books) -> Iterator[Violation]:
    for fund, month in cells((monthly >= 0)[:, None] & (left > monthly[:, None])):
        yield Violation("fund", "fund.monthly", _place(books, fund, month), int(monthly[fund]), int(left[fund, month]))
    limited = np.flatnonzero(total >= 0)
    in_all = np.cumsum(left[limited], axis=1)
    for row, month, found, expected in first_over(in_all, np.broadcast_to(total[limited, None], in_all.shape)):
        yield Violation("fund", "fund.total", _place(books, int(limited[row]), month), expected, found)


def check_release(books: Books) -> Iterator[Violation]:
    """Check that no more is drawn from a fund than progress releases.

    Drawn up to t ≤ total × (upfront + (1 − upfront) × progress at the close of t − 1).
    A fund with a loan draws by borrowing, one without by paying and moving out. Where there is nothing to build,
    progress is complete.
    """
    problem, flows = books.problem, books.funds
    funds, phases = problem.funds, problem.phases
    lent = set(problem.loans.fund.tolist())
    for fund in np.flatnonzero(funds.release_upfront_ppm >= 0).tolist():
        begin, end = funds.release_phases.start[fund : fund + 2]
        listed = funds.release_phases["phase"][begin:end]
        whole = int(phases.total_cost[listed].sum())
        before = whole - int(phases.cost[listed].sum())
        built = [before, *(before + np.cumsum(books.construction.spent[listed].sum(axis=0))).tolist()]
        upfront, total = int(funds.release_upfront_ppm[fund]), int(funds.release_total[fund])
        flow = flows.borrowed if fund in lent else flows.paid + flows.moved_out
        for month, drawn in enumerate(np.cumsum(flow[fund]).tolist()):
            progress, of = (built[month], whole) if whole else (1, 1)
            most = total * (upfront * of + (PPM - upfront) * progress) // (PPM * of)
            if drawn > most:
                yield Violation("release", "release.drawn", _place(books, fund, month), most, drawn)
                break


def check_reserve(books: Books) -> Iterator[Violation]:
    """Check that the funds that may pay fees together close every month with ≥ N × that month's fees due."""
    problem = books.problem
    months = fraction(problem.objective.reserve_months)
    if months <= 0:
        return
    fees = problem.needs.use == Use.FEES
    held = books.funds.closing[problem.needs.payable_by[fees].any(axis=0)].sum(axis=0)
    for month, (balance, due) in enumerate(zip(held.tolist(), books.dues.due[fees].sum(axis=0).tolist(), strict=True)):
        least = -(-months * due // 1)
        if balance < least:
            place = where(month=problem.calendar.label(month))
            yield Violation("reserve", "reserve.low", place, int(least), balance)


def check_loans(books: Books) -> Iterator[Violation]:
    """Check that loans are drawn in their months and within their limit, flexible ones repaid in time, never beyond."""
    problem, run = books.problem, books.loans
    loans, label = problem.loans, problem.calendar.label
    for loan, month in cells(run.borrowed != 0):
        if not loans.first[loan] <= month <= loans.last[loan]:
            window = months_between(problem, int(loans.first[loan]), int(loans.last[loan]))
            place = where(fund=fund_name(problem, int(loans.fund[loan])))
            yield Violation("loans", "loans.window", place, window, label(month), "month")
    drawn = np.cumsum(run.borrowed, axis=1)
    limit = np.broadcast_to(loans.limit[:, None], drawn.shape)
    counted = np.where(loans.revolving[:, None], np.maximum(run.outstanding, run.borrowed), drawn)
    for loan, month, found, expected in first_over(counted, limit):
        code = "loans.outstanding" if loans.revolving[loan] else "loans.limit"
        yield Violation("loans", code, _place(books, int(loans.fund[loan]), month), expected, found)
    yield from _repayments(books)


def _repayments(books: Books) -> Iterator[Violation]:
    problem, run = books.problem, books.loans
    loans = problem.loans
    flexible = loans.kind == "flexible"
    repaid_loan, month, fen = books.decisions.repay.T
    for row in np.flatnonzero((fen != 0) & ~flexible[repaid_loan]).tolist():
        place = _place(books, int(loans.fund[repaid_loan[row]]), int(month[row]))
        yield Violation("loans", "loans.dated", place, 0, int(fen[row]))
    for one in np.flatnonzero(flexible).tolist():
        fund = int(loans.fund[one])
        outstanding = run.outstanding[one][None]
        for _, when, found, expected in first_over(-outstanding, np.zeros_like(outstanding)):
            yield Violation("loans", "loans.overpaid", _place(books, fund, when), expected, -found)
        term = int(loans.term[one])
        drawn = np.cumsum(np.concatenate([np.zeros(term, dtype=np.int64), run.borrowed[one]]))
        expected_by = drawn[: run.borrowed.shape[1]][None]
        repaid = np.cumsum(run.principal[one])[None]
        for _, when, least, found in first_over(expected_by, repaid):
            yield Violation("loans", "loans.late", _place(books, fund, when), least, found)


def check_moves(books: Books) -> Iterator[Violation]:
    """Check that money moves between funds only within the limits of each permitted way."""
    problem, moved = books.problem, books.funds.moves
    moves = problem.moves

    def place(way: int, month: int) -> Where:
        other = where(other=fund_name(problem, int(moves.target[way])))
        return _place(books, int(moves.source[way]), month) + other

    monthly = moves.monthly_limit
    for way, month in cells((monthly >= 0)[:, None] & (moved > monthly[:, None])):
        yield Violation("moves", "moves.monthly", place(way, month), int(monthly[way]), int(moved[way, month]))
    limited = np.flatnonzero(moves.total_limit >= 0)
    in_all = np.cumsum(moved[limited], axis=1)
    most = np.broadcast_to(moves.total_limit[limited, None], in_all.shape)
    for row, month, found, expected in first_over(in_all, most):
        yield Violation("moves", "moves.total", place(int(limited[row]), month), expected, found)
