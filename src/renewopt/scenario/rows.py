"""Rows stated in the scenario itself, or in a DataFrame, as tables of text."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from renewopt.errors import Finding
from renewopt.scenario.limits import MAX_FINDINGS
from renewopt.scenario.nodes import Mapping, Node, Scalar, Sequence, identity
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.tables import Place, Table, Text, key_of
from renewopt.units import Month
from renewopt.wording import words

__all__ = ["read_frame", "read_nodes", "text_of"]


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
        elif len(findings) <= MAX_FINDINGS:
            place = Place(item.mark.file, item.mark.line, f"{locate_key}.{position}")
            findings.append(
                place.finding(words("a row is a mapping of column names to values"), words("write `id: ...` and so on"))
            )
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
            findings.append(place.finding(words("a cell is a single value or a list of values, not a mapping")))
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
            findings.append(
                Finding("error", file, None, key_of(header), words("the column {header!r} stands twice", header=header))
            )
            continue
        cells = _texts(frame.iloc[:, position])
        if checked and pd.api.types.is_integer_dtype(frame.dtypes.iloc[position]):
            month = TABLES[name][header].kind == "month"
            cells[:] = ["" if cell == "-1" else str(Month(int(cell))) if month else cell for cell in cells]
        columns[header] = cells

    def locate(row: int, header: str) -> Place:
        return Place(file, None if row < 0 else row, key_of(header))

    return Table(name, columns, locate, findings, checked=checked)


def _texts(series: pd.Series[Any]) -> Text:
    """Text of each cell; where all are of one type, each distinct value is looked at once."""
    if series.dtype == object:
        cells = np.empty(len(series), dtype=object)
        cells[:] = [text_of(value) for value in series.tolist()]
        return cells
    codes, uniques = pd.factorize(series)
    words = np.empty(len(uniques) + 1, dtype=object)
    words[:] = [*(text_of(value) for value in uniques.tolist()), ""]
    texts: Text = words[codes]
    return texts


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
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m" if value.day == 1 else "%Y-%m-%d")
    return str(value)
