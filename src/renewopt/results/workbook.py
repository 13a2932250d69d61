"""A plan as a workbook: what an office opens, filters and prints, and an auditor can reckon with.

Months are real dates (the first of the month, shown as ``yyyy-mm``), so that filters group them by year, ranges can be
compared and pivot tables understand them; text would only sort. Money and counts are numbers with a format. Nothing
that a planner wrote is run as a formula or becomes a link. Several months in one cell, and months before 1901, which
spreadsheets cannot date, stay text.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from traceback import clear_frames
from typing import TYPE_CHECKING, Any, BinaryIO

import pandas as pd

from renewopt.disk import write_whole
from renewopt.results import tables
from renewopt.results.places import recorded
from renewopt.results.workbook_words import SHEETS, header, sheet_name, word_of
from renewopt.wording import Language, of_its_place, width
from renewopt.wording.amounts import decimals
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = [
    "FILE",
    "LONGEST_CELL",
    "MONTH_COLUMNS",
    "MOST_ROWS",
    "PLACE",
    "open_kinds",
    "table_workbook_bytes",
    "workbook_bytes",
    "write_workbook",
]

FILE = "plan.xlsx"
PLACE = "place"
"""Hidden sheet of a plan with a currency or words of its own, by which its headers are read back."""
MOST_ROWS = 100_000
"""Rows of a table above which it stays in its CSV file, and the workbook says so: 100,000 rows of a roster
take up to 11 seconds (measured on a busy core) and 3.5 MB; a spreadsheet holds 1,048,576, and is slow long before."""
LONGEST_CELL = 16_000
"""Letters in a cell, after which the text goes on in a further column (a cell holds 32,767 UTF-16 units)."""
WIDEST = 45
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
    }
)
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def write_workbook(plan: PlanRecord, path: Path, lang: Language = "en") -> Path:
    """Write a plan's workbook into a file; see `workbook_bytes`."""
    write_whole(path, workbook_bytes(plan, lang))
    return path


@of_its_place
def workbook_bytes(plan: PlanRecord, lang: Language = "en") -> bytes:
    """Write a plan's workbook, as the content of a file.

    Parameters
    ----------
    plan : PlanRecord
        One with tables.
    lang : {'en', 'zh'}
        Of sheets, headers and labels.
    """
    return _made(lambda content: _fill(content, plan, lang))


def table_workbook_bytes(
    name: str, frame: pd.DataFrame, kinds: Mapping[str, str], title: str, lang: Language = "en"
) -> bytes:
    """Write a workbook of one table, as the content of a file.

    Parameters
    ----------
    name
        Of the table, in `SHEETS`.
    frame, kinds
        Its columns, and what they hold.
    title
        Of the workbook.
    lang
        Of sheet, headers and words of closed lists.
    """

    def fill(content: BinaryIO) -> None:
        with _opened(content, title) as book:
            _write_table(name, frame, kinds, book, _Formats(book), lang)

    return _made(fill)


def _made(fill: Callable[[BinaryIO], None]) -> bytes:
    content = io.BytesIO()
    try:
        fill(content)
    except Exception as error:
        # XlsxWriter leaves its archive open; it is closed here, as long as there is something to write it into.
        behind: BaseException | None = error
        while behind is not None:
            clear_frames(behind.__traceback__)
            behind = behind.__context__
        raise
    return content.getvalue()


@contextmanager
def _opened(file: BinaryIO, title: str) -> Iterator[Any]:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        # Without this the file would differ from one second to the next.
        book.set_properties({"title": title[:250], "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001
        yield book


def _fill(file: BinaryIO, plan: PlanRecord, lang: Language) -> None:
    with _opened(file, plan.name) as book:
        formats = _Formats(book)
        sheets = list(_tables(plan))
        left_out = [name for name, frame, _ in sheets if len(frame) > MOST_ROWS]
        _write_summary(plan, book, formats, lang, {name: len(frame) for name, frame, _ in sheets if name in left_out})
        for name, frame, kinds in sheets:
            if name not in left_out:
                _write_table(name, frame, kinds, book, formats, lang)
        if told := recorded(plan.place):
            sheet = book.add_worksheet(PLACE)
            sheet.write_string(0, 0, json.dumps(told, ensure_ascii=False))
            sheet.hide()


def _tables(plan: PlanRecord) -> Iterator[tuple[str, pd.DataFrame, dict[str, str]]]:
    """Tables in the order of the sheets, with the kinds of their columns; claims only where a household is split.

    The statement and the programme only where there is one.
    """
    for name in SHEETS:
        if name == "prices":
            if not plan.prices.empty:
                yield name, plan.prices, open_kinds(plan.prices)
        elif name in tables.COLUMNS:
            frame: pd.DataFrame = getattr(plan, name)
            split = name != "claims" or frame["part"].ne("").any()
            if split and (name not in ("statement", "programme") or not frame.empty):
                yield name, frame, tables.COLUMNS[name]


def open_kinds(frame: pd.DataFrame) -> dict[str, str]:
    """Kinds of the columns of a table whose columns are not fixed."""
    letters = {"i": "count", "u": "count", "f": "number"}
    return {str(name): letters.get(frame[name].dtype.kind, "text") for name in frame.columns}


class _Formats:
    """Formats by kind of cell, and of headers."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Arial", "font_size": 10}
        money = f"#,##0.{'0' * decimals()}".rstrip(".")
        self.kinds = {
            "text": book.add_format({**base, "num_format": "@"}),
            "month": book.add_format({**base, "num_format": "yyyy-mm", "align": "left"}),
            "count": book.add_format({**base, "num_format": "#,##0"}),
            "money": book.add_format({**base, "num_format": f"{money};[Red]-{money}"}),
            "number": book.add_format({**base, "num_format": f"{money}####" if "." in money else f"{money}.####"}),
            "share": book.add_format({**base, "num_format": "0.00%"}),
        }
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


def _exact_sheet() -> type:
    """Make the class of a sheet whose numbers keep all their digits; XlsxWriter's own writes 16 of 17."""
    from xlsxwriter.worksheet import Worksheet

    class ExactSheet(Worksheet):  # type: ignore[misc]
        def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, object]] = ()) -> None:
            stated = "".join(f' {key}="{value}"' for key, value in attributes)
            self.fh.write(f"<c{stated}><v>{number!r}</v></c>")

    return ExactSheet


def _write_table(
    name: str, frame: pd.DataFrame, kinds: Mapping[str, str], book: Any, formats: _Formats, lang: Language
) -> None:
    """Write a table into a sheet of its own: frozen headers, a filter, columns as wide as they must be."""
    sheet = book.add_worksheet(sheet_name(lang, name), worksheet_class=_exact_sheet())
    columns = [part for column, kind in kinds.items() for part in _columns(name, column, kind, frame[column], lang)]
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, (title, kind, values) in enumerate(columns):
        sheet.set_column(place, place, _width(title, kind, values), formats.kinds[kind])
    for place, (title, kind, _) in enumerate(columns):
        sheet.write_string(0, place, title, formats.head if kind in {"text", "month"} else formats.head_of_numbers)
    writers = [_writer(sheet, kind, formats) for _, kind, _ in columns]
    for row, cells in enumerate(zip(*(values for _, _, values in columns), strict=True), start=1):
        for place, (write, cell) in enumerate(zip(writers, cells, strict=True)):
            write(row, place, cell)
    sheet.autofilter(0, 0, max(len(frame), 1), len(columns) - 1)


def _columns(
    table: str, column: str, kind: str, values: pd.Series, lang: Language
) -> Iterator[tuple[str, str, list[Any]]]:
    """Columns that hold one of the plan's: title, kind, cells. A text too long for a cell goes on in the next."""
    title = header(lang, table, column)
    if kind != "text":
        yield title, kind, values.tolist()
        return
    words = {cell: word_of(lang, column, cell) for cell in values.unique()}
    texts = [words[cell] for cell in values]
    pieces = -(-max(map(len, words.values()), default=1) // LONGEST_CELL)
    yield title, "month" if column in MONTH_COLUMNS else "text", [text[:LONGEST_CELL] for text in texts]
    for piece in range(1, pieces):
        cut = slice(piece * LONGEST_CELL, (piece + 1) * LONGEST_CELL)
        yield f"{title} …{piece + 1}", "text", [text[cut] for text in texts]


def _writer(sheet: Any, kind: str, formats: _Formats) -> Any:
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


def _width(title: str, kind: str, values: Sequence[Any]) -> float:
    """Width of a column, by its title and its widest cell."""
    if kind in {"text", "month"}:
        widest = max((width(cell[: 2 * WIDEST]) for cell in dict.fromkeys(values)), default=0)
    else:
        largest = max((abs(cell) for cell in values if math.isfinite(cell)), default=0)
        widest = len(f"{largest:,.2f}") + 1
    return float(min(max(width(title) + 4, widest + 2, 8), WIDEST))


def _write_summary(plan: PlanRecord, book: Any, formats: _Formats, lang: Language, left_out: Mapping[str, int]) -> None:
    """Write the figures of the plan, typed, and what has to be said beside them."""
    sheet = book.add_worksheet(sheet_name(lang, "summary"), worksheet_class=_exact_sheet())
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 1, 34)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(1, 0)
    sheet.write_string(0, 0, say(lang, "book.figure"), formats.head)
    sheet.write_string(0, 1, say(lang, "book.value"), formats.head)
    row = 0
    for title, kind, value in _figures(plan, lang):
        row += 1
        sheet.write_string(row, 0, title[:LONGEST_CELL], formats.strong)
        if value is None:
            sheet.write_string(row, 1, say(lang, "book.never"), formats.wrapped)
        else:
            text = value[:LONGEST_CELL] if isinstance(value, str) else value
            _writer(sheet, kind, formats)(row, 1, text)
    for title, lines in _remarks(plan, lang, left_out):
        row += 2
        sheet.write_string(row, 0, title, formats.strong)
        for line in lines:
            row += 1
            sheet.merge_range(row, 0, row, 1, "", formats.wrapped)
            sheet.set_row(row, 15 * (1 + width(line[: 2 * WIDEST]) // 86))
            sheet.write_string(row, 0, line[:LONGEST_CELL], formats.wrapped)


def _figures(plan: PlanRecord, lang: Language) -> Iterator[tuple[str, str, str | float | None]]:
    """Label, kind and value of each figure; None: in no month of the horizon."""
    yield say(lang, "book.name"), "text", plan.name
    if plan.variant is not None:
        yield say(lang, "book.variant"), "text", plan.variant
    yield say(lang, "book.policy"), "text", word(lang, "policy", plan.policy)
    yield say(lang, "book.status"), "text", say(lang, f"book.status.{plan.status}")
    yield say(lang, "book.start"), "month", plan.start
    yield say(lang, "book.months"), "count", plan.months
    yield say(lang, "book.objective_name"), "text", word(lang, "objective", plan.objective_name)
    yield say(lang, "book.households"), "count", plan.households
    if plan.ended:
        yield say(lang, "book.ended"), "count", plan.ended
    if plan.not_started:
        yield say(lang, "book.not_started"), "count", plan.not_started
    fees = plan.fees
    amounts = {
        "shortfall": plan.shortfall,
        "shortfall_bound": plan.shortfall_bound,
        "objective": plan.objective,
        "bound": plan.bound,
        "transition_fees": plan.transition_fees,
        "ordinary": round(float(fees["ordinary"].sum()), 2),
        "overdue": round(float(fees["overdue"].sum()), 2),
        "paid": round(float(fees["paid"].sum()), 2),
        "fiscal_cost": plan.fiscal_cost,
        "waiting_cost": plan.waiting_cost,
        "promise_cost": plan.promise_cost,
        "programme_delay": plan.programme_delay,
    }
    for name, amount in amounts.items():
        if amount is not None:
            yield say(lang, f"book.{name}"), "money", amount
    if plan.gap is not None:
        yield say(lang, "book.gap"), "share", plan.gap
    yield say(lang, "book.settled"), "count", plan.settled or 0
    yield say(lang, "book.clear_month"), "month", plan.clear_month
    yield say(lang, "book.all_settled_month"), "month", plan.all_settled_month
    if plan.savings is not None:
        names = ["waiting_fees", "against_waiting", "office_convention"]
        if plan.savings.saved_valued:
            names.insert(2, "saved_valued")
        for name in names:
            yield say(lang, f"book.{name}"), "money", getattr(plan.savings, name)
    by_route = plan.allocation.groupby("route", sort=False)["count"].sum()
    for route, count in by_route.items():
        yield f"{say(lang, 'book.by_route')}: {word_of(lang, 'route', str(route))}", "count", int(count)


def _remarks(plan: PlanRecord, lang: Language, left_out: Mapping[str, int]) -> Iterator[tuple[str, Iterable[str]]]:
    """Headed lines of text below the figures."""
    if plan.shortages:
        yield say(lang, "book.shortages"), [shortage.text[lang] for shortage in plan.shortages]
    if plan.findings:
        yield say(lang, "book.findings"), [remark.text[lang] for remark in plan.findings[:500]]
    lines = [
        say(
            lang,
            "book.too_long",
            sheet=sheet_name(lang, name),
            rows=f"{rows:,}",
            most=f"{MOST_ROWS:,}",
            file=f"{name}.csv",
        )
        for name, rows in left_out.items()
    ]
    if plan.statement.empty:
        lines.append(say(lang, "book.no_statement", sheet=sheet_name(lang, "statement")))
    else:
        lines.append(say(lang, "book.statement", sheet=sheet_name(lang, "statement")))
    yield say(lang, "book.notes"), [say(lang, "book.rows"), *lines, say(lang, "book.csv")]
