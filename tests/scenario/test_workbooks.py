import datetime as dt
import io

import pytest
import xlsxwriter

from renewopt.errors import ScenarioError
from renewopt.scenario.workbooks import read_workbook

ROWS = [["户号", "面积", "过渡开始"], ["001", 110, dt.date(2020, 1, 1)], [], [12, 90.5, "2021-02"]]


def book(**sheets):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_a_sheet_is_read_as_text_with_its_rows():
    table = read_workbook(book(户=ROWS), "h.xlsx", "households")
    assert {header: list(column) for header, column in table.columns.items()} == {
        "户号": ["001", "12"],
        "面积": ["110", "90.5"],
        "过渡开始": ["2020-01", "2021-02"],
    }
    assert str(table.locate(1, "面积").finding("wrong")) == "h.xlsx sheet 户 row 4 column 面积: wrong"
    assert [finding.line for finding in table.findings] == [3]


def test_leading_blank_rows_count():
    table = read_workbook(book(a=[["id"], [], ["x"]]), "h.xlsx", "households")
    assert table.locate(0, "id").line == 3


def test_the_sheet_named_like_the_section_is_taken():
    table = read_workbook(book(notes=[["x"], [1]], households=[["id"], ["a"]]), "h.xlsx", "households")
    assert (list(table.columns), table.findings) == (["id"], [])


def test_the_first_of_several_sheets_is_taken_with_a_warning():
    data = book(first=[["id"], ["a"]], second=[["id"], ["b"]])
    table = read_workbook(data, "h.xlsx", "households")
    assert list(table.columns["id"]) == ["a"]
    assert "the first of 2 sheets is read; write `sheet: first` (others: second)" in str(table.findings[0])
    assert read_workbook(data, "h.xlsx", "households", "second").findings == []


@pytest.mark.parametrize(
    ("data", "sheet", "says"),
    [
        (book(first=[["id"]]), "frist", "there is no sheet 'frist'; did you mean 'first'?"),
        (book(first=[["id"]]), "zzz", "its sheets are first"),
        (book(first=[]), None, "the sheet is empty"),
        (b"no workbook", None, "cannot be read as a workbook"),
        (b"", None, "cannot be read as a workbook"),
        (book(first=[["id"]])[:300], None, "cannot be read as a workbook"),
    ],
)
def test_what_is_no_table_is_refused(data, sheet, says):
    with pytest.raises(ScenarioError) as raised:
        read_workbook(data, "h.xlsx", "households", sheet)
    assert says in str(raised.value)
