"""The master over phases: supply and money with whole phases, households through cuts at prices (Benders).

For any prices y of the rows in which households meet, the households' cost θ obeys

    θ ≥ R(y) + y · edge − (A_zᵀ y) · z,

with z the columns of supply and money and R(y) the sum of all households' best responses. The smallest cost of z plus
θ under such cuts is a lower bound for the unmerged problem, phases whole; it is exact at every schedule of phases
whose own prices are among the cuts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.bound import Responses, admissible, household_mask, implied_upper, linking_rows
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model import FloatArray, LinearModel

IntArray = NDArray[np.int64]
INTEGER_GAP = 2e-4
TINY = 1e-8
"""Coefficients that a solver would drop by itself."""


class PhaseMaster:
    """Supply and money of an unmerged model, with a growing list of cuts for its households."""

    def __init__(self, model: LinearModel, responses: Responses, *, cost: FloatArray | None = None) -> None:
        self._model = model
        self._cost = model.cost if cost is None else cost
        self._responses = responses
        self._linking = linking_rows(model)
        household = household_mask(model)
        self._columns = np.flatnonzero(~household)
        self._new_column = np.cumsum(~household) - 1
        self._upper = np.minimum(model.upper, implied_upper(model))[self._columns]
        self._engine = Engine(self._small(household))
        self._engine.set("mip_rel_gap", INTEGER_GAP)
        self.cuts = 0

    def _small(self, household: NDArray[np.bool_]) -> LinearModel:
        """Rows without households as they are; of linking rows the side that holds whatever households do."""
        model = self._model
        rows = model.entry_rows()
        theirs = household[model.index]
        positive = np.zeros(model.row_lower.size, dtype=np.bool_)
        negative = positive.copy()
        positive[rows[theirs & (model.value > 0)]] = True
        negative[rows[theirs & (model.value < 0)]] = True
        lower = np.where(positive, -np.inf, model.row_lower)
        upper = np.where(negative, np.inf, model.row_upper)
        keep = np.isfinite(lower) | np.isfinite(upper)
        keep[model.rows["household"].index] = False
        entry = np.flatnonzero(keep[rows] & ~theirs)
        new_row = np.cumsum(keep) - 1
        start = np.zeros(int(keep.sum()) + 1, dtype=np.int64)
        np.cumsum(np.bincount(new_row[rows[entry]], minlength=start.size - 1), out=start[1:])
        at = self._columns
        integer = np.zeros(model.cost.size, dtype=np.bool_)
        integer[model.columns["complete"].index] = True
        low = np.append(model.lower[at], -np.inf)
        return replace(
            model,
            cost=np.append(self._cost[at], 1.0),
            lower=low,
            upper=np.append(self._upper, np.inf),
            integer=np.append(integer[at], False),
            row_lower=lower[keep],
            row_upper=upper[keep],
            start=start,
            index=self._new_column[model.index[entry]],
            value=model.value[entry],
            columns={},
            rows={},
        )

    def add_cut(self, y: FloatArray) -> None:
        """Add the cut of prices y (duals of the unmerged model's rows; only linking rows count)."""
        model = self._model
        y = admissible(np.where(self._linking, y, 0.0), model)
        edge = np.where(y > 0, model.row_lower, np.where(y < 0, model.row_upper, 0.0))
        right = self._responses.best(y) + float((y * edge)[self._linking].sum())
        price = model.transposed_times(y)[self._columns]
        # Columns are ≥ 0: a larger coefficient leaves the cut valid, only weaker.
        price = np.where(np.abs(price) > TINY, price, np.where(price > 0, 2.0 * TINY, 0.0))
        at = np.flatnonzero(price)
        self._engine.add_row(np.append(at, self._columns.size), np.append(price[at], 1.0), right, np.inf)
        self.cuts += 1

    def solve(self, time_limit: float) -> tuple[float, FloatArray | None]:
        """Proven lower bound (the model's constant included) and complete[e,t] of the best schedule found."""
        raw = self._engine.run(time_limit=time_limit)
        if raw.status == "infeasible":
            return np.inf, None
        complete = None
        if raw.x is not None:
            complete = np.rint(raw.x[self._new_column[self._model.columns["complete"].index]])
        return raw.bound, complete
