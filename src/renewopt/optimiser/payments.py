"""Payments in whole fen for whole decisions about households and phases.

The money problem that is left over is solved as a linear programme, its answer rounded month by month against exact
balances, arrears and debts. Where rounding leaves no room, it is solved again with a small margin in every limit, and
at the last searched for whole fen (`renewopt.optimiser.whole_fen`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser import goals
from renewopt.optimiser.formulation import TierBound, formulate
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.margins import roundings, tightened
from renewopt.optimiser.model import FloatArray, LinearModel
from renewopt.optimiser.rounding import round_payments
from renewopt.optimiser.variables import Formulation
from renewopt.optimiser.whole import WholeChoices, assess, money_problem, whole_goal
from renewopt.optimiser.whole_fen import LARGEST, SECONDS, search_in_fen
from renewopt.problem import Decisions, Problem, Tier
from renewopt.problem.decisions import IntTable

Check = Callable[[Decisions], bool]
MARGINS_FEN = (0, 20, 500, 5_000)
"""Margins tried, one after the other, in fen on every balance and limit."""


@dataclass(frozen=True, eq=False)
class Paid:
    """A whole answer: decisions with exact payments, and its goal.

    Attributes
    ----------
    decisions
        Complete decisions.
    value
        The goal asked for, in 万元, as the money model states it (the ledger's figure is exact).
    margin_fen
        Margin that rounding took.
    """

    decisions: Decisions
    value: float
    margin_fen: int


def pay_for(
    problem: Problem,
    settle: IntTable,
    complete: IntTable,
    *,
    goal: str | Tier,
    tier_bounds: tuple[TierBound, ...] = (),
    check: Check | None = None,
    elastic: bool = False,
    time_limit: float = SECONDS,
) -> Paid | None:
    """Find payments for whole decisions; None if there is no way to pay for them.

    Parameters
    ----------
    settle, complete
        As in `Decisions`.
    goal
        Objective's name, or a tier: what the payments minimise (then, at the same value, the fiscal cost).
    check
        Says whether decisions are acceptable (the ledger's audit).
    time_limit
        Seconds for a search of whole fen, at the most.
    """
    whole = assess(problem, settle)
    reduced = money_problem(problem, whole)
    bounds = _money_bounds(problem, whole, tier_bounds)
    if bounds is None:
        return None
    constant = whole_goal(problem, whole, goal)
    for margin in MARGINS_FEN:
        f, model, x = _solve(tightened(reduced, margin), complete, goal, bounds, elastic=elastic)
        if x is None:
            if model.cost.size > LARGEST or (margin == 0 and roundings(problem) == 0):
                return None
            break
        decisions = round_payments(reduced, f, x, settle, complete)
        if decisions is not None:
            decisions = with_past(problem, decisions)
            if check is None or check(decisions):
                return Paid(decisions, float(model.cost @ x) + constant, margin)
    f, model, x = _solve(reduced, complete, goal, bounds, elastic=elastic, in_fen=True)
    found = None if x is None else search_in_fen(f, model, x, settle, complete, time_limit=time_limit)
    if found is None:
        return None
    decisions = with_past(problem, found[0])
    if check is not None and not check(decisions):
        return None
    return Paid(decisions, float(model.cost @ found[1]) + constant, 0)


def with_past(problem: Problem, decisions: Decisions) -> Decisions:
    """Repeat the past to the letter."""
    now = problem.calendar.now
    if now <= 0:
        return decisions
    tables = {}
    for name, column in Decisions.MONTH_COLUMN.items():
        past, new = getattr(problem.past, name), getattr(decisions, name)
        tables[name] = np.concatenate([past[past[:, column] < now], new[new[:, column] >= now]])
    return Decisions(**tables)


def _money_bounds(
    problem: Problem, whole: WholeChoices, tier_bounds: tuple[TierBound, ...]
) -> tuple[TierBound, ...] | None:
    """Bounds on the money's part of fiscal-cost tiers; None if the households' part alone breaks a tier."""
    left = []
    for tier, most in tier_bounds:
        rest = most - whole_goal(problem, whole, tier)
        if tier.goal == "fiscal_cost":
            left.append((tier, rest))
        elif rest < -1e-9 * max(1.0, abs(most)):
            return None
    return tuple(left)


def _solve(
    problem: Problem,
    complete: IntTable,
    goal: str | Tier,
    bounds: tuple[TierBound, ...],
    *,
    elastic: bool,
    in_fen: bool = False,
) -> tuple[Formulation, LinearModel, FloatArray | None]:
    """Formulate the money problem with its phases as decided; its relaxation's answer, None if there is none."""
    tier = goal if isinstance(goal, Tier) else None
    name = None if isinstance(goal, Tier) else goal
    f, model = formulate(
        problem, objective=name, goal=tier, tier_bounds=bounds, relaxed=True, elastic=elastic, in_fen=in_fen
    )
    months = problem.calendar.months
    state = np.zeros((len(problem.phases), months))
    for phase, month in complete:
        state[phase, month:] = 1.0
    model.lower[f["complete"].index] = model.upper[f["complete"].index] = state.ravel()
    engine = Engine(model)
    engine.set("primal_feasibility_tolerance", 1e-9)
    engine.set("solver", "simplex")
    raw = engine.run()
    if raw.x is None or raw.status != "optimal":
        return f, model, None
    x = raw.x
    second = goals.fiscal(f)
    if name != "fiscal_cost" and np.abs(second - model.cost).max(initial=0.0) > 0:
        x = _cheapest_among_equals(engine, model.cost, second, x)
    return f, model, x


def _cheapest_among_equals(engine: Engine, cost: FloatArray, second: FloatArray, x: FloatArray) -> FloatArray:
    """Among answers with the same goal, the lower fiscal cost: columns that the goal pays for stay as they are."""
    goal = np.flatnonzero(cost)
    if goal.size:
        engine.bound_columns(goal, engine.model.lower[goal], np.maximum(x[goal], engine.model.lower[goal]))
    engine.change_costs(second)
    raw = engine.run()
    return raw.x if raw.status == "optimal" and raw.x is not None else x
