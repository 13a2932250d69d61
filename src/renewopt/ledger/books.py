"""Books: everything a replay yields, with the small questions that reports ask of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.dues import Dues
from renewopt.ledger.exact import IntArray
from renewopt.ledger.fees import Fees
from renewopt.ledger.funds import FundBooks, list_fund_rows
from renewopt.ledger.loans import LoanBooks
from renewopt.ledger.payments import Payments
from renewopt.ledger.people import Choices, People, list_waits
from renewopt.ledger.stock import Construction, Stock
from renewopt.ledger.totals import Amount, Totals
from renewopt.problem import Decisions, Problem
from renewopt.vocabulary import Use

FEE_ROWS = np.dtype(
    [
        ("month", np.int64),
        ("project", np.int64),
        ("ordinary", np.int64),
        ("overdue", np.int64),
        ("paid", np.int64),
        ("owed", np.int64),
    ]
)


@dataclass(frozen=True, eq=False)
class Books:
    """The account of a problem under a set of decisions, in whole fen.

    Attributes
    ----------
    problem, decisions
        What was replayed.
    choices, people, fees
        Who chose what; households housed, waiting and overdue; fees accrued.
    stock, construction
        Homes and phases.
    dues, payments, funds, loans
        Money.
    totals
        What a plan is judged by.
    """

    problem: Problem
    decisions: Decisions
    choices: Choices
    people: People
    fees: Fees
    stock: Stock
    construction: Construction
    dues: Dues
    payments: Payments
    funds: FundBooks
    loans: LoanBooks
    totals: Totals

    @property
    def households(self) -> int:
        """Households to be housed, cohort rows × count; one that is due several homes counts once.

        Those that end within the horizon without having been housed are none of them (`ended`).
        """
        return int(self.problem.claims.households.sum()) - self.ended

    @property
    def ended(self) -> int:
        """Households that are no more by the end of the horizon, and were not housed before."""
        return int(self.people.ended[:, : self.problem.calendar.months].sum())

    @property
    def settled(self) -> int:
        """Households housed by the end of the horizon, month T − 1, with every home that they are due."""
        return int(self.people.housed[:, : self.problem.calendar.months].sum())

    @property
    def clear_month(self) -> int | None:
        """First month from which no household is overdue and not housed, to T − 1; None where there is none."""
        return _first_month_of_zeros(self.people.overdue[:, : self.problem.calendar.months])

    @property
    def all_settled_month(self) -> int | None:
        """First month at whose close everybody is housed; None where somebody is not by T − 1."""
        return _first_month_of_zeros(self.people.waiting[:, : self.problem.calendar.months])

    def objective(self, name: str | None = None) -> Amount:
        """Value in fen of the objective `name`; of the problem's own where None."""
        return self.totals.objective(self.problem.objective.name if name is None else name)

    def waits(self) -> NDArray[np.void]:
        """Months from moving out until housed: see `renewopt.ledger.people.list_waits`."""
        return list_waits(self.problem, self.people)

    def fund_rows(self) -> NDArray[np.void]:
        """Movements of the funds with the balance after each: see `renewopt.ledger.funds.list_fund_rows`."""
        return list_fund_rows(self.problem, self.decisions, self.funds)

    def fee_rows(self) -> NDArray[np.void]:
        """Fees by month and project.

        Returns
        -------
        numpy.ndarray
            Structured, (B × J,) rows and, where a need of use ``fees`` belongs to no project, B more with project −1:
            ``month``, ``project``, ``ordinary`` and ``overdue`` fees accrued, ``paid`` on needs of use ``fees``
            (set off included), ``owed``: their arrears at the close. Fen.
        """
        needs, payments = self.problem.needs, self.payments
        projects, books = self.fees.ordinary.shape
        fees = np.flatnonzero(needs.use == Use.FEES)
        paid, owed = (np.zeros((projects + 1, books), dtype=np.int64) for _ in range(2))
        # Project −1 is the last row.
        np.add.at(paid, needs.project[fees], (payments.paid + payments.offset)[fees])
        np.add.at(owed, needs.project[fees], payments.arrears[fees])
        shown = projects + int((needs.project[fees] < 0).any())
        rows = np.zeros((books, shown), dtype=FEE_ROWS)
        rows["month"] = np.arange(books)[:, None]
        rows["project"] = np.where(np.arange(shown) < projects, np.arange(shown), -1)
        rows["ordinary"][:, :projects] = self.fees.ordinary.T
        rows["overdue"][:, :projects] = self.fees.overdue.T
        rows["paid"] = paid[:shown].T
        rows["owed"] = owed[:shown].T
        return rows.reshape(-1)


def _first_month_of_zeros(by_project: IntArray) -> int | None:
    """First month from which every later column, and it, is zero."""
    left = np.flatnonzero(by_project.any(axis=0))
    first = int(left[-1]) + 1 if left.size else 0
    return first if first < by_project.shape[1] else None
