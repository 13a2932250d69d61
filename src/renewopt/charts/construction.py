"""Gantt of phases: when money is paid, when they are handed over, and what they deliver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, distinct, plain, short
from renewopt.charts.palette import BLUE, GREEN, GREY, INK, ORANGE, pale
from renewopt.charts.scales import DAY, money_scale

__all__ = ["PHASES_SHOWN", "Delivery", "gantt", "not_done"]

PHASES_SHOWN = 40
MONTH: dict[str, Any] = {"xperiod": "M1", "xperiodalignment": "middle"}
"""A mark stands in the middle of its month."""


@dataclass(frozen=True)
class Delivery:
    """What a phase, or homes that arrive by themselves, bring.

    Attributes
    ----------
    estate
        Id.
    pools
        Amount (homes, m² or persons) by type of home.
    """

    estate: str
    pools: Mapping[str, float]


def gantt(
    construction: pd.DataFrame,
    deliveries: Mapping[str, Delivery],
    arrivals: Mapping[str, Mapping[str, float]],
    say: Locale,
    start: str = "",
) -> Chart:
    """Phases as bars: money paid, wait for handover, handover; those that are not built have a row that says so.

    Parameters
    ----------
    construction
        Columns ``month``, ``estate``, ``phase``, ``amount`` (yuan), ``handed_over``.
    deliveries
        By phase; may lack some.
    arrivals
        Estate: amount by month of homes that come without a payment.
    say
        Language and names.
    start
        First month, in which rows of phases that are not built begin; "" if there are none to be told.
    """
    spent = construction.groupby("phase", sort=False)["amount"].sum()
    shown = set(spent.sort_values(ascending=False, kind="stable").index[:PHASES_SHOWN])
    scale = money_scale(float(spent.max()) if len(spent) else 0.0, say)
    rows = [
        _row(str(phase), group, deliveries.get(str(phase)), scale.yuan, scale.unit, say)
        for phase, group in construction.groupby("phase", sort=False)
        if phase in shown
    ]
    rows.sort(key=lambda row: (row["estate"], row["end"] or "9999", row["label"]))
    figure = Drawing()
    order: list[str] = []
    taken: set[str] = set()
    for estate, months in list(arrivals.items())[:PHASES_SHOWN]:
        label = distinct(short(plain(say.label("estate", estate))), taken)
        order.append(label)
        figure.add_scatter(
            x=list(months),
            y=[label] * len(months),
            **MONTH,
            mode="markers+text",
            text=[f"{amount:,.10g}" for amount in months.values()],
            textposition="middle right",
            cliponaxis=False,
            marker={"symbol": "diamond", "size": 11, "color": ORANGE},
            name=say("gantt.arrival"),
            legendgroup="arrival",
            showlegend=len(order) == 1,
            hovertemplate="%{y}<br>%{x}: %{text}<extra></extra>",
        )
    for row in rows:
        row["label"] = distinct(row["label"], taken)
        order.append(row["label"])
    _bars(figure, rows, say)
    begun = set(construction["phase"])
    idle = {phase: delivery for phase, delivery in deliveries.items() if phase not in begun} if start else {}
    order += _not_built(figure, dict(list(idle.items())[:PHASES_SHOWN]), taken, start, say)
    dressed(
        figure,
        height=max(240, 30 * len(order) + 130),
        barmode="overlay",
        bargap=0.35,
        legend=legend_above(),
        xaxis={
            **time_axis(
                "%Y-%m",
                [
                    *construction["month"],
                    *(month for months in arrivals.values() for month in months),
                    *([start] if idle else []),
                ],
            ),
            "side": "bottom",
        },
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": order[::-1], "dtick": 1},
    )
    note = say("others.phases", shown=PHASES_SHOWN, count=len(spent)) if len(spent) > PHASES_SHOWN else ""
    source = say("source", file="construction.csv")
    return Chart("gantt", say("gantt.title"), say("gantt.unit"), source, figure, note)


def _row(
    phase: str, group: pd.DataFrame, delivery: Delivery | None, yuan: float, unit: str, say: Locale
) -> dict[str, Any]:
    paid = group[group["amount"] > 0]
    handed = group.loc[group["handed_over"] == "yes", "month"]
    end = str(handed.iloc[0]) if len(handed) else None
    estate = str(group["estate"].iloc[0])
    total, homes = "", ""
    if delivery is not None:
        amount = sum(delivery.pools.values())
        pools = say.joined(f"{kind} × {count:,.10g}" for kind, count in delivery.pools.items())
        total, homes = f"{amount:,.10g}", say("gantt.homes", count=f"{amount:,.10g}", pools=plain(pools))
    money = ""
    if len(paid):
        figure = f"{float(paid['amount'].sum()) / yuan:,.4g} {unit}"
        money = say("gantt.hover.spent", amount=figure, first=paid["month"].min(), last=paid["month"].max())
    name = phase if phase.startswith(estate) else f"{estate} {phase}"
    told = [plain(say.label("estate", estate)) + " · " + plain(phase), money, homes]
    if end is None:
        told.append(say("gantt.never"))
    return {
        "label": short(plain(name)) + (f" ({total})" if total else ""),
        "estate": estate,
        "first": str(paid["month"].min()) if len(paid) else None,
        "last": str(paid["month"].max()) if len(paid) else None,
        "end": end,
        "told": "<br>".join(part for part in told if part),
    }


def _not_built(figure: Drawing, idle: Mapping[str, Delivery], taken: set[str], start: str, say: Locale) -> list[str]:
    """Write a row for each phase that is not built; return the labels."""
    rows = []
    for phase, delivery in idle.items():
        name = phase if phase.startswith(delivery.estate) else f"{delivery.estate} {phase}"
        rows.append(distinct(f"{short(plain(name))} ({sum(delivery.pools.values()):,.10g})", taken))
    not_done(figure, rows, start, say("gantt.idle"))
    return rows


def not_done(
    figure: Drawing, rows: list[str], start: str, said: str, marks: list[str] | str = GREY, *, row: int = 0
) -> None:
    """Mark rows in the first month, with what is said of them: of what is not built, or not started."""
    if rows:
        figure.add_scatter(
            row=row,
            x=[start] * len(rows),
            y=rows,
            **MONTH,
            mode="markers+text",
            text=[said] * len(rows),
            textposition="middle right",
            textfont={"color": GREY},
            cliponaxis=False,
            marker={"symbol": "x-thin", "size": 9, "color": marks, "line": {"color": marks, "width": 2}},
            name=said,
            hovertemplate="%{y}: " + said + "<extra></extra>",
        )


def _bars(figure: Drawing, rows: list[dict[str, Any]], say: Locale) -> None:
    def milliseconds(first: str, last: str, *, whole: bool) -> float:
        until = pd.Timestamp(last) + pd.DateOffset(months=1 if whole else 0)
        return float((until - pd.Timestamp(first)).days * DAY)

    paid = [row for row in rows if row["first"]]
    figure.add_bar(
        orientation="h",
        base=[row["first"] for row in paid],
        x=[milliseconds(row["first"], row["last"], whole=True) for row in paid],
        y=[row["label"] for row in paid],
        customdata=[row["told"] for row in paid],
        name=say("gantt.paid"),
        marker={"color": BLUE},
        hovertemplate="%{customdata}<extra></extra>",
    )
    starts, waits = [], []
    for row in paid:
        start = (pd.Timestamp(row["last"]) + pd.DateOffset(months=1)).strftime("%Y-%m-%d")
        if row["end"] and f"{row['end']}-01" > start:
            starts.append(start)
            waits.append(row)
    lags = [milliseconds(start, row["end"], whole=False) for start, row in zip(starts, waits, strict=True)]
    figure.add_bar(
        orientation="h",
        base=starts,
        x=lags,
        y=[row["label"] for row in waits],
        customdata=[row["told"] for row in waits],
        name=say("gantt.lag"),
        marker={"color": pale(BLUE)},
        hovertemplate="%{customdata}<extra></extra>",
    )
    handed = [row for row in rows if row["end"]]
    figure.add_scatter(
        x=[row["end"] for row in handed],
        y=[row["label"] for row in handed],
        **MONTH,
        mode="markers",
        cliponaxis=False,
        customdata=[row["told"] for row in handed],
        name=say("gantt.handover"),
        marker={"symbol": "triangle-down", "size": 12, "color": GREEN, "line": {"color": INK, "width": 1}},
        hovertemplate="%{customdata}<br>%{x}<extra></extra>",
    )
