"""What was announced, what of it can still be, what is kept of it, and why the rest is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.problem import Problem, Route
from renewopt.results.replanned import PROMISES

__all__ = ["announced_of", "feasible_of", "kept_of", "promises_table"]

Ints = NDArray[np.int64]


def announced_of(problem: Problem, settle: Ints, waiting: Ints, now: int) -> Ints:
    """(n, 3) offer, month, households: what was announced for `now` or later to who still waits, in order of months.

    Parameters
    ----------
    settle
        Settling decisions of the plan before.
    waiting
        (H,) households of each claim that have not chosen.
    """
    later = settle[settle[:, 1] >= now]
    later = later[np.lexsort((later[:, 0], later[:, 1]))]
    left, rows = waiting.copy(), []
    for offer, month, households in later.tolist():
        claim = problem.offers.claim[offer]
        some = min(households, int(left[claim]))
        whole = problem.claims.indivisible[claim] and some < problem.claims.count[claim]
        if some > 0 and not whole:
            left[claim] -= some
            rows.append((offer, month, some))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def feasible_of(problem: Problem, announced: Ints, kept: Ints, handover: Ints) -> Ints:
    """(n,) households of each announcement whose homes are there when they are to be housed: kept, or left over.

    Homes go to whose promise is kept; what is left of them, to who was announced the earlier month. Money, deadlines,
    and who else has come to need them, are left aside.

    Parameters
    ----------
    announced
        Rows of the problem that is left.
    kept
        (n,) households of each that get just that.
    handover
        (E,) month in which each phase is handed over, or could be.
    """
    offers, pools, phases = problem.offers, problem.pools, problem.phases
    months = problem.calendar.books + 1
    supply = np.zeros((len(pools), months), dtype=np.int64)
    np.add.at(supply, (pools.arrivals.row, np.minimum(pools.arrivals["month"], months - 1)), pools.arrivals["amount"])
    done = handover[phases.delivers.row]
    there = (done >= 0) & (done < months)
    np.add.at(supply, (phases.delivers["pool"][there], done[there]), phases.delivers["amount"][there])
    stock = offers.stock.take(announced[:, 0])
    housed = np.minimum(announced[:, 1] + offers.housed_after[announced[:, 0]], months - 1)
    np.subtract.at(supply, (stock["pool"], housed[stock.row]), stock["amount"] * kept[stock.row])
    left = np.cumsum(supply, axis=1)
    open_then = (offers.first[announced[:, 0]] <= announced[:, 1]) & (announced[:, 1] <= offers.last[announced[:, 0]])
    result = kept.copy()
    for row in np.flatnonzero(open_then & (kept < announced[:, 2])).tolist():
        entries = slice(int(stock.start[row]), int(stock.start[row + 1]))
        takes: dict[int, int] = {}
        for pool, amount in zip(stock["pool"][entries].tolist(), stock["amount"][entries].tolist(), strict=True):
            takes[pool] = takes.get(pool, 0) + amount
        most = int(announced[row, 2] - kept[row])
        for pool, amount in takes.items():
            if amount > 0:
                most = min(most, int(left[pool, housed[row] :].min()) // amount)
        for pool, amount in takes.items():
            left[pool, housed[row] :] -= amount * max(most, 0)
        result[row] += max(most, 0)
    return result


def kept_of(announced: Ints, settle: Ints) -> Ints:
    """(n,) households of each announcement that take just that, in that month."""
    left: dict[tuple[int, int], int] = {}
    for offer, month, households in settle.tolist():
        left[offer, month] = left.get((offer, month), 0) + households
    result = np.zeros(len(announced), dtype=np.int64)
    for row, (offer, month, households) in enumerate(announced.tolist()):
        result[row] = min(households, left.get((offer, month), 0))
        left[offer, month] = left.get((offer, month), 0) - int(result[row])
    return result


def promises_table(problem: Problem, announced: Ints, feasible: Ints, kept: Ints, settle: Ints) -> pd.DataFrame:
    """One row for each announcement that is not kept: what takes its place, and why."""
    offers, label = problem.offers, problem.calendar.label
    others: dict[int, list[list[int]]] = {}
    said = {(offer, month) for offer, month, _ in announced.tolist()}
    for offer, month, households in settle.tolist():
        # Of a cohort some may have chosen in months that are over: that is nobody's new month.
        if month >= problem.calendar.now and (offer, month) not in said:
            others.setdefault(int(offers.claim[offer]), []).append([offer, month, households])
    rows = []
    for (offer, month, households), can, does in zip(announced.tolist(), feasible, kept, strict=True):
        claim, left, lost = int(offers.claim[offer]), households - int(does), households - int(can)
        while left > 0:
            instead = others.get(claim, [])
            taken = instead[0] if instead else None
            some = left if taken is None else min(left, taken[2])
            if taken is not None:
                taken[2] -= some
                if not taken[2]:
                    instead.pop(0)
            rows.append(
                {
                    "household": problem.claims.household[claim],
                    "part": problem.claims.part[claim],
                    "count": some,
                    "route_before": Route(int(offers.route[offer])).name,
                    "pool_before": offers.label[offer],
                    "month_before": label(month),
                    "route": "waiting" if taken is None else Route(int(offers.route[taken[0]])).name,
                    "pool": "" if taken is None else offers.label[taken[0]],
                    "month": "" if taken is None else label(taken[1]),
                    "cause": "start_late" if month < offers.first[offer] else "home_late" if lost > 0 else "cheaper",
                }
            )
            left -= some
            lost -= some
    frame = pd.DataFrame(rows, columns=list(PROMISES)).astype(
        {name: np.int64 if kind == "count" else object for name, kind in PROMISES.items()}
    )
    return frame.reset_index(drop=True)
