import datetime as dt

import numpy as np
import pandas as pd
import pytest

from renewopt.scenario.columns import check_table
from renewopt.scenario.frames import records
from renewopt.scenario.reading import read_text
from renewopt.scenario.rows import read_frame, read_nodes, text_of
from renewopt.scenario.table_specs import TABLES

INLINE = """\
rows:
  - {id: H1, project: 001, routes: [own_unit, cash], area: }
  - id: H2
    count: 3
  - {project: P}
"""


def test_inline_rows_are_columns_of_text():
    table = read_nodes(read_text(INLINE, "a.yaml").get("rows"), "households", "households")
    assert {header: list(column) for header, column in table.columns.items()} == {
        "id": ["H1", "H2", ""],
        "project": ["001", "", "P"],
        "routes": ["own_unit;cash", "", ""],
        "area": ["", "", ""],
        "count": ["", "3", ""],
    }


def test_inline_cells_know_their_lines():
    table = read_nodes(read_text(INLINE, "a.yaml").get("rows"), "households", "households")
    places = [table.locate(row, header) for row, header in [(1, "count"), (1, "area"), (2, "project"), (1, "")]]
    assert [(place.line, place.key) for place in places] == [
        (4, "households.H2.count"),
        (3, "households.H2.area"),
        (5, "households.2.project"),
        (3, "households.H2"),
    ]
    heads = [table.locate(-1, header) for header in ("count", "nowhere", "")]
    assert [(place.line, place.key) for place in heads] == [
        (4, "households.count"),
        (2, "households.nowhere"),
        (2, "households"),
    ]


def test_what_is_no_row_or_no_cell_is_said():
    text = "rows:\n  - just words\n  - {id: H1, area: {a: 1}}\n  - {id: H2, area: [[1]]}\n"
    table = read_nodes(read_text(text, "a.yaml").get("rows"), "households", "households")
    assert [(finding.line, finding.key) for finding in table.findings] == [
        (2, "households.0"),
        (3, "households.H1.area"),
        (4, "households.H2.area"),
    ]


def test_a_list_without_rows_has_no_columns():
    table = read_nodes(read_text("rows: []", "a.yaml").get("rows"), "households", "households")
    assert (len(table), table.columns) == (0, {})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (None, ""),
        (float("nan"), ""),
        (pd.NaT, ""),
        (pd.NA, ""),
        (True, "true"),
        (np.bool_(False), "false"),
        (3.0, "3"),
        (1.5, "1.5"),
        (np.float64(1e20), "1e+20"),
        (7, "7"),
        (np.int64(8), "8"),
        (["a", "b"], "a;b"),
        ((("0", "30%"), ("6", "70%")), "0:30%;6:70%"),
        (dt.date(2024, 6, 1), "2024-06"),
        (dt.datetime(2024, 6, 2), "2024-06-02"),  # noqa: DTZ001 - spreadsheets know no time zones
        (dt.time(8, 30), "08:30:00"),
        (pd.Period("2024-06", "M"), "2024-06"),
    ],
)
def test_typed_cells_have_the_text_a_planner_sees(value, text):
    assert text_of(value) == text


def test_frames_are_read_by_position():
    frame = pd.DataFrame({"id": ["a", "b"], "area": [1.0, np.nan], 3: [1, 2]}, index=[7, 7])
    table = read_frame(frame, "households")
    assert list(table.columns) == ["id", "area", "3"]
    assert list(table.columns["area"]) == ["1", ""]
    assert (table.locate(1, "area").line, table.locate(-1, "area").line) == (1, None)


def test_a_column_of_a_frame_may_not_stand_twice():
    frame = pd.DataFrame([[1, 2]], columns=["id", "id"])
    assert "stands twice" in read_frame(frame, "households").findings[0].message


def test_a_checked_table_is_read_as_the_same_table():
    frame = pd.DataFrame({
        "id": ["a", "b"], "project": "P", "area": [50.5, None], "moved_out": ["2020-01", ""], "groups": ["x;y", ""],
        "turnover": ["是", "否"], "count": [3, None],
    })  # fmt: skip
    once = check_table(read_frame(frame, "households"), TABLES["households"])
    twice = check_table(read_frame(once.frame, "households"), TABLES["households"])
    pd.testing.assert_frame_equal(once.frame, twice.frame)
    assert records(once.frame) == [
        {"id": "a", "project": "P", "count": "3", "area": "50.5", "moved_out": "2020-01", "turnover": "true",
         "groups": "x;y"},
        {"id": "b", "project": "P", "count": "1"},
    ]  # fmt: skip
    assert records(frame[["id", "count"]]) == [{"id": "a", "count": "3"}, {"id": "b"}]
