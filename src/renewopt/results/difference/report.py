"""The page of a difference: from its tables alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from renewopt.charts.labels import Language, Locale
from renewopt.results.difference.plots import DifferencePlots
from renewopt.results.difference.record import Effect
from renewopt.results.difference.telling import (
    fees_table,
    figures_table,
    in_short,
    money_table,
    parts_table,
    phases_table,
    projects_table,
    sources,
    stated_table,
)
from renewopt.results.reporting.page import Table, page
from renewopt.units import Month
from renewopt.vocabulary import WAITING, Goal
from renewopt.wording import of_its_place

if TYPE_CHECKING:
    from renewopt.results.difference.record import DifferenceRecord

__all__ = ["difference_report"]

SHOWN = 40
"""Rows of a table before the rest is only counted."""
AFFECTED = 10
"""Rows of households that are worse off, and as many that are better off."""


@of_its_place
def difference_report(difference: DifferenceRecord, lang: Language = "en") -> str:
    """Write the page of a difference as one HTML file.

    Parameters
    ----------
    difference
    lang
        ``en`` or ``zh``.
    """
    say = Locale(lang, difference.names)
    tables: dict[str, Table | None] = {"figures": figures_table(difference, say)}
    found: tuple[tuple[str, pd.DataFrame, Callable[[], Table | None]], ...] = (
        ("fees", difference.causes, lambda: fees_table(difference, say)),
        ("parts", difference.parts(Goal.FEES), lambda: parts_table(difference, Goal.FEES, say)),
        ("cost", difference.parts(Goal.FISCAL), lambda: parts_table(difference, Goal.FISCAL, say)),
        ("people", difference.projects, lambda: projects_table(difference, SHOWN, say)),
        ("affected", difference.households, lambda: _affected(difference, say)),
        ("phases", difference.phases, lambda: phases_table(difference, SHOWN, say)),
        ("money", difference.money, lambda: money_table(difference, SHOWN, say)),
        ("stated", difference.stated, lambda: stated_table(difference, SHOWN, say)),
        ("alone", difference.alone, lambda: _alone(difference, say)),
    )
    for name, rows, make in found:
        tables[name] = make() if len(rows) else None
    shown = ["short", "figures", *(name for name in _SECTIONS if tables[name] is not None)]
    return page(
        "difference.html.j2",
        say,
        DifferencePlots(difference, lang).all(),
        title=say("diff.title", a=difference.a.label, b=difference.b.label),
        subtitle=sources(difference, say),
        told=in_short(difference, say),
        tables=tables,
        contents_of=[f"diff.{name}" for name in shown] if difference else [],
    )


_SECTIONS = ("fees", "parts", "cost", "people", "phases", "money", "stated", "alone")


def _affected(difference: DifferenceRecord, say: Locale) -> Table | None:
    """Households that are worse off, and those that are better off, the most affected first."""
    table = difference.households[difference.households["effect"].isin([Effect.WORSE, Effect.BETTER])]
    if table.empty:
        return None
    ends = [Month.parse(side.start) + side.months for side in (difference.a, difference.b)]
    end = max(ends, key=lambda month: month.ordinal)
    shift = _index(table["housed_b"], end) - _index(table["housed_a"], end)
    pays = table["household_pays_b"] - table["household_pays_a"]
    ranked = table.assign(shift=shift, by=shift.abs(), pays=pays, paid=pays.abs())
    ranked = ranked.sort_values(["by", "paid"], ascending=False, kind="stable")
    chosen = pd.concat([ranked[ranked["effect"] == effect].head(AFFECTED) for effect in (Effect.WORSE, Effect.BETTER)])
    rows = [
        [
            f"{row['household']} × {row['count']}" if row["count"] > 1 else str(row["household"]),
            say.label("project", str(row["project"])),
            say(f"diff.effect.{row['effect']}"),
            *(_offer(row, side, say) for side in ("a", "b")),
            _yuan(row["fees_change"]),
            _yuan(row["pays"]),
        ]
        for row in chosen.to_dict("records")
    ]
    names = ("household", "project", "change", "before", "after", "fees_change", "pays_change")
    head = [say("column.project" if name == "project" else f"diff.column.{name}") for name in names]
    hidden = len(difference.households) - len(rows)
    more = say("page.more", count=f"{hidden:,}", file="households.csv") if hidden else ""
    return Table(say("diff.most.affected"), head, rows, range(5, 7), more=more)


def _index(months: pd.Series, end: Month) -> pd.Series:
    """Months by number; who is not housed waits to the end."""
    number = {month: (Month.parse(month) if month else end).ordinal for month in months.unique()}
    return months.map(number)


def _offer(row: Mapping[Hashable, object], side: str, say: Locale) -> str:
    route = str(row[f"route_{side}"])
    if not row[f"housed_{side}"]:
        return say("diff.most.waits") if route == WAITING else say.word("route", route)
    pool = str(row[f"pool_{side}"]).replace(";", "; ")
    return f"{row[f'housed_{side}']} {say.word('route', route).replace(';', '; ')} {pool}"


def _yuan(amount: float) -> str:
    return f"{amount:+,.0f}".replace("-", "−") if round(amount) else "0"


def _alone(difference: DifferenceRecord, say: Locale) -> Table:
    """What only one of the plans knows."""
    labels = {"a": difference.a.label, "b": difference.b.label}
    rows = [
        [
            say(f"column.{row['kind']}") if row["kind"] != "household" else say("diff.column.household"),
            say.label(str(row["kind"]), str(row["id"])),
            labels[str(row["plan"])],
        ]
        for row in difference.alone.head(SHOWN).to_dict("records")
    ]
    head = [say("diff.column.kind"), say("diff.column.item"), say("diff.column.plan")]
    hidden = len(difference.alone) - len(rows)
    more = say("page.more", count=f"{hidden:,}", file="alone.csv") if hidden else ""
    return Table("", head, rows, range(0), more=more)
