"""The page of prices: from their tables alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from renewopt.charts.chart import Chart
from renewopt.charts.labels import Language, Locale
from renewopt.charts.pricing import saved
from renewopt.results.pricing.telling import (
    differences_table,
    in_short,
    margin_table,
    resource_name,
    units_table,
)
from renewopt.results.reporting.page import page
from renewopt.wording import of_its_place

if TYPE_CHECKING:
    import pandas as pd

    from renewopt.results.pricing.record import PriceRecord

__all__ = ["price_report", "priced_section"]

SHOWN = 10
"""Prices in the report of a plan; the others are in their own tables."""


def priced_section(prices: PriceRecord, say: Locale) -> tuple[Chart | None, dict[str, Any]]:
    """What the report of a plan tells of its prices: a picture, sentences, and the tables that a director reads."""
    rows = prices.prices.head(SHOWN)
    shown = replace(prices, prices=rows)
    tables = [units_table(shown, say)] if len(rows) else []
    tables += [differences_table(prices, say)] if len(prices.differences) else []
    chart = saved(rows, _labels(prices, say, rows), say)
    if chart is not None:
        # The plan's folder has a prices.csv of its own, of its search.
        chart = replace(chart, source=say("pricing.source.plan"))
    return chart, {"told": in_short(prices, say), "tables": tables}


def _labels(prices: PriceRecord, say: Locale, table: pd.DataFrame) -> list[str]:
    rows = table.to_dict("records")
    return [" · ".join(filter(None, (resource_name(row, prices, say), str(row["month"])))) for row in rows]


@of_its_place
def price_report(prices: PriceRecord, lang: Language = "en") -> str:
    """Write the page of prices as one HTML file.

    Parameters
    ----------
    prices
    lang
        ``en`` or ``zh``.
    """
    say = Locale(lang, prices.names)
    rows = prices.prices.to_dict("records")
    tables = {
        "units": units_table(prices, say) if rows else None,
        "margin": margin_table(prices, say) if rows else None,
        "differences": differences_table(prices, say) if len(prices.differences) else None,
    }
    chart = saved(prices.prices, _labels(prices, say, prices.prices), say)
    shown = ["short", *(name for name, table in tables.items() if table is not None)]
    return page(
        "prices.html.j2",
        say,
        [] if chart is None else [chart],
        title=say("pricing.title", name=prices.name),
        subtitle=[
            say("diff.base") if prices.variant is None else say("diff.variant", variant=prices.variant),
            say.word("objective", prices.objective_name),
        ],
        told=in_short(prices, say),
        tables=tables,
        contents_of=[f"pricing.{name}" for name in shown],
    )
