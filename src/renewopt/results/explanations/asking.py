"""The other way round: who should have one more home, or more money, and how much that saves."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from renewopt.asked import a_text, is_number
from renewopt.optimiser.reduced_costs.forced import with_homes, with_money
from renewopt.optimiser.reduced_costs.queue import Queue, queue_for_home, queue_for_money
from renewopt.optimiser.reduced_costs.reduced import WAITS, Choice, reduced_costs
from renewopt.problem import Problem
from renewopt.results.explanations.explanation import NextInLine
from renewopt.results.explanations.grounds import Grounds
from renewopt.results.explanations.making import EXACT_SECONDS, MOST, solve_changed, unknown
from renewopt.results.explanations.record import NEXT, made
from renewopt.results.reporting.facts import names
from renewopt.units import FEN_PER_YUAN, Month
from renewopt.vocabulary import PRICES
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress
    from renewopt.problem import Offers

__all__ = ["NEXT", "NextInLine", "next_for_home", "next_for_money"]

MEASURED = PRICES[1]
"""Measure of a pool that is counted in homes."""


def next_for_home(
    grounds: Grounds,
    home: str,
    month: str | None = None,
    *,
    top: int = MOST,
    exact: bool = False,
    time_limit: float = EXACT_SECONDS,
    progress: Callable[[Progress], None] | None = None,
) -> NextInLine:
    """Who should have one more home; see `renewopt.results.planned.Plan.next_for_home`."""
    a_text("home", home, words("an estate and a type, such as E1/90"), none=False)
    problem = grounds.problem
    pools = [str(name) for name in problem.pools.id]
    if home not in pools:
        raise unknown("home", home, pools)
    pool, since = pools.index(home), _month(grounds, month)
    unit = 100 if problem.pools.measure[pool] == MEASURED else _usual(problem.offers, pool)
    queue = queue_for_home(grounds.costs, grounds.decisions.settle, pool, since, unit)
    changed = with_homes(problem, pool, since, unit)
    queue = queue.take(queue.saved > 0)
    return _answer(grounds, (home, ""), since, unit / 100, queue, changed, top, exact, time_limit, progress)


def next_for_money(
    grounds: Grounds,
    amount: float,
    month: str | None = None,
    fund: str | None = None,
    *,
    top: int = MOST,
    exact: bool = False,
    time_limit: float = EXACT_SECONDS,
    progress: Callable[[Progress], None] | None = None,
) -> NextInLine:
    """Who should have more money; see `renewopt.results.planned.Plan.next_for_money`."""
    if not is_number(amount) or not 0 < amount < 1e13:
        raise ValueError(words("amount {value!r}: expected yuan above 0", value=amount))
    a_text("fund", fund, words("the id of a fund, or None"))
    problem = grounds.problem
    funds = [str(name) for name in problem.funds.id]
    since = _month(grounds, month)
    if fund is None:
        fund = _scarcest(grounds, funds, since)
    elif fund not in funds:
        raise unknown("fund", fund, funds)
    place = funds.index(fund)
    queue = queue_for_money(grounds.costs, grounds.decisions.settle, place, since)
    queue = queue.take(_within(queue.cash, float(amount)))
    changed = with_money(problem, place, since, round(float(amount) * FEN_PER_YUAN))
    return _answer(grounds, ("", fund), since, float(amount), queue, changed, top, exact, time_limit, progress)


def _usual(offers: Offers, pool: int) -> int:
    """What one household takes of a pool that is not counted in homes, in hundredths."""
    mine = offers.stock["amount"][offers.stock["pool"] == pool]
    return int(np.median(mine)) if mine.size else 100


def _month(grounds: Grounds, month: str | None) -> int:
    """Month of the plan.

    Raises
    ------
    ValueError
        If it is none.
    """
    calendar = grounds.problem.calendar
    if month is None:
        return 0
    try:
        at = Month.parse(month) - calendar.start
    except (ValueError, TypeError):
        at = -1
    if not 0 <= at < calendar.months:
        first, last = calendar.label(0), calendar.label(calendar.months - 1)
        raise ValueError(words("month {month}: expected {first} to {last}", month=month, first=first, last=last))
    return at


def _scarcest(grounds: Grounds, funds: list[str], month: int) -> str:
    """The fund in which a yuan more would be worth the most in a month, as the plan's prices tell; else the first."""
    prices = grounds.plan.prices
    if len(prices):
        mine = prices[(prices["kind"] == PRICES[0]) & (prices["month"] == grounds.label(month))]
        mine = mine[mine["id"].isin(funds)]
        if len(mine):
            return str(mine["id"].iloc[int(mine["price_yuan"].to_numpy().argmax())])
    return funds[0]


def _within(cash: np.ndarray, amount: float) -> np.ndarray:
    """Of payments in their order, those for which there is money left; all of them, where it suffices for none."""
    kept, left = [], amount
    for row, paid in enumerate(cash.tolist()):
        if paid <= left:
            kept.append(row)
            left -= paid
    return np.array(kept or range(cash.size), dtype=np.int64)


def _answer(
    grounds: Grounds,
    name: tuple[str, str],
    since: int,
    amount: float,
    queue: Queue,
    changed: Problem,
    top: int,
    exact: bool,
    time_limit: float,
    progress: Callable[[Progress], None] | None,
) -> NextInLine:
    tiers = [tier.value for tier in grounds.plan.tiers[: len(changed.objective.tiers)]]
    settle = grounds.decisions.settle
    after = reduced_costs(changed, settle, tiers=tiers, warm=grounds.plan.warm, progress=progress).lagrangian
    saved, saved_most = math.nan, math.nan
    if exact:
        found = solve_changed(grounds, changed, None, time_limit, progress)
        # The plan itself is one with more: it stands where no better one was found.
        saved = max(grounds.proof.objective - found.value, 0.0) if found.value is not None else 0.0
        saved_most = max(grounds.proof.objective - max(found.bound, after), saved)
    return NextInLine(
        *name,
        grounds.label(since),
        amount,
        made([_row(grounds, queue, k) for k in range(min(top, len(queue)))], NEXT),
        max(grounds.costs.lagrangian - after, 0.0),
        max(grounds.proof.objective - after, 0.0),
        grounds.proof,
        saved,
        saved_most,
        names(grounds.plan.stated),
        grounds.plan.place,
    )


def _row(grounds: Grounds, queue: Queue, k: int) -> dict[str, Any]:
    row, claim = int(queue.row[k]), int(queue.claim[k])
    now = WAITS if row < 0 else Choice(*grounds.decisions.settle[row, :2].tolist())
    then = Choice(int(queue.offer[k]), int(queue.month[k]))
    claims = grounds.problem.claims
    return {
        "household": str(claims.household[claim]),
        "part": str(claims.part[claim]),
        "plan_route": grounds.route(now),
        "plan_pool": grounds.pool(now),
        "plan_month": "" if now.waits else grounds.label(now.month),
        "route": grounds.route(then),
        "pool": grounds.pool(then),
        "month": grounds.label(then.month),
        "housed": grounds.label(grounds.housed(then)),
        "saved": float(queue.saved[k]),
        "cash": float(queue.cash[k]),
    }
