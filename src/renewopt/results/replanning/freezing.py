"""The problem of a plan whose past is known: what happened is repeated, what came in and is expected now stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace


from renewopt.problem import Decisions, Problem
from renewopt.results.replanned import Replanned
from renewopt.units import FEN_PER_YUAN, Month

__all__ = ["frozen", "stated", "with_expected", "with_inflow"]


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


def stated(problem: Problem, expected: Mapping[int, int], inflow: Mapping[tuple[int, int], int]) -> dict[str, object]:
    """What `frozen` reads of a record: ``expected`` and ``inflow`` in the planner's names."""
    label = problem.calendar.label
    by_fund: dict[str, dict[str, float]] = {}
    for (fund, month), fen in sorted(inflow.items()):
        if fen:
            by_fund.setdefault(str(problem.funds.id[fund]), {})[label(month)] = fen / FEN_PER_YUAN
    return {
        "expected": {str(problem.phases.id[phase]): label(month) for phase, month in sorted(expected.items())},
        "inflow": by_fund,
    }


