"""A search through PuLP: one goal at a time, reached by a solver that PuLP knows, paid for in whole fen."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from renewopt.optimiser.exact import TIGHTER_FEN, Found, Search
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.model import goals
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.decoding import encode, whole_complete, whole_settle
from renewopt.optimiser.model.formulation import TierBound, formulate
from renewopt.optimiser.model.linear import FloatArray, LinearModel
from renewopt.optimiser.model.margins import loosened, roundings, tightened
from renewopt.optimiser.payments.paying import MARGINS_FEN, Check, Paid, pay_for, with_past
from renewopt.optimiser.payments.rounding import round_payments
from renewopt.optimiser.payments.settled import assess, money_problem, whole_goal
from renewopt.optimiser.prices import relaxation_prices
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.pulp.additions import FEN, Additions, extend, missed
from renewopt.optimiser.pulp.running import run, solver_name
from renewopt.optimiser.pulp.states import complete_states
from renewopt.problem import Decisions, Problem, Tier
from renewopt.problem.decisions import IntTable
from renewopt.vocabulary import IN_MONTHS
from renewopt.wording import Names, words

logger = logging.getLogger(__name__)
PREFIX = "pulp:"


class OwnConstraintError(SolverError):
    """Whole households and payments in whole fen cannot keep a constraint that the user added."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            words(
                "no payments in whole fen were found that keep {names}; state it a little wider "
                "(an equality between sums of money as two inequalities some yuan apart)",
                names=Names(self.names),
            )
        )


def search_with_pulp(solver: str) -> Search:
    """Search through PuLP, for ``solver="pulp:NAME"``: a function like `renewopt.optimiser.exact.search`.

    Raises
    ------
    ValueError
        If PuLP has no such solver here.
    """
    if not solver.startswith(PREFIX):
        raise ValueError(
            words("solver {solver!r}: expected highs, or pulp:NAME for a solver that PuLP knows", solver=solver)
        )
    return searching(solver_name(solver.removeprefix(PREFIX)), None)


def searching(solver: Any, own: Additions | None) -> Search:
    """Search by this solver of PuLP, keeping what the user added to the model."""
    logger.warning("solving through PuLP: slower than renewopt's own way to HiGHS")

    def search(
        problem: Problem,
        *,
        goal: str | Tier,
        tier_bounds: tuple[TierBound, ...],
        gap: float,
        clock: Clock,
        check: Check | None,
        start: Paid | None = None,  # noqa: ARG001 - PuLP hands no plan to most solvers
    ) -> Found:
        return _Search(problem, own, solver, goal, tier_bounds, check).find(gap, clock)

    return search


def all_roundings(problem: Problem) -> int:
    """Fen that the ledger's rounding can add up to by the time the books close."""
    return roundings(problem) * problem.calendar.books


@dataclass(eq=False)
class _Search:
    """One goal, reached by a solver of PuLP."""

    problem: Problem
    own: Additions | None
    solver: Any
    goal: str | Tier
    tier_bounds: tuple[TierBound, ...]
    check: Check | None
    missed: tuple[str, ...] = ()

    def _formulate(self, problem: Problem, *, margin: float = 0.0) -> tuple[Formulation, LinearModel]:
        """Build the model of the goal, with what the user added."""
        f, model = formulate(problem, goal=self.goal, tier_bounds=self.tier_bounds)
        if self.own is not None:
            model = extend(model, self.own, objective=isinstance(self.goal, str), margin=margin)
        return f, model

    @property
    def _other_objective(self) -> bool:
        return self.own is not None and self.own.cost is not None and not isinstance(self.goal, Tier)

    def find(self, gap: float, clock: Clock) -> Found:
        since = time.perf_counter()
        bound = -math.inf
        prices = None
        for margin in TIGHTER_FEN:
            f, model = self._formulate(loosened(self.problem) if margin is None else tightened(self.problem, margin))
            since = clock.spend("build", since)
            raw = run(model, self.solver, gap=gap, time_limit=clock.left)
            since = clock.spend("solve", since)
            if raw.status == "infeasible":
                if not margin:
                    return Found("infeasible", None, bound)
                continue
            if margin is None and not self._other_objective:
                bound = raw.bound
            if margin is None and isinstance(self.goal, str) and raw.status != "interrupted":
                prices = relaxation_prices(f, model, time_limit=clock.left)
                since = clock.spend("prices", since)
            if raw.x is None:
                return Found(raw.status, None, bound, prices)
            clock.report("search", None, bound if math.isfinite(bound) else None)
            paid = self._pay(f, raw.x, max(clock.left_after, 1.0))
            since = clock.spend("decode", since)
            if paid is not None:
                clock.report("search", paid.value)
                return Found(raw.status, paid, bound, prices)
        if self.missed:
            raise OwnConstraintError(self.missed)
        return Found("time_limit", None, bound, prices)

    def _pay(self, f: Formulation, x: FloatArray, time_limit: float) -> Paid | None:
        """Payments in whole fen for the whole choices in x, keeping what the user added."""
        settle, complete = whole_settle(f, x), whole_complete(f, x)
        if self.own is None or not self.own.anything:
            return pay_for(
                self.problem, settle, complete, goal=self.goal, tier_bounds=self.tier_bounds, check=self.check,
                time_limit=time_limit,
            )  # fmt: skip
        if not self._other_objective:
            paid = pay_for(
                self.problem, settle, complete, goal=self.goal, tier_bounds=self.tier_bounds, check=self._acceptable
            )
            if paid is not None:
                return paid
        for margin in MARGINS_FEN:
            paid = self._pay_as_wished(settle, complete, margin)
            if paid is not None:
                return paid
        return None

    def _acceptable(self, decisions: Decisions) -> bool:
        assert self.own is not None
        f, model = formulate(self.problem)
        x = complete_states(f, model, decisions)
        self.missed = tuple(missed(model, self.own, x, roundings=all_roundings(self.problem))[0])
        return not self.missed and (self.check is None or self.check(decisions))

    def _pay_as_wished(self, settle: IntTable, complete: IntTable, margin: int) -> Paid | None:
        """Payments by the model with the user's constraints in it, the whole choices fixed."""
        f, model = self._formulate(tightened(self.problem, margin), margin=margin * FEN)
        value = encode(f, Decisions(settle=settle, complete=complete))
        fixed = np.concatenate([f["settle"].index, f["complete"].index])
        lower, upper = model.lower.copy(), model.upper.copy()
        lower[fixed] = upper[fixed] = value[fixed]
        engine = Engine(replace(model, lower=lower, upper=upper))
        engine.set("primal_feasibility_tolerance", 1e-9)
        raw = engine.run(time_limit=60.0)
        if raw.x is None:
            return None
        reduced = money_problem(self.problem, assess(self.problem, settle))
        decisions = round_payments(reduced, f, raw.x, settle, complete)
        if decisions is None:
            return None
        decisions = with_past(self.problem, decisions)
        if not self._acceptable(decisions):
            return None
        if isinstance(self.goal, Tier) and self.goal.goal in IN_MONTHS:
            return Paid(decisions, whole_goal(self.problem, assess(self.problem, settle), self.goal), margin)
        f, stated = formulate(self.problem)
        x = complete_states(f, stated, decisions)
        return Paid(decisions, goals.value(stated, goals.cost(f, self.goal), x), margin)
