"""What is lacking, and the smallest changes that would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from renewopt.results.briefing.periods import missing
from renewopt.results.briefing.voice import LEAST, Voice

if TYPE_CHECKING:
    from renewopt.results.record import Shortage

__all__ = ["lacking", "remedies"]


def lacking(voice: Voice) -> Iterator[str]:
    """What is short: in all, and for what, by the plan where there is one."""
    yield from _in_all(voice)
    if voice.plan.has_tables and voice.plan.shortfall is not None:
        yield from _of_plan(voice)
        return
    felt = [each for each in voice.plan.shortages if each.what != "money" or (each.amount or 0.0) >= LEAST]
    most_first = sorted(felt, key=lambda each: -sum(each.by_month.values()))
    yield from voice.first([_short(voice, shortage) for shortage in most_first])


def _in_all(voice: Voice) -> Iterator[str]:
    """How much money the plan lacks, and every plan."""
    plan = voice.plan
    key = "short" if plan.shortfall_bound is None else "short.none" if plan.shortfall is None else "short.proven"
    if plan.shortfall is not None or plan.shortfall_bound is not None:
        amounts = {"amount": plan.shortfall or 0.0, "bound": plan.shortfall_bound or 0.0}
        yield voice.say(f"brief.{key}", **{name: voice.yuan(amount) for name, amount in amounts.items()})


def _of_plan(voice: Voice) -> Iterator[str]:
    """For what the plan lacks money, the most first; the rest in all."""
    by_purpose = missing(voice.plan).groupby("purpose", sort=False)
    found = [
        (-float(rows["amount"].sum()), str(purpose), str(rows["month"].min()), str(rows["month"].max()))
        for purpose, rows in by_purpose
    ]
    found = sorted((each for each in found if each[0] >= LEAST), key=lambda each: -each[0])
    # One more is no longer than to say that there is one more.
    told = found if len(found) == voice.most + 1 else found[: voice.most]
    for amount, purpose, first, last in told:
        yield _missing(voice, amount, purpose, voice.span(first, last))
    if rest := found[len(told) :]:
        amount = sum(each[0] for each in rest)
        yield voice.say("brief.missing.more", amount=voice.yuan(amount), count=len(rest))


def _short(voice: Voice, shortage: Shortage) -> str:
    if shortage.amount is None or not shortage.by_month:
        return shortage.text[voice.lang]
    months = voice.span(min(shortage.by_month), max(shortage.by_month))
    return _missing(voice, shortage.amount, shortage.where, months)


def _missing(voice: Voice, amount: float, purpose: str, months: str) -> str:
    use, _, whose = purpose.partition("/")
    kinds = ("project", "fund", "commitment", "phase")
    kind = next((kind for kind in kinds if voice.say.names.get(kind, {}).get(whose)), "project")
    said = {"amount": voice.yuan(amount), "use": voice.say.word("use", use), "months": months}
    return voice.say("brief.missing", **said, whose=voice.name(kind, whose))


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
