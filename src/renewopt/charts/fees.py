"""Chart of the fee bill, against what waiting for construction would cost."""

from __future__ import annotations

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale
from renewopt.charts.palette import INK, SKY, VERMILION
from renewopt.charts.scales import money_scale, span_of

__all__ = ["bill"]


def bill(fees: pd.DataFrame, baseline: pd.DataFrame, last: str, say: Locale) -> Chart:
    """Ordinary and overdue fees by month, and those that would accrue if everybody waited for the own estate.

    Parameters
    ----------
    fees
        Columns ``month``, ``ordinary``, ``overdue``; yuan.
    baseline
        The same of the simulation in which everybody waits; no rows where it was not reckoned.
    last
        Last month that is drawn, ``YYYY-MM``; what accrues later is told in the note.
    say
        Language and names.
    """
    kinds = ["ordinary", "overdue"]
    note = say("bill.note")
    later = [float(table.loc[table["month"] > last, kinds].sum().sum()) for table in (fees, baseline)]
    if any(later):
        told = money_scale(max(later), say)
        ours_later, theirs_later = (f"{amount / told.yuan:,.4g} {told.unit}" for amount in later)
        note = say("bill.later", last=last, ours=ours_later, theirs=theirs_later) + " " + note
    fees, baseline = fees[fees["month"] <= last], baseline[baseline["month"] <= last]
    span = span_of(fees["month"])
    ours, theirs = span.flow(fees, [], kinds), span.flow(baseline, [], kinds)
    waited = theirs["ordinary"] + theirs["overdue"]
    largest = max(float((ours["ordinary"] + ours["overdue"]).max()), float(waited.max()) if len(waited) else 0.0)
    scale = money_scale(largest, say)
    figure = Drawing()
    for kind, colour in zip(kinds, (SKY, VERMILION), strict=True):
        figure.add_bar(
            **span.bars(ours["month"]),
            y=scale.of(ours[kind]),
            name=say(f"bill.{kind}"),
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate="%{x}: %{y:,.4~g} " + scale.unit,
        )
    if len(theirs):
        figure.add_scatter(
            **span.steps(theirs["month"], scale.of(waited)),
            mode="lines",
            name=say("bill.waiting"),
            line={"color": INK, "width": 2.5, "shape": "hv"},
            hovertemplate="%{x}: %{y:,.4~g} " + scale.unit,
        )
    per = say("per.year" if span.yearly else "per.month", unit=scale.unit)
    dressed(
        figure,
        height=380,
        barmode="stack",
        legend={**legend_above(), "traceorder": "normal"},
        xaxis=time_axis(span.tick, fees["month"]),
        yaxis={"title": {"text": per}, "rangemode": "tozero", "tickformat": ",~g"},
    )
    year = ".year" if span.yearly else ""
    return Chart(
        "fees",
        say(f"bill.title{year}"),
        say(f"bill.unit{year}", unit=scale.unit),
        say("source.two", file="fees.csv", other="baseline.csv"),
        figure,
        note,
    )
