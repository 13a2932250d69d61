"""Labels of charts and reports: names stand beside ids, and user text stays text."""

from hypothesis import given
from hypothesis import strategies as st

from renewopt.charts.labels import Locale, plain, short


def test_names_stand_beside_ids() -> None:
    words = Locale("en", {"project": {"P1": "河东一期", "P2": "P2"}})
    assert [words.label("project", name) for name in ("P1", "P2", "P3")] == ["P1 河东一期", "P2", "P3"]


@given(st.text())
def test_user_text_is_no_markup(text: str) -> None:
    assert not set(plain(text)) & set("<>\n")
    assert len(short(text, 10)) <= 11
