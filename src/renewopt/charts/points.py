"""Charts of many plans of one district: what each comes to, when it is clear, which phases it builds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, distinct, plain, short
from renewopt.charts.palette import BLUE, DASHES, GREY, INK, PROJECTS
from renewopt.charts.scales import money_scale
from renewopt.vocabulary import ROUTES, TERMS

__all__ = ["LINES_SHOWN", "PHASES_SHOWN", "Horizontal", "Line", "amounts", "built", "months", "taken"]

LINES_SHOWN = 6
PHASES_SHOWN = 40
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")


@dataclass(frozen=True)
class Horizontal:
    """The axis that points are drawn along.

    Attributes
    ----------
    kind
        ``number``, ``month`` (calendar months ``YYYY-MM``) or ``name``.
    title
        Its name, with the unit.
    """

    kind: str
    title: str

    def axis(self, shown: Sequence[float | str]) -> dict[str, object]:
        """As plotly takes it."""
        title = {"text": plain(self.title), "font": {"size": 12}}
        if self.kind == "number":
            ends = [float(value) for value in shown]
            room = 0.04 * (max(ends) - min(ends)) or 1.0
            return {
                "title": title,
                "nticks": 9,
                "tickformat": ",~g",
                "range": [min(ends) - room, max(ends) + room],
            }
        if self.kind == "month":
            return {"title": title, "type": "date", "tickformat": "%Y-%m", "nticks": 9}
        return {
            "title": title, "type": "category", "categoryorder": "array", "dtick": 1,
            "categoryarray": [plain(str(value)) for value in shown],
        }  # fmt: skip

    def at(self, values: Sequence[float | str]) -> list[float | str]:
        """Places on the axis."""
        return [value if self.kind == "number" else plain(str(value)) for value in values]


@dataclass(frozen=True)
class Line:
    """Points that belong together.

    Attributes
    ----------
    label
        "" where there is one line alone.
    points
        Columns ``x``, ``told`` (what a point is called) and those that are drawn.
    """

    label: str
    points: pd.DataFrame


def amounts(
    key: str, lines: Sequence[Line], x: Horizontal, say: Locale, *, title: str, source: str, unit: str = "points.unit"
) -> Chart:
    """Money against a value: what a plan comes to, and down to where no plan can come.

    Parameters
    ----------
    lines
        Columns ``value`` and ``bound`` in yuan; NaN where there is no plan, or nothing is proven.
    """
    shown = [Line(line.label, line.points[line.points["value"].notna()]) for line in lines[:LINES_SHOWN]]
    largest = max((float(line.points["value"].abs().max()) for line in shown if len(line.points)), default=0.0)
    scale = money_scale(largest, say)
    figure = Drawing()
    for place, line in enumerate(shown):
        below = (line.points["value"] - line.points["bound"]).clip(lower=0.0).fillna(0.0)
        figure.add_scatter(
            x=x.at(line.points["x"].tolist()),
            y=scale.of(line.points["value"]),
            mode="lines+markers",
            name=short(plain(line.label), 40) if line.label else say("points.plan"),
            line={"color": PROJECTS[place], "dash": DASHES[place % len(DASHES)], "width": 2},
            marker={"size": 8, "symbol": SYMBOLS[place % len(SYMBOLS)]},
            error_y={
                "type": "data", "symmetric": False, "array": [0.0] * len(below), "arrayminus": scale.of(below),
                "color": GREY, "thickness": 1.5, "width": 5,
            },
            customdata=[plain(str(told)) for told in line.points["told"]],
            hovertemplate=f"%{{customdata}}<br>%{{y:,.6~g}} {scale.unit}<extra></extra>",
        )  # fmt: skip
    dressed(
        figure,
        height=360,
        legend=legend_above(),
        showlegend=len(shown) > 1,
        xaxis=x.axis([value for line in lines for value in line.points["x"]]),
        yaxis={"title": {"text": scale.unit}, "tickformat": ",~g"},
    )
    return Chart(key, title, say(unit, unit=scale.unit), source, figure, _hidden(len(lines), say))


def months(lines: Sequence[Line], x: Horizontal, say: Locale, *, source: str) -> Chart | None:
    """The first month in which nobody is overdue, and the one by which all are housed; None where there is neither.

    Parameters
    ----------
    lines
        Columns ``clear`` and ``settled``: months, "" for never.
    """
    figure = Drawing()
    drawn: list[str] = []
    for place, line in enumerate(lines[:LINES_SHOWN]):
        for column, dash, symbol in (("clear", "solid", "circle"), ("settled", "dot", "circle-open")):
            rows = line.points[line.points[column] != ""]
            if rows.empty:
                continue
            drawn += rows[column].tolist()
            name = say(f"points.month.{column}")
            figure.add_scatter(
                x=x.at(rows["x"].tolist()),
                y=[f"{month}-01" for month in rows[column]],
                mode="lines+markers",
                name=f"{short(plain(line.label), 40)}, {name}" if line.label else name,
                line={"color": PROJECTS[place], "dash": dash, "width": 2},
                marker={"size": 8, "symbol": symbol},
                customdata=[plain(str(told)) for told in rows["told"]],
                hovertemplate="%{customdata}<br>%{y|%Y-%m}<extra></extra>",
            )
    if not drawn:
        return None
    dressed(
        figure,
        height=330,
        legend=legend_above(),
        showlegend=True,
        xaxis=x.axis([value for line in lines for value in line.points["x"]]),
        yaxis=time_axis("%Y-%m", drawn),
    )
    return Chart(
        "months", say("points.chart.months"), say("points.chart.months.unit"), source, figure, _hidden(len(lines), say)
    )


def built(phases: pd.DataFrame, order: Sequence[str], x: Horizontal, say: Locale, *, source: str) -> Chart | None:
    """Which phases are handed over in which points; None where there are no phases.

    Parameters
    ----------
    phases
        Columns ``x`` (what the point is called), ``phase``, ``completed`` (month, "" for never).
    order
        What the points are called, in order.
    """
    names = list(dict.fromkeys(phases["phase"]))
    if not names:
        return None
    taken: set[str] = set()
    label = {name: distinct(short(plain(say.label("phase", str(name)))), taken) for name in names[:PHASES_SHOWN]}
    shown = phases[phases["phase"].isin(label)]
    figure = Drawing()
    for there, marker in (
        (True, {"symbol": "square", "size": 13, "color": BLUE}),
        (False, {"symbol": "x-thin", "size": 9, "line": {"width": 2, "color": INK}}),
    ):
        rows = shown[(shown["completed"] != "") == there]
        if rows.empty:
            continue
        figure.add_scatter(
            x=[plain(str(value)) for value in rows["x"]],
            y=[label[name] for name in rows["phase"]],
            mode="markers",
            name=say("points.built" if there else "points.not_built"),
            marker=marker,
            cliponaxis=False,
            customdata=[month or say("points.never") for month in rows["completed"]],
            hovertemplate="%{x}<br>%{y}: %{customdata}<extra></extra>",
        )
    dressed(
        figure,
        height=max(220, 26 * len(label) + 120),
        legend=legend_above(),
        showlegend=True,
        xaxis=Horizontal("name", x.title).axis(order),
        yaxis={
            "type": "category", "categoryorder": "array", "categoryarray": list(label.values())[::-1], "dtick": 1,
            "ticksuffix": " ",
        },
    )  # fmt: skip
    hidden = len(names) - len(label)
    note = say("points.chart.phases.more", count=hidden) if hidden else ""
    return Chart("phases", say("points.chart.phases"), say("points.chart.phases.unit"), source, figure, note)


def _hidden(lines: int, say: Locale) -> str:
    return say("points.chart.more", count=lines - LINES_SHOWN) if lines > LINES_SHOWN else ""


def taken(routes: pd.DataFrame, names: Mapping[int, str], say: Locale, *, source: str) -> Chart | None:
    """Households by route in each plan; None where nobody takes any.

    Parameters
    ----------
    routes
        Columns ``point``, ``route``, ``households``.
    names
        What the plans are called, in order.
    """
    used = [route for route in ROUTES if routes.loc[routes["route"] == route, "households"].any()]
    if not used:
        return None
    figure = Drawing()
    for route in used:
        rows = routes[routes["route"] == route].set_index("point")["households"]
        figure.add_bar(
            orientation="h",
            y=list(names.values()),
            x=[int(rows.get(point, 0)) for point in names],
            name=say.word("route", route),
            marker={"color": TERMS["route"][route].colour},
            hovertemplate="%{y}<br>" + say.word("route", route) + ": %{x:,}<extra></extra>",
        )
    dressed(
        figure,
        height=max(220, 34 * len(names) + 110),
        barmode="stack",
        bargap=0.35,
        legend={**legend_above(), "traceorder": "normal"},
        xaxis={"title": {"text": say("unit.households"), "font": {"size": 12}}, "tickformat": ",d"},
        yaxis={
            "type": "category", "categoryorder": "array", "categoryarray": list(names.values())[::-1], "dtick": 1,
            "ticksuffix": " ",
        },
    )  # fmt: skip
    return Chart("routes", say("points.chart.routes"), say("points.chart.routes.unit"), source, figure)
