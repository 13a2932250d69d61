"""Phases first: households of a cohort are counted in parts until the phases stand, and most often come out whole.

With the phases given, cohorts that share out homes among themselves are a transport problem, whose vertices are whole.
So branch and cut decides phases (and households that are no cohort) alone; what it proves holds for whole households,
who have fewer plans. Where a count comes out split all the same, whole ones are looked for with the phases as they
are; where these are not near enough to what was proven, by branch and cut over both.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from renewopt import stopping
from renewopt.optimiser.beside import LONG, run_beside
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray
from renewopt.optimiser.payments.paying import Paid
from renewopt.optimiser.progress import Clock
from renewopt.problem import Claims
from renewopt.stopping import Spent

WHOLE = 1e-6
"""A count is whole within this."""
PART = 0.5
"""Share of the asked gap to which phases are decided: the rest is for whole counts."""
KEPT, KEPT_SECONDS = 0.1, 10.0
"""Of the time left, what is kept for whole counts: a share, and seconds at the most."""
WAN_GAP = 2e-5
"""万元 by which a plan may always be dearer than what is proven."""


def is_counted(claims: Claims) -> BoolArray:
    """(H,) whether a claim is a divisible cohort: its households are counted, not decided one by one."""
    result: BoolArray = (claims.count > 1) & ~claims.indivisible
    return result


def counts_of_cohorts(f: Formulation) -> IntArray:
    """Columns that count households of a divisible cohort; none where there is no phase to be decided first."""
    complete = f["complete"].index
    if not complete.size:
        return np.zeros(0, dtype=np.int64)
    result: IntArray = f["settle"].index[is_counted(f.problem.claims)[f.choices.claim]]
    return result


def run_phases_first(
    engine: Engine,
    f: Formulation,
    clock: Clock,
    work: Spent,
    *,
    counts: IntArray,
    known: bool,
    start: Paid | None,
    gap: float,
) -> Raw:
    """Run as `run_beside` does, phases before the counts of cohorts.

    Parameters
    ----------
    counts
        Columns from `counts_of_cohorts`.
    """
    kept = min(KEPT * max(clock.left, 0.0), KEPT_SECONDS)
    engine.set("mip_rel_gap", PART * gap)
    engine.let_be_whole(counts, False)
    phases = run_beside(engine, f, clock, work, known=known, start=start, gap=gap, in_parts=True, kept=kept)
    if phases.status == "infeasible" or (phases.status == "time_limit" and clock.is_dearer(phases.bound)):
        # Left as it is, for whoever asks whether that is certain, or for no plan at all.
        return phases
    engine.let_be_whole(counts, True)
    engine.set("mip_rel_gap", gap)
    if phases.x is None or _whole(phases.x[counts]):
        return phases
    near = phases.bound + gap * abs(phases.bound) / (1.0 + gap) + WAN_GAP
    counted = _counted(engine, f, clock, phases, near, kept)
    if counted.x is not None and (counted.objective <= near or phases.status != "optimal"):
        return replace(counted, status=phases.status, bound=phases.bound)
    if phases.status != "optimal":
        return replace(phases, x=None, objective=math.inf)
    if counted.x is not None:
        engine.start_from(*_decided(f, counted.x))
    both = run_beside(engine, f, clock, work, known=known or counted.x is not None, start=start, gap=gap)
    bound = max(both.bound, phases.bound)
    if counted.x is not None and both.objective >= counted.objective and both.status != "infeasible":
        return replace(counted, status=both.status, bound=bound)
    return replace(both, bound=bound)


def _counted(engine: Engine, f: Formulation, clock: Clock, phases: Raw, near: float, kept: float) -> Raw:
    """Whole counts with the phases as they came out; it ends once they are near enough to what is proven."""
    assert phases.x is not None
    complete = f["complete"].index
    state, model = np.rint(phases.x[complete]), engine.model
    spent = 0.0

    def enough(step: int, _: bool) -> bool:
        nonlocal spent
        spent += step
        return spent >= LONG

    engine.bound_columns(complete, state, state)
    engine.set("objective_target", near)
    try:
        if phases.status == "interrupted":
            # A plan is to come of what was found.
            with stopping.held():
                return engine.run(time_limit=min(max(clock.left, kept), KEPT_SECONDS), enough=enough)
        return engine.run(time_limit=max(clock.left, kept), enough=enough)
    finally:
        engine.set("objective_target", -math.inf)
        engine.bound_columns(complete, model.lower[complete], model.upper[complete])


def _whole(count: FloatArray) -> bool:
    return bool((np.abs(count - np.rint(count)) <= WHOLE).all())


def _decided(f: Formulation, x: FloatArray) -> tuple[IntArray, FloatArray]:
    """Columns of whole decisions and their values, as a start."""
    columns = np.concatenate([f["settle"].index, f["complete"].index])
    return columns, np.rint(x[columns])
