"""Workbooks are looked through before they are laid out: what they say of themselves is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from tests.fuzz.bombs import MAIN, SOUND, book, lying, ods

from renewopt.errors import ScenarioError
from renewopt.scenario import opening, sheet_xml
from renewopt.scenario.opening import open_workbook
from renewopt.scenario.sheet_xml import TooMuchError, look
from renewopt.scenario.workbooks import read_workbook

ROWS = [["id", "project", "area"], ["H", "P", 80.0]]
SHEET = "xl/worksheets/sheet1.xml"


def said(data: bytes) -> str:
    with pytest.raises(ScenarioError) as error:
        open_workbook(data, "a.xlsx")
    (finding,) = error.value.findings
    assert finding.file == "a.xlsx"
    assert finding.mend
    return str(finding.message)


def zipped(**options: object) -> bytes:
    """A sound workbook, zipped anew in another way."""
    out = io.BytesIO()
    method = options.pop("method", zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(book())) as parts, zipfile.ZipFile(out, "w", method) as made:  # type: ignore[arg-type]
        for name in parts.namelist():
            made.writestr(name, parts.read(name))
    return out.getvalue()


def test_a_sound_workbook_is_read_however_it_is_zipped() -> None:
    for data in (book(), zipped(method=zipfile.ZIP_STORED), book(extra={"xl/media/a.png": b"\0" * 1000})):
        opened = open_workbook(data, "a.xlsx")
        assert opened.titles == ("s1",)
        assert opened.rows("s1") == ROWS


def test_pictures_and_other_files_are_not_even_unzipped() -> None:
    opened = open_workbook(
        book(extra={"xl/media/a.png": b"x", "docProps/app.xml": b"<x", "xl/drawings/d.xml": b"<"}), "a"
    )
    assert not any(name.startswith(("xl/media", "docProps", "xl/drawings")) for name in opened.parts)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"id,project\n", "it is no workbook"),
        (book()[:-30], "it is no workbook"),
        (lying(book(), SHEET, 100), "not as large as its zip says"),
        (lying(book(), SHEET, 100_000), "not as large as its zip says"),
        (zipped(method=zipfile.ZIP_LZMA), "zipped in a way that is not known"),
        (book(extra={SHEET.upper(): b"<x/>", "xl/x.xml": b"<"}), "xl/x.xml: its XML is broken on line 1"),
        (book(head='<?xml version="1.0" encoding="odd"?>'), "its XML is broken on line 1"),
        (book(head='<!DOCTYPE x [<!ENTITY a "b">]>'), "it defines entities of its own"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "its content is damaged, or takes too much room"),
    ],
    ids=["text", "cut off", "low", "high", "lzma", "broken", "encoding", "entities", "old"],
)
def test_what_is_no_sound_workbook_is_told(data: bytes, says: str) -> None:
    assert says in said(data)


@pytest.mark.parametrize(("at", "piece"), [(0, b"XX"), (6, b"\1\0")], ids=["header", "password"])
def test_a_part_whose_header_is_another_one_is_told(at: int, piece: bytes) -> None:
    data = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as parts:
        info = parts.getinfo(SHEET)
    place = info.header_offset + at
    if at:  # the flag is believed as it stands in the directory
        place = data.index(SHEET.encode(), info.header_offset + 60) - 46 + 8
    data[place : place + 2] = piece
    assert "its zip is damaged, or has a password" in said(bytes(data))


@pytest.mark.parametrize("change", ["byte", "checksum"])
def test_content_that_was_damaged_is_told(change: str) -> None:
    data = bytearray(zipped(method=zipfile.ZIP_STORED) if change == "checksum" else book())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as parts:
        info = parts.getinfo(SHEET)
    start = (
        info.header_offset
        + 30
        + len(SHEET)
        + int.from_bytes(data[info.header_offset + 28 : info.header_offset + 30], "little")
    )
    if change == "checksum":
        data[data.index(b">80<", start) + 1] = ord("9")
    else:
        data[start : start + 20] = b"\xff" * 20  # no block of such a kind
    assert "its zip is damaged" in said(bytes(data))


def test_two_parts_of_one_name_are_told() -> None:
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as parts, pytest.warns(UserWarning, match="Duplicate name"):
        parts.writestr(SHEET, b"<x/>")
    assert "two of its parts have one name" in said(out.getvalue())


@pytest.mark.parametrize(
    ("bound", "value", "says"),
    [
        ("MAX_PARTS", 3, "it has 5 parts; at most 3 are read"),
        ("MAX_PART_BYTES", 100, "unzipped it takes"),
        ("RATIO_FROM", 1, "unzipped it takes"),
    ],
)
def test_sizes_are_held_against_their_bounds(
    monkeypatch: pytest.MonkeyPatch, bound: str, value: int, says: str
) -> None:
    monkeypatch.setattr(opening, bound, value)
    monkeypatch.setattr(opening, "MAX_RATIO", 1)
    assert says in said(book())


def cells(*places: str) -> bytes:
    return "".join(f'<c r="{place}"><v>1</v></c>' for place in places).encode()


def looked(rows: bytes, shared: list[int] | None = None) -> sheet_xml.Scan:
    return look([b"<x><sheetData>", rows, b"</sheetData></x>"], [] if shared is None else shared)


def test_a_sheet_reaches_as_far_as_its_cells_that_hold_something() -> None:
    scan = looked(
        b'<row r="2">' + cells("B2", "c2") + b'<c r="ZZ2"/></row><row>' + cells("A3") + b"<c><v>1</v></c></row>"
    )
    assert (scan.rows, scan.columns, scan.filled) == (3, 3, 4)


@pytest.mark.parametrize("place", ["XFE1", "A1048577", "A0", "A", "1", "AAAA1", "A99999999999", "Ａ1", "B2:C3", ""])
def test_a_cell_where_no_sheet_has_one_is_told(place: str) -> None:
    with pytest.raises(TooMuchError, match=r"that no sheet has|more than 16,384 columns"):
        looked(f'<row r="1"><c r="{place}"><v>1</v></c></row>'.encode())


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (b"<row>" + b"<c/>" * 20 + b"</row>", "more than 10 columns"),
        (b"<row/>" * 20, "more than 10 rows"),
        (b'<row r="1"/>' * 20, "more than 10 rows"),
        (b"<a>" * 101 + b"</a>" * 101, "nested more than 100 deep"),
        (cells("A1", "J9"), "only 2 cells hold something"),
        (b'<c r="A1"><v>' + b"1" * 60 + b"</v></c>", "a cell holds more than 50 characters"),
        (b'<c r="A1" t="s"><v>0</v></c>' * 20, "its cells repeat 100 characters of text"),
        (b"<si/>" * 9, "more than 5 texts"),
        (b'<row x="' + b"1" * 3_000 + b'"/>', "a tag of it never ends"),
    ],
)
def test_what_a_sheet_asks_for_is_held_against_its_bounds(
    monkeypatch: pytest.MonkeyPatch, rows: bytes, says: str
) -> None:
    for name, value in (
        ("ROWS", 10), ("COLUMNS", 10), ("_SPARSE", 50), ("_FILLED", 10), ("MAX_CELL_TEXT", 50), ("_TEXT", 90),
        ("_TEXT_PER_BYTE", 0), ("MAX_TEXTS", 5), ("_LAG", 1_000),
    ):  # fmt: skip
        monkeypatch.setattr(sheet_xml, name, value)
    pieces = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    with pytest.raises(TooMuchError, match=says):
        look([b"<x>", *pieces, b"</x>"], [5])


def test_more_cells_than_are_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_xml, "MAX_CELLS", 50)
    with pytest.raises(TooMuchError, match="reaches over 9 rows and 10 columns; at most 50 cells"):
        looked(cells("A1", "J9"))


def test_texts_that_cells_share_count_where_they_are_named() -> None:
    shared: list[int] = []
    look([b"<sst><si><t>abc</t></si><si><r><t>ab</t></r><r><t>c</t></r></si></sst>"], shared)
    assert shared == [3, 3]
    rows = b'<c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>9</v></c><c r="C1"><f>x</f><v>12</v></c>'
    assert looked(rows, shared).text == 3 + 0 + 2


def test_an_open_document_is_measured_with_its_repeats() -> None:
    def scan(rows: str) -> sheet_xml.Scan:
        return look([f'<x xmlns:table="t" xmlns:office="o"><table:table>{rows}</table:table></x>'.encode()], [])

    empty = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    row = (
        '<table:table-row table:number-rows-repeated="{}">'
        '<table:table-cell office:value="1" table:number-columns-repeated="{}"/></table:table-row>'
    )
    assert scan(row.format(3, 4) + empty).rows == 3
    assert scan(row.format(3, 4)).columns == 4
    for bad in (
        row.format(1_000_001, 2),
        row.format(0, 1),
        row.format("x", 1),
        row.format(1, 99_999),
        row.format(1_048_576, 16_384),
    ):
        with pytest.raises(TooMuchError):
            scan(bad)


def test_an_open_document_is_read() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = "<table:table-row>" + cell.format("id") + cell.format("project") + "</table:table-row>"
    opened = open_workbook(ods(f'<table:table table:name="t">{row}</table:table>'), "a.ods")
    assert opened.rows("t") == [["id", "project"]]


def test_formulas_that_failed_are_told_in_tables_too() -> None:
    rows = SOUND.replace('<c r="C2"><v>80</v></c>', '<c r="C2" t="e"><v>#REF!</v></c><c r="D2"><f>A1</f></c>')
    found = [str(finding) for finding in read_workbook(book(rows), "a.xlsx", "households").findings]
    assert any("sheet s1 row 2 column area: #REF! is the error of a formula" in text for text in found)
    assert any("the formula has no value yet" in text for text in found)


def test_failed_formulas_are_told_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_xml, "MAX_FINDINGS", 3)
    assert len(looked(b'<c r="A1" t="e"/>' * 20).failed) == 4


def test_an_error_of_the_reader_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def fails(error: BaseException) -> object:
        def read() -> None:
            raise error

        return read

    for error, says in ((ValueError("odd\x07"), "odd\\\\x07"), (PanicException("x"), "its content is damaged")):
        with pytest.raises(ScenarioError, match=says):
            opening._read(fails(error), "a.xlsx")
    with pytest.raises(KeyboardInterrupt):
        opening._read(fails(KeyboardInterrupt()), "a.xlsx")
    no_links = book(extra={})
    assert open_workbook(no_links, "a.xlsx").titles == ("s1",)
    assert list(opening._sheets({"xl/workbook.xml": b"<"})) == []


def test_a_sheet_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read as a workbook"):
        open_workbook(book(), "a.xlsx").rows("t")
    assert MAIN.startswith("http://schemas.openxmlformats.org")


def test_a_folder_and_a_directory_of_parts_that_is_damaged_are_told() -> None:
    data = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as parts:
        at = parts.start_dir
    data[at : at + 4] = b"XXXX"
    assert "its zip is damaged" in said(bytes(data))


def test_a_deflated_part_that_ends_in_the_midst_is_told() -> None:
    content = b"x" * 100
    assert b"".join(opening._deflated(zlib.compress(content)[2:-4])) == content
    assert len(b"".join(opening._deflated(zlib.compress(bytes(range(256)) * 9)[2:40]))) < 2_304


def test_many_parts_each_below_the_bound_are_bounded_together() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<a/>")
        for number in range(2):
            book.writestr(f"xl/x{number}.bin", bytes(30_000_000))
    with pytest.raises(ScenarioError, match="unzipped it takes 60 MB"):
        open_workbook(packed.getvalue(), "b.xlsx")
