"""From a scenario to the tables of its programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.offers import Ragged
from renewopt.scenario.models import Land, Project, Scenario, StartWindow, TierGoal, Work
from renewopt.scenario.starting import last_move, may_pay, must_start, stages_of, window_of
from renewopt.scheduling.activities import (
    Activities,
    Arcs,
    Crews,
    LandNeeds,
    Moves,
    Outlays,
    Programme,
    StartCounts,
    StartGoal,
)
from renewopt.scheduling.moving import find_moves, last_moved_out
from renewopt.units import to_fen
from renewopt.vocabulary import STARTS_GOALS

Ints = NDArray[np.int64]

NO_LAND = Land()


@dataclass(frozen=True)
class _Stated:
    """What projects and works both state."""

    of: Project | Work
    window: StartWindow
    project: int
    finish: int
    ready: int
    households: int

    @property
    def land(self) -> Land:
        return (self.of.land or NO_LAND) if isinstance(self.of, Project) else NO_LAND


def compile_programme(scenario: Scenario) -> Programme:
    """Tables of all that may start; without any activity where nothing may.

    Parameters
    ----------
    scenario
        A loaded scenario.

    Returns
    -------
    Programme
        Its windows are the stated ones, cut to the horizon and to what projects that have begun allow.
    """
    windowed = [(row, project) for row, project in enumerate(scenario.projects) if project.start is not None]
    moves = find_moves(scenario, {project.id: place for place, (_, project) in enumerate(windowed)})
    stated = [*_projects(scenario, windowed, moves), *map(_work, scenario.works)]
    rows = {each.of.id: row for row, each in enumerate(stated)}
    cleared = _cleared_before(scenario)
    arcs, earliest = _arcs(scenario, stated, rows, cleared)
    outlays, stages = _outlays(scenario, stated)
    return Programme(
        months=scenario.months,
        after_horizon_months=scenario.objective.after_horizon_months,
        activities=_activities(scenario, stated, earliest, stages),
        outlays=outlays,
        crews=_crews(scenario, stated),
        arcs=arcs,
        land=_land_needs(scenario, rows, cleared),
        counts=_counts(scenario, stated),
        moves=moves,
        start_only_if_housed=scenario.objective.start_only_if_housed,
        begun_revenue=_begun_revenue(scenario, cleared),
        goals=tuple(_goal(scenario, stated, tier) for tier in scenario.objective.tiers),
    )


def _goal(scenario: Scenario, stated: Sequence[_Stated], tier: TierGoal) -> StartGoal | None:
    if tier.goal not in STARTS_GOALS:
        return None
    counted = [
        (tier.items == "all" or each.of.id in tier.items) and (tier.kinds == "all" or each.of.kind in tier.kinds)
        for each in stated
    ]
    by = -1 if tier.by is None else tier.by - scenario.start
    return StartGoal(tier.name, tier.goal, np.array(counted, dtype=bool), by)


def _begun_revenue(scenario: Scenario, cleared: dict[str, int]) -> tuple[tuple[int, int, int], ...]:
    """Fund, month and fen of land revenue of projects that have begun; what came in before the start is not told."""
    funds = {fund.id: row for row, fund in enumerate(scenario.funds)}
    return tuple(
        (funds[land.into], cleared[project.id] + land.after, to_fen(land.revenue))
        for project in scenario.projects
        if project.id in cleared and (land := project.land) is not None and land.into is not None and land.revenue
        if cleared[project.id] + land.after >= 0
    )


def _projects(scenario: Scenario, windowed: Sequence[tuple[int, Project]], moves: Moves) -> list[_Stated]:
    result = []
    for place, (row, project) in enumerate(windowed):
        mine = moves.activity == place
        last = last_move(project, scenario.households)
        window = cast(StartWindow, project.start)
        result.append(_Stated(project, window, row, last, last + project.clearing, int(moves.count[mine].sum())))
    return result


def _work(work: Work) -> _Stated:
    return _Stated(work, work.start, -1, work.duration, work.duration, work.households_helped)


def _cleared_before(scenario: Scenario) -> dict[str, int]:
    """Month in which the land of each project without a window is cleared, where it is known; may lie before 0."""
    moved = last_moved_out(scenario)
    return {p.id: moved[p.id] + p.clearing for p in scenario.projects if p.start is None and p.id in moved}


def _activities(scenario: Scenario, stated: list[_Stated], earliest: Ints, stages: Ragged) -> Activities:
    windows = np.array([window_of(each.window, scenario) for each in stated], dtype=np.int64).reshape(-1, 2)
    funds = {fund.id: row for row, fund in enumerate(scenario.funds)}
    crews = [crew.id for crew in scenario.crews]
    lands = [each.land for each in stated]
    start = scenario.start

    def column(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    return Activities(
        id=_objects([each.of.id for each in stated]),
        kind=_objects([each.of.kind for each in stated]),
        project=column([each.project for each in stated]),
        first=np.maximum(windows[:, 0], earliest),
        last=windows[:, 1],
        must=np.array([must_start(each.of) for each in stated], dtype=bool),
        finish=column([each.finish for each in stated]),
        ready=column([each.ready for each in stated]),
        delay_cost=column([to_fen(each.of.delay_cost) for each in stated]),
        stages=stages,
        crews=np.array([[each.of.crews.get(crew, 0) for crew in crews] for each in stated], dtype=np.int64).reshape(
            len(stated), len(crews)
        ),
        revenue=column([to_fen(land.revenue) for land in lands]),
        revenue_after=column([land.after for land in lands]),
        revenue_fund=column([-1 if land.into is None else funds[land.into] for land in lands]),
        # A deadline before the start counts from the start on.
        deadline=column([-1 if land.deadline is None else max(land.deadline - start, 0) for land in lands]),
        penalty=column([-1 if land.penalty is None else to_fen(land.penalty) for land in lands]),
        households=column([each.households for each in stated]),
        hazards=column([each.of.hazards if isinstance(each.of, Work) else 0 for each in stated]),
        urgency=np.array([float(each.of.urgency) for each in stated], dtype=np.float64),
    )


def _outlays(scenario: Scenario, stated: list[_Stated]) -> tuple[Outlays, Ragged]:
    """Stages by activity, and what pays them: one outlay for those of an activity that are paid as the same."""
    known: dict[tuple[int, tuple[str, ...]], int] = {}
    entries = []
    for row, each in enumerate(stated):
        for after, fen, uses in stages_of(each.of):
            outlay = known.setdefault((row, uses), len(known))
            entries.append((row, after, fen, outlay))
    several = {row for row, _ in known if sum(1 for other, _ in known if other == row) > 1}
    names = [f"{stated[row].of.id}/{'+'.join(uses)}" if row in several else stated[row].of.id for row, uses in known]
    payable = np.array(
        [
            [
                may_pay(fund, uses, stated[row].of.kind, stated[row].of.id if stated[row].project >= 0 else None)
                for fund in scenario.funds
            ]
            for row, uses in known
        ],
        dtype=bool,
    ).reshape(len(known), len(scenario.funds))
    outlays = Outlays(
        _objects(names), np.array([row for row, _ in known], dtype=np.int64), tuple(uses for _, uses in known), payable
    )
    columns = np.array(entries, dtype=np.int64).reshape(-1, 4)
    return outlays, Ragged.build(
        len(stated), columns[:, 0], after=columns[:, 1], fen=columns[:, 2], outlay=columns[:, 3]
    )


def _crews(scenario: Scenario, stated: list[_Stated]) -> Crews:
    width = scenario.months + max((each.ready for each in stated), default=0)
    capacity = np.full((len(scenario.crews), width), -1, dtype=np.int64)
    for row, crew in enumerate(scenario.crews):
        if isinstance(crew.per_month, dict):
            for span, number in crew.per_month.items():
                capacity[row, span.within(scenario.start, width)] = number
        else:
            capacity[row] = crew.per_month
    return Crews(_objects([crew.id for crew in scenario.crews]), capacity)


def _arcs(
    scenario: Scenario, stated: list[_Stated], rows: dict[str, int], cleared: dict[str, int]
) -> tuple[Arcs, Ints]:
    """Precedence among activities, and the first month that projects which have begun leave to each."""
    begun = {project.id: project for project in scenario.projects if project.start is None}
    earliest = np.zeros(len(stated), dtype=np.int64)
    entries, events = [], []
    for rule in scenario.precedence:
        after = rows[rule.after]
        if rule.before in rows:
            before = rows[rule.before]
            done = {"start": 0, "finish": stated[before].finish, "cleared": stated[before].ready}[rule.event]
            entries.append((before, after, done + rule.lag))
            events.append(rule.event)
        elif rule.event != "start" and rule.before in cleared:
            done = cleared[rule.before] - (begun[rule.before].clearing if rule.event == "finish" else 0)
            earliest[after] = max(earliest[after], done + rule.lag)
    before_row, after_row, wait = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    return Arcs(before_row, after_row, wait, _objects(events)), earliest


def _land_needs(scenario: Scenario, rows: dict[str, int], cleared: dict[str, int]) -> LandNeeds:
    needing: list[tuple[int, int, int]] = []
    entries: list[tuple[int, int]] = []
    phases = [phase for estate in scenario.estates for phase in estate.phases]
    for number, phase in enumerate(phases):
        if not phase.land and not phase.build_months:
            continue
        fixed = max((max(cleared.get(name, 0), 0) for name in phase.land if name not in rows), default=0)
        entries += [(len(needing), rows[name]) for name in dict.fromkeys(phase.land) if name in rows]
        needing.append((number, fixed, phase.build_months))
    number_of, fixed_month, build = np.array(needing, dtype=np.int64).reshape(-1, 3).T
    row, activity = np.array(entries, dtype=np.int64).reshape(-1, 2).T
    return LandNeeds(number_of, Ragged.build(len(needing), row, activity=activity), fixed_month, build)


def _counts(scenario: Scenario, stated: list[_Stated]) -> StartCounts:
    rules = scenario.starts
    kinds = [each.of.kind for each in stated]
    counted = [[rule.kind is None or rule.kind == kind for kind in kinds] for rule in rules]

    def number(values: list[int | None]) -> Ints:
        return np.array([-1 if value is None else value for value in values], dtype=np.int64)

    return StartCounts(
        np.array(counted, dtype=bool).reshape(len(rules), len(stated)),
        number([rule.by - scenario.start for rule in rules]),
        number([rule.least for rule in rules]),
        number([rule.most for rule in rules]),
    )


def _objects(values: Sequence[object]) -> NDArray[np.object_]:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result
