"""Charts of a comparison, from runs made by hand."""

import pandas as pd
import pytest

from renewopt.charts import comparing
from renewopt.charts.labels import LANGUAGES, Language
from renewopt.comparison.statistics import rank
from renewopt.results.reporting.page import words_for

NAN = float("nan")


def made(*rows: dict[str, object]) -> pd.DataFrame:
    base = {
        "scenario": "town",
        "variant": "",
        "future": "as-planned",
        "seed": 0,
        "status": "feasible",
        "clean": True,
        "objective": NAN,
        "cost": NAN,
        "shortfall": 0.0,
        "bound": 80.0,
        "regret": NAN,
        "transition_fees": NAN,
        "clear_month": "",
        "reason": "",
    }
    frame = pd.DataFrame([{**base, **row} for row in rows])
    known = frame["clean"] & frame["objective"].notna()
    return frame.assign(
        regret=(frame["objective"] - frame["bound"]).where(known),
        transition_fees=frame["transition_fees"].fillna(frame["objective"]),
        cost=frame["cost"].fillna(frame["objective"]),
    )


RUNS = made(
    {"policy": "optimal", "objective": 100.0, "clear_month": "2024-05"},
    {"policy": "optimal", "objective": 120.0, "seed": 1, "clear_month": "2024-06"},
    {"policy": "first-come", "objective": 90.0, "clean": False, "status": "infeasible"},
    {"policy": "first-come", "objective": 95.0, "seed": 1, "clear_month": "2025-01"},
    {"policy": "wait-for-build", "objective": 300.0},
    {"policy": "wait-for-build", "objective": 340.0, "seed": 1},
    {"policy": "perfect", "objective": 80.0},
)


def lines(figure: object, mode: str) -> list[object]:
    return [t for t in figure.data if t.mode == mode and t.x is not None and t.x[0] is not None]  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ranking_draws_means_intervals_and_the_bound(lang: Language) -> None:
    say = words_for(lang)
    chart = comparing.ranking(rank(RUNS), RUNS, "objective", True, say)
    filled, hollow = lines(chart.body, "markers")
    assert list(filled.x) == [110.0, 320.0]
    assert list(hollow.x) == [92.5]
    assert filled.marker.symbol == "circle"
    assert hollow.marker.symbol == "circle-open"
    # Student's interval for 100 and 120 reaches 127 to both sides; no cost is below 0.
    assert filled.error_x.array[0] == pytest.approx(127.062, abs=0.01)
    assert filled.error_x.arrayminus[0] == pytest.approx(110.0)
    (bound,) = lines(chart.body, "lines")
    assert list(bound.x) == [80.0, 80.0]
    order = chart.body.layout.yaxis.categoryarray
    assert order[-1] == say.word("policy", "optimal")
    assert order[0] == say.word("policy", "first-come")  # not in order: last


def test_money_and_what_is_missing_of_it_are_marks_of_their_own() -> None:
    """The penalty, which is no money, is drawn nowhere; all settings have one unit, and axes that end alike."""
    short = {
        "policy": "first-come",
        "objective": 9_000_000.0,
        "cost": 400_000.0,
        "shortfall": 860_000.0,
        "clean": False,
    }
    runs = made({"policy": "optimal", "objective": 300.0}, short | {"future": "rough"})
    ranked, say = rank(runs), words_for("en")
    drawn = comparing.ranking(ranked, runs, "objective", True, say, name="fees")
    assert drawn.title == "Policies ranked: fees"
    places = {(mark.marker.symbol, float(mark.x[0])) for mark in lines(drawn.body, "markers")}
    assert places == {("circle", 0.3), ("circle-open", 400.0), ("x-thin", 860.0)}
    assert "thousand yuan" in drawn.unit
    alone = comparing.ranking(ranked[ranked["future"] == "rough"], runs, "objective", True, say, whole=ranked)
    planned = comparing.ranking(ranked[ranked["future"] != "rough"], runs, "objective", True, say, whole=ranked)
    assert alone.unit == planned.unit == drawn.unit
    assert alone.body.layout.xaxis.range == planned.body.layout.xaxis.range == (0.0, 903.0)


def test_another_measure_has_no_bound() -> None:
    runs = RUNS.assign(wait_mean=RUNS["objective"] / 10)
    chart = comparing.ranking(rank(runs, "wait_mean"), runs, "wait_mean", False, words_for("en"))
    assert lines(chart.body, "lines") == []
    assert list(lines(chart.body, "markers")[0].x) == [11.0, 32.0]


def test_every_run_is_a_mark_and_never_clear_stands_apart() -> None:
    chart = comparing.fees_and_clear_month(RUNS, words_for("en"))
    marks = lines(chart.body, "markers")
    assert sum(len(mark.x) for mark in marks) == 6
    waiting = next(mark for mark in marks if mark.name == "wait-for-build")
    assert all(month > "2025-01" for month in waiting.x)
    assert waiting.customdata[0][1] == "not cleared"
    first = next(mark for mark in marks if mark.name == "first-come")
    assert list(first.marker.symbol) == ["circle-open", "circle"]
    assert set(chart.body.layout.xaxis.tickvals) == {"2024-05", "2024-06", "2025-01"}


def test_very_many_runs_are_drawn_as_means() -> None:
    many = made(*({"policy": f"p{n % 5}", "objective": float(n), "seed": n} for n in range(2_500)))
    chart = comparing.fees_and_clear_month(many, words_for("en"))
    assert sum(len(mark.x) for mark in lines(chart.body, "markers")) == 5
    assert "drawn as the mean" in chart.note


def test_colours_follow_the_policy_through_all_charts() -> None:
    say = words_for("en")
    scatter = comparing.fees_and_clear_month(RUNS, say).body
    by_scatter = {mark.name: mark.marker.color for mark in lines(scatter, "markers")}
    regret = comparing.regret(RUNS, say)
    assert regret is not None
    assert {box.name: box.line.color for box in regret.body.data} == by_scatter
    filled, hollow = lines(comparing.ranking(rank(RUNS), RUNS, "objective", True, say).body, "markers")
    by_rank = dict(zip([*filled.y, *hollow.y], [*filled.marker.color, *hollow.marker.color], strict=True))
    assert by_rank == by_scatter


def test_regret_is_of_runs_in_order() -> None:
    chart = comparing.regret(RUNS, words_for("en"))
    assert chart is not None
    assert {box.name: list(box.x) for box in chart.body.data} == {
        "first-come": [15.0],
        "optimal": [20.0, 40.0],
        "wait-for-build": [220.0, 260.0],
    }
    assert comparing.regret(RUNS.assign(regret=NAN), words_for("en")) is None
    some = RUNS.assign(regret=RUNS["regret"].where(RUNS["policy"] != "optimal"))
    told = comparing.regret(some, words_for("en"))
    assert told is not None
    assert "optimal" in told.note


def test_waits_are_means_over_households_and_runs() -> None:
    keys = {"scenario": "town", "variant": "", "future": "as-planned", "kind": "project", "group": "P"}
    table = pd.DataFrame(
        [
            {**keys, "policy": "optimal", "seed": 0, "households": 3, "wait_mean": 10.0},
            {**keys, "policy": "optimal", "seed": 1, "households": 1, "wait_mean": 30.0},
            {**keys, "policy": "perfect", "seed": 0, "households": 4, "wait_mean": 1.0},
        ]
    )
    (mark,) = comparing.waits(table, RUNS, words_for("zh")).body.data
    assert list(mark.x) == [15.0]
    assert list(mark.y) == ["项目 P"]


def test_households_housed_are_means_of_runs() -> None:
    keys = {"scenario": "town", "variant": "", "future": "late", "policy": "optimal"}
    rows = [{**keys, "seed": n, "month": f"2024-0{m}", "settled": m * (n + 1)} for n in range(2) for m in (1, 2)]
    (line,) = comparing.settled(pd.DataFrame(rows), RUNS, words_for("en")).body.data
    assert list(line.y) == [1.5, 3.0]
    assert comparing.settled(pd.DataFrame(rows), RUNS, words_for("en"), most=40).body.layout.yaxis.range == (0, 42)


def test_very_many_settings_are_counted() -> None:
    many = made(*({"policy": "optimal", "objective": 1.0, "future": f"f{n}"} for n in range(30)))
    chart = comparing.ranking(rank(many), many, "objective", True, words_for("en"))
    assert f"the first {comparing.PANELS_SHOWN} of 30" in chart.note
    assert comparing.is_alone(many)
    label = comparing.setting_label(("town", "poor", "late"), words_for("en"))
    assert label == "town, poor · future: late"
