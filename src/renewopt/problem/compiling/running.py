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
from renewopt.problem.compiling.parts import Parts
from renewopt.problem.fee_curves import PERMILLE
from renewopt.scenario.models import Scenario
from renewopt.units import MICRO_YUAN_PER_FEN, PPM, divide_half_up, quotient_half_up, scaled


def running_fees(
    scenario: Scenario, households: Households, curves: Curves, clocks: Clocks, parts: Parts | None, book: BillBook
) -> tuple[Dated, Dated, Ints]:
    """What is due of months before the start, what comes back of it, and what was paid too much and is left then.

    All households of the scenario wait at the start, so that no decision changes it. Each bill's sum is divided between
    government and developer as those of later months are.

    Returns
    -------
    (Dated, Dated, (H,) int64)
        Fen by need and month, fen by fund and month, fen of each claim.
    """
    period, anchor = np.array(book.period, dtype=np.int64), np.array(book.anchor, dtype=np.int64)
    since = -((0 - anchor) % period)[book.bill]
    accrued = np.zeros(len(households), dtype=np.int64)
    for month in range(int(since.min(initial=0)), 0):
        fee = _fee_in(scenario, households, curves, clocks, month)
        if parts is not None:
            np.add.at(fee, parts.claim, _fee_in(scenario, parts.rows, parts.curves, parts.clocks, month))
        accrued += np.where(since <= month, divide_half_up(fee, PERMILLE * MICRO_YUAN_PER_FEN), 0)
    paid = np.minimum(accrued, households.prepaid)
    total = np.zeros(period.size, dtype=np.int64)
    np.add.at(total, book.bill, (accrued - paid) * households.count)
    return *_dated(total, book), households.prepaid - paid


def _dated(total: Ints, book: BillBook) -> tuple[Dated, Dated]:
    due: Dated = {}
    back: Dated = {}
    for bill in np.flatnonzero(total).tolist():
        payer, fen = book.payer[bill], int(total[bill])
        month = int(due_month(np.zeros(1, dtype=np.int64), book.period[bill], book.anchor[bill])[0])
        part = fen if payer is None else quotient_half_up(fen * scaled(payer.advance, PPM), PPM)
        _add(due, book.need[bill], month, part)
        if payer is not None and book.into[bill] != UNKNOWN:
            recovered = quotient_half_up(part * scaled(payer.recovered, PPM), PPM)
            _add(back, book.into[bill], month + payer.after, recovered)
    return due, back


def _fee_in(scenario: Scenario, households: Households, curves: Curves, clocks: Clocks, month: int) -> Ints:
    """(rows,) fee of a month before the start, in thousandths of a micro-yuan."""
    ordinary = ordinary_fees(scenario, households, curves, clocks, np.array([month]))[:, 0]
    numerator, denominator = first_shares(scenario, households)
    first = clocks.begins[clocks.clock] == month
    ordinary = np.where(first, ordinary * numerator // denominator, ordinary)
    fee: Ints = ordinary * monthly_multipliers(clocks, scenario, np.array([month]))[clocks.clock, 0]
    return fee


def _add(dated: Dated, row: int, month: int, fen: int) -> None:
    by_month = dated.setdefault(row, {})
    by_month[month] = by_month.get(month, 0) + fen
