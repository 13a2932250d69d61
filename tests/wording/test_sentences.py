"""Sentences that know both languages."""

from __future__ import annotations

import copy
import pickle
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from renewopt.errors import Finding, ScenarioError
from renewopt.wording import LONGEST, NOTHING, Names, as_is, told, worded, words


def test_is_a_text_in_english_and_said_in_chinese() -> None:
    sentence = words("the column {name!r} is missing", name="面积")
    assert sentence == "the column '面积' is missing"
    assert sentence.said("en") == sentence
    assert sentence.said("zh") == "缺少“面积”列"


def test_what_is_filled_in_follows_the_language() -> None:
    hint = words("one of {names}", names=words("{names} and {count} more", names=Names(["a", "b"]), count=3))
    assert hint == "one of a, b and 3 more"
    assert hint.said("zh") == "可填：a、b 等（另有 3 个）"


@given(st.text())
def test_foreign_text_stays_as_it_is_whatever_it_holds(text: str) -> None:
    assert as_is(text) == text
    assert as_is(text).said("zh") == text


@given(st.text())
def test_what_is_filled_in_neither_moves_the_cursor_nor_goes_on_for_ever(text: str) -> None:
    for said in (
        words("the file cannot be read ({reason})", reason=text),
        words("known: {names}", names=Names([text, text])),
        words("there is no sheet {sheet!r}", sheet=text),
    ):
        for spoken in (said, said.said("zh")):
            assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in spoken)
    if text.isprintable() and len(text) < LONGEST:
        inside = words("the file cannot be read ({reason})", reason=text)
        assert (inside, inside.said("zh")) == (f"the file cannot be read ({text})", f"文件无法读取（{text}）")


def test_a_text_that_is_filled_in_is_cut() -> None:
    said = words("the file cannot be read ({reason})", reason="x" * 5_000_000)
    assert said.endswith("x…)")
    assert len(said) < LONGEST + 40
    assert len(words("known: {names}", names=Names(["x" * 5_000_000]))) < LONGEST + 40
    assert len(Finding("error", "a.yaml", 1, "k" * 5_000_000, words("add it")).key) == LONGEST


def test_travels_between_processes() -> None:
    sentence = words("known: {names}", names=Names(["a{b}", "c"]))
    for copied in (pickle.loads(pickle.dumps(sentence)), copy.deepcopy(sentence)):
        assert copied == "known: a{b}, c"
        assert copied.said("zh") == "已有：a{b}、c"


def test_errors_tell_what_they_carry() -> None:
    assert told(ValueError(words("the file is empty")), "zh") == "文件是空的"
    assert told(ValueError("as it is"), "zh") == "as it is"
    assert told(ScenarioError([Finding("error", "a.yaml", 2, "x", words("add it"), NOTHING)]), "zh") == (
        "基础数据有 1 处问题\na.yaml:2  x：请补上"
    )
    assert worded(OSError(2, "no")) == str(OSError(2, "no"))
