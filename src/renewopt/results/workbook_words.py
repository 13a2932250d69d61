"""Words of plan.xlsx: its sheets, its headers and the labels of its summary, in English and Chinese.

Cells hold a closed set of words for routes, uses and kinds of prices; in a Chinese workbook they are Chinese too, and
reading turns them back.
"""

from __future__ import annotations

from renewopt.results.texts import LANGUAGES, Language, known, say
from renewopt.vocabulary import PRICES, TERMS

__all__ = ["HEADERS", "SHEETS", "code_of", "header", "label", "sheet_name", "word_of"]

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

_VALUES = {
    "route": "route.",
    "use": "use.",
    "kind": "price.",
    "handed_over": "handed_over.",
}
"""Columns whose cells hold words of a closed set, and how their messages begin."""

_OWN: dict[str, tuple[str, str]] = {
    "handed_over.yes": ("yes", "是"),
    "figure": ("figure", "指标"),
    "value": ("value", "数值"),
    "name": ("district", "片区"),
    "variant": ("variant", "情形"),
    "policy": ("policy", "决策方式"),
    "status": ("status", "状态"),
    "status.optimal": ("proven optimal", "已证明最优"),
    "status.feasible": ("stopped at the asked gap, or decided by a rule", "达到要求的精度，或按规则决定"),
    "status.time_limit": ("stopped at the time limit", "到达时限"),
    "status.interrupted": ("interrupted", "已中断"),
    "start": ("first month", "起始月份"),
    "months": ("months planned", "规划月数"),
    "objective_name": ("minimised", "目标"),
    "objective": ("objective (yuan)", "目标值（元）"),
    "bound": ("proven: at least (yuan)", "已证明不低于（元）"),
    "gap": ("gap", "差距"),
    "transition_fees": ("transition fees (yuan)", "过渡费（元）"),
    "ordinary": ("of which ordinary, in the books (yuan)", "其中账期内正常（元）"),
    "overdue": ("of which overdue, in the books (yuan)", "其中账期内超期（元）"),
    "paid": ("paid on fees (yuan)", "过渡费已付（元）"),
    "fiscal_cost": ("fiscal cost, discounted (yuan)", "财政支出，折现（元）"),
    "households": ("households", "总户数"),
    "settled": ("housed by the end of the horizon", "期末前已安置户数"),
    "clear_month": ("first month with no overdue household", "首个无超期户的月份"),
    "all_settled_month": ("all are housed by", "全部安置完成月份"),
    "waiting_fees": ("transition fees if all waited for the own estate (yuan)", "全部等待原项目安置房的过渡费（元）"),
    "against_waiting": ("saved against that (yuan)", "与之相比节省（元）"),
    "office_convention": ("saved by the office's convention (yuan)", "按建设周期口径节省（元）"),
    "never": ("not within the horizon", "期内没有"),
    "by_route": ("households by route", "各安置方式户数"),
    "notes": ("notes", "说明"),
    "shortages": ("what is short", "缺口"),
    "findings": ("findings about the district", "需要注意"),
    "too_long": (
        "{sheet}: {rows} rows are more than the {most} that a workbook shows well; they stand in {file}",
        "{sheet}：共 {rows} 行，超过工作簿适合容纳的 {most} 行，全部内容见 {file}",
    ),
    "csv": (
        "The same tables for other programs: the CSV files in this folder. Each row can be traced to the ledger.",
        "同样的表格另有 CSV 文件（在同一文件夹），便于其他程序读取。",
    ),
}  # fmt: skip


def label(lang: Language, key: str, **values: object) -> str:
    """Say a label of the summary sheet."""
    return _OWN[key][LANGUAGES.index(lang)].format(**values)


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
    if lang == "en" or column not in _VALUES:
        return cell
    return ";".join(_word(lang, _VALUES[column] + part, part) for part in cell.split(";"))


def _word(lang: Language, key: str, cell: str) -> str:
    if key in _OWN:
        return label(lang, key)
    return say(lang, key) if known(key) else cell


CODES: dict[str, tuple[str, ...]] = {
    "route": tuple(TERMS["route"]),
    "use": tuple(TERMS["use"]),
    "kind": PRICES,
    "handed_over": ("yes",),
}  # fmt: skip
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
