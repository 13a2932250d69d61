"""The Gantt of the programme: every start a bar of its months, what is left out a row that says so."""

import pandas as pd
import pytest

from renewopt.charts.labels import Locale
from renewopt.charts.programme import ITEMS_SHOWN, starts
from renewopt.results.reporting.page import words_for
from renewopt.wording import LANGUAGES, Language

DAY = 86_400_000


def table(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["item", "kind", "start", "finish", "cleared"])


@pytest.fixture
def say() -> Locale:
    return words_for("en", {})


def test_a_project_is_drawn_until_its_land_is_cleared(say: Locale) -> None:
    chart = starts(table(("V1", "village", "2024-02", "2024-04", "2024-07")), "2024-01", say)
    under_way, clearing = chart.drawing.data
    assert (under_way["base"], clearing["base"]) == (["2024-02-01"], ["2024-04-01"])
    assert under_way["x"] == [60 * DAY], "February (29) and March (31)"
    assert clearing["x"] == [91 * DAY], "April, May and June"
    assert under_way["name"] == "village"
    assert clearing["name"] == "village: clearing"


def test_what_is_over_in_a_month_is_seen(say: Locale) -> None:
    (bar,) = starts(table(("W", "", "2024-02", "2024-02", "")), "2024-01", say).drawing.data
    assert bar["x"] == [15 * DAY]
    assert bar["name"] == "no kind stated"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_left_out_has_a_row_below_the_others(lang: Language) -> None:
    listed = table(("W1", "street", "", "", ""), ("W2", "street", "2024-03", "2024-05", ""))
    chart = starts(listed, "2024-01", words_for(lang, {}))
    bar, idle = chart.drawing.data
    assert (bar["y"], idle["y"], idle["x"]) == (["W2"], ["W1"], ["2024-01"])
    assert chart.drawing.layout["yaxis"]["categoryarray"] == ["W1", "W2"], "from the bottom"
    assert idle["text"] == [{"en": "not started", "zh": "期内不启动"}[lang]]


def test_items_are_in_the_order_of_kind_and_start(say: Locale) -> None:
    listed = table(
        ("A", "x", "2024-05", "2024-06", ""), ("B", "y", "2024-01", "2024-02", ""), ("C", "x", "2024-02", "2024-03", "")
    )
    assert starts(listed, "2024-01", say).drawing.layout["yaxis"]["categoryarray"][::-1] == ["C", "A", "B"]


def test_of_very_many_the_first_are_drawn_and_that_is_said(say: Locale) -> None:
    listed = table(*((f"W{number}", "k", "2024-01", "2024-02", "") for number in range(ITEMS_SHOWN + 5)))
    chart = starts(listed, "2024-01", say)
    assert sum(len(trace["y"]) for trace in chart.drawing.data) == ITEMS_SHOWN
    assert chart.note == f"The first {ITEMS_SHOWN} of {ITEMS_SHOWN + 5} are drawn."
