"""Checks of months: spans that end before they begin, and dates outside of the planned time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from renewopt.scenario.contents import Contents
from renewopt.scenario.notes import Notes
from renewopt.units import Month
from renewopt.wording import NOTHING, Wording, words

__all__ = ["check_dates"]

Path = tuple[str | int, ...]
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
    _check_spans(scenario, notes)
    for path, month in _series(scenario):
        if month < start:
            notes.warn(
                (*path, str(month)),
                words("{month} lies before the start {start} and is not counted", month=month, start=start),
                _mend(path),
            )
    for path, month in _limits(scenario):
        if month < start:
            notes.error(
                path,
                words("{month} lies before the start {start}", month=month, start=start),
                words("write a later month, or delete the key"),
            )
        elif month > end:
            _late(path, month, end, notes)
    for path, month in _beginnings(scenario):
        if month > end:
            _late(path, month, end, notes)


def _check_spans(scenario: Contents, notes: Notes) -> None:
    """Note spans that are none, or that lie outside of the planned time."""
    start, end = scenario.start, scenario.start + (scenario.months - 1)
    for path, since, until in _spans(scenario):
        if since is not None and until is not None and until < since:
            notes.error(
                (*path, "until"),
                words("it ends in {until}, before it begins in {since}", until=until, since=since),
                words("exchange the two"),
            )
        if until is not None and until < start:
            notes.warn(
                (*path, "until"),
                words("it ends in {until}, before the start {start}", until=until, start=start),
                words("check the year"),
            )
        if since is not None and since > end:
            notes.warn(
                (*path, "from"),
                words("it begins in {since}, after the last month {end}", since=since, end=end),
                words("check the year"),
            )


def _late(path: Path, month: Month, end: Month, notes: Notes) -> None:
    notes.warn(
        path,
        words("{month} lies after the last month {end}", month=month, end=end),
        words("plan more months, or check the year"),
    )


def _mend(path: Path) -> Wording:
    return (
        words("put it into `on_hand`")
        if "arrivals" in path
        else words("put it into `opening`")
        if "funds" in path
        else NOTHING
    )


def _spans(scenario: Contents) -> Iterator[tuple[Path, Month | None, Month | None]]:
    """Every ``from`` and ``until``."""
    for number, fund in enumerate(scenario.funds):
        inflows = fund.inflow if isinstance(fund.inflow, list) else [fund.inflow]
        for position, inflow in enumerate(inflows):
            place: Path = ("funds", number, "inflow")
            yield (*place, position) if isinstance(fund.inflow, list) else place, inflow.since, inflow.until
        if fund.borrow is not None:
            yield ("funds", number, "borrow"), fund.borrow.since, fund.borrow.until
    for number, commitment in enumerate(scenario.commitments):
        yield ("commitments", number), commitment.since, commitment.until


def _series(scenario: Contents) -> Iterator[tuple[Path, Month]]:
    """Every month that is a key: money or homes by month."""

    def each(path: Path, months: Iterable[Month]) -> Iterator[tuple[Path, Month]]:
        for month in months:
            yield path, month

    for number, fund in enumerate(scenario.funds):
        inflows = fund.inflow if isinstance(fund.inflow, list) else [fund.inflow]
        for position, inflow in enumerate(inflows):
            place: Path = ("funds", number, "inflow")
            place = (*place, position) if isinstance(fund.inflow, list) else place
            yield from each((*place, "by_month"), inflow.by_month)
    for number, commitment in enumerate(scenario.commitments):
        yield from each(("commitments", number, "by_month"), commitment.by_month)
    for number, estate in enumerate(scenario.estates):
        for position, unit in enumerate(estate.units):
            yield from each(("estates", number, "units", position, "arrivals"), unit.arrivals)
    for number, developer in enumerate(scenario.developers):
        if developer.homes is not None:
            yield from each(("developers", number, "homes", "arrivals"), developer.homes.arrivals)


def _limits(scenario: Contents) -> Iterator[tuple[Path, Month]]:
    """Every month by which, or from which, something must be."""
    for number, project in enumerate(scenario.projects):
        if project.deadline is not None:
            yield ("projects", number, "deadline"), project.deadline
    for number, developer in enumerate(scenario.developers):
        for position, target in enumerate(developer.offset_targets):
            yield ("developers", number, "offset_targets", position, "by"), target.by
    if scenario.objective.no_overdue_from is not None:
        yield ("objective", "no_overdue_from"), scenario.objective.no_overdue_from


def _beginnings(scenario: Contents) -> Iterator[tuple[Path, Month]]:
    """Every month in which something begins, which may lie before the start."""
    for number, project in enumerate(scenario.projects):
        if project.moved_out is not None:
            yield ("projects", number, "moved_out"), project.moved_out
    for section, programmes in (("vouchers", scenario.vouchers), ("cash", scenario.cash)):
        for number, programme in enumerate(programmes):
            if programme.start is not None:
                yield (section, number, "start"), programme.start
