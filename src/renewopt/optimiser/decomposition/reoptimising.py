"""Parts of the schedules by the dual simplex method, each from the optimal basis of a larger part.

A part differs from a larger one by bounds on one phase: a few hundred steps of the dual simplex method away, where the
interior point begins from nothing; and a part that is dearer than the best plan need not be solved to its end.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.decomposition.relaxation import Relaxation, slack_costs, slack_matters
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds
from renewopt.optimiser.decomposition.restricting import restrict
from renewopt.optimiser.decomposition.stopping import stop_if_over
from renewopt.optimiser.highs import TOO_DEAR, Basis, Engine, Raw, SolverError, run_together
from renewopt.optimiser.model.linear import BoolArray, FloatArray
from renewopt.optimiser.progress import Clock
from renewopt.vocabulary import STOPPED

AT_ONCE = 2
"""Parts that are solved side by side."""
DEVEX = 1
"""HiGHS's number for devex pricing: steepest edge begins with a solve for each row of the basis it is given."""


@dataclass(frozen=True, eq=False)
class Reoptimised:
    """What few choices say of a part.

    Attributes
    ----------
    value
        Over the open choices, in 万元; where the part is dearer than was asked for, what was asked for; ∞ where it
        needs slack.
    state
        (E, T) of complete[e, t] within the part's bounds.
    basis
        To begin with in parts of this one.
    """

    value: float
    state: FloatArray
    basis: Basis | None


class Reoptimiser:
    """Solves a relaxation over few choices for parts of the schedules, one from the other.

    Attributes
    ----------
    opened
        (offers of classes, T) choices that are open.
    """

    def __init__(self, relaxation: Relaxation, opened: BoolArray, clock: Clock) -> None:
        self._relaxation, self._clock, self.opened = relaxation, clock, opened
        self._root: Reoptimised | None = None
        choices = relaxation.f.choices
        self._restricted = restrict(relaxation.f, relaxation.model, opened[choices.offer, choices.month])
        self._phases = self._restricted.columns_of(relaxation.model.columns["complete"])
        self._slack = slack_costs(relaxation.f, relaxation.model)
        self._engines = [Engine(self._restricted.model, integer=False) for _ in range(AT_ONCE)]
        for engine in self._engines:
            engine.set("solver", "simplex")

    @property
    def root(self) -> Reoptimised:
        """All schedules."""
        if self._root is None:
            (self._root,) = self.solve([self._relaxation.phase_bounds()])
        return self._root

    def solve(
        self, parts: Sequence[PhaseBounds], start: Reoptimised | None = None, enough: float = math.inf
    ) -> list[Reoptimised]:
        """Solve parts, of which there are `AT_ONCE` at the most.

        Parameters
        ----------
        start
            A part that holds them all; None: from nothing.
        enough
            In 万元: a part that costs more is not solved to its end.

        Raises
        ------
        StoppedError
            If time is up or Ctrl-C was pressed.
        """
        since = time.perf_counter()
        engines = self._engines[: len(parts)]
        for engine, (low, high) in zip(engines, parts, strict=True):
            engine.bound_columns(self._phases, low.ravel(), high.ravel())
            engine.set("objective_bound", enough)
            if start is None or start.basis is None:
                engine.forget()
            else:
                engine.set("simplex_dual_edge_weight_strategy", DEVEX)
                engine.begin_at(start.basis)
        try:
            raws = run_together(engines, self._clock.left)
        except SolverError:
            raws = [Raw("unknown", None, math.inf, -math.inf) for _ in engines]
        self._clock.spend("relaxation", since)
        stop_if_over(next((raw.status for raw in raws if raw.status in STOPPED), ""))
        found = zip(engines, raws, parts, strict=True)
        return [self._read(engine, raw, part, start, enough) for engine, raw, part in found]

    def _read(
        self, engine: Engine, raw: Raw, part: PhaseBounds, start: Reoptimised | None, enough: float
    ) -> Reoptimised:
        state, least = (part[0], -math.inf) if start is None else (np.clip(start.state, *part), start.value)
        if raw.status == "infeasible":
            return Reoptimised(math.inf, state, None)
        if raw.status == TOO_DEAR:
            return Reoptimised(max(enough, least), state, None)
        if raw.x is None or raw.row_dual is None:
            # What the solver gives up is as cheap as it can be.
            return Reoptimised(least, state, None if start is None else start.basis)
        x = self._restricted.expand(raw.x)
        value = math.inf if slack_matters(float(self._slack @ x), raw.objective) else raw.objective
        return Reoptimised(value, np.clip(self._relaxation.state(x), *part), engine.basis)
