"""Bills: fees by project, payer and payment frequency (rule 9)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.clocks import Clocks
from renewopt.problem.compiling.exact import UNKNOWN, Ints, combine
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.needs import Need, NeedBook
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.money import Bills
from renewopt.scenario.models import FeePayer, Scenario
from renewopt.units import PPM, scaled
from renewopt.vocabulary import Use
from renewopt.wording import words


@dataclass(frozen=True, eq=False)
class BillBook:
    """Bills not yet written out by month: for each, its project, need and terms; and the bill of each claim.

    Periods begin in the months that leave the remainder `anchor` when divided by `period`.
    """

    bill: Ints
    project: list[int]
    need: list[int]
    period: list[int]
    anchor: list[int]
    payer: list[FeePayer | None]
    into: list[int]


def find_bills(
    scenario: Scenario, households: Households, clocks: Clocks, needs: NeedBook, refusals: Refusals
) -> BillBook:
    """Group claims by project, payer and the months in which their fees fall due."""
    terms: dict[tuple[int, str], int] = {}
    payers = [policy.paid_by if isinstance(policy.paid_by, FeePayer) else None for policy in scenario.fee_policies]
    # What is paid in advance is the fee of the month in which it is paid.
    periods = np.array([1 if policy.in_advance else policy.period for policy in scenario.fee_policies] + [1])
    period_of = periods[households.fee_policy]
    anchor_of = clocks.anchor[clocks.clock] % period_of
    code, first = combine(households.project, households.fee_policy, anchor_of)
    of_code = np.zeros(first.size, dtype=np.int64)
    funds = {fund.id: row for row, fund in enumerate(scenario.funds)}
    book = BillBook(np.zeros(0, dtype=np.int64), [], [], [], [], [], [])
    for number, row in enumerate(first.tolist()):
        project, policy = int(households.project[row]), int(households.fee_policy[row])
        payer = payers[policy] if policy >= 0 else None
        period, anchor = int(period_of[row]), int(anchor_of[row])
        key = (project, f"{period}/{anchor}/{payer!r}")
        if key not in terms:
            terms[key] = len(terms)
            book.project.append(project)
            book.need.append(needs.row(Need(Use.FEES, project)))
            book.period.append(period)
            book.anchor.append(anchor)
            book.payer.append(payer)
            book.into.append(UNKNOWN if payer is None or payer.into is None else funds[payer.into])
        of_code[number] = terms[key]
    for policy_row, payer in enumerate(payers):
        if payer is not None and payer.advance > 0 and payer.recovered > 0 and payer.into is None:
            refusals.refuse(
                f"fee_policies.{scenario.fee_policies[policy_row].id}.paid_by.into",
                words("the advance is recovered, and no fund is named that receives it"),
                words("name a fund, or state `recovered: 0`"),
            )
    return replace(book, bill=of_code[code])


def due_month(month: Ints, period: int, anchor: int) -> Ints:
    """Last month of the period of a month."""
    result: Ints = month + (period - 1 - (month - anchor) % period)
    return result


def compile_bills(book: BillBook, calendar: Calendar) -> Bills:
    """Write the bills out."""
    months = np.arange(calendar.curve_months, dtype=np.int64)
    due = [
        np.minimum(due_month(months, period, anchor), calendar.books - 1)
        for period, anchor in zip(book.period, book.anchor, strict=True)
    ]
    return Bills(
        project=np.array(book.project, dtype=np.int32),
        period=np.array(book.period, dtype=np.int32),
        paid_ppm=np.array([PPM if p is None else scaled(p.advance, PPM) for p in book.payer], dtype=np.int64),
        recovered_ppm=np.array(
            [0 if p is None or p.into is None else scaled(p.recovered, PPM) for p in book.payer], dtype=np.int64
        ),
        recovered_after=np.array([0 if p is None else p.after for p in book.payer], dtype=np.int32),
        recovered_into=np.array(book.into, dtype=np.int32),
        need=np.array(book.need, dtype=np.int32),
        due=np.array(due, dtype=np.int32).reshape(len(book.period), calendar.curve_months),
    )
