"""Starts as the tables of their plan show them, for futures in which they come late; and what then becomes of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.futures.late_starts import Begun, LateStarts
from renewopt.problem import Problem
from renewopt.scheduling.activities import NEVER_STARTS, Ints, Programme
from renewopt.scheduling.dating import land_cleared

__all__ = ["begun_tables", "turned_out"]


def begun_tables(programme: Programme, starts: Ints, problem: Problem) -> Begun:
    """Find what starts cause in the tables of a problem, which is that of the scenario with these dates."""
    each = programme.activities
    begun = starts != NEVER_STARTS
    needs = {str(name): row for row, name in enumerate(problem.needs.id.tolist())}
    need_of = []
    for name, activity, uses in zip(
        programme.outlays.id, programme.outlays.activity, programme.outlays.uses, strict=True
    ):
        project = each.project[activity]
        of = [str(problem.projects[project])] if project >= 0 else []
        need_of.append(needs.get("/".join([uses[0], *of, str(name)]), NEVER_STARTS))
    need = np.array(need_of, dtype=np.int64)[each.stages["outlay"]] if need_of else each.stages["outlay"]
    month = starts[each.stages.row] + each.stages["after"]
    paid = begun[each.stages.row] & (need >= 0)
    stages = np.stack([each.stages.row, need, month, each.stages["fen"]], axis=1)[paid]
    lands = np.flatnonzero(begun & (each.revenue > 0) & (each.revenue_fund >= 0))
    comes = (starts + each.ready + each.revenue_after)[lands]
    land = programme.land
    # Phases whose land is never cleared are not in the tables.
    never = land_cleared(programme, starts) == NEVER_STARTS
    place = land.phase - (land.phase[never][None, :] < land.phase[:, None]).sum(axis=1)
    pairs = [
        (int(place[row]), activity, int(land.build_months[row]))
        for row, activity in zip(land.activities.row.tolist(), land.activities["activity"].tolist(), strict=True)
        if not never[row]
    ]
    arcs = programme.arcs
    waits = (arcs.event == "cleared").astype(np.int64)
    return Begun(
        id=each.id,
        kind=each.kind,
        start=starts,
        project=each.project,
        ready=each.ready,
        stages=stages,
        revenue=np.stack([lands, each.revenue_fund[lands], comes, each.revenue[lands]], axis=1),
        phases=np.array(pairs, dtype=np.int64).reshape(-1, 3),
        arcs=np.stack([arcs.before, arcs.after, arcs.wait, waits], axis=1),
    )


def turned_out(programme: Programme, late: LateStarts) -> tuple[Programme, Ints]:
    """The programme and its starts as they turned out, for what they cost by delay and what land brought."""
    each = programme.activities
    starts = np.where(late.begun.start >= 0, late.begun.start + late.late(), NEVER_STARTS)
    revenue = np.floor(each.revenue * late.land_share + 0.5).astype(np.int64)
    activities = replace(
        each,
        ready=each.ready + late.clearing,
        revenue=revenue,
        revenue_after=each.revenue_after + late.land_late,
    )
    return replace(programme, activities=activities), starts
