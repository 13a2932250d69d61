"""What whole choices of households cause, in exact fen: dues, receipts and goals; and the money problem left over.

Once it is fixed which household takes which offer in which month, everything about households is a known sum. What
remains (phases' spending, payments, loans, owing, set-off) is a small problem of the same form without claims.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.model.choices import Choices, instalments, lines, streams
from renewopt.optimiser.model.fairness import fairness_of
from renewopt.optimiser.model.linear import FloatArray, IntArray, add_up
from renewopt.problem import Problem, Ragged, Tier
from renewopt.problem.decisions import IntTable
from renewopt.problem.subsets import subset, take_rows
from renewopt.units import FEN_PER_WAN, PPM, YUAN_PER_WAN, divide_half_up
from renewopt.vocabulary import IN_MONTHS, Goal

BLOCK = 50_000


@dataclass(frozen=True, eq=False)
class WholeChoices:
    """Settling decisions and what follows from them.

    Attributes
    ----------
    settle
        (n, 3): offer, month, households.
    due
        (N, B) fen that fall due on needs because of households.
    received
        (F, B) fen received from households and recovered from developers.
    fees, overdue_fees
        Per claim (H,) fen, for all its households, valued ones included.
    still
        (H,) households with no choice.
    disutility
        Per claim (H,), for all its households.
    discounted_receipts
        Fen received, discounted.
    waited
        Per claim (H,) months from moving out until housed, of all its households; of those with no choice, until the
        end of the months whose fees are valued.
    """

    settle: IntTable
    due: IntArray
    received: IntArray
    fees: IntArray
    overdue_fees: IntArray
    still: IntArray
    disutility: FloatArray
    discounted_receipts: float
    waited: IntArray


def settle_choices(problem: Problem, settle: IntTable) -> Choices:
    """The choices of a settling table; `unit` is the number of households."""
    offer, month = settle[:, 0], settle[:, 1]
    claim = problem.offers.claim[offer].astype(np.int64)
    return Choices(offer, month, claim, month + problem.offers.housed_after[offer], settle[:, 2])


def assess(problem: Problem, settle: IntTable) -> WholeChoices:
    """Add up what a settling table causes."""
    calendar, claims, bills = problem.calendar, problem.claims, problem.bills
    books = calendar.books
    chosen = settle_choices(problem, settle)
    due = np.zeros((len(problem.needs), books), dtype=np.int64)
    received = np.zeros((len(problem.funds), books), dtype=np.int64)
    for amounts in (instalments(problem, chosen), lines(problem, chosen, received=False)):
        np.add.at(due, (amounts.target, amounts.month), amounts.fen * chosen.unit[amounts.choice])
    got = lines(problem, chosen, received=True)
    np.add.at(received, (got.target, got.month), got.fen * chosen.unit[got.choice])
    fees, overdue_fees, accrued = _waiting_fees(problem, chosen)
    after, overdue = streams(problem, chosen)
    amount = after.fen * chosen.unit[after.choice]
    np.add.at(fees, after.target, amount)
    np.add.at(overdue_fees, after.target, np.where(overdue, amount, 0))
    np.add.at(accrued, (claims.bill[after.target], bills.due[claims.bill[after.target], after.month]), amount)
    part = divide_half_up(accrued * bills.paid_ppm[:, None], PPM)
    np.add.at(due, bills.need, part)
    back = divide_half_up(part * bills.recovered_ppm[:, None], PPM)
    for g in np.flatnonzero(bills.recovered_into >= 0):
        lag = int(bills.recovered_after[g])
        received[bills.recovered_into[g], lag:] += back[g, : books - lag]
    still = claims.count - np.bincount(chosen.claim, weights=chosen.unit, minlength=len(claims)).astype(np.int64)
    return WholeChoices(
        settle,
        due,
        received,
        fees,
        overdue_fees,
        still,
        add_up(chosen.claim, problem.offers.disutility[chosen.offer] * chosen.unit, len(claims)),
        float((received.sum(axis=0) * problem.objective.discount(np.arange(books))).sum()),
        _months_waited(problem, chosen, still),
    )


def _months_waited(problem: Problem, chosen: Choices, still: IntArray) -> IntArray:
    months = chosen.unit * problem.months_waiting(chosen.claim, chosen.housed)
    end = problem.calendar.months + problem.calendar.after_horizon_months
    waited = still * problem.months_waiting(np.arange(still.size), end)
    np.add.at(waited, chosen.claim, months)
    return waited


def _waiting_fees(problem: Problem, chosen: Choices) -> tuple[IntArray, IntArray, IntArray]:
    """Fees before the choice, or without one: per claim, of them overdue, and accrued by (bill, due month)."""
    calendar, claims, table = problem.calendar, problem.claims, problem.fees
    months = calendar.months
    fees = np.zeros(len(claims), dtype=np.int64)
    overdue_fees = np.zeros(len(claims), dtype=np.int64)
    accrued = np.zeros((problem.bills.need.size, calendar.books), dtype=np.int64)
    horizon = calendar.valued_until
    order = np.argsort(chosen.claim, kind="stable")
    sorted_claim = chosen.claim[order]
    for low in range(0, len(claims), BLOCK):
        high = min(low + BLOCK, len(claims))
        waiting = np.zeros((high - low, months), dtype=np.int64)
        at = order[np.searchsorted(sorted_claim, low) : np.searchsorted(sorted_claim, high)]
        np.add.at(waiting, (chosen.claim[at] - low, chosen.month[at]), chosen.unit[at])
        waiting = claims.count[low:high, None] - np.cumsum(waiting, axis=1)
        cost = table.fen(slice(low, high), slice(0, horizon))
        cost[:, :months] *= waiting
        cost[:, months:] *= waiting[:, -1:] * table.is_valued(slice(low, high), calendar)
        fees[low:high] = cost.sum(axis=1)
        overdue_fees[low:high] = np.where(table.overdue[table.clock[low:high], :horizon], cost, 0).sum(axis=1)
        bill = claims.bill[low:high]
        for g in np.unique(bill):
            np.add.at(accrued[g], problem.bills.due[g, :months], cost[bill == g, :months].sum(axis=0))
    return fees, overdue_fees, accrued


def money_problem(problem: Problem, whole: WholeChoices) -> Problem:
    """The same problem with no claims: households' dues and receipts are dated amounts."""
    none = np.zeros(0, dtype=np.int64)
    rest, _ = subset(problem, none)
    return replace(
        with_dated(rest, whole),
        pools=take_rows(rest.pools, none),
        phases=replace(rest.phases, delivers=Ragged.build(len(rest.phases), none, pool=none, amount=none)),
        limits=take_rows(rest.limits, none),
        past=replace(rest.past, settle=rest.past.settle[:0]),
    )


def with_dated(problem: Problem, whole: WholeChoices) -> Problem:
    """The problem with what whole choices cause as dated amounts: dues of its needs, receipts of its funds."""
    return replace(
        problem,
        needs=replace(problem.needs, fixed=problem.needs.fixed + whole.due),
        funds=replace(problem.funds, inflow=problem.funds.inflow + whole.received),
    )


def whole_goal(problem: Problem, whole: WholeChoices, goal: str | Tier, *, weigh: bool = True) -> float:
    """What the households' part of a goal comes to, in 万元 (disutility: in its own unit; waits: months).

    `goal` is an objective's name (then weights, disutility and all its constants count) or a tier.
    """
    if isinstance(goal, Tier):
        return _tier_goal(problem, whole, goal)
    fees = whole.fees.astype(np.float64)
    extra = problem.objective.disutility_weight * float(whole.disutility.sum()) / YUAN_PER_WAN
    extra += float((problem.waiting_fen * whole.waited).sum()) / FEN_PER_WAN
    if goal == Goal.FISCAL:
        return _fiscal_constant(problem, whole) + extra
    weight = problem.claims.weight if weigh else np.ones(len(problem.claims))
    return float((fees * weight).sum()) / FEN_PER_WAN + extra


def _tier_goal(problem: Problem, whole: WholeChoices, tier: Tier) -> float:
    if tier.goal in (Goal.CHANGES, *IN_MONTHS):
        chosen = settle_choices(problem, whole.settle)
        if tier.goal in IN_MONTHS:
            return fairness_of(problem, chosen.claim, chosen.unit, chosen.housed, whole.still, tier)
        counted = problem.offers.counted(tier.goal)[chosen.offer] * chosen.unit
        return float(counted[tier.claims[chosen.claim]].sum())
    if tier.goal == Goal.SHORTFALL:
        return 0.0
    if tier.goal == Goal.DISUTILITY:
        return float(whole.disutility[tier.claims].sum())
    if tier.goal == Goal.FISCAL:
        return _fiscal_constant(problem, whole)
    fen = whole.overdue_fees if tier.goal == Goal.OVERDUE else whole.fees
    return float(fen[tier.claims].sum()) / FEN_PER_WAN


def _fiscal_constant(problem: Problem, whole: WholeChoices) -> float:
    left = np.flatnonzero(whole.still)
    valued = problem.fees.valued(left, problem.calendar)[0].sum(axis=1)
    still = float((whole.still[left] * (problem.claims.obligation[left] + valued)).sum())
    return (
        float(problem.objective.discount(problem.calendar.months)) * still - whole.discounted_receipts
    ) / FEN_PER_WAN
