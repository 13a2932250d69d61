"""The objective of whole decisions in fen, as the ledger counts it: what rounding makes of payments included."""

from __future__ import annotations

import numpy as np

from renewopt.optimiser.model.linear import IntArray
from renewopt.optimiser.payments.settled import WholeChoices, whole_goal
from renewopt.problem import Decisions, Problem, Tier
from renewopt.units import FEN_PER_WAN, divide_half_up
from renewopt.vocabulary import Goal

PARTS_PER_BILLION = 1_000_000_000


def reached_in_fen(problem: Problem, whole: WholeChoices, decisions: Decisions, goal: str) -> float:
    """What the objective of that name comes to (rules 15 and 16 of the accounts).

    Parameters
    ----------
    whole
        What `decisions.settle` causes.
    """
    surcharges, arrears = _arrears(problem, whole, decisions)
    value = whole_goal(problem, whole, goal) * FEN_PER_WAN
    value += problem.objective.shortfall_penalty * float(decisions.shortfall[:, 2].sum())
    return value + (_paid(problem, decisions, arrears) if goal == Goal.FISCAL else surcharges)


def reached(problem: Problem, whole: WholeChoices, decisions: Decisions, goal: str | Tier) -> float:
    """What a goal comes to, in 万元 (disutility: in its own unit)."""
    if isinstance(goal, str):
        return reached_in_fen(problem, whole, decisions, goal) / FEN_PER_WAN
    value = whole_goal(problem, whole, goal)
    if goal.goal == Goal.SHORTFALL:
        value += float(decisions.shortfall[:, 2].sum()) / FEN_PER_WAN
    if goal.goal == Goal.FISCAL:
        value += _paid(problem, decisions, _arrears(problem, whole, decisions)[1]) / FEN_PER_WAN
    return value


def _paid(problem: Problem, decisions: Decisions, arrears: int) -> float:
    """Payments that count towards the fiscal cost, discounted, and what is owed when the books close."""
    objective = problem.objective
    costly = problem.needs.counted
    value = 0.0
    for need, month, fen, factor in (
        (decisions.pay[:, 1], decisions.pay[:, 2], decisions.pay[:, 3], 1.0),
        (*decisions.offset.T, objective.offset_value),
    ):
        value += factor * float((fen * objective.discount(month))[costly[need]].sum())
    return value + float(objective.discount(problem.calendar.books - 1)) * arrears


def _arrears(problem: Problem, whole: WholeChoices, decisions: Decisions) -> tuple[int, int]:
    """Surcharges in all, and what is owed when the books close (rule 9)."""
    needs, shape = problem.needs, whole.due.shape
    owing = np.flatnonzero(needs.owing >= 0)
    if not owing.size:
        return 0, 0

    def table(need: IntArray, month: IntArray, fen: IntArray) -> IntArray:
        result = np.zeros(shape, dtype=np.int64)
        np.add.at(result, (need, month), fen)
        return result[owing]

    owed = table(*decisions.owe.T)
    met = table(*decisions.pay[:, 1:].T) + table(*decisions.offset.T) + table(*decisions.shortfall.T)
    beyond = met - (needs.fixed + whole.due)[owing] + owed
    rate = problem.owing.surcharge_ppb[needs.owing[owing]]
    stock = needs.opening_arrears[owing].copy()
    total = 0
    for month in range(shape[1]):
        # In two parts, so that a large stock times its rate stays within 64 bits.
        billions, rest = np.divmod(stock, PARTS_PER_BILLION)
        surcharge = billions * rate + divide_half_up(rest * rate, PARTS_PER_BILLION)
        total += int(surcharge.sum())
        stock = stock + owed[:, month] - (beyond[:, month] - surcharge)
    return total, int(stock.sum())
