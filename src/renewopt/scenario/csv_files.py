"""CSV files as tables of text: read in bulk, with the line of each row even where a cell holds line ends."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.limits import MAX_CELLS, MAX_COLUMNS
from renewopt.scenario.reading import decode
from renewopt.scenario.registers import finder
from renewopt.scenario.tables import Lines, Table, Text, below, columns_of, tidy_grid
from renewopt.wording import words

__all__ = ["read_csv"]


def read_csv(data: bytes, file: str, name: str, header_row: int | None = None) -> Table:
    """Read a CSV file: UTF-8 with or without byte order mark, commas, the first row its headers.

    Parameters
    ----------
    data : bytes
    file, name : str
        Name of the file in findings, and section of the scenario.
    header_row : int, optional
        Row of the headers, from 1; default: found.

    Raises
    ------
    ScenarioError
        If the bytes are no UTF-8 table with headers.
    """
    text = decode(data, file).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ScenarioError([Finding("error", file, line, "", words("this is not a text table (it holds NUL bytes)"))])
    if not text.strip("\n ,\t"):
        raise ScenarioError(
            [Finding("error", file, 1, "", words("the table is empty"), words("write a row of headers and rows"))]
        )
    if text.count('"') % 2:
        line = _open_quote(text)
        message = words("a quote that opens here never ends")
        raise ScenarioError(
            [Finding("error", file, line, "", message, words("close it, or double a quote inside a text"))]
        )
    # Counted before a place is kept for each line.
    _refuse_many(text.count("\n"), text.partition("\n")[0].count(",") + 1, file)
    widths, lines = _shape(text)
    width = int(widths.max())
    if width > MAX_COLUMNS:
        row = int(widths.argmax())
        message = words("{width} {width:column|columns}; at most {most} are read", width=width, most=MAX_COLUMNS)
        raise ScenarioError(
            [Finding("error", file, int(lines[row]), "", message, words("check quotes and separators"))]
        )
    _refuse_many(len(widths), width, file)
    frame = _quick(text, width)
    if frame is None or len(frame) != len(widths):
        grid, lines = _slow(text, file)
    else:
        grid = [frame[column].to_numpy(dtype=object) for column in frame.columns]
    place = Lines(file, lines)
    if len(grid) == 1:
        _single_column(grid[0][0], file)
    if header_row is None:
        return tidy_grid(grid, name, place, finder(name))
    grid, place = below(grid, place, header_row)
    return tidy_grid(grid, name, place)


def _refuse_many(rows: int, width: int, file: str) -> None:
    """Refuse a table of more cells than are read.

    Raises
    ------
    ScenarioError
    """
    if rows * width > MAX_CELLS:
        message = words(
            (
                "{rows:,} {rows:row|rows} × {width:,} {width:column|columns}; at most {most:,} {most:cell|cells} "
                "{most:is|are} read"
            ),
            rows=rows,
            width=width,
            most=MAX_CELLS,
        )
        mend = words("leave out rows and columns that are not needed")
        raise ScenarioError([Finding("error", file, None, "", message, mend)])


def _open_quote(text: str) -> int:
    """Line of the last quote, which opens a text that never ends."""
    return text.count("\n", 0, text.rindex('"')) + 1


def _shape(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cells and first line of each record, counted over the bytes, quoted commas and line ends left out."""
    raw = np.frombuffer(text.removesuffix("\n").encode("utf-8") + b"\n", dtype=np.uint8)
    every_line = np.flatnonzero(raw == ord("\n"))
    ends, commas = every_line, np.flatnonzero(raw == ord(","))
    if '"' in text:
        inside = np.bitwise_xor.accumulate(raw == ord('"'))
        ends, commas = ends[~inside[ends]], commas[~inside[commas]]
    widths = np.diff(np.searchsorted(commas, ends), prepend=0) + 1
    first = np.concatenate([[1], np.searchsorted(every_line, ends[:-1]) + 2])
    return widths.astype(np.int64), first.astype(np.int64)


def _quick(text: str, width: int) -> pd.DataFrame | None:
    """Read a table in bulk; None where its quotes are used in ways that cannot be."""
    try:
        return pd.read_csv(
            io.StringIO(text),
            header=None,
            names=list(range(width)),
            dtype=object,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            index_col=False,
        )
    except pd.errors.ParserError:
        return None


def _slow(text: str, file: str) -> tuple[list[Text], NDArray[np.int64]]:
    """Read a table whose quotes are used in unusual ways, row by row.

    Raises
    ------
    ScenarioError
        If a cell has no end.
    """
    reader = csv.reader(io.StringIO(text))
    rows: list[list[str]] = []
    lines: list[int] = []
    last = 0
    try:
        for row in reader:
            rows.append(row or [""])
            lines.append(last + 1)
            last = reader.line_num
    except csv.Error:
        message = words("a cell that begins here is too long; a quote may be missing")
        mend = words("close it, or double a quote inside a text")
        raise ScenarioError([Finding("error", file, last + 1, "", message, mend)]) from None
    return columns_of(rows), np.array(lines, dtype=np.int64)


def _single_column(header: str, file: str) -> None:
    """Refuse a table whose separator is not a comma."""
    for mark, word in (
        (";", words("semicolons")),
        ("\t", words("tabs")),
        ("，", words("full-width commas")),
        ("|", words("bars")),
    ):
        if mark in header:
            message = words("columns are separated by {signs}, commas were expected", signs=word)
            raise ScenarioError(
                [Finding("error", file, 1, "", message, words("save it as CSV (comma delimited, UTF-8)"))]
            )
