"""Windows a month wider, a start a month sooner or after its window: scenarios with that difference alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from renewopt.problem import Problem, compile_problem
from renewopt.results.programme import Started
from renewopt.scenario import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, dated, faults
from renewopt.vocabulary import Use

__all__ = ["Widened", "starts_later", "starts_sooner", "windows_wider"]


@dataclass(frozen=True, eq=False)
class Widened:
    """A change of a window.

    Attributes
    ----------
    kind, id, use
        As in the table of differences; `use` is what the programme pays.
    problem
        With it.
    saves
        Yuan that it saves of what no problem knows: delay of the programme, and land revenue.
    """

    kind: str
    id: str
    use: str
    problem: Problem
    saves: float = 0.0


def windows_wider(scenario: Scenario) -> Iterator[Widened]:
    """Voucher and cash programmes that open a month sooner, or stay open a month longer; bonuses end as stated."""
    for section, use in (("vouchers", Use.VOUCHER), ("cash", Use.CASH)):
        for place, programme in enumerate(getattr(scenario, section)):
            opens = 0 if programme.start is None else programme.start - scenario.start
            if opens > 0:
                sooner = {
                    "start": scenario.start + (opens - 1),
                    "months": None if programme.months is None else programme.months + 1,
                    "bonus": [step.model_copy(update={"months": step.months + 1}) for step in programme.bonus],
                }
                yield Widened("opens", programme.id, use, compile_problem(_with(scenario, section, place, sooner)))
            if programme.months is not None and opens + programme.months < scenario.months:
                longer = {"months": programme.months + 1}
                yield Widened("stays", programme.id, use, compile_problem(_with(scenario, section, place, longer)))


def _with(scenario: Scenario, section: str, place: int, changes: dict[str, Any]) -> Scenario:
    items = list(getattr(scenario, section))
    items[place] = items[place].model_copy(update=changes)
    source = replace(scenario.source, sha256=scenario.sha256)
    return scenario.model_copy(update={section: items}).with_source(source)


def starts_sooner(begun: Started, problem: Problem, goal: str) -> Iterator[Widened]:
    """Projects and works that start a month sooner than planned, within their windows and all rules of the programme.

    Parameters
    ----------
    problem
        Of the plan, whose objective says how land revenue is discounted.
    goal
        Name of the objective.
    """
    programme, each = begun.programme, begun.programme.activities
    for row, month in enumerate(begun.starts.tolist()):
        if month != NEVER_STARTS and each.first[row] < month:
            yield from _moved(begun, programme, "starts", row, month - 1, problem, goal)


def starts_later(begun: Started, problem: Problem, goal: str) -> Iterator[Widened]:
    """Projects and works that start in the month after their window: the last ones in it, and those that are left out.

    Parameters
    ----------
    problem, goal
        As of `starts_sooner`.
    """
    each = begun.programme.activities
    for row, month in enumerate(begun.starts.tolist()):
        last = int(each.last[row])
        if month in (last, NEVER_STARTS) and each.first[row] <= last + 1 < begun.programme.months:
            longer = each.last.copy()
            longer[row] += 1
            programme = replace(begun.programme, activities=replace(each, last=longer))
            yield from _moved(begun, programme, "window", row, last + 1, problem, goal)


def _moved(
    begun: Started, programme: Programme, kind: str, row: int, month: int, problem: Problem, goal: str
) -> Iterator[Widened]:
    """One thing starts in another month, if the rules of the programme let it; all else as planned."""
    starts = begun.starts.copy()
    starts[row] = month
    named = programme.named(starts)
    if faults(programme, named):
        return
    written = dated(begun.stated, named, programme)
    source = replace(begun.stated.source, sha256=begun.stated.sha256)
    then = replace(begun, programme=programme, starts=starts, written=written.with_source(source))
    saves = begun.adds(problem.objective, goal) - then.adds(problem.objective, goal)
    yield Widened(kind, str(programme.activities.id[row]), "", compile_problem(then.written), saves)
