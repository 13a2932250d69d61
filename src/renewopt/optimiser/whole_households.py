"""Whole households for a schedule of whole phases: a restricted relaxation, then a small search over what is split.

Each household keeps the choices that its class uses and the few that are cheapest for it at the prices. The
relaxation over these leaves few households split (as many as there are scarce rows); the whole ones are kept, the
rest is searched in whole numbers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.bound import Responses
from renewopt.optimiser.decoding import whole_complete, whole_settle
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model import FloatArray, LinearModel
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.restricted import Restricted, restrict
from renewopt.optimiser.variables import Formulation
from renewopt.problem import Problem
from renewopt.problem.decisions import IntTable

KEPT = 2
"""Cheapest choices that each household keeps, besides those that its class uses."""
FREED = 12
"""Choices of each split household in the search."""
WHOLE = 1e-6
USED = 1e-3
SEARCH_GAP = 5e-4
SEARCH_SECONDS = 40.0


class WholeHouseholds:
    """Finds whole choices for a schedule of phases."""

    def __init__(self, problem: Problem, f: Formulation, model: LinearModel, responses: Responses) -> None:
        self._problem, self._f, self._model, self._responses = problem, f, model, responses

    def _cheapest(self, cost: FloatArray, most: int) -> NDArray[np.bool_]:
        """(choices,) bool: the `most` cheapest of each claim."""
        claim = self._responses.claim
        order = np.lexsort((cost, claim))
        rank = np.arange(order.size) - np.searchsorted(claim[order], claim[order])
        result = np.zeros(order.size, dtype=np.bool_)
        result[order[rank < most]] = True
        return result

    def find(
        self, complete: FloatArray, cost: FloatArray, used: FloatArray, clock: Clock
    ) -> tuple[IntTable, IntTable] | None:
        """Whole settling and handover, or None if the search finds none.

        Parameters
        ----------
        complete
            (E × T,) state of the phases.
        cost
            (choices,) reduced cost for one household.
        used
            (choices,) how far the household's class uses the choice.
        """
        open_choices = (used > USED) | self._cheapest(cost, KEPT)
        restricted = restrict(self._f, self._model, open_choices)
        x = self._relaxed(restricted, complete, clock)
        if x is None:
            return None
        return self._search(restricted.expand(x), open_choices, complete, cost, clock)

    def _fix_phases(self, engine: Engine, restricted: Restricted, complete: FloatArray) -> None:
        columns = restricted.columns_of(self._model.columns["complete"])
        engine.bound_columns(columns, complete, complete)

    def _relaxed(self, restricted: Restricted, complete: FloatArray, clock: Clock) -> FloatArray | None:
        clock.tell("households of the schedule")
        engine = Engine(restricted.model, integer=False)
        self._fix_phases(engine, restricted, complete)
        engine.set("solver", "ipm")
        return engine.run(time_limit=clock.left).x

    def _search(
        self,
        x: FloatArray,
        open_choices: NDArray[np.bool_],
        complete: FloatArray,
        cost: FloatArray,
        clock: Clock,
    ) -> tuple[IntTable, IntTable] | None:
        clock.tell("whole households")
        settle = x[self._model.columns["settle"].index]
        split = np.abs(settle - np.rint(settle)) > WHOLE
        claims = self._problem.claims
        loose = np.zeros(len(claims), dtype=np.bool_)
        loose[self._responses.claim[split]] = True
        kept = np.where(split, 0.0, np.rint(settle))
        of_loose = loose[self._responses.claim]
        candidates = (of_loose & (self._cheapest(cost, FREED) | (open_choices & (settle > WHOLE)))) | (kept > 0)
        small = restrict(self._f, self._model, candidates)
        model = small.model
        integer = np.zeros(model.cost.size, dtype=np.bool_)
        at = small.column[self._model.columns["settle"].index]
        integer[at[candidates]] = True
        lower, upper = model.lower.copy(), model.upper.copy()
        whole = candidates & ~of_loose
        lower[at[whole]] = upper[at[whole]] = kept[whole]
        engine = Engine(replace(model, integer=integer))
        engine.bound_columns(np.arange(lower.size), lower, upper)
        self._fix_phases(engine, small, complete)
        engine.set("mip_rel_gap", SEARCH_GAP)
        raw = engine.run(time_limit=min(SEARCH_SECONDS, max(clock.left, 5.0)))
        if raw.x is None:
            return None
        full = small.expand(raw.x)
        return whole_settle(self._f, full), whole_complete(self._f, full)
