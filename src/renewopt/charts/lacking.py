"""Chart of the money that is missing, month by month."""

from __future__ import annotations

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale
from renewopt.charts.palette import GREY
from renewopt.charts.scales import money_scale, span_of
from renewopt.vocabulary import USES, colour_of

__all__ = ["missing_money"]


def missing_money(missing: pd.DataFrame, say: Locale, file: str = "plan.json") -> Chart | None:
    """Money that is missing by month, and what for; None where none is.

    Parameters
    ----------
    missing
        Columns ``month``, ``use``, ``amount``; yuan.
    say
        Language and names.
    file
        Of the plan's folder, in which it stands.
    """
    if missing.empty:
        return None
    span = span_of(missing["month"])
    flows = span.flow(missing, ["use"], ["amount"])
    scale = money_scale(float(flows.groupby("month")["amount"].sum().max()), say)
    figure = Drawing()
    for use in sorted(flows["use"].unique(), key=lambda use: (USES.index(use) if use in USES else len(USES), use)):
        mine = flows[flows["use"] == use]
        figure.add_bar(
            **span.bars(mine["month"]),
            y=scale.of(mine["amount"]),
            name=say.word("use", str(use)),
            marker={"color": colour_of("use", str(use), GREY), "line": {"width": 0}},
            hovertemplate="%{x}: %{y:,.4~g} " + scale.unit,
        )
    dressed(
        figure,
        height=300,
        barmode="stack",
        showlegend=True,
        legend=legend_above(),
        xaxis=time_axis(span.tick, missing["month"]),
        yaxis={
            "title": {"text": say("per.year" if span.yearly else "per.month", unit=scale.unit)},
            "rangemode": "tozero",
            "tickformat": ",~g",
        },
    )
    unit = say("missing.unit", unit=scale.unit)
    return Chart("missing", say("missing.title"), unit, say("source.one", file=file), figure)
