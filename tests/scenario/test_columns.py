import numpy as np
import pandas as pd
import pytest

from renewopt.scenario.columns import check_table
from renewopt.scenario.csv_files import read_csv
from renewopt.scenario.rows import read_frame
from renewopt.scenario.table_specs import TABLES, Column
from renewopt.units import Month

COLUMNS = {
    column.name: column
    for column in [
        Column("id", "id", ("户号",), required=True, unique=True),
        Column("count", "count", default=1, minimum=1),
        Column("area", "number", likely=(5, 2000), maximum=1e6),
        Column("term", "months"),
        Column("price", "money"),
        Column("share", "share", maximum=1),
        Column("month", "month"),
        Column("turnover", "boolean"),
        Column("note", "text"),
        Column("route", "text", choices=("cash", "voucher")),
        Column("tags", "ids"),
        Column("plan", "terms"),
        Column("prices", "dated_terms"),
    ]
}


def check(text):
    return check_table(read_csv(text.encode(), "t.csv", "rows"), COLUMNS)


def said(text):
    return [str(finding) for finding in check(text).findings]


def test_every_kind_has_its_type():
    checked = check(
        "户号,count,area,term,price,share,month,turnover,note,route,tags,plan,prices\n"
        "001,2,90.5,36,4万元,20%,2024-06,是,NA,cash,a;b,0:1,2024/6:7\n"
        "002,,,,,,,,,,,,\n"
    )
    assert checked.findings == []
    full, empty = checked.frame.to_dict("records")
    assert full == {
        "id": "001", "count": 2, "area": 90.5, "term": 36, "price": 40_000.0, "share": 0.2,
        "month": Month.parse("2024-06").ordinal, "turnover": True, "note": "NA", "route": "cash", "tags": ("a", "b"),
        "plan": (("0", "1"),), "prices": (("2024-06", "7"),),
    }  # fmt: skip
    assert {name: value for name, value in empty.items() if name not in {"area", "price", "share"}} == {
        "id": "002", "count": 1, "term": -1, "month": -1, "turnover": False, "note": "", "route": "", "tags": (),
        "plan": (), "prices": (),
    }  # fmt: skip
    assert np.isnan([empty["area"], empty["price"], empty["share"]]).all()
    assert {name: str(dtype) for name, dtype in checked.frame.dtypes.items()} == {
        "id": "object", "count": "int64", "area": "float64", "term": "int64", "price": "float64", "share": "float64",
        "month": "int64", "turnover": "bool", "note": "object", "route": "object", "tags": "object", "plan": "object",
        "prices": "object",
    }  # fmt: skip


def test_absent_columns_have_the_types_of_empty_ones():
    one, two = (
        check("id\na\n"),
        check("id,count,area,term,price,share,month,turnover,note,route,tags,plan\na,,,,,,,,,,,\n"),
    )
    pd.testing.assert_frame_equal(one.frame, two.frame)


@pytest.mark.parametrize(
    ("header", "cell", "says"),
    [
        ("count", "0", "0 is too small; 1 or more was expected"),
        ("area", "-1", "-1 is negative; a number from 0 was expected"),
        ("area", "1e7", "too large; 1e+06 or less"),
        ("area", "3000", "warning: 3000 is implausible (5 to 2,000 is usual); check its unit"),
        ("term", "x", "'x' is not a number"),
        ("price", "much", "'much' is not an amount of money"),
        ("share", "1.2", "too large; 1 or less"),
        ("month", "2024", "is not a month"),
        ("turnover", "perhaps", "neither true nor false"),
        ("route", "cahs", "unknown value 'cahs'; did you mean 'cash'?"),
        ("route", "zzz", "unknown value 'zzz'; one of cash, voucher"),
        ("note", "#N/A", "#N/A is the error of a formula; mend the formula"),
        ("plan", "x", "'x' is not a pair"),
    ],
)
def test_wrong_cells_are_said_at_their_place(header, cell, says):
    found = said(f"id,{header}\na,\nb,{cell}\n")
    assert len(found) == 1
    assert found[0].startswith(f"t.csv:3 column {header}: ")
    assert says in found[0]


def test_the_same_fault_in_many_rows_is_said_five_times():
    found = said("id,area\n" + "".join(f"{n},x\n" for n in range(1005)))
    assert len(found) == 5
    assert found[-1].endswith("'x' is not a number (and 1,000 more rows like this)")


def test_required_cells():
    assert said("id,count\n,1\n") == ["t.csv:2 column id: the cell is empty, a value was expected"]


def test_ids_twice():
    assert said("id\na\nb\na\na\n") == [
        f"t.csv:{line} column id: 'a' stands in line 2 already; give each row its own" for line in (4, 5)
    ]
    frame = pd.DataFrame({"id": ["a", "a"]})
    found = check_table(read_frame(frame, "rows"), COLUMNS).findings
    assert "stands in row 0 already" in str(found[0])


def test_headers():
    assert said("id,cuont\na,1\n") == ["t.csv:1 column cuont: unknown column 'cuont'; did you mean 'count'?"]
    assert "the columns are id, count" in said("id,colour\na,1\n")[0]
    assert "both name the column 'id'" in said("id,户号\na,b\n")[0]
    assert said("idd\na\n") == [
        "t.csv:1 column idd: unknown column 'idd'; did you mean 'id'?",
        "t.csv:1: the column 'id' is missing; rename 'idd'",
    ]
    assert said("count\n1\n") == ["t.csv:1: the column 'id' is missing; add it (headers understood: id, 户号)"]


def test_a_table_without_rows():
    assert said("id,count\n") == ["t.csv:1: the table has no rows; write a row, or delete the table"]


def test_findings_on_a_column_that_the_table_lacks_point_at_the_row():
    checked = check("id\na\nb\n")
    found = checked.rows(np.array([False, True]), "area", lambda _: ("no area", "add it"), warning=True)
    assert [str(finding) for finding in found] == ["t.csv:3 column area: warning: no area; add it"]


@pytest.mark.slow
def test_a_million_rows_are_checked():
    count = 1_000_000
    area = np.random.default_rng(0).integers(4000, 20000, count) / 100
    frame = pd.DataFrame({"id": np.arange(count), "project": "P", "area": area, "moved_out": "2020-01"})
    data = frame.to_csv(index=False).encode()
    checked = check_table(read_csv(data, "t.csv", "households"), TABLES["households"])
    assert checked.findings == []
    np.testing.assert_array_equal(checked.frame["area"], area)


@pytest.mark.parametrize("header", ["id", "note", "price", "tags", "plan"])
def test_a_cell_of_any_kind_has_an_end(header):
    cell = "x" * 100_001
    findings = check(f"id\nH\n{cell}\n" if header == "id" else f"id,{header}\nH1,\nH2,{cell}\n").findings
    told = [(finding.line, str(finding.message)) for finding in findings]
    assert told == [(3, "a cell holds more than 100,000 characters")]


def test_the_day_of_a_date_fills_the_empty_cells_of_its_column():
    columns = {"month": Column("month", "month"), "day": Column("day", "count", day_of="month")}
    cells = "month,day\n2024-06-15,\n2024年6月3日,7\n2024-06,\n2024-06,9\n"
    checked = check_table(read_csv(cells.encode(), "t.csv", "rows"), columns)
    assert checked.findings == []
    assert checked.frame["day"].tolist() == [15, 7, -1, 9]
    alone = check_table(read_csv(b"month\n2024-06-15\n2024-06\n", "t.csv", "rows"), columns)
    assert alone.frame["day"].tolist() == [15, -1]
    assert check_table(read_csv(b"day\n4\n", "t.csv", "rows"), columns).frame["day"].tolist() == [4]
