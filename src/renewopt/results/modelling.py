"""The planner's own constraints: a scenario as a PuLP model, and the plan that comes out of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from renewopt.ledger import audit_decisions
from renewopt.optimiser.pulp import interface
from renewopt.optimiser.pulp.search import PREFIX
from renewopt.results.planned import Plan
from renewopt.results.planning import plan_decided, prepare
from renewopt.scenario import Scenario
from renewopt.vocabulary import EXACT

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress

__all__ = ["ScenarioModel", "to_pulp"]


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


def to_pulp(
    scenario: Scenario | str | os.PathLike[str],
    *,
    variant: str | None = None,
    objective: str | None = None,
    allow_outside: bool = False,
) -> ScenarioModel:
    """Make the named, unmerged linear model of a scenario in PuLP, for constraints in the planner's own words.

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
    stated, problem = prepare(scenario, variant, objective, allow_outside)
    model = interface.to_pulp(problem)
    parts = {f.name: getattr(model, f.name) for f in fields(model)}
    return ScenarioModel(**parts, scenario=stated)
