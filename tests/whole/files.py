"""The files of a scenario, read anew: YAML with variants, registers in files and sheets, amounts, months and shares."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from tests.whole.stating import Tree
from tests.whole.writing import HEADERS

TABLES = ("households", "quotes", "fee_parts", "fee_curves")
TRUTHS = ("turnover", "indivisible", "overdue")
WHOLE = ("tail", "housed_after")
LISTS = ("groups", "tags", "routes", "estates", "asks_for", "unit_types")


def read_scenario(path: Path) -> tuple[Tree, str | None]:
    """Tree of a scenario with all its tables, and the variant that was laid over it, if there is one."""
    tree = _read_tree(path)
    variants = tree.pop("variants", {})
    variant = next(iter(variants), None)
    if variant is not None:
        tree = _laid_over(tree, variants[variant])
    tree = _without_all(tree)
    for name in TABLES:
        if isinstance(tree.get(name), dict):
            tree[name] = list(_register(path.parent, name, tree[name]))
    return tree, variant


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def number(value: Any) -> Fraction:
    return Fraction(str(value).replace(",", "").strip())


def fen(value: Any) -> int:
    """Money as written, in fen."""
    text = str(value).replace(",", "").replace("¥", "").removesuffix("元").replace("£", "").removesuffix(" GBP")
    factor = 1
    for sign, size in (("万", 10_000), ("亿", 100_000_000)):
        if text.endswith(sign):
            text, factor = text.removesuffix(sign), size
    return half_up(Fraction(text) * factor * 100)


def share(value: Any) -> Fraction:
    text = str(value)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def ordinal(value: Any) -> int:
    """Months since year 0."""
    year, month, _ = date(value)
    return year * 12 + month - 1


def date(value: Any) -> tuple[int, int, int | None]:
    """Year, month and day, where one is written."""
    figures = re.findall(r"\d+", str(value))
    if len(figures) == 1:
        (joined,) = figures
        figures = [joined[:4], joined[4:6], *([joined[6:]] if joined[6:] else [])]
    return int(figures[0]), int(figures[1]), int(figures[2]) if len(figures) > 2 else None


class _Removed(str):
    """What a variant removes: the item of that id, or a key."""


class _Constructor(SafeConstructor):
    """Reads `!remove`, too."""


_Constructor.add_constructor("!remove", lambda _, node: _Removed(node.value))


def _read_tree(path: Path) -> Tree:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    tree: Tree = yaml.load(path.read_text(encoding="utf-8"))
    return tree


def _laid_over(below: Any, above: Any) -> Any:
    """Lay a variant over a scenario: mappings merge, lists with ids merge by id, all else replaces."""
    if isinstance(below, dict) and isinstance(above, dict):
        merged = dict(below)
        for key, value in above.items():
            if isinstance(value, _Removed):
                merged.pop(key, None)
            else:
                merged[key] = _laid_over(below.get(key), value)
        return merged
    if isinstance(below, list) and isinstance(above, list) and all(_identity(each) for each in [*below, *above]):
        items = {_identity(each): each for each in below}
        for each in above:
            if isinstance(each, _Removed):
                items.pop(str(each))
            else:
                items[each["id"]] = _laid_over(items.get(each["id"]), each)
        return list(items.values())
    return above


def _without_all(value: Any) -> Any:
    """Leave out what is said to be `all`: it is all where nothing is said."""
    if isinstance(value, dict):
        return {key: _without_all(each) for key, each in value.items() if each != "all"}
    return [_without_all(each) for each in value] if isinstance(value, list) else value


def _identity(item: Any) -> str:
    return str(item) if isinstance(item, _Removed) else item.get("id", "") if isinstance(item, dict) else ""


def _register(folder: Path, name: str, stated: Tree) -> Iterator[Tree]:
    """Rows of a table in a file: titles and running numbers left out, totals too."""
    known = {header: name for name, headers in HEADERS.items() for header in headers} if name == "households" else {}
    path = folder / stated["file"]
    if "sheet" in stated:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(stated["sheet"])
        lines = [[str(cell) for cell in line] for line in sheet.to_python()]
    else:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream))
    head = next((number for number, line in enumerate(lines) if sum(cell in known for cell in line) > 1), 0)
    names = [known.get(cell, None if known else cell) for cell in lines[head]]
    for line in lines[head + 1 :]:
        row: Tree = {name: cell for name, cell in zip(names, line, strict=True) if name and cell != ""}
        if row.get("id") == "合计":
            continue
        for each in LISTS:
            if each in row:
                row[each] = row[each].split(";")
        for each in TRUTHS:
            if each in row:
                row[each] = row[each] in ("是", "true", "yes")
        for each in WHOLE:
            if each in row:
                row[each] = int(row[each])
        yield row
