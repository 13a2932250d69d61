"""Chart of prices: what one unit more of what is scarce would save, month by month."""

from __future__ import annotations

from statistics import fmean

import pandas as pd

from renewopt.charts.chart import Chart, dressed, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, plain, short
from renewopt.charts.palette import DASHES, PROJECTS
from renewopt.charts.scales import span_of
from renewopt.vocabulary import PRICES

__all__ = ["LINES_SHOWN", "scarcity"]


LINES_SHOWN = 6
"""Ids of a kind that are drawn, those that are dearest somewhere."""


def scarcity(prices: pd.DataFrame, last: str, say: Locale) -> Chart | None:
    """Prices by month, a panel for each kind; None where nothing is scarce in any month.

    Parameters
    ----------
    prices
        Columns ``kind``, ``id``, ``month`` ("" for all months together), ``price_yuan``.
    last
        Last month that is drawn, ``YYYY-MM``.
    say
        Language and names.
    """
    if prices.empty:
        return None
    dated = prices[(prices["month"] != "") & (prices["month"] <= last) & prices["kind"].isin(PRICES)]
    span = span_of(dated["month"])
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    columns = (dated["kind"], dated["id"], span.key(dated["month"]), dated["price_yuan"])
    for kind, name, period, price in zip(*(column.tolist() for column in columns), strict=True):
        found.setdefault(kind, {}).setdefault(name, {}).setdefault(period, []).append(price)
    dearest = {
        kind: {name: max(map(max, by_period.values())) for name, by_period in names.items()}
        for kind, names in found.items()
    }
    panels = [kind for kind in PRICES if max(dearest.get(kind, {}).values(), default=0.0) > 0]
    if not panels:
        return None
    titles = [say(f"prices.{kind}") for kind in panels]
    figure = Drawing.panels(titles, spacing=0.25 / len(panels), shared_xaxes=True)
    for row, kind in enumerate(panels, start=1):
        names = sorted(dearest[kind], key=lambda name: -dearest[kind][name])
        # Room above the lines for the legend.
        figure.update_yaxes(row=row, range=[0, 1.5 * dearest[kind][names[0]]])
        for place, name in enumerate([name for name in names if dearest[kind][name] > 0][:LINES_SHOWN]):
            line = sorted(found[kind][name].items())
            label = plain(say.label("fund", str(name)) if kind == "money" else str(name))
            figure.add_scatter(
                row=row,
                x=[period for period, _ in line],
                y=[float(f"{fmean(values):.6g}") for _, values in line],
                mode="lines",
                line={"color": PROJECTS[place], "dash": DASHES[place % len(DASHES)], "shape": "hv", "width": 2},
                name=short(label),
                legend="legend" if row == 1 else f"legend{row}",
                hovertemplate="%{x}: %{y:,.4~g} " + say("unit.yuan"),
            )
    legends = {}
    for row in range(1, len(panels) + 1):
        top = figure.layout["yaxis" if row == 1 else f"yaxis{row}"]["domain"][1]
        legends["legend" if row == 1 else f"legend{row}"] = {
            "orientation": "h",
            "x": 1.0,
            "xanchor": "right",
            "y": top,
            "yanchor": "top",
            "bgcolor": "rgba(255,255,255,0.8)",
            "font": {"size": 11},
        }
    dressed(
        figure, height=210 * len(panels) + 60, margin={"l": 8, "r": 36, "t": 30, "b": 8}, showlegend=True, **legends
    )
    figure.update_xaxes(**time_axis(span.tick, dated["month"]))
    figure.update_yaxes(tickformat=",~g", title={"text": say("unit.yuan"), "font": {"size": 11}})
    return Chart("prices", say("prices.title"), say("prices.unit"), say("source.prices"), figure, say("prices.note"))
