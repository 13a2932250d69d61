"""Sheets and headers of plan.xlsx, in English and Chinese, and the words in its cells.

Cells hold a closed set of words for routes, uses and kinds of prices; in a Chinese workbook they are Chinese too, and
reading turns them back.
"""

from __future__ import annotations

from functools import cache

from renewopt.vocabulary import ACCOUNTS, OBJECTIVES, TERMS
from renewopt.wording import LANGUAGES, YUAN, Language, Place, in_currency, in_place, place
from renewopt.wording.phrases import known, purpose, say, word

__all__ = ["HEADERS", "OVERVIEWS", "SHEETS", "account_word", "code_of", "column_of", "header", "sheet_name", "word_of"]

SHEETS: dict[str, tuple[str, str]] = {
    "summary": ("summary", "概要"),
    "ties": ("reconciliation", "核对"),
    "years": ("years", "分年收支"),
    "months": ("months", "分月情况"),
    "charts": ("charts", "图表"),
    "allocation": ("roster", "安置名册"),
    "claims": ("claims", "分项安置"),
    "statement": ("household statement", "住户收支明细"),
    "funds": ("funds", "资金"),
    "construction": ("construction", "建设"),
    "fees": ("fees", "过渡费"),
    "programme": ("programme", "启动计划"),
    "left_out": ("not started", "未启动项目"),
    "people": ("people", "待安置人户"),
    "account": ("account", "费用构成"),
    "prices": ("prices", "影子价格"),
    "dossier": ("households", "住户"),
}
"""Sheets in their order, by the table of the plan that they hold; the dossier has a workbook of its own."""

OVERVIEWS = ("summary", "ties", "years", "months", "charts")
"""Sheets that hold no table of the plan, but what is reckoned from them."""

HEADERS: dict[tuple[str, str], str] = {
    ("", "household"): "户号",
    ("", "part"): "分项",
    ("", "project"): "项目",
    ("", "route"): "安置方式",
    ("", "pool"): "房源",
    ("", "count"): "户数",
    ("", "housed"): "入住月份",
    ("", "fee_stops"): "过渡费停发月份",
    ("", "entitled_m2"): "应安置面积（㎡）",
    ("", "given_m2"): "实得面积（㎡）",
    ("", "household_pays"): "住户补缴（元，负数为退款）",
    ("", "price"): "价款（元）",
    ("allocation", "paid"): "已付价款及费用（元）",
    ("claims", "paid"): "已付价款及费用（元）",
    ("", "instalments"): "分期兑付",
    ("", "funds"): "资金来源",
    ("", "fees"): "过渡费合计（元）",
    ("", "fees_tail"): "其中装修期过渡费（元）",
    ("", "fees_valued"): "期后过渡费折算（元）",
    ("", "item"): "事项",
    ("", "until"): "至月份",
    ("", "due"): "应付月份",
    ("", "paid_by"): "付款方式",
    ("statement", "month"): "起付月份",
    ("statement", "fund"): "资金或企业",
    ("", "monthly"): "每月金额（元）",
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
    ("", "waiting"): "月末待安置户数",
    ("people", "housed"): "当月入住户数",
    ("people", "overdue"): "其中超期户数",
    ("", "total"): "总额",
    ("account", "part"): "构成",
    ("", "project_name"): "项目名称",
    ("", "estate_name"): "安置小区名称",
    ("", "phase_name"): "分期名称",
    ("", "fund_name"): "资金名称",
    ("", "pool_name"): "小区或项目名称",
    ("", "item_name"): "项目或工程名称",
    ("", "kind_name"): "类别名称",
    ("", "owed"): "仍欠（元）",
    ("programme", "item"): "项目或工程",
    ("programme", "start"): "启动月份",
    ("programme", "finish"): "完成月份",
    ("programme", "cleared"): "净地月份",
    ("programme", "cost"): "总投资（元）",
    ("programme", "delay_cost"): "推迟成本（元）",
    ("left_out", "item"): "项目或工程",
    ("left_out", "households"): "涉及户数",
    ("left_out", "cost"): "总投资（元）",
    ("left_out", "uses"): "支出类别及金额",
    ("left_out", "funds"): "可用资金",
    ("left_out", "waits_for"): "等待的未启动项目",
    ("left_out", "crews"): "缺少的队伍",
    ("left_out", "keeps"): "不能启动的原因",
    ("left_out", "first"): "可启动最早月份",
    ("left_out", "last"): "可启动最晚月份",
    ("left_out", "start"): "测算启动月份",
    ("left_out", "idle"): "可用闲置资金（元）",
    ("left_out", "lacking"): "资金缺口（元）",
    ("left_out", "homes"): "剩余房源（套）",
    ("left_out", "land_revenue"): "土地出让收入（元）",
    ("left_out", "phases"): "需用其土地的分期",
    ("left_out", "deadline"): "净地期限",
    ("", "kind"): "类别",
    ("", "id"): "名称",
    ("", "price_yuan"): "多一单位可节省（元）",
    ("dossier", "fee_now"): "当前过渡费（元/月）",
    ("dossier", "multiplier"): "当前倍数",
    ("dossier", "overdue_from"): "超期起始月份",
    ("dossier", "fee_in_a_year"): "一年后过渡费（元/月）",
    ("dossier", "entitled_m2"): "应安置面积（㎡）",
    ("dossier", "reckoned"): "计算方法",
    ("dossier", "given_m2"): "房屋面积（㎡）",
    ("dossier", "household_pays"): "住户缴款（元，负数为退款）",
    ("dossier", "price"): "政府支付（元）",
    ("dossier", "first"): "最早选定月份",
    ("dossier", "last"): "最晚选定月份",
    ("dossier", "housed_from"): "最早入住月份",
    ("dossier", "remark"): "说明",
}
"""Chinese headers, by table ("" for all) and column; the English header is the column's own name."""


def sheet_name(lang: Language, table: str) -> str:
    """Name the sheet of a table."""
    return in_place(lang, SHEETS[table][LANGUAGES.index(lang)], plain=True)


def header(lang: Language, table: str, column: str) -> str:
    """Name a column of a table; one that has no Chinese word keeps its own, but for a unit in it.

    Examples
    --------
    >>> header("zh", "allocation", "month"), header("en", "funds", "amount")
    ('选定月份', 'amount')
    """
    if lang == "en":
        return in_currency("en", column.replace("_yuan", " (yuan)")) if place().currency != YUAN else column
    return in_place("zh", HEADERS.get((table, column)) or HEADERS.get(("", column), column), plain=True)


def column_of(table: str, title: str) -> str:
    """Return the column that `header` has named, whatever the language.

    Examples
    --------
    >>> column_of("allocation", "选定月份"), column_of("funds", "amount")
    ('month', 'amount')
    """
    return _columns(table, place()).get(title, title)


@cache
def _columns(table: str, here: Place) -> dict[str, str]:
    """Titles of the columns of a table at a place, in either language."""
    with here.spoken():
        known = {header("zh", of, column): column for of, column in HEADERS if of in ("", table)}
        return known | {header("en", table, column): column for column in known.values()}


def word_of(lang: Language, column: str, cell: str, table: str = "") -> str:
    """Word for a cell of a closed set; the cell itself elsewhere, and in English unless the place has a word for it.

    Examples
    --------
    >>> word_of("zh", "route", "own_unit;voucher"), word_of("zh", "part", "fee_tail", "account")
    ('原项目安置房;购房凭证', '装修期过渡费')
    """
    if column == "purpose":
        return purpose(lang, cell)
    if not _codes(column, table):
        return cell
    if lang == "en":
        return in_place("en", cell, plain=True)
    if table != "account":
        return word(lang, column, cell)
    return account_word(lang, cell) if column == "part" else word(lang, "objective", cell)


def account_word(lang: Language, part: str) -> str:
    """Word for a part of a total, each another one.

    Examples
    --------
    >>> account_word("zh", "fee"), account_word("zh", "fees"), account_word("zh", "owed")
    ('正常过渡费', '过渡费', '欠付')
    """
    if known(f"accounted.{part}"):
        return say(lang, f"accounted.{part}")
    kinds = ("reckoned", "item", "use", "paid_by")
    return next((said for kind in kinds if (said := word(lang, kind, part)) != part or known(f"{kind}.{part}")), part)


CODES = {
    **{column: tuple(TERMS[column]) for column in ("route", "use", "item", "paid_by", "kind", "keeps")},
    "handed_over": ("yes",),
}
"""The closed sets, by the column that holds words of them in every table."""
CODES_OF_ACCOUNT = {"total": OBJECTIVES, "part": ACCOUNTS}
"""Those of the account's columns."""


def _codes(column: str, table: str) -> tuple[str, ...]:
    """Codes that a column holds; none where it is open."""
    found = CODES_OF_ACCOUNT.get(column) if table == "account" else None
    return tuple(found or CODES.get(column, ()))


@cache
def _back(column: str, table: str, here: Place) -> dict[str, str]:
    """Words of a closed set at a place to its codes."""
    with here.spoken():
        return {word_of(lang, column, code, table): code for lang in LANGUAGES for code in _codes(column, table)}


def code_of(column: str, cell: str, table: str = "") -> str:
    """Return what `word_of` was given, whatever the language.

    Examples
    --------
    >>> (
    ...     code_of("route", "原项目安置房;购房凭证"),
    ...     code_of("part", "装修期过渡费", "account"),
    ...     code_of("purpose", "过渡费/P1"),
    ... )
    ('own_unit;voucher', 'fee_tail', 'fees/P1')
    """
    if column == "purpose":
        use, slash, whose = cell.partition("/")
        return f"{_back('use', table, place()).get(use, use)}/{whose}" if slash else cell
    if not _codes(column, table):
        return cell
    back = _back(column, table, place())
    return ";".join(back.get(part, part) for part in cell.split(";"))
