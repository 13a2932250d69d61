"""The other way round: who should have one more home, or more money, and how much that saves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from renewopt.asked import a_language, a_text, is_number
from renewopt.optimiser.reduced_costs.forced import with_homes, with_money
from renewopt.optimiser.reduced_costs.queue import Queue, queue_for_home, queue_for_money
from renewopt.optimiser.reduced_costs.reduced import WAITS, Choice, reduced_costs
from renewopt.problem import Problem
from renewopt.results.explanations.grounds import Grounds
from renewopt.results.explanations.making import EXACT_SECONDS, MOST, solve_changed
from renewopt.results.explanations.record import Proof, made
from renewopt.results.reporting.facts import names
from renewopt.scenario.suggestions import did_you_mean
from renewopt.units import FEN_PER_YUAN, Month
from renewopt.wording import HERE, Language, Place, words

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress
    from renewopt.problem import Offers

__all__ = ["NEXT", "NextInLine", "next_for_home", "next_for_money"]

NEXT: dict[str, str] = {
    "household": "text",
    "part": "text",
    "plan_route": "text",
    "plan_pool": "text",
    "plan_month": "text",
    "route": "text",
    "pool": "text",
    "month": "text",
    "housed": "text",
    "saved": "money",
    "cash": "money",
}
"""Columns of who comes next."""


@dataclass(frozen=True, eq=False)
class NextInLine:
    """Who should have one thing more. Amounts are yuan.

    Attributes
    ----------
    what
        ``home`` or ``money``.
    id, month
        Pool, or fund, and the month (``YYYY-MM``) from which it is there.
    amount
        Homes, or yuan.
    households
        Who comes first, and what each would take instead; columns in `NEXT`. `saved` is what its own change saves at
        the plan's prices, what it frees included.
    worth
        By how much the bound falls: what it is worth to the district at the plan's prices.
    most
        What it saves against this plan, at the most: proven.
    saved, saved_most
        What the best plan that was found with it saves against this plan, and the most that any can; NaN where it was
        not asked for.
    proof
        What the figures rest on.
    names
        Names that the planner gave, by kind and id.
    place
        Whose currency and words are used.
    """

    what: str
    id: str
    month: str
    amount: float
    households: pd.DataFrame = field(repr=False)
    worth: float
    most: float
    proof: Proof
    saved: float = math.nan
    saved_most: float = math.nan
    names: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    place: Place = HERE

    def summary(self, lang: Language = "en") -> str:
        """Tell it in plain text.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.explanations.queueing import summarise_next

        a_language(lang)
        return summarise_next(self, lang)

    def __str__(self) -> str:
        return self.summary()


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
        near = did_you_mean(home, pools)
        raise ValueError(
            words("the plan knows no homes {home!r}; {near}", home=home, near=near)
            if near
            else words("the plan knows no homes {home!r}: write estate and type, such as E1/90", home=home)
        )
    pool, since = pools.index(home), _month(grounds, month)
    unit = 100 if problem.pools.measure[pool] == "homes" else _usual(problem.offers, pool)
    queue = queue_for_home(grounds.costs, grounds.decisions.settle, pool, since, unit)
    changed = with_homes(problem, pool, since, unit)
    queue = queue.take(queue.saved > 0)
    return _answer(grounds, "home", home, since, unit / 100, queue, changed, top, exact, time_limit, progress)


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
        near = did_you_mean(fund, funds)
        raise ValueError(words("the plan knows no fund {fund!r}; {near}", fund=fund, near=near)
                         if near else words("the plan knows no fund {fund!r}", fund=fund))  # fmt: skip
    place = funds.index(fund)
    queue = queue_for_money(grounds.costs, grounds.decisions.settle, place, since)
    queue = queue.take(_within(queue.cash, float(amount)))
    changed = with_money(problem, place, since, round(float(amount) * FEN_PER_YUAN))
    return _answer(grounds, "money", fund, since, float(amount), queue, changed, top, exact, time_limit, progress)


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
        mine = prices[(prices["kind"] == "money") & (prices["month"] == grounds.label(month))]
        mine = mine[mine["id"].isin(funds)]
        if len(mine):
            return str(mine.loc[mine["price_yuan"].idxmax(), "id"])
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
    what: str,
    name: str,
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
        what,
        name,
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
