"""Cells of a workbook: their formats by kind, how they are written, and how wide their columns are."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from renewopt.wording import width
from renewopt.wording.amounts import decimals

__all__ = ["LONGEST_CELL", "WIDEST", "Formats", "column_width", "exact_sheet", "month_date", "writer"]

LONGEST_CELL = 16_000
"""Letters in a cell, after which the text goes on in a further column (a cell holds 32,767 UTF-16 units)."""
WIDEST = 30
"""Letters of a column that is wide; what is longer is cut by the next cell, so that many columns fit on a page."""
_MONTH = re.compile(r"(\d{4})-(\d{2})")


class Formats:
    """Formats by kind of cell, and of headers."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Arial", "font_size": 10}
        money = f"#,##0.{'0' * decimals()}".rstrip(".")
        numbers: dict[str, dict[str, object]] = {
            "text": {"num_format": "@"},
            "month": {"num_format": "yyyy-mm", "align": "left", "indent": 1},
            "count": {"num_format": "#,##0"},
            "money": {"num_format": f"{money};[Red]-{money}"},
            "number": {"num_format": f"{money}####" if "." in money else f"{money}.####"},
            "share": {"num_format": "0.00%"},
        }
        self.kinds = {kind: book.add_format({**base, **form}) for kind, form in numbers.items()}
        total = {"bold": True, "top": 1}
        self.totals = {kind: book.add_format({**base, **form, **total}) for kind, form in numbers.items()}
        head = {
            **base,
            "bold": True,
            "bg_color": "#1F4E79",
            "font_color": "#FFFFFF",
            "text_wrap": True,
            "valign": "top",
        }
        self.head = book.add_format(head)
        self.head_of_numbers = book.add_format({**head, "align": "right"})
        self.strong = book.add_format({**base, "bold": True})
        self.wrapped = book.add_format({**base, "text_wrap": True, "valign": "top"})
        self.overdue = book.add_format({"bg_color": "#FCE4D6", "font_color": "#9C3A00"})
        self.wrong = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True})

    def heading(self, kind: str) -> Any:
        """Format of the header of a column."""
        return self.head if kind in {"text", "month"} else self.head_of_numbers


@cache
def exact_sheet() -> type:
    """Make the class of a sheet whose numbers keep all their digits; XlsxWriter's own writes 16 of 17.

    Its formulas are taken as they are: ours call no function that Excel wants marked as newer than the file's format,
    and XlsxWriter looks for each of 150 such in every formula.
    """
    from xlsxwriter.worksheet import Worksheet

    class ExactSheet(Worksheet):  # type: ignore[misc]
        def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, object]] = ()) -> None:
            stated = "".join(f' {key}="{value}"' for key, value in attributes)
            self.fh.write(f"<c{stated}><v>{number!r}</v></c>")

        def _prepare_formula(self, formula: str, *_: object) -> str:
            return formula.removeprefix("=")

    return ExactSheet


def writer(sheet: Any, kind: str, formats: Formats) -> Callable[[int, int, Any], None]:
    """Return the function that writes a cell of a kind."""
    form = formats.kinds[kind]

    def write_text(row: int, column: int, cell: str) -> None:
        if cell:
            sheet.write_string(row, column, cell, form)

    def write_month(row: int, column: int, cell: str) -> None:
        date = month_date(cell)
        if date is None:
            write_text(row, column, cell)
        else:
            sheet.write_datetime(row, column, date, form)

    def write_number(row: int, column: int, cell: float) -> None:
        if math.isfinite(cell):
            sheet.write_number(row, column, cell, form)

    return {"text": write_text, "month": write_month}.get(kind, write_number)


def month_date(text: str) -> dt.date | None:
    """First day of a month written ``YYYY-MM``; None where a spreadsheet has no date for it."""
    match = _MONTH.fullmatch(text)
    if match is None or int(match[1]) < 1901 or not 1 <= int(match[2]) <= 12:
        return None
    return dt.date(int(match[1]), int(match[2]), 1)


def column_width(title: str, kind: str, values: Sequence[Any]) -> float:
    """Width of a column, by its widest cell and its title, which may take two lines."""
    if kind in {"text", "month"}:
        widest = max((width(cell[: 2 * WIDEST]) for cell in dict.fromkeys(values)), default=0)
    else:
        largest = max((abs(cell) for cell in values if math.isfinite(cell)), default=0)
        widest = len(f"{largest:,.2f}") + 1
    # Room for the arrow of the filter.
    return float(min(max(width(title) // 2 + 5, widest + 1, 8), WIDEST))
