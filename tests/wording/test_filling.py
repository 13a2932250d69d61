"""What follows a number agrees with it, and months in Chinese prose are written as such, in every sentence there is."""

from __future__ import annotations

import re
from string import Formatter

from hypothesis import given
from hypothesis import strategies as st

from renewopt.units import Month, Span
from renewopt.wording import words
from renewopt.wording.chinese import CHINESE
from renewopt.wording.filling import chinese_month, filled
from renewopt.wording.phrases import PHRASES, say
from renewopt.wording.places import HERE, OwnWord, Place

BOTH = {**{sentence: (sentence, chinese) for sentence, chinese in CHINESE.items()}, **PHRASES}
NUMBERED = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")
SEVERAL = {
    several: one
    for english, _ in BOTH.values()
    for _, one, several in NUMBERED.findall(english)
    if several.isalpha() and several in {f"{one}s", f"{one}es", f"{one[:-1]}ies"} and several != "times"
}
"""Nouns of which there may be one or several, as sentences have them; "times" are factors too, such as 1.5."""

MONTHS = {
    "month", "first", "last", "since", "until", "by", "start", "end", "span", "deadline", "earliest", "handover",
    "cleared", "worst_month",
}  # fmt: skip
"""How sentences name a month that is filled in."""
PLAINLY = {
    # Typed or looked up as it stands.
    "{one!r} and {other!r} both mean {month}; state it once",
    "{text!r} is not a month; if {month} is meant, write that",
    "{text!r} was expected as {span}",
    "{month!r} is no month of the plan that is still open; expected YYYY-MM from {first} to {last}",
    "month {month}: expected {first} to {last}",
    "month {month}: expected the first month that is not over, {first} to {last}",
    # Numbers of months, years, amounts, examples.
    "×{multiplier} from overdue month {month}",
    "{text!r} has no month {month:02d}; months run from 01 to 12",
    "{message} ({first})",
    "a bonus until month {last}, but it may be chosen in {months} {months:month|months}",
    "the plan has no year {year}; it runs from {first} to {last}",
    "frontier.rates.money", "frontier.rates.wait", "frontier.rates.units",
    "work.programme", "work.programme.year", "brief.column.years", "brief.column.part",
}  # fmt: skip
"""Sentences that have such a name for something else, or a month as it is."""


def bare(sentence: str) -> set[str]:
    return {name for _, name, spec, _ in Formatter().parse(sentence) if name and spec != "月"}


def test_months_are_written_as_chinese_prose_has_them() -> None:
    # The brief and the work summary write the months that they fill in themselves, since they join them to spans.
    told = {key: chinese for key, (_, chinese) in BOTH.items() if not key.startswith(("brief.", "work."))}
    assert {key for key, chinese in told.items() if bare(chinese) & MONTHS} - PLAINLY == set()
    assert {key for key, (english, _) in BOTH.items() if "月}" in english} == set()


def test_what_is_left_out_is_there() -> None:
    assert set(BOTH) >= PLAINLY
    assert len(SEVERAL) > 30


def test_what_follows_a_number_agrees_with_it() -> None:
    nouns, single = "|".join(sorted(SEVERAL)), "|".join(sorted(set(SEVERAL.values())))
    wrong = re.compile(
        rf"\b1 (?:(?:more|other|overdue|planned|whole|free) )*(?:(?:{nouns})\b"
        rf"|(?:{single}) (?:still )?(?:are|have|wait|move|stay|choose)\b)"
    )
    found = {}
    for english, _ in BOTH.values():
        names = {name for _, name, _, _ in Formatter().parse(english) if name}
        said = re.sub(r"\b1\.0+\b", "1", filled(english, dict.fromkeys(names, 1)))
        found |= {english: said} if wrong.search(said) else {}
    assert found == {}
    assert {chinese for _, chinese in BOTH.values() if NUMBERED.search(chinese)} == set()


@given(st.integers(1900 * 12, 2400 * 12), st.integers(0, 40))
def test_any_month_and_any_span_is_written(ordinal: int, months: int) -> None:
    first, last = Month(ordinal), Month(ordinal + months)
    written = f"{first.year}年{first.month}月"
    assert chinese_month(str(first)) == written
    if months:
        assert chinese_month(str(Span(first, last))) == f"{written}至{last.year}年{last.month}月"
    assert filled("{month}", {"month": first}) == str(first)


@given(st.text())
def test_any_other_text_stays(text: str) -> None:
    if not re.search(r"\d{4}-\d\d", text):
        assert filled("“{text:月}”", {"text": text}) == f"“{text}”"


@given(st.integers(-1000, 1000))
def test_numbers_are_told_apart_however_they_are_written(number: int) -> None:
    sentence = "{number} {number:home|homes}"
    assert {filled(sentence, {"number": value}) for value in (number, str(number))} == {
        f"{number} home{'' if number == 1 else 's'}"
    }


def test_words_of_the_place_follow_a_number_too() -> None:
    with Place(HERE.currency, (OwnWord("household", "tenant", "tenants"),)).spoken():
        assert [say("en", "explain.count", count=count) for count in (1, 2)] == ["1 tenant", "2 tenants"]
        assert words("{count} {count:household|households}", count=1) == "1 tenant"
