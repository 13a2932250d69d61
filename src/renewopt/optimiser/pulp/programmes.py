"""Open starts in PuLP: the model with a copy of each claim for each start month, for rules of one's own on starts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import Block, FloatArray, IntArray, LinearModel
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.pulp.additions import Additions, extend, read_additions
from renewopt.optimiser.pulp.interface import Variables
from renewopt.optimiser.pulp.running import build, run, solver_name
from renewopt.optimiser.pulp.search import PREFIX
from renewopt.optimiser.starts.asking import OpenModel
from renewopt.optimiser.starts.widening import leave_open, without_land
from renewopt.problem import compile_problem
from renewopt.scenario.models import Scenario
from renewopt.scheduling import Programme, dated
from renewopt.units import YUAN_PER_WAN
from renewopt.wording import Names, words

__all__ = ["PulpProgramme", "open_in_pulp"]

OURS = ("start", "begun")
"""Columns that rules of one's own may be about."""


@dataclass(eq=False)
class PulpProgramme:
    """A programme whose starts are open, as a PuLP model.

    Attributes
    ----------
    problem
        `pulp.LpProblem`: minimise the objective, delay costs and land revenue included, in 万元. Constraints may be
        added that are about `start` and `begun`, and variables of one's own.
    start, begun
        (project or work, month) → 1 if it starts in that month; 1 once it has begun.
    columns
        All variables by their names in the model.
    formulation, model
        The arrays that it was made from.
    """

    problem: Any
    start: Variables
    begun: Variables
    columns: dict[str, Any]
    formulation: Formulation
    model: LinearModel

    def proposals(
        self, solver: Any = "highs", *, gap: float = 1e-3, time_limit: float = 600.0
    ) -> Iterator[tuple[float, IntArray | None]]:
        """Yield what is proven in yuan of all schedules not yielded before, and (A,) starts of the best of them.

        The last one has none: nothing is left, the time was up, or the solver was interrupted.

        Raises
        ------
        ValueError
            If a constraint is about something else than starts, or the objective or a rule was altered.
        SolverError
            If the solver fails.
        """
        chosen = solver_name(solver.removeprefix(PREFIX)) if isinstance(solver, str) else solver
        own = read_additions(self.problem, self.model, self.columns)
        self._refuse_others(own)
        model = extend(self.model, own)
        asked = _Starts(self.formulation, model)
        while True:
            raw = run(asked.model, chosen, gap=gap, time_limit=time_limit)
            if raw.status == "infeasible":
                yield math.inf, None
                return
            if raw.x is None:
                yield raw.bound * YUAN_PER_WAN, None
                return
            starts = asked.starts(raw.x)
            yield raw.bound * YUAN_PER_WAN, starts
            asked.rule_out(starts)

    def _refuse_others(self, own: Additions) -> None:
        """Constraints on homes or money would be lost when the plan for the starts is made."""
        if own.cost is not None:
            raise ValueError(
                words("the objective was changed: of a programme, constraints on starts can be added alone")
            )
        free = np.zeros(self.model.cost.size + len(own.columns), dtype=np.bool_)
        free[self.model.cost.size :] = True
        for name in OURS:
            free[self.formulation[name].index] = True
        row = np.repeat(np.arange(len(own.rows)), np.diff(own.start))
        bad = sorted({own.rows[k] for k in row[~free[own.index]].tolist()})
        bounded = np.isfinite(own.tighter_lower) | np.isfinite(own.tighter_upper)
        bad += [self.model.column_names()[k] for k in np.flatnonzero(bounded & ~free[: bounded.size]).tolist()]
        if bad:
            raise ValueError(
                words("{names}: of a programme, constraints can be about `start` and `begun` alone", names=Names(bad))
            )


class _Starts(OpenModel):
    """The model with what was added and ruled out, to be solved by PuLP."""

    def __init__(self, f: Formulation, model: LinearModel) -> None:
        assert f.starts is not None
        self.f, self.model, self.options = f, model, f.starts
        self.engine = self  # type: ignore[assignment]

    def add_row(self, columns: IntArray, values: FloatArray, lower: float, upper: float) -> None:
        """Append one row."""
        model, number = self.model, self.model.row_lower.size
        block = Block(f"ruled_out_{number}", number, 1, (np.zeros(1, dtype=np.int64),), "k")
        order = np.argsort(columns)
        self.model = replace(
            model,
            row_lower=np.append(model.row_lower, lower),
            row_upper=np.append(model.row_upper, upper),
            start=np.append(model.start, model.start[-1] + columns.size),
            index=np.concatenate([model.index, columns[order]]),
            value=np.concatenate([model.value, values[order]]),
            rows={**model.rows, block.name: block},
        )


def open_in_pulp(scenario: Scenario, programme: Programme) -> PulpProgramme:
    """Make the PuLP model of a programme."""
    plain = without_land(scenario)
    opened = leave_open(programme, lambda starts: compile_problem(dated(plain, programme.named(starts))))
    f, model = formulate(loosened(opened.problem), starts=opened.options)
    lp, columns = build(model)
    variables = list(columns.values())
    options, label = opened.options, opened.problem.calendar.label
    keys = [
        (str(options.id[activity]), label(month))
        for activity, month in zip(options.activity.tolist(), options.month.tolist(), strict=True)
    ]

    def of(name: str) -> Variables:
        return dict(zip(keys, variables[f[name].start : f[name].start + f[name].size], strict=True))

    return PulpProgramme(lp, of("start"), of("begun"), columns, f, model)
