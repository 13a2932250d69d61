"""Charts of the funds: what is left in all of them, and what comes and goes in each."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, plain, short
from renewopt.charts.palette import GREY, colours
from renewopt.charts.scales import Scale, Span, money_scale, span_of
from renewopt.vocabulary import colour_of

__all__ = ["FUNDS_SHOWN", "balances", "flows"]

FUNDS_SHOWN = 8
ROW = 175
"""Pixels of height for each fund."""


@dataclass(frozen=True)
class _Shown:
    """The funds that are drawn, those with most movement: their rows up to the last month, and what is left out."""

    funds: pd.DataFrame
    names: dict[str, str]
    span: Span
    note: str


def _shown(funds: pd.DataFrame, last: str, say: Locale) -> _Shown:
    turnover = funds["amount"].abs().groupby(funds["fund"], sort=False).sum()
    largest = set(turnover.sort_values(ascending=False, kind="stable").index[:FUNDS_SHOWN])
    shown = [str(fund) for fund in turnover.index if fund in largest]
    notes = [say("others.funds", shown=len(shown), count=len(turnover))] if len(turnover) > len(shown) else []
    notes += [say("after", last=last, file="funds.csv")] if (funds["month"] > last).any() else []
    rows = funds[(funds["month"] <= last) & funds["fund"].isin(shown)]
    names = {fund: plain(say.label("fund", fund)) for fund in shown}
    return _Shown(rows, names, span_of(rows["month"]), " ".join(notes))


def balances(funds: pd.DataFrame, last: str, say: Locale) -> Chart:
    """What is left in the funds at the close of each month, one upon the other: the top is all that there is.

    Parameters
    ----------
    funds
        Movements in order: columns ``month``, ``fund``, ``amount`` (in +, out −), ``balance``; yuan.
    last
        Last month that is drawn, ``YYYY-MM``.
    say
        Language and names.
    """
    shown = _shown(funds, last, say)
    keyed = shown.funds.assign(month=shown.span.key(shown.funds["month"]))
    closing = keyed.drop_duplicates(["fund", "month"], keep="last").pivot_table("balance", "month", "fund")
    # What is left stays, in months without a movement too.
    closing = closing.sort_index().ffill().fillna(0.0)
    scale = money_scale(float(closing.sum(axis=1).max()) if len(closing) else 0.0, say)
    months = pd.Series(closing.index, dtype=object)
    figure = Drawing()
    for fund, colour in colours(list(shown.names)).items():
        figure.add_bar(
            **shown.span.bars(months),
            y=scale.of(closing[fund]) if fund in closing else [0.0] * len(months),
            name=short(shown.names[fund]),
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate="%{x}: %{y:,.4~g} " + scale.unit,
        )
    dressed(
        figure,
        height=340,
        barmode="stack",
        legend={**legend_above(), "traceorder": "normal"},
        xaxis=time_axis(shown.span.tick, months),
        yaxis={"title": {"text": scale.unit}, "tickformat": ",~g", "rangemode": "tozero"},
    )
    year = ".year" if shown.span.yearly else ""
    unit = say(f"balances.unit{year}", unit=scale.unit)
    return Chart("balances", say("balances.title"), unit, say("source", file="funds.csv"), figure, shown.note)


def flows(funds: pd.DataFrame, last: str, say: Locale) -> Chart:
    """What comes into each fund (above the line) and leaves it by use (below).

    Parameters
    ----------
    funds
        Movements in order: columns ``month``, ``fund``, ``use``, ``amount`` (in +, out −); yuan.
    last
        Last month that is drawn, ``YYYY-MM``.
    say
        Language and names.
    """
    shown = _shown(funds, last, say)
    summed = shown.span.flow(shown.funds, ["fund", "use"], ["amount"])
    scale = money_scale(float(summed["amount"].abs().max()) if len(summed) else 0.0, say)
    panels = len(shown.names)
    titles = [short(name, 60) for name in shown.names.values()]
    figure = Drawing.panels(titles, spacing=min(0.07, 0.35 / panels), shared_xaxes=True)
    told: set[str] = set()
    for row, fund in enumerate(shown.names, start=1):
        _flows(figure, row, summed[summed["fund"] == fund], scale, shown.span, say, told)
    dressed(
        figure,
        height=ROW * panels + 120,
        barmode="relative",
        legend={**legend_above(), "y": 1.0 + 40 / (ROW * panels), "tracegroupgap": 0},
        margin={"l": 8, "r": 36, "t": 40, "b": 8},
    )
    figure.update_xaxes(**time_axis(shown.span.tick, shown.funds["month"]))
    figure.update_yaxes(tickformat=",~g", nticks=5, title={"text": scale.unit, "font": {"size": 11}})
    unit = say("funds.unit", unit=say("per.year" if shown.span.yearly else "per.month", unit=scale.unit))
    return Chart("funds", say("funds.title"), unit, say("source", file="funds.csv"), figure, shown.note)


def _flows(
    figure: Drawing, row: int, flows: pd.DataFrame, scale: Scale, span: Span, say: Locale, told: set[str]
) -> None:
    for use, rows in flows.groupby("use", sort=False):
        code = str(use)
        figure.add_bar(
            row=row,
            **span.bars(rows["month"]),
            y=scale.of(rows["amount"]),
            name=say.word("use", code),
            legendgroup=code,
            showlegend=code not in told,
            marker={"color": colour_of("use", code, GREY), "line": {"width": 0}},
            hovertemplate="%{x}: %{y:,.4~g} " + scale.unit,
        )
        told.add(code)
