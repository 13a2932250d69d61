"""The page of a home roster that can be posted: households by their ids, their homes, and how anybody checks it.

No needs, no wishes, no money, no names: who is told to be without a home is told without the reason.
"""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

from renewopt.results.reporting.page import Table, page, words_for
from renewopt.results.rosters.record import FIT
from renewopt.results.rosters.telling import how_given, who
from renewopt.wording import Language, of_its_place

if TYPE_CHECKING:
    from renewopt.charts.labels import Locale
    from renewopt.results.rosters.record import RosterRecord

__all__ = ["posted_page"]

DIGITS = 12
"""Digits of a lot that are shown: enough to tell lots apart, and to find it again."""


@of_its_place
def posted_page(roster: RosterRecord, lang: Language) -> str:
    """Write the page.

    Parameters
    ----------
    roster
    lang : {'en', 'zh'}
    """
    say = words_for(lang)
    given: list[dict[str, Any]] = roster.table.to_dict("records")  # type: ignore[assignment]
    without: list[dict[str, Any]] = roster.open.to_dict("records")  # type: ignore[assignment]
    return page(
        "roster.html.j2",
        say,
        [],
        title=say("roster.title", name=roster.name),
        subtitle=[how_given(roster, lang), say("roster.homes", homes=f"{len(given):,}")],
        tables=[
            _table(say, roster, estate, list(rows)) for estate, rows in groupby(given, key=lambda row: row["estate"])
        ],
        rule=say(f"roster.rule.{roster.mode}"),
        seed=roster.seed,
        example=_example(roster, given),
        without=[say.headed(who(row), say.joined([row["estate"], row["moves_in"]])) for row in without],
        digest=roster.scenario_sha256[:16],
    )


def _example(roster: RosterRecord, given: list[dict[str, Any]]) -> tuple[str, str] | None:
    """Command by which the first lot of the page is drawn again, and the lot."""
    if roster.seed is None or not given:
        return None
    text = f"{roster.seed}:{who(given[0])}".replace("'", "'\\''")
    return f"printf '%s' '{text}' | sha256sum", given[0]["lot"]


def _table(say: Locale, roster: RosterRecord, estate: str, rows: list[dict[str, Any]]) -> Table:
    columns = ["household", "type", "building", "floor", "home", "area_m2", "orientation", "moves_in"]
    ordered = [*(["place"] if roster.mode != FIT else []), *(["lot"] if roster.seed is not None else [])]
    shown = [*columns, *ordered]
    shown = [name for name in shown if name in {"household", "home"} or any(_cell(row, name) for row in rows)]
    place = shown.index("area_m2") if "area_m2" in shown else 0
    return Table(
        say("roster.estate", estate=estate, homes=f"{len(rows):,}"),
        [say(f"roster.column.{name}") for name in shown],
        [[_cell(row, name) for name in shown] for row in rows],
        range(place, place + 1) if place else range(0),
    )


def _cell(row: dict[str, Any], name: str) -> str:
    if name == "household":
        return who(row)
    if name == "area_m2":
        return "" if math.isnan(row[name]) else f"{row[name]:.2f}"
    text = str(row[name])
    return text[:DIGITS] if name == "lot" else text
