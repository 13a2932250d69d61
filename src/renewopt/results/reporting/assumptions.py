"""The assumptions of a plan as a reader meets them: what the scenario states, section by section, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from renewopt.charts.labels import Locale
from renewopt.results.stated import Stated

__all__ = ["ITEMS_SHOWN", "Section", "sections"]

ITEMS_SHOWN = 40
"""Items of a section before the rest is only counted; all of them are in plan.json."""
MONTHS_SHOWN = 8
"""Amounts by month that are listed before they are put together."""


@dataclass(frozen=True)
class Section:
    """A section of the scenario.

    Attributes
    ----------
    title
        In words.
    items
        (label, what is stated of it, key by key).
    more
        Items that are not shown.
    """

    title: str
    items: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    more: int


def sections(stated: Stated, say: Locale) -> list[Section]:
    """Tell all that is stated; in the order of the scenario.

    Parameters
    ----------
    stated
        From `renewopt.results.stated.state`.
    say
        Language.
    """
    found = []
    for name, items in stated.items():
        shown = list(items.items())[:ITEMS_SHOWN]
        told = tuple(
            (_label(say.word("key", key) if name == "tables" else key, item), tuple(_stated(item, say)))
            for key, item in shown
        )
        found.append(Section(say.word("section", name), told, len(items) - len(shown)))
    return found


def _label(key: str, item: Mapping[str, Any]) -> str:
    name = str(item.get("name", ""))
    return f"{key} {name}" if name and name != key else key


def _stated(item: Mapping[str, Any], say: Locale) -> list[tuple[str, str]]:
    return [
        (say.word("key", key), _value(value, say, key))
        for key, value in item.items()
        if key != "name" and not _idle(key, value)
    ]


def _idle(key: str, value: Any) -> bool:
    """Whether a value says nothing that a reader needs."""
    return value in (None, "", [], {}) or (key in _NOTHING and _number(str(value)) == 0)


_SHARES = {
    "progress",
    "share",
    "percent",
    "bonus",
    "take_up",
    "advance",
    "recovered",
    "upfront",
    "surcharge",
    "discount_rate",
}
_NOTHING = {"disutility", "on_hand", "price", "housed_after", "within_price", "refund", "per_household", "progress"}
"""Keys whose 0 says nothing."""
_LOAN_RATE = "limit"
"""Beside this key a rate is interest; elsewhere it is yuan."""


def _value(value: Any, say: Locale, key: str = "", *, interest: bool = False) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, Mapping):
        return _mapping(value, say)
    if isinstance(value, list):
        return say("list.outer").join(_value(part, say, key) for part in value)
    text = str(value)
    number = _number(text)
    if number is None:
        return say.word("value", text)
    if key in _SHARES or (key == "rate" and interest):
        return _digits(number * 100) + " %"
    return _digits(number)


def _digits(number: Decimal) -> str:
    """Write a number with all its digits and no more."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _mapping(value: Mapping[str, Any], say: Locale) -> str:
    if set(value) == {"after", "multiplier"}:
        return say("step.overdue", month=int(value["after"]) + 1, multiplier=_value(value["multiplier"], say))
    if set(value) == {"after", "share"}:
        share = _value(value["share"], say, "share")
        return say("step.share" if int(value["after"]) else "step.share.now", share=share, months=int(value["after"]))
    parts = {key: part for key, part in value.items() if not _idle(key, part)}
    months = [key for key in parts if _is_month(key)]
    if len(months) > MONTHS_SHOWN and len(months) == len(parts):
        total = sum((Decimal(str(parts[month])) for month in months), Decimal(0))
        return say("by_month", count=len(months), first=min(months), last=max(months), total=f"{total:,.2f}")
    interest = _LOAN_RATE in parts or "months_left" in parts
    return say("list.inner").join(
        (f"{say(f'key.{key}')} " if say.knows(f"key.{key}") else f"{key}: ") + _value(part, say, key, interest=interest)
        for key, part in parts.items()
    )


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_month(key: str) -> bool:
    year, _, month = key.rpartition("-")
    return year.isdigit() and month.isdigit()
