"""A place's currency and words, put into sentences before they are filled in."""

import pickle
import re
import string

import pytest

from renewopt.results.workbook_words import HEADERS
from renewopt.scenario.dictionary import reach
from renewopt.scenario.models import Scenario
from renewopt.scenario.table_specs import TABLES
from renewopt.vocabulary import PLACE_TERMS
from renewopt.wording import (
    HERE,
    LANGUAGES,
    Currency,
    Names,
    OwnWord,
    Place,
    in_currency,
    in_place,
    of_its_place,
    place,
    speak_of,
    words,
)
from renewopt.wording.amounts import in_report, in_table, of_household, yuan
from renewopt.wording.chinese import CHINESE
from renewopt.wording.phrases import PHRASES, say

POUNDS = Currency("pounds", "pound", "英镑", "£", "GBP", 2, myriads=False)
YEN = Currency("yen", "yen", "日元", "", "JPY", 0, myriads=True)
EVERY = Place(POUNDS, tuple(OwnWord(term, "aboma", "abomata", "甲乙") for term in PLACE_TERMS))
MONEY = re.compile(r"(?<![\w{])yuan(?!\w)|(?<!单)元(?!素)|万|(?<!\w)fen(?!\w)")
OF_YUAN_ALONE = {
    "if {amount:f} 万元 was meant, write {amount:f}万元",
    "check whether 元 was meant where 万元 or 亿元 stands",
}
"""Told only where amounts are yuan: of slips of the unit."""


def fields(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_keeps_yuan_or_a_term_that_has_another_word(lang: str) -> None:
    sentences = {key: pair[lang == "zh"] for key, pair in PHRASES.items()}
    sentences |= {english: chinese if lang == "zh" else english for english, chinese in CHINESE.items()}
    forms = [f for term in PLACE_TERMS.values() for f in (term.chinese if lang == "zh" else (term.one, term.several))]
    edges = ("", "") if lang == "zh" else (r"(?<![\w-])", r"(?![\w-])")
    term = re.compile(f"{edges[0]}({'|'.join(forms)}){edges[1]}", re.IGNORECASE)
    with EVERY.spoken():
        told = {key: in_place(lang, text) for key, text in sentences.items()}
    for key, text in told.items():
        if key in OF_YUAN_ALONE:
            continue
        plain = re.sub(r"\{[^{}]*\}|`[^`]*`", "", text)
        assert not MONEY.search(plain), (key, text)
        assert not term.search(plain), (key, text)
        assert fields(text) == fields(sentences[key])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_header_and_no_meaning_of_a_key_keeps_yuan(lang: str) -> None:
    with EVERY.spoken():
        told = [text for _, key in reach(Scenario) for text in (key.header(lang), key.meaning.said(lang))]
        columns = [column for table in TABLES.values() for column in table.values()]
        told += [in_place(lang, each.chinese if lang == "zh" else each.description, plain=True) for each in columns]
        told += [in_place("zh", header, plain=True) for header in HEADERS.values()]
    large = ("how Chinese texts group", "逐位写出")
    assert [text for text in told if MONEY.search(text) and not text.startswith(large)] == []


def test_without_a_place_nothing_is_changed() -> None:
    assert place() is HERE
    assert in_place("en", "{a} yuan of a household") == "{a} yuan of a household"
    assert in_currency("zh", "金额（元）") == "金额（元）"
    assert [yuan("zh", 1.5e6), in_report("zh", 1.5e8), of_household("en", 2.5)] == [
        "150万元",
        "1.5亿元",
        "2.50 yuan",
    ]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("A household waits; households wait", "An aboma waits; abomata wait"),
        ("Households of an estate", "Abomata of an aboma"),
        ("a yuan more, one yuan, 1 yuan, {n} yuan", "a pound more, one pound, 1 pound, {n} pounds"),
        ("Yuan a month", "Pounds a month"),
        ("{household} of `household` by voucher-first", "{household} of `household` by voucher-first"),
        ("a moving fee and fees", "an aboma and abomata"),
        ("such as 800万元 or 5亿元", "such as £1,200 or 1,200 GBP"),
        ("exactly in fen", "exactly in hundredths"),
    ],
)
def test_words_and_units_in_english(sentence: str, told: str) -> None:
    with EVERY.spoken():
        assert in_place("en", sentence) == told


def test_a_longer_term_that_keeps_its_name_keeps_it_whole() -> None:
    with Place(words=(OwnWord("fee", "rent", "rents"),)).spoken():
        assert in_place("en", "fees, moving fees, a transition fee") == "rents, moving fees, a transition fee"


def test_a_word_in_one_language_leaves_the_other() -> None:
    with Place(words=(OwnWord("voucher", chinese="房券"),)).spoken():
        assert in_place("en", "a voucher") == "a voucher"
        assert in_place("zh", "购房凭证失效") == "房券失效"


def test_amounts_of_a_currency() -> None:
    with Place(POUNDS).spoken():
        assert [yuan("en", 1234.5), yuan("zh", 1.5e6), of_household("en", -2.5)] == [
            "£1,235",
            "1,500,000英镑",
            "-£2.50",
        ]
        assert [in_report("en", 2.5e6), in_report("zh", 2.5e8)] == ["£2.5 million", "250,000,000英镑"]
        assert [in_table("zh", 1.5e6), in_table("en", 5.0)] == ["1,500,000", "5"]
    with Place(YEN).spoken():
        assert [yuan("en", 1.0), yuan("zh", 1.5e6), of_household("en", 12.3)] == ["1 yen", "150万日元", "12 yen"]
        assert in_place("zh", "过渡费（万元）") == "过渡费（万日元）"
    with Place(Currency("rupees", "rupee", "卢比", "Rs")).spoken():
        assert yuan("en", 12_000.0) == "Rs 12,000"


def test_a_text_that_is_filled_in_is_never_changed() -> None:
    with EVERY.spoken():
        told = words("there is no {kind} {text!r}", kind=words("household"), text="household of 5 yuan")
        assert str(told) == "there is no aboma 'household of 5 yuan'"
        assert told.said("zh") == "没有名为“household of 5 yuan”的甲乙"
        assert say("en", "phase.title" if "phase.title" in PHRASES else "title", name="yuan estate").count(
            "yuan estate"
        )


def test_a_sentence_remembers_the_place_of_which_it_was_written() -> None:
    early = words("rates are yuan a month; check basis and unit")
    with Place(POUNDS).spoken():
        late = words("rates are yuan a month; check basis and unit")
        assert early.said("en") == str(late) == "rates are pounds a month; check basis and unit"
    assert early.said("en") == str(early) == "rates are yuan a month; check basis and unit"
    assert [late.said("en"), pickle.loads(pickle.dumps(late)).said("en")] == [str(late)] * 2
    assert str(pickle.loads(pickle.dumps(late))) == str(late)
    assert "英镑" in late.said("zh")


def test_names_in_a_row_follow() -> None:
    household = words("household")
    with EVERY.spoken():
        assert Names([household, "household"]).said("en") == "aboma, household"


def test_a_place_is_spoken_of_until_it_is_left() -> None:
    class Made:
        place = EVERY

    @of_its_place
    def told(of: object) -> str:
        return say("en", "route.voucher")

    assert told(Made()) == "aboma"
    assert told(object()) == "voucher"
    with HERE.spoken():
        speak_of(EVERY)
        assert told(object()) == "aboma"
    assert place() is HERE


def test_braces_of_a_word_are_no_place_to_fill() -> None:
    with Place(Currency("{x}", "{x}", "{x}"), (OwnWord("household", "{0}", "{0}"),)).spoken():
        assert in_place("en", "{n} yuan a household").format(n=3) == "3 {x} a {0}"
