import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.errors import ScenarioError
from renewopt.scenario import csv_files
from renewopt.scenario.csv_files import read_csv

cells = st.text(alphabet='ab1 ,"\n', max_size=4)


def read(text, encoding="utf-8"):
    return read_csv(text.encode(encoding), "t.csv", "households")


def refusal(data):
    with pytest.raises(ScenarioError) as raised:
        read_csv(data if isinstance(data, bytes) else data.encode(), "t.csv", "households")
    return str(raised.value)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=5)))
def test_written_tables_are_read_back_with_their_lines(rows):
    rows = [["x", *row] for row in rows]
    width = max((len(row) for row in rows), default=2)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[f"h{n}" for n in range(width)], *rows])
    table = read(out.getvalue())
    assert [list(column) for column in table.columns.values()] == [
        [row[n].strip() for row in rows] for n in range(width)
    ]
    reader = csv.reader(io.StringIO(out.getvalue()))
    ends = [reader.line_num for _ in reader]
    assert [table.locate(n, "h0").line for n in range(-1, len(rows))] == [1, *(end + 1 for end in ends[:-1])]


@given(st.binary(max_size=60))
def test_no_bytes_give_more_than_findings(data):
    try:
        table = read_csv(data, "t.csv", "households")
    except ScenarioError:
        return
    for header in table.columns:
        table.locate(-1, header)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_line_ends_and_byte_order_marks(ends, encoding):
    table = read(f"户号,项目{ends}001,NA{ends}", encoding)
    assert {header: list(column) for header, column in table.columns.items()} == {"户号": ["001"], "项目": ["NA"]}
    assert table.locate(0, "项目").line == 2


def test_quotes_in_the_middle_of_a_text():
    table = read('a,b\n5",x\n6",y\n')
    assert list(table.columns["a"]) == ['5"', '6"']
    assert table.locate(1, "a").line == 3


def test_quotes_in_the_middle_and_a_quoted_line_end():
    table = read('a,b\n5",x\n"6\n",y\n\n7",z\n"8""",w\n')
    assert list(table.columns["a"]) == ['5"', "6", '7"', '8"']
    assert [table.locate(n, "a").line for n in range(4)] == [2, 3, 6, 7]


def test_blank_rows_are_passed_over_and_said():
    table = read("a,b\n\n1,2\n , \n3,4\n,\n\n")
    assert list(table.columns["a"]) == ["1", "3"]
    assert [(finding.line, finding.severity) for finding in table.findings] == [(2, "warning"), (4, "warning")]
    assert table.locate(1, "a").line == 5


def test_short_rows_are_filled_and_long_rows_refused():
    table = read("a,b\n1\n1,2,\n1,2,3\n")
    assert list(table.columns["b"]) == ["", "2", "2"]
    assert [(finding.line, finding.message) for finding in table.findings] == [(4, "more cells than the 2 headers")]


def test_headers_have_to_name_their_columns():
    table = read("a,,b,a, c \n1,,2,3,4\n")
    assert list(table.columns) == ["a", "b", "c"]
    assert [str(finding) for finding in table.findings] == [
        "t.csv:1 column a: the header 'a' stands twice; rename or delete one of the columns"
    ]
    assert "column 2 has no header" in str(read("a,,b\n1,2,3\n").findings[0])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("", "the table is empty"),
        (" \n,,\n", "the table is empty"),
        ("a;b\n1;2\n", "separated by semicolons"),
        ("a\tb\n", "separated by tabs"),
        ("a，b\n", "separated by full-width commas"),
        ("a|b\n", "separated by bars"),
        ('a,b\n1,2\n"3,4\n', "t.csv:3: a quote that opens here never ends"),
        ("a,b\n1,\0\n", "t.csv:2: this is not a text table"),
        ("a\n" + "," * 600, "601 columns; at most 500"),
        ("户号\n1\n".encode("gbk"), "looks like GBK / GB18030"),
    ],
)
def test_what_is_no_table_is_refused(data, says):
    assert says in refusal(data)


def test_a_single_column_is_a_table():
    assert list(read("a\n1\n2\n").columns["a"]) == ["1", "2"]


def test_more_cells_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "MAX_CELLS", 5)
    with pytest.raises(ScenarioError, match="3 rows × 2 columns; at most 5 cells are read"):
        read_csv(b"a,b\n1,2\n3,4\n", "a.csv", "households")


def test_quotes_that_cannot_be_read_in_bulk_are_read_row_by_row() -> None:
    # A quote in the midst of a cell: pandas gives up where Python's reader goes on.
    table = read_csv(b'id,area\nH1,9"0\nH2,"8\n', "a.csv", "households")
    assert list(table.columns["id"]) == ["H1", "H2"]


def test_a_cell_without_end_is_told_where_it_begins() -> None:
    data = b'id,area\nH1,8"0\nH2,"' + b"x\n" * 100_000
    with pytest.raises(ScenarioError) as error:
        read_csv(data, "a.csv", "households")
    (finding,) = error.value.findings
    assert finding.line == 3
