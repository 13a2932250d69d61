"""What is told of a home roster in the office: who has a home, who has none, and why. It names needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from renewopt.results.aligning import align
from renewopt.results.rosters.record import LOTTERY
from renewopt.wording import Language, of_its_place, visible
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.results.rosters.record import RosterRecord

__all__ = ["how_given", "summarise", "who"]

SHOWN = 30
"""Rows of a table before the rest is only counted."""


@of_its_place
def summarise(roster: RosterRecord, lang: Language) -> str:
    """Tell a roster in plain text.

    Parameters
    ----------
    roster
    lang : {'en', 'zh'}
    """
    return visible("\n".join(_lines(roster, lang)))


def how_given(roster: RosterRecord, lang: Language) -> str:
    """Say in a sentence how homes were given."""
    drawn = roster.seed is not None and roster.mode != LOTTERY
    return say(lang, f"roster.mode.{roster.mode}{'.drawn' if drawn else ''}", seed=roster.seed)


def who(row: Mapping[Any, Any]) -> str:
    """Name a household, with its part and number where it has any: by that its lot is drawn."""
    household, part, number = (str(row[name]) for name in ("household", "part", "number"))
    return household + (f"/{part}" if part else "") + (f"#{number}" if number else "")


def _lines(roster: RosterRecord, lang: Language) -> Iterator[str]:
    yield say(lang, "roster.title", name=roster.name)
    yield how_given(roster, lang)
    table = roster.table
    yield say(lang, "roster.given", homes=f"{len(table):,}", left=f"{len(roster.left):,}")
    if len(table):
        yield say(
            lang,
            "roster.fit",
            misfit=f"{table['misfit_m2'].mean():.2f}",
            met=f"{int((table['unmet'] == '').sum()):,}",
            homes=f"{len(table):,}",
        )
    if roster.unlisted:
        yield say(lang, "roster.unlisted", count=f"{roster.unlisted:,}")
    if not roster.complete:
        yield ""
        yield say(lang, "roster.open", count=f"{len(roster.open):,}")
        head = [say(lang, f"roster.column.{name}") for name in ("household", "estate", "type", "moves_in", "why")]
        rows = [
            [who(row), row["estate"], row["type"], row["moves_in"], _why(row, lang)]
            for row in roster.open.head(SHOWN).to_dict("records")
        ]
        yield from align(head, rows)
        if len(roster.open) > SHOWN:
            yield say(lang, "more", count=f"{len(roster.open) - SHOWN:,}")


def _why(row: Mapping[Any, Any], lang: Language) -> str:
    return say(lang, f"roster.why.{row['why']}", needs=row["needs"])
