"""A scenario written as a workbook: sheets with headers, notes and drop-downs, and the rows that it states."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from renewopt.scenario.nodes import Mapping as Tree
from renewopt.scenario.workbook.cell_values import Cell
from renewopt.scenario.workbook.flattening import Flat, Row, flatten
from renewopt.scenario.workbook.gathering import CONTENT, ITEM, PATH, VALUE
from renewopt.scenario.workbook.layout import COMMON, GUIDE, MORE, SETTINGS, Column, Sheet, layout, named_sheet
from renewopt.scenario.workbook.paths import write_path
from renewopt.scenario.workbook.tables import table_rows
from renewopt.scenario.workbook.words import choice_word
from renewopt.wording import Language, in_currency
from renewopt.wording.amounts import decimals

__all__ = ["write_book"]

BASIC = frozenset({"id", "project", "count", "area", "persons", "moved_out", "term", "groups", "tags", "routes"})
"""Columns of households that are shown even when they are empty."""
LAST_ROW = 1_048_575
MEANING = ("meaning", "说明")
GUIDE_LINES = {
    "en": (
        "A scenario of renewopt: one sheet for each section. Change the rows to yours; as they are, they run.",
        "renewopt check FILE    finds what is wrong, by sheet, row and column, and takes stock",
        "renewopt plan FILE --out DIR    makes the plan",
        "Every header has a note that says what its column means. Headers marked * are needed; others may stay empty.",
        "Money is in yuan (800万元 and 5亿元 are understood), months are 2024-06, shares 20%.",
        "Several names in a cell are joined by ; and pairs are written flat:5;villa:2.",
        "Sheets below another (overdue steps, phases, instalments) have a row for each; the first column names it.",
        "Sheets that are rarely needed are hidden: right-click the tab of any sheet and choose Unhide.",
        "Columns that are rarely needed are folded away: press the + above them.",
        "Sheets and headers may be in English or Chinese. A sheet or header that begins with # is passed over.",
    ),
    "zh": (
        "renewopt 基础数据工作簿，一张表一个方面。请改为本地数据；示例行可直接运行。",
        "renewopt check 文件 --lang zh    查错（指出表、行、列），并列出两个底数",
        "renewopt plan 文件 --out 文件夹 --lang zh    编制方案",
        "每个表头都有批注，说明该列的含义。带 * 的必填，其余可不填。",
        "金额单位为元，也可写 800万元、5亿元；月份写 2024-06；比例写 20%。",
        "一格多项用 ; 隔开；成对的写作 标准户型:5;大户型:2。",
        "从属的表（超期倍数、建设分期、分期兑付等）一行一档，第一列写明属于哪一项。",
        "不常用的表已隐藏：右击任一表名，选“取消隐藏”。不常用的列已折叠：点上方的 + 展开。",
        "表名、表头中英文均可。表名或表头以 # 开头的不读取，可作备注。",
    ),
}
GUIDE_HEADS = {"en": ("sheet", "what it holds", "shown"), "zh": ("表", "内容", "显示")}
HIDDEN = {"en": ("yes", "hidden"), "zh": ("是", "已隐藏")}


@dataclass(frozen=True, slots=True)
class _Head:
    """Header, note and column of one column as it is written."""

    key: tuple[str, ...]
    title: str
    words: str
    column: Column | None
    required: bool


def write_book(root: Tree, tables: Mapping[str, pd.DataFrame], lang: Language) -> bytes:
    """Write a scenario as a workbook, as the content of a file.

    Parameters
    ----------
    root : Mapping
        The whole document, its variants included.
    tables : mapping of str to DataFrame
        The checked tables.
    lang : {'en', 'zh'}
        Of sheets, headers, notes and fixed choices.
    """
    import xlsxwriter

    flat = flatten(root, lang)
    rows = {name: _rows(name, flat, tables, lang) for name in layout()}
    shown = {name for name in rows if rows[name] or name in COMMON} | ({MORE} if flat.more else set())
    # Forty sheets with notes are two hundred temporary files otherwise.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": _title(rows), "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001
        style = _Style(book)
        _write_guide(book, style, shown, lang)
        for name, sheet in layout().items():
            if name == SETTINGS:
                _write_settings(book, style, sheet, rows[name], lang)
            else:
                _write_rows(book, style, sheet, rows[name], lang, hidden=name not in shown)
        _write_more(book, style, flat, lang)
    return file.getvalue()


def _title(rows: Mapping[str, list[Row]]) -> str:
    return str(rows[SETTINGS][0].get(("name",), ""))[:250] if rows[SETTINGS] else ""


def _rows(name: str, flat: Flat, tables: Mapping[str, pd.DataFrame], lang: Language) -> list[Row]:
    if name in tables:
        return list(table_rows(name, tables[name], lang))
    return flat.rows.get(name, [])


class _Style:
    """Formats of cells."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Arial", "font_size": 10}
        head = {**base, "bold": True, "font_color": "#FFFFFF", "text_wrap": True, "valign": "top", "border": 1}
        self.head = book.add_format({**head, "bg_color": "#1F4E79"})
        self.optional = book.add_format({**head, "bg_color": "#D9E3EE", "font_color": "#1F4E79"})
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.plain = book.add_format({**base, "text_wrap": True, "valign": "top"})
        self.quiet = book.add_format({**base, "text_wrap": True, "valign": "top", "font_color": "#7F7F7F"})
        self.link = book.add_format({**base, "font_color": "#1F4E79", "underline": 1})
        self.left = book.add_format({**base, "align": "left"})
        money = f"#,##0.{'0' * decimals()}".rstrip(".")
        formats = {"text": "@", "month": "yyyy-mm", "whole": "#,##0", "number": "General", "money": money,
                   "share": "0.##%", "percent": "0%"}  # fmt: skip
        self.cells = {
            name: book.add_format(
                {**base, "num_format": form, "align": "left" if name in {"text", "month"} else "right"}
            )
            for name, form in formats.items()
        }

    def of_column(self, column: Column | None) -> Any:
        """Format of a column's empty cells: what is typed there keeps its zeros, or becomes a month."""
        kinds = set() if column is None else set(column.kinds)
        if kinds == {"month"}:
            return self.cells["month"]
        if kinds <= {"money"} and kinds:
            return self.cells["whole"]
        if kinds == {"share"}:
            return self.cells["percent"]
        return self.cells["number" if kinds & {"number", "count", "months"} else "text"]

    def of_cell(self, cell: Cell, column: Column | None, *, left: bool = False) -> Any:
        """Format of a filled cell; figures are set flush left where they stand among words."""
        kinds = () if column is None else column.kinds
        if left and not isinstance(cell, str | dt.date):
            return self.left
        if isinstance(cell, dt.date):
            return self.cells["month"]
        if isinstance(cell, str):
            return self.cells["text"]
        whole = float(cell).is_integer()
        if "share" in kinds:
            return self.cells["percent" if float(cell * 100).is_integer() else "share"]
        if "money" in kinds:
            return self.cells["whole" if whole else "money"]
        return self.cells["number"]


def _put(sheet: Any, row: int, place: int, cell: Cell, form: Any) -> None:
    """Write a typed cell."""
    if isinstance(cell, dt.date):
        sheet.write_datetime(row, place, cell, form)
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell, form)
    else:
        sheet.write_number(row, place, cell, form)


def _heads(sheet: Sheet, lang: Language) -> list[_Head]:
    """Columns of a sheet, the one of the parent first."""
    columns = (sheet.parent, *sheet.columns) if sheet.parent is not None else sheet.columns
    return [
        _Head(
            column.key,
            column.said(lang),
            _note(lang, column),
            column,
            required=column.required and len(column.key) == 1,
        )
        for column in columns
    ]


def _note(lang: Language, column: Column) -> str:
    """Note of a header: what the column means, and what may be written."""
    words = column.meaning.said(lang)
    written = [choice_word(lang, choice) for choice in column.choices]
    if "boolean" in column.kinds:
        written = ["是", "否"] if lang == "zh" else ["yes", "no"]
    if written:
        words += ("\n可填：" if lang == "zh" else "\none of: ") + (" " if lang == "zh" else ", ").join(written)
    if column.default is not None:
        words += ("\n不填：" if lang == "zh" else "\nempty: ") + _default(lang, column.default)
    if column.several:
        words += "\n多个用 ; 隔开" if lang == "zh" else "\nseveral are joined by ;"
    return words


def _default(lang: Language, default: str | float) -> str:
    if default == "yes":
        return "是" if lang == "zh" else "yes"
    return choice_word(lang, default) if isinstance(default, str) else f"{default:g}"


def _write_rows(book: Any, style: _Style, sheet: Sheet, rows: Sequence[Row], lang: Language, *, hidden: bool) -> None:
    """Write a sheet of rows."""
    page = book.add_worksheet(sheet.said(lang))
    heads = _heads(sheet, lang)
    used = {key for row in rows for key in row}
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, head in enumerate(heads):
        title = f"{head.title} *" if head.required else head.title
        page.write_string(0, place, title, style.head if head.required else style.optional)
        page.write_comment(0, place, head.words, {"x_scale": 1.6, "y_scale": 0.5 + 0.25 * _lines(head.words)})
        shown = [row[head.key] for row in rows[:1000] if head.key in row]
        folded = {"level": 1, "hidden": True} if _folded(sheet, head, used) else {}
        page.set_column(place, place, _width(title, shown), style.of_column(head.column), folded)
        if head.column is not None:
            _validate(page, place, head.column, lang)
    for number, row in enumerate(rows, start=1):
        for place, head in enumerate(heads):
            if head.key in row:
                _put(page, number, place, row[head.key], style.of_cell(row[head.key], head.column))
    page.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    if hidden:
        page.hide()


def _folded(sheet: Sheet, head: _Head, used: Iterable[tuple[str, ...]]) -> bool:
    """Whether a column is folded away: rare, and empty."""
    if head.key in used or head.required:
        return False
    if sheet.name == "households":
        return head.key[-1] not in BASIC
    # All columns of a loan are shown as soon as one is filled.
    return len(head.key) > 1 and not any(key[: len(head.key) - 1] == head.key[:-1] for key in used)


def _validate(page: Any, place: int, column: Column, lang: Language) -> None:
    """Give a column its drop-down; where several may be named it only suggests."""
    options: dict[str, Any] = {"validate": "list"}
    if column.refers:
        title = named_sheet(column.refers).said(lang).replace("'", "''")
        options |= {"source": f"='{title}'!$A$2:$A$2000", "show_error": False}
    elif "boolean" in column.kinds:
        options |= {"source": ["是", "否"] if lang == "zh" else ["yes", "no"], "show_error": False}
    elif column.choices:
        options |= {
            "source": [choice_word(lang, choice) for choice in column.choices],
            "show_error": not column.several and column.kinds == ("choice",),
        }
    else:
        return
    page.data_validation(1, place, LAST_ROW, place, options)


def _write_settings(book: Any, style: _Style, sheet: Sheet, rows: Sequence[Row], lang: Language) -> None:
    """Write the sheet of single values: item, value, meaning."""
    page = book.add_worksheet(named_sheet(SETTINGS).said(lang))
    which = lang == "zh"
    values = rows[0] if rows else {}
    page.freeze_panes(1, 0)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 26, style.left)
    page.set_column(2, 2, 70)
    for place, pair in enumerate((ITEM, VALUE, MEANING)):
        page.write_string(0, place, pair[which], style.head)
    for number, column in enumerate(sheet.columns, start=1):
        title = column.said(lang)
        page.write_string(number, 0, f"{title} *" if column.required else title, style.plain)
        page.write_string(number, 2, _note(lang, column).replace("\n", "；" if which else "; "), style.quiet)
        cell = values.get(column.key)
        if cell is not None:
            _put(page, number, 1, cell, style.of_cell(cell, column, left=True))
        else:
            page.write_blank(number, 1, None, style.of_column(column))
        if column.choices:
            words = [choice_word(lang, choice) for choice in column.choices]
            page.data_validation(number, 1, number, 1, {"validate": "list", "source": words})


def _write_more(book: Any, style: _Style, flat: Flat, lang: Language) -> None:
    """Write what fits no other sheet, as paths and values."""
    page = book.add_worksheet(named_sheet(MORE).said(lang))
    page.freeze_panes(1, 0)
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 60, style.cells["text"])
    page.set_column(1, 1, 40, style.cells["text"])
    for place, pair in enumerate((PATH, CONTENT)):
        page.write_string(0, place, pair[lang == "zh"], style.head)
    words = (
        "情形、未来情景等少用的内容，写法同 YAML。\nvariants.low-funds.funds[财政资金].inflow.monthly → 90000\n"
        "!remove 为删去"
        if lang == "zh"
        else "Variants, futures and whatever else is rare, as in YAML.\n"
        "variants.low-funds.funds[budget].inflow.monthly → 90000\n!remove takes something away"
    )
    page.write_comment(0, 0, words, {"x_scale": 3, "y_scale": 1})
    for number, (path, value) in enumerate(flat.more, start=1):
        page.write_string(number, 0, write_path(path), style.cells["text"])
        _put(page, number, 1, value, style.cells["number" if not isinstance(value, str) else "text"])
    if not flat.more:
        page.hide()


def _write_guide(book: Any, style: _Style, shown: set[str], lang: Language) -> None:
    """Write the first sheet: how to fill in the workbook, and which sheets it has."""
    page = book.add_worksheet(named_sheet(GUIDE).said(lang))
    page.hide_gridlines(2)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 84)
    page.set_column(2, 2, 10)
    title, *lines = (in_currency(lang, line) for line in GUIDE_LINES[lang])
    page.write_string(0, 0, title, style.title)
    row = 1
    for line in lines:
        row += 1
        page.merge_range(row, 0, row, 2, "", style.plain)
        page.write_string(row, 0, line, style.plain)
        page.set_row(row, 15 * (1 + _wide(line) // 125))
    row += 2
    for place, word in enumerate(GUIDE_HEADS[lang]):
        page.write_string(row, place, word, style.head)
    for name in (*layout(), MORE):
        row += 1
        words = named_sheet(name).words.said(lang)
        name_shown = named_sheet(name).said(lang)
        if name in shown:
            page.write_url(row, 0, f"internal:'{name_shown}'!A1", style.link, name_shown)
        else:
            page.write_string(row, 0, name_shown, style.quiet)
        page.write_string(row, 1, words, style.plain)
        page.write_string(row, 2, HIDDEN[lang][name not in shown], style.quiet)


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _lines(text: str) -> int:
    return sum(1 + _wide(line) // 34 for line in text.split("\n"))


def _width(title: str, cells: Sequence[Cell]) -> float:
    widest = max((_wide(_shown(cell)) for cell in cells), default=0)
    return float(min(max(_wide(title) + 3, widest + 2, 9), 40))


def _shown(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int | float) else str(cell)
