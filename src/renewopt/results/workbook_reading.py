"""The tables of plan.xlsx read back: equal to those of the plan that was written."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from renewopt.asked import a_path
from renewopt.errors import ScenarioError
from renewopt.results import tables
from renewopt.results.failures import PlanFileError
from renewopt.results.places import place_recorded
from renewopt.results.workbook import FILE, PLACE
from renewopt.results.workbook_words import OVERVIEWS, SHEETS, code_of, column_of, sheet_name
from renewopt.scenario.limits import MAX_BOOK_BYTES
from renewopt.scenario.opening import open_workbook
from renewopt.scenario.reading import read_bytes
from renewopt.wording import HERE, LANGUAGES, Names, Place, worded, words
from renewopt.wording.phrases import say

__all__ = ["read_tables"]

_GOES_ON = re.compile(r" …\d+")


def read_tables(path: str | os.PathLike[str]) -> dict[str, pd.DataFrame]:
    """Read the tables of a plan's workbook, in English or Chinese, into DataFrames.

    Parameters
    ----------
    path
        ``plan.xlsx``, or the folder of a plan.

    Returns
    -------
    dict of str to DataFrame
        By the name of the plan's attribute: ``allocation``, ``funds``, ``construction``, ``fees``, and ``claims`` and
        ``prices`` where the workbook has them; each equal to the plan's own. A table that is too long for a workbook
        is only in its CSV file, and absent here.

    Raises
    ------
    PlanFileError
        If it is no workbook of a plan, or its tables were changed so that they are no longer tables.

    Examples
    --------
    >>> renewopt.read_tables("plan/plan.xlsx")["fees"]["overdue"].sum()  # doctest: +SKIP
    """
    a_path("path", path)
    file = Path(path)
    if file.is_dir():
        file /= FILE
    if not file.is_file():
        raise PlanFileError(words("there is no {file}; expected a workbook written by renewopt plan --out", file=file))
    found: dict[str, pd.DataFrame] = {}
    try:
        book = open_workbook(read_bytes(file, MAX_BOOK_BYTES), file.name)
        with _place_of(book.rows(PLACE) if PLACE in book.titles else [], file).spoken():
            for table in SHEETS:
                for name in {sheet_name(lang, table) for lang in LANGUAGES} & set(book.titles):
                    if table not in OVERVIEWS:
                        found[table] = _table(table, book.rows(name), file)
    except ScenarioError as error:
        reason = error.findings[0].message
        raise PlanFileError(words("{file} cannot be read as a workbook ({reason})", file=file, reason=reason)) from None
    if not found:
        raise PlanFileError(
            words("{file} holds no table of a plan; expected a workbook written by renewopt plan --out", file=file)
        )
    return found


def _place_of(rows: list[list[Any]], file: Path) -> Place:
    """Return the place whose words and unit the workbook uses."""
    try:
        return place_recorded(json.loads(str(rows[0][0]))) if rows else HERE
    except (ValueError, TypeError, IndexError, RecursionError):
        raise PlanFileError(
            words("{path}: incomplete or changed ({key}); write the plan anew", path=file, key=PLACE)
        ) from None


def _table(table: str, rows: list[list[Any]], file: Path) -> pd.DataFrame:
    """Make one table from the cells of its sheet."""
    titles = [str(cell) for cell in rows[0]] if rows else []
    if len(rows) > 1 and _is_total(rows[-1]):
        rows = rows[:-1]
    columns: dict[str, list[list[Any]]] = {}
    for place, title in enumerate(titles):
        plain = _GOES_ON.sub("", title)
        cells = [row[place] if place < len(row) else "" for row in rows[1:]]
        columns.setdefault(column_of(table, plain), []).append(cells)
    kinds = tables.COLUMNS.get(table) or {name: _kind(name, parts[0]) for name, parts in columns.items()}
    absent = set(kinds) - set(columns)
    if absent in tables.LATER.get(table, ()):
        columns |= {name: [[""] * len(rows[1:])] for name in absent}
    if missing := [name for name in kinds if name not in columns]:
        raise PlanFileError(
            words(
                "{file} sheet {sheet}: the columns {names} are missing",
                file=file,
                sheet=SHEETS[table][0],
                names=Names(missing),
            )
        )
    typed = {}
    for name, kind in kinds.items():
        try:
            typed[name] = _column(table, name, kind, columns[name])
        except ValueError as error:
            raise PlanFileError(
                words(
                    "{file} sheet {sheet} column {name}: {error}",
                    file=file,
                    sheet=SHEETS[table][0],
                    name=name,
                    error=worded(error),
                )
            ) from None
    return pd.DataFrame(typed, columns=list(kinds))


def _is_total(row: list[Any]) -> bool:
    """Whether a row is the total of those above it: it says so, and besides holds no text, which every other does."""
    texts = [str(cell) for cell in row if isinstance(cell, str | dt.date) and cell != ""]
    return len(texts) == 1 and texts[0] == row[0] and texts[0] in {say(lang, "book.total") for lang in LANGUAGES}


def _kind(name: str, cells: list[Any]) -> str:
    """Kind of a column that is not fixed: text, unless it is in yuan or every cell is a number or empty."""
    if name.endswith("_yuan"):
        return "number"
    numbers = all(cell == "" or (isinstance(cell, int | float) and not isinstance(cell, bool)) for cell in cells)
    return "number" if numbers and any(cell != "" for cell in cells) else "text"


def _column(table: str, name: str, kind: str, parts: list[list[Any]]) -> pd.Series:
    """Type a column."""
    if kind != "text":
        numbers = [np.nan if cell == "" else float(cell) for cell in parts[0]]
        series = pd.Series(numbers, dtype=np.float64)
        return series.astype(np.int64) if kind == "count" else series
    texts = ["".join(map(_text, cells)) for cells in zip(*parts, strict=True)]
    words = {text: code_of(name, text, table) for text in set(texts)}
    return pd.Series([words[text] for text in texts], dtype=object)


def _text(cell: Any) -> str:
    """Text of a cell; dates are months."""
    if isinstance(cell, dt.date):
        return f"{cell.year:04d}-{cell.month:02d}"
    return cell if isinstance(cell, str) else str(cell)
