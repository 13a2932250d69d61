"""Tables of text: rows of a CSV file, a sheet, an inline list or a DataFrame, each cell with its place.

Nothing is typed here: every cell is the text that the planner wrote, so that ``001`` stays ``001`` and ``NA`` stays
``NA``. Types are given, column by column, in :mod:`renewopt.scenario.columns`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError
from renewopt.wording import NOTHING, Wording, words

__all__ = ["SHOWN_ROWS", "Lines", "Place", "Table", "Text", "below", "columns_of", "key_of", "tidy_grid"]

Text = NDArray[np.object_]

SHOWN_ROWS = 5
"""How many rows with the same fault get a finding of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: the place part of a finding."""

    file: str
    line: int | None
    key: str
    sheet: str = ""

    def finding(self, message: Wording, mend: Wording = NOTHING, *, warning: bool = False) -> Finding:
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
    foreign : bool
        Whether it comes from a file of its own, which may be no table of ours.
    checked : bool
        Whether it was checked already, so that no row of it is a total.
    """

    name: str
    columns: dict[str, Text]
    locate: Callable[[int, str], Place]
    findings: list[Finding] = field(default_factory=list)
    foreign: bool = False
    checked: bool = False

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0


def key_of(header: str) -> str:
    """Return the key of a finding on a column."""
    return f"column {header}" if header else ""


def _stripped(column: Text) -> Text:
    """Strip every distinct cell once."""
    codes, uniques = pd.factorize(column)
    cells = np.empty(len(uniques), dtype=object)
    cells[:] = [cell.strip() for cell in uniques]
    stripped: Text = cells[codes]
    return stripped


def columns_of(rows: list[list[str]]) -> list[Text]:
    """Turn rows of unequal length into columns."""
    width = max(map(len, rows))
    grid = np.full((len(rows), width), "", dtype=object)
    for number, row in enumerate(rows):
        grid[number, : len(row)] = row
    return [grid[:, column].copy() for column in range(width)]


@dataclass(frozen=True, slots=True)
class Lines:
    """Places in a text file or sheet: the line of each record; record 0 holds the headers."""

    file: str
    lines: NDArray[np.int64]
    sheet: str = ""

    def at(self, record: int, header: str = "") -> Place:
        """Return the place of a record, and of a column in it."""
        return Place(self.file, int(self.lines[record]), key_of(header), self.sheet)


def below(grid: list[Text], place: Lines, header_row: int) -> tuple[list[Text], Lines]:
    """Leave out what stands above the row of the headers, counted from 1.

    Raises
    ------
    ScenarioError
        If there is no such row.
    """
    rows = len(grid[0]) if grid else 0
    if header_row > rows:
        message = words(
            "the headers are said to stand in row {row}, but there {rows:is|are} {rows} {rows:row|rows}",
            row=header_row,
            rows=rows,
        )
        mend = words("correct `header_row`, or delete it for them to be found")
        raise ScenarioError([Finding("error", place.file, None, "", message, mend, place.sheet)])
    first = header_row - 1
    return [column[first:] for column in grid], Lines(place.file, place.lines[first:], place.sheet)


Find = Callable[[list[Text]], tuple[list[Text], int]]


def tidy_grid(grid: list[Text], name: str, place: Lines, find: Find | None = None) -> Table:
    """Split a grid into headers and rows; drop blank rows, report ragged rows and unusable headers.

    Parameters
    ----------
    grid : list of ndarray of str
        Columns, the header in position 0.
    name : str
        Section of the scenario.
    place : Lines
        Line of each record.
    find : callable, optional
        Finds the headers below titles: gives the grid from them on, and how many rows stand above.

    Returns
    -------
    Table
    """
    findings: list[Finding] = []
    grid = [_stripped(column) for column in grid]
    if find is not None:
        grid, first = find(grid)
        if first:
            message = words("the headers were found in row {row}; what stands above is not read", row=first + 1)
            findings.append(place.at(first).finding(message, NOTHING, warning=True))
            place = Lines(place.file, place.lines[first:], place.sheet)
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
        place.at(row + 1).finding(
            words("a blank row inside the table is passed over"), words("delete it"), warning=True
        )
        for row in np.flatnonzero(~filled[:last])[:SHOWN_ROWS]
    ]
    columns: dict[str, Text] = {}
    for position, header in enumerate(headers):
        if not header:
            if (grid[position][1:] != "").any():
                findings.append(
                    place.at(0).finding(
                        words("column {number} has no header", number=position + 1), words("name it or empty it")
                    )
                )
        elif header in columns:
            message = words("the header {header!r} stands twice", header=header)
            findings.append(place.at(0, header).finding(message, words("rename or delete one of the columns")))
        else:
            columns[header] = grid[position][1:][used]
    long = np.zeros(length, dtype=bool)
    for column in extra:
        long |= column[1:] != ""
    findings += [
        place.at(row + 1).finding(
            words("more cells than the {count} {count:header|headers}", count=len(headers)),
            words("check commas and quotes"),
        )
        for row in np.flatnonzero(long)[:SHOWN_ROWS]
    ]
    kept = np.concatenate([[0], used + 1]).astype(np.int64)

    def locate(row: int, header: str) -> Place:
        return place.at(int(kept[row + 1]), header)

    return Table(name, columns, locate, findings)
