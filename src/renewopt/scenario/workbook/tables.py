"""The tables of a scenario (households, quotes, fee curves) in a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding
from renewopt.scenario.cells import parse_ids
from renewopt.scenario.columns import row_findings
from renewopt.scenario.headers import canonical
from renewopt.scenario.nodes import Entry, Mapping, Scalar, Sequence
from renewopt.scenario.rows import text_of
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.tables import Table
from renewopt.scenario.workbook.cell_values import Cell, CellError, month_cell, unknown_choice
from renewopt.scenario.workbook.flattening import Row
from renewopt.scenario.workbook.places import Places
from renewopt.scenario.workbook.words import choice_word, said_choice
from renewopt.units import Month
from renewopt.wording import Language, Wording, worded

__all__ = ["spoken", "table_nodes", "table_rows"]


def spoken(table: Table, findings: list[Finding]) -> Table:
    """Return a table with the fixed choices of its cells in the scenario's own words, whatever their language.

    Parameters
    ----------
    table : Table
    findings : list of Finding
        Takes words that are no choice, told with the choices in the language of the header. In the table that is
        returned they are choices, so that they are not told twice.
    """
    columns = dict(table.columns)
    for header, cells in columns.items():
        name = canonical(header, TABLES[table.name])
        choices = TABLES[table.name][name].choices if name is not None else ()
        if choices:
            codes, uniques = pd.factorize(cells)
            said = [_choices(cell, choices) for cell in uniques]
            changed = np.empty(len(uniques), dtype=object)
            changed[:] = [";".join(part or choices[0] for _, part in parts) for parts in said]
            columns[header] = changed[codes]
            lang: Language = "en" if header.isascii() else "zh"
            wrong = [next((word for word, part in parts if part is None), "") for parts in said]
            rows = np.flatnonzero(np.array([bool(word) for word in wrong], dtype=bool)[codes])
            faults = [unknown_choice(word, choices, lang) for word in wrong]
            findings += row_findings(rows, table.locate, header, _message(codes, faults))
    return Table(table.name, columns, table.locate, table.findings)


def _message(codes: NDArray[np.intp], faults: list[CellError]) -> Callable[[int], tuple[Wording, Wording]]:
    return lambda row: (worded(faults[int(codes[row])]), faults[int(codes[row])].mend)


def _choices(cell: str, choices: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Words of a cell, and the choices that they name."""
    return [(part, said_choice(part, choices)) for part in parse_ids(cell)]


def table_nodes(table: Table, places: Places) -> Sequence:
    """Rows of a table as nodes, as a variant needs them that changes rows by id."""
    sheet = table.locate(-1, "").sheet
    specs = TABLES[table.name]
    names = {header: canonical(header, specs) or header for header in table.columns}
    items = []
    for row in range(len(table)):
        line = table.locate(row, "").line or 1
        entries = {}
        for header, cells in table.columns.items():
            if cells[row]:
                mark = places.mark(sheet, line, header)
                entries[names[header]] = Entry(mark, Scalar(mark, cells[row], cells[row], quoted=True))
        items.append(Mapping(places.mark(sheet, line), entries))
    return Sequence(places.mark(sheet, 1), tuple(items))


def table_rows(name: str, frame: pd.DataFrame, lang: Language) -> Iterator[Row]:
    """Rows of a checked table, each a mapping of column to typed cell; empty cells are left out."""
    columns = {column: _cells(frame[column], spec.kind, spec.choices, lang) for column, spec in TABLES[name].items()}
    filled = {column: cells for column, cells in columns.items() if any(cell is not None for cell in cells)}
    for row in range(len(frame)):
        yield {(column,): cell for column, cells in filled.items() if (cell := cells[row]) is not None}


def _cells(values: pd.Series, kind: str, choices: tuple[str, ...], lang: Language) -> list[Cell | None]:
    """Typed cells of a column."""
    listed = values.tolist()
    match kind:
        case "number" | "money" | "share":
            return [None if value != value else _number(value) for value in listed]  # noqa: PLR0124 - NaN
        case "count" | "months":
            return [None if value < 0 else value for value in listed]
        case "month":
            return [None if value < 0 else month_cell(str(Month(value))) for value in listed]
        case "boolean":
            yes = "是" if lang == "zh" else "yes"
            return [yes if value else None for value in listed]
        case "ids":
            return [
                ";".join(choice_word(lang, part) if choices else part for part in value) or None for value in listed
            ]
        case "terms" | "dated_terms":
            return [text_of(value) or None for value in listed]
        case _:
            return [(choice_word(lang, value) if choices else value) or None for value in listed]


def _number(value: float) -> Cell:
    """Number of a cell; as text where a spreadsheet would not keep all its digits."""
    if value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value if float(f"{value:.16G}") == value else repr(value)
