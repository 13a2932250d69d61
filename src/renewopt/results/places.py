"""The place of a plan as its files keep it: nothing where amounts are yuan and words those of the glossary."""

from __future__ import annotations

from typing import Any

from renewopt.scenario.models import CurrencyUnit, PlaceWord
from renewopt.scenario.sections.place import place_of
from renewopt.wording import HERE, YUAN, Place

__all__ = ["place_recorded", "recorded"]


def recorded(place: Place) -> dict[str, Any]:
    """What ``plan.json`` says of a place: the sections ``currency`` and ``words`` of its scenario."""
    currency = place.currency
    told: dict[str, Any] = {}
    if currency != YUAN:
        said = {name: getattr(currency, name) for name in ("name", "one", "chinese", "symbol", "code")}
        words = {name: word for name, word in said.items() if word}
        told["currency"] = {**words, "digits": currency.digits, "large": "myriads" if currency.myriads else "thousands"}
    if place.words:
        forms = ("term", "one", "several", "chinese")
        told["words"] = [{form: said for form in forms if (said := getattr(word, form))} for word in place.words]
    return told


def place_recorded(record: dict[str, Any]) -> Place:
    """Read a place back.

    Raises
    ------
    ValueError
        If it is none.
    """
    currency, own = record.get("currency"), record.get("words", [])
    if currency is None and not own:
        return HERE
    unit = None if currency is None else CurrencyUnit.model_validate(currency)
    return place_of(unit, [PlaceWord.model_validate(word) for word in own])
