"""Prices in sentences and tables, for the terminal and the page."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from renewopt.charts.labels import Locale
from renewopt.charts.scales import Scale, money_scale
from renewopt.results.aligning import align
from renewopt.results.reporting.page import Table
from renewopt.results.summary import percent
from renewopt.vocabulary import CountedIn, Scarce
from renewopt.wording import Language, of_its_place, visible
from renewopt.wording.amounts import yuan

if TYPE_CHECKING:
    from renewopt.results.pricing.record import PriceRecord

__all__ = ["differences_table", "in_short", "margin_table", "resource_name", "summarise", "units_table"]

FIRST = 3
"""Prices that are told in sentences."""
YUAN_PER_UNIT = 1e6
"""Of money and debt."""
Row = Mapping[Hashable, Any]


@of_its_place
def summarise(prices: PriceRecord, lang: Language) -> str:
    """Tell prices in plain text, the same on a terminal, in a pipe and in a notebook."""
    say = Locale(lang, prices.names)
    blocks = [[say("pricing.title", name=prices.name)], in_short(prices, say)]
    for key, rows, make in (
        ("units", prices.prices, units_table),
        ("margin", prices.prices, margin_table),
        ("differences", prices.differences, differences_table),
    ):
        if len(rows):
            table = make(prices, say)
            told = align(table.head, table.rows, numbers=table.numbers)
            blocks.append([say(f"head.pricing.{key}"), f"  {table.caption}", *told])
    return visible("\n\n".join("\n".join(block) for block in blocks))


def in_short(prices: PriceRecord, say: Locale) -> list[str]:
    """What a director should know, a sentence each."""
    objective = say.word("objective", prices.objective_name)
    reached = yuan(say.lang, prices.objective or 0.0)
    if prices.bound is None or prices.gap is None:
        told = [say("pricing.plan.unproven", objective=objective, reached=reached)]
    else:
        bound = yuan(say.lang, prices.bound)
        told = [say("pricing.plan", objective=objective, reached=reached, bound=bound, gap=percent(prices.gap))]
    told.append(say("pricing.relaxation", value=yuan(say.lang, prices.relaxation)))
    if prices.classes is not None:
        told.append(say("pricing.classes", classes=f"{prices.classes:,}", choices=f"{prices.choices:,}"))
    if not len(prices.prices):
        return [*told, say("pricing.none")]
    for row in prices.prices.head(FIRST).to_dict("records"):
        amount = yuan(say.lang, _unit(row, "more"))
        key = "pricing.saves" if row["month"] else "pricing.saves.always"
        what = resource_name(row, prices, say)
        if say.lang == "en":
            what = what[:1].upper() + what[1:]
        told.append(say(key, what=what, month=row["month"], amount=amount))
    return told


def resource_name(row: Row, prices: PriceRecord, say: Locale) -> str:
    """What a unit of a resource is, and of which fund, pool, limit or developer."""
    kind, name = str(row["kind"]), str(row["id"])
    if kind in (Scarce.MONEY, Scarce.DEBT):
        return say(f"pricing.what.{kind}", id=say.label("fund" if kind == Scarce.MONEY else "developer", name))
    if kind == Scarce.LIMIT:
        return say("pricing.what.limit.monthly" if prices.monthly.get(name) else "pricing.what.limit", id=name)
    return say("pricing.what.transfer" if kind == Scarce.TRANSFER else f"pricing.what.{_measure(row, prices)}", id=name)


def units_table(prices: PriceRecord, say: Locale) -> Table:
    """What one unit more saves and one less costs, and what the plan for whole households makes of it."""
    rows = prices.prices.to_dict("records")
    whole = any(row["whole_status"] for row in rows)
    amounts = [_unit(row, side) for row in rows for side in ("more", "less")]
    scale = _scale([*amounts, *(row["whole"] for row in rows)], say)
    told = []
    for row in rows:
        cells = [
            resource_name(row, prices, say),
            str(row["month"]),
            _money(_unit(row, "more"), scale),
            _less(row, scale, say),
        ]
        told.append([*cells, *(_whole(row, scale, say) if whole else [])])
    names = ("what", "month", "saves", "costs", *(("whole", "proven", "search") if whole else ()))
    head = [say(f"pricing.column.{name}") for name in names]
    return Table(say("pricing.units.caption", unit=scale.unit), head, told, range(2, len(head)))


def _less(row: Row, scale: Scale, say: Locale) -> str:
    unit = row["less_unit"]
    if not math.isnan(unit):
        return _money(unit, scale)
    return "–" if math.isnan(row["less_impossible"]) else say("pricing.no_plan")


def _whole(row: Row, scale: Scale, say: Locale) -> list[str]:
    if not row["whole_status"]:
        return ["", "", ""]
    seconds = f"{row['whole_seconds']:,.0f}"
    if math.isnan(row["whole"]):
        return ["–", "–", say("pricing.searched", gap="–", seconds=seconds)]
    least, most = row["whole_least"], row["whole_most"]
    proven = "–"
    if not math.isnan(least) and not math.isnan(most):
        low, high = _money(least, scale), _money(most, scale)
        proven = low if low == high else say("pricing.within", least=low, most=high)
    gap = "–" if math.isnan(row["whole_gap"]) else percent(row["whole_gap"])
    return [_money(row["whole"], scale), proven, say("pricing.searched", gap=gap, seconds=seconds)]


def margin_table(prices: PriceRecord, say: Locale) -> Table:
    """Prices to both sides, and how far each of them holds."""
    rows = prices.prices.to_dict("records")
    scale = _scale([row[f"{side}_price"] for row in rows for side in ("more", "less")], say)
    told = [
        [
            resource_name(row, prices, say),
            str(row["month"]),
            *(cell for side in ("more", "less") for cell in _margin(row, side, prices, scale, say)),
        ]
        for row in rows
    ]
    names = ("what", "month", "more", "upto", "less", "upto")
    head = [say(f"pricing.column.{name}") for name in names]
    return Table(say("pricing.margin.caption", unit=scale.unit), head, told, range(2, len(head)))


def _margin(row: Row, side: str, prices: PriceRecord, scale: Scale, say: Locale) -> list[str]:
    price, reach = row[f"{side}_price"], row[f"{side}_holds_for"]
    if math.isnan(price):
        return ["–" if math.isnan(row[f"{side}_impossible"]) else say("pricing.no_plan"), ""]
    if not reach:
        return [_money(price, scale), say("pricing.point")]
    amount = _amount(row, reach, prices, say)
    return [_money(price, scale), amount if row[f"{side}_ends"] == "yes" else say("pricing.at_least", amount=amount)]


def _amount(row: Row, units: float, prices: PriceRecord, say: Locale) -> str:
    kind = str(row["kind"])
    if kind in (Scarce.MONEY, Scarce.DEBT):
        return yuan(say.lang, units * YUAN_PER_UNIT)
    what = "households" if kind == Scarce.LIMIT else _measure(row, prices)
    return say(f"pricing.{what}", count=f"{units:,.4g}")


def differences_table(prices: PriceRecord, say: Locale) -> Table:
    """Changes that come whole or not at all."""
    rows = prices.differences.to_dict("records")
    scale = _scale([row["saved"] for row in rows], say)
    told = [
        [_change(row, say), say("pricing.no_plan") if math.isnan(row["saved"]) else _money(row["saved"], scale)]
        for row in rows
    ]
    head = [say("pricing.column.difference"), say("pricing.column.saved")]
    return Table(say("pricing.differences.caption", unit=scale.unit), head, told, range(1, 2))


def _change(row: Row, say: Locale) -> str:
    kind, name = str(row["kind"]), str(row["id"])
    if kind == "permitted":
        return say("pricing.permitted", id=say.label("fund", name), use=say.word("use", str(row["use"])))
    if kind == "term":
        return say("pricing.term", id=name)
    if kind == "sooner":
        return say("pricing.sooner", id=say.label("phase", name))
    if kind in ("opens", "stays"):
        return say(f"pricing.{kind}", id=say.label(str(row["use"]), name))
    return say(f"pricing.{kind}", id=say.label("project", name))


def _measure(row: Row, prices: PriceRecord) -> str:
    return prices.measures.get(str(row["id"]), CountedIn.HOMES)


def _unit(row: Row, side: str) -> float:
    """Yuan for one unit: as solved for, else at the price."""
    unit = float(row[f"{side}_unit"])
    return float(row[f"{side}_price"]) if math.isnan(unit) else unit


def _scale(amounts: Iterable[float], say: Locale) -> Scale:
    return money_scale(max((abs(amount) for amount in amounts if not math.isnan(amount)), default=0.0), say)


def _money(amount: float, scale: Scale) -> str:
    written = f"{amount / scale.yuan:,.2f}" if scale.yuan > 1 else f"{amount:,.0f}"
    return "0" if not any(digit in written for digit in "123456789") else written.replace("-", "−")
