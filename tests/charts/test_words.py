"""Words of charts and reports: both languages say the same, and user text stays text."""

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.charts.texts import CHART_TEXTS
from renewopt.charts.words import Words, plain, short
from renewopt.results.reporting.texts import PAGE_TEXTS

ALL = {**PAGE_TEXTS, **CHART_TEXTS}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", ALL)
def test_both_languages_fill_in_the_same(key: str) -> None:
    english, chinese = ALL[key]
    # A sentence may leave out in one language what goes without saying there, never name what is not given.
    assert fields(english) == fields(chinese)
    assert not re.search("[一-鿿]", english)
    assert re.search("[一-鿿]", chinese) or chinese == "×" or not re.sub(r"\{\w+\}|[；，]", "", chinese).strip()


def test_tables_are_looked_through_in_order() -> None:
    words = Words("zh", ({"a": ("A", "甲")}, {"a": ("B", "乙"), "route.cash": ("cash", "现金 {n}")}))
    assert words("a") == "甲"
    assert words("route.cash", n=3) == "现金 3"
    assert words.word("route", "walk") == "walk"
    with pytest.raises(KeyError):
        words("b")


def test_names_stand_beside_ids() -> None:
    words = Words("en", (), {"project": {"P1": "河东一期", "P2": "P2"}})
    assert [words.label("project", name) for name in ("P1", "P2", "P3")] == ["P1 河东一期", "P2", "P3"]


@given(st.text())
def test_user_text_is_no_markup(text: str) -> None:
    assert not set(plain(text)) & set("<>\n")
    assert len(short(text, 10)) <= 11
