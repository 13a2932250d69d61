"""A sweep in sentences and tables, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from renewopt.charts.labels import Locale
from renewopt.results.reporting.page import Table
from renewopt.tradeoffs.telling import (
    Section,
    Told,
    figures_table,
    locale_of,
    phases_table,
    proof,
    subtitle,
    without_plan,
)
from renewopt.wording import Language
from renewopt.wording.amounts import yuan

if TYPE_CHECKING:
    from renewopt.tradeoffs.records import SweepRecord

__all__ = ["called", "told_of_sweep"]

COLUMNS = 14
"""Points up to which phases have a column for each."""
TOLD = 12
"""Changes and points without a plan that are told one by one; the others are in the table."""


def called(sweep: SweepRecord) -> dict[int, str]:
    """What each point is called: its values."""
    names = [axis.address for axis in sweep.axes]
    rows = sweep.points[names].astype(str).itertuples(index=False, name=None)
    return {n: " · ".join(row) for n, row in zip(sweep.points["point"].tolist(), rows, strict=True)}


def told_of_sweep(sweep: SweepRecord, lang: Language) -> Told:
    """All that is told of a sweep."""
    say = locale_of(sweep.asked, lang)
    names = called(sweep)
    head = [axis.address for axis in sweep.axes]
    first = {int(row["point"]): [str(row[name]) for name in head] for row in sweep.points.to_dict("records")}
    sections = [
        Section("points.figures", ("objective",), figures_table(sweep.points, head, first, say, file="points.csv")),
        Section("points.months", ("months",), None),
    ]
    if len(_together(sweep)) > TOLD:
        sections.append(Section("points.changes", (), _changes(sweep, names, say)))
    if len(sweep.phases):
        table = phases_table(sweep.phases, names, say("points.phases.unit"), say)
        sections.append(
            Section("points.phases", ("phases",), table if len(table.head) <= COLUMNS and table.rows else None)
        )
    title = say("sweep.title", addresses=say("points.join").join(head))
    return Told(say, title, subtitle(sweep.asked, say), _short(sweep, names, say), sections)


def _short(sweep: SweepRecord, names: dict[int, str], say: Locale) -> list[str]:
    told = _along(sweep, names, say) if len(sweep.axes) == 1 else []
    told += proof(sweep.points, sweep.asked, say)
    missing = without_plan(sweep.points, names, say)
    told += missing[:TOLD]
    if len(missing) > TOLD:
        told.append(say("points.none.more", count=len(missing) - TOLD))
    changes = [_told_change(rows, names, say) for rows in _together(sweep)]
    told += changes[:TOLD]
    if len(changes) > TOLD:
        told.append(say("points.changes.more", count=len(changes) - TOLD))
    return told if changes else [*told, say("points.changes.none")]


def _along(sweep: SweepRecord, names: dict[int, str], say: Locale) -> list[str]:
    """From the first plan to the last: what is minimised, and the month from which nobody is overdue."""
    planned = sweep.points[sweep.points["objective"].notna()]
    if len(planned) < 2:
        return []
    first, last = planned.iloc[0], planned.iloc[-1]
    ends = {"first": names[int(first["point"])], "last": names[int(last["point"])]}
    change = float(last["objective"]) - float(first["objective"])
    key = "less" if change < 0 else "more" if change > 0 else "same"
    amounts = {"before": first["objective"], "after": last["objective"], "change": abs(change)}
    told = [
        say(
            f"sweep.along.{key}",
            objective=say.word("objective", sweep.asked.objective),
            **ends,
            **{name: yuan(say.lang, float(amount)) for name, amount in amounts.items()},
        )
    ]
    before, after = (str(row["clear_month"]) for row in (first, last))
    if before != after:
        key = "sweep.clear" if before and after else "sweep.clear.last" if before else "sweep.clear.first"
        told.append(say(key, before=before, after=after, **ends))
    return told


def _together(sweep: SweepRecord) -> list[list[dict[Hashable, object]]]:
    """Changes between the same two points stand together."""
    return [rows.to_dict("records") for _, rows in sweep.changes.groupby(["axis", "from", "to"], sort=False)]


def _told_change(rows: list[dict[Hashable, object]], names: dict[int, str], say: Locale) -> str:
    ends = {"first": names[int(str(rows[0]["from"]))], "second": names[int(str(rows[0]["to"]))]}
    what = say("points.change.join").join(_change(row, say) for row in rows)
    return say("points.change", what=what, **ends)


def _change(row: dict[Hashable, object], say: Locale) -> str:
    what, item = str(row["what"]), str(row["item"])
    name = say.label("phase", item) if what == "phase" else say.word("route", item)
    return say(f"points.change.{what}.{row['change']}", name=name)


def _changes(sweep: SweepRecord, names: dict[int, str], say: Locale) -> Table:
    rows = [
        [str(row["axis"]), names[int(row["from"])], names[int(row["to"])], _change(row, say)]
        for row in sweep.changes.to_dict("records")
    ]
    head = [say(f"points.column.{name}") for name in ("axis", "from", "to", "change")]
    return Table("", head, rows, range(0))
