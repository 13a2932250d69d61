"""The place of a scenario that is still being read: its errors speak of it, and its amounts are in its currency."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from renewopt.scenario.nodes import Mapping, plain
from renewopt.scenario.sections.place import CurrencyUnit, PlaceWord, place_of
from renewopt.wording import Place

__all__ = ["PLACE", "place_in", "place_told"]

PLACE = ("currency", "words")
"""The sections that make the place."""


@cache
def _currency() -> TypeAdapter[CurrencyUnit | None]:
    return TypeAdapter(CurrencyUnit | None)


@cache
def _words() -> TypeAdapter[list[PlaceWord]]:
    return TypeAdapter(list[PlaceWord])


def place_told(sections: AbstractMapping[str, Any]) -> Place:
    """Return the place that sections make; what is not right in them is left to the checks of all sections.

    Parameters
    ----------
    sections
        ``currency`` and ``words`` as plain values; others are passed over.
    """
    return place_of(_as_told(_currency, sections.get("currency"), None), _as_told(_words, sections.get("words"), []))


def _as_told(kind: Callable[[], TypeAdapter[Any]], stated: Any, otherwise: Any) -> Any:
    """Validate a section; what takes its time to be made is made where the section is stated."""
    try:
        return otherwise if stated is None else kind().validate_python(stated)
    except ValidationError:
        return otherwise


def place_in(root: Mapping) -> Place:
    """Return the place of a scenario's tree."""
    return place_told({name: plain(root.entries[name].node) for name in PLACE if name in root.entries})
