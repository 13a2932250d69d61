"""What falls due: on which need, in which month (rules 3 and 7 of the accounts)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray, share_of, table
from renewopt.ledger.fees import Fees
from renewopt.ledger.loans import LoanBooks
from renewopt.ledger.people import Choices
from renewopt.problem import Bills, Decisions, Offers, Problem
from renewopt.units import PPM


@dataclass(frozen=True, eq=False)
class Dues:
    """Fen; N needs, G bills, F funds, B months of the books.

    Attributes
    ----------
    due
        (N, B): all that falls due, surcharges aside.
    billed, government
        (G, B): fees that fall due in the month, whoever pays them; the government's part.
    recovered
        (F, B): what developers pay back into each fund. What would come back after the books is left out.
    received
        (F, B): what households pay into each fund.
    after_books
        Amounts dated after the books, which a true problem never has; they are put in the last month.
    on_no_need
        Amounts that no need is stated for, which a true problem never has.
    """

    due: IntArray
    billed: IntArray
    government: IntArray
    recovered: IntArray
    received: IntArray
    after_books: int
    on_no_need: int


class _Account:
    """Dated amounts gathered into (rows, B), and what lies outside of it."""

    def __init__(self, rows: int, months: int) -> None:
        self.amounts = np.zeros((rows, months), dtype=np.int64)
        self.after_books = 0
        self.on_no_row = 0

    def add(self, row: NDArray[np.integer], month: IntArray, fen: IntArray) -> None:
        """Add `fen` to the rows and months; all (n,)."""
        last = self.amounts.shape[1] - 1
        self.after_books += int(np.abs(fen[month > last]).sum())
        self.on_no_row += int(np.abs(fen[row < 0]).sum())
        stated = row >= 0
        np.add.at(self.amounts, (row[stated], np.minimum(month[stated], last)), fen[stated])


def fall_due(problem: Problem, decisions: Decisions, choices: Choices, fees: Fees, loans: LoanBooks) -> Dues:
    """Everything that falls due because of the decisions."""
    books = problem.calendar.books
    needs = _Account(len(problem.needs), books)
    receipts = _Account(len(problem.funds), books)
    needs.amounts += problem.needs.fixed
    needs.amounts[:, 0] += np.where(problem.needs.owing < 0, problem.needs.opening_arrears, 0)
    row, month, fen = instalments(problem.offers, choices.offer, choices.month)
    priced = problem.offers.price_need[choices.offer[row]].astype(np.int64)
    needs.add(priced, month, fen * choices.households[row])
    _add_lines(problem, choices, needs, receipts)
    phase, month, fen = decisions.build.T
    needs.add(problem.phases.need[phase], month, fen)
    for need, service in (
        (problem.loans.interest_need, loans.interest),
        (problem.loans.principal_need, loans.principal),
    ):
        loan, month = np.nonzero(service)
        needs.add(need[loan], month, service[loan, month])
    bills = problem.bills
    billed, government = bill_fees(bills, fees.by_bill, books)
    after_books = int(fees.by_bill[bills.due[:, : fees.by_bill.shape[1]] >= books].sum())
    bill, month = np.nonzero(government)
    needs.add(bills.need[bill], month, government[bill, month])
    return Dues(
        due=needs.amounts,
        billed=billed,
        government=government,
        recovered=recover_fees(problem, government),
        received=receipts.amounts,
        after_books=needs.after_books + receipts.after_books + after_books + fees.after_books + loans.after_books,
        on_no_need=needs.on_no_row + receipts.on_no_row,
    )


def instalments(offers: Offers, offer: IntArray, month: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Instalments of the prices of offers, for one household each.

    Parameters
    ----------
    offer, month
        (n,) offers, and the months in which they are chosen.

    Returns
    -------
    numpy.ndarray, numpy.ndarray, numpy.ndarray
        Position in `offer`, month in which the instalment falls due, and fen.
    """
    price = offers.price_fen(offer, month)
    plan = offers.instalments.take(offers.schedule[offer])
    row = plan.row
    due = share_of(price[row], plan["cumulative_ppm"], PPM)
    before = np.concatenate([np.zeros(1, dtype=np.int64), due])[: due.size]
    before[plan.start[:-1][np.diff(plan.start) > 0]] = 0
    return row, month[row] + plan["after"], due - before


def _add_lines(problem: Problem, choices: Choices, needs: _Account, receipts: _Account) -> None:
    """Add the fixed amounts of offers: paid to households or others, or received from households."""
    lines = problem.offers.lines.take(choices.offer)
    row = lines.row
    month = choices.month[row] + lines["after"]
    fen = lines["fen"] * choices.households[row]
    paid = lines["fen"] > 0
    needs.add(lines["need"][paid], month[paid], fen[paid])
    receipts.add(lines["fund"][~paid], month[~paid], -fen[~paid])


def bill_fees(bills: Bills, accrued: IntArray, books: int) -> tuple[IntArray, IntArray]:
    """(G, B) fees by the month in which they fall due, and the government's part of them.

    Parameters
    ----------
    accrued
        (G, C) fen by the month in which it accrues. What would fall due after the books does so in their last month.
    """
    bill, month = np.nonzero(accrued)
    due = np.minimum(bills.due[bill, month], books - 1)
    billed = table((bills.need.size, books), bill, due, accrued[bill, month])
    return billed, share_of(billed, bills.paid_ppm[:, None], PPM)


def recover_fees(problem: Problem, government: IntArray) -> IntArray:
    """(F, B) what developers pay back of the government's part (G, B) of the fees."""
    bills, books = problem.bills, problem.calendar.books
    back = share_of(government, bills.recovered_ppm[:, None], PPM)
    bill, month = np.nonzero(back)
    fund, later = bills.recovered_into[bill], month + bills.recovered_after[bill]
    inside = (fund >= 0) & (later < books)
    return table((len(problem.funds), books), fund[inside], later[inside], back[bill, month][inside])
