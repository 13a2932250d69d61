"""Labels of charts and reports: names stand beside ids, and user text stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.charts.labels import Locale, plain, short


def test_own_phrases_come_first() -> None:
    say = Locale("zh", more={"a": ("A", "甲"), "route.cash": ("cash", "现金 {n}")})
    assert say("a") == "甲"
    assert say("route.cash", n=3) == "现金 3"
    assert say.word("route", "transfer") == "调安"
    assert say.word("route", "walk") == "walk"
    with pytest.raises(KeyError):
        say("b")


def test_names_stand_beside_ids() -> None:
    words = Locale("en", {"project": {"P1": "河东一期", "P2": "P2"}})
    assert [words.label("project", name) for name in ("P1", "P2", "P3")] == ["P1 河东一期", "P2", "P3"]


@given(st.text())
def test_user_text_is_no_markup(text: str) -> None:
    assert not set(plain(text)) & set("<>\n")
    assert len(short(text, 10)) <= 11
