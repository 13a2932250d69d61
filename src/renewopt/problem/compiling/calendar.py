"""How long the books run: to the last month in which anything caused by a decision can fall due."""

from __future__ import annotations

import numpy as np

from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.bills import BillBook, due_month
from renewopt.problem.compiling.dated import Dated
from renewopt.problem.compiling.funds import inflows, loan_windows
from renewopt.problem.offers import Offers
from renewopt.scenario.models import Scenario


def compile_calendar(scenario: Scenario, offers: Offers, bills: BillBook, dated: Dated, valued: int) -> Calendar:
    """Horizon and books.

    The books reach the last instalment, line, tail or stated fee, the end of its billing period and its recovery, the
    last service of any loan, the latest month of what is owed, and every dated amount.

    Parameters
    ----------
    valued
        Month before which a fee may count for who has made no choice.
    """
    last = max(
        scenario.months - 1,
        _last_settlement(offers),
        _last_bill(scenario, offers, bills),
        *(month for by_month in dated.values() for month in by_month),
        *(month - scenario.start for fund in scenario.funds for inflow in inflows(fund) for month in inflow.by_month),
    )
    owed = max((rule.latest for rule in scenario.owing if rule.latest is not None), default=0)
    loans = (
        last_draw + fund.borrow.term for _, fund, _, last_draw in loan_windows(scenario) if fund.borrow is not None
    )
    return Calendar(
        start=scenario.start,
        months=scenario.months,
        books=max(last + owed, *loans, last) + 1,
        after_horizon_months=scenario.objective.after_horizon_months,
        beyond=max(valued - scenario.months - scenario.objective.after_horizon_months, 0),
    )


def _last_settlement(offers: Offers) -> int:
    """Last month in which an offer can house, or part of its price or a line fall due."""
    if not len(offers):
        return 0
    last = offers.last.astype(np.int64)
    final = np.array([part.max() for part in np.split(offers.instalments["after"], offers.instalments.start[1:-1])])
    priced = np.where(offers.price > 0, final[offers.schedule], 0)
    lines = (last[offers.lines.row] + offers.lines["after"]).max(initial=0)
    return max(int((last + offers.housed_after).max()), int((last + priced).max()), int(lines))


def _last_bill(scenario: Scenario, offers: Offers, bills: BillBook) -> int:
    """Last month in which a fee, its bill or its recovery can fall due."""
    accrued = np.full(len(bills.period), scenario.months - 1, dtype=np.int64)
    if len(offers):
        fees = offers.last + offers.fee_stops_after() - 1
        np.maximum.at(accrued, bills.bill[offers.claim], fees)
    recovered = [0 if payer is None else payer.after for payer in bills.payer]
    due = [
        int(due_month(accrued[row : row + 1], period, bills.anchor[row])[0]) + recovered[row]
        for row, period in enumerate(bills.period)
    ]
    return max(due, default=0)
