"""Sheets of a workbook (XLSX, XLS, ODS), read with python-calamine into tables of text."""

from __future__ import annotations

import numpy as np

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.registers import finder
from renewopt.scenario.rows import text_of
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.scenario.tables import Lines, Table, below, columns_of, tidy_grid
from renewopt.wording import words

__all__ = ["WORKBOOKS", "read_workbook"]

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
"""Suffixes of files that are read as workbooks."""


def read_workbook(data: bytes, file: str, name: str, sheet: str | None = None, header_row: int | None = None) -> Table:
    """Read one sheet, from the row of its headers on.

    Parameters
    ----------
    data : bytes
    file, name : str
        Name of the file in findings, and section of the scenario.
    sheet : str, optional
        Default: a sheet named like the section, else the first one.
    header_row : int, optional
        Row of the headers, from 1; default: found.

    Raises
    ------
    ScenarioError
        If the file is no workbook, or has no such sheet, or the sheet is empty.
    """
    from renewopt.scenario.opening import open_workbook

    book = open_workbook(data, file)
    names = list(book.titles)
    if not names:
        message, mend = words("the sheet is empty"), words("write a row of headers and rows")
        raise ScenarioError([Finding("error", file, None, "", message, mend)])
    chosen = sheet if sheet is not None else name if name in names else names[0]
    if chosen not in names:
        hint = did_you_mean(chosen, names) or words("its sheets are {names}", names=listed(names))
        raise ScenarioError(
            [Finding("error", file, None, "", words("there is no sheet {sheet!r}", sheet=chosen), hint)]
        )
    rows = book.rows(chosen)
    if not any(cell != "" for row in rows for cell in row):
        message, mend = words("the sheet is empty"), words("write a row of headers and rows")
        raise ScenarioError([Finding("error", file, None, "", message, mend, chosen)])
    grid = columns_of([[text_of(cell) for cell in row] for row in rows])
    lines = np.arange(1, len(rows) + 1, dtype=np.int64)
    place = Lines(file, lines, chosen)
    if header_row is None:
        table = tidy_grid(grid, name, place, finder(name))
    else:
        grid, place = below(grid, place, header_row)
        table = tidy_grid(grid, name, place)
    table.findings.extend(book.failures(table))
    if sheet is None and chosen == names[0] and len(names) > 1:
        others = listed(names[1:])
        message = words("the first of {count} {count:sheet|sheets} is read", count=len(names))
        warning = Finding(
            "warning",
            file,
            None,
            "",
            message,
            words("write `sheet: {chosen}` (others: {others})", chosen=chosen, others=others),
            chosen,
        )
        table.findings.append(warning)
    return table
