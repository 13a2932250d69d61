"""What many plans have in common when they are told: sentences, tables of figures, text and page."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from renewopt.charts.chart import Chart
from renewopt.charts.labels import Locale
from renewopt.charts.scales import Scale, money_scale
from renewopt.results.aligning import align
from renewopt.results.reporting.page import Table, page
from renewopt.results.summary import percent
from renewopt.tradeoffs.record import Asked
from renewopt.vocabulary import OBJECTIVES, StartsGoal
from renewopt.wording import Language, visible
from renewopt.wording.amounts import yuan

__all__ = ["Section", "Told", "figures_table", "locale_of", "page_of", "phases_table", "proof", "subtitle", "summarise"]

SHOWN = 200
"""Rows of a table before the rest is only counted."""


@dataclass(frozen=True)
class Section:
    """A part of what is told: its key (its head is the phrase ``head.KEY``), its charts and its table."""

    key: str
    charts: tuple[str, ...]
    table: Table | None


@dataclass(frozen=True)
class Told:
    """All that is told, in one language."""

    say: Locale
    title: str
    subtitle: list[str]
    short: list[str]
    sections: list[Section]


def locale_of(asked: Asked, lang: Language) -> Locale:
    """Language and names."""
    return Locale(lang, asked.names, asked.place)


def subtitle(asked: Asked, say: Locale) -> list[str]:
    """Of which scenario, and what is minimised."""
    variant = say("diff.base") if asked.variant is None else say("diff.variant", variant=asked.variant)
    return [asked.name, variant, say("points.minimised", objective=say.word("objective", asked.objective))]


def proof(points: pd.DataFrame, asked: Asked, say: Locale) -> list[str]:
    """How far the plans are proven, and which points have none."""
    told = []
    planned = points[points["objective"].notna()]
    gaps = planned["gap"].dropna()
    if len(gaps):
        beyond = int((gaps > asked.gap).sum())
        told.append(
            say("points.proven", gap=percent(float(gaps.max())), count=len(planned))
            if not beyond
            else say("points.proven.beyond", gap=percent(asked.gap), count=beyond, largest=percent(float(gaps.max())))
        )
    return told


def without_plan(points: pd.DataFrame, called: Mapping[int, str], say: Locale) -> list[str]:
    """Points that have no plan, and why."""
    told = []
    for row in points[points["objective"].isna()].to_dict("records"):
        where = called[int(row["point"])]
        if row["status"] == "infeasible":
            lacking = float(row["lacking"]) if pd.notna(row["lacking"]) else 0.0
            key = "points.none.lacking" if lacking else "points.none"
            told.append(say(key, point=where, amount=yuan(say.lang, lacking)))
        else:
            told.append(
                say("points.none.found", point=where, why=str(row["reason"]) or say("points.status.time_limit"))
            )
    return told


def figures_table(
    points: pd.DataFrame, head: Sequence[str], first: Mapping[int, Sequence[str]], say: Locale, *, file: str
) -> Table:
    """The main figures of each point.

    Parameters
    ----------
    head, first
        Columns that stand first, and what each point has there.
    """
    delay = StartsGoal.DELAY
    # What is minimised is mostly one of the totals: it is told once.
    totals: list[str] = [name for name in OBJECTIVES if not points[name].equals(points["objective"])]
    minimised: set[str] = {name for name in OBJECTIVES if name not in totals}
    # Of programmes alone.
    totals += [delay] if points[delay].notna().any() else []
    money = ["objective", *totals]
    # In the unit of the smallest of them, so that all differences are seen.
    largest = [amount for amount in points[money].abs().max().tolist() if amount > 0]
    scale = money_scale(min(largest, default=0.0), say)
    households = points["households"].dropna().unique()
    rows = [
        [
            *first[int(row["point"])],
            *(_money(row[name], scale) for name in money),
            _gap(row, say),
            _housed(row, alone=len(households) > 1),
            *(_month(row, name, say) for name in ("clear_month", "all_settled_month")),
        ]
        for row in points.head(SHOWN).to_dict("records")
    ]
    columns = [
        *head,
        say.word("objective", minimised.pop()) if minimised else say("diff.figure.objective"),
        *(say.word("objective", name) for name in totals),
        say("diff.figure.gap"),
        say("points.column.settled", households=f"{households[0]:,.0f}")
        if len(households) == 1
        else say("diff.figure.settled"),
        say("points.month.clear"),
        say("points.month.settled"),
    ]
    more = len(points) - len(rows)
    return Table(
        say("diff.unit.both", unit=scale.unit),
        columns,
        rows,
        range(len(head), len(columns)),
        more=say("page.more", count=f"{more:,}", file=file) if more > 0 else "",
    )


def _money(value: object, scale: Scale) -> str:
    amount = float(str(value))
    if amount != amount:  # noqa: PLR0124 - there is none
        return ""
    return f"{amount / scale.yuan:,.2f}" if scale.yuan > 1 else f"{amount:,.0f}"


def _gap(row: Mapping[Hashable, object], say: Locale) -> str:
    """How far it is proven; where there is no plan, or nothing is proven, that."""
    planned = not pd.isna(float(str(row["gap"])))
    return percent(float(str(row["gap"]))) if planned else say(f"points.status.{row['status']}")


def _housed(row: Mapping[Hashable, object], *, alone: bool) -> str:
    settled, households = (float(str(row[name])) for name in ("settled", "households"))
    if settled != settled:  # noqa: PLR0124 - there is no plan
        return ""
    return f"{settled:,.0f} / {households:,.0f}" if alone else f"{settled:,.0f}"


def _month(row: Mapping[Hashable, object], name: str, say: Locale) -> str:
    return "" if pd.isna(float(str(row["objective"]))) else str(row[name]) or say("points.never")


def phases_table(phases: pd.DataFrame, called: Mapping[int, str], head: str, say: Locale) -> Table:
    """When each phase is handed over in each point; phases that are alike in all are left out."""
    wide = phases.pivot_table(index="phase", columns="point", values="completed", aggfunc="first", sort=False)
    differ = wide[wide.ne(wide.iloc[:, 0], axis=0).any(axis=1)]
    rows = [
        [say.label("phase", str(name)), *(str(month) or "–" for month in months)]
        for name, months in zip(differ.index, differ.to_numpy().tolist(), strict=True)
    ]
    columns = [say("column.phase"), *(called[int(point)] for point in wide.columns)]
    alike = len(wide) - len(differ)
    return Table(head, columns, rows, range(1, len(columns)), more=say("points.alike", count=alike) if alike else "")


def summarise(told: Told, lang: Language) -> str:
    """Plain text, the same on a terminal, in a pipe and in a notebook."""
    say = told.say
    blocks = [[told.title, " · ".join(told.subtitle)], told.short]
    for section in told.sections:
        if section.table is not None:
            table = section.table
            blocks.append(
                [
                    say(f"head.{section.key}"),
                    *([f"  {table.caption}"] if table.caption else []),
                    *align(table.head, table.rows, numbers=table.numbers),
                    *([f"  {table.more}"] if table.more else []),
                ]
            )
    assert lang == say.lang
    return visible("\n\n".join("\n".join(block) for block in blocks))


def page_of(told: Told, charts: Sequence[Chart], lang: Language) -> str:
    """One HTML file that opens offline."""
    assert lang == told.say.lang
    drawn = {chart.key for chart in charts}
    sections = [each for each in told.sections if each.table is not None or drawn & set(each.charts)]
    return page(
        "points.html.j2",
        told.say,
        charts,
        title=told.title,
        subtitle=told.subtitle,
        told=told.short,
        sections=sections,
        contents_of=["points.short", *(each.key for each in sections)],
    )
