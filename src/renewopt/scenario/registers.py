"""Tables as offices keep them: titles above the headers, units in them, totals among the rows, columns of their own.

Nothing of it is passed over in silence: what is not read, or is read otherwise than it is written, is told once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding
from renewopt.scenario.headers import canonical, folded
from renewopt.scenario.table_specs import TABLES, Column
from renewopt.scenario.tables import SHOWN_ROWS, Find, Place, Table, Text
from renewopt.units import units_of
from renewopt.wording import YUAN, Currency, Wording, place, words

__all__ = ["PLACEHOLDERS", "finder", "header_unit", "needless", "plain_header", "without_totals"]

HEADERS_WITHIN = 10
"""Rows among which the headers are looked for."""
PLACEHOLDERS = frozenset({"—", "——", "-", "--", "–", "/", "无", "待定", "暂无", "未定", "n/a", "tbd"})
"""What stands in a cell instead of nothing; not where yes and no, or a list, is written."""
NEEDLESS = frozenset({
    "序号", "电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "身份证", "身份证号", "身份证号码",
    "证件号码", "备注", "签字", "签名", "经办人", "银行卡号", "银行账号", "开户行", "地址", "坐落", "房屋坐落", "姓名",
    "户主", "户主姓名", "产权人", "性别", "年龄", "no.", "phone", "mobile", "id_number", "remarks", "remark", "address",
})  # fmt: skip
"""Headers of columns that registers have and no plan needs."""
TOTALS = re.compile(r".*(小计|合计|总计|共计|累计)\s*[:：]?|(sub-?|grand )?totals?\b.*", re.IGNORECASE)
"""Words of a row that adds up others."""
_BRACKET = re.compile(r"[(\[]\s*([^)\]]*?)\s*[)\]]\s*$")

LARGEST = 1e15
"""No register has larger numbers: they are summed up nowhere, and whoever reads the cells refuses them."""


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


UNITS: dict[str, dict[str, float]] = {
    "yuan": {"元": 1, "yuan": 1, "rmb": 1, "百元": 1e2, "千元": 1e3, "万": 1e4, "万元": 1e4, "wan": 1e4, "亿元": 1e8},
    "yuan a month": {
        "元": 1, "元/月": 1, "yuan": 1, "yuan/month": 1, "元/季": 1 / 3, "元/季度": 1 / 3, "元/半年": 1 / 6,
        "元/年": 1 / 12, "万元": 1e4, "万元/月": 1e4, "万元/季": 1e4 / 3, "万元/年": 1e4 / 12,
    },
    "m²": {"m²": 1, "平方米": 1, "平米": 1, "平": 1, "sqm": 1},
    "months": {"月": 1, "个月": 1, "月数": 1, "month": 1, "months": 1, "年": 12, "year": 12, "years": 12},
    "persons": {"人": 1, "口": 1, "person": 1, "persons": 1, "people": 1},
    "households": {"户": 1, "household": 1, "households": 1},
    "homes": {"套": 1, "home": 1, "homes": 1},
    "share": {"%": 0.01},
    "": {"倍": 1, "times": 1},
}  # fmt: skip
"""Unit of a column to what may be written in its header, and what one of it is in the column's own unit."""
FOREIGN = frozenset({
    "元/m²", "元/平方米", "万元/m²", "亩", "公顷", "日", "天", "季", "季度", "days", "sqft", "美元", "英镑", "欧元",
    "日元", "港元", "卢比", "usd", "gbp", "eur", "jpy", "hkd", "inr", "$", "£", "€", "₹", "dollars", "pounds", "euros",
    "yen", "rupees",
})  # fmt: skip
"""Units that no column has, unless amounts are in that currency."""
_UNITS = {unit: {_narrow(word): factor for word, factor in units.items()} for unit, units in UNITS.items()}
_KNOWN = frozenset(map(_narrow, FOREIGN)).union(*_UNITS.values())


def header_unit(header: str, column: Column) -> tuple[float, tuple[Wording, Wording] | None, bool]:
    """Read the unit in a header.

    Returns
    -------
    factor : float
        What one of it is in the column's own unit.
    fault : (message, mend), optional
        If the column cannot be in it, or it is not understood.
    refused : bool
        Whether that is an error.
    """
    match = _BRACKET.search(_narrow(header))
    if match is None or column.kind in {"id", "text", "ids", "terms", "dated_terms", "boolean", "month"}:
        return 1.0, None, False
    word = match[1].casefold().replace(" ", "")
    own = _UNITS["share"] if column.kind == "share" else _units_of(column.unit, place().currency)
    if word in own:
        return own[word], None, False
    if word in _KNOWN:
        message = words(
            "the header says {unit}, but {name!r} is in {own}", unit=match[1], name=column.name, own=_own(column)
        )
        return 1.0, (message, words("convert the column, or name the right one")), True
    message = words("({word}) in the header is not read as a unit", word=match[1])
    return 1.0, (message, words("{name!r} is in {own}", name=column.name, own=_own(column))), False


@cache
def _units_of(unit: str, currency: Currency) -> Mapping[str, float]:
    """What may be written for a unit, where amounts are in a currency."""
    if currency == YUAN or not unit.startswith("yuan"):
        return _UNITS[unit]
    names = [word.casefold().replace(" ", "") for word in units_of(currency)]
    grouped = {"thousand": 1e3, "million": 1e6, "千": 1e3, "百万": 1e6}
    grouped |= {"万": 1e4, "亿": 1e8} if currency.myriads else {}
    units = {f"{prefix}{name}": factor for prefix, factor in {"": 1.0, **grouped}.items() for name in names}
    if unit == "yuan":
        return units
    spans = {"": 1, "/month": 1, "amonth": 1, "/月": 1, "/季": 3, "/quarter": 3, "/year": 12, "ayear": 12, "/年": 12}
    return {f"{name}{span}": factor / months for name, factor in units.items() for span, months in spans.items()}


def _own(column: Column) -> Wording:
    said = {
        "yuan": words("yuan"),
        "yuan a month": words("yuan a month"),
        "m²": words("m²"),
        "months": words("months"),
        "persons": words("persons"),
        "households": words("households"),
        "homes": words("homes"),
    }
    return said.get(column.unit, words("no unit"))


def headers_at(grid: list[Text], columns: Mapping[str, Column]) -> tuple[list[Text], int]:
    """Find the headers of a grid below its titles, and join headers of two rows.

    Parameters
    ----------
    grid
        Columns, whose cells are stripped.
    columns
        Those of the section.

    Returns
    -------
    grid : list of ndarray of str
        The headers in position 0.
    first : int
        Rows of the grid above those that follow the headers, less one: 0 where the first row is the one of the headers.
    """
    rows = [[column[row] for column in grid] for row in range(min(HEADERS_WITHIN, len(grid[0]) if grid else 0))]
    known = [sum(canonical(plain_header(cell), columns) is not None for cell in row if cell) for row in rows]
    filled = [sum(bool(cell) for cell in row) for row in rows]
    first = 0
    if rows and not (known[0] and filled[0] > 1):
        best = int(np.argmax(known))
        first = best if known[best] > max(known[0], 1) else 0
    if first + 1 < len(rows) and known[first + 1] and known[first + 1] == filled[first + 1]:
        joined = [below or above for above, below in zip(rows[first], rows[first + 1], strict=True)]
        blank = any(below and not above for above, below in zip(rows[first], rows[first + 1], strict=True))
        if blank and sum(canonical(cell, columns) is not None for cell in joined if cell) > known[first]:
            first += 1
            grid = [np.concatenate([[head], column[first + 1 :]]) for head, column in zip(joined, grid, strict=True)]
            return grid, first
    return ([column[first:] for column in grid] if first else grid), first


def plain_header(text: str) -> str:
    """Leave out the star that marks a needed column of a template; it is no part of its name."""
    return text.rstrip(" *＊")


def finder(section: str) -> Find | None:
    """What finds the headers of a section's table; None where it has no columns of its own."""
    columns = TABLES.get(section)
    return None if columns is None else lambda grid: headers_at(grid, columns)


def needless(header: str) -> bool:
    """Whether a column is one of those that registers have and no plan needs."""
    return folded(header) in NEEDLESS or header.casefold() in NEEDLESS


def without_totals(table: Table, header_of: Mapping[str, str], columns: Mapping[str, Column]) -> Table:
    """Leave out rows that add up others; each is told.

    A row is one if an id or a label in it says so, or if it has no id and its numbers are the sum of rows above. Of a
    row with an id whose numbers are such a sum there is a warning.
    """
    length = len(table)
    labels = [header for name, header in header_of.items() if columns[name].kind in {"id", "text"}]
    labels += [header for header in table.columns if needless(header)]
    total = np.zeros(length, dtype=bool)
    for header in labels:
        codes, uniques = pd.factorize(table.columns[header])
        total |= np.array([bool(TOTALS.fullmatch(cell)) for cell in uniques], dtype=bool)[codes]
    needed = [
        header_of[name]
        for name, column in columns.items()
        if column.required and column.kind == "id" and name in header_of
    ]
    nameless = np.zeros(length, dtype=bool)
    for header in needed[:1]:
        nameless |= table.columns[header] == ""
    sums = _sums(table, header_of, columns, total)
    out = total | (nameless & sums)
    kept = np.flatnonzero(~out)
    several = sum(columns[name].kind in {"number", "money", "count"} for name in header_of) > 1
    doubtful = sums & ~out
    if not several:
        doubtful[: max(length - 1, 0)] = False
    added, mend = words("a row that adds up others is not counted"), words("keep totals out of tables")
    doubt, check = words("its numbers are the sum of rows above"), words("delete the row if it is a total")
    findings = [*table.findings, *_told(out, table, added, mend), *_told(doubtful, table, doubt, check)]
    if len(kept) == length:
        return replace(table, findings=findings)

    def locate(row: int, header: str) -> Place:
        return table.locate(int(kept[row]) if row >= 0 else row, header)

    return replace(
        table,
        columns={header: cells[kept] for header, cells in table.columns.items()},
        locate=locate,
        findings=findings,
    )


def _told(rows: NDArray[np.bool_], table: Table, message: Wording, mend: Wording) -> list[Finding]:
    """Warn of rows, each named by its first cell."""
    places = np.flatnonzero(rows)
    told = []
    for number, row in enumerate(places[:SHOWN_ROWS].tolist(), start=1):
        first = next((cells[row] for cells in table.columns.values() if cells[row]), "")
        text = words("{message} ({first})", message=message, first=first)
        if number == SHOWN_ROWS < len(places):
            text = words(
                "{message} (and {count:,} more {count:row|rows} like this)",
                message=text,
                count=len(places) - SHOWN_ROWS,
            )
        told.append(table.locate(row, "").finding(text, mend, warning=True))
    return told


def _sums(
    table: Table, header_of: Mapping[str, str], columns: Mapping[str, Column], total: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether the numbers of a row are all the sum of the same three or more rows that stand right above it."""
    numeric = [header_of[name] for name in header_of if columns[name].kind in {"number", "money", "count"}]
    values = [
        pd.to_numeric(pd.Series(table.columns[header]).str.replace(",", ""), errors="coerce").to_numpy(dtype=np.float64)
        for header in numeric
    ]
    values = [np.where(np.abs(column) < LARGEST, column, np.nan) for column in values]
    found = np.zeros(len(table), dtype=bool)
    if not values:
        return found
    lead = max(values, key=lambda column: int((~np.isnan(column)).sum()))
    running = np.round(np.concatenate([[0.0], np.cumsum(np.where(total, 0.0, np.nan_to_num(lead)))]), 6)
    before = np.round(running[:-1] - np.nan_to_num(lead), 6)
    # Few rows are the sum of any rows above, so that only these are looked at one by one.
    for row in np.flatnonzero((np.nan_to_num(lead) > 0) & np.isin(before, running)).tolist():
        begin = int(np.searchsorted(running, before[row], side="right")) - 1
        found[row] = (
            begin <= row - 3
            and running[begin] == before[row]
            and all(
                np.isnan(column[row]) or np.isclose(np.nansum(np.where(total, 0.0, column)[begin:row]), column[row])
                for column in values
            )
        )
    return found
