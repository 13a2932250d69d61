"""Totals: what a plan is judged by (rules 15 to 17 of the accounts)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from renewopt.asked import one_of
from renewopt.ledger.dues import Dues
from renewopt.ledger.exact import IntArray
from renewopt.ledger.fees import Fees
from renewopt.ledger.payments import Payments
from renewopt.ledger.people import Choices, People
from renewopt.problem import Problem, Tier
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import IN_MONTHS, OBJECTIVES, Goal

Amount = int | float
"""Fen: an int where it is exact, a float where a discount or a broken weight enters."""


@dataclass(frozen=True, eq=False)
class Totals:
    """Totals of a replay, in fen where not said otherwise.

    Attributes
    ----------
    fees
        Accrued, whoever pays them, tails included.
    valued
        After the horizon, of households with no choice: valued, never paid.
    surcharges
        On arrears.
    transition_fees
        The three together, never weighted.
    weighted_fees
        Accrued and valued fees, each claim's times its weight.
    fiscal_cost
        Discounted cost of the government.
    disutility
        In its own units.
    shortfall
        Outside money.
    penalty
        What the shortfall adds to both objectives.
    disutility_cost
        What the disutility adds to both objectives.
    waiting_cost
        What the months of waiting add to both objectives, beside all fees.
    tiers
        Value of each tier, in the order of the objective (disutility in its own units; waits in months).
    """

    fees: int
    valued: int
    surcharges: int
    transition_fees: int
    weighted_fees: Amount
    fiscal_cost: Amount
    disutility: float
    shortfall: int
    penalty: Amount
    disutility_cost: Amount
    waiting_cost: Amount
    tiers: tuple[Amount, ...]

    def objective(self, name: str) -> Amount:
        """Value in fen of the objective `name`: ``transition_fees`` (weighted) or ``fiscal_cost``.

        Raises
        ------
        ValueError
            If there is no objective of that name.
        """
        one_of("objective", name, OBJECTIVES)
        cost = self.fiscal_cost if name == Goal.FISCAL else self.weighted_fees + self.surcharges
        return cost + self.disutility_cost + self.waiting_cost + self.penalty


def sum_up(problem: Problem, choices: Choices, people: People, fees: Fees, dues: Dues, payments: Payments) -> Totals:
    """All totals of a replay."""
    objective = problem.objective
    of_claim = fees.claim + fees.valued
    overdue = fees.claim_overdue + fees.valued_overdue
    disutility = problem.offers.disutility[choices.offer] * choices.households
    shortfall = int(payments.shortfall.sum())
    surcharges = int(payments.surcharge.sum())
    cost = _fiscal_cost(problem, people, fees, dues, payments)
    total_disutility = math.fsum(disutility)

    def tier_value(tier: Tier) -> Amount:
        if tier.goal == Goal.FISCAL:
            return cost
        if tier.goal == Goal.DISUTILITY:
            return math.fsum(disutility[tier.claims[choices.claim]])
        if tier.goal == Goal.CHANGES:
            kept = problem.offers.kept
            return (
                0 if kept is None else -int(choices.households[kept[choices.offer] & tier.claims[choices.claim]].sum())
            )
        if tier.goal in IN_MONTHS:
            return _fairness(problem, tier, *_waits(problem, choices, people))
        return int((overdue if tier.goal == Goal.OVERDUE else of_claim)[tier.claims].sum())

    return Totals(
        fees=int(fees.claim.sum()),
        valued=int(fees.valued.sum()),
        surcharges=surcharges,
        transition_fees=int(of_claim.sum()) + surcharges,
        weighted_fees=_weighted(problem.claims.weight, of_claim),
        fiscal_cost=cost,
        disutility=total_disutility,
        shortfall=shortfall,
        penalty=_product(objective.shortfall_penalty, shortfall),
        disutility_cost=_whole(objective.disutility_weight * FEN_PER_YUAN * total_disutility),
        waiting_cost=_waiting_cost(problem, choices, people),
        tiers=tuple(tier_value(tier) for tier in objective.tiers),
    )


def _whole(value: float) -> Amount:
    """Give an int where `value` is a whole number."""
    return int(value) if value.is_integer() else value


def _product(factor: float, amount: int) -> Amount:
    """`factor` × `amount`, exact where the factor is whole."""
    return int(factor) * amount if float(factor).is_integer() else float(factor) * amount


def _weighted(weight: np.ndarray[tuple[int, ...], np.dtype[np.float64]], fen: IntArray) -> Amount:
    """Σ weight × fen, exact where the weights are whole numbers."""
    weights, place = np.unique(weight, return_inverse=True)
    sums = np.zeros(weights.size, dtype=np.int64)
    np.add.at(sums, place, fen)
    products = [_product(factor, amount) for factor, amount in zip(weights.tolist(), sums.tolist(), strict=True)]
    if all(isinstance(product, int) for product in products):
        return sum(products)
    return math.fsum(products)


def _waiting_cost(problem: Problem, choices: Choices, people: People) -> Amount:
    """Rule 18: months from moving out until housed, times weight and cost; exact where both are whole numbers."""
    claims, calendar = problem.claims, problem.calendar
    if not problem.objective.waiting_cost:
        return 0
    out = np.maximum(np.maximum(problem.fees.moved_out[problem.fees.clock], claims.begins).astype(np.int64), 0)
    end = calendar.months + calendar.after_horizon_months
    months = people.unsettled * np.maximum(np.where(claims.ends < 0, end, np.minimum(claims.ends, end)) - out, 0)
    np.add.at(months, choices.claim, choices.households * np.maximum(choices.housed - out[choices.claim], 0))
    return _whole(float(_weighted(claims.weight, months) * (problem.objective.waiting_cost * FEN_PER_YUAN)))


def _waits(problem: Problem, choices: Choices, people: People) -> tuple[IntArray, IntArray, IntArray]:
    """Claim, households and months from moving out until housed, of every choice and of those with none (rule 17)."""
    claims = problem.claims
    left = np.flatnonzero(people.unsettled)
    end = np.where(claims.ends < 0, problem.calendar.months, np.minimum(claims.ends, problem.calendar.months))
    claim = np.concatenate([choices.claim, left])
    until = np.concatenate([choices.housed, end[left].astype(np.int64)])
    out = problem.fees.moved_out[problem.fees.clock[claim]].astype(np.int64)
    return claim, np.concatenate([choices.households, people.unsettled[left]]), np.maximum(until - out, 0)


def _fairness(problem: Problem, tier: Tier, claim: IntArray, households: IntArray, months: IntArray) -> Amount:
    """Rule 17: the longest wait, or the greatest less the least mean wait of a project, in months."""
    mine = tier.claims[claim] & (households > 0)
    claim, households, months = claim[mine], households[mine], months[mine]
    if tier.goal == Goal.LONGEST_WAIT:
        return int(months.max(initial=0))
    project = problem.claims.project[claim]
    means = [
        float(np.dot(months[at], households[at]) / households[at].sum())
        for at in (project == each for each in np.unique(project).tolist())
    ]
    return max(means) - min(means) if means else 0


def _fiscal_cost(problem: Problem, people: People, fees: Fees, dues: Dues, payments: Payments) -> Amount:
    """Rule 16: discounted payments, less receipts, plus arrears at the end and what unsettled households still cost."""
    objective, calendar = problem.objective, problem.calendar
    costly = problem.needs.counted
    cash = payments.paid[costly].sum(axis=0) - dues.received.sum(axis=0) - dues.recovered.sum(axis=0)
    offset = payments.offset[costly].sum(axis=0)
    arrears = int(payments.arrears[:, -1].sum())
    remaining = int((people.unsettled * problem.claims.obligation + fees.valued).sum())
    offset_cost = [_product(objective.offset_value, fen) for fen in offset.tolist()]
    if objective.discount_rate == 0:
        return int(cash.sum()) + sum(offset_cost) + arrears + remaining
    factor = objective.discount(np.arange(max(calendar.books, calendar.months + 1))).tolist()
    monthly = [
        discount * (fen + saved)
        for discount, fen, saved in zip(factor[: calendar.books], cash.tolist(), offset_cost, strict=True)
    ]
    return math.fsum([*monthly, factor[calendar.books - 1] * arrears, factor[calendar.months] * remaining])
