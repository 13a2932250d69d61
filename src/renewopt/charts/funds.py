"""Chart of the funds: inflow, uses and balance of each."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.labels import Locale, plain, short
from renewopt.charts.palette import DASHES, GREY, colours
from renewopt.charts.scales import Scale, Span, money_scale, span_of
from renewopt.vocabulary import colour_of

__all__ = ["FUNDS_SHOWN", "balances"]

FUNDS_SHOWN = 8
ROW = 175
"""Pixels of height for each fund."""


def balances(funds: pd.DataFrame, last: str, say: Locale) -> Chart:
    """What comes into each fund (above the line) and leaves it by use (below); then the balances of all.

    Parameters
    ----------
    funds
        Movements in order: columns ``month``, ``fund``, ``use``, ``amount`` (in +, out −), ``balance``; yuan.
    last
        Last month that is drawn, ``YYYY-MM``.
    say
        Language and names.
    """
    later = bool((funds["month"] > last).any())
    turnover = funds["amount"].abs().groupby(funds["fund"], sort=False).sum()
    largest = set(turnover.sort_values(ascending=False, kind="stable").index[:FUNDS_SHOWN])
    shown = [str(fund) for fund in turnover.index if fund in largest]
    funds = funds[(funds["month"] <= last) & funds["fund"].isin(shown)]
    span = span_of(funds["month"])
    flows = span.flow(funds, ["fund", "use"], ["amount"])
    keyed = funds.assign(month=span.key(funds["month"]))
    closing = keyed.drop_duplicates(["fund", "month"], keep="last")
    scale = money_scale(float(flows["amount"].abs().max()) if len(flows) else 0.0, say)
    names = {fund: plain(say.label("fund", fund)) for fund in shown}
    panels = len(shown) + 1
    figure = make_subplots(
        rows=panels,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=min(0.07, 0.35 / panels),
        subplot_titles=[*(short(name, 60) for name in names.values()), say("funds.balances")],
    )
    told: set[str] = set()
    for row, fund in enumerate(shown, start=1):
        _flows(figure, row, flows[flows["fund"] == fund], scale, span, say, told)
    shades = colours(shown)
    end = str(keyed["month"].max()) if len(keyed) else last
    for place, fund in enumerate(shown):
        rows = closing[closing["fund"] == fund]
        months, amounts = rows["month"].tolist(), scale.of(rows["balance"])
        if months and months[-1] < end:  # what is left stays
            months, amounts = [*months, end], [*amounts, amounts[-1]]
        figure.add_scatter(
            row=panels,
            col=1,
            x=months,
            y=amounts,
            mode="lines",
            line={"color": shades[fund], "width": 2.2, "shape": "hv", "dash": DASHES[place % len(DASHES)]},
            name=short(names[fund]),
            legend="legend2",
            hovertemplate="%{x}: %{y:,.4~g} " + scale.unit,
        )
    figure.update_annotations(font={"size": 13}, x=0.0, xanchor="left")
    height = ROW * panels + 120
    below = {**legend_above(), "y": -48 / (ROW * panels), "yanchor": "top", "font": {"size": 11}}
    dressed(
        figure,
        height=height,
        barmode="relative",
        legend={**legend_above(), "y": 1.0 + 40 / (ROW * panels), "tracegroupgap": 0},
        legend2=below,
        margin={"l": 8, "r": 36, "t": 40, "b": 8},
    )
    figure.update_xaxes(**time_axis(span.tick, keyed["month"]))
    figure.update_yaxes(tickformat=",~g", nticks=5, title={"text": scale.unit, "font": {"size": 11}})
    hidden = len(turnover) > len(shown)
    notes = [say("others.funds", shown=len(shown), count=len(turnover))] if hidden else []
    notes += [say("after", last=last, file="funds.csv")] if later else []
    unit = say("funds.unit", unit=say("per.year" if span.yearly else "per.month", unit=scale.unit), money=scale.unit)
    return Chart("funds", say("funds.title"), unit, say("source", file="funds.csv"), figure, " ".join(notes))


def _flows(
    figure: go.Figure, row: int, flows: pd.DataFrame, scale: Scale, span: Span, say: Locale, told: set[str]
) -> None:
    for use, rows in flows.groupby("use", sort=False):
        code = str(use)
        figure.add_bar(
            row=row,
            col=1,
            **span.bars(rows["month"]),
            y=scale.of(rows["amount"]),
            name=say.word("use", code),
            legendgroup=code,
            showlegend=code not in told,
            marker={"color": colour_of("use", code, GREY), "line": {"width": 0}},
            hovertemplate="%{x}: %{y:,.4~g} " + scale.unit,
        )
        told.add(code)
