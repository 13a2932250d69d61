"""A scenario and its programme as one problem that leaves the starts open: a copy of each claim for each start month.

The scenario is compiled with nothing started, and then with everything started in the first month of its window, in the
second, and so on: what stands in these tables about the households of a project is what stands in the tables of any
plan that starts it then. So every rule of fees and offers holds for a copy without being said again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.memory import choices
from renewopt.optimiser.model.linear import IntArray
from renewopt.optimiser.model.start_options import CLOSED, StartOptions
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.starts.merging import merge
from renewopt.optimiser.starts.windows import must, narrowed
from renewopt.problem import Problem, Ragged
from renewopt.problem.subsets import subset
from renewopt.scenario.models import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, delay_fen

Compiled = Callable[[IntArray], Problem]
"""The problem of given starts (A,), in which no phase waits for land of an activity."""


@dataclass(frozen=True, eq=False)
class OpenStarts:
    """A problem whose starts are open.

    Attributes
    ----------
    problem
        With a copy of the claims of a project for each month in which it may start; alike needs are merged.
    options
        What may start when.
    """

    problem: Problem
    options: StartOptions


def open_choices(programme: Programme, compiled: Compiled) -> int:
    """Count the choices (offer × month) of the problem with open starts, without building it."""
    first, last = narrowed(programme)
    problem = compiled(np.where(first < CLOSED, first, NEVER_STARTS))
    activity = _activity_of_projects(programme, problem)[problem.claims.project]
    count = choices(problem, activity < 0)
    for each in np.flatnonzero(first < CLOSED).tolist():
        count += choices(problem, activity == each) * int(last[each] - first[each] + 1)
    return count


def leave_open(programme: Programme, compiled: Compiled, *, copies: bool = True) -> OpenStarts:
    """Build the problem in which the starts of a programme are still to be chosen.

    It admits every plan of every schedule at its cost, and hardly more: where reserved homes of several projects
    overlap, or a cap depends on who is there, it is the looser of two.

    Parameters
    ----------
    copies
        False: without the households of projects that may start, for what may start when.
    """
    first, last = narrowed(programme)
    none = np.full(len(programme), NEVER_STARTS, dtype=np.int64)
    base = compiled(none)
    parts, options = [base], [np.full(len(base.claims), -1, dtype=np.int64)]
    begin = np.concatenate([[0], np.cumsum(last - first + 1)])
    activity_of = _activity_of_projects(programme, base)
    possible = first < CLOSED
    moving = possible & (programme.activities.project >= 0) & (programme.activities.households > 0)
    everything = base
    for step in range(int((last - first)[moving].max(initial=0)) + 1 if copies else 0):
        problem = compiled(np.where(possible, np.minimum(first + step, last), NEVER_STARTS))
        everything = problem if step == 0 else everything
        activity = activity_of[problem.claims.project]
        kept = np.flatnonzero((activity >= 0) & (first[activity] + step <= last[activity]))
        parts.append(subset(problem, kept)[0])
        options.append(begin[activity[kept]] + step)
    # The books have to reach what the last starts cause.
    parts.append(subset(compiled(np.where(possible, last, NEVER_STARTS)), np.zeros(0, dtype=np.int64))[0])
    problem = _on_cleared_land(programme, merge(parts))
    merged, need_of = merge_needs(problem)
    table = _options(programme, problem, (first, last), np.concatenate(options))
    table = replace(table, surplus=_reserved(programme, base, everything))
    due = table.due
    table = replace(table, due=Ragged(due.start, due.columns | {"need": need_of[due["need"]]}))
    return OpenStarts(merged, table)


def without_land(scenario: Scenario) -> Scenario:
    """The scenario with phases that need no land: the model with open starts says itself when they get it."""
    nothing = {"land": [], "build_months": 0}
    estates = [
        estate.model_copy(update={"phases": [phase.model_copy(update=nothing) for phase in estate.phases]})
        for estate in scenario.estates
    ]
    return scenario.model_copy(update={"estates": estates})


def _activity_of_projects(programme: Programme, problem: Problem) -> IntArray:
    """(J,) activity of each project; −1: it has none."""
    result = np.full(len(problem.projects), -1, dtype=np.int64)
    projects = programme.activities.project
    result[projects[projects >= 0]] = np.flatnonzero(projects >= 0)
    return result


def _on_cleared_land(programme: Programme, problem: Problem) -> Problem:
    """Phases on land whose clearing is known: nothing is paid before, and it takes its months to build."""
    land, phases = programme.land, problem.phases
    if not len(land):
        return problem
    earliest, limit = phases.earliest.copy(), phases.monthly_limit.copy()
    for phase, cleared, build in zip(land.phase, land.cleared, land.build_months, strict=True):
        earliest[phase] = max(int(earliest[phase]), int(cleared + build))
        limit[phase, :cleared] = 0
    return replace(problem, phases=replace(phases, earliest=earliest, monthly_limit=limit))


def _options(
    programme: Programme, problem: Problem, window: tuple[IntArray, IntArray], claim_option: IntArray
) -> StartOptions:
    """What may start when, needs as in the problem before alike ones are merged."""
    first, last = window
    each, land = programme.activities, programme.land
    size = last - first + 1
    activity = np.repeat(np.arange(len(each)), size)
    month = np.arange(activity.size) - np.repeat(np.cumsum(size) - size, size) + first[activity]
    delay = np.zeros(activity.size, dtype=np.int64)
    for step in range(int(size.max(initial=0))):
        at = np.flatnonzero(month == first[activity] + step)
        starts = np.where(size > step, first + step, NEVER_STARTS)
        delay[at] = delay_fen(programme, starts)[activity[at]]
    revenue_after = each.ready + each.revenue_after
    received = np.flatnonzero((each.revenue > 0) & (each.revenue_fund >= 0))
    fiscal = -np.where(each.revenue_fund >= 0, each.revenue, 0)[activity] * problem.objective.discount(
        month + revenue_after[activity]
    )
    need = _needs_of_outlays(programme, problem)
    stages = each.stages
    kept = np.flatnonzero(size[stages.row] > 0)
    due = Ragged.build(
        len(each), stages.row[kept], need=need[stages["outlay"][kept]], after=stages["after"][kept],
        fen=stages["fen"][kept],
    )  # fmt: skip
    return StartOptions(
        id=each.id,
        first=first,
        last=last,
        must=must(programme),
        lasts=each.ready,
        clears=np.where(each.project >= 0, each.ready, -1),
        cost=delay,
        idle=delay_fen(programme, np.full(len(each), NEVER_STARTS, dtype=np.int64)),
        fiscal=fiscal.astype(np.float64),
        given=-sum(fen * float(problem.objective.discount(at)) for _, at, fen in programme.begun_revenue),
        due=due,
        inflow=Ragged.build(
            len(each),
            received,
            fund=each.revenue_fund[received],
            after=revenue_after[received],
            fen=each.revenue[received],
        ),
        surplus=Ragged.build(len(each), np.zeros(0, dtype=np.int64), pool=received[:0], amount=received[:0]),
        claim_option=claim_option,
        crew=programme.crews.id,
        crews=each.crews,
        capacity=programme.crews.capacity,
        before=programme.arcs.before,
        after=programme.arcs.after,
        gap=programme.arcs.wait,
        land_phase=land.phase[land.activities.row],
        land_activity=land.activities["activity"],
        land_build=land.build_months[land.activities.row],
        counted=programme.counts.counted,
        by=programme.counts.by,
        least=programme.counts.least,
        most=programme.counts.most,
    )


def _needs_of_outlays(programme: Programme, problem: Problem) -> IntArray:
    """(m,) need of each outlay, by the name of the commitment that it becomes; −1 where nothing of it falls due."""
    rows = {str(name): row for row, name in enumerate(problem.needs.id.tolist())}
    outlays, project = programme.outlays, programme.activities.project
    result = []
    for name, activity, uses in zip(outlays.id, outlays.activity, outlays.uses, strict=True):
        of = [str(problem.projects[project[activity]])] if project[activity] >= 0 else []
        result.append(rows.get("/".join([uses[0], *of, name]), -1))
    return np.array(result, dtype=np.int64)


def _reserved(programme: Programme, base: Problem, everything: Problem) -> Ragged:
    """Homes that the households of a project reserve, in pools of no other project that may start.

    Where several share a pool, none of them is taken to reserve anything: a looser problem, not another one.
    """
    activity_of = _activity_of_projects(programme, base)
    own = base.pools.own
    entries = []
    for pool in np.flatnonzero(base.pools.surplus > 0).tolist():
        activity = activity_of[own["project"][own.start[pool] : own.start[pool + 1]]]
        taken = int(base.pools.surplus[pool] - everything.pools.surplus[pool])
        if (activity >= 0).sum() == 1 and taken > 0:
            entries.append((int(activity.max()), pool, taken))
    table = np.array(entries, dtype=np.int64).reshape(-1, 3)
    return Ragged.build(len(programme), table[:, 0], pool=table[:, 1], amount=table[:, 2])
