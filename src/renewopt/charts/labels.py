"""Labels of charts and pages: phrases of a language, and what planners call their projects and funds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from renewopt.wording import LANGUAGES, Language, Place, place
from renewopt.wording.phrases import say, word

__all__ = ["LANGUAGES", "Language", "Locale", "distinct", "plain", "quarter_told", "short"]


@dataclass(frozen=True)
class Locale:
    """A language, and the names in which a planner speaks.

    Attributes
    ----------
    lang
        ``en`` or ``zh``.
    names
        Names that the planner gave, by kind (``project``, ``fund`` …) and id.
    place
        The place that is spoken of.
    """

    lang: Language
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    place: Place = field(default_factory=place)

    def __call__(self, key: str, **values: object) -> str:
        """Say a phrase, filled in; `KeyError` if there is none."""
        with self.place.spoken():
            return say(self.lang, key, **values)

    def word(self, kind: str, code: str) -> str:
        """Find the word for a code (a route, a use, a policy), else the code itself."""
        with self.place.spoken():
            return word(self.lang, kind, code)

    def label(self, kind: str, identifier: str) -> str:
        """Write an id with the name that the planner gave, if there is one; in Chinese the name, if no other has it.

        Examples
        --------
        >>> names = {"fund": {"F1": "财政资金", "F2": "债券", "F3": "债券"}}
        >>> Locale("zh", names).label("fund", "F1"), Locale("zh", names).label("fund", "F2")
        ('财政资金', 'F2 债券')
        >>> Locale("en", names).label("fund", "F1")
        'F1 财政资金'
        """
        called = self.names.get(kind, {})
        name = called.get(identifier, "")
        if not name or name == identifier:
            return identifier
        alone = self.lang == "zh" and list(called.values()).count(name) == 1
        return name if alone else f"{identifier} {name}"

    def joined(self, parts: Iterable[str]) -> str:
        """List things of a kind."""
        return self("join").join(parts)

    def apart(self, parts: Iterable[str]) -> str:
        """List things that may hold lists themselves."""
        return self("join.apart").join(parts)

    def headed(self, head: str, unit: str) -> str:
        """Write the head of a column or axis with its unit."""
        return self("head.unit", head=head, unit=unit)


def quarter_told(quarter: str, say: Locale) -> str:
    """Write a quarter of a year, which begins with the year and ends with its number."""
    number = say("brief.numbers").split()[int(quarter[-1]) - 1]
    return say("brief.column.quarter", year=quarter[:4], quarter=number)


def plain(text: str) -> str:
    """Write user text so that plotly, which reads some tags, shows it as it is.

    Examples
    --------
    >>> plain("<b>A & B</b>")
    '&lt;b&gt;A &amp; B&lt;/b&gt;'
    """
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return " ".join(text.split())


def short(text: str, longest: int = 22) -> str:
    """Cut a long label; the whole text belongs where the mouse points.

    Examples
    --------
    >>> short("A resettlement estate of a long name", 16)
    'A resettlement …'
    """
    return text if len(text) <= longest else text[: longest - 1].rstrip() + " …"


def distinct(label: str, taken: set[str]) -> str:
    """Number a label that is taken already: rows of an axis are told apart by their labels.

    Examples
    --------
    >>> distinct("East", {"East", "East #2"})
    'East #3'
    """
    number, tried = 1, label
    while tried in taken:
        number += 1
        tried = f"{label} #{number}"
    taken.add(tried)
    return tried
