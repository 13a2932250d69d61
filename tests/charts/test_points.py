"""Charts of many plans: whiskers reach down to the bound, points without a plan are not drawn."""

import math

import pandas as pd
import pytest

from renewopt.charts.labels import LANGUAGES, Language, Locale
from renewopt.charts.points import LINES_SHOWN, Horizontal, Line, amounts, built, months, taken


def points(**columns: list) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"x": list(range(size)), "told": [f"at {k}" for k in range(size)], **columns})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whiskers_reach_down_to_the_bound(lang: Language) -> None:
    line = Line("", points(value=[4e6, math.nan, 3e6], bound=[3.5e6, 1e6, math.nan]))
    chart = amounts("objective", [line], Horizontal("number", "a (b)"), Locale(lang), title="t", source="s")
    (drawn,) = chart.body.data
    scale = 1e6 if lang == "en" else 1e4
    assert list(drawn.x) == [0, 2]
    assert list(drawn.y) == [4e6 / scale, 3e6 / scale]
    assert list(drawn.error_y.arrayminus) == [0.5e6 / scale, 0.0]
    assert chart.body.layout.xaxis.range[0] < 0


def test_many_lines_are_counted() -> None:
    lines = [Line(f"{k}", points(value=[1.0], bound=[1.0])) for k in range(LINES_SHOWN + 2)]
    chart = amounts("objective", lines, Horizontal("name", "<b>"), Locale("en"), title="t", source="s")
    assert len(chart.body.data) == LINES_SHOWN
    assert chart.note == "2 more lines are not drawn."
    assert "<b>" not in chart.body.layout.xaxis.title.text


def test_months_that_never_come_are_not_drawn() -> None:
    line = Line("", points(clear=["2024-05", "", "2024-07"], settled=["", "", ""]))
    chart = months([line], Horizontal("month", "a"), Locale("en"), source="s")
    assert chart is not None
    (drawn,) = chart.body.data
    assert list(drawn.y) == ["2024-05-01", "2024-07-01"]
    never = Line("", points(clear=[""], settled=[""]))
    assert months([never], Horizontal("month", "a"), Locale("en"), source="s") is None


def test_phases_that_are_built_and_those_that_are_not() -> None:
    table = pd.DataFrame({"x": ["1", "2"], "phase": ["P", "P"], "completed": ["2024-05", ""]})
    chart = built(table, ["1", "2"], Horizontal("name", "a"), Locale("en"), source="s")
    assert chart is not None
    there, missing = chart.body.data
    assert (list(there.x), list(missing.x)) == (["1"], ["2"])
    assert built(table.head(0), [], Horizontal("name", "a"), Locale("en"), source="s") is None


def test_households_by_route() -> None:
    table = pd.DataFrame({"point": [1, 1, 2], "route": ["voucher", "cash", "voucher"], "households": [3, 0, 2]})
    chart = taken(table, {1: "the plan", 2: "another"}, Locale("en"), source="s")
    assert chart is not None
    (drawn,) = chart.body.data
    assert list(drawn.x) == [3, 2]
    assert taken(table.assign(households=0), {1: "the plan"}, Locale("en"), source="s") is None
