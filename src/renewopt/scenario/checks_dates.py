"""Checks of months: spans that end before they begin, and dates outside of the planned time."""

from __future__ import annotations

from pydantic import BaseModel

from renewopt.scenario.contents import Contents
from renewopt.scenario.dictionary import Path, values
from renewopt.scenario.notes import Notes
from renewopt.units import Month
from renewopt.wording import NOTHING, Wording, words

__all__ = ["check_dates"]

LAST_YEAR = 2400


def check_dates(scenario: Contents, notes: Notes) -> None:
    """Note impossible spans, and dates before the start or after the end.

    Parameters
    ----------
    scenario : Contents
    notes : Notes
        Takes the findings.
    """
    start, end = scenario.start, scenario.start + (scenario.months - 1)
    if end.year > LAST_YEAR:
        notes.error(
            ("months",),
            words("the plan would end in {end}, after {year}", end=end, year=LAST_YEAR),
            words("plan fewer months"),
        )
    for path, key, owner, value in values(scenario):
        if key.by_month:
            for month in value:
                if month < start:
                    message = words(
                        "{month} lies before the start {start} and is not counted", month=month, start=start
                    )
                    notes.warn((*path, str(month)), message, _mend(path))
        elif key.meaning.of.within == "plan" and value < start:
            message = words("{month} lies before the start {start}", month=value, start=start)
            notes.error(path, message, words("write a later month, or delete the key"))
        elif key.meaning.of.within and value > end:
            message = words("{month} lies after the last month {end}", month=value, end=end)
            notes.warn(path, message, words("plan more months, or check the year"))
        elif key.attribute in {"since", "until"} and hasattr(owner, "until"):
            _check_span(path, owner, (start, end), notes)


def _check_span(path: Path, owner: BaseModel, plan: tuple[Month, Month], notes: Notes) -> None:
    """Note a span that is none, or that lies outside of the planned time, where its first or last month stands."""
    start, end = plan
    since, until = owner.since, owner.until  # type: ignore[attr-defined]
    if path[-1] == "from":
        if since > end:
            message = words("it begins in {since}, after the last month {end}", since=since, end=end)
            notes.warn(path, message, words("check the year"))
        return
    if since is not None and until < since:
        message = words("it ends in {until}, before it begins in {since}", until=until, since=since)
        notes.error(path, message, words("exchange the two"))
    if until < start:
        message = words("it ends in {until}, before the start {start}", until=until, start=start)
        notes.warn(path, message, words("check the year"))


def _mend(path: Path) -> Wording:
    return (
        words("put it into `on_hand`")
        if "arrivals" in path
        else words("put it into `opening`")
        if "funds" in path
        else NOTHING
    )
