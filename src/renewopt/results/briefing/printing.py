"""The brief as the first page of a report that is printed: as much of it, in letters as large, as an A4 page holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from renewopt.results.briefing.telling import SHOWN, Brief, Section, tell_brief
from renewopt.results.record import PlanRecord
from renewopt.wording import Language, width

__all__ = ["LEADING", "Printed", "columns_of", "printed"]

SIZES = (10.0, 9.5, 9.0, 8.6, 8.2, 7.8, 7.4, 7.0, 6.6)
"""Of the sentences in points, the largest that fits is taken."""
LEADING = 1.3
"""Height of a line in sizes."""
WIDE, COLUMN = 505.0, 238.0
"""Points that a sentence is wide, over the page and in one of two columns, with room for words that are not parted."""
PAGE = 742.0
"""Points of the page that are counted upon."""
SIGN: dict[Language, float] = {"en": 0.47, "zh": 0.5}
"""Width of a sign of half width in sizes, on average."""
ABOVE = ("lacking", "remedies")
ACROSS = ("decided", "money")
BELOW = ("given_up", "waits", "signing", "breaks", "doubts")
"""Sections in the order of the page: in two columns, across it, and in two columns again, first what is asked for."""


@dataclass(frozen=True)
class Printed:
    """A brief for the page.

    Attributes
    ----------
    brief
        With as many sentences as the page holds.
    size
        Of its letters in points.
    above, across, below
        Its sections in two columns, across the page, and in two columns below.
    """

    brief: Brief
    size: float

    @property
    def above(self) -> list[Section]:
        """What is lacking and what would do."""
        return _ordered(self.brief, ABOVE)

    @property
    def across(self) -> list[Section]:
        """What is decided, and what it takes."""
        return _ordered(self.brief, ACROSS)

    @property
    def below(self) -> list[Section]:
        """All else."""
        return _ordered(self.brief, BELOW)


def printed(plan: PlanRecord, lang: Language, told: Brief | None = None) -> Printed:
    """Choose how much of the brief of a plan is printed in which size.

    Parameters
    ----------
    plan
    lang : {'en', 'zh'}
    told
        Its brief, where it has been told already.
    """
    for most in range(SHOWN, 0, -1):
        brief = told if told is not None and most == SHOWN else tell_brief(plan, lang, most)
        for size in SIZES:
            if height(brief, size) <= PAGE:
                return Printed(brief, size)
    return Printed(brief, SIZES[-1])


def height(brief: Brief, size: float) -> float:
    """Points that a brief takes, the page's title included."""
    parts, sign = Printed(brief, size), SIGN[brief.lang] * size
    found = 70.0 + 25.0 * ceil(width(brief.title) * SIGN[brief.lang] * 22 / WIDE)
    found += columns_of([_tall(section, size, COLUMN / sign) for section in parts.above])
    found += sum(_tall(section, size, WIDE / sign) for section in parts.across)
    if brief.table is not None:
        found += 6.0 + (len(brief.table.rows) + 1) * (size * 0.95 * 1.45 + 4.0)
    return found + columns_of([_tall(section, size, COLUMN / sign) for section in parts.below])


def columns_of(heights: Sequence[float]) -> float:
    """Height of two columns that are filled in order, as even as may be, with parts that are not broken.

    Examples
    --------
    >>> columns_of([3.0, 1.0, 2.0]), columns_of([])
    (3.0, 0)
    """
    return min(max(sum(heights[:first]), sum(heights[first:])) for first in range(len(heights) + 1))


def _ordered(brief: Brief, keys: Sequence[str]) -> list[Section]:
    return sorted((each for each in brief.sections if each.key in keys), key=lambda each: keys.index(each.key))


def _tall(section: Section, size: float, signs: float) -> float:
    """Points that a section takes where so many signs of half width stand in a line."""
    lines = [max(ceil(width(sentence) / signs), 1) for sentence in section.sentences]
    return size * 1.16 * 1.45 + 6.0 + sum(count * size * LEADING + 1.2 for count in lines)
