"""A table of a plan on a sheet of its own: an Excel table with filters, names beside ids, totals, ready for print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from renewopt.results.workbook_cells import (
    LONGEST_CELL,
    Formats,
    column_width,
    exact_sheet,
    month_date,
    writer,
)
from renewopt.results.workbook_sums import Placed
from renewopt.results.workbook_words import header, sheet_name, word_of
from renewopt.vocabulary import CASH, VOUCHER, WAITING, Item, Payer
from renewopt.wording import Language
from renewopt.wording.phrases import say

__all__ = ["MONTH_COLUMNS", "TOTALLED", "Names", "on_paper", "write_table"]

MONTH_COLUMNS = frozenset(
    {
        "month",
        "housed",
        "fee_stops",
        "overdue_from",
        "first",
        "last",
        "housed_from",
        "until",
        "due",
        "start",
        "finish",
        "cleared",
        "deadline",
    }
)
MONEY_OF_HOUSEHOLDS = ("household_pays", "price", "paid", "fees", "fees_tail", "fees_valued")
TOTALLED: dict[str, tuple[str, ...]] = {
    "allocation": ("count", *MONEY_OF_HOUSEHOLDS),
    "claims": MONEY_OF_HOUSEHOLDS,
    "statement": ("amount",),
    "construction": ("amount",),
    "funds": ("amount",),
    "fees": ("ordinary", "overdue", "paid"),
    "programme": ("cost", "delay_cost"),
    "left_out": ("households", "cost", "land_revenue"),
    "causes": ("households", "until_housed", "tail", "valued", "surcharges", "total", "price", "household_pays"),
    "projects": ("better", "worse", "as_before", "fees_a", "fees_b", "difference"),
}
"""Columns whose rows may be added up: below them stands the total of those that a filter leaves."""
NAMED = {
    **{kind: (kind,) for kind in ("project", "estate", "phase", "fund", "item")},
    "kind": ("work_kind",),
    "pool": ("estate", VOUCHER, CASH),
}
"""Columns of ids beside which names stand, and whose names these may be."""
WARNED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "allocation": (("route", "=", WAITING),),
    "claims": (("route", "=", WAITING),),
    "statement": (("item", "=", Item.FEE_OVERDUE), ("paid_by", "=", Payer.OWED)),
    "fees": (("overdue", ">", "0"), ("owed", ">", "0")),
    "people": (("overdue", ">", "0"),),
}
"""Columns whose cells are coloured: where somebody is overdue, waits at the end, or is owed."""

LONG = 4_000
"""Rows beyond which a table is not printed unless it is asked for row by row: a hundred pages that nobody reads."""
FIRST = 200
"""Rows of it that are printed all the same."""
PRINTED = {"allocation": "paid", "claims": "paid"}
"""Last column that is printed of tables too wide for a page."""

Names = Mapping[str, Mapping[str, str]]
"""Names that the planner gave, by kind and id."""


@dataclass(frozen=True)
class _Column:
    """A column of a sheet: the table's column that it is (or begins), its title, kind and cells."""

    of: str
    title: str
    kind: str
    cells: list[Any]
    main: bool = True


def write_table(
    name: str,
    frame: pd.DataFrame,
    kinds: Mapping[str, str],
    book: Any,
    formats: Formats,
    lang: Language,
    named: Names | None = None,
    said: Mapping[str, str] | None = None,
    title: str = "",
) -> Placed:
    """Write a table into a new sheet and return where it stands.

    Parameters
    ----------
    name
        Of the table, in `SHEETS`.
    frame, kinds
        Its columns, and what they hold.
    book, formats
        Of XlsxWriter.
    lang
        Of sheet, headers and words of closed lists.
    named
        Names to stand beside ids.
    said
        Titles of the columns, where they are not those of a plan's tables.
    title
        Of the sheet, if it is not one of `SHEETS`.
    """
    from xlsxwriter.utility import xl_col_to_name

    title = title or sheet_name(lang, name)
    sheet = book.add_worksheet(title, worksheet_class=exact_sheet())
    columns = [
        part
        for column, kind in kinds.items()
        for part in _columns(name, column, kind, frame[column], lang, named or {}, (said or {}).get(column))
    ]
    rows, summed = len(frame), TOTALLED.get(name, ()) if len(frame) else ()
    for place, column in enumerate(columns):
        sheet.set_column(
            place, place, column_width(column.title, column.kind, column.cells), formats.kinds[column.kind]
        )
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.title, formats.heading(column.kind))
    writers = [writer(sheet, column.kind, formats) for column in columns]
    for row, cells in enumerate(zip(*(column.cells for column in columns), strict=True), start=1):
        for place, (write, cell) in enumerate(zip(writers, cells, strict=True)):
            write(row, place, cell)
    last = max(rows, 1) + bool(summed)
    if book.constant_memory:
        # Rows are on disk already: a table could not be laid around them.
        sheet.autofilter(0, 0, last, len(columns) - 1)
    else:
        _lay_table(sheet, name, columns, last, summed, formats, lang)
    letters = {column.of: xl_col_to_name(place) for place, column in enumerate(columns) if column.main}
    for column_name, sign, code in WARNED.get(name, ()):
        place = next(place for place, column in enumerate(columns) if column.of == column_name and column.main)
        value = code if sign == ">" else '"' + word_of(lang, column_name, code, name).replace('"', '""') + '"'
        rule = {"type": "cell", "criteria": sign, "value": value, "format": formats.overdue}
        sheet.conditional_format(1, place, max(rows, 1), place, rule)
    sheet.freeze_panes(1, 1)
    printed = [place for place, column in enumerate(columns) if column.of == PRINTED.get(name, column.of)]
    right = printed[-1] if printed else len(columns) - 1
    if last > LONG:
        on_paper(sheet, FIRST, right, say(lang, "book.first", count=FIRST))
    else:
        on_paper(sheet, last, right)
    months = {month for column in columns if column.of == "month" for month in column.cells}
    return Placed(title, letters, rows + 1, all(month_date(month) for month in months))


def _lay_table(
    sheet: Any, name: str, columns: list[_Column], last: int, summed: Sequence[str], formats: Formats, lang: Language
) -> None:
    """Make an Excel table of the cells, with filters, and with the total below columns that may be added up."""
    options = []
    for place, column in enumerate(columns):
        option: dict[str, Any] = {"header": column.title, "header_format": formats.heading(column.kind)}
        if summed and place == 0:
            option |= {"total_string": say(lang, "book.total"), "format": formats.totals[column.kind]}
        elif column.of in summed and column.main:
            total = _total(column.cells, column.kind)
            option |= {"total_function": "sum", "total_value": total, "format": formats.totals[column.kind]}
        options.append(option)
    style = {"name": f"t_{name}", "style": "Table Style Light 1", "total_row": bool(summed), "columns": options}
    sheet.add_table(0, 0, last, len(columns) - 1, style)
    for place, option in enumerate(options):
        if "total_function" in option:
            # With the table's name, as Excel itself writes it: XlsxWriter leaves it out, and LibreOffice needs it.
            title = re.sub(r"([][#'])", r"'\1", option["header"])
            formula = f"=SUBTOTAL(109,t_{name}[{title}])"
            sheet.write_formula(last, place, formula, option["format"], option["total_value"])


def on_paper(sheet: Any, last: int, right: int, note: str = "") -> None:
    """Print landscape on A4, as wide as the page, headers on each, with page, sheet and a note below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last, right)
    sheet.set_footer(f"&L&A&C{note}&R&P / &N")


def _total(cells: Sequence[float], kind: str) -> float:
    """Total of cells, to the fen."""
    return round(float(np.nansum(np.asarray(cells, dtype=np.float64))), 2 if kind == "money" else 0)


def _columns(
    table: str, column: str, kind: str, values: pd.Series, lang: Language, named: Names, said: str | None
) -> Iterator[_Column]:
    """Columns that hold one of the plan's: a text too long for a cell goes on in the next, names stand beside ids."""
    title = said or header(lang, table, column)
    if kind != "text":
        yield _Column(column, title, kind, values.tolist())
        return
    words = {cell: word_of(lang, column, cell, table) for cell in values.unique()}
    texts = [words[cell] for cell in values]
    pieces = -(-max(map(len, words.values()), default=1) // LONGEST_CELL)
    kind = "month" if column in MONTH_COLUMNS else "text"
    yield _Column(column, title, kind, [text[:LONGEST_CELL] for text in texts])
    for piece in range(1, pieces):
        cut = slice(piece * LONGEST_CELL, (piece + 1) * LONGEST_CELL)
        yield _Column(column, f"{title} …{piece + 1}", "text", [text[cut] for text in texts], main=False)
    known = {key: name for kind in NAMED.get(column, ()) for key, name in named.get(kind, {}).items() if name != key}
    names = {cell: _name(cell, known) for cell in words}
    if any(names.values()):
        yield _Column(f"{column}_name", header(lang, table, f"{column}_name"), "text", [names[cell] for cell in values])


def _name(cell: str, known: Mapping[str, str]) -> str:
    """Name of an id, or of the estates and programmes that pools belong to, each once."""
    if cell in known:
        return known[cell][:LONGEST_CELL]
    found = (known.get(part.rpartition("/")[0], "") for part in cell.split(";"))
    return "; ".join(dict.fromkeys(name for name in found if name))[:LONGEST_CELL]
