"""Which sheets and columns a scenario's workbook has: derived from the models, so that every key has its place.

A section whose items have ids is a sheet with a row for each item. What an item holds once (a loan, a payer) are
further columns of that row; what it holds many of (phases, steps, instalments) is a sheet of its own, whose first
column names the item it belongs to. Short series (homes by type, months by route) stand in one cell as pairs,
``flat:5;villa:2``. Keys that fit no sheet (variants, futures, policies) stand in the sheet ``more``, as paths and
values.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from renewopt.scenario.models import Scenario
from renewopt.scenario.references import REFERENCES, TABLE_REFERENCES
from renewopt.scenario.table_specs import TABLES
from renewopt.units import Month, parse_money, parse_share

__all__ = ["COMMON", "GUIDE", "MORE", "SETTINGS", "Column", "Sheet", "layout", "table_columns"]

GUIDE, SETTINGS, MORE = "guide", "settings", "more"
DEEP = ("futures", "policies")
"""Sections too deep and too rare for sheets of their own; variants are a third."""

_NAMES = {
    ("fee_policies", "rate"): "fee_rates",
    ("fee_policies", "overdue"): "overdue_steps",
    ("fee_policies", "turnover"): "turnover_steps",
    ("fee_policies", "uplifts"): "uplifts",
    ("home_policies", "bounds"): "area_bounds",
    ("home_policies", "above"): "price_bands",
    ("estates", "units"): "units",
    ("estates", "phases"): "phases",
    ("vouchers", "bonus"): "voucher_bonus",
    ("vouchers", "instalments"): "voucher_instalments",
    ("vouchers", "developers"): "voucher_developers",
    ("developers", "debts"): "debts",
    ("developers", "offset_targets"): "offset_targets",
    ("projects", "switch_rights"): "switch_rights",
    ("funds", "inflow"): "inflows",
    ("funds", "inflow", "by_month"): "inflow_months",
    ("commitments", "by_month"): "commitment_months",
    ("objective", "tiers"): "tiers",
}
"""Sheets of what an item holds many of; others are called after both keys."""

_PARENTS = {
    "projects": "project",
    "fee_policies": "fee_policy",
    "home_policies": "home_policy",
    "estates": "estate",
    "vouchers": "voucher",
    "cash": "cash",
    "developers": "developer",
    "funds": "fund",
    "commitments": "commitment",
}
"""Column that names the item to which a row belongs."""

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
    choices : tuple of str
        Words allowed, where one of `kinds` is ``choice``.
    several : bool
        Whether a cell may hold a list, joined by ``;``.
    pairs : (str, str), optional
        Kinds of key and value, where a cell may hold pairs.
    required : bool
    refers : str
        Section whose ids the cell holds.
    model : str
        Name of the model whose key it is; for its words.
    description : str
        In English.
    default : str or number, optional
        What an empty cell means, where it is neither nothing nor zero.
    """

    key: tuple[str, ...]
    kinds: tuple[str, ...]
    choices: tuple[str, ...] = ()
    several: bool = False
    pairs: tuple[str, str] | None = None
    pair_choices: tuple[str, ...] = ()
    required: bool = False
    refers: str = ""
    model: str = ""
    description: str = ""
    default: str | float | None = None

    @property
    def name(self) -> str:
        """English header: ``borrow limit``."""
        return " ".join(self.key).replace("_", " ")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the section whose rows it holds.

    Parameters
    ----------
    name : str
        English name.
    path : tuple of str
        Keys from the top: ``("funds",)``, ``("funds", "inflow")``.
    columns : tuple of Column
        Without the one that names the parent.
    parent : str
        Header of the column that names the item it belongs to; empty where there is none.
    by_month : bool
        Whether its rows are the amounts of single months, ``by_month``.
    words : str
        What it holds, in English.
    required : bool
        Whether there must be a row (for each item, where there is a parent).
    named : bool
        Whether its rows have ids.
    """

    name: str
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    parent: str = ""
    by_month: bool = False
    words: str = ""
    required: bool = False
    named: bool = False

    def under(self, key: tuple[str, ...]) -> bool:
        """Whether some column's key lies below another key of the row."""
        return any(column.key[: len(key)] == key and len(column.key) > len(key) for column in self.columns)


@cache
def layout() -> dict[str, Sheet]:
    """Sheets by name, in their order; without the guide and ``more``."""
    sheets = {sheet.name: sheet for sheet in _sheets()}
    first = [name for name in ORDER if name in sheets]
    return {name: sheets[name] for name in (*first, *(name for name in sheets if name not in first))}


def table_columns(table: str) -> tuple[Column, ...]:
    """Columns of one of the scenario's tables (households, quotes, fee curves)."""
    columns = []
    for spec in TABLES[table].values():
        kind = {"ids": "id", "terms": "text"}.get(spec.kind, spec.kind)
        columns.append(
            Column(
                key=(spec.name,),
                kinds=("choice",) if spec.choices else (kind,),
                choices=spec.choices,
                several=spec.kind == "ids",
                required=spec.required,
                refers=TABLE_REFERENCES.get((table, spec.name), ""),
                model=table,
                description=spec.description,
                default=spec.default,
            )
        )
    return tuple(columns)


def _sheets() -> Iterator[Sheet]:
    top = []
    for name, info in Scenario.model_fields.items():
        if name in TABLES:
            yield Sheet(name, (name,), table_columns(name), words=info.description or "", required=info.is_required())
        elif name not in DEEP:
            model = _listed(info.annotation)
            if model is not None:
                yield from _section(name, model, info)
            elif name == "objective":
                inner, below = _columns(_model(info.annotation), (name,), (name,))
                top += inner
                yield from below
            else:
                top.append(_column((name,), info, "Scenario", (name,)))
    yield Sheet(SETTINGS, (), tuple(top), words="the district as a whole, and what is minimised", required=True)


def _section(name: str, model: type[BaseModel], info: FieldInfo) -> Iterator[Sheet]:
    columns, below = _columns(model, (), (name,))
    named = "id" in model.model_fields
    yield Sheet(name, (name,), tuple(columns), words=info.description or "", required=info.is_required(), named=named)
    yield from below


def _columns(
    model: type[BaseModel], prefix: tuple[str, ...], path: tuple[str, ...]
) -> tuple[list[Column], list[Sheet]]:
    """Columns of a model's row, and the sheets of what it holds many of."""
    columns: list[Column] = []
    sheets: list[Sheet] = []
    for attribute, info in model.model_fields.items():
        key = info.alias or attribute
        members = list(_members(info.annotation))
        many = _listed(info.annotation)
        nested = next((member for member in members if _is_model(member)), None)
        if many is not None:
            sheets += _below(many, path, key, info)
        elif key == "by_month":
            sheets.append(_months(path, info))
        elif nested is not None:
            inner, more = _columns(nested, (*prefix, key), (*path, key))
            columns += inner
            sheets += more
        single = any(_kind(member, ()) for member in members)
        if key != "by_month" and (single or (many is None and nested is None)):
            columns.append(_column((*prefix, key), info, model.__name__, (*path, key)))
    return columns, sheets


def _below(model: type[BaseModel], path: tuple[str, ...], key: str, info: FieldInfo) -> Iterator[Sheet]:
    """Sheets of what an item holds many of."""
    columns, below = _columns(model, (), (*path, key))
    name = _NAMES.get((*path, key), f"{path[0]}_{key}")
    parent, words = _PARENTS.get(path[0], ""), info.description or _first_line(model)
    required = info.is_required() and not any(_kind(member, ()) for member in _members(info.annotation))
    yield Sheet(name, (*path, key), tuple(columns), parent, words=words, required=required)
    yield from below


def _months(path: tuple[str, ...], info: FieldInfo) -> Sheet:
    """Sheet of the amounts of single months."""
    key = (*path, "by_month")
    columns = (
        Column(("month",), ("month",), required=True, model="by_month", description="month"),
        Column(("amount",), ("money",), required=True, model="by_month", description="yuan in this month"),
    )
    return Sheet(_NAMES[key], path, columns, _PARENTS[path[0]], by_month=True, words=info.description or "")


def _column(key: tuple[str, ...], info: FieldInfo, model: str, path: tuple[str, ...]) -> Column:
    kinds: list[str] = []
    choices: list[str] = []
    several = False
    pairs: tuple[str, str] | None = None
    pair_choices: tuple[str, ...] = ()
    for member in _members(info.annotation, tuple(info.metadata)):
        annotation, metadata = member if isinstance(member, tuple) else (member, ())
        origin: Any = get_origin(annotation)
        if origin is list:
            inner = next(iter(_members(get_args(annotation)[0])))
            if _is_model(inner):
                continue
            several = True
            if get_origin(inner) is Literal:
                kinds.append("choice")
                choices += get_args(inner)
            else:
                kinds.append("id")
        elif origin is dict:
            of, to = get_args(annotation)
            of_member, to_member = next(iter(_members(of))), next(iter(_with_metadata(to)))
            if get_origin(of_member) is Literal:
                pair_choices = get_args(of_member)
            pairs = ("choice" if pair_choices else _kind(of_member, ()), _kind(*to_member))
        elif origin is Literal:
            kinds.append("choice")
            choices += get_args(annotation)
        elif kind := _kind(annotation, metadata):
            kinds.append("id" if kind == "text" and key[-1] != "name" else kind)
    pattern = ".".join(path)
    refers = next((to for of, to in REFERENCES.items() if of.replace(".*", "") == pattern), "")
    return Column(
        key,
        tuple(dict.fromkeys(kinds)),
        tuple(dict.fromkeys(choices)),
        several,
        pairs,
        pair_choices,
        info.is_required() and info.default is not None,
        refers,
        model,
        info.description or "",
        _default(info),
    )


def _default(info: FieldInfo) -> str | float | None:
    """What an empty cell means; None where that is nothing, zero or no."""
    value = info.default
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str) or not value:
        return "yes" if value is True else None
    return value if isinstance(value, str) else float(value)


def _members(annotation: Any, metadata: tuple[Any, ...] | None = None) -> Iterator[Any]:
    """Members of a type, unions and annotations taken apart; with their metadata where some is given."""
    for member, notes in _with_metadata(annotation, metadata or ()):
        yield (member, notes) if metadata is not None else member


def _with_metadata(annotation: Any, metadata: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *notes = get_args(annotation)
        yield from _with_metadata(inner, (*metadata, *notes))
    elif origin in {Union, types.UnionType}:
        for member in get_args(annotation):
            yield from _with_metadata(member, metadata)
    elif annotation is not type(None):
        yield annotation, metadata


def _kind(annotation: Any, metadata: tuple[Any, ...]) -> str:
    """Kind of a single value; empty where it is none."""
    if annotation is Month:
        return "month"
    if annotation is bool:
        return "boolean"
    if annotation is int:
        limits = [limit for note in metadata for limit in (getattr(note, "le", None), *_limits(note)) if limit]
        return "months" if 3000 in limits else "count"
    if annotation is str:
        return "text"
    if annotation is Decimal:
        parsers = {getattr(note, "func", None) for note in metadata}
        return "money" if parse_money in parsers else "share" if parse_share in parsers else "number"
    return ""


def _limits(note: Any) -> Iterator[Any]:
    """Upper limits within a field's own notes."""
    for inner in getattr(note, "metadata", ()):
        yield getattr(inner, "le", None)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _listed(annotation: Any) -> type[BaseModel] | None:
    """Model of a list's items, if it is a list of a model."""
    for member in _members(annotation):
        if get_origin(member) is list:
            inner = next(iter(_members(get_args(member)[0])))
            if _is_model(inner):
                return cast(type[BaseModel], inner)
    return None


def _model(annotation: Any) -> type[BaseModel]:
    return cast(type[BaseModel], next(member for member in _members(annotation) if _is_model(member)))


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0].rstrip(".")
