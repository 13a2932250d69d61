"""Phrases of what renewopt tells: by key, each in English and Chinese side by side.

Summaries, reports, charts, commands, the work summary, the plan's workbook and findings of the audit say them; words of
closed vocabularies are among them. What an error or a help says is written where it arises instead, since it is carried
from there to whoever tells it: see `renewopt.wording.words`.
"""

from renewopt.vocabulary import TERMS
from renewopt.wording.filling import filled
from renewopt.wording.phrases import (
    briefing,
    charts,
    comparison,
    difference,
    explanations,
    findings,
    points,
    pricing,
    replanning,
    reports,
    rosters,
    summary,
    terminal,
    work_summary,
    workbook,
)
from renewopt.wording.places import in_place
from renewopt.wording.sentences import LANGUAGES, Language

__all__ = ["PHRASES", "TABLES", "known", "purpose", "say", "word"]

TABLES = (
    summary, terminal, reports, charts, work_summary, workbook, findings, difference, pricing, rosters, explanations,
    replanning, points, briefing, comparison,
)  # fmt: skip

PHRASES: dict[str, tuple[str, str]] = {
    **{f"{kind}.{code}": term[:2] for kind, terms in TERMS.items() for code, term in terms.items()},
    **{key: phrase for table in TABLES for key, phrase in table.PHRASES.items()},
}
"""By key: English and Chinese, with the same places to fill."""


def say(language: Language, key: str, /, **values: object) -> str:
    """Say the phrase `key` in a language and of the place that is spoken of; `KeyError` if there is none.

    Examples
    --------
    >>> say("en", "settled.all", month="2026-03")
    'All are housed by 2026-03'
    """
    return filled(in_place(language, PHRASES[key][LANGUAGES.index(language)]), values)


def known(key: str) -> bool:
    """Whether there is a phrase `key`."""
    return key in PHRASES


def word(language: Language, kind: str, code: str) -> str:
    """Find the word for a code (a route, a use, a policy), else the code itself; several joined by ``;`` each.

    Examples
    --------
    >>> word("zh", "route", "own_unit;voucher"), word("zh", "policy", "mine")
    ('原项目安置房;购房凭证', 'mine')
    """
    parts = code.split(";")
    return ";".join(say(language, f"{kind}.{part}") if known(f"{kind}.{part}") else part for part in parts)


def purpose(language: Language, code: str) -> str:
    """What money is for, as ``fees/P1`` or ``voucher/P1/D1``: in Chinese with the word for its use before the ids.

    Examples
    --------
    >>> purpose("zh", "voucher/P1/D1"), purpose("en", "voucher/P1/D1"), purpose("zh", "bond")
    ('购房凭证/P1/D1', 'voucher/P1/D1', 'bond')
    """
    use, slash, whose = code.partition("/")
    return f"{word(language, 'use', use)}/{whose}" if slash and language == "zh" and use in TERMS["use"] else code
