"""The programme in one picture: starts as bars of their months, who waits above them, what is paid below."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count

from renewopt.charts.chart import Chart
from renewopt.charts.labels import Locale
from renewopt.charts.palette import GREY, colours, pale
from renewopt.charts.programme import BEFORE, FEES, HOMES, ITEMS_SHOWN, Beside, in_order, timeline
from renewopt.results.reporting.page import words_for
from renewopt.vocabulary import WORK_KINDS
from renewopt.wording import LANGUAGES, Language

DAY = 86_400_000
WAITING, STARTS, STAGES, OTHERS = "x", "x2", "x3", "x4"
"""Axes of the panels, from the top."""


def table(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["item", "kind", "start", "finish", "cleared"])


def beside(
    waiting: list[tuple[str, str, int, int]] | None = None,
    stages: list[tuple[str, str, float]] | None = None,
    others: list[tuple[str, str, float]] | None = None,
) -> Beside:
    return Beside(
        pd.DataFrame(waiting or [("2024-01", BEFORE, 0, 0)], columns=["month", "kind", "waiting", "overdue"]),
        pd.DataFrame(stages or [], columns=["month", "kind", "amount"]).astype({"month": object, "amount": float}),
        pd.DataFrame(others or [], columns=["month", "what", "amount"]).astype({"month": object, "amount": float}),
    )


def drawn(listed: pd.DataFrame, say: Locale, around: Beside | None = None, last: str = "2024-12") -> Chart:
    return timeline(listed, around or beside(), "2024-01", last, say)


def on(chart: Chart, panel: str) -> list[dict[str, Any]]:
    """Traces of a panel, without those that stand for the legend."""
    return [trace for trace in chart.drawing.data if trace.get("xaxis", "x") == panel and trace["x"] != [None]]


@pytest.fixture
def say() -> Locale:
    return words_for("en", {})


def test_a_project_is_drawn_until_its_land_is_cleared(say: Locale) -> None:
    chart = drawn(table(("V1", "village", "2024-02", "2024-04", "2024-07")), say)
    under_way, clearing = on(chart, STARTS)
    assert (under_way["base"], clearing["base"]) == (["2024-02-01"], ["2024-04-01"])
    assert under_way["x"] == [60 * DAY], "February (29) and March (31)"
    assert clearing["x"] == [91 * DAY], "April, May and June"
    assert under_way["name"] == clearing["name"] == "village"
    assert clearing["hovertemplate"].startswith("%{y}<br>village: clearing<br>")
    assert clearing["marker"]["color"] == pale(under_way["marker"]["color"])


def test_what_is_over_in_a_month_is_seen(say: Locale) -> None:
    (bar,) = on(drawn(table(("W", "", "2024-02", "2024-02", "")), say), STARTS)
    assert bar["x"] == [15 * DAY]
    assert bar["name"] == "no kind stated"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_left_out_has_a_row_below_the_others(lang: Language) -> None:
    listed = table(("W1", "street", "", "", ""), ("W2", "street", "2024-03", "2024-05", ""))
    chart = drawn(listed, words_for(lang, {}))
    bar, idle = on(chart, STARTS)
    assert (bar["y"], idle["y"], idle["x"]) == (["W2"], ["W1"], ["2024-01"])
    assert chart.drawing.layout["yaxis2"]["categoryarray"] == ["W1", "W2"], "from the bottom"
    assert idle["text"] == [{"en": "not started", "zh": "期内不启动"}[lang]]
    assert idle["marker"]["color"] == [bar["marker"]["color"]]


def test_items_are_in_the_order_of_kind_and_start(say: Locale) -> None:
    listed = table(
        ("A", "x", "2024-05", "2024-06", ""),
        ("B", "back_street", "2024-03", "2024-04", ""),
        ("C", "x", "2024-02", "2024-03", ""),
        ("D", "acquisition", "2024-08", "2024-09", ""),
    )
    order = drawn(listed, say).drawing.layout["yaxis2"]["categoryarray"][::-1]
    assert order == ["D", "B", "C", "A"], "kinds that have a name first"
    assert in_order(["x", "back_street", "x", "acquisition"]) == ["acquisition", "back_street", "x"]


def test_a_kind_has_one_colour_in_all_panels_and_plans(say: Locale) -> None:
    listed = table(("S", "back_street", "2024-01", "2024-03", ""))
    around = beside([("2024-01", "back_street", 5, 2)], [("2024-01", "back_street", 10.0)])
    chart = drawn(listed, say, around)
    full = colours(WORK_KINDS)["back_street"]
    overdue, term = on(chart, WAITING)
    assert (overdue["marker"]["color"], term["marker"]["color"]) == (full, pale(full))
    assert {trace["marker"]["color"] for trace in (*on(chart, STARTS), *on(chart, STAGES))} == {full}
    named = [trace["name"] for trace in chart.drawing.data if trace.get("showlegend") is not False]
    assert named == ["back streets", "transition fees", "homes: built, bought, vouchers and cash"]


def test_who_waits_since_before_is_grey_and_the_overdue_are_below(say: Locale) -> None:
    around = beside([("2024-01", BEFORE, 7, 3), ("2024-02", BEFORE, 4, 4), ("2025-01", BEFORE, 9, 9)])
    overdue, term = on(drawn(table(("S", "k", "2024-01", "2024-03", "")), say, around), WAITING)
    assert (overdue["y"], term["y"]) == ([3, 4], [4, 0]), "nothing beyond the last month"
    assert overdue["marker"]["color"] == GREY


def test_money_goes_by_quarters_once_there_are_many_months(say: Locale) -> None:
    paid = [("2024-02", "k", 1.0), ("2024-03", "k", 2.0), ("2024-04", "k", 4.0)]
    listed = table(("S", "k", "2024-01", "2024-03", ""))
    (few,) = on(drawn(listed, say, beside(stages=paid)), STAGES)
    (many,) = on(drawn(listed, say, beside(stages=paid), last="2027-12"), STAGES)
    assert (few["x"], few["y"]) == (["2024-02", "2024-03", "2024-04"], [1.0, 2.0, 4.0])
    assert (many["x"], many["y"]) == (["2024-01", "2024-04"], [3.0, 4.0])
    assert many["customdata"] == ["2024 Q1", "2024 Q2"]
    assert [width / DAY for width in many["width"]] == [91, 91]
    titles = [
        text["text"] for text in drawn(listed, say, beside(stages=paid), last="2027-12").drawing.layout["annotations"]
    ]
    assert titles[2] == "Paid for the stages of each kind (yuan a quarter)"


def test_all_panels_go_on_to_the_end_of_what_starts_and_the_plan_ends_at_a_line(say: Locale) -> None:
    chart = drawn(table(("V", "k", "2024-11", "2025-02", "2025-05")), say, beside(stages=[("2025-06", "k", 1.0)]))
    ranges = [axis["range"] for name, axis in chart.drawing.layout.items() if name.startswith("xaxis")]
    assert ranges == [["2024-01-01", "2025-07-01"]] * 4
    assert {(line["x0"], line["xref"]) for line in chart.drawing.layout["shapes"]} == {
        ("2025-01-01", panel) for panel in (WAITING, STARTS, STAGES, OTHERS)
    }
    assert chart.note == "Dotted line: end of 2024-12, the last month that is planned."
    within = drawn(table(("V", "k", "2024-02", "2024-05", "")), say)
    assert within.note == ""
    assert "shapes" not in within.drawing.layout


def test_what_is_paid_besides_after_the_last_month_is_named(say: Locale) -> None:
    listed = table(("S", "k", "2024-01", "2024-03", ""))
    chart = drawn(listed, say, beside(others=[("2024-05", FEES, 1.0), ("2024-05", HOMES, 2.0), ("2025-01", FEES, 3.0)]))
    assert [trace["y"] for trace in on(chart, OTHERS)] == [[1.0], [2.0]]
    assert chart.note == "Drawn up to 2024-12; later months stand in funds.csv."


def test_of_very_many_the_first_are_drawn_and_that_is_said(say: Locale) -> None:
    listed = table(*((f"W{number}", "k", "2024-01", "2024-02", "") for number in range(ITEMS_SHOWN + 5)))
    chart = drawn(listed, say)
    assert sum(len(trace["y"]) for trace in on(chart, STARTS)) == ITEMS_SHOWN
    assert chart.note == f"The first {ITEMS_SHOWN} of {ITEMS_SHOWN + 5} are drawn."


months = st.integers(0, 200).map(lambda number: f"{2024 + number // 12}-{number % 12 + 1:02}")
kinds = st.sampled_from([*WORK_KINDS, "other"])


@settings(max_examples=full_count(15, 1_000), deadline=None)
@given(st.lists(st.tuples(months, kinds, st.integers(1, 9999).map(float)), max_size=12))
def test_all_money_of_a_kind_is_drawn(paid: list[tuple[str, str, float]]) -> None:
    listed = table(*((kind, kind, "2024-01", "2024-03", "") for kind in (*WORK_KINDS, "other")))
    chart = drawn(listed, words_for("en", {}), beside(stages=paid))
    unit = 1e3 if "thousand" in chart.drawing.layout["annotations"][2]["text"] else 1.0
    shown = {trace["legendgroup"]: sum(trace["y"]) * unit for trace in on(chart, STAGES)}
    asked = {kind: sum(amount for _, of, amount in paid if of == kind) for _, kind, _ in paid}
    assert shown == pytest.approx(asked, rel=1e-4)
