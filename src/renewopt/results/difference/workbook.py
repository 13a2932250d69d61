"""The difference of two plans as a workbook: both totals taken apart, and every table, to be filtered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

import pandas as pd

from renewopt.charts.labels import Locale, distinct
from renewopt.results.difference.record import COLUMNS, SIDES
from renewopt.results.workbook import made, opened
from renewopt.results.workbook_cells import Formats, exact_sheet
from renewopt.results.workbook_sums import Placed, literal
from renewopt.results.workbook_tables import on_paper, write_table
from renewopt.results.workbook_words import account_word, header
from renewopt.vocabulary import Goal
from renewopt.wording import Language, of_its_place
from renewopt.wording.phrases import known

if TYPE_CHECKING:
    from renewopt.results.difference.record import DifferenceRecord

__all__ = ["difference_workbook"]

WORDS = {"cause": "diff.cause", "effect": "diff.effect", "change": "diff.change", "figure": "diff.figure"}
"""Columns that hold words of a closed list, and how their phrases begin."""


@of_its_place
def difference_workbook(difference: DifferenceRecord, lang: Language = "en") -> bytes:
    """Write a difference as a workbook.

    Parameters
    ----------
    difference : DifferenceRecord
    lang : {'en', 'zh'}
        Of sheets, headers and words.
    """
    return made(partial(_fill, difference=difference, say=Locale(lang, difference.names)))


def _fill(file: BinaryIO, difference: DifferenceRecord, say: Locale) -> None:
    with opened(file, say("diff.title", a=difference.a.label, b=difference.b.label)) as book:
        formats = Formats(book)
        first = book.add_worksheet(say("diff.sheet.totals"), worksheet_class=exact_sheet())
        placed = {}
        for name, kinds in COLUMNS.items():
            frame: pd.DataFrame = getattr(difference, name)
            if not frame.empty:
                placed[name] = write_table(
                    name,
                    _in_words(name, frame, difference, say),
                    kinds,
                    book,
                    formats,
                    say.lang,
                    difference.names,
                    _titles(name, difference, say),
                    say(f"diff.sheet.{name}"),
                )
        _write_totals(first, book, list(_apart(difference, say)), placed, formats, say)


def _titles(table: str, difference: DifferenceRecord, say: Locale) -> dict[str, str]:
    """Titles of the columns of a table, each another one."""
    labels = {"a": difference.a.label, "b": difference.b.label, "difference": say("diff.column.difference")}
    taken: set[str] = set()
    found = {}
    for column in COLUMNS[table]:
        name, _, side = column.rpartition("_")
        base, side = (name, side) if name and side in labels else (column, "")
        if column in labels:
            title = labels[column]
        elif table != "account" and known(f"diff.column.{base}"):
            title = say(f"diff.column.{base}")
        else:
            title = header(say.lang, table, base)
        # A spreadsheet holds titles for alike that differ in capitals alone.
        told = f"{title}: {labels[side]}" if side else title
        lowered = distinct(told.lower(), taken)
        found[column] = told + lowered[len(told.lower()) :]
    return found


def _in_words(table: str, frame: pd.DataFrame, difference: DifferenceRecord, say: Locale) -> pd.DataFrame:
    """A table with the words of its codes, in any language."""
    labels = dict(zip(SIDES, (difference.a.label, difference.b.label), strict=True))

    def worded(column: str, code: str) -> str:
        if column in WORDS and known(f"{WORDS[column]}.{code}"):
            return say(f"{WORDS[column]}.{code}")
        if column.startswith("route"):
            return say.word("route", code)
        if table == "account" and column == "part":
            return account_word(say.lang, code)
        if (table, column) == ("account", "total") or column == "figure":
            return say.word("objective", code)
        if table == "alone" and column in ("kind", "plan"):
            key = "diff.column.household" if code == "household" else f"column.{code}"
            return labels[code] if column == "plan" else say(key)
        return code

    codes = [name for name, kind in COLUMNS[table].items() if kind == "text"]
    return frame.assign(**{name: [worded(name, str(code)) for code in frame[name]] for name in codes})


@dataclass(frozen=True)
class _Total:
    """A total taken apart: its name, steps (label, yuan), the table and columns where they stand, and its change."""

    title: str
    steps: Sequence[tuple[str, float]]
    table: str
    column: str
    where: Mapping[str, str]
    by: str
    change: float


def _apart(difference: DifferenceRecord, say: Locale) -> Iterator[_Total]:
    causes = difference.by_cause()
    steps = [
        (say(f"diff.cause.{cause}"), float(total))
        for cause, total in zip(causes["cause"], causes["total"], strict=True)
    ]
    yield _Total(say("head.diff.fees"), steps, "causes", "total", {}, "cause", difference.change(Goal.FEES))
    for key, goal in (("head.diff.parts", Goal.FEES), ("head.diff.cost", Goal.FISCAL)):
        parts = difference.parts(goal)
        steps = [
            (account_word(say.lang, str(part)), float(change))
            for part, change in zip(parts["part"], parts["difference"], strict=True)
        ]
        where = {"total": say.word("objective", goal)}
        yield _Total(say(key), steps, "account", "difference", where, "part", difference.change(goal))


def _write_totals(
    sheet: Any, book: Any, totals: Sequence[_Total], placed: Mapping[str, Placed], formats: Formats, say: Locale
) -> None:
    """Write each total with its steps as formulas, their sum, the change as the plans have it, and a chart."""
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 20)
    sheet.write_string(0, 0, say("diff.sheet.steps"), formats.head)
    sheet.write_string(0, 1, say("diff.sheet.yuan"), formats.head_of_numbers)
    row, money, bold = 0, formats.kinds["money"], formats.totals["money"]
    for total in totals:
        row += 2
        top = row
        sheet.write_string(row, 0, total.title, formats.strong)
        for label, amount in total.steps:
            row += 1
            sheet.write_string(row, 0, label, formats.kinds["text"])
            here = placed[total.table]
            chosen = [cell for column, word in total.where.items() for cell in (here.cells(column), literal(word))]
            criteria = ",".join([here.cells(total.column), *chosen, here.cells(total.by), literal(label)])
            sheet.write_formula(row, 1, f"=ROUND(SUMIFS({criteria}),2)", money, amount)
        row += 1
        added = round(sum(amount for _, amount in total.steps), 2)
        cells = f"ROUND(SUM(B{top + 2}:B{row}),2)" if total.steps else "0"
        sheet.write_string(row, 0, say("book.tie.sum"), formats.totals["text"])
        sheet.write_formula(row, 1, f"={cells}", bold, added)
        sheet.write_string(row + 1, 0, say("diff.sheet.change"), formats.kinds["text"])
        sheet.write_number(row + 1, 1, total.change, money)
        sheet.write_string(row + 2, 0, say("book.tie.difference"), formats.strong)
        sheet.write_formula(row + 2, 1, f"=ROUND(B{row + 1}-B{row + 2},2)", bold, round(added - total.change, 2))
        rule = {"type": "cell", "criteria": "!=", "value": 0, "format": formats.wrong}
        sheet.conditional_format(row + 2, 1, row + 2, 1, rule)
        if total.steps:
            _draw(sheet, book, total, top, row, say)
        row = max(row + 2, top + 15)
    sheet.freeze_panes(1, 1)
    on_paper(sheet, row, 12)
    sheet.fit_to_pages(1, 1)


def _draw(sheet: Any, book: Any, total: _Total, top: int, last: int, say: Locale) -> None:
    """Draw the steps of a total and their sum beside them."""
    name = say("diff.sheet.totals")
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "categories": [name, top + 1, 0, last, 0],
            "values": [name, top + 1, 1, last, 1],
            "fill": {"color": "#D55E00"},
            "invert_if_negative": True,
            "invert_if_negative_color": "#009E73",
            "data_labels": {"value": True, "num_format": "#,##0"},
            "gap": 40,
        }
    )
    chart.set_title({"name": total.title, "name_font": {"size": 12}, "overlay": False})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E3E6E8"}}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 620, "height": 290})
    sheet.insert_chart(top, 2, chart)
