"""Chart of a price list: what one unit more saves, in the relaxation and for whole households."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, distinct, plain, short
from renewopt.charts.palette import BLUE, INK, VERMILION
from renewopt.charts.scales import money_scale

__all__ = ["saved"]

LONGEST = 44
"""Letters of a label."""


def saved(table: pd.DataFrame, labels: Sequence[str], say: Locale) -> Chart | None:
    """Bars of what one unit more saves, with the figure for whole households and what is proven of it beside.

    Parameters
    ----------
    table
        Columns ``more_price``, ``more_unit``, ``whole``, ``whole_least``, ``whole_most``; yuan.
    labels
        What each row is about.
    say
        Language and names.
    """
    if table.empty:
        return None
    unit = table["more_unit"].fillna(table["more_price"])
    found = table[["whole", "whole_least", "whole_most"]]
    scale = money_scale(max(float(unit.max()), float(np.nan_to_num(found.to_numpy(), nan=0.0).max())), say)
    taken: set[str] = set()
    names = [distinct(short(plain(label), LONGEST), taken) for label in labels]
    figure = Drawing()
    figure.add_bar(
        orientation="h",
        y=names,
        x=[float(f"{amount / scale.yuan:.6g}") for amount in unit],
        marker={"color": BLUE},
        name=say("pricing.chart.relaxation"),
        hovertemplate=f"%{{y}}: %{{x:,.4~g}} {scale.unit}<extra></extra>",
    )
    whole = found["whole"].notna()
    if whole.any():
        shown = found[whole] / scale.yuan
        figure.add_scatter(
            mode="markers",
            y=[name for name, kept in zip(names, whole, strict=True) if kept],
            x=shown["whole"].tolist(),
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (shown["whole_most"] - shown["whole"]).fillna(0.0).tolist(),
                "arrayminus": (shown["whole"] - shown["whole_least"]).fillna(0.0).tolist(),
                "color": INK,
            },
            marker={"color": VERMILION, "symbol": "diamond", "size": 10},
            name=say("pricing.chart.whole"),
            hovertemplate=f"%{{y}}: %{{x:,.4~g}} {scale.unit}<extra></extra>",
        )
    dressed(figure, height=max(240, 30 * len(names) + 110), bargap=0.35, showlegend=True, legend=legend_above())
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(tickformat=",~g", nticks=6)
    note = say("pricing.chart.note")
    unit_told = say("pricing.chart.unit", unit=scale.unit)
    return Chart("saved", say("pricing.chart"), unit_told, say("pricing.source", file="prices.csv"), figure, note)
