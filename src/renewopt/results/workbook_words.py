"""Sheets and headers of plan.xlsx, in English and Chinese, and the words in its cells.

Cells hold a closed set of words for routes, uses and kinds of prices; in a Chinese workbook they are Chinese too, and
reading turns them back.
"""

from __future__ import annotations

from renewopt.vocabulary import TERMS
from renewopt.wording import LANGUAGES, Language
from renewopt.wording.phrases import word

__all__ = ["HEADERS", "SHEETS", "code_of", "header", "sheet_name", "word_of"]

SHEETS: dict[str, tuple[str, str]] = {
    "summary": ("summary", "概要"),
    "allocation": ("roster", "安置名册"),
    "claims": ("claims", "分项安置"),
    "funds": ("funds", "资金"),
    "construction": ("construction", "建设"),
    "fees": ("fees", "过渡费"),
    "prices": ("prices", "影子价格"),
}
"""Sheets in their order, by the table of the plan that they hold."""

HEADERS: dict[tuple[str, str], str] = {
    ("", "household"): "户号",
    ("", "part"): "分项",
    ("", "project"): "项目",
    ("", "route"): "安置方式",
    ("", "pool"): "房源",
    ("", "count"): "户数",
    ("", "housed"): "入住月份",
    ("", "fee_stops"): "过渡费停发月份",
    ("", "month"): "月份",
    ("allocation", "month"): "选定月份",
    ("claims", "month"): "选定月份",
    ("", "estate"): "安置小区",
    ("", "phase"): "分期",
    ("construction", "amount"): "拨付（元）",
    ("", "remaining"): "待拨（元）",
    ("", "handed_over"): "是否交付",
    ("", "fund"): "资金",
    ("", "use"): "收支类别",
    ("", "purpose"): "款项",
    ("", "amount"): "金额（元）",
    ("", "balance"): "余额（元）",
    ("", "ordinary"): "正常过渡费（元）",
    ("", "overdue"): "超期过渡费（元）",
    ("", "paid"): "已付（元）",
    ("", "owed"): "仍欠（元）",
    ("", "kind"): "类别",
    ("", "id"): "名称",
    ("", "price_yuan"): "多一单位可节省（元）",
}
"""Chinese headers, by table ("" for all) and column; the English header is the column's own name."""


def sheet_name(lang: Language, table: str) -> str:
    """Name the sheet of a table."""
    return SHEETS[table][LANGUAGES.index(lang)]


def header(lang: Language, table: str, column: str) -> str:
    """Name a column of a table; one that has no Chinese word keeps its own.

    Examples
    --------
    >>> header("zh", "allocation", "month"), header("en", "funds", "amount")
    ('选定月份', 'amount')
    """
    if lang == "en":
        return column
    return HEADERS.get((table, column)) or HEADERS.get(("", column), column)


def word_of(lang: Language, column: str, cell: str) -> str:
    """Word for a cell of a closed set; the cell itself elsewhere, and in English.

    Examples
    --------
    >>> word_of("zh", "route", "own_unit;voucher")
    '原项目安置房;购房凭证'
    """
    return cell if lang == "en" or column not in CODES else word(lang, column, cell)


CODES = {**{column: tuple(TERMS[column]) for column in ("route", "use", "kind")}, "handed_over": ("yes",)}
"""The closed sets."""

_BACK = {column: {word_of("zh", column, code): code for code in codes} for column, codes in CODES.items()}


def code_of(column: str, cell: str) -> str:
    """Return what `word_of` was given, whatever the language.

    Examples
    --------
    >>> code_of("route", "原项目安置房;购房凭证"), code_of("route", "voucher")
    ('own_unit;voucher', 'voucher')
    """
    back = _BACK.get(column)
    return cell if back is None else ";".join(back.get(part, part) for part in cell.split(";"))
