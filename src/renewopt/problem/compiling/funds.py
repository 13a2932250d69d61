"""Funds, loans, moves and developers' debts (rules 17, 18, 20, 21)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.needs import Need, NeedBook
from renewopt.problem.compiling.spans import fen_by_month
from renewopt.problem.money import Developers, Funds, Loans, Moves
from renewopt.problem.offers import Ragged
from renewopt.scenario.models import Developer, Fund, Inflow, Move, Scenario
from renewopt.units import PPM, Month, scaled, to_fen
from renewopt.vocabulary import Use


def _fen(amount: object) -> int:
    """Fen, or −1 where nothing is stated."""
    return -1 if amount is None else to_fen(amount)  # type: ignore[arg-type]


def _column(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _monthly_limits(items: Sequence[Fund] | Sequence[Move], calendar: Calendar) -> NDArray[np.int64]:
    """(n, B) fen; −1: no limit."""
    rows = [fen_by_month(item.monthly_limit, calendar.start, calendar.books) for item in items]
    return np.array(rows, dtype=np.int64).reshape(len(items), calendar.books)


def _short(values: list[int]) -> NDArray[np.int32]:
    return np.array(values, dtype=np.int32)


def _names(values: list[str]) -> NDArray[np.object_]:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


def span(since: Month | None, until: Month | None, start: Month, months: int) -> tuple[int, int]:
    """First and last month of a stated span; by default the whole horizon."""
    return (0 if since is None else since - start), (months - 1 if until is None else until - start)


def inflows(fund: Fund) -> list[Inflow]:
    """List what a fund is stated to receive."""
    return fund.inflow if isinstance(fund.inflow, list) else [fund.inflow]


def inflow_by_month(fund: Fund, calendar: Calendar) -> NDArray[np.int64]:
    """(B,) fen; spans end with the horizon unless they state an end (rule 17)."""
    result = np.zeros(calendar.books, dtype=np.int64)
    for inflow in inflows(fund):
        if inflow.monthly is not None:
            first, last = span(inflow.since, inflow.until, calendar.start, calendar.months)
            result[max(first, 0) : max(last + 1, 0)] += to_fen(inflow.monthly)
        for month, amount in inflow.by_month.items():
            if 0 <= month - calendar.start < calendar.books:
                result[month - calendar.start] += to_fen(amount)
    return result


def compile_funds(
    scenario: Scenario, calendar: Calendar, phases_of: dict[str, list[int]], recovered: dict[int, dict[int, int]]
) -> Funds:
    """Write the funds out.

    Parameters
    ----------
    scenario, calendar
    phases_of
        Phases of each estate.
    recovered
        Fen by fund and month that come back, whatever is decided, and are no part of what the fund is granted.
    """
    funds = scenario.funds
    shape = len(funds), calendar.books
    inflow = np.array([inflow_by_month(fund, calendar) for fund in funds], dtype=np.int64).reshape(shape)
    granted = inflow.sum(axis=1)
    for row, by_month in recovered.items():
        for month, fen in by_month.items():
            inflow[row, month] += fen
    opening = _column([to_fen(fund.opening) for fund in funds])
    pairs = [
        (row, phase)
        for row, fund in enumerate(funds)
        if fund.release is not None
        for estate in dict.fromkeys(fund.release.estates)
        for phase in phases_of[estate]
    ]
    return Funds(
        id=_names([fund.id for fund in funds]),
        opening=opening,
        inflow=inflow,
        keeps=np.array([_keeps(fund, calendar) for fund in funds], dtype=np.int64).reshape(shape),
        monthly_limit=_monthly_limits(funds, calendar),
        total_limit=_column([_fen(fund.total_limit) for fund in funds]),
        release_upfront_ppm=_column(
            [-1 if fund.release is None else scaled(fund.release.upfront, PPM) for fund in funds]
        ),
        release_total=_column(
            [_release_total(fund, int(opening[row] + granted[row])) for row, fund in enumerate(funds)]
        ),
        release_phases=Ragged.build(
            len(funds), _column([row for row, _ in pairs]), phase=_column([phase for _, phase in pairs])
        ),
        valid_since=np.array([_valid_since(fund, calendar) for fund in funds], dtype=np.int32).reshape(shape),
        # What is there at the start came in in month 0, as far as is known.
        valid_opening=np.zeros_like(inflow),
    )


def _keeps(fund: Fund, calendar: Calendar) -> NDArray[np.int64]:
    """(B,) fen that are carried over the close of each month at most; −1: all."""
    result = np.full(calendar.books, -1, dtype=np.int64)
    if fund.carry_over != "always":
        closes = slice(None) if fund.carry_over == "month" else calendar.year_ends()
        result[closes] = to_fen(fund.carry_over_limit)
    return result


def _valid_since(fund: Fund, calendar: Calendar) -> NDArray[np.int64]:
    """(B,) first month whose money is still valid after the close of each month; −1: all of it."""
    month = np.arange(calendar.books)
    result = np.full(calendar.books, -1, dtype=np.int64)
    if fund.valid_months is not None:
        result = month + 2 - fund.valid_months
    elif fund.valid_years is not None:
        ends = calendar.year_ends()
        result[ends] = month[ends] + 1 - 12 * (fund.valid_years - 1)
    return np.where(result <= 0, -1, result)


def _release_total(fund: Fund, everything: int) -> int:
    """Default of a release's total: the loan's limit, or all inflow and the opening balance."""
    if fund.release is None:
        return 0
    if fund.release.total is not None:
        return to_fen(fund.release.total)
    return everything if fund.borrow is None else to_fen(fund.borrow.limit)


def loan_windows(scenario: Scenario) -> Iterator[tuple[int, Fund, int, int]]:
    """Funds with a loan that may be drawn within the horizon: row, fund, first and last month."""
    for row, fund in enumerate(scenario.funds):
        if fund.borrow is not None:
            first, last = span(fund.borrow.since, fund.borrow.until, scenario.start, scenario.months)
            first, last = max(first, 0), min(last, scenario.months - 1)
            if first <= last:
                yield row, fund, first, last


def compile_loans(scenario: Scenario, needs: NeedBook) -> Loans:
    """Write the loans out, with the needs of their service (rule 18)."""
    windows = list(loan_windows(scenario))
    loans = [fund.borrow for _, fund, _, _ in windows if fund.borrow is not None]
    return Loans(
        fund=_short([row for row, _, _, _ in windows]),
        limit=_column([to_fen(loan.limit) for loan in loans]),
        revolving=np.array([loan.revolving for loan in loans], dtype=bool),
        rate=np.array([float(loan.rate) for loan in loans], dtype=np.float64),
        first=_short([first for _, _, first, _ in windows]),
        last=_short([last for _, _, _, last in windows]),
        kind=_names([loan.repayment for loan in loans]),
        grace=_short([loan.grace for loan in loans]),
        term=_short([loan.term for loan in loans]),
        interest_need=_short([needs.row(Need(Use.INTEREST, name=fund.id)) for _, fund, _, _ in windows]),
        principal_need=_short([needs.row(Need(Use.PRINCIPAL, name=fund.id)) for _, fund, _, _ in windows]),
    )


def compile_moves(scenario: Scenario, calendar: Calendar) -> Moves:
    """Write the permitted moves of money out (rule 20)."""
    rows = {fund.id: row for row, fund in enumerate(scenario.funds)}
    return Moves(
        source=_short([rows[move.source] for move in scenario.moves]),
        target=_short([rows[move.target] for move in scenario.moves]),
        monthly_limit=_monthly_limits(scenario.moves, calendar),
        total_limit=_column([_fen(move.total_limit) for move in scenario.moves]),
    )


def compile_developers(scenario: Scenario, calendar: Calendar) -> Developers:
    """Write debts and targets out (rule 21); debts due before the start count as due in month 0."""
    debts = np.array([_debts(developer, calendar) for developer in scenario.developers], dtype=np.int64)
    targets = [
        # Nothing can be set off after the books close: a later target is one for their last month.
        (row, min(max(target.by - calendar.start, 0), calendar.books - 1), to_fen(target.amount))
        for row, developer in enumerate(scenario.developers)
        for target in developer.offset_targets
    ]
    return Developers(
        id=_names([developer.id for developer in scenario.developers]),
        debt_due=debts.reshape(len(scenario.developers), calendar.books),
        offset_target=Ragged.build(
            len(scenario.developers),
            _column([row for row, _, _ in targets]),
            month=_column([month for _, month, _ in targets]),
            fen=_column([fen for _, _, fen in targets]),
        ),
    )


def _debts(developer: Developer, calendar: Calendar) -> NDArray[np.int64]:
    result = np.zeros(calendar.books, dtype=np.int64)
    for debt in developer.debts:
        month = max(debt.due - calendar.start, 0)
        if month < calendar.books:
            result[month] += to_fen(debt.amount)
    return result
