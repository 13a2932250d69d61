"""Payments: how each need was met, what was left owing and what it cost (rule 9 of the accounts)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renewopt.ledger.exact import IntArray, share_of, table
from renewopt.problem import Decisions, Problem

PARTS_PER_BILLION = 1_000_000_000


@dataclass(frozen=True, eq=False)
class Payments:
    """(N, B) fen each; N needs, B months of the books.

    Attributes
    ----------
    paid
        By funds.
    offset
        Set off against the debt of the need's developer.
    shortfall
        Met by outside money.
    owed
        Of the month's bill, left owing. On a need without owing rule it counts for nothing.
    repaid
        Of arrears: what was met beyond the bill and the surcharge, at most last month's arrears.
    arrears
        At the close.
    surcharge
        On last month's closing arrears.
    imbalance
        What was met beyond all that could be (> 0), or what is missing (< 0); zero when the need is in order.
    """

    paid: IntArray
    offset: IntArray
    shortfall: IntArray
    owed: IntArray
    repaid: IntArray
    arrears: IntArray
    surcharge: IntArray
    imbalance: IntArray


def follow_payments(problem: Problem, decisions: Decisions, due: IntArray) -> Payments:
    """Arrears, surcharges and repayments of every need, month by month.

    Parameters
    ----------
    due
        (N, B) fen that falls due.
    """
    needs, shape = problem.needs, due.shape
    paid = table(shape, decisions.pay[:, 1], decisions.pay[:, 2], decisions.pay[:, 3])
    offset = table(shape, *decisions.offset.T)
    shortfall = table(shape, *decisions.shortfall.T)
    deferrable = needs.owing >= 0
    owed = np.where(deferrable[:, None], table(shape, *decisions.owe.T), 0)
    rate = np.zeros(len(needs), dtype=np.int64)
    rate[deferrable] = problem.owing.surcharge_ppb[needs.owing[deferrable]]

    met = paid + offset + shortfall - due + owed
    repaid, arrears, surcharge, imbalance = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    stock = np.where(deferrable, needs.opening_arrears, 0)
    for month in range(shape[1]):
        surcharge[:, month] = share_of(stock, rate, PARTS_PER_BILLION)
        beyond = met[:, month] - surcharge[:, month]
        repaid[:, month] = np.clip(beyond, 0, np.maximum(stock, 0))
        imbalance[:, month] = beyond - repaid[:, month]
        stock = stock + owed[:, month] - repaid[:, month]
        arrears[:, month] = stock
    return Payments(paid, offset, shortfall, owed, repaid, arrears, surcharge, imbalance)
