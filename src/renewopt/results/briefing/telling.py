"""The brief in sentences: each from a figure of the plan's tables, and left out where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from renewopt.charts.labels import short
from renewopt.results.briefing.facts import coming_month
from renewopt.results.briefing.sentences_decided import decided
from renewopt.results.briefing.sentences_money import breaks, doubts, given_up
from renewopt.results.briefing.sentences_people import signing, waits
from renewopt.results.briefing.sentences_shortage import lacking, remedies
from renewopt.results.briefing.table import money_table
from renewopt.results.briefing.voice import LONGEST, Voice
from renewopt.results.reporting.page import Table, words_for
from renewopt.wording import Language, of_its_place
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["SHOWN", "Brief", "Section", "tell_brief"]

SHOWN = 3
"""Sentences of a kind, so that the brief stays on its page; and names in one sentence, twice as many."""


LONGEST_TITLE = 60
"""Signs of the plan's name in the title."""


@dataclass(frozen=True)
class Section:
    """A paragraph of the brief.

    Attributes
    ----------
    key
        Which one, as its placeholder in a template is called.
    lead
        Heading.
    sentences
        Each with its figures; of the section ``money``, none: there the table stands.
    """

    key: str
    lead: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """All that the page says.

    Attributes
    ----------
    lang
        Language.
    title, made
        Heading; months, policy and status.
    sections
        In their order.
    table
        Money by fund and quarter, and homes; None where there are no tables.
    """

    lang: Language
    title: str
    made: str
    sections: tuple[Section, ...]
    table: Table | None

    def head(self, section: Section) -> str:
        """Heading of a section with its number, as a paragraph begins with it."""
        number = say(self.lang, "brief.numbers").split()[self.sections.index(section)]
        return say(self.lang, "brief.number", number=number, lead=section.lead)

    def text(self, section: Section) -> str:
        """Sentences of a section, one after the other."""
        return ("" if self.lang == "zh" else " ").join(section.sentences)


@of_its_place
def tell_brief(plan: PlanRecord, lang: Language, most: int = SHOWN) -> Brief:
    """Tell a plan on one page.

    Parameters
    ----------
    plan : PlanRecord
        Any; of one without tables only what is lacking and how that can be mended is told.
    lang : {'en', 'zh'}
    most
        Sentences of a kind.
    """
    voice = Voice(plan, words_for(lang, plan.stated), most)
    parts: list[tuple[str, Iterable[str]]] = [("lacking", lacking(voice)), ("remedies", remedies(voice))]
    if plan.has_tables:
        parts += [
            ("decided", decided(voice)),
            ("money", ()),
            ("given_up", given_up(voice)),
            ("waits", waits(voice)),
            ("breaks", breaks(voice)),
            ("doubts", doubts(voice)),
            ("signing", signing(voice)),
        ]
    told = [(key, tuple(sentences)) for key, sentences in parts]
    coming = voice.month(coming_month(plan)) if plan.has_tables else ""
    table = money_table(voice) if plan.has_tables else None
    sections = tuple(
        Section(key, table.caption if key == "money" and table else say(lang, f"brief.{key}", month=coming), sentences)
        for key, sentences in told
        if sentences or key == "money"
    )
    title = "brief.title" if plan.variant is None else "brief.title.variant"
    return Brief(
        lang,
        say(lang, title, name=short(plan.name, LONGEST_TITLE), variant=short(plan.variant or "", LONGEST)),
        " · ".join([say(lang, "plan.months", first=plan.start, last=voice.last), _status(plan, lang)]),
        sections,
        table,
    )


def _status(plan: PlanRecord, lang: Language) -> str:
    """Status in a word or two."""
    if not plan.has_tables:
        return say(lang, "brief.status.none")
    rule = plan.status == "feasible" and plan.gap is None
    return say(lang, f"work.status.{'rule' if rule else plan.status}")
