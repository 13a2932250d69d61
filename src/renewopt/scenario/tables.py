"""Tables of text: rows of a CSV file, a sheet, an inline list or a DataFrame, each cell with its place.

Nothing is typed here: every cell is the text that the planner wrote, so that ``001`` stays ``001`` and ``NA`` stays
``NA``. Types are given, column by column, in :mod:`renewopt.scenario.columns`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.nodes import Mapping, Node, Scalar, Sequence, identity
from renewopt.scenario.reading import decode
from renewopt.scenario.table_specs import TABLES
from renewopt.units import Month

__all__ = ["Lines", "Place", "Table", "columns_of", "read_csv", "read_frame", "read_nodes", "text_of", "tidy_grid"]

Text = NDArray[np.object_]

MAX_COLUMNS = 500
SHOWN_ROWS = 5
"""How many rows with the same fault get a finding of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: the place part of a finding."""

    file: str
    line: int | None
    key: str
    sheet: str = ""

    def finding(self, message: str, mend: str = "", *, warning: bool = False) -> Finding:
        """Return a finding at this place."""
        severity = "warning" if warning else "error"
        return Finding(severity, self.file, self.line, self.key, message, mend, self.sheet)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of text of equal length.

    Parameters
    ----------
    name : str
        Section of the scenario that the table fills, such as ``households``.
    columns : dict of str to ndarray of str
        By the header that the planner wrote, in their order.
    locate : callable
        ``(row, header)`` to :class:`Place`; row −1 is the header, and header ``""`` the whole row.
    findings : list of Finding
        What was noticed while reading.
    """

    name: str
    columns: dict[str, Text]
    locate: Callable[[int, str], Place]
    findings: list[Finding] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0


def _key(header: str) -> str:
    return f"column {header}" if header else ""


def read_csv(data: bytes, file: str, name: str) -> Table:
    """Read a CSV file: UTF-8 with or without byte order mark, commas, the first row its headers.

    Parameters
    ----------
    data : bytes
    file, name : str
        Name of the file in findings, and section of the scenario.

    Raises
    ------
    ScenarioError
        If the bytes are no UTF-8 table with headers.
    """
    text = decode(data, file).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ScenarioError([Finding("error", file, line, "", "this is not a text table (it holds NUL bytes)", "")])
    if not text.strip("\n ,\t"):
        raise ScenarioError([Finding("error", file, 1, "", "the table is empty", "write a row of headers and rows")])
    if text.count('"') % 2:
        line = _open_quote(text)
        message = "a quote that opens here never ends"
        raise ScenarioError([Finding("error", file, line, "", message, "close it, or double a quote inside a text")])
    widths, lines = _shape(text)
    width = int(widths.max())
    if width > MAX_COLUMNS:
        row = int(widths.argmax())
        message = f"{width} columns; at most {MAX_COLUMNS} are read"
        raise ScenarioError([Finding("error", file, int(lines[row]), "", message, "check quotes and separators")])
    frame = pd.read_csv(
        io.StringIO(text),
        header=None,
        names=list(range(width)),
        dtype=object,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        index_col=False,
    )
    if len(frame) != len(widths):
        grid, lines = _slow(text)
    else:
        grid = [frame[column].to_numpy(dtype=object) for column in frame.columns]
    place = Lines(file, lines)
    if len(grid) == 1:
        _single_column(grid[0][0], file)
    return tidy_grid(grid, name, place)


def _open_quote(text: str) -> int:
    """Line of the last quote, which opens a text that never ends."""
    return text.count("\n", 0, text.rindex('"')) + 1


def _shape(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cells and first line of each record, counted over the bytes, quoted commas and line ends left out."""
    raw = np.frombuffer(text.removesuffix("\n").encode("utf-8") + b"\n", dtype=np.uint8)
    newline = raw == ord("\n")
    comma = raw == ord(",")
    ends = newline
    if '"' in text:
        outside = np.cumsum(raw == ord('"')) % 2 == 0
        comma = comma & outside
        ends = newline & outside
    where = np.flatnonzero(ends)
    commas = np.cumsum(comma)[where]
    widths = np.diff(commas, prepend=0) + 1
    lines = np.cumsum(newline)[where]
    first = np.concatenate([[1], lines[:-1] + 1])
    return widths.astype(np.int64), first.astype(np.int64)


def _slow(text: str) -> tuple[list[Text], NDArray[np.int64]]:
    """Read a table whose quotes are used in unusual ways, row by row."""
    reader = csv.reader(io.StringIO(text))
    rows: list[list[str]] = []
    lines: list[int] = []
    last = 0
    for row in reader:
        rows.append(row or [""])
        lines.append(last + 1)
        last = reader.line_num
    return columns_of(rows), np.array(lines, dtype=np.int64)


def columns_of(rows: list[list[str]]) -> list[Text]:
    """Turn rows of unequal length into columns."""
    width = max(map(len, rows))
    grid = np.full((len(rows), width), "", dtype=object)
    for number, row in enumerate(rows):
        grid[number, : len(row)] = row
    return [grid[:, column].copy() for column in range(width)]


def _single_column(header: str, file: str) -> None:
    """Refuse a table whose separator is not a comma."""
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("，", "full-width commas"), ("|", "bars")):
        if mark in header:
            message = f"columns are separated by {word}, commas were expected"
            raise ScenarioError([Finding("error", file, 1, "", message, "save it as CSV (comma delimited, UTF-8)")])


@dataclass(frozen=True, slots=True)
class Lines:
    """Places in a text file or sheet: the line of each record; record 0 holds the headers."""

    file: str
    lines: NDArray[np.int64]
    sheet: str = ""

    def at(self, record: int, header: str = "") -> Place:
        """Return the place of a record, and of a column in it."""
        return Place(self.file, int(self.lines[record]), _key(header), self.sheet)


def tidy_grid(grid: list[Text], name: str, place: Lines) -> Table:
    """Split a grid into headers and rows; drop blank rows, report ragged rows and unusable headers.

    Parameters
    ----------
    grid : list of ndarray of str
        Columns, the header in position 0.
    name : str
        Section of the scenario.
    place : Lines
        Line of each record.

    Returns
    -------
    Table
    """
    findings: list[Finding] = []
    grid = [np.array([cell.strip() for cell in column], dtype=object) for column in grid]
    headers = [column[0] for column in grid]
    while headers and not headers[-1]:
        headers.pop()
    extra = grid[len(headers) :]
    body = [column[1:] for column in grid]
    length = len(body[0]) if body else 0
    filled = np.zeros(length, dtype=bool)
    for column in body:
        filled |= column != ""
    used = np.flatnonzero(filled)
    last = int(used[-1]) + 1 if used.size else 0
    findings += [
        place.at(row + 1).finding("a blank row inside the table is passed over", "delete it", warning=True)
        for row in np.flatnonzero(~filled[:last])[:SHOWN_ROWS]
    ]
    columns: dict[str, Text] = {}
    for position, header in enumerate(headers):
        if not header:
            if (grid[position][1:] != "").any():
                findings.append(place.at(0).finding(f"column {position + 1} has no header", "name it or empty it"))
        elif header in columns:
            message = f"the header {header!r} stands twice"
            findings.append(place.at(0, header).finding(message, "rename or delete one of the columns"))
        else:
            columns[header] = grid[position][1:][used]
    long = np.zeros(length, dtype=bool)
    for column in extra:
        long |= column[1:] != ""
    findings += [
        place.at(row + 1).finding(f"more cells than the {len(headers)} headers", "check commas and quotes")
        for row in np.flatnonzero(long)[:SHOWN_ROWS]
    ]
    kept = np.concatenate([[0], used + 1]).astype(np.int64)

    def locate(row: int, header: str) -> Place:
        return place.at(int(kept[row + 1]), header)

    return Table(name, columns, locate, findings)


def read_nodes(node: Sequence, name: str, locate_key: str) -> Table:
    """Read an inline list of mappings.

    Parameters
    ----------
    node : Sequence
        Items of the scenario's YAML.
    name : str
        Section of the scenario.
    locate_key : str
        Dotted path of the list.
    """
    findings: list[Finding] = []
    rows: list[Mapping] = []
    for position, item in enumerate(node.items):
        if isinstance(item, Mapping):
            rows.append(item)
        else:
            place = Place(item.mark.file, item.mark.line, f"{locate_key}.{position}")
            findings.append(place.finding("a row is a mapping of column names to values", "write `id: ...` and so on"))
    headers = dict.fromkeys(header for row in rows for header in row.entries)
    columns: dict[str, Text] = {}
    for header in headers:
        cells = np.empty(len(rows), dtype=object)
        cells[:] = [
            _cell(row.get(header), f"{locate_key}.{identity(row) or number}.{header}", findings)
            for number, row in enumerate(rows)
        ]
        columns[header] = cells

    def locate(row: int, header: str) -> Place:
        if row < 0:
            with_header = next((item for item in rows if header in item.entries), None)
            mark = node.mark if with_header is None else with_header.entries[header].key_mark
            return Place(mark.file, mark.line, f"{locate_key}.{header}" if header else locate_key)
        item = rows[row]
        words = [locate_key, identity(item) or str(row), header]
        mark = item.entries[header].key_mark if header in item.entries else item.mark
        return Place(mark.file, mark.line, ".".join(word for word in words if word))

    return Table(name, columns, locate, findings)


def _cell(node: Node | None, key: str, findings: list[Finding]) -> str:
    """Text of an inline cell; a list of scalars is joined by semicolons, as it would be in a table."""
    match node:
        case None:
            return ""
        case Scalar():
            return "" if node.value is None else node.text.strip()
        case Sequence() if all(isinstance(item, Scalar) for item in node.items):
            return ";".join(item.text for item in node.items if isinstance(item, Scalar))
        case _:
            place = Place(node.mark.file, node.mark.line, key)
            findings.append(place.finding("a cell is a single value or a list of values, not a mapping"))
            return ""


def read_frame(frame: pd.DataFrame, name: str) -> Table:
    """Read a DataFrame, whatever the types of its columns, into a table of text.

    Missing values (NaN, None, NaT) are empty cells; positions in findings count from 0. A DataFrame that has just the
    columns of a checked table is read as one: −1 is an empty cell there, and months are ordinals.
    """
    findings: list[Finding] = []
    file = f"{name} DataFrame"
    columns: dict[str, Text] = {}
    checked = list(frame.columns) == list(TABLES.get(name, ()))
    for position, header in enumerate(map(str, frame.columns)):
        if header in columns:
            findings.append(Finding("error", file, None, _key(header), f"the column {header!r} stands twice"))
            continue
        cells = np.empty(len(frame), dtype=object)
        cells[:] = [text_of(value) for value in frame.iloc[:, position].tolist()]
        if checked and pd.api.types.is_integer_dtype(frame.dtypes.iloc[position]):
            month = TABLES[name][header].kind == "month"
            cells[:] = ["" if cell == "-1" else str(Month(int(cell))) if month else cell for cell in cells]
        columns[header] = cells

    def locate(row: int, header: str) -> Place:
        return Place(file, None if row < 0 else row, _key(header))

    return Table(name, columns, locate, findings)


def text_of(value: Any) -> str:
    """Text of a typed cell, as the planner sees it: whole numbers without ``.0``, the first of a month as YYYY-MM."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return ";".join(":".join(map(text_of, part)) if isinstance(part, tuple) else text_of(part) for part in value)
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if hasattr(value, "strftime"):
        day = getattr(value, "day", 0)
        return str(value.strftime("%Y-%m" if day == 1 else "%Y-%m-%d"))
    return str(value)
