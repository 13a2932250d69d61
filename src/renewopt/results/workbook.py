"""A plan as a workbook: what an office opens, filters and prints, and an auditor can reckon with.

Months are real dates (the first of the month, shown as ``yyyy-mm``), so that filters group them by year, ranges can be
compared and pivot tables understand them; text would only sort. Money and counts are numbers with a format. Every total
is a formula that reckons with the tables of the workbook, and holds its result for programs that do not reckon. Nothing
that a planner wrote is run as a formula or becomes a link. Several months in one cell, and months before 1901, which
spreadsheets cannot date, stay text.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from traceback import clear_frames
from typing import TYPE_CHECKING, Any, BinaryIO

import pandas as pd

from renewopt.disk import write_whole
from renewopt.results import tables
from renewopt.results.places import recorded
from renewopt.results.reporting.facts import names
from renewopt.results.workbook_cells import LONGEST_CELL, WIDEST, Formats, exact_sheet, writer
from renewopt.results.workbook_overviews import Book, fill_charts, fill_months, fill_ties, fill_years
from renewopt.results.workbook_sums import Sum, Sums, amount_of, formula_of
from renewopt.results.workbook_tables import MONTH_COLUMNS, on_paper, write_table
from renewopt.results.workbook_words import OVERVIEWS, SHEETS, sheet_name, word_of
from renewopt.vocabulary import ENDED, NOT_STARTED, WORK_KINDS, Goal
from renewopt.wording import Language, of_its_place, width
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = [
    "FILE",
    "LONGEST_CELL",
    "MONTH_COLUMNS",
    "MOST_ROWS",
    "PLACE",
    "made",
    "open_kinds",
    "opened",
    "table_workbook_bytes",
    "workbook_bytes",
    "write_workbook",
]

FILE = "plan.xlsx"
FEW_ROWS = 10_000
"""Rows of all tables up to which sheets are put together without temporary files."""
PLACE = "place"
"""Hidden sheet of a plan with a currency or words of its own, by which its headers are read back."""
MOST_ROWS = 100_000
"""Rows of a table above which it stays in its CSV file, and the workbook says so: a spreadsheet holds 1,048,576, and is
slow long before."""


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
    return made(lambda content: _fill(content, plan, lang))


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
        with opened(content, title, constant_memory=True) as book:
            write_table(name, frame, kinds, book, Formats(book), lang)

    return made(fill)


def made(fill: Callable[[BinaryIO], None]) -> bytes:
    """Return what is written into a file, which is closed whatever happens."""
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
def opened(file: BinaryIO, title: str, *, constant_memory: bool = False, in_memory: bool = False) -> Iterator[Any]:
    """Begin a workbook in a file, in which no text is run or becomes a link."""
    import xlsxwriter

    options = {
        "constant_memory": constant_memory,
        "in_memory": in_memory,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        # Without this the file would differ from one second to the next.
        book.set_properties({"title": title[:250], "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001
        yield book


def _fill(file: BinaryIO, plan: PlanRecord, lang: Language) -> None:
    sheets = list(_tables(plan))
    with opened(file, plan.name, in_memory=sum(len(frame) for _, frame, _ in sheets) < FEW_ROWS) as book:
        formats = Formats(book)
        left_out = {name: len(frame) for name, frame, _ in sheets if len(frame) > MOST_ROWS}
        overviews = {
            name: book.add_worksheet(sheet_name(lang, name), worksheet_class=exact_sheet()) for name in OVERVIEWS
        }
        named = names(plan.stated)
        # Where a developer's debt is set off it stands in the place of a fund.
        named["fund"] = {**named["developer"], **named["fund"]}
        named["work_kind"] = {kind: word(lang, "work_kind", kind) for kind in WORK_KINDS}
        placed = {
            name: write_table(name, frame, kinds, book, formats, lang, named)
            for name, frame, kinds in sheets
            if name not in left_out
        }
        around = Book(plan, placed, formats, lang, named)
        _write_summary(overviews["summary"], around, left_out)
        fill_ties(overviews["ties"], around)
        years, drawn = fill_years(overviews["years"], around)
        months = fill_months(overviews["months"], around)

        def make(kind: str) -> Any:
            return book.add_chart({"type": kind, **({"subtype": "stacked"} if kind == "column" else {})})

        fill_charts(overviews["charts"], make, around, months, years, drawn)
        if told := recorded(plan.place):
            sheet = book.add_worksheet(PLACE)
            sheet.write_string(0, 0, json.dumps(told, ensure_ascii=False))
            sheet.hide()


def _tables(plan: PlanRecord) -> Iterator[tuple[str, pd.DataFrame, dict[str, str]]]:
    """Tables in the order of the sheets, with the kinds of their columns; claims only where a household is split.

    The statement, the programme and what it leaves out only where there is one.
    """
    for name in SHEETS:
        if name == "prices":
            if not plan.prices.empty:
                yield name, plan.prices, open_kinds(plan.prices)
        elif name in tables.COLUMNS:
            frame: pd.DataFrame = getattr(plan, name)
            split = name != "claims" or frame["part"].ne("").any()
            if split and (name not in ("statement", "programme", "left_out") or not frame.empty):
                yield name, frame, tables.COLUMNS[name]


def open_kinds(frame: pd.DataFrame) -> dict[str, str]:
    """Kinds of the columns of a table whose columns are not fixed."""
    letters = {"i": "count", "u": "count", "f": "number"}
    return {str(name): letters.get(frame[name].dtype.kind, "text") for name in frame.columns}


def _write_summary(sheet: Any, book: Book, left_out: Mapping[str, int]) -> None:
    """Write the figures of the plan, typed, and what has to be said beside them."""
    plan, formats, lang = book.plan, book.formats, book.lang
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 1, 34)
    sheet.freeze_panes(1, 0)
    sheet.write_string(0, 0, say(lang, "book.figure"), formats.head)
    sheet.write_string(0, 1, say(lang, "book.value"), formats.head)
    row = 0
    for title, kind, value, sums in _figures(plan, lang):
        row += 1
        sheet.write_string(row, 0, title[:LONGEST_CELL], formats.strong)
        if value is None:
            sheet.write_string(row, 1, say(lang, "book.never"), formats.wrapped)
        elif isinstance(value, str):
            writer(sheet, kind, formats)(row, 1, value[:LONGEST_CELL])
        elif sums and (formula := formula_of(sums, book.placed, lang)) is not None:
            sheet.write_formula(row, 1, formula, formats.kinds[kind], amount_of(sums, plan))
        else:
            writer(sheet, kind, formats)(row, 1, value)
    for title, lines in _remarks(plan, lang, left_out):
        row += 2
        sheet.write_string(row, 0, title, formats.strong)
        for line in lines:
            row += 1
            sheet.merge_range(row, 0, row, 1, "", formats.wrapped)
            sheet.set_row(row, 15 * (1 + width(line[: 2 * WIDEST]) // 86))
            sheet.write_string(row, 0, line[:LONGEST_CELL], formats.wrapped)
    on_paper(sheet, row, 1)
    sheet.set_portrait()


_Figure = tuple[str, str, str | float | None, Sums]


def _figures(plan: PlanRecord, lang: Language) -> Iterator[_Figure]:
    """Label, kind and value of each figure (None: in no month of the horizon), and what it is the sum of."""
    for name, kind, value, sums in (*_made_with(plan, lang), *_amounts(plan), *_reached(plan)):
        yield say(lang, f"book.{name}"), kind, value, sums
    by_route = plan.allocation.groupby("route", sort=False)["count"].sum()
    for route, count in by_route.items():
        by = (Sum("allocation", "count", (("route", (str(route),)),)),)
        yield f"{say(lang, 'book.by_route')}: {word_of(lang, 'route', str(route))}", "count", int(count), by


def _made_with(plan: PlanRecord, lang: Language) -> Iterator[_Figure]:
    """What the plan is of, and whom it houses."""
    yield "name", "text", plan.name, ()
    if plan.variant is not None:
        yield "variant", "text", plan.variant, ()
    yield "policy", "text", word(lang, "policy", plan.policy), ()
    yield "status", "text", say(lang, f"book.status.{plan.status}"), ()
    yield "start", "month", plan.start, ()
    yield "months", "count", plan.months, ()
    yield "objective_name", "text", word(lang, "objective", plan.objective_name), ()
    others = {ENDED: plan.ended, NOT_STARTED: plan.not_started}
    less = [(route, (("route", (route,)),), count) for route, count in others.items() if count]
    left_out = [Sum("allocation", "count", where, -1) for _, where, _ in less]
    yield "households", "count", plan.households, (Sum("allocation", "count"), *left_out)
    for route, where, count in less:
        yield route, "count", count, (Sum("allocation", "count", where),)


def _amounts(plan: PlanRecord) -> Iterator[_Figure]:
    """Objective and totals, those that are there."""
    totals: dict[str, Sums] = {
        **dict.fromkeys(("shortfall", "shortfall_bound", "objective", "bound"), ()),
        Goal.FEES: _account(plan, Goal.FEES),
        **{name: (Sum("fees", name),) for name in ("ordinary", "overdue", "paid")},
        Goal.FISCAL: _account(plan, Goal.FISCAL),
        **dict.fromkeys(("waiting_cost", "promise_cost", "programme_delay"), ()),
    }
    for name, sums in totals.items():
        amount = getattr(plan, name) if hasattr(plan, name) else amount_of(sums, plan)
        if amount is not None:
            yield name, "money", amount, sums


def _reached(plan: PlanRecord) -> Iterator[_Figure]:
    """How good the plan is, when everybody is housed, and what is saved."""
    if plan.gap is not None:
        yield "gap", "share", plan.gap, ()
    yield "settled", "count", plan.settled or 0, (Sum("people", "housed"),)
    yield "clear_month", "month", plan.clear_month, ()
    yield "all_settled_month", "month", plan.all_settled_month, ()
    if plan.savings is not None:
        for name in ("waiting_fees", "against_waiting"):
            yield name, "money", getattr(plan.savings, name), ()
        if plan.savings.saved_valued:
            yield "saved_valued", "money", plan.savings.saved_valued, ()
        yield "office_convention", "money", plan.savings.office_convention, ()


def _account(plan: PlanRecord, total: str) -> Sums:
    """The parts of a total; none where an earlier version has not kept them."""
    return () if plan.account.empty else (Sum("account", "amount", (("total", (total,)),)),)


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
    yield (
        say(lang, "book.notes"),
        [
            say(lang, "book.rows"),
            say(lang, "book.formulas", ties=sheet_name(lang, "ties")),
            *lines,
            say(lang, "book.csv"),
        ],
    )
