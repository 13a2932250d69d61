"""What the scenarios of two plans state otherwise, and what only one of the plans knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from renewopt.results.difference.record import Cause, made
from renewopt.results.record import PlanRecord
from renewopt.results.stated import Stated

__all__ = ["alone", "stated_otherwise", "stated_table"]

_KINDS = ("projects", "estates", "phases", "funds")


def stated_otherwise(a: Stated, b: Stated) -> tuple[Stated, Stated]:
    """Of what both scenarios state, that in which they differ; what has no item in one is left out of it."""
    return _without(a, b), _without(b, a)


def _without(ours: Stated, theirs: Stated) -> Stated:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for section, items in ours.items():
        for item, keys in items.items():
            others = theirs.get(section, {}).get(item)
            differing = {
                key: _entries(value, None if others is None else others.get(key))
                for key, value in keys.items()
                if others is None or others.get(key) != value
            }
            missing = others is None or any(key not in keys for key in others)
            if differing or missing:
                found.setdefault(section, {})[item] = differing
    return found


def _entries(ours: Any, theirs: Any) -> Any:
    """Of two mappings, such as amounts by month, the entries that differ; else all of it."""
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return ours
    return {key: _entries(value, theirs.get(key)) for key, value in ours.items() if theirs.get(key) != value}


def stated_table(a: Stated, b: Stated) -> pd.DataFrame:
    """One row for each key that differs, its values as they are stated.

    Parameters
    ----------
    a, b
        From `stated_otherwise`.
    """
    rows = list(_rows(a, b))
    return made("stated", {name: [row[place] for row in rows] for place, name in enumerate(_COLUMNS)})


_COLUMNS = ("section", "item", "key", "a", "b")


def _rows(a: Stated, b: Stated) -> Iterator[tuple[str, str, str, str, str]]:
    for section in dict.fromkeys([*a, *b]):
        for item in dict.fromkeys([*a.get(section, {}), *b.get(section, {})]):
            sides = [side.get(section, {}).get(item, {}) for side in (a, b)]
            for key in dict.fromkeys([*sides[0], *sides[1]]):
                ours, theirs = (_text(side[key]) if key in side else "" for side in sides)
                yield section, item, key, ours, theirs


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def alone(a: PlanRecord, b: PlanRecord, pairs: pd.DataFrame) -> pd.DataFrame:
    """Households, projects, estates, phases and funds that only one of the plans knows.

    Parameters
    ----------
    pairs
        From `renewopt.results.difference.pairing.pair_households`.
    """
    rows: list[tuple[str, str, str, int]] = []
    for side, ours, theirs in (("a", a.stated, b.stated), ("b", b.stated, a.stated)):
        rows += [
            (kind.removesuffix("s"), item, side, 0)
            for kind in _KINDS
            for item in ours.get(kind, {})
            if item not in theirs.get(kind, {})
        ]
    for side, cause in (("a", Cause.ONLY_A), ("b", Cause.ONLY_B)):
        mine = pairs[pairs["cause"] == cause].groupby("household", sort=False)["count"].sum()
        rows += [("household", str(household), side, int(count)) for household, count in mine.items()]
    return made(
        "alone", {name: [row[n] for row in rows] for n, name in enumerate(("kind", "id", "plan", "households"))}
    )
