"""What stands in the way of an alternative: homes, money and limits that others use, and what would have to change.

Weights are differences at the plan's prices (`ReducedCosts.parts`): by them an alternative is dearer than what the plan
gives. What is said of homes and money is counted in the plan itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from renewopt.optimiser.reduced_costs.reduced import Choice
from renewopt.problem import Route
from renewopt.results.explanations.alternatives import Alternative, cash_by_month
from renewopt.results.explanations.grounds import Grounds
from renewopt.results.explanations.record import Change, Reason
from renewopt.units import YUAN_PER_WAN
from renewopt.vocabulary import ENTRIES, TRANSFER, Goal

__all__ = ["changes_for", "home_price", "reasons_against", "spent_on", "worths"]

Parts = Mapping[str, np.ndarray]
SHARE = 0.1
"""Share of all that speaks against an alternative from which on a part of it is told."""
A_YUAN = 1.0
USES_TOLD = 3
LIMITS_TOLD = 2


def worths(parts: Parts, base: int, row: int) -> dict[str, float]:
    """By how much each part of a choice is above that of another one."""
    return {name: float(values[row] - values[base]) for name, values in parts.items()}


def reasons_against(
    grounds: Grounds, number: int, alternative: Alternative, given: Choice, worth: Mapping[str, float]
) -> list[Reason]:
    """What speaks against an alternative, the weightiest first.

    A home that is not there, or goes to others, and a limit that is full are told whatever they weigh.

    Parameters
    ----------
    number
        Its row in the table.
    given
        What the plan gives.
    worth
        By how much each of its parts is above that of what the plan gives.
    """
    found = [
        Reason(number, kind, worth["stock"], {**values, "amount": worth["stock"]})
        for kind, values in _homes(grounds, alternative, given)
    ]
    found += _limits(grounds, number, alternative, worth["limits"])
    against = {name: value for name, value in worth.items() if value > A_YUAN}
    least = SHARE * sum(against.values())
    weighty = sorted((name for name in against if against[name] >= least), key=lambda name: -against[name])
    if "own" in weighty:
        kind = "never" if alternative.choice.waits else "longer"
        found.append(Reason(number, kind, worth["own"], {"amount": worth["own"]}))
    if "funds" in weighty:
        found += _money(grounds, number, alternative, worth["funds"])
    told = {reason.worth for reason in found}
    if "stock" in weighty and worth["stock"] not in told and not alternative.choice.waits:
        found.append(Reason(number, "wanted", worth["stock"], {"pool": grounds.pool(alternative.choice)}))
    if "limits" in weighty and worth["limits"] not in told:
        found.append(Reason(number, "limits", worth["limits"], {"amount": worth["limits"]}))
    return sorted(found, key=lambda reason: -reason.worth)


def _homes(grounds: Grounds, alternative: Alternative, given: Choice) -> Iterator[tuple[str, dict[str, object]]]:
    """Whether there is a home of the kind by then, and who has it."""
    choice, pools, books = alternative.choice, grounds.problem.pools, grounds.problem.calendar.books
    if choice.waits:
        return
    stock = grounds.problem.offers.stock.take(np.array([choice.offer]))
    housed = min(grounds.housed(choice), books - 1)
    mine: np.ndarray = np.zeros(len(pools), dtype=np.int64)
    if not given.waits:
        taken = grounds.problem.offers.stock.take(np.array([given.offer]))
        np.add.at(mine, taken["pool"], taken["amount"])
    for pool, amount in zip(stock["pool"].tolist(), stock["amount"].tolist(), strict=True):
        name, month = str(pools.id[pool]), grounds.label(housed)
        delivered = np.cumsum(grounds.homes_delivered[pool])
        if delivered[housed] < amount:
            enough = np.flatnonzero(delivered >= amount)
            if enough.size:
                yield "none_yet", {"pool": name, "month": month, "first": grounds.label(int(enough[0]))}
            else:
                yield "never_built", {"pool": name, "month": month}
            continue
        left = grounds.homes_left[pool, housed:].copy()
        back = grounds.housed(given)
        if mine[pool] and back < books:
            left[max(back - housed, 0) :] += mine[pool]
        if left.min() < amount:
            until = housed + int(np.flatnonzero(left < amount)[0])
            there = _counted(delivered[until])
            yield "taken", {"pool": name, "month": grounds.label(until), "count": there}
        elif grounds.route(choice) == TRANSFER and _no_surplus(grounds, choice, pool):
            yield "reserved", {"pool": name, "month": month}


def _no_surplus(grounds: Grounds, choice: Choice, pool: int) -> bool:
    """Whether the homes of a pool that are open to other projects are taken by the plan, from then on or later."""
    problem, settle = grounds.problem, grounds.decisions.settle
    surplus = int(problem.pools.surplus[pool])
    if surplus < 0:
        return False
    months = problem.calendar.months
    change = np.zeros(months, dtype=np.int64)
    change[0] = surplus
    offers, claims = settle[:, 0], problem.offers.claim[settle[:, 0]]
    transfer = problem.offers.route[offers] == Route.transfer
    stock = problem.offers.stock.take(offers)
    at = transfer[stock.row] & (stock["pool"] == pool)
    np.add.at(change, settle[stock.row[at], 1], -stock["amount"][at] * settle[stock.row[at], 2])
    released = problem.pools.released
    mine = released.row == pool
    frees = np.zeros(len(problem.claims), dtype=np.int64)
    np.add.at(frees, released["claim"][mine], released["amount"][mine])
    elsewhere = problem.offers.route[offers] != Route.own_unit
    np.add.at(change, settle[elsewhere, 1], frees[claims[elsewhere]] * settle[elsewhere, 2])
    amount = int(problem.offers.stock.take(np.array([choice.offer]))["amount"].max(initial=0))
    return bool(np.cumsum(change)[choice.month :].min() < amount)


def _counted(hundredths: int | float) -> str:
    return f"{hundredths / 100:,.10g}"


def _money(grounds: Grounds, number: int, alternative: Alternative, worth: float) -> Iterator[Reason]:
    """Which month's money it would need, and what that went to."""
    cash = cash_by_month(grounds, alternative.choice)
    amount = sum(paid for paid, _ in cash.values())
    if amount < A_YUAN:
        yield Reason(number, "fees_paid", worth, {"amount": worth})
        return
    month = grounds.label(max(cash, key=lambda each: cash[each][1]))
    values = {"amount": worth, "cash": amount, "month": month, "uses": spent_on(grounds, month)}
    yield Reason(number, "short", worth, values)


def spent_on(grounds: Grounds, month: str) -> tuple[tuple[str, float], ...]:
    """Uses that the money of a month goes to by the plan, with yuan, the largest first."""
    funds = grounds.plan.funds
    mine = funds[(funds["month"] == month) & (funds["amount"] < 0) & ~funds["use"].isin(ENTRIES)]
    by_use = (-mine.groupby("use")["amount"].sum()).sort_values(ascending=False, kind="stable")
    return tuple((str(use), float(amount)) for use, amount in by_use.head(USES_TOLD).items())


def _limits(grounds: Grounds, number: int, alternative: Alternative, worth: float) -> Iterator[Reason]:
    """Limits that the alternative counts under and that are full."""
    problem, choice = grounds.problem, alternative.choice
    limits, settle = problem.limits, grounds.decisions.settle
    mine = np.unique(limits.offers.row[limits.offers["offer"] == choice.offer])
    told = 0
    for limit in mine.tolist():
        if not limits.first[limit] <= choice.month <= limits.last[limit]:
            continue
        members = limits.offers["offer"][limits.offers.row == limit]
        counted = np.isin(settle[:, 0], members)
        if limits.monthly[limit]:
            counted &= settle[:, 1] == choice.month
        if settle[counted, 2].sum() + 1 <= limits.cap[limit] or told == LIMITS_TOLD:
            continue
        told += 1
        kind = "full_month" if limits.monthly[limit] else "full"
        cap, month = f"{int(limits.cap[limit]):,}", grounds.label(choice.month)
        yield Reason(number, kind, worth, {"limit": str(limits.id[limit]), "cap": cap, "month": month})


def changes_for(
    grounds: Grounds, number: int, alternative: Alternative, own_saved: float, worth: Mapping[str, float]
) -> list[Change]:
    """What would have to change for an alternative to come first, at the plan's prices; each would do alone.

    Parameters
    ----------
    own_saved
        By how much what it adds to the objective itself is below what the plan's choice does.
    worth
        As of `reasons_against`.
    """
    over = sum(worth.values())
    choice = alternative.choice
    if choice.waits or over <= A_YUAN:
        return []
    found = []
    stock = grounds.problem.offers.stock.take(np.array([choice.offer]))
    if stock["pool"].size and home_price(grounds, choice) >= over - A_YUAN:
        month = grounds.label(min(grounds.housed(choice), grounds.problem.calendar.books - 1))
        needed = np.zeros(len(grounds.problem.pools), dtype=np.int64)
        np.add.at(needed, stock["pool"], stock["amount"])
        pools = [f"{grounds.problem.pools.id[pool]} × {_counted(needed[pool])}" for pool in np.flatnonzero(needed)]
        found.append(Change(number, "home", {"pool": " + ".join(pools), "month": month}))
    fees = grounds.problem.objective.name == Goal.FEES
    cash = cash_by_month(grounds, choice)
    if fees and cash and sum(value for _, value in cash.values()) >= over - A_YUAN:
        amount = sum(paid for paid, _ in cash.values())
        found.append(Change(number, "cash_more", {"cash": amount, "month": grounds.label(min(cash))}))
    if fees and own_saved > A_YUAN:
        times = 1.0 + over / own_saved
        found.append(Change(number, "urgency", {"times": math.ceil(times * 10) / 10}))
    return found


def home_price(grounds: Grounds, choice: Choice) -> float:
    """Yuan that the homes of a choice are worth at the plan's prices, in the month in which it takes them."""
    stock = grounds.problem.offers.stock.take(np.array([choice.offer]))
    housed = min(grounds.housed(choice), grounds.problem.calendar.books - 1)
    price = grounds.costs.row_prices.stock[stock["pool"], housed]
    return float(-(price * stock["amount"] / 100.0).sum() * YUAN_PER_WAN)
