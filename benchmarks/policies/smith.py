"""Scheduling as resettlement: problems whose optimum is known from the theory of one machine.

Job j takes p months and is due after d; every month late costs w. As a problem: one fund of 1 万元 a month, the first
in month 1, kept until spent, for vouchers only, and a second fund, ample, for fees. Household j takes a voucher of
p 万元, and costs w 万元 of fee a month from month d on, none in the month of its choice. Vouchers paid one after the
other end when the jobs do, so that the total fee is the weighted tardiness. Without due dates Smith's rule (W. E.
Smith, 1956) is exact: in the order of w / p, the greatest first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from renewopt.problem import (
    Bills,
    Calendar,
    Claims,
    Developers,
    FeeTable,
    Funds,
    Limits,
    Loans,
    Moves,
    Needs,
    Objective,
    Offers,
    OwingRules,
    Phases,
    Pools,
    Problem,
    Ragged,
    Route,
)
from renewopt.units import FEN_PER_WAN, Month

MICRO_YUAN_PER_WAN = 10_000_000_000


def smith_cost(p: Sequence[int], w: Sequence[int]) -> int:
    """Σ w × completion in the order of w / p, the optimum where nothing has a due date."""
    done = cost = 0
    for j in sorted(range(len(p)), key=lambda j: p[j] / w[j] if w[j] else float("inf")):
        done += p[j]
        cost += w[j] * done
    return cost


def tardiness_cost(p: Sequence[int], w: Sequence[int], d: Sequence[int]) -> int:
    """Least weighted tardiness, by a recursion over all sets of jobs done first (2^n steps of n)."""
    jobs = range(len(p))
    best = [0] * (1 << len(p))
    for done in range(1, 1 << len(p)):
        end = sum(p[j] for j in jobs if done >> j & 1)
        best[done] = min(best[done & ~(1 << j)] + w[j] * max(0, end - d[j]) for j in jobs if done >> j & 1)
    return best[-1]


def tardiness_problem(p: Sequence[int], w: Sequence[int], d: Sequence[int] | None = None) -> Problem:
    """Build the problem whose optimal transition fees are the least weighted tardiness, in 万元.

    Parameters
    ----------
    p, w, d
        Processing time (months), weight (万元 a month) and due date (month; default: 0) of each job.
    """
    jobs = len(p)
    due = [0] * jobs if d is None else list(d)
    months = sum(p) + 1
    none = np.zeros(0, dtype=np.int32)
    segments = sorted({0, *(t for t in due if t < months)})
    segment = np.searchsorted(segments, np.arange(months), side="right") - 1
    each = range(jobs)
    return Problem(
        calendar=Calendar(Month.parse("2025-01"), months, months, after_horizon_months=0),
        projects=np.array(["P1"], dtype=object),
        claims=Claims(
            household=np.array([f"J{j + 1}" for j in each], dtype=object),
            part=np.array([""] * jobs, dtype=object),
            project=np.zeros(jobs, dtype=np.int32),
            count=np.ones(jobs, dtype=np.int64),
            indivisible=np.zeros(jobs, dtype=bool),
            weight=np.ones(jobs),
            deadline=np.full(jobs, -1, dtype=np.int32),
            obligation=np.zeros(jobs, dtype=np.int64),
            bill=np.zeros(jobs, dtype=np.int32),
            due=np.full(jobs, -1, dtype=np.int64),
            related=np.full(jobs, "", dtype=object),
            begins=np.zeros(jobs, dtype=np.int32),
            ends=np.full(jobs, -1, dtype=np.int32),
        ),
        fees=FeeTable(
            segment=segment.astype(np.int32),
            ordinary=np.array(
                [[w[j] * MICRO_YUAN_PER_WAN if start >= due[j] else 0 for start in segments] for j in each],
                dtype=np.int64,
            ),
            clock=np.zeros(jobs, dtype=np.int32),
            multiplier=np.full((1, months), 1000, dtype=np.int32),
            overdue=np.zeros((1, months), dtype=bool),
            moved_out=np.zeros(1, dtype=np.int32),
        ),
        offers=_vouchers(p, months),
        pools=Pools(
            id=np.array([], dtype=object),
            estate=np.array([], dtype=object),
            measure=np.array([], dtype=object),
            arrivals=_empty(0, "month", "amount"),
            surplus=np.zeros(0, dtype=np.int64),
            released=_empty(0, "claim", "amount"),
            own=_empty(0, "project"),
        ),
        phases=Phases(
            id=np.array([], dtype=object),
            estate=np.array([], dtype=object),
            cost=np.zeros(0, dtype=np.int64),
            total_cost=np.zeros(0, dtype=np.int64),
            lag=none,
            earliest=none,
            latest=none,
            monthly_limit=np.zeros((0, months), dtype=np.int64),
            need=none,
            delivers=_empty(0, "pool", "amount"),
        ),
        limits=Limits(
            id=np.array([], dtype=object),
            monthly=np.zeros(0, dtype=bool),
            first=none,
            last=none,
            cap=np.zeros(0, dtype=np.int64),
            offers=_empty(0, "offer"),
        ),
        bills=Bills(
            project=np.zeros(1, dtype=np.int32),
            period=np.ones(1, dtype=np.int32),
            paid_ppm=np.array([1_000_000]),
            recovered_ppm=np.zeros(1, dtype=np.int64),
            recovered_after=np.zeros(1, dtype=np.int32),
            recovered_into=np.array([-1], dtype=np.int32),
            need=np.zeros(1, dtype=np.int32),
            due=np.arange(months, dtype=np.int32)[None],
        ),
        needs=Needs(
            id=np.array(["fees/P1", "voucher/P1"], dtype=object),
            use=np.array(["fees", "voucher"], dtype=object),
            project=np.zeros(2, dtype=np.int32),
            developer=np.full(2, -1, dtype=np.int32),
            fixed=np.zeros((2, months), dtype=np.int64),
            payable_by=np.array([[False, True], [True, False]]),
            owing=np.full(2, -1, dtype=np.int32),
            opening_arrears=np.zeros(2, dtype=np.int64),
        ),
        owing=OwingRules(
            id=np.array([], dtype=object),
            share_ppm=np.zeros(0, dtype=np.int64),
            stock_limit=np.zeros(0, dtype=np.int64),
            surcharge_ppb=np.zeros(0, dtype=np.int64),
            latest=none,
        ),
        funds=_two_funds(sum(w), months),
        loans=Loans(
            fund=none,
            limit=np.zeros(0, dtype=np.int64),
            revolving=np.zeros(0, dtype=bool),
            rate=np.zeros(0),
            first=none,
            last=none,
            kind=np.array([], dtype=object),
            grace=none,
            term=none,
            interest_need=none,
            principal_need=none,
        ),
        moves=Moves(
            source=none,
            target=none,
            monthly_limit=np.zeros((0, months), dtype=np.int64),
            total_limit=np.zeros(0, dtype=np.int64),
        ),
        developers=Developers(
            id=np.array([], dtype=object),
            debt_due=np.zeros((0, months), dtype=np.int64),
            offset_target=_empty(0, "month", "fen"),
        ),
        objective=Objective(),
    )


def _empty(rows: int, *columns: str) -> Ragged:
    none = np.zeros(0, dtype=np.int64)
    return Ragged.build(rows, none, **dict.fromkeys(columns, none))


def _vouchers(p: Sequence[int], months: int) -> Offers:
    """One voucher a household, of p 万元, at any time."""
    jobs = len(p)
    zero = np.zeros(jobs, dtype=np.int32)
    return Offers(
        claim=np.arange(jobs, dtype=np.int32),
        route=np.full(jobs, Route.voucher, dtype=np.int8),
        label=np.array(["voucher"] * jobs, dtype=object),
        first=zero,
        last=np.full(jobs, months - 1, dtype=np.int32),
        housed_after=zero,
        tail=zero,
        tail_multiplier=np.full(jobs, -1, dtype=np.int32),
        stated_stream=np.zeros(jobs, dtype=bool),
        stream=_empty(jobs, "fen"),
        price=np.array(p, dtype=np.int64) * FEN_PER_WAN,
        price_series=zero,
        series_ppm=np.full((1, months), 1_000_000, dtype=np.int64),
        price_need=np.ones(jobs, dtype=np.int32),
        schedule=zero,
        instalments=Ragged.build(
            1, np.zeros(1, dtype=np.int64), after=np.zeros(1, dtype=np.int64), cumulative_ppm=np.array([1_000_000])
        ),
        lines=_empty(jobs, "after", "fen", "need", "fund", "kind"),
        stock=_empty(jobs, "pool", "amount"),
        given=np.full(jobs, -1, dtype=np.int64),
        disutility=np.zeros(jobs),
    )


def _two_funds(fees: int, months: int) -> Funds:
    """1 万元 a month from month 1 on for vouchers; for fees, whatever they may come to."""
    inflow = np.zeros((2, months), dtype=np.int64)
    inflow[0, 1:] = FEN_PER_WAN
    return Funds(
        id=np.array(["vouchers", "fees"], dtype=object),
        opening=np.array([0, fees * months * FEN_PER_WAN]),
        inflow=inflow,
        keeps=np.full((2, months), -1, dtype=np.int64),
        monthly_limit=np.full((2, months), -1, dtype=np.int64),
        total_limit=np.full(2, -1, dtype=np.int64),
        release_upfront_ppm=np.full(2, -1, dtype=np.int64),
        release_total=np.zeros(2, dtype=np.int64),
        release_phases=_empty(2, "phase"),
        valid_since=np.full((2, months), -1, dtype=np.int32),
        valid_opening=np.zeros((2, months), dtype=np.int64),
    )
