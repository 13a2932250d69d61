"""The tables of a scenario, column by column: households, quotes, fee curves.

A checked table is a DataFrame with exactly the columns of its specification, in that order; the types and the value
of an empty cell, by kind of column, are stated in :mod:`renewopt.scenario.models`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from renewopt.vocabulary import ROUTES, USES

__all__ = ["TABLES", "Column", "Kind"]

Kind = Literal["id", "text", "number", "count", "money", "share", "month", "months", "boolean", "ids", "terms"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how its cells are read, and what an empty cell means.

    Parameters
    ----------
    name : str
    kind : str
        How cells are read.
    required : bool
        Whether every row needs a value.
    default : float, optional
        Value of an empty cell, and of every row where the column is absent.
    minimum, maximum : float
        What is possible.
    likely : (float, float), optional
        Outside of this a value is possible but implausible: a warning.
    choices : tuple of str
        The only words allowed, if any.
    unique : bool
        Whether no two rows may hold the same value.
    headers : tuple of str
        Headers understood besides the name, Chinese and English.
    description : str
        What it means, with its unit.
    """

    name: str
    kind: Kind
    headers: tuple[str, ...] = ()
    required: bool = False
    default: float | None = None
    minimum: float = 0
    maximum: float = 1e12
    likely: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    unique: bool = False
    description: str = ""


def _table(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


HOUSEHOLDS = _table(
    # One row per household, or per cohort of `count` alike. Empty cells fall back on the project.
    Column(
        "id",
        "id",
        ("household", "户号", "户主编号", "被征收户", "编号", "家庭编号"),
        required=True,
        unique=True,
        description="the planner's own name or number for it",
    ),
    Column(
        "project", "id", ("项目", "项目编号", "所属项目", "征收项目"), required=True, description="id of its project"
    ),
    Column(
        "count",
        "count",
        ("households", "户数", "数量"),
        default=1,
        minimum=1,
        maximum=1e7,
        description="how many alike households the row stands for",
    ),
    Column(
        "area",
        "number",
        ("面积", "建筑面积", "征收面积", "被征收面积"),
        likely=(5, 2_000),
        description="m² given up, of one household",
    ),
    Column(
        "persons",
        "count",
        ("people", "人口", "人数", "家庭人口"),
        likely=(1, 20),
        maximum=1e4,
        description="people in one household",
    ),
    Column(
        "moved_out",
        "month",
        ("搬离月份", "搬迁月份", "腾空月份", "过渡开始", "过渡起始月", "搬离时间"),
        description="month of moving out; default: the project's",
    ),
    Column(
        "term",
        "months",
        ("约定期限", "过渡期限", "协议期限", "约定过渡期"),
        maximum=3000,
        likely=(0, 120),
        description="agreed months of transition; default: the project's or the fee policy's",
    ),
    Column(
        "term_class",
        "text",
        ("building_type", "建筑类型", "期限类别"),
        description="class of the fee policy's terms, such as low_rise; default: the project's",
    ),
    Column("fee_policy", "id", ("过渡费标准", "过渡费政策"), description="default: the project's"),
    Column("home_policy", "id", ("安置政策", "安置标准"), description="default: the project's"),
    Column(
        "turnover",
        "boolean",
        ("turnover_housing", "周转房", "是否周转房"),
        description="whether it lives in turnover housing",
    ),
    Column(
        "groups",
        "ids",
        ("group", "困难群体", "特殊群体", "人群"),
        description="groups for uplifts of the fee, such as disabled",
    ),
    Column("tags", "ids", ("tag", "标签"), description="for tiers, such as petition"),
    Column(
        "routes",
        "ids",
        ("route", "安置方式", "可选方式", "接受方式"),
        choices=ROUTES,
        description="routes that it accepts; default: the project's",
    ),
    Column(
        "estates",
        "ids",
        ("estate", "安置小区", "可选小区"),
        description="estates that it accepts; default: all that are open to it",
    ),
    Column(
        "asks_for",
        "ids",
        ("preference", "意向", "学区要求", "要求"),
        description="tags of which its estate must have one, such as a school",
    ),
    Column(
        "unit_types",
        "ids",
        ("unit_type", "户型", "可选户型"),
        description="types of homes that it accepts; default: all",
    ),
    Column(
        "homes",
        "count",
        ("homes_due", "应安置套数", "套数"),
        minimum=1,
        maximum=100,
        description="homes due to it; above 1 it is split into claims of equal area",
    ),
    Column("part_month", "month", ("部分交付月份", "首套交付月份"), description="month in which a part was delivered"),
    Column(
        "part_area",
        "number",
        ("部分交付面积", "已交付面积"),
        description="m² delivered then, by which the fee's area shrinks",
    ),
    Column(
        "weight",
        "number",
        ("urgency", "权重", "紧急程度"),
        maximum=1e6,
        description="urgency: its fees count so many times",
    ),
    Column(
        "deadline",
        "month",
        ("截止月份", "安置期限", "最迟安置月份"),
        description="month by which it is housed; default: the project's",
    ),
    Column(
        "indivisible", "boolean", ("不可拆分", "整体安置"), description="whether all of the row are settled together"
    ),
    Column(
        "entitlement",
        "number",
        ("应安置面积", "安置面积"),
        description="m² due to it, instead of what the home policy gives",
    ),
    Column(
        "obligation",
        "money",
        ("安置义务", "安置成本"),
        description="yuan in all that it still costs without a choice, instead of the project's yuan/m²",
    ),
)
"""``part_month`` and ``part_area``: a part was delivered then, by which the fee's area shrinks. ``homes`` above 1
splits the household into claims of equal area. ``obligation`` is yuan in all, instead of the project's yuan/m²."""

QUOTES = _table(
    # Offers given directly, which is how rules that renewopt does not know are plugged in.
    Column("household", "id", ("id", "户号", "被征收户"), required=True, description="id of the household"),
    Column("claim", "text", ("份额", "分项"), description="part of a household due several homes; empty: each of them"),
    Column("route", "id", ("安置方式",), required=True, choices=ROUTES, description="route of the offer"),
    Column("label", "text", ("名称", "方案"), description="what tables call it"),
    Column("price", "money", ("价格", "金额", "总价"), description="yuan in all"),
    Column(
        "price_by_month",
        "terms",
        ("分月价格", "按月价格"),
        description="price when chosen in that month, 2024-06:100;2024-07:90; in others it is not open",
    ),
    Column(
        "instalments",
        "terms",
        ("分期", "分期付款"),
        description="months after the choice and share or yuan, 0:30%;6:70%",
    ),
    Column("stock", "terms", ("房源", "占用房源"), description="homes that it takes, E1/90:1;E2/60:1"),
    Column("first", "month", ("起始月份", "可选起始月"), description="first month in which it may be chosen"),
    Column("last", "month", ("结束月份", "可选截止月"), description="last month in which it may be chosen"),
    Column(
        "housed_after",
        "months",
        ("入住等待月数", "入住月数"),
        maximum=3000,
        description="months from choice until housed",
    ),
    Column(
        "tail", "months", ("装修过渡月数", "延付月数"), maximum=3000, description="months of fee after being housed"
    ),
    Column("tail_multiplier", "number", ("延付倍数",), maximum=10, description="multiplier in the tail"),
    Column("stream", "text", ("过渡费序列",), description="yuan of fee in the month of choice and after, 100;100;50"),
    Column(
        "use", "id", ("用途", "资金用途"), choices=USES, description="use that the price is paid as; default: by route"
    ),
    Column("developer", "id", ("开发商", "房企"), description="whom the price is paid to"),
    Column("disutility", "number", ("不满意度",), description="of choosing it"),
)
"""``price_by_month``: ``2024-06:100;2024-07:90``, the price when chosen in that month (in others it is not open).
``instalments``: ``0:30%;6:70%``, or amounts in yuan, ``0:8;1:96``. ``stock``: ``E1/90:1;E2/60:1``. ``stream``:
``100;100;50``, yuan of fee in the month of choice and after. ``use``: of the price; by route if empty."""

FEE_CURVES = _table(
    # Fee curves given directly, as steps: from this month on, so many yuan a month (for one household).
    Column("household", "id", ("id", "户号", "被征收户"), required=True, description="id of the household"),
    Column(
        "claim", "text", ("份额", "分项"), description="part of a household due several homes; empty: divided over them"
    ),
    Column("from", "month", ("起始月份", "自"), description="month from which it holds; empty: from the beginning"),
    Column("fee", "money", ("过渡费", "月过渡费", "金额"), required=True, description="yuan a month for one household"),
    Column("overdue", "boolean", ("超期", "是否超期"), description="whether these months count as overdue"),
)

TABLES: dict[str, dict[str, Column]] = {"households": HOUSEHOLDS, "quotes": QUOTES, "fee_curves": FEE_CURVES}
"""Section of the scenario to its columns, by name."""
