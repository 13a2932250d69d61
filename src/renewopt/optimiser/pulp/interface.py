"""The interface to PuLP: the named model without aggregation, for a planner's own constraints and for other solvers.

The model is made from the arrays that HiGHS receives: one formulation, not two. A user adds constraints to
`PulpModel.problem`, and the answer is decoded like ours: whole households and phases, payments in whole fen. All of it
is slower than the arrays, by far where the model is large.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import LinearModel
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.model.writing import write_lp, write_mps
from renewopt.optimiser.payments.paying import Check
from renewopt.optimiser.progress import Clock, ProgressCallback
from renewopt.optimiser.pulp.additions import Additions, extend, missed, read_additions
from renewopt.optimiser.pulp.running import build, solver_name
from renewopt.optimiser.pulp.search import PREFIX, all_roundings, searching
from renewopt.optimiser.pulp.states import complete_states
from renewopt.optimiser.solving import Solution, decide
from renewopt.problem import Decisions, Problem, Route

logger = logging.getLogger(__name__)

Variable: TypeAlias = Any
"""A `pulp.LpVariable`; PuLP has no types of its own."""
Variables: TypeAlias = dict[tuple[str, ...], Variable]


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
        search = searching(chosen, own)
        clock = Clock(time_limit, progress)
        solution = decide(self.stated, search, name=self.objective, gap=gap, clock=clock, check=check)
        self._show(own, solution.decisions)
        return solution

    def _own(self) -> Additions:
        return read_additions(self.problem, self.model, self.columns)

    def _show(self, own: Additions, decisions: Decisions | None) -> None:
        """Put the answer's values on the variables, or none."""
        values: list[float | None] = [None] * (len(self.columns) + len(own.columns))
        if decisions is not None:
            f, model = formulate(self.stated, goal=self.objective)
            x = complete_states(f, model, decisions)
            values = list(missed(model, own, x, roundings=all_roundings(self.stated))[1].tolist())
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
