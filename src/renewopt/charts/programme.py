"""Gantt of the programme: what starts when, until it is finished or its land cleared, and what is left out."""

from __future__ import annotations

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.construction import not_done
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, distinct, plain, short
from renewopt.charts.palette import colours, pale
from renewopt.charts.scales import DAY

__all__ = ["ITEMS_SHOWN", "starts"]

ITEMS_SHOWN = 80


def starts(programme: pd.DataFrame, start: str, say: Locale) -> Chart:
    """Draw projects and works as bars by kind: from the start to the finish, then pale until the land is cleared.

    Parameters
    ----------
    programme
        As the plan's table: ``item``, ``kind``, ``start``, ``finish``, ``cleared`` (months, empty where left out).
    start
        First month of the plan, in which rows of what is left out begin.
    say
        Language and names.
    """
    begun = programme[programme["start"] != ""]
    ordered = pd.concat(
        [begun.sort_values(["kind", "start"], kind="stable"), programme[programme["start"] == ""]]
    ).head(ITEMS_SHOWN)
    taken: set[str] = set()
    labels = [distinct(short(plain(say.label("item", str(item)))), taken) for item in ordered["item"]]
    ordered = ordered.assign(label=labels)
    figure = Drawing()
    colour_of = colours(list(dict.fromkeys(programme["kind"])))
    for kind, mine in ordered[ordered["start"] != ""].groupby("kind", sort=False):
        told = plain(say.word("work_kind", str(kind))) or say("starts.no_kind")
        _bars(figure, mine, told, "start", "finish", colour_of[str(kind)])
        clearing = mine[mine["cleared"] > mine["finish"]]
        if not clearing.empty:
            _bars(figure, clearing, say("starts.clearing", kind=told), "finish", "cleared", pale(colour_of[str(kind)]))
    idle = ordered.loc[ordered["start"] == "", "label"].tolist()
    not_done(figure, idle, start, say("starts.left_out"))
    months = [month for name in ("start", "finish", "cleared") for month in ordered[name] if month]
    dressed(
        figure,
        height=max(220, 24 * len(ordered) + 130),
        barmode="overlay",
        bargap=0.3,
        legend=legend_above(),
        xaxis={**time_axis("%Y-%m", [*months, *([start] if idle else [])]), "side": "bottom"},
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": labels[::-1], "dtick": 1},
    )
    more = len(programme) - len(ordered)
    note = say("starts.more", shown=ITEMS_SHOWN, count=len(programme)) if more else ""
    source = say("source.one", file="programme.csv")
    return Chart("programme", say("starts.title"), say("starts.unit"), source, figure, note)


def _bars(figure: Drawing, rows: pd.DataFrame, name: str, since: str, until: str, colour: str) -> None:
    """Bars from one month to another; what is finished in the month of its start is drawn over half of it."""
    days = (pd.to_datetime(rows[until]) - pd.to_datetime(rows[since])).dt.days.clip(lower=15)
    figure.add_bar(
        orientation="h",
        base=[f"{month}-01" for month in rows[since]],
        x=[float(number * DAY) for number in days],
        y=rows["label"].tolist(),
        customdata=[f"{first} – {last}" for first, last in zip(rows[since], rows[until], strict=True)],
        name=name,
        marker={"color": colour},
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
    )
