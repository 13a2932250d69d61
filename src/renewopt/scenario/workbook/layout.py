"""Which sheets and columns a scenario's workbook has: derived from the models, so that every key has its place.

A section whose items have ids is a sheet with a row for each item. What an item holds once (a loan, a payer) are
further columns of that row; what it holds many of (phases, steps, instalments) is a sheet of its own, whose first
column names the item it belongs to. Short series (homes by type, months by route) stand in one cell as pairs,
``flat:5;villa:2``. Keys that fit no sheet (variants, futures, policies) stand in the sheet ``more``, as paths and
values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import BaseModel

from renewopt.scenario.contents import Contents
from renewopt.scenario.dictionary import Key, Shape, keys
from renewopt.scenario.meanings import Meaning
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.table_specs import Column as TableColumn
from renewopt.wording import Language, Wording, in_currency

__all__ = ["COMMON", "GUIDE", "MORE", "PARENT", "SETTINGS", "Column", "Sheet", "layout", "named_sheet"]

GUIDE, SETTINGS, MORE = "guide", "settings", "more"
DEEP = ("futures", "policies")
"""Sections too deep and too rare for sheets of their own; variants are a third."""
PARENT = ("",)
"""Key of the column that names what a row belongs to."""

ORDER = (
    GUIDE, SETTINGS, "projects", "households", "fee_policies", "fee_rates", "overdue_steps", "estates", "units",
    "phases", "vouchers", "voucher_bonus", "voucher_instalments", "voucher_developers", "cash", "developers", "debts",
    "funds", "inflows", "inflow_months", "commitments", "commitment_months",
)  # fmt: skip
"""First sheets; the rest follows in the order of the models."""
COMMON = frozenset(ORDER) - {"fee_rates"}
"""Sheets that are shown even when they are empty."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet, and how its cells are read.

    Parameters
    ----------
    key : tuple of str
        Keys inside of the row: ``("borrow", "limit")``.
    kinds : tuple of str
        What a single value may be: ``id``, ``text``, ``number``, ``count``, ``months``, ``money``, ``share``,
        ``month``, ``boolean``, ``choice``.
    headers : (str, str)
        In English and Chinese.
    meaning : Meaning
        What stands in it.
    choices : tuple of str
        Words allowed, where one of `kinds` is ``choice``.
    several : bool
        Whether a cell may hold a list, joined by ``;``.
    pairs : (str, str), optional
        Kinds of key and value, where a cell may hold pairs.
    pair_choices : tuple of str
        Words allowed as keys of pairs.
    required : bool
    refers : str
        Section whose ids the cell holds.
    default : str or number, optional
        What an empty cell means, where it is neither nothing nor zero.
    """

    key: tuple[str, ...]
    kinds: tuple[str, ...]
    headers: tuple[str, str]
    meaning: Meaning
    choices: tuple[str, ...] = ()
    several: bool = False
    pairs: tuple[str, str] | None = None
    pair_choices: tuple[str, ...] = ()
    required: bool = False
    refers: str = ""
    default: str | float | None = None

    def said(self, lang: Language) -> str:
        """Header in a language, and with the place's unit."""
        return in_currency(lang, self.headers[lang == "zh"])


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the section whose rows it holds.

    Parameters
    ----------
    name : str
        English name.
    path : tuple of str
        Keys from the top: ``("funds",)``, ``("funds", "inflow")``.
    title : str
        Chinese name.
    words : Wording
        What it holds.
    columns : tuple of Column
        Without the one that names the parent.
    parent : Column, optional
        The column that names the item to which a row belongs.
    by_month : bool
        Whether its rows are the amounts of single months, ``by_month``.
    required : bool
        Whether there must be a row (for each item, where there is a parent).
    named : bool
        Whether its rows have ids.
    """

    name: str
    path: tuple[str, ...]
    title: str
    words: Wording
    columns: tuple[Column, ...] = ()
    parent: Column | None = None
    by_month: bool = False
    required: bool = False
    named: bool = False

    def under(self, key: tuple[str, ...]) -> bool:
        """Whether some column's key lies below another key of the row."""
        return any(column.key[: len(key)] == key and len(column.key) > len(key) for column in self.columns)

    def said(self, lang: Language) -> str:
        """Name in a language."""
        return self.title if lang == "zh" else self.name


@cache
def layout(model: type[BaseModel] = Contents) -> dict[str, Sheet]:
    """Sheets by name, in their order; without the guide and ``more``."""
    sheets = {sheet.name: sheet for sheet in _sheets(model)}
    first = [name for name in ORDER if name in sheets]
    return {name: sheets[name] for name in (*first, *(name for name in sheets if name not in first))}


def named_sheet(name: str) -> Sheet:
    """Return any sheet by its English name, the guide and ``more`` too."""
    return OWN[name] if name in OWN else layout()[name]


def _table_column(spec: TableColumn) -> Column:
    kind = {"ids": "id", "terms": "text", "dated_terms": "text"}.get(spec.kind, spec.kind)
    return Column(
        (spec.name,),
        ("choice",) if spec.choices else (kind,),
        (spec.name.replace("_", " "), next(word for word in spec.headers if not word.isascii())),
        Meaning(spec.description, spec.name, spec.chinese),
        spec.choices,
        several=spec.kind == "ids",
        required=spec.required,
        refers=spec.refers,
        default=spec.default,
    )


def _sheets(model: type[BaseModel]) -> Iterator[Sheet]:
    top: list[Column] = []
    for name, key in keys(model).items():
        if name in TABLES:
            yield _sheet(name, (name,), key, map(_table_column, TABLES[name].values()))
        elif name not in DEEP:
            if key.listed is not None:
                columns, below = _columns(key.listed, key, (name,))
                yield _sheet(name, (name,), key, columns, named="id" in keys(key.listed))
                yield from below
            elif key.nested is not None:
                above = ("currency ", "货币") if name == "currency" else ("", "")
                inner, below = _columns(key.nested, key, (name,), (name,), above)
                top += inner
                yield from below
            else:
                top.append(_column(key, (name,)))
    words = Meaning("the district as a whole, and what is minimised", "", "片区名称、规划期与目标")
    yield Sheet(SETTINGS, (), "总体设置", words, tuple(top), required=True)


def _sheet(name: str, path: tuple[str, ...], key: Key, columns: Iterable[Column], **more: Any) -> Sheet:
    return Sheet(name, path, key.meaning.of.header, key.meaning, tuple(columns), required=key.required, **more)


def _columns(
    model: type[BaseModel],
    section: Key,
    path: tuple[str, ...],
    prefix: tuple[str, ...] = (),
    above: tuple[str, str] = ("", ""),
) -> tuple[list[Column], list[Sheet]]:
    """Columns of a model's row, and the sheets of what it holds many of."""
    columns: list[Column] = []
    sheets: list[Sheet] = []
    for name, key in keys(model).items():
        if name == "by_month":
            sheets.append(_months(section, path, key))
            continue
        if key.listed is not None:
            sheets += _below(section, key.listed, (*path, name), key)
        elif key.nested is not None:
            headers = (
                f"{above[0]}{key.header_in_yuan('en', unit=False)} ",
                above[1] + key.header_in_yuan("zh", unit=False),
            )
            inner, more = _columns(key.nested, section, (*path, name), (*prefix, name), headers)
            columns += inner
            sheets += more
        single = any(shape.kind for shape in key.shapes)
        if single or (key.listed is None and key.nested is None):
            columns.append(_column(key, (*prefix, name), above))
    return columns, sheets


def _below(section: Key, model: type[BaseModel], path: tuple[str, ...], key: Key) -> Iterator[Sheet]:
    """Sheets of what an item holds many of."""
    columns, below = _columns(model, section, path)
    said, parent = key.meaning.of, _parent(section)
    yield Sheet(
        *_titles(key, path, parent),
        Meaning(key.meaning, "", said.sheet_note or said.chinese),
        tuple(columns),
        parent,
        required=key.required and not any(shape.kind for shape in key.shapes),
    )
    yield from below


def _titles(key: Key, path: tuple[str, ...], parent: Column | None) -> tuple[str, tuple[str, ...], str]:
    """English name, path and Chinese name of a sheet below another: its own, else after both keys."""
    said = key.meaning.of
    of, header = parent.headers if parent is not None and not said.sheet else ("", "")
    name = said.sheet or f"{of}_{key.name}".replace(" ", "_")
    return name, path, said.sheet_header or f"{header}{said.header}"


def _parent(section: Key) -> Column | None:
    """Column that names the item to which a row belongs."""
    if section.listed is None:
        return None
    title = section.meaning.of.header
    words = Meaning(f"which row of the sheet {section.name!r} this belongs to", title, f"属于“{title}”表的哪一行")
    return Column(PARENT, ("id",), (section.one(column=True), title), words, refers=section.name, required=True)


def _months(section: Key, path: tuple[str, ...], key: Key) -> Sheet:
    """Sheet of the amounts of single months."""
    columns = (
        Column(("month",), ("month",), ("month", "月份"), Meaning("month", "", "如 2024-06"), required=True),
        Column(
            ("amount",),
            ("money",),
            ("amount", "金额（元）"),
            Meaning("yuan in this month", "", "该月的金额"),
            required=True,
        ),
    )
    parent = _parent(section)
    return Sheet(*_titles(key, path, parent), key.meaning, columns, parent, by_month=True)


def _column(key: Key, path: tuple[str, ...], above: tuple[str, str] = ("", "")) -> Column:
    shapes = [shape for shape in key.shapes if not any(item.model for item in shape.items) and shape.model is None]
    inner = [item for shape in shapes for item in shape.items]
    pairs = next((shape.pairs for shape in shapes if shape.pairs), None)
    singles = [shape for shape in (*shapes, *inner) if shape.single]
    return Column(
        path,
        tuple(dict.fromkeys(_kind(shape) for shape in singles)),
        (above[0] + key.name.replace("_", " "), above[1] + key.header_in_yuan("zh")),
        key.meaning,
        tuple(dict.fromkeys(choice for shape in singles for choice in shape.choices)),
        bool(inner),
        (_kind(pairs[0]), _kind(pairs[1])) if pairs else None,
        pairs[0].choices if pairs else (),
        key.required,
        key.meaning.of.refers,
        _default(key.default),
    )


def _kind(shape: Shape) -> str:
    return shape.kind.reading if shape.kind is not None else "choice"


def _default(value: Any) -> str | float | None:
    """What an empty cell means; None where that is nothing, zero or no."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str) or not value:
        return "yes" if value is True else None
    return value if isinstance(value, str) else float(value)


OWN = {
    GUIDE: Sheet(GUIDE, (), "填表说明", Meaning("how to fill in the workbook", "", "各表用途与填法")),
    MORE: Sheet(
        MORE,
        (),
        "其他",
        Meaning("whatever fits no other sheet, as paths and values", "", "其余各项，一行一项：路径与值"),
    ),
}
"""Sheets of the workbook's own."""
