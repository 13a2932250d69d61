"""The place that is spoken of: its currency, and its own words for the terms of renewopt.

Sentences are written once, in yuan and in the terms of the glossary. While a place is spoken of (`Place.spoken`), the
wording layer puts the place's unit and words into a sentence before it is filled in, so that no text of a planner's is
ever changed by it. Language is the reader's choice and is handed in; the place is the scenario's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import ParamSpec, TypeVar

from renewopt.vocabulary import PLACE_TERMS, Language

P = ParamSpec("P")
R = TypeVar("R")

__all__ = [
    "HERE",
    "YUAN",
    "Currency",
    "OwnWord",
    "Place",
    "in_currency",
    "in_place",
    "of_its_place",
    "place",
    "speak_of",
]


@dataclass(frozen=True)
class Currency:
    """What money is called and how it is written.

    Attributes
    ----------
    name, one
        In English, of several and of one: pounds, pound.
    chinese
        In Chinese.
    symbol, code
        Stand before an amount (``£``), and instead of the name (``GBP``); empty where there are none.
    digits
        After the point: 2 or 0.
    myriads
        Whether Chinese texts group large amounts as 万 and 亿.
    """

    name: str = "yuan"
    one: str = "yuan"
    chinese: str = "元"
    symbol: str = ""
    code: str = ""
    digits: int = 2
    myriads: bool = True

    def example(self) -> tuple[str, str]:
        """Two amounts as they may be written."""
        return self.written("1,200"), f"1,200 {self.code or self.name}"

    def written(self, number: str) -> str:
        """Write a number with the symbol, else with the name."""
        if not self.symbol:
            return f"{number} {self.one if number == '1' else self.name}"
        sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
        return f"{sign}{self.symbol}{' ' if self.symbol[-1].isalpha() else ''}{digits}"


YUAN = Currency()


@dataclass(frozen=True)
class OwnWord:
    """What a place calls a term of `PLACE_TERMS`, in English and Chinese; empty: as renewopt does."""

    term: str
    one: str = ""
    several: str = ""
    chinese: str = ""


@dataclass(frozen=True)
class Place:
    """A currency, and words of the place's own."""

    currency: Currency = YUAN
    words: tuple[OwnWord, ...] = ()

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """Speak of this place as long as the context lasts."""
        token = _place.set(self)
        try:
            yield
        finally:
            _place.reset(token)


HERE = Place()
"""Where nothing is stated: yuan, and the terms of the glossary."""

_place: ContextVar[Place] = ContextVar("place", default=HERE)


def place() -> Place:
    """Return the place that is spoken of."""
    return _place.get()


def speak_of(other: Place) -> None:
    """Speak of a place from now on: for a command, once it knows its scenario."""
    _place.set(other)


def of_its_place(make: Callable[P, R]) -> Callable[P, R]:
    """Let a function speak of the place of its first argument, a scenario or what was made of one."""

    @wraps(make)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        here = getattr(args[0] if args else None, "place", None)
        if not isinstance(here, Place) or here == place():
            return make(*args, **kwargs)
        with here.spoken():
            return make(*args, **kwargs)

    return spoken


def in_place(lang: Language, sentence: str, *, plain: bool = False) -> str:
    """Put the place's unit and words into a sentence.

    Parameters
    ----------
    lang
        That of the sentence.
    sentence
        With places to fill as in `str.format`; these stay, as does what stands between backticks.
    plain
        Whether it is a text as it is, without such places.

    Examples
    --------
    >>> with Place(Currency("pounds", "pound", "英镑"), (OwnWord("household", "tenant", "tenants"),)).spoken():
    ...     in_place("en", "A household pays {household} yuan of `household`; households wait")
    'A tenant pays {household} pounds of `household`; tenants wait'
    """
    here = _place.get()
    return sentence if here is HERE else _changed(here, lang, sentence, plain, True)


def in_currency(lang: Language, text: str) -> str:
    """Put the place's unit, but none of its words, into a text as it is, such as a header with its unit."""
    here = _place.get()
    return text if here is HERE else _changed(here, lang, text, True, False)


_FIXED = re.compile(r"(`[^`]*`|\{\w+:(?=[^{}]*\|)|\{[^{}]*\})")
"""What no sentence is changed in: keys, and places to fill, but for the words that follow a number."""
_SAMPLES = re.compile(r"[0-9]+[万亿]元")
_YUAN = re.compile(r"(?<![\w`])(?:(?P<few>(?:(?P<a>[Aa])|[Oo]ne|1) )yuan|(?P<many>[Yy]uan)|(?P<fen>fen))(?![\w_])")
_CHINESE_YUAN = re.compile(r"(?P<tens>[百千]?)(?P<myriads>[万亿]?)(?<![单美])元(?![素旦])")


@lru_cache(maxsize=4096)
def _changed(here: Place, lang: Language, sentence: str, plain: bool, own: bool) -> str:
    parts = _FIXED.split(sentence) if not plain else re.split(r"(`[^`]*`)", sentence)
    for number in range(0, len(parts), 2):
        text = parts[number]
        # In this order, so that the name of a unit is never taken for a term.
        pieces = _priced(here.currency, lang, text)
        parts[number] = "".join(
            (piece if plain else _escaped(piece)) if ours else (_called(here, lang, piece, plain) if own else piece)
            for piece, ours in pieces
        )
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _priced(currency: Currency, lang: Language, text: str) -> list[tuple[str, bool]]:
    """Cut a text at its units of money; True: a piece that is the place's own."""
    if currency == YUAN:
        return [(text, False)]
    samples = iter(currency.example() * text.count("元"))
    pieces: list[tuple[str, bool]] = []
    last = 0
    pattern = _YUAN if lang == "en" else _CHINESE_YUAN
    found = sorted([*_SAMPLES.finditer(text), *pattern.finditer(text)], key=lambda match: (match.start(), -match.end()))
    for match in found:
        if match.start() < last:
            continue
        if match.re is _SAMPLES:
            unit = next(samples)
        elif lang == "zh":
            unit = f"{match['tens']}{match['myriads'] if currency.myriads else ''}{currency.chinese}"
        else:
            unit = _unit(currency, match)
        pieces += [(text[last : match.start()], False), (unit, True)]
        last = match.end()
    return [*pieces, (text[last:], False)]


def _unit(currency: Currency, match: re.Match[str]) -> str:
    if match["fen"]:
        return "hundredths"
    if match["many"]:
        return _as(match["many"], currency.name)
    before = _article(match["a"], currency.one) if match["a"] else match["few"]
    return f"{before.rstrip()} {currency.one}"


def _as(model: str, word: str) -> str:
    """Write a word with the case that another one begins with."""
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def _article(a: str, word: str) -> str:
    vowel = word[:1].casefold() in tuple("aeiou") and not word.casefold().startswith(("eu", "one", "uni", "use"))
    return f"{a}n" if vowel else a


def _called(here: Place, lang: Language, text: str, plain: bool) -> str:
    """Put the place's words into a text."""
    pattern, words = _words(here, lang)
    if pattern is None:
        return text

    def own(match: re.Match[str]) -> str:
        known = match["term"]
        word = words[known.casefold()]
        if word is None:
            return match[0]
        said = _as(known, word if plain else _escaped(word))
        article = match["article"] if lang == "en" else None
        return f"{_article(article[0], word)} {said}" if article else said

    return pattern.sub(own, text)


@cache
def _words(here: Place, lang: Language) -> tuple[re.Pattern[str] | None, dict[str, str | None]]:
    """What finds the terms for which the place has words, and the word for each; None: a longer term that stays."""
    words: dict[str, str | None] = {}
    for own in here.words:
        term = PLACE_TERMS[own.term]
        if lang == "zh" and own.chinese:
            words |= dict.fromkeys(term.chinese, own.chinese)
        elif lang == "en" and own.one:
            words |= {term.one: own.one, term.several: own.several or own.one}
    if not words:
        return None, {}
    for term in PLACE_TERMS.values():
        for form in (term.one, term.several) if lang == "en" else term.chinese:
            words.setdefault(form, None)
    forms = "|".join(re.escape(form) for form in sorted(words, key=len, reverse=True))
    if lang == "zh":
        return re.compile(f"(?P<term>{forms})"), words
    return re.compile(rf"(?<![\w-])(?:(?P<article>[Aa]n?) )?(?P<term>{forms})(?![\w-])", re.IGNORECASE), words
