"""Payments in whole fen for whole decisions about households and phases.

The money problem that is left over is solved as a linear programme, its answer rounded month by month against exact
balances, arrears and debts. Where rounding leaves no room, whole fen are searched for (`whole_fen`), or it is solved
again with a small margin in every limit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from renewopt import stopping
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model import goals
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.decoding import schedule
from renewopt.optimiser.model.formulation import TierBound, formulate
from renewopt.optimiser.model.linear import FloatArray, LinearModel
from renewopt.optimiser.model.margins import roundings, tightened
from renewopt.optimiser.payments.rounding import round_payments
from renewopt.optimiser.payments.settled import WholeChoices, assess, money_problem, whole_goal
from renewopt.optimiser.payments.whole_fen import LARGEST, search_in_fen
from renewopt.problem import Decisions, Problem, Tier
from renewopt.problem.decisions import IntTable
from renewopt.vocabulary import Goal

Check = Callable[[Decisions], bool]
TOLERANCES = (1e-9, 1e-8, 1e-7)
"""Of the relaxation, in 万元: sums of a very large city have no room for nine decimals; 1e-7 is a tenth of a fen."""
MARGINS_FEN = (0, 20, 500, 5_000)
"""Margins tried, one after the other, in fen on every balance and limit."""
QUICK = 2_000
"""Columns up to which whole fen are searched for before a margin, which costs some yuan, is taken."""


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
    time_limit: float = math.inf,
    patience: float = math.inf,
    in_fen_up_to: int = LARGEST,
) -> Paid | None:
    """Find payments for whole decisions; None if there is no way to pay for them.

    A wish to stop is not heard: without payments there would be no plan of what the search has found.

    Parameters
    ----------
    settle, complete
        As in `Decisions`.
    goal
        Objective's name, or a tier: what the payments minimise (then, at the same value, the fiscal cost).
    check
        Says whether decisions are acceptable (the ledger's audit).
    time_limit
        Seconds for a search of whole fen, at the most; its work is limited in any case.
    patience
        Seconds for the relaxations of all margins together, where a plan that can be paid for is at hand.
    in_fen_up_to
        Columns up to which whole fen are searched for where rounding finds no way: in a large model that takes minutes,
        which a little better plan is not worth.
    """
    whole = assess(problem, settle)
    reduced = money_problem(problem, whole)
    bounds = _money_bounds(problem, whole, tier_bounds)
    if bounds is None:
        return None
    # No claim is left: what a tier counts of them is in its constant.
    of_money = replace(goal, claims=goal.claims[:0]) if isinstance(goal, Tier) else goal
    constant = whole_goal(problem, whole, goal)
    asked = _Asked(problem, reduced, settle, complete, of_money, bounds, constant, check, elastic, patience)
    with stopping.held():
        return _found(asked, problem, time_limit, in_fen_up_to)


def _found(asked: _Asked, problem: Problem, time_limit: float, in_fen_up_to: int) -> Paid | None:
    paid, solved, columns = asked.rounded(MARGINS_FEN[0])
    if paid is not None or not (solved or roundings(problem)):
        return paid
    if columns <= QUICK:
        paid = asked.in_fen(time_limit)
    for margin in MARGINS_FEN[1:]:
        if paid is not None or not solved:
            break
        paid, solved, _ = asked.rounded(margin)
    return asked.in_fen(time_limit) if paid is None and QUICK < columns <= in_fen_up_to else paid


@dataclass(eq=False)
class _Asked:
    """Payments asked for: the problem, what is left of it for whole decisions, and what counts as an answer.

    `left`: seconds that are left for relaxations.
    """

    problem: Problem
    reduced: Problem
    settle: IntTable
    complete: IntTable
    goal: str | Tier
    bounds: tuple[TierBound, ...]
    constant: float
    check: Check | None
    elastic: bool
    left: float

    def rounded(self, margin: int) -> tuple[Paid | None, bool, int]:
        """Payments by rounding, if that passes; whether there are any before rounding; the model's columns."""
        f, model, x = self._solve(tightened(self.reduced, margin))
        if x is None:
            return None, False, model.cost.size
        decisions = round_payments(self.reduced, f, x, self.settle, self.complete)
        return self._accepted(decisions, float(model.cost @ x), margin), True, model.cost.size

    def in_fen(self, time_limit: float) -> Paid | None:
        """Payments in whole fen by a search, if it finds any."""
        f, model, x = self._solve(self.reduced, in_fen=True)
        if x is None:
            return None
        found = search_in_fen(f, model, x, self.settle, self.complete, time_limit=time_limit)
        return None if found is None else self._accepted(found[0], float(model.cost @ found[1]), 0)

    def _accepted(self, decisions: Decisions | None, value: float, margin: int) -> Paid | None:
        if decisions is None:
            return None
        decisions = with_past(self.problem, decisions)
        if self.check is not None and not self.check(decisions):
            return None
        return Paid(decisions, value + self.constant, margin)

    def _solve(self, problem: Problem, *, in_fen: bool = False) -> tuple[Formulation, LinearModel, FloatArray | None]:
        """Formulate a money problem with its phases as decided; its relaxation's answer, None if there is none."""
        f, model = formulate(
            problem,
            goal=self.goal,
            tier_bounds=self.bounds,
            relaxed=True,
            elastic=self.elastic,
            in_fen=in_fen,
        )
        model.lower[f["complete"].index] = model.upper[f["complete"].index] = schedule(problem, self.complete).ravel()
        engine = Engine(model)
        engine.set("solver", "simplex")
        for tolerance in TOLERANCES:
            engine.set("primal_feasibility_tolerance", tolerance)
            raw = self._relaxed(engine)
            if raw.status == "infeasible" or (raw.x is not None and raw.status != "unknown"):
                break
            if raw.status == "unknown":
                # Where the simplex method fails, another method may answer at once.
                engine.set("solver", "ipm")
        if raw.x is None or raw.status != "optimal":
            return f, model, None
        second = goals.fiscal(f)
        if self.goal != Goal.FISCAL and np.abs(second - model.cost).max(initial=0.0) > 0:
            return f, model, self._cheapest_among_equals(engine, model.cost, second, raw.x)
        return f, model, raw.x

    def _relaxed(self, engine: Engine) -> Raw:
        """Run in the time that is left for it."""
        since = time.perf_counter()
        raw = engine.run(time_limit=self.left)
        self.left -= time.perf_counter() - since
        return raw

    def _cheapest_among_equals(self, engine: Engine, cost: FloatArray, second: FloatArray, x: FloatArray) -> FloatArray:
        """Among answers with the same goal, the lower fiscal cost: columns that the goal pays for stay as they are."""
        goal = np.flatnonzero(cost)
        if goal.size:
            engine.bound_columns(goal, engine.model.lower[goal], np.maximum(x[goal], engine.model.lower[goal]))
        engine.change_costs(second)
        raw = self._relaxed(engine)
        return raw.x if raw.status == "optimal" and raw.x is not None else x


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
        if tier.goal in (Goal.FISCAL, Goal.SHORTFALL):
            left.append((tier, rest))
        elif rest < -1e-9 * max(1.0, abs(most)):
            return None
    return tuple(left)
