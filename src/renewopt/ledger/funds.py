"""Funds: what came in, what went out, what was left and what lapsed (rule 12 of the accounts)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.dues import Dues
from renewopt.ledger.exact import IntArray, table
from renewopt.ledger.loans import LoanBooks
from renewopt.problem import Decisions, Problem
from renewopt.vocabulary import Entry


@dataclass(frozen=True, eq=False)
class FundBooks:
    """(F, B) fen each; F funds, B months of the books.

    Attributes
    ----------
    inflow, borrowed, moved_in, received, recovered
        Money coming in: stated, from the fund's loan, from other funds, from households, from developers.
    paid, moved_out, lapsed
        Money going out.
    closing
        Balance at the close.
    moves
        (M, B): moved over each permitted way.
    """

    inflow: IntArray
    borrowed: IntArray
    moved_in: IntArray
    received: IntArray
    recovered: IntArray
    paid: IntArray
    moved_out: IntArray
    lapsed: IntArray
    closing: IntArray
    moves: IntArray


def run_funds(problem: Problem, decisions: Decisions, dues: Dues, loans: LoanBooks) -> FundBooks:
    """Balance of every fund, month by month."""
    funds, books = problem.funds, problem.calendar.books
    shape = (len(funds), books)
    moves = table((len(problem.moves), books), *decisions.move.T)
    moved_in, moved_out, borrowed = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    np.add.at(moved_in, problem.moves.target, moves)
    np.add.at(moved_out, problem.moves.source, moves)
    np.add.at(borrowed, problem.loans.fund, loans.borrowed)
    paid = table(shape, decisions.pay[:, 0], decisions.pay[:, 2], decisions.pay[:, 3])
    change = funds.inflow + borrowed + moved_in + dues.received + dues.recovered - paid - moved_out
    lapsed, closing = (np.zeros(shape, dtype=np.int64) for _ in range(2))
    balance = funds.opening
    for month in range(books):
        balance = balance + change[:, month]
        lapsed[:, month] = np.where(funds.lapses[:, month], np.maximum(balance, 0), 0)
        balance = balance - lapsed[:, month]
        closing[:, month] = balance
    return FundBooks(
        funds.inflow, borrowed, moved_in, dues.received, dues.recovered, paid, moved_out, lapsed, closing, moves
    )


FUND_ROWS = np.dtype(
    [
        ("month", np.int64),
        ("fund", np.int64),
        ("use", "U16"),
        ("need", np.int64),
        ("other", np.int64),
        ("amount", np.int64),
        ("balance", np.int64),
    ]
)


def list_fund_rows(problem: Problem, decisions: Decisions, books: FundBooks) -> NDArray[np.void]:
    """Every movement of every fund.

    Returns
    -------
    numpy.ndarray
        Structured, by month and fund, what comes in first: ``month``, ``fund``, ``use`` (a use of a need, or
        ``opening``, ``inflow``, ``borrowed``, ``received``, ``recovered``, ``moved_in``, ``moved_out``, ``lapsed``),
        ``need`` (−1: none), ``other`` (fund at the other end of a move; −1: none), ``amount`` in fen (in > 0,
        out < 0) and ``balance`` of the fund after the row.
    """
    opening = np.zeros_like(books.inflow)
    opening[:, 0] = problem.funds.opening
    parts = [
        _rows(Entry.OPENING, *_nonzero(opening)),
        _rows(Entry.INFLOW, *_nonzero(books.inflow)),
        _rows(Entry.BORROWED, *_nonzero(books.borrowed)),
        _rows(Entry.RECEIVED, *_nonzero(books.received)),
        _rows(Entry.RECOVERED, *_nonzero(books.recovered)),
    ]
    way, month, fen = _nonzero(books.moves)
    source, target = problem.moves.source[way], problem.moves.target[way]
    parts.append(_rows(Entry.MOVED_IN, target, month, fen, other=source))
    parts.append(_payment_rows(problem, decisions))
    parts.append(_rows(Entry.MOVED_OUT, source, month, -fen, other=target))
    fund, month, fen = _nonzero(books.lapsed)
    parts.append(_rows(Entry.LAPSED, fund, month, -fen))
    rows = np.concatenate(parts)
    kind = np.repeat(np.arange(len(parts)), [part.size for part in parts])
    by_fund = np.lexsort((rows["need"], kind, rows["month"], rows["fund"]))
    rows = rows[by_fund]
    running = np.cumsum(rows["amount"])
    begin = np.searchsorted(rows["fund"], rows["fund"])
    rows["balance"] = running - (running - rows["amount"])[begin]
    return rows[np.argsort(rows["month"], kind="stable")]


def _nonzero(amounts: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    row, month = np.nonzero(amounts)
    return row, month, amounts[row, month]


def _rows(
    use: str, fund: NDArray[np.integer], month: IntArray, fen: IntArray, other: NDArray[np.integer] | int = -1
) -> NDArray[np.void]:
    rows = np.zeros(fen.size, dtype=FUND_ROWS)
    rows["use"], rows["need"], rows["other"] = use, -1, other
    rows["fund"], rows["month"], rows["amount"] = fund, month, fen
    return rows


def _payment_rows(problem: Problem, decisions: Decisions) -> NDArray[np.void]:
    """Payments summed by fund, need and month."""
    keys, place = np.unique(decisions.pay[:, :3], axis=0, return_inverse=True)
    fen = np.zeros(keys.shape[0], dtype=np.int64)
    np.add.at(fen, place.reshape(-1), decisions.pay[:, 3])
    keys, fen = keys[fen != 0], fen[fen != 0]
    rows = _rows("", keys[:, 0], keys[:, 2], -fen)
    rows["need"] = keys[:, 1]
    rows["use"] = problem.needs.use[keys[:, 1]].astype("U16")
    return rows
