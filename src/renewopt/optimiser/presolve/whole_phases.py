"""Rows on whole phases for branch and cut: what one cohort has taken from some pools, as the relaxation has it.

The relaxation completes of each phase the part whose homes are taken. That of no cohort a larger part can be housed by
a phase than the part of the phase that stands is a row for each cohort, pool and month (in facility location, the
strong form). All of them would make the relaxation slow; those that it violates are few.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.choices import stock_taken
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import INFINITY, FloatArray, IntArray, LinearModel
from renewopt.optimiser.model.phase_cuts import PhaseCut
from renewopt.optimiser.presolve.pool_sets import pool_sets
from renewopt.optimiser.presolve.separation import HALF_YEAR, HUNDREDTHS, PhaseCapacity, separate

ROUNDS = 10
RISE = 1e-5
"""Share of the relaxation's value by which a round of rows has to raise it, for another one to follow."""
LARGEST = 20_000_000
"""Cohorts × pools × months up to which rows are looked for."""


@dataclass(frozen=True, eq=False)
class Row:
    """A row: columns, their values, and what they come to at the most."""

    columns: IntArray
    values: FloatArray
    upper: float


def violated_rows(f: Formulation, model: LinearModel, left: Callable[[], float]) -> list[Row]:
    """Rows on whole phases that the relaxation of a model violates, claim by claim, round after round.

    Parameters
    ----------
    left
        Seconds left; the rows found so far are returned when there are none.
    """
    problem = f.problem
    group = np.arange(len(problem.claims), dtype=np.int64)
    span = int(f["stock"].keys[1].max(initial=0)) + 1
    sets = (
        pool_sets(problem, group) if len(problem.phases) and group.size * len(problem.pools) * span <= LARGEST else ()
    )
    if not sets:
        return []
    layout, taking = f.layout(), _Taking(f)
    capacity = PhaseCapacity.of(problem, group, span, sets)
    engine = Engine(model, integer=False)
    found: dict[PhaseCut, Row] = {}
    value = -INFINITY
    for _ in range(ROUNDS):
        raw = engine.run(time_limit=left())
        if raw.status != "optimal" or raw.x is None or raw.objective - value <= RISE * abs(raw.objective):
            break
        value = raw.objective
        taken = capacity.taken(layout, group, np.maximum(raw.x[f["settle"].index], 0.0))
        state = raw.x[f["complete"].index].reshape(len(problem.phases), -1)
        new = [cut for cut in separate(capacity, taken, state, within=HALF_YEAR, alone=True) if cut not in found]
        if not new:
            break
        for cut in new:
            found[cut] = row = taking.row(cut)
            engine.add_row(row.columns, row.values, -INFINITY, row.upper)
    return list(found.values())


class _Taking:
    """The choices by which a claim takes homes from a pool."""

    def __init__(self, f: Formulation) -> None:
        taken, pools = stock_taken(f.problem, f.choices), len(f.problem.pools)
        place = f.choices.claim[taken.choice] * pools + taken.target
        order = np.argsort(place, kind="stable")
        self._place, self._month = place[order], taken.month[order]
        self._column = f["settle"].index[taken.choice[order]]
        self._amount = (taken.fen * f.choices.unit[taken.choice])[order] / HUNDREDTHS
        self._complete = f["complete"].index.reshape(len(f.problem.phases), -1)
        self._pools = pools

    def row(self, cut: PhaseCut) -> Row:
        """The row of a cut for one claim, its number taken written out as the sum that it is."""
        (claim,) = cut.groups
        by_then = self._complete[list(cut.phases), min(cut.month, self._complete.shape[1] - 1)]
        columns, values = [by_then], [-np.array(cut.served)]
        for pool, weight in zip(cut.pools, cut.weights, strict=True):
            first, last = np.searchsorted(self._place, claim * self._pools + pool + np.array([0, 1]))
            own = first + np.flatnonzero(self._month[first:last] <= cut.month)
            columns.append(self._column[own])
            values.append(weight * self._amount[own])
        return Row(*_summed(np.concatenate(columns), np.concatenate(values)), cut.upper)


def _summed(columns: IntArray, values: FloatArray) -> tuple[IntArray, FloatArray]:
    """Each column once, with the sum of its values: an offer may take from several pools of a row."""
    found, at = np.unique(columns, return_inverse=True)
    total = np.zeros(found.size)
    np.add.at(total, at.ravel(), values)
    return found, total
