"""Alternatives in sentences and tables, for the terminal and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renewopt.charts.labels import Locale
from renewopt.charts.scales import money_scale
from renewopt.results.reporting.page import Table
from renewopt.results.summary import percent
from renewopt.tradeoffs.naming import part_word
from renewopt.tradeoffs.telling import Section, Told, figures_table, locale_of, phases_table, subtitle
from renewopt.wording import Language
from renewopt.wording.amounts import yuan

if TYPE_CHECKING:
    from renewopt.tradeoffs.records import AlternativesRecord

__all__ = ["called", "told_of_alternatives"]

NAMED = 12
"""Parts that are named in a sentence."""
COLUMNS = 14
NOT_SOUGHT = "–"
"""In place of a plan that nobody needed."""


def called(found: AlternativesRecord, say: Locale) -> dict[int, str]:
    """What each plan is called."""
    return {
        number: say("alternatives.plan") if number == 1 else say("alternatives.number", number=number - 1)
        for number in found.points["point"].tolist()
    }


def told_of_alternatives(found: AlternativesRecord, lang: Language) -> Told:
    """All that is told of alternatives."""
    say = locale_of(found.asked, lang)
    names = called(found, say)
    head = [say("alternatives.column.plan"), say("alternatives.column.above")]
    first = {
        int(row["point"]): [names[int(row["point"])], "" if row["point"] == 1 else f"{float(row['above']):+.2%}"]
        for row in found.points.to_dict("records")
    }
    sections = [
        Section("alternatives.parts", (), _parts_table(found, say)),
        Section("alternatives.routes", ("routes",), None),
        Section("points.figures", (), figures_table(found.points, head, first, say, file="points.csv")),
    ]
    if len(found.phases):
        table = phases_table(found.phases, names, say("points.phases.unit"), say)
        fits = len(table.head) <= COLUMNS and bool(table.rows)
        sections.append(Section("points.phases", ("phases",), table if fits else None))
    return Told(say, say("alternatives.title"), subtitle(found.asked, say), _short(found, say), sections)


def _short(found: AlternativesRecord, say: Locale) -> list[str]:
    parts = found.parts.to_dict("records")

    def named(verdict: str) -> list[str]:
        return [part_word(str(row["kind"]), str(row["item"]), say) for row in parts if row["verdict"] == verdict]

    told = []
    for verdict in ("must", "spared", "open"):
        names = named(verdict)
        if names:
            more = say("alternatives.more", count=len(names) - NAMED) if len(names) > NAMED else ""
            listed = say("alternatives.join").join(names[:NAMED]) + more
            told.append(say(f"alternatives.{verdict}", parts=listed, within=percent(found.within)))
    if any(_ended(found)):
        told.append(say("alternatives.ended"))
    if not named("must"):
        told.append(say("alternatives.must.none", within=percent(found.within)))
    spared = [row for row in parts if row["verdict"] == "spared"]
    if spared:
        cheapest = min(spared, key=lambda row: float(row["found"]))
        told.append(
            say(
                "alternatives.cheapest",
                part=part_word(str(cheapest["kind"]), str(cheapest["item"]), say),
                found=yuan(say.lang, max(float(cheapest["found"]), 0.0)),
            )
        )
    count = len(found.points) - 1
    told.append(
        say("alternatives.count", count=count) if count else say("alternatives.none", within=percent(found.within))
    )
    return told


def _ended(found: AlternativesRecord) -> list[bool]:
    """Of each part, whether the search without it ended once the part was proven a must, before it found a plan."""
    parts = found.parts
    ended: list[bool] = ((parts["verdict"] == "must") & parts["least"].notna() & parts["found"].isna()).tolist()
    return ended


def _parts_table(found: AlternativesRecord, say: Locale) -> Table:
    amounts = found.parts[["least", "found"]].abs().max().max()
    scale = money_scale(0.0 if amounts != amounts else float(amounts), say)  # noqa: PLR0124

    def written(value: object, none: str = "") -> str:
        amount = float(str(value))
        if amount != amount:  # noqa: PLR0124
            return none
        return f"{amount / scale.yuan:,.2f}" if scale.yuan > 1 else f"{amount:,.0f}"

    ended = _ended(found)

    rows = [
        [
            part_word(str(row["kind"]), str(row["item"]), say),
            say(f"alternatives.verdict.{row['verdict']}"),
            written(row["least"]),
            written(row["found"], NOT_SOUGHT if over else ""),
            f"{row['plans']} / {len(found.points)}",
        ]
        for row, over in zip(found.parts.to_dict("records"), ended, strict=True)
    ]
    head = [say(f"alternatives.column.{name}") for name in ("part", "verdict", "least", "found", "plans")]
    caption = say("alternatives.parts.unit.ended" if any(ended) else "alternatives.parts.unit", unit=scale.unit)
    return Table(caption, head, rows, range(2, 5))
