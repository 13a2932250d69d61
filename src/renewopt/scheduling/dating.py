"""A programme with its starts written in: the plain scenario that a planner would have stated had they known the dates.

Everything behind (compiling, optimiser, ledger, audit, reports) sees dates alone; a programme whose windows have one
month is by construction the scenario with these dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.scenario.models import Commitment, Estate, Fund, Inflow, Phase, Project, Scenario
from renewopt.scenario.table_specs import TABLES
from renewopt.scheduling.activities import NEVER_STARTS, Programme
from renewopt.scheduling.compiling import compile_programme
from renewopt.units import FEN_PER_YUAN, Month, Span
from renewopt.vocabulary import STARTS_GOALS

Ints = NDArray[np.int64]

PART = "@"
"""Between the id of a row of households that move out in several months, and the months since the start."""


def dated(scenario: Scenario, starts: Mapping[str, int | None], programme: Programme | None = None) -> Scenario:
    """Write the starts of a programme into its scenario.

    Households of a project that starts in month s move out in s + their months, and choose nothing before s; those of
    one that is left out are no part of it. Stages become commitments, land revenue an inflow; a phase is neither paid
    before the land that it needs is cleared nor complete `build_months` sooner, and is left out where that never is.
    Starts are not judged here: `renewopt.scheduling.faults` does.

    Parameters
    ----------
    scenario
        With its programme.
    starts
        Month of each activity, from the scenario's start; None, or not named: it is left out.
    programme
        Of the scenario, where it is compiled already.

    Returns
    -------
    Scenario
        Without windows, works, crews, precedence, numbers and goals of starts; the scenario itself where it has none of
        them.

    Raises
    ------
    ValueError
        If a name is none of an activity.
    """
    programme = compile_programme(scenario) if programme is None else programme
    vector = programme.vector(starts)
    if not len(programme) and not len(programme.land) and not any(p.land or p.clearing for p in scenario.projects):
        return scenario
    update: dict[str, Any] = {
        "projects": [_project(scenario, project, programme, starts) for project in scenario.projects],
        "commitments": [*scenario.commitments, *_commitments(scenario, programme, vector)],
        "funds": _funds(scenario, programme, vector),
        "estates": _estates(scenario, programme, vector),
        "works": [],
        "crews": [],
        "precedence": [],
        "starts": [],
        "objective": scenario.objective.model_copy(
            update={"tiers": [tier for tier in scenario.objective.tiers if tier.goal not in STARTS_GOALS]}
        ),
    }
    return scenario.model_copy(update=update | _tables(scenario, programme, vector))


def _project(scenario: Scenario, project: Project, programme: Programme, starts: Mapping[str, int | None]) -> Project:
    """Write the start of a project in; what is reckoned from it stands in households, commitments and funds."""
    plain = {"stages": [], "crews": {}, "clearing": 0, "land": None, "delay_cost": Decimal(0), "signing": []}
    if project.start is None:
        return project.model_copy(update=plain)
    month = starts.get(project.id)
    return project.model_copy(
        update={
            **plain,
            "start": None,
            "choices_from": None if month is None else scenario.start + month,
            "no_overdue": project.no_overdue or programme.start_only_if_housed,
            "own_clock": True,
        }
    )


def _commitments(scenario: Scenario, programme: Programme, starts: Ints) -> list[Commitment]:
    """One for each outlay of what starts: its stages by month."""
    each, outlays = programme.activities, programme.outlays
    result = []
    for row in range(len(outlays)):
        activity = int(outlays.activity[row])
        if starts[activity] == NEVER_STARTS:
            continue
        mine = np.flatnonzero(each.stages["outlay"] == row)
        by_month: dict[Month, Decimal] = {}
        for after, fen in zip(each.stages["after"][mine].tolist(), each.stages["fen"][mine].tolist(), strict=True):
            month = scenario.start + int(starts[activity] + after)
            by_month[month] = by_month.get(month, Decimal(0)) + yuan(fen)
        project = int(each.project[activity])
        result.append(
            Commitment(
                id=str(outlays.id[row]),
                uses=list(outlays.uses[row]),  # type: ignore[arg-type]
                kind=str(each.kind[activity]),
                project=None if project < 0 else scenario.projects[project].id,
                counts=True,
                by_month=by_month,
            )
        )
    return result


def yuan(fen: int) -> Decimal:
    """Whole fen as yuan."""
    return Decimal(fen) / FEN_PER_YUAN


def revenues(programme: Programme, starts: Ints) -> list[tuple[int, int, int]]:
    """Fund, month and fen of the land revenue that comes in, of what starts and of projects that have begun."""
    each = programme.activities
    result = list(programme.begun_revenue)
    for row in np.flatnonzero((starts != NEVER_STARTS) & (each.revenue > 0) & (each.revenue_fund >= 0)).tolist():
        month = int(starts[row] + each.ready[row] + each.revenue_after[row])
        result.append((int(each.revenue_fund[row]), month, int(each.revenue[row])))
    return result


def _funds(scenario: Scenario, programme: Programme, starts: Ints) -> list[Fund]:
    """Add land revenue to what funds receive."""
    more: dict[int, dict[Month, Decimal]] = {}
    for into, month, fen in revenues(programme, starts):
        by_month = more.setdefault(into, {})
        at = scenario.start + month
        by_month[at] = by_month.get(at, Decimal(0)) + yuan(fen)
    result = []
    for row, fund in enumerate(scenario.funds):
        if row not in more:
            result.append(fund)
            continue
        stated = fund.inflow if isinstance(fund.inflow, list) else [fund.inflow]
        result.append(fund.model_copy(update={"inflow": [*stated, Inflow(by_month=more[row])]}))
    return result


def land_cleared(programme: Programme, starts: Ints) -> Ints:
    """(p,) month from which a phase of `Programme.land` may be paid; `NEVER_STARTS`: its land is never cleared."""
    each, land = programme.activities, programme.land
    result = land.cleared.copy()
    for row, activity in zip(land.activities.row.tolist(), land.activities["activity"].tolist(), strict=True):
        if starts[activity] == NEVER_STARTS:
            result[row] = NEVER_STARTS
        elif result[row] != NEVER_STARTS:
            result[row] = max(result[row], starts[activity] + each.ready[activity])
    return result


def _estates(scenario: Scenario, programme: Programme, starts: Ints) -> list[Estate]:
    """Hold phases back until their land is cleared; leave those out whose land never is."""
    cleared = dict(zip(programme.land.phase.tolist(), land_cleared(programme, starts).tolist(), strict=True))
    result, number = [], 0
    for estate in scenario.estates:
        phases = []
        for phase in estate.phases:
            if number not in cleared:
                phases.append(phase)
            elif cleared[number] != NEVER_STARTS:
                phases.append(_phase(phase, scenario.start, cleared[number]))
            number += 1
        result.append(estate.model_copy(update={"phases": phases}))
    return result


def _phase(phase: Phase, start: Month, cleared: int) -> Phase:
    """Nothing is paid before month `cleared`; complete `build_months` later at the earliest."""
    earliest = start + cleared + phase.build_months
    update: dict[str, Any] = {
        "earliest": earliest if phase.earliest is None else max(phase.earliest, earliest),
        "land": [],
        "build_months": 0,
    }
    if cleared > 0:
        before = Span(None, start + (cleared - 1))
        update["monthly_limit"] = {before: Decimal(0)} | _from(phase, start + cleared)
    return phase.model_copy(update=update)


def _from(phase: Phase, first: Month) -> dict[Span, Decimal]:
    """The monthly limits of a phase from a month on."""
    if phase.monthly_limit is None:
        return {}
    if not isinstance(phase.monthly_limit, dict):
        return {Span(first, None): phase.monthly_limit}
    return {
        Span(first if span.first is None else max(span.first, first), span.last): limit
        for span, limit in phase.monthly_limit.items()
        if span.last is None or span.last >= first
    }


def _tables(scenario: Scenario, programme: Programme, starts: Ints) -> dict[str, pd.DataFrame]:
    """Households that move out when their project starts, and the rows of other tables that are theirs."""
    frame, moves = scenario.households, programme.moves
    windowed = np.zeros(len(frame), dtype=bool)
    windowed[moves.row] = True
    # Every other row stands once, as it is; a row of a project that starts, once for each month of moving.
    others = np.flatnonzero(~windowed)
    lives = starts[moves.activity] != NEVER_STARTS
    row = np.concatenate([others, moves.row[lives]])
    moved = np.concatenate([np.full(others.size, -1), (starts[moves.activity] + moves.after)[lives]])
    count = np.concatenate([frame["count"].to_numpy(dtype=np.int64)[others], moves.count[lives]])
    after = np.concatenate([np.full(others.size, -1), moves.after[lives]])
    order = np.argsort(row, kind="stable")
    row, moved, count, after = row[order], moved[order], count[order], after[order]
    several = np.bincount(row, minlength=len(frame))[row] > 1
    ids = [
        f"{name}{PART}{months}" if split else name
        for name, months, split in zip(
            frame["id"].to_numpy(dtype=object)[row], after.tolist(), several.tolist(), strict=True
        )
    ]
    households = frame.iloc[row].reset_index(drop=True)
    stated, day = (households[name].to_numpy(dtype=np.int64) for name in ("moved_out", "moved_out_day"))
    of_project = {project.id: project.moved_out_day or -1 for project in scenario.projects}
    days = np.array([of_project[name] for name in households["project"]], dtype=np.int64)
    households = households.assign(
        id=np.array(ids, dtype=object),
        count=count,
        moved_out=np.where(moved >= 0, moved + scenario.start.ordinal, stated),
        moved_out_day=np.where((moved >= 0) & (day < 0), days, day),
        moves_after=-1,
    )
    result = {"households": households}
    parts: dict[str, list[str]] = {name: [] for name in frame["id"]}
    for name, now in zip(frame["id"].to_numpy(dtype=object)[row], ids, strict=True):
        parts[name].append(now)
    if all(now == [name] for name, now in parts.items()):
        return result
    for name, columns in TABLES.items():
        table = getattr(scenario, name)
        if name != "households" and table is not None and "household" in columns:
            result[name] = _of_parts(table, parts)
    return result


def _of_parts(table: pd.DataFrame, parts: Mapping[str, list[str]]) -> pd.DataFrame:
    """Rows of the households that there are; once for each part of a row that moves out in several months."""
    owner = table["household"].to_numpy(dtype=object)
    now = [[name] if not name else parts.get(name, []) for name in owner]
    row = np.repeat(np.arange(len(table)), [len(names) for names in now])
    names = np.array([name for each in now for name in each], dtype=object)
    return table.iloc[row].reset_index(drop=True).assign(household=names)
