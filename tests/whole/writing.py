"""Random scenarios as files: YAML, and often a register of households beside it, as offices keep it."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter
from ruamel.yaml import YAML
from tests.whole.stating import Draw, Tree
from tests.whole.turns import add_turns
from tests.whole.ways import as_variant, in_pounds, say_defaults, without_effect

Line = list[str]
SHEET = "登记表"
"""Sheet of a workbook that holds a register."""

HEADERS = {
    "id": ("id", "户号", "编号"),
    "project": ("project", "项目", "所属项目"),
    "count": ("count", "户数"),
    "area": ("area", "面积", "被征收面积（㎡）", "area (m²)"),
    "persons": ("persons", "人口"),
    "moved_out": ("moved_out", "搬离月份", "搬离时间"),
    "moved_out_day": ("moved_out_day", "搬离日"),
    "ends": ("ends", "终止月份"),
    "split_from": ("split_from", "原户号"),
    "prepaid": ("prepaid", "预付余额"),
    "term": ("term", "约定期限"),
    "term_class": ("term_class", "建筑类型"),
    "fee_policy": ("fee_policy", "过渡费标准"),
    "home_policy": ("home_policy", "安置政策"),
    "turnover": ("turnover", "周转房"),
    "groups": ("groups", "困难群体"),
    "tags": ("tags", "标签"),
    "routes": ("routes", "安置方式"),
    "estates": ("estates", "安置小区"),
    "asks_for": ("asks_for", "意向"),
    "unit_types": ("unit_types", "户型"),
    "homes": ("homes", "套数"),
    "part_month": ("part_month", "部分交付月份"),
    "part_area": ("part_area", "部分交付面积"),
    "weight": ("weight", "权重"),
    "deadline": ("deadline", "截止月份"),
    "indivisible": ("indivisible", "不可拆分"),
    "related": ("related", "亲属组"),
    "entitlement": ("entitlement", "应安置面积"),
    "obligation": ("obligation", "安置义务"),
    "pays_up_to": ("pays_up_to", "自愿缴款上限"),
    "consent_share": ("consent_share", "同意比例"),
}
"""Headers under which a register may show each column."""


def stated(seed: int, *, relatives: bool = False) -> tuple[Tree, bool]:
    """Draw a scenario; and whether its households are to stand in a register of their own.

    `relatives`: with several estates, and related households wherever there are any that can be.
    """
    draw = Draw(Random(f"whole {seed}"), several=relatives)
    tree, register = draw.scenario(), draw.random.random() < 0.5
    # Streams of their own, so that all else is drawn as without what they add.
    draw.random = Random(f"further {seed}")
    draw.further(tree)
    _relate(Random(f"related {seed}"), tree["households"], always=relatives)
    draw.random = Random(f"{seed} more")
    add_turns(draw, tree)
    return tree, register


def _relate(random: Random, rows: list[Tree], *, always: bool) -> None:
    """Let some households ask for homes in one estate."""
    able = [row for row in rows if row.get("count", 1) == 1 or row.get("indivisible")]
    if len(able) > 1 and (always or random.random() < 0.4):
        for row in random.sample(able, k=random.choice([2, 2, len(able)])):
            row["related"] = "亲"


def write(seed: int, folder: Path, *, relatives: bool = False) -> Path:
    """Write the scenario of a seed into a folder; return its file."""
    tree, tables = written(seed, relatives=relatives)
    for name, lines in tables.items():
        if name.endswith(".csv"):
            with (folder / name).open("w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream).writerows(lines)
        else:
            with xlsxwriter.Workbook(folder / name) as book:
                book.add_worksheet("说明").write_string(0, 0, "登记说明")
                sheet = book.add_worksheet(SHEET)
                for row, line in enumerate(lines):
                    for column, cell in enumerate(line):
                        sheet.write_string(row, column, cell) if cell else None
    path = folder / "scenario.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML().dump(tree, stream)
    return path


def written(seed: int, *, relatives: bool = False) -> tuple[Tree, dict[str, list[Line]]]:
    """Tree of the file that states a seed's scenario, and the lines of the tables beside it by file."""
    tree, register = stated(seed, relatives=relatives)
    random = Random(f"{seed} written")
    if random.random() < 0.15:
        tree = in_pounds(random, tree)
    tables: dict[str, list[Line]] = {}
    if register:
        lines, head = _register(Random(f"register {seed}"), tree["households"])
        name = random.choice(["households.csv"] * 4 + ["households.xlsx"])
        tables[name] = lines
        tree["households"] = {"file": name} | ({"sheet": SHEET} if name.endswith(".xlsx") else {})
        if random.random() < 0.3:
            tree["households"]["header_row"] = head
    for name in ("quotes", "fee_parts", "fee_curves"):
        if name in tree and random.random() < 0.3:
            columns = list(dict.fromkeys(key for row in tree[name] for key in row))
            tables[f"{name}.csv"] = [columns, *_lines(random, tree[name], columns)]
            tree[name] = {"file": f"{name}.csv"}
    say_defaults(random, tree)
    if random.random() < 0.2:
        as_variant(random, tree)
    if random.random() < 0.2:
        tree.update(without_effect(random))
    return tree, tables


def _register(random: Random, rows: list[Tree]) -> tuple[list[Line], int]:
    """A register with a title now and then, a running number, headers in either language and a row of totals.

    Also the row in which its headers stand.
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    headers = [random.choice(HEADERS[name]) for name in columns]
    lines = _lines(random, rows, columns)
    if random.random() < 0.3:
        headers.insert(0, "序号")
        lines = [[str(number), *line] for number, line in enumerate(lines, 1)]
    if random.random() < 0.3 and "area" in columns:
        total = [""] * len(headers)
        total[headers.index(next(h for h in headers if h in HEADERS["id"]))] = "合计"
        total[headers.index(next(h for h in headers if h in HEADERS["area"]))] = str(
            sum(float(row["area"]) for row in rows if "area" in row)
        )
        lines.append(total)
    if random.random() < 0.2:
        return [["某区待安置户登记表"] + [""] * (len(headers) - 1), headers, *lines], 2
    return [headers, *lines], 1


def _lines(random: Random, rows: list[Tree], columns: list[str]) -> list[Line]:
    return [["" if row.get(name) is None else _cell(random, row[name]) for name in columns] for row in rows]


def _cell(random: Random, value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, bool):
        return random.choice(("是", "true", "yes") if value else ("否", "false", "no"))
    return str(value)
