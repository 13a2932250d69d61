"""What is lacking, and the smallest changes that would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from renewopt.results.briefing.voice import LEAST, Voice
from renewopt.results.summary import lacking as lacking_in_all

if TYPE_CHECKING:
    from renewopt.results.record import Shortage

__all__ = ["lacking", "remedies"]


def lacking(voice: Voice) -> Iterator[str]:
    """What is short."""
    yield from lacking_in_all(voice.plan, voice.lang)
    felt = [each for each in voice.plan.shortages if each.what != "money" or (each.amount or 0.0) >= LEAST]
    most_first = sorted(felt, key=lambda each: -sum(each.by_month.values()))
    yield from voice.first([_missing(voice, shortage) for shortage in most_first])


def _missing(voice: Voice, shortage: Shortage) -> str:
    if shortage.amount is None or not shortage.by_month:
        return shortage.text[voice.lang]
    use, _, whose = shortage.where.partition("/")
    kinds = ("project", "fund", "commitment", "phase")
    kind = next((kind for kind in kinds if voice.say.names.get(kind, {}).get(whose)), "project")
    return voice.say(
        "brief.missing",
        amount=voice.yuan(shortage.amount),
        use=voice.say.word("use", use),
        whose=voice.name(kind, whose),
        months=voice.span(min(shortage.by_month), max(shortage.by_month)),
    )


def remedies(voice: Voice) -> Iterator[str]:
    """The smallest change of each rule that does."""
    if not voice.plan.conflicts:
        return
    from renewopt.results.conflicts.changes import NOT_ENOUGH

    found = [
        voice.say(
            "brief.remedy" if conflict.proven else "brief.remedy.likely",
            rule=_open(rule.text[voice.lang]),
            change=_open(rule.change[voice.lang]),
        )
        for conflict in voice.plan.conflicts
        for rule in conflict.rules
        if rule.change is not None and rule.change[voice.lang] != NOT_ENOUGH.said(voice.lang)
    ]
    # Another conflict may ask for the same.
    yield from voice.first(list(dict.fromkeys(found)), 2 * voice.most)


def _open(sentence: str) -> str:
    """Take off the full stop of a sentence that is told within another one."""
    return sentence.rstrip("。. ")
