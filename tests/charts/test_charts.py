"""Charts of a plan: figures of plotly whose numbers are those of the tables, none without unit and source."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

import renewopt
from renewopt import Plan
from renewopt.charts import construction, fees, funds, households, prices
from renewopt.charts.chart import Chart
from renewopt.charts.labels import LANGUAGES, Language
from renewopt.charts.palette import leading
from renewopt.results.reporting.page import words_for

NAMES = ("waiting", "fees", "flow", "gantt", "balances", "funds", "prices")
LAST = "2024-08"


@lru_cache(maxsize=1)
def minimal() -> Plan:
    return renewopt.plan(Path(__file__).resolve().parents[2] / "scenarios" / "minimal.yaml", gap=0)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_figure_with_unit_and_source(name: str, lang: Language) -> None:
    figure = getattr(minimal().plot(lang), name)()
    assert isinstance(figure, go.Figure)
    title = figure.layout.title.text
    assert ("Unit: " if lang == "en" else "单位：") in title
    assert ("Source: " if lang == "en" else "来源：") in title
    assert any(len(trace.to_plotly_json()) > 2 for trace in figure.data)


@pytest.mark.parametrize("name", ["waiting", "fees", "balances", "funds"])
def test_titles_of_vertical_axes_stand_upright_in_chinese(name: str) -> None:
    english, chinese = (getattr(minimal().plot(lang), name)().layout.to_plotly_json() for lang in LANGUAGES)
    axes = [axis for axis in english if axis.startswith("yaxis")]
    titled = [axis for axis in axes if english[axis]["title"].get("text")]
    assert titled
    for axis in axes:
        assert not chinese[axis]["title"].get("text")
    above = [note for note in chinese["annotations"] if note.get("xanchor") == "right" and note["xref"] == "paper"]
    assert [note["text"] for note in above] == ["户" if name == "waiting" else above[0]["text"]] * len(titled)
    assert {note["y"] for note in above} == {chinese[axis].get("domain", (0, 1))[1] for axis in titled}
    assert all(not note.get("textangle") for note in above)


@pytest.mark.parametrize("field", ["title", "unit", "source"])
def test_no_chart_without_them(field: str) -> None:
    stated = {"title": "t", "unit": "u", "source": "s", field: ""}
    with pytest.raises(ValueError, match=f"'bare' has no {field}"):
        Chart("bare", stated["title"], stated["unit"], stated["source"], go.Figure())


def drawn(figure: go.Figure, kind: str) -> list[go.Figure]:
    return [trace for trace in figure.data if trace.type == kind and trace.x is not None and trace.x[0] is not None]


def test_waiting_adds_up_to_everybody_not_housed() -> None:
    plan = minimal()
    bars = drawn(plan.plot.waiting(), "bar")
    inside = plan.people[plan.people["month"] <= LAST]
    assert sum(sum(bar.y) for bar in bars) == inside["waiting"].sum()
    overdue = [bar for bar in bars if bar.showlegend]
    assert sum(sum(bar.y) for bar in overdue) == inside["overdue"].sum() > 0
    assert {bar.marker.color for bar in overdue} == {leading(plan.people).colour[name] for name in ("North", "South")}


def test_fees_add_up_and_are_drawn_against_waiting() -> None:
    plan = minimal()
    figure = plan.plot.fees()
    bars, (line,) = drawn(figure, "bar"), drawn(figure, "scatter")
    thousand = 1000
    inside = plan.baseline[plan.baseline["month"] <= LAST]
    assert sum(sum(bar.y) for bar in bars) * thousand == pytest.approx(18_700)
    waited = inside["ordinary"].sum() + inside["overdue"].sum()
    # Steps against steps: the line ends where the last month does.
    assert line.line.shape == "hv"
    assert line.x[-1] == "2024-09-01"
    assert line.y[-1] == line.y[-2]
    assert sum(line.y[:-1]) * thousand == pytest.approx(waited)
    assert plan.savings is not None
    assert waited <= plan.savings.waiting_fees


def test_what_accrues_after_the_last_month_is_told() -> None:
    plan = minimal()
    chart = fees.bill(plan.fees, plan.baseline, "2024-03", words_for("en"))
    assert "After 2024-03 there accrue" in chart.note
    assert "After" not in fees.bill(plan.fees, plan.baseline, "2099-01", words_for("en")).note.split("horizon")[0]


def test_flow_carries_every_household_twice() -> None:
    plan = minimal()
    (sankey,) = plan.plot.flow().data
    assert sum(sankey.link.value) == 2 * plan.households
    assert {"North", "South", "Garden", "Meadow", "voucher"} <= set(sankey.node.customdata)
    waiting = plan.claims.assign(route="waiting", pool="")
    chart = households.flow(waiting, leading(plan.people), words_for("zh"))
    assert sum(chart.body.data[0].link.value) == plan.households


def test_a_household_with_several_homes_flows_once() -> None:
    allocation = pd.DataFrame(
        {
            "project": "P",
            "route": ["own_unit;voucher", "own_unit", "waiting"],
            "pool": ["E1/90;V/market", "E1/90;E1/60", "E1/90;waiting"],
            "count": [2, 3, 4],
        }
    )
    people = large(1, 2).assign(project="P")
    (sankey,) = households.flow(allocation, leading(people), words_for("en")).body.data
    assert sum(sankey.link.value) == 9 + 5
    assert {"own estate; voucher", "E1; V", "own estate", "E1"} <= set(sankey.node.customdata)


def test_of_very_many_places_the_largest_are_drawn() -> None:
    claims = pd.DataFrame(
        {
            "project": "P",
            "route": "own_unit",
            "pool": [f"E{n}/60;E{n}/90" for n in range(40)],
            "count": range(1, 41),
        }
    )
    people = large(1, 2).assign(project="P")
    (sankey,) = households.flow(claims, leading(people), words_for("en")).body.data
    assert sum(sankey.link.value) == 2 * sum(range(1, 41))
    assert f"26 other places {sum(range(1, 27))}" in sankey.node.label
    assert "E39 40" in sankey.node.label
    assert not any(label.startswith("E0 ") for label in sankey.node.label)


def test_gantt_has_a_bar_for_each_phase() -> None:
    plan = minimal()
    figure = plan.plot.gantt()
    paid, lag, handover = figure.data
    assert paid.y == ("Meadow-1 (3)",)
    assert paid.base == ("2024-04",)  # the bond can wait until the last month that does
    assert lag.y == ()  # handed over the month after the last payment
    assert handover.x == ("2024-05",)
    assert "900 thousand yuan" in paid.customdata[0]


def test_gantt_tells_what_never_comes_and_what_arrives() -> None:
    frame = pd.DataFrame(
        {
            "month": ["2024-01", "2024-02", "2024-06"],
            "estate": ["E", "F", "F"],
            "phase": ["E-1", "F-1", "F-1"],
            "amount": [10.0, 20.0, 0.0],
            "handed_over": ["", "", "yes"],
        }
    )
    chart = construction.gantt(frame, {}, {"G": {"2024-05": 7.0}}, words_for("en"))
    arrival, paid, lag, handover = chart.body.data
    assert arrival.text == ("7",)
    assert "not handed over" in paid.customdata[0]
    assert lag.base == ("2024-03-01",)
    assert lag.x == ((31 + 30 + 31) * 86_400_000,)
    assert handover.y == ("F-1",)


def test_gantt_tells_phases_apart_whose_names_begin_alike() -> None:
    names = [f"A phase with a very long name, lot {n}" for n in range(3)]
    rows = [("2024-01", "E", name, 1.0, "yes") for name in names]
    frame = pd.DataFrame(rows, columns=["month", "estate", "phase", "amount", "handed_over"])
    paid = construction.gantt(frame, {}, {}, words_for("en")).body.data[0]
    assert len(set(paid.y)) == 3


def test_funds_add_up_to_the_movements() -> None:
    plan = minimal()
    bars = drawn(plan.plot.funds(), "bar")
    assert sum(sum(bar.y) for bar in bars) * 1000 == pytest.approx(plan.funds["amount"].sum())
    assert len({bar.legendgroup for bar in bars if bar.showlegend}) == plan.funds["use"].nunique()


def test_balances_stand_one_upon_the_other() -> None:
    plan = minimal()
    bars = {bar.name: bar for bar in drawn(plan.plot.balances(), "bar")}
    closing = plan.funds.drop_duplicates("fund", keep="last").set_index("fund")["balance"]
    assert {name: bar.y[-1] * 1000 for name, bar in bars.items()} == pytest.approx(closing.to_dict())
    for place, month in enumerate(bars["budget"].x):
        total = plan.funds.loc[plan.funds["month"] <= month, "amount"].sum()
        assert sum(bar.y[place] for bar in bars.values()) * 1000 == pytest.approx(total)


def test_phases_that_are_not_built_have_a_row() -> None:
    frame = pd.DataFrame(
        {"month": ["2024-02"], "estate": ["E"], "phase": ["E-1"], "amount": [10.0], "handed_over": ["yes"]}
    )
    planned = {phase: construction.Delivery("E", {"flat": count}) for phase, count in (("E-1", 4), ("E-2", 1_200))}
    chart = construction.gantt(frame, planned, {}, words_for("en"), "2024-01")
    (idle,) = (trace for trace in chart.body.data if trace.name == "not built")
    assert idle.y == ("E-2 (1,200)",)
    assert "E-2 (1,200)" in chart.body.layout.yaxis.categoryarray
    assert len(construction.gantt(frame, planned, {}, words_for("en")).body.data) == 3


def test_a_flow_says_how_many() -> None:
    plan = minimal()
    (sankey,) = plan.plot.flow().data
    routes = plan.allocation.groupby("route")["count"].sum()
    said = {label.rpartition(" ")[0]: int(label.rpartition(" ")[2]) for label in sankey.node.label}
    assert said["voucher"] == routes["voucher"]
    projects = plan.allocation.groupby("project")["count"].sum()
    assert {name: said[name] for name in projects.index} == projects.to_dict()


def test_prices_are_drawn_where_something_is_scarce() -> None:
    plan = minimal()
    lines = drawn(plan.plot.prices(), "scatter")
    assert {line.name for line in lines} >= {"budget"}
    free = plan.prices.assign(price_yuan=0.0)
    assert prices.scarcity(free, LAST, words_for("en")) is None
    assert prices.scarcity(pd.DataFrame(), LAST, words_for("en")) is None
    with pytest.raises(ValueError, match="no prices above zero"):
        replace(plan, prices=free).plot.prices()


def large(projects: int, months: int) -> pd.DataFrame:
    labels = [f"{2024 + n // 12}-{n % 12 + 1:02d}" for n in range(months)]
    return pd.DataFrame(
        {
            "month": np.repeat(labels, projects),
            "project": np.tile([f"P{n}" for n in range(projects)], months),
            "housed": 0,
            "waiting": 10,
            "overdue": 5,
        }
    )


@pytest.mark.parametrize(("waiting", "whole"), [(1, True), (3, True), (4, False)])
def test_few_households_have_a_tick_each(waiting: int, whole: bool) -> None:
    people = pd.DataFrame(
        [{"month": "2024-01", "project": name, "housed": 0, "waiting": waiting, "overdue": 0} for name in ("P1", "P2")]
    )
    figure = households.waiting(people, leading(people), "2024-12", words_for("en")).body
    assert (figure.layout.yaxis.dtick == 1) is whole


@pytest.mark.slow
def test_a_large_district_stays_small() -> None:
    people = large(2_000, 600)
    chart = households.waiting(people, leading(people), "2073-12", words_for("en"))
    assert len(chart.body.to_json()) < 200_000
    assert "Years instead of months" in chart.note
    assert sum(sum(bar.y) for bar in drawn(chart.body, "bar")) == 2_000 * 10 * 50
    flows = pd.DataFrame(
        {
            "month": np.repeat(people["month"].unique(), 300),
            "fund": np.tile([f"F{n}" for n in range(300)], 600),
            "use": "fees",
            "amount": -1.0,
            "balance": 5.0,
        }
    )
    chart = funds.flows(flows, "2073-12", words_for("zh"))
    assert len(chart.body.to_json()) < 200_000
    assert "共 300 项" in chart.note


@pytest.mark.parametrize("lang", LANGUAGES)
def test_user_text_is_shown_as_it_is(lang: Language) -> None:
    evil = "<a href='javascript:alert(1)'>x</a>"
    plan = minimal()
    named = replace(plan, people=plan.people.assign(project=evil), claims=plan.claims.assign(project=evil, pool=evil))
    for figure in (named.plot(lang).waiting(), named.plot(lang).flow()):
        text = figure.to_json().replace("<b>", "").replace("<br>", "").replace("<span", "").replace("</", "")
        assert "<a" not in text.replace("\\u003c", "<")


def test_an_infeasible_plan_has_no_figures() -> None:
    with pytest.raises(ValueError, match="nothing to plot"):
        replace(minimal(), status="infeasible").plot  # noqa: B018 - asking is what fails
