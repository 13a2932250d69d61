"""What has begun since a plan was made, and the plan's decisions in the tables of the dates that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renewopt.errors import Finding
from renewopt.problem import Decisions, Problem
from renewopt.problem.subsets import position
from renewopt.results.programme import Started, with_starts
from renewopt.results.record import Remark
from renewopt.results.replanned import Replanned
from renewopt.scenario.columns import Checked
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.scheduling import NEVER_STARTS, Programme, carried_on, compile_programme, faults, under_way
from renewopt.units import Month
from renewopt.wording import LANGUAGES, Wording, words
from renewopt.wording.phrases import say

__all__ = [
    "STARTED",
    "StartFacts",
    "begun_since",
    "in_tables_of",
    "missed_rules",
    "moved_starts",
    "read_starts",
    "with_phases_of",
]

Ints = NDArray[np.int64]

STARTED = "started"
"""What a row of the table says that tells of a start."""


@dataclass(frozen=True, eq=False)
class StartFacts:
    """What a table tells of starts.

    Attributes
    ----------
    told
        (n,) months of all that has begun before a month; None: nothing is told, so that all began as planned.
    findings
        What cannot be.
    """

    told: Ints | None
    findings: list[Finding]


def read_starts(table: Checked, programme: Programme, start: Month, now: int) -> StartFacts:
    """Read which projects and works a table says to have begun before month `now`; later rows are plans."""
    frame, rows = table.frame, programme.rows
    told = np.full(len(programme), NEVER_STARTS, dtype=np.int64)
    findings: list[Finding] = []

    def wrong(number: int, column: str, message: Wording, mend: Wording) -> None:
        bad = np.arange(len(frame)) == number
        findings.extend(table.rows(bad, column, lambda _: (message, mend)))

    tells = np.flatnonzero((frame["what"] == STARTED).to_numpy())
    for number in tells.tolist():
        row: Mapping[Any, Any] = frame.iloc[number].to_dict()
        name, month = str(row["item"]), int(row["month"]) - start.ordinal
        if not name:
            wrong(number, "item", words("neither a project nor a work is named"), words("fill in the cell"))
        elif name not in rows:
            mend = did_you_mean(name, rows) or words("known: {names}", names=listed(rows))
            wrong(number, "item", words("{name!r} is no project with a start window and no work", name=name), mend)
        elif month < 0:
            before = words("{month} lies before the start", month=start + month)
            wrong(number, "month", before, words("mend the month, or delete the row"))
        elif month >= now:
            continue
        elif told[rows[name]] != NEVER_STARTS:
            message = words("{name} has started twice, in {first} and in {second}", name=name,
                            first=start + int(told[rows[name]]), second=start + month)  # fmt: skip
            wrong(number, "item", message, words("keep the one that holds"))
        else:
            told[rows[name]] = month
    return StartFacts(told if tells.size else None, findings)


def begun_since(begun: Started, told: Ints, now: int) -> Started | None:
    """Date the scenario anew with what has begun, and with the starts that a plan has still before it.

    Parameters
    ----------
    begun
        The scenario with the dates of the plan.
    told
        (n,) months of all that has begun before `now`.

    Returns
    -------
    Started or None
        None: all began as planned.
    """
    planned = np.where(begun.starts < now, begun.starts, NEVER_STARTS)
    if (told == planned).all():
        return None
    stated = begun.stated
    programme = compile_programme(stated)
    starts = carried_on(programme, begun.starts, told, now)
    return with_starts(stated, under_way(programme, starts, now), starts)


def moved_starts(before: Started, now: Started) -> dict[str, str | None]:
    """Month in which a plan started each project and work that starts in another one now; None: it was left out."""
    start = before.stated.start
    earlier, later = before.programme.named(before.starts), now.programme.named(now.starts)
    return {
        name: None if month is None else str(start + month) for name, month in earlier.items() if month != later[name]
    }


def missed_rules(begun: Started) -> Iterator[Remark]:
    """Rules of the programme that what has begun, or has not, does not keep any more."""
    programme = compile_programme(begun.stated)
    for fault in faults(programme, programme.named(begun.starts), begun.stated.start):
        said = {lang: fault.message.said(lang) for lang in LANGUAGES}
        yield Remark(f"starts.{fault.rule}", {lang: say(lang, "replan.missed", found=said[lang]) for lang in LANGUAGES})


def with_phases_of(replanned: Replanned | None, before: Problem, after: Problem) -> Replanned | None:
    """What an earlier replanning expected of phases, in the tables of other dates: not before their land is cleared."""
    if replanned is None:
        return None
    stated = dict(zip(before.phases.id.tolist(), before.phases.earliest.tolist(), strict=True))
    anew = dict(zip(after.phases.id.tolist(), after.phases.earliest.tolist(), strict=True))
    start = after.calendar.start
    expected = {
        name: month if anew[name] == stated[name] else str(max(Month.parse(month), start + anew[name]))
        for name, month in replanned.expected.items()
        if name in anew
    }
    return replace(replanned, expected=expected)


def in_tables_of(before: Problem, after: Problem, decisions: Decisions, now: int) -> Decisions:
    """A plan's decisions in the rows of other dates of the same programme.

    Left out is what these dates do not admit: what is decided for households, phases and stages that there are no more,
    and for months before `now` what was chosen, built or handed over too soon.
    """
    row_of = {
        "need": _rows(before.needs.id.tolist(), after.needs.id.tolist()),
        "phase": _rows(before.phases.id.tolist(), after.phases.id.tolist()),
    }
    tables = {}
    for name, columns in Decisions.COLUMNS.items():
        rows = getattr(decisions, name).copy()
        for place, column in enumerate(columns):
            if column in row_of:
                rows[:, place] = row_of[column][rows[:, place]]
                rows = rows[rows[:, place] >= 0]
        # The books of other dates may close sooner.
        tables[name] = rows[rows[:, Decisions.MONTH_COLUMN[name]] < after.calendar.books]
    complete, build, pay = (tables[name] for name in ("complete", "build", "pay"))
    tables["settle"] = _choices(before, after, decisions.settle, now)
    tables["complete"] = complete[(after.phases.earliest[complete[:, 0]] <= complete[:, 1]) | (complete[:, 1] >= now)]
    too_soon = (build[:, 1] < now) & (after.phases.monthly_limit[build[:, 0], np.minimum(
        build[:, 1], after.calendar.months - 1)] == 0)  # fmt: skip
    tables["build"] = build[~too_soon]
    phase_of = position(after.phases.need.astype(np.int64), len(after.needs))
    unpaid = {(int(after.phases.need[phase]), month) for phase, month, _ in build[too_soon].tolist()}
    paid = [phase_of[need] < 0 or (need, month) not in unpaid for _, need, month, _ in pay.tolist()]
    tables["pay"] = pay[np.array(paid, dtype=bool)] if paid else pay
    return Decisions(**tables)


def _rows(before: list[Any], after: list[Any]) -> Ints:
    """Row of each of the first among the second; −1: it is none of them."""
    place = {key: row for row, key in enumerate(after)}
    return np.array([place.get(key, -1) for key in before], dtype=np.int64)


def _choices(before: Problem, after: Problem, settle: Ints, now: int) -> Ints:
    """(n, 3) choices among the offers of the same household, way and homes: the one that is open in their month."""
    offers = after.offers
    alike: dict[tuple[Any, ...], list[int]] = {}
    for row, key in enumerate(_kinds(after)):
        alike.setdefault(key, []).append(row)
    kinds, rows = list(_kinds(before)), []
    for offer, month, households in settle.tolist():
        mine = alike.get(kinds[offer], [])
        found = next((row for row in mine if offers.first[row] <= month <= offers.last[row]), None)
        if found is None and month >= now and mine:
            found = mine[0]
        if found is not None:
            rows.append((found, month, households))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _kinds(problem: Problem) -> Iterator[tuple[Any, ...]]:
    claims, offers = problem.claims, problem.offers
    for claim, route, label in zip(offers.claim.tolist(), offers.route.tolist(), offers.label.tolist(), strict=True):
        yield claims.household[claim], claims.part[claim], route, label
