"""The model with open starts for one goal among strict ones, asked for a proof."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import TierBound, formulate
from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.model.objective_steps import lifted
from renewopt.optimiser.starts.aim import Level, StartCost, unit_of
from renewopt.optimiser.starts.asking import INTEGRALITY, OpenModel
from renewopt.optimiser.starts.widening import OpenStarts
from renewopt.problem import Tier
from renewopt.scheduling import Programme, StartGoal


class GoalModel(OpenModel):
    """The model with open starts for one goal; what it is asked is told in the goal's own unit."""

    def __init__(
        self, opened: OpenStarts, programme: Programme, goal: Level, held: Sequence[tuple[Level, float]]
    ) -> None:
        problem, self.options = loosened(opened.problem), opened.options
        bounds: list[TierBound] = [(tier, most) for tier, most in held if isinstance(tier, Tier)]
        plain = problem.objective.name if isinstance(goal, StartGoal) else goal
        self.f, self.model = formulate(problem, goal=plain, tier_bounds=bounds, starts=self.options)
        self.unit = unit_of(goal)
        if isinstance(goal, StartGoal):
            of_starts = StartCost.of(self.options, programme, goal)
            cost = np.zeros(self.model.cost.size)
            cost[self.f["start"].index] = of_starts.each
            self.model = replace(self.model, cost=cost, offset=of_starts.constant)
        self.whole = True
        self.engine = Engine(self.model)
        self.engine.set("mip_rel_gap", 0.0)
        self.engine.set("mip_abs_gap", 2e-5)
        self.engine.set("mip_feasibility_tolerance", INTEGRALITY)
        self.engine.set("primal_feasibility_tolerance", INTEGRALITY)
        # Columns, coefficients and the most that they may come to, for each goal of starts before this one.
        self.held: list[tuple[IntArray, FloatArray, float]] = []
        for tier, most in held:
            if isinstance(tier, StartGoal):
                of_starts = StartCost.of(self.options, programme, tier)
                at = np.flatnonzero(of_starts.each)
                self.held.append((self.f["start"].index[at], of_starts.each[at], most - of_starts.constant))
                self.engine.add_row(*self.held[-1][:2], -math.inf, self.held[-1][2])

    def ask(self, time_limit: float) -> tuple[str, float, IntArray | None]:
        """As of `OpenModel`."""
        raw = self.engine.run(time_limit=time_limit)
        if raw.status == "infeasible":
            return raw.status, math.inf, None
        return raw.status, lifted(raw.bound, self.model) * self.unit, None if raw.x is None else self.starts(raw.x)
