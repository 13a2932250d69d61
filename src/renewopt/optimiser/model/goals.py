"""What is minimised: the two objectives and the goals of tiers, as costs of columns (accounts 15 to 17).

All goals are in 万元, except disutility, which has no unit, and waits, which are in months.
"""

from __future__ import annotations

import numpy as np

from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import FloatArray, IntArray, LinearModel
from renewopt.optimiser.model.rules import surcharge_terms
from renewopt.problem import Tier
from renewopt.units import FEN_PER_WAN, YUAN_PER_WAN
from renewopt.vocabulary import Goal


def after_horizon(f: Formulation) -> IntArray:
    """(H,) fen: fees after the horizon that count for one household with no choice made."""
    total: IntArray = f.problem.fees.valued(slice(None), f.problem.calendar)[0].sum(axis=1)
    return total


def fees(f: Formulation, weight: FloatArray, *, overdue: bool = False) -> FloatArray:
    """Fees accrued and valued, each claim's times its weight; without surcharges. `overdue`: only what counts so."""
    cost = np.zeros(f.builder.size)
    table, calendar = f.problem.fees, f.problem.calendar
    claim, month = f["waiting"].keys
    late = table.overdue[table.clock][:, : calendar.months]
    amount = (np.where(late, f.fee_fen, 0) if overdue else f.fee_fen).ravel().astype(np.float64)
    last = month == calendar.months - 1
    amount[last] += table.valued(slice(None), calendar)[overdue].sum(axis=1)[claim[last]]
    np.add.at(cost, f["waiting"].index, weight[claim] * amount / FEN_PER_WAN)
    at = np.flatnonzero(f.stream_overdue) if overdue else np.arange(f.stream.choice.size)
    choice = f.stream.choice[at]
    amount = weight[f.stream.target[at]] * f.stream.fen[at] * f.choices.unit[choice] / FEN_PER_WAN
    np.add.at(cost, f["settle"].index[choice], amount)
    return cost


def surcharges(f: Formulation) -> FloatArray:
    """Surcharges on what is owed."""
    cost = np.zeros(f.builder.size)
    rate, (_, _, column) = surcharge_terms(f)
    cost[column] = rate
    return cost


def disutility(f: Formulation, weight: FloatArray, goal: str = Goal.DISUTILITY) -> FloatArray:
    """Disutility of the offers chosen, or what another such goal counts for them, each claim's times its weight."""
    cost = np.zeros(f.builder.size)
    counted = f.problem.offers.counted(goal)
    cost[f["settle"].index] = counted[f.choices.offer] * f.choices.unit * weight[f.choices.claim]
    return cost


def waiting(f: Formulation) -> FloatArray:
    """Months from moving out until housed, beside the fee, each claim's times its weight."""
    problem, calendar = f.problem, f.problem.calendar
    cost = np.zeros(f.builder.size)
    claim, month = f["waiting"].keys
    until = np.where(month == calendar.months - 1, calendar.months + calendar.after_horizon_months, month + 1)
    months = problem.months_waiting(claim, until) - problem.months_waiting(claim, month)
    cost[f["waiting"].index] = problem.waiting_fen[claim] * months / FEN_PER_WAN
    claim = f.choices.claim
    months = problem.months_waiting(claim, f.choices.housed) - problem.months_waiting(claim, f.choices.month)
    cost[f["settle"].index] = problem.waiting_fen[claim] * months * f.choices.unit / FEN_PER_WAN
    return cost


def shortfall(f: Formulation) -> FloatArray:
    """Outside money."""
    cost = np.zeros(f.builder.size)
    if "shortfall" in f.builder.columns:
        cost[f["shortfall"].index] = 1.0
    return cost


def fiscal(f: Formulation) -> FloatArray:
    """The government's payments, discounted, and what is still due when the books close."""
    problem = f.problem
    objective, needs, calendar = problem.objective, problem.needs, problem.calendar
    cost = np.zeros(f.builder.size)
    counted = needs.counted
    _, n, t = f["pay"].keys
    cost[f["pay"].index] = np.where(counted[n], objective.discount(t), 0.0)
    n, t = f["offset"].keys
    cost[f["offset"].index] = np.where(counted[n], objective.offset_value * objective.discount(t), 0.0)
    _, t = f["received"].keys
    cost[f["received"].index] = -objective.discount(t)
    n, t = f["arrears"].keys
    last = t == calendar.books - 1
    cost[f["arrears"].index[last]] += float(objective.discount(calendar.books - 1))
    claim, month = f["waiting"].keys
    last = month == calendar.months - 1
    still = problem.claims.obligation[claim[last]] + after_horizon(f)[claim[last]]
    cost[f["waiting"].index[last]] += float(objective.discount(calendar.months)) * still / FEN_PER_WAN
    return cost


def wait_spread(f: Formulation, tier: Tier) -> FloatArray:
    """Greatest less least mean wait of a project, by the columns of `renewopt.optimiser.model.fairness.means`."""
    cost = np.zeros(f.builder.size)
    cost[f["mean_most"].start + f.spreads[tier.name]] = 1.0
    cost[f["mean_least"].start + f.spreads[tier.name]] = -1.0
    return cost


def tier_goal(f: Formulation, tier: Tier) -> FloatArray:
    """A tier's goal."""
    weight = tier.claims.astype(np.float64)
    if tier.goal == Goal.FEES:
        return fees(f, weight)
    if tier.goal == Goal.OVERDUE:
        return fees(f, weight, overdue=True)
    if tier.goal == Goal.SHORTFALL:
        return shortfall(f)
    if tier.goal == Goal.WAIT_SPREAD:
        return wait_spread(f, tier)
    if tier.goal == Goal.LONGEST_WAIT:
        # It is held by the choices that are closed, and reached by holding it ever lower.
        return np.zeros(f.builder.size)
    return fiscal(f) if tier.goal == Goal.FISCAL else disutility(f, weight, tier.goal)


def objective(f: Formulation, name: str) -> FloatArray:
    """The whole objective of that name, penalties included."""
    choice = f.problem.objective
    base = fees(f, f.problem.claims.weight) + surcharges(f) if name == Goal.FEES else fiscal(f)
    total: FloatArray = (
        base
        + waiting(f)
        + choice.disutility_weight / YUAN_PER_WAN * disutility(f, np.ones(len(f.problem.claims)))
        + choice.shortfall_penalty * shortfall(f)
    )
    return total


def cost(f: Formulation, goal: str | Tier) -> FloatArray:
    """A tier's goal, or the objective of that name."""
    return tier_goal(f, goal) if isinstance(goal, Tier) else objective(f, goal)


def value(model: LinearModel, cost: FloatArray, x: FloatArray) -> float:
    """Cost · x plus the model's constant."""
    return float(cost @ x) + model.offset
