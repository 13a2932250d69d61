"""Chart of prices: what one unit more of what is scarce would save, month by month."""

from __future__ import annotations

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
    dearest = dated.groupby(["kind", "id"], sort=False)["price_yuan"].max()
    panels = [kind for kind in PRICES if kind in dearest.index.get_level_values(0) and dearest[kind].max() > 0]
    if not panels:
        return None
    span = span_of(dated["month"])
    titles = [say(f"prices.{kind}") for kind in panels]
    figure = Drawing.panels(titles, spacing=0.25 / len(panels), shared_xaxes=True)
    for row, kind in enumerate(panels, start=1):
        names = dearest[kind].sort_values(ascending=False, kind="stable")
        # Room above the lines for the legend.
        figure.update_yaxes(row=row, range=[0, 1.5 * float(names.iloc[0])])
        for place, name in enumerate(names[names > 0].index[:LINES_SHOWN]):
            mine = dated[(dated["kind"] == kind) & (dated["id"] == name)]
            line = mine.assign(month=span.key(mine["month"])).groupby("month", as_index=False)["price_yuan"].mean()
            label = plain(say.label("fund", str(name)) if kind == "money" else str(name))
            figure.add_scatter(
                row=row,
                x=line["month"].tolist(),
                y=[float(f"{value:.6g}") for value in line["price_yuan"].tolist()],
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
