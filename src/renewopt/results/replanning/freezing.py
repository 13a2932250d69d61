"""The problem of a plan whose past is known: what happened is repeated, what came in and is expected now stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from renewopt.problem import Decisions, Problem
from renewopt.results.replanned import Replanned
from renewopt.units import FEN_PER_YUAN, Month

__all__ = ["frozen", "otherwise_than_stated", "with_expected", "with_inflow"]


def with_expected(problem: Problem, expected: Mapping[int, int]) -> Problem:
    """Return the problem with other earliest months of handover, by phase."""
    if not expected:
        return problem
    earliest = problem.phases.earliest.copy()
    earliest[list(expected)] = list(expected.values())
    return replace(problem, phases=replace(problem.phases, earliest=earliest))


def with_inflow(problem: Problem, more: Mapping[tuple[int, int], int]) -> Problem:
    """Return the problem with so many fen more (or less) in a fund and month."""
    if not more:
        return problem
    inflow = problem.funds.inflow.copy()
    for (fund, month), fen in more.items():
        inflow[fund, month] += fen
    return replace(problem, funds=replace(problem.funds, inflow=inflow))


def frozen(problem: Problem, replanned: Replanned | None, decisions: Decisions) -> Problem:
    """Return the problem that a plan's decisions answer: as its scenario states it, but for what happened.

    Parameters
    ----------
    problem
        Compiled from the scenario.
    replanned
        What the plan knows of that; None: it was not replanned.
    decisions
        The plan's: its past is repeated.
    """
    if replanned is None:
        return problem
    start = problem.calendar.start.ordinal
    now = Month.parse(replanned.month).ordinal - start
    phases = {name: row for row, name in enumerate(problem.phases.id.tolist())}
    funds = {name: row for row, name in enumerate(problem.funds.id.tolist())}
    expected = {phases[name]: Month.parse(month).ordinal - start for name, month in replanned.expected.items()}
    inflow = {
        (funds[fund], Month.parse(month).ordinal - start): round(yuan * FEN_PER_YUAN)
        for fund, months in replanned.inflow.items()
        for month, yuan in months.items()
    }
    known = with_inflow(with_expected(problem, expected), inflow)
    return replace(known, calendar=replace(known.calendar, now=now), past=decisions.before(now))


def otherwise_than_stated(stated: Problem, known: Problem) -> dict[str, Any]:
    """What stands otherwise than the scenario states it, in the planner's names: what `frozen` puts in place again."""
    label = stated.calendar.label
    earliest, more = known.phases.earliest, known.funds.inflow - stated.funds.inflow
    inflow: dict[str, dict[str, float]] = {}
    for fund, month in np.argwhere(more != 0).tolist():
        inflow.setdefault(str(stated.funds.id[fund]), {})[label(month)] = int(more[fund, month]) / FEN_PER_YUAN
    moved = np.flatnonzero(earliest != stated.phases.earliest).tolist()
    return {"expected": {str(stated.phases.id[e]): label(int(earliest[e])) for e in moved}, "inflow": inflow}
