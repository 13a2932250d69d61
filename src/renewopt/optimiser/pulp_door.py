"""The door to PuLP: the named, unmerged model, for constraints in the planner's own words and for other solvers.

The model is made from the arrays that HiGHS receives: one formulation, not two. A user adds constraints to
`PulpModel.problem`, and the answer is decoded like ours: whole households and phases, payments in whole fen. All of it
is slower than the arrays, by far where the model is large.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from renewopt.optimiser import goals
from renewopt.optimiser.decoding import encode, whole_complete, whole_settle
from renewopt.optimiser.exact import TIGHTER_FEN, Found
from renewopt.optimiser.formulation import TierBound, formulate
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.margins import loosened, roundings, tightened
from renewopt.optimiser.model import FloatArray, LinearModel
from renewopt.optimiser.payments import MARGINS_FEN, Check, Paid, pay_for, with_past
from renewopt.optimiser.prices import relaxation_prices
from renewopt.optimiser.progress import Clock, ProgressCallback
from renewopt.optimiser.pulp_own import FEN, Own, extend, missed, nothing_added, read_own
from renewopt.optimiser.pulp_running import build, run, solver_name
from renewopt.optimiser.rounding import round_payments
from renewopt.optimiser.solving import Search, Solution, decide
from renewopt.optimiser.states import complete_states
from renewopt.optimiser.variables import Formulation
from renewopt.optimiser.whole import assess, money_problem
from renewopt.optimiser.writing import write_lp, write_mps
from renewopt.problem import Decisions, Problem, Route, Tier
from renewopt.problem.decisions import IntTable
from renewopt.wording import Names, words

logger = logging.getLogger(__name__)

Variable: TypeAlias = Any
"""A `pulp.LpVariable`; PuLP has no types of its own."""
Variables: TypeAlias = dict[tuple[str, ...], Variable]
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


@dataclass(eq=False)
class PulpModel:
    """A problem as a PuLP model, to be added to and solved.

    The limits of money stand a few fen wider than the scenario states them, one for each amount that the ledger
    rounds: so what is proven for the model holds for the ledger's world. The answer keeps the limits as stated.
    Money is in 万元; months are ``YYYY-MM``. The part of a split household is called ``id/part``; where two variables
    would have the same key, the second one's last id but the month reads ``… (2)``.

    Attributes
    ----------
    problem
        `pulp.LpProblem`: minimise the objective, in 万元. Add constraints and variables to it at will, with ASCII
        names; the rules that stand in it stay as they are.
    settle
        (household, label of the offer, month) → households that take the offer in that month (of an indivisible
        cohort: 1 if it does).
    waiting
        (household, month) → households that have made no choice up to the close of that month.
    complete, build
        (phase, month) → 1 once it is handed over; 万元 spent on it in that month.
    pay
        (fund, need, month) → 万元 paid; needs are called as in the problem (``fees/P1``).
    balance
        (fund, month) → 万元 at the close of the month.
    columns
        All variables by their names in the model (``settle_o3_t5``).
    stated, objective
        The problem, and the name of the objective.
    formulation, model
        The arrays that it was made from.
    """

    stated: Problem
    objective: str
    formulation: Formulation
    model: LinearModel
    problem: Any
    columns: dict[str, Variable]
    settle: Variables
    waiting: Variables
    complete: Variables
    build: Variables
    pay: Variables
    balance: Variables

    def offers(
        self,
        *,
        household: str | None = None,
        label: str | None = None,
        route: str | None = None,
        month: str | None = None,
    ) -> list[Variable]:
        """Find settling variables: those of a household, of offers so labelled, of a route, of a month."""
        f = self.formulation
        problem, choices = f.problem, f.choices
        keep = np.ones(len(choices), dtype=np.bool_)
        if household is not None:
            keep &= problem.claims.household[choices.claim] == household
        if label is not None:
            keep &= problem.offers.label[choices.offer] == label
        if route is not None:
            keep &= problem.offers.route[choices.offer] == Route[route]
        if month is not None:
            labels = np.array([problem.calendar.label(t) for t in range(problem.calendar.months)], dtype=object)
            keep &= labels[choices.month] == month
        names = f["settle"].names()
        return [self.columns[names[i]] for i in np.flatnonzero(keep)]

    def write_lp(self, path: str | Path) -> None:
        """Write the model, with what was added to it, as an LP file."""
        write_lp(extend(self.model, self._own()), path)

    def write_mps(self, path: str | Path) -> None:
        """Write the model, with what was added to it, as a free MPS file."""
        write_mps(extend(self.model, self._own()), path)

    def solve(
        self,
        solver: Any = "highs",
        *,
        gap: float = 1e-3,
        time_limit: float = 600.0,
        progress: ProgressCallback | None = None,
        check: Check | None = None,
    ) -> Solution:
        """Solve the model with what was added to it; then its variables hold the answer, in whole fen.

        Parameters
        ----------
        solver
            ``highs``, ``cbc``, another solver by its name in PuLP, or a solver object of PuLP (whose own settings
            then hold instead of `gap` and `time_limit`).
        gap, time_limit, progress
            As of `renewopt.plan`.
        check
            Says whether decisions are acceptable: the ledger's audit.

        Returns
        -------
        Solution
            Its bound is None where the solver proves none, or where another objective was set.

        Raises
        ------
        ValueError
            If PuLP has no such solver here, or a rule of the model was altered.
        OwnConstraintError
            If no payments in whole fen keep a constraint that was added.
        SolverError
            If the solver fails, or its answer does not keep the model.
        """
        chosen = solver_name(solver.removeprefix(PREFIX)) if isinstance(solver, str) else solver
        own = self._own()
        search = _searching(chosen, own)
        clock = Clock(time_limit, progress)
        solution = decide(self.stated, search, name=self.objective, gap=gap, clock=clock, check=check)
        self._show(own, solution.decisions)
        return solution

    def _own(self) -> Own:
        return read_own(self.problem, self.model, self.columns)

    def _show(self, own: Own, decisions: Decisions | None) -> None:
        """Put the answer's values on the variables, or none."""
        values: list[float | None] = [None] * (len(self.columns) + len(own.columns))
        if decisions is not None:
            f, model = formulate(self.stated, goal=self.objective)
            x = complete_states(f, model, decisions)
            values = list(missed(model, own, x, roundings=_roundings(self.stated))[1].tolist())
        added = {v.name: v for v in self.problem.variables() if v.name not in self.columns}
        shown = [*self.columns.values(), *(added[name] for name in own.columns)]
        for variable, value in zip(shown, values, strict=True):
            variable.varValue = value


def to_pulp(problem: Problem, *, objective: str | None = None) -> PulpModel:
    """Make the PuLP model of a problem.

    Parameters
    ----------
    objective
        ``transition_fees`` or ``fiscal_cost``; default: the problem's own. Tiers are not in the model: they are
        reached one after another when it is solved.
    """
    name = objective or problem.objective.name
    f, model = formulate(loosened(problem), goal=name)
    logger.warning(
        "PuLP holds %s variables as single objects: slower than renewopt's own solving", f"{model.cost.size:,}"
    )
    lp, columns = build(model)
    variables = list(columns.values())
    claims, label = problem.claims, problem.calendar.label
    who = [str(h) if not part else f"{h}/{part}" for h, part in zip(claims.household, claims.part, strict=True)]
    phases = [str(e) for e in problem.phases.id]
    funds, needs = [str(i) for i in problem.funds.id], [str(i) for i in problem.needs.id]

    def keyed(name: str, *ids: list[str]) -> Variables:
        *keys, month = f[name].keys
        parts = [[of[i] for i in key.tolist()] for of, key in zip(ids, keys, strict=True)]
        rows = zip(*parts, [label(t) for t in month.tolist()], strict=True)
        return _unique(rows, variables[f[name].start : f[name].start + f[name].size])

    choices = f.choices
    settle = zip(
        [who[h] for h in choices.claim.tolist()],
        [str(x) for x in problem.offers.label[choices.offer]],
        [label(t) for t in choices.month.tolist()],
        strict=True,
    )
    return PulpModel(
        problem, name, f, model, lp, columns,
        _unique(settle, variables[f["settle"].start : f["settle"].start + f["settle"].size]),
        keyed("waiting", who), keyed("complete", phases), keyed("build", phases),
        keyed("pay", funds, needs), keyed("balance", funds),
    )  # fmt: skip


def _unique(keys: Iterable[tuple[str, ...]], variables: list[Variable]) -> Variables:
    result: Variables = {}
    for key, variable in zip(keys, variables, strict=True):
        number, shown = 2, key
        while shown in result:
            shown = (*key[:-2], f"{key[-2]} ({number})", key[-1])
            number += 1
        result[shown] = variable
    return result


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
    return _searching(solver_name(solver.removeprefix(PREFIX)), None)


def _searching(solver: Any, own: Own | None) -> Search:
    logger.warning("solving through PuLP: slower than renewopt's own way to HiGHS")

    def search(
        problem: Problem,
        *,
        goal: str | Tier,
        tier_bounds: tuple[TierBound, ...],
        gap: float,
        clock: Clock,
        check: Check | None,
    ) -> Found:
        return _Search(problem, own, solver, goal, tier_bounds, check).find(gap, clock)

    return search


def _roundings(problem: Problem) -> int:
    """How many fen the ledger's rounding can add up to."""
    return roundings(problem) * problem.calendar.books


@dataclass(eq=False)
class _Search:
    """One goal, reached by a solver of PuLP."""

    problem: Problem
    own: Own | None
    solver: Any
    goal: str | Tier
    tier_bounds: tuple[TierBound, ...]
    check: Check | None
    missed: tuple[str, ...] = ()

    def _formulate(self, problem: Problem, *, margin: float = 0.0) -> tuple[Formulation, LinearModel]:
        """Build the model of the goal, with what the user added."""
        f, model = formulate(problem, goal=self.goal, tier_bounds=self.tier_bounds)
        own = self.own or nothing_added(model)
        return f, extend(model, own, objective=isinstance(self.goal, str), margin=margin)

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
            clock.tell("search", None, bound if math.isfinite(bound) else None)
            paid = self._pay(f, raw.x)
            since = clock.spend("decode", since)
            if paid is not None:
                clock.tell("search", paid.value)
                return Found(raw.status, paid, bound, prices)
        if self.missed:
            raise OwnConstraintError(self.missed)
        return Found("time_limit", None, bound, prices)

    def _pay(self, f: Formulation, x: FloatArray) -> Paid | None:
        """Payments in whole fen for the whole choices in x, keeping what the user added."""
        settle, complete = whole_settle(f, x), whole_complete(f, x)
        if self.own is None or not self.own.anything:
            return pay_for(
                self.problem, settle, complete, goal=self.goal, tier_bounds=self.tier_bounds, check=self.check
            )
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
        self.missed = tuple(missed(model, self.own, x, roundings=_roundings(self.problem))[0])
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
        f, stated = formulate(self.problem)
        x = complete_states(f, stated, decisions)
        return Paid(decisions, goals.value(stated, goals.cost(f, self.goal), x), margin)
