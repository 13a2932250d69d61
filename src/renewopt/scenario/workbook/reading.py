"""A scenario's workbook read: its sheets by name in either language, the tree they make, and the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Sequence as Sequence_
from dataclasses import dataclass

import numpy as np

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.headers import folded
from renewopt.scenario.nodes import Entry, Mapping, Sequence
from renewopt.scenario.opening import open_workbook
from renewopt.scenario.rows import text_of
from renewopt.scenario.suggestions import did_you_mean
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.tables import Lines, Table, columns_of, tidy_grid
from renewopt.scenario.workbook.gathering import gather
from renewopt.scenario.workbook.layout import GUIDE, MORE, layout, named_sheet
from renewopt.scenario.workbook.places import Places
from renewopt.scenario.workbook.tables import spoken, table_nodes
from renewopt.wording import words

__all__ = ["Book", "read_book"]


@dataclass(frozen=True, slots=True)
class Book:
    """A scenario's workbook.

    Parameters
    ----------
    root : Mapping
        The whole scenario, variants included. A table that stands in a sheet is an empty list in it.
    tables : dict of str to Table
        The cells of the sheets that are tables.
    findings : list of Finding
        What is wrong with the sheets; placed already.
    resolve : callable
        Turns findings on the nodes of `root` into findings with sheet, row and column.
    """

    root: Mapping
    tables: dict[str, Table]
    findings: list[Finding]
    resolve: Callable[[Iterable[Finding]], list[Finding]]


def read_book(data: bytes, file: str) -> Book:
    """Read a workbook.

    Parameters
    ----------
    data : bytes
    file : str
        Name of the file in findings.

    Raises
    ------
    ScenarioError
        If it is no workbook, or none of its sheets is of a scenario.
    """
    findings: list[Finding] = []
    tables: dict[str, Table] = {}
    book = open_workbook(data, file)
    for name, title in _sheets(list(book.titles), file, findings).items():
        rows = book.rows(title)
        table = _table(name, rows, Lines(file, np.arange(1, len(rows) + 1, dtype=np.int64), title))
        if table is not None:
            findings += table.findings
            tables[name] = table
    if not set(tables) & {*layout(), MORE}:
        message = words("no sheet of a scenario is in this workbook")
        mend = words("`renewopt init DIR --excel` writes a template")
        raise ScenarioError([Finding("error", file, None, "", message, mend)])
    findings += (finding for table in tables.values() for finding in book.failures(table))
    places = Places(file)
    root = gather(tables, places, findings)
    shown = {name: table for name, table in tables.items() if name in TABLES and name in root.entries}
    spoken_tables = {name: spoken(table, findings) for name, table in shown.items()}
    root = _with_rows(root, spoken_tables, places)
    # What was noticed while a sheet was tidied is told once, here.
    quiet = {name: Table(table.name, table.columns, table.locate) for name, table in spoken_tables.items()}
    return Book(root, quiet, places.resolve(findings), places.resolve)


def _sheets(titles: list[str], file: str, findings: list[Finding]) -> dict[str, str]:
    """Sheets that are read: English name to the title in the workbook; others are warned of."""
    names = (*layout(), MORE, GUIDE)
    known = {folded(word): name for name in names for word in (name, named_sheet(name).title)}
    found: dict[str, str] = {}
    for title in titles:
        name = known.get(folded(title))
        if name is None:
            every = [word for each in names for word in (each, named_sheet(each).title)]
            mend = did_you_mean(title, every) or words("begin its name with # if it is for yourself")
            if not title.startswith(("#", "_")):
                findings.append(Finding("warning", file, None, "", words("this sheet is not read"), mend, title))
        elif name in found:
            message = words("{one!r} and {other!r} are the same sheet", one=found[name], other=title)
            findings.append(Finding("error", file, None, "", message, words("delete one of the two"), title))
        else:
            found[name] = title
    found.pop(GUIDE, None)
    return found


def _table(name: str, rows: Sequence_[Sequence_[object]], place: Lines) -> Table | None:
    """Cells of a sheet; None where it is empty, or a table of headers alone."""
    if not any(cell != "" for row in rows for cell in row):
        return None
    # Blank rows above the headers (a title's space) are no part of the table.
    first = next(number for number, row in enumerate(rows) if any(cell != "" for cell in row))
    grid = columns_of([[text_of(cell) for cell in row] for row in rows[first:]])
    for column in grid:
        # The star that marks a needed column is no part of its name.
        column[0] = column[0].rstrip(" *＊")
    table = tidy_grid(grid, name, Lines(place.file, place.lines[first:], place.sheet))
    return table if len(table) or name not in TABLES or layout()[name].required else None


def _with_rows(root: Mapping, tables: dict[str, Table], places: Places) -> Mapping:
    """Give a table its rows in the tree where a variant changes them by id."""
    variants = root.get("variants")
    changed = {
        name
        for entry in (variants.entries.values() if isinstance(variants, Mapping) else ())
        for name in tables
        if isinstance(entry.node, Mapping) and isinstance(entry.node.get(name), Sequence)
    }
    entries = dict(root.entries)
    for name in changed:
        entries[name] = Entry(entries[name].key_mark, table_nodes(tables.pop(name), places))
    return Mapping(root.mark, entries)
