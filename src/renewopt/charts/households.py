"""Charts of households: who waits, and where they go."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, plain, short
from renewopt.charts.palette import GREY, INK, PALE_GREY, Leading, pale
from renewopt.charts.scales import span_of
from renewopt.vocabulary import CASH, ENDED, NOT_STARTED, VOUCHER, WAITING, colour_of

__all__ = ["flow", "waiting"]

PLACES_SHOWN = 14
"""Estates, programmes and the like that a flow shows by themselves."""

FEW = 6
"""Households up to which each has a tick of its own."""


def _project(name: str, projects: Leading, say: Locale) -> str:
    if name == "":
        return say("others", count=projects.others)
    return plain(say.label("project", name))


def waiting(people: pd.DataFrame, projects: Leading, last: str, say: Locale) -> Chart:
    """Households waiting at the close of each month, by project; those past the agreed term below, in full colour.

    Parameters
    ----------
    people
        Columns ``month``, ``project``, ``waiting``, ``overdue``.
    projects
        From `renewopt.charts.palette.leading`.
    last
        Last month that is drawn, ``YYYY-MM``.
    say
        Language and names.
    """
    people = people[people["month"] <= last]
    span = span_of(people["month"])
    grouped = people.assign(project=projects.group(people["project"]))
    table = span.stock(grouped, ["project"], ["waiting", "overdue"])
    names = [*projects.shown, *([""] if projects.others else [])]
    parts = {name: table[table["project"] == name] for name in names}
    figure = Drawing()
    for state in ("overdue", "term"):
        for place, name in enumerate(names):
            rows, colour = parts[name], projects.colour[name]
            count = rows["overdue"] if state == "overdue" else rows["waiting"] - rows["overdue"]
            label = _project(name, projects, say)
            figure.add_bar(
                **span.bars(rows["month"]),
                y=count.tolist(),
                name=short(label),
                customdata=[label] * len(rows),
                legendgroup=str(place),
                showlegend=state == "overdue",
                marker={"color": colour if state == "overdue" else pale(colour), "line": {"width": 0}},
                hovertemplate="%{customdata}<br>%{x}: %{y:,} " + say(f"waiting.hover.{state}") + "<extra></extra>",
            )
    for key, colour in (("waiting.overdue", GREY), ("waiting.term", PALE_GREY)):
        figure.add_bar(x=[None], y=[None], name=say(key), marker={"color": colour}, hoverinfo="skip", legendgroup=key)
    dressed(
        figure,
        height=430,
        barmode="stack",
        legend={**legend_above(), "groupclick": "togglegroup", "tracegroupgap": 0},
        xaxis=time_axis(span.tick, people["month"]),
        yaxis={
            "title": {"text": say("unit.households")},
            "tickformat": ",d",
            "rangemode": "tozero",
            # Ticks between few households would be told as whole ones, and twice.
            **({"dtick": 1} if people.groupby("month")["waiting"].sum().max() <= FEW else {}),
        },
    )
    unit = say("waiting.unit.year" if span.yearly else "waiting.unit")
    note = say("by.years") if span.yearly else ""
    return Chart("waiting", say("waiting.title"), unit, say("source", file="people.csv"), figure, note)


def flow(allocation: pd.DataFrame, projects: Leading, say: Locale) -> Chart:
    """Where households go: from project to route to estate, voucher programme or cash.

    Parameters
    ----------
    allocation
        Columns ``project``, ``route``, ``pool``, ``count``; a pool is ``estate/type`` or ``programme/developer``.
        Routes and pools of a household with several homes are joined by ``;``.
    projects
        From `renewopt.charts.palette.leading`.
    say
        Language and names.
    """
    table = pd.DataFrame(
        {
            "project": projects.group(allocation["project"]).to_numpy(),
            "route": allocation["route"].to_numpy(),
            "place": [_places(pools) for pools in allocation["pool"]],
            "count": allocation["count"].to_numpy(),
        }
    )
    place_sizes = table.groupby("place")["count"].sum().sort_values(ascending=False, kind="stable")
    hidden = max(len(place_sizes) - PLACES_SHOWN, 0)
    kept = set(place_sizes.index[:PLACES_SHOWN]) | {""}
    table["place"] = table["place"].where(table["place"].isin(kept), "\0")
    nodes: dict[tuple[str, str], int] = {}
    labels: list[str] = []
    shades: list[str] = []

    def node(kind: str, name: str) -> int:
        if (kind, name) not in nodes:
            nodes[kind, name] = len(nodes)
            labels.append(_node_label(kind, name, projects, hidden, say))
            shades.append(
                projects.colour[name] if kind == "project" else colour_of(kind, name, INK) if kind == "route" else INK
            )
        return nodes[kind, name]

    links = []
    for row in _sums(table, "project", "route"):
        project, route = str(row["project"]), str(row["route"])
        links.append((node("project", project), node("route", route), int(row["count"]), projects.colour[project]))
    for row in _sums(table, "route", "place"):
        route, place = str(row["route"]), str(row["place"])
        if route not in (WAITING, ENDED, NOT_STARTED):
            links.append(
                (node("route", route), node("place", place), int(row["count"]), colour_of("route", route, GREY))
            )
    counted = _through(links, len(labels))
    figure = Drawing()
    figure.add_sankey(
        arrangement="snap",
        node={
            "label": [f"{short(label, 18)} {count:,}" for label, count in zip(labels, counted, strict=True)],
            "customdata": labels,
            "color": shades,
            "pad": 12,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "%{customdata}: %{value:,.0f}<extra></extra>",
        },
        link={
            "source": [link[0] for link in links],
            "target": [link[1] for link in links],
            "value": [link[2] for link in links],
            "color": [_glass(link[3]) for link in links],
            "hovertemplate": "%{source.customdata} → %{target.customdata}: %{value:,.0f}<extra></extra>",
        },
    )
    rows = max(table["project"].nunique(), table["place"].nunique())
    dressed(figure, height=max(340, 34 * rows + 80), margin={"l": 8, "r": 36, "t": 12, "b": 12})
    return Chart("flow", say("flow.title"), say("flow.unit"), say("source", file="allocation.csv"), figure)


def _through(links: list[tuple[int, int, int, str]], nodes: int) -> list[int]:
    """Households that pass each node: those that come, or where none do, those that leave."""
    come, leave = [0] * nodes, [0] * nodes
    for source, target, count, _ in links:
        leave[source] += count
        come[target] += count
    return [one or other for one, other in zip(come, leave, strict=True)]


def _places(pools: str) -> str:
    """Estates or programmes of some pools, each once."""
    return ";".join(dict.fromkeys(pool.rpartition("/")[0] or pool for pool in pools.split(";")))


def _sums(table: pd.DataFrame, *by: str) -> list[dict[Hashable, Any]]:
    """Households by two columns, as records."""
    return table.groupby([*by], sort=False)["count"].sum().reset_index().to_dict("records")


def _node_label(kind: str, name: str, projects: Leading, hidden: int, say: Locale) -> str:
    if kind == "project":
        return _project(name, projects, say)
    if kind == "route":
        return say.apart(say.word("route", route) for route in name.split(";"))
    if name == "\0":
        return say("flow.other", count=hidden)
    return say.apart(_place_label(place, say) for place in name.split(";"))


def _place_label(name: str, say: Locale) -> str:
    found = next((k for k in ("estate", VOUCHER, CASH) if name in say.names.get(k, {})), "")
    return plain(say.label(found, name)) if found else plain(say.word("route", name))


def _glass(colour: str) -> str:
    """Make a colour see-through, for what lies over one another."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.4)"
