"""Words of a language, for charts and pages: messages by key, and what planners call their projects and funds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from renewopt.wording import LANGUAGES, Language

__all__ = ["LANGUAGES", "Language", "Messages", "Words", "distinct", "plain", "short"]

Messages = Mapping[str, tuple[str, str]]
"""Key: the message in English and in Chinese, with placeholders."""


@dataclass(frozen=True)
class Words:
    """What is said, and in which language.

    Attributes
    ----------
    lang
        ``en`` or ``zh``.
    tables
        Tables of messages, looked through in this order.
    names
        Names that the planner gave, by kind (``project``, ``fund`` …) and id.
    """

    lang: Language
    tables: tuple[Messages, ...]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __call__(self, key: str, **values: object) -> str:
        """Say the message `key`, filled in.

        Raises
        ------
        KeyError
            If no table has it.
        """
        for table in self.tables:
            if key in table:
                return table[key][LANGUAGES.index(self.lang)].format(**values)
        raise KeyError(key)

    def knows(self, key: str) -> bool:
        """Whether there is a message `key`."""
        return any(key in table for table in self.tables)

    def word(self, kind: str, code: str) -> str:
        """Find the word for a code (a route, a use, a policy), else the code itself."""
        key = f"{kind}.{code}"
        return self(key) if self.knows(key) else code

    def label(self, kind: str, identifier: str) -> str:
        """Write an id with the name that the planner gave, where there is one."""
        name = self.names.get(kind, {}).get(identifier, "")
        return f"{identifier} {name}" if name and name != identifier else identifier


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
