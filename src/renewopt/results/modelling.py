"""The planner's own constraints: a scenario as a PuLP model, and the plan that comes out of it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from renewopt.errors import ScenarioError
from renewopt.ledger import audit_decisions
from renewopt.optimiser.pulp import interface
from renewopt.optimiser.pulp.additions import read_additions
from renewopt.optimiser.pulp.programmes import PulpProgramme, open_in_pulp
from renewopt.optimiser.pulp.search import PREFIX
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.results.choosing import with_objective
from renewopt.results.planned import Plan
from renewopt.results.planning import plan_decided, prepare
from renewopt.results.programme import Started, with_starts
from renewopt.results.reopening import check_kinds, stated_scenario
from renewopt.results.starting import none_possible
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme
from renewopt.vocabulary import EXACT

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress
    from renewopt.optimiser.solving import Solution

__all__ = ["ProgrammeModel", "ScenarioModel", "to_pulp"]


@dataclass(eq=False)
class ScenarioModel(interface.PulpModel):
    """A scenario as a PuLP model: add constraints to `problem` in PuLP's own words, then call `plan`.

    Attributes
    ----------
    scenario
        What it was made from.

    Examples
    --------
    >>> model = renewopt.to_pulp("scenarios/minimal.yaml")  # doctest: +SKIP
    >>> model.problem += model.settle["H1", "E1/90", "2024-03"] == 1, "promised"  # doctest: +SKIP
    >>> plan = model.plan(gap=0)  # doctest: +SKIP
    """

    scenario: Scenario

    def plan(
        self,
        solver: Any = "highs",
        *,
        gap: float = 1e-3,
        time_limit: float = 600.0,
        progress: Callable[[Progress], None] | None = None,
    ) -> Plan:
        """Solve the model with what was added to it, audit the answer and report it like any other plan.

        Parameters
        ----------
        solver
            ``highs``, ``cbc``, another solver by its name in PuLP, or a solver object of PuLP.
        gap, time_limit, progress
            As of `renewopt.plan`.

        Returns
        -------
        Plan
            Its bound is None where the solver proves none. That constraints were added stands in its options
            (``own_constraints``); planning the scenario anew does not know them.
        """
        options: dict[str, str | float | None] = {
            "objective": self.objective,
            "gap": gap,
            "time_limit": time_limit,
            "solver": f"pulp:{solver.removeprefix(PREFIX) if isinstance(solver, str) else solver.name}",
            "method": EXACT,
        }
        own = self._own()
        if own.anything:
            options["own_constraints"] = "; ".join(own.rows) or "bounds or objective"

        def check(decisions: Any) -> bool:
            return not audit_decisions(self.stated, decisions)

        return plan_decided(
            self.scenario,
            self.stated,
            options,
            lambda: self.solve(solver, gap=gap, time_limit=time_limit, progress=progress, check=check),
        )


@dataclass(eq=False)
class ProgrammeModel(PulpProgramme):
    """A programme whose starts are open: add constraints on `start` and `begun` to `problem`, then call `plan`.

    Attributes
    ----------
    scenario
        What it was made from.

    Examples
    --------
    >>> model = renewopt.to_pulp("programme.yaml")  # doctest: +SKIP
    >>> model.problem += model.begun["North", "2024-06"] + model.begun["South", "2024-06"] <= 1, "one"  # doctest: +SKIP
    >>> plan = model.plan()  # doctest: +SKIP
    """

    scenario: Scenario

    def plan(self, solver: Any = "highs", *, gap: float = 1e-3, time_limit: float = 600.0) -> Plan:
        """Ask a solver of PuLP for starts, plan for them, and again, until no other schedule can be better.

        Parameters
        ----------
        solver, gap, time_limit
            As of `ScenarioModel.plan`; the time is for each answer and each plan.

        Returns
        -------
        Plan
            With the bound over all schedules that keep what was added, as far as the solver proves one.

        Raises
        ------
        ScenarioError
            If no schedule keeps every rule and every constraint that was added.
        """
        begun, solution = self._searched(solver, gap, time_limit)
        options: dict[str, str | float | None] = {
            "gap": gap,
            "time_limit": time_limit,
            "solver": f"pulp:{solver.removeprefix(PREFIX) if isinstance(solver, str) else solver.name}",
            "method": EXACT,
        }
        own = read_additions(self.problem, self.model, self.columns)
        if own.anything:
            options["own_constraints"] = "; ".join(own.rows) or "bounds"
        problem = compile_problem(begun.written)
        return begun.told(plan_decided(begun.written, problem, options, lambda: solution), problem)

    def _searched(self, solver: Any, gap: float, time_limit: float) -> tuple[Started, Solution]:
        """The best starts, and the plan for them; its bound is that of all, less what these starts add."""
        from renewopt.optimiser import optimise

        programme = compile_programme(self.scenario)
        best: tuple[float, Started, Solution, float] | None = None
        least, proven = math.inf, -math.inf
        for proven, starts in self.proposals(solver, gap=gap / 2, time_limit=time_limit):
            if starts is None or (best is not None and min(proven, least) >= best[0] - gap * max(abs(best[0]), 1.0)):
                break
            begun = with_starts(self.scenario, programme, starts)
            problem = compile_problem(begun.written)
            check = partial(_in_order, problem)
            solution = optimise(problem, gap=gap / 2, time_limit=time_limit, describe=False, check=check)
            added = begun.adds(problem.objective, problem.objective.name)
            if solution.objective is None or solution.decisions is None:
                continue
            least = min(least, -math.inf if solution.bound is None else solution.bound + added)
            if best is None or solution.objective + added < best[0]:
                best = (solution.objective + added, begun, solution, added)
        if best is None:
            raise ScenarioError([none_possible(self.scenario)])
        value, begun, solution, added = best
        bound = min(proven, least, value) if math.isfinite(proven) or proven > 0 else None
        return begun, replace(
            solution,
            bound=None if bound is None else bound - added,
            gap=None if bound is None else (value - bound) / max(abs(value), 1.0),
        )


def _in_order(problem: Problem, decisions: Decisions) -> bool:
    return not audit_decisions(problem, decisions)


def to_pulp(
    scenario: Scenario | str | os.PathLike[str],
    *,
    variant: str | None = None,
    objective: str | None = None,
    allow_outside: bool = False,
) -> ScenarioModel | ProgrammeModel:
    """Make the named, unmerged linear model of a scenario in PuLP, for constraints in the planner's own words.

    Where a programme leaves open what starts when, it is the model with open starts, for constraints on these.

    Slower than `renewopt.plan`, by far for a large district.

    Parameters
    ----------
    scenario
        From `load`, or the path of a scenario file.
    variant
        Name of a variant of the scenario.
    objective
        ``transition_fees`` or ``fiscal_cost``; default: what the scenario says.
    allow_outside
        As of `renewopt.plan`.
    """
    check_kinds(scenario, variant, allow_outside)
    asked = with_objective(stated_scenario(scenario, variant, allow_outside), objective)
    programme = compile_programme(asked)
    if not programme.fixed:
        opened = open_in_pulp(asked, programme)
        return ProgrammeModel(**{f.name: getattr(opened, f.name) for f in fields(opened)}, scenario=asked)
    stated, problem = prepare(asked, None, None)
    model = interface.to_pulp(problem)
    parts = {f.name: getattr(model, f.name) for f in fields(model)}
    return ScenarioModel(**parts, scenario=stated)
