"""What breaks if building comes late: the plan's own decisions, carried out later where homes are not there yet.

Nothing is planned anew. Who was to move into homes of a late phase moves in as soon as homes are there, first those
who were to come first; everything else is done as planned. The ledger says what that adds to the bills, and what is
left in the funds says what of it could not be paid.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger import replay
from renewopt.results.briefing.free_money import FreeMoney
from renewopt.results.record import Delayed
from renewopt.units import FEN_PER_YUAN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from renewopt.ledger.books import Books

__all__ = ["DELAYS", "reckon_delays"]

Fen = NDArray[np.int64]

DELAYS = (3, 6, 12)
"""Months by which a phase is tried late."""
MOST_PHASES = 12
"""Phases that are tried, those with most homes first, and besides all of them at once."""
MOST_CLAIMS = 100_000
"""Claims above which nothing is tried: each trial is a replay."""


def reckon_delays(books: Books) -> tuple[Delayed, ...]:
    """Reckon what each phase does if it is handed over late, and what all of them do.

    Parameters
    ----------
    books
        Of a plan.

    Returns
    -------
    tuple of Delayed
        Phases in the order of their handover, each by every one of `DELAYS`; then all of them together (phase ""), if
        there are several.
    """
    problem, decisions = books.problem, books.decisions
    if len(problem.claims) > MOST_CLAIMS:
        return ()
    # What was handed over in a past that is known is late no more.
    to_come = decisions.complete[decisions.complete[:, 1] >= max(problem.calendar.now, 1)]
    homes = np.zeros(len(problem.phases), dtype=np.int64)
    np.add.at(homes, problem.phases.delivers.row, problem.phases.delivers["amount"])
    most = np.argsort(-homes[to_come[:, 0]], kind="stable")[:MOST_PHASES]
    chosen = to_come[most][np.lexsort((to_come[most, 0], to_come[most, 1]))]
    tried = [np.array([phase]) for phase in chosen[:, 0].tolist()]
    if len(to_come) > 1:
        tried.append(to_come[:, 0])
    return tuple(delayed for phases in tried for months in DELAYS for delayed in _delayed(books, phases, months))


def _delayed(books: Books, phases: Fen, months: int) -> Iterator[Delayed]:
    """What comes of it, if anything does."""
    problem, decisions = books.problem, books.decisions
    late = np.isin(decisions.complete[:, 0], phases)
    complete = decisions.complete.copy()
    complete[late, 1] += months
    complete = complete[complete[:, 1] < problem.calendar.books]
    settle, moved = _settled_later(books, complete, phases)
    if not moved.any():
        return
    then = replay(problem, replace(decisions, complete=complete, settle=settle))
    missing = _missing(books, then)
    short = np.flatnonzero(missing)
    clear = then.clear_month
    yield Delayed(
        phase=str(problem.phases.id[phases[0]]) if phases.size == 1 else "",
        months=months,
        households=_households(books, moved),
        fees=float(then.totals.transition_fees - books.totals.transition_fees) / FEN_PER_YUAN,
        held_back=_held_back(books, then) / FEN_PER_YUAN,
        missing=float(missing.sum()) / FEN_PER_YUAN,
        first_short=problem.calendar.label(int(short[0])) if short.size else "",
        clear_month="" if clear is None else problem.calendar.label(clear),
    )


def _settled_later(books: Books, complete: Fen, phases: Fen) -> tuple[Fen, Fen]:
    """Let those wait for whom there is no home yet.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        Table ``settle`` of decisions, and (H,) households of each claim that are housed later or no more.
    """
    problem, choices = books.problem, books.choices
    horizon = problem.calendar.months
    of_phases = problem.phases.delivers.take(phases)
    pools = np.unique(of_phases["pool"])
    there = _arriving(books, complete, pools, int(choices.housed.max(initial=0)) + horizon + 1)
    stock = problem.offers.stock.take(choices.offer)
    touched = np.unique(stock.row[np.isin(stock["pool"], pools)])
    place = {pool: number for number, pool in enumerate(pools.tolist())}
    wants: dict[int, list[tuple[int, int]]] = {}
    for row in touched.tolist():
        entries = range(int(stock.start[row]), int(stock.start[row + 1]))
        pairs = ((int(stock["pool"][entry]), int(stock["amount"][entry])) for entry in entries)
        wants[row] = [(place[pool], amount) for pool, amount in pairs if pool in place and amount > 0]
    queue = deque(touched[np.argsort(choices.housed[touched], kind="stable")].tolist())
    left = {row: int(choices.households[row]) for row in queue}
    rows: list[tuple[int, int, int]] = []
    moved = np.zeros(len(problem.claims), dtype=np.int64)
    free = np.zeros(pools.size, dtype=np.int64)
    for month in range(there.shape[1]):
        free += there[:, month]
        waiting: deque[int] = deque()
        while queue and choices.housed[queue[0]] <= month:
            row = queue.popleft()
            can = min([left[row], *(int(free[pool]) // amount for pool, amount in wants[row])])
            by = month - int(choices.housed[row])
            if can > 0 and int(choices.month[row]) + by < horizon:
                for pool, amount in wants[row]:
                    free[pool] -= can * amount
                rows.append((int(choices.offer[row]), int(choices.month[row]) + by, can))
                left[row] -= can
                moved[choices.claim[row]] += can if by else 0
            if left[row] > 0:
                waiting.append(row)
        queue.extendleft(reversed(waiting))
    for row in queue:
        moved[choices.claim[row]] += left[row]
    kept = books.decisions.settle[~np.isin(np.arange(choices.offer.size), touched)]
    return np.concatenate([kept, np.array(rows, dtype=np.int64).reshape(-1, 3)]), moved


def _arriving(books: Books, complete: Fen, pools: Fen, months: int) -> Fen:
    """(p, months) hundredths that come into some pools, with phases handed over as `complete` says."""
    problem = books.problem
    coming = np.zeros((len(problem.pools), months), dtype=np.int64)
    arrivals = problem.pools.arrivals
    inside = arrivals["month"] < months
    np.add.at(coming, (arrivals.row[inside], arrivals["month"][inside]), arrivals["amount"][inside])
    handed = problem.phases.delivers.take(complete[:, 0])
    month = complete[handed.row, 1]
    inside = month < months
    np.add.at(coming, (handed["pool"][inside], month[inside]), handed["amount"][inside])
    result: Fen = coming[pools]
    return result


def _missing(books: Books, then: Books) -> Fen:
    """(B,) fen that are missing, by month, if the plan's funds are to pay the bills of `then`."""
    problem = books.problem
    money = FreeMoney(books)
    more = then.dues.due - books.dues.due
    came = _came(then) - _came(books)
    paid = _paid(books)
    for month in range(problem.calendar.books):
        for fund in np.flatnonzero(came[:, month]).tolist():
            change = int(came[fund, month])
            money.gain(fund, month, change) if change > 0 else money.lose(fund, month, -change)
        for need in np.flatnonzero(more[:, month] < 0).tolist():
            # What need not be paid stays in the funds that were to pay it.
            less = -int(more[need, month])
            for fund, fen in paid.get((need, month), ()):
                back = min(less, fen)
                money.gain(fund, month, back)
                less -= back
        for need in np.flatnonzero(more[:, month] > 0).tolist():
            money.pay(np.flatnonzero(problem.needs.payable_by[need]), month, int(more[need, month]))
    return money.missing


def _came(books: Books) -> Fen:
    """(F, B) fen that households and developers pay into each fund."""
    came: Fen = books.dues.received + books.dues.recovered
    return came


def _held_back(books: Books, then: Books) -> int:
    """Fen that had come into all funds by some month as planned, and have not then, at the most."""
    later = (_came(books) - _came(then)).sum(axis=0)
    return max(int(np.cumsum(later).max(initial=0)), 0)


def _paid(books: Books) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Fund and fen of each payment, by need and month."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for fund, need, month, fen in books.decisions.pay.tolist():
        found.setdefault((need, month), []).append((fund, fen))
    return found


def _households(books: Books, moved: Fen) -> int:
    """Households of which some home comes later; one with several claims counts once."""
    claims = books.problem.claims
    most = np.zeros(len(claims), dtype=np.int64)
    np.maximum.at(most, claims.first, moved)
    return int(most.sum())
