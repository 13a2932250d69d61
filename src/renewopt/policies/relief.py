"""What a choice saves: fees that fall due no more once the household has chosen (rules 2 and 7 of the accounts)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray
from renewopt.problem import Bills, Problem
from renewopt.units import PPM

__all__ = ["accrued_by", "fees_ended"]


def accrued_by(bills: Bills, months: IntArray) -> IntArray:
    """(G, K) for each bill how many months' fees, from month 0 on, have fallen due by each of the months."""
    result: IntArray = (bills.due[:, None] <= months[:, None]).sum(axis=2)
    return result


def fees_ended(problem: Problem, waiting: IntArray, offers: IntArray, now: int, billed: IntArray) -> IntArray:
    """Fen by which each choice made now lowers the government's fee bills, cumulated.

    Compared is waiting to the end of the horizon, for one household. Shares of a fee are rounded down, so that no sum
    of such savings is more than what the bills come down by.

    Parameters
    ----------
    waiting
        (H, T + 1) fen that one household's waiting has cost up to each month (`SimulationState.waiting_fees`).
    offers
        (n,) chosen in month `now`.
    billed
        (G, K) from `accrued_by`, for the months up to which savings are told.

    Returns
    -------
    numpy.ndarray
        (n, K); negative where fees go on after the horizon, or come to more than waiting costs.
    """
    table, horizon = problem.offers, waiting.shape[1] - 1
    claim = table.claim[offers].astype(np.int64)
    bill = problem.claims.bill[claim]
    stated = table.stated_stream[offers]
    housed = np.where(stated, now, now + table.housed_after[offers].astype(np.int64))
    by = billed[bill]
    row = claim * (horizon + 1)
    gone = np.minimum(housed, horizon)
    until = np.maximum(np.minimum(by, horizon), gone[:, None])
    ended: IntArray = waiting.take(row[:, None] + until) - waiting.take(row + gone)[:, None]
    late = (housed > horizon).nonzero()[0]
    if late.size:
        months = np.arange(horizon, int(housed[late].max()))
        fen = problem.fees.fen(claim[late], months) * (months < housed[late, None])
        ended[late] -= _by_then(fen, by[late] - horizon)
    tail = np.where(stated, 0, table.tail[offers])
    kept = tail.nonzero()[0]
    if kept.size:
        ended[kept] -= _by_then(_tails(problem, offers[kept], housed[kept], tail[kept]), by[kept] - housed[kept, None])
    if stated.any():
        rows = np.flatnonzero(stated)
        stream = table.stream.take(offers[rows])
        place = np.arange(stream.row.size) - stream.start[stream.row]
        fen = np.zeros((rows.size, int(place.max(initial=-1)) + 1), dtype=np.int64)
        fen[stream.row, place] = stream["fen"]
        ended[rows] -= _by_then(fen, by[rows] - now)
    share = problem.bills.paid_ppm[bill][:, None]
    if (share != PPM).any():
        # Each bill may be rounded by itself; where a developer pays everything, there is none.
        part = ended * share // PPM - np.maximum(by - now, 0)
        ended = np.select([share == PPM, share > 0], [ended, part], 0)
    return ended


def _tails(problem: Problem, offers: IntArray, housed: IntArray, tail: NDArray[np.integer]) -> IntArray:
    """(n, longest) fen of each month of the tail."""
    table, fees = problem.offers, problem.fees
    after = np.arange(int(tail.max()))
    row, column = np.nonzero(after < tail[:, None])
    month = housed[row] + column
    fen = np.zeros((offers.size, after.size), dtype=np.int64)
    fen[row, column] = fees.tail_fen(
        table.claim[offers[row]], housed[row], np.minimum(month, fees.months - 1), table.tail_multiplier[offers[row]]
    )
    return fen


def _by_then(fen: IntArray, months: IntArray) -> IntArray:
    """(n, K) sum of the first so many months of each row."""
    total = np.zeros((fen.shape[0], fen.shape[1] + 1), dtype=np.int64)
    np.cumsum(fen, axis=1, out=total[:, 1:])
    return np.take_along_axis(total, np.clip(months, 0, fen.shape[1]), axis=1)
