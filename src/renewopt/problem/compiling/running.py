"""The billing periods that run at the start: what accrued in them before is due with the rest of it (rule 9)."""

from __future__ import annotations

import numpy as np

from renewopt.problem.compiling.bills import BillBook, due_month
from renewopt.problem.compiling.clocks import Clocks, monthly_multipliers
from renewopt.problem.compiling.curves import Curves
from renewopt.problem.compiling.dated import Dated
from renewopt.problem.compiling.exact import UNKNOWN, Ints
from renewopt.problem.compiling.fees import ordinary_fees
from renewopt.problem.compiling.first_month import first_shares
from renewopt.problem.compiling.households import Households
from renewopt.problem.fee_curves import PERMILLE
from renewopt.scenario.models import Scenario
from renewopt.units import MICRO_YUAN_PER_FEN, PPM, divide_half_up, quotient_half_up, scaled


def running_fees(
    scenario: Scenario, households: Households, curves: Curves, clocks: Clocks, book: BillBook
) -> tuple[Dated, Dated]:
    """What is due of months before the start, and what comes back of it.

    All households of the scenario wait at the start, so that no decision changes it. Each bill's sum is divided between
    government and developer as those of later months are.

    Returns
    -------
    (Dated, Dated)
        Fen by need and month, and fen by fund and month.
    """
    due: Dated = {}
    back: Dated = {}
    for bill, fen in enumerate(_accrued(scenario, households, curves, clocks, book).tolist()):
        if not fen:
            continue
        payer = book.payer[bill]
        month = int(due_month(np.zeros(1, dtype=np.int64), book.period[bill], book.anchor[bill])[0])
        part = fen if payer is None else quotient_half_up(fen * scaled(payer.advance, PPM), PPM)
        _add(due, book.need[bill], month, part)
        if payer is not None and book.into[bill] != UNKNOWN:
            recovered = quotient_half_up(part * scaled(payer.recovered, PPM), PPM)
            _add(back, book.into[bill], month + payer.after, recovered)
    return due, back


def _accrued(scenario: Scenario, households: Households, curves: Curves, clocks: Clocks, book: BillBook) -> Ints:
    """(bills,) fen of all households in the months before the start of the period that runs then."""
    period, anchor = np.array(book.period, dtype=np.int64), np.array(book.anchor, dtype=np.int64)
    since = -((0 - anchor) % period)
    result = np.zeros(period.size, dtype=np.int64)
    numerator, denominator = first_shares(scenario, households)
    for month in range(int(since.min(initial=0)), 0):
        rows = np.flatnonzero(since[book.bill] <= month)
        ordinary = ordinary_fees(scenario, households, curves, clocks, np.array([month]))[rows, 0]
        multiplier = monthly_multipliers(clocks, scenario, np.array([month]))[clocks.clock[rows], 0]
        first = clocks.begins[clocks.clock[rows]] == month
        ordinary = np.where(first, ordinary * numerator[rows] // denominator[rows], ordinary)
        fen = divide_half_up(ordinary * multiplier, PERMILLE * MICRO_YUAN_PER_FEN)
        np.add.at(result, book.bill[rows], fen * households.count[rows])
    return result


def _add(dated: Dated, row: int, month: int, fen: int) -> None:
    by_month = dated.setdefault(row, {})
    by_month[month] = by_month.get(month, 0) + fen
