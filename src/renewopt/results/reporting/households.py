"""Households in the report: by which route of which project, who waits longest, and on whom the clear month hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from renewopt.charts.labels import Locale
from renewopt.results.reporting.facts import last_month
from renewopt.results.reporting.page import Table
from renewopt.units import Month
from renewopt.vocabulary import ENDED, NOT_STARTED, ROUTES, WAITING

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["clear_on", "longest_waits", "routes_table"]

PROJECTS_SHOWN = 60
GROUPS_SHOWN = 10
"""Rows of the longest waits: households of a project that are housed in the same month in the same way."""
NAMED = 6
"""Households that a row names before the rest is only counted."""


def routes_table(plan: PlanRecord, say: Locale) -> Table | None:
    """Households by project and route, with both totals; several routes of one household stand together."""
    if plan.allocation.empty:
        return None
    counts: dict[str, dict[str, int]] = {}
    columns = (plan.allocation[name].tolist() for name in ("project", "route", "count"))
    for project, route, count in zip(*columns, strict=True):
        mine = counts.setdefault(project, {})
        mine[route] = mine.get(route, 0) + count
    taken = dict.fromkeys(plan.allocation["route"])
    known = [route for route in (*ROUTES, WAITING, ENDED, NOT_STARTED) if route in taken]
    known += [route for route in taken if route not in known]
    table = {project: [mine.get(route, 0) for route in known] for project, mine in counts.items()}
    total = [sum(of_route) for of_route in zip(*table.values(), strict=True)]

    def cells(row: list[int]) -> list[str]:
        return [f"{count:,}" if count else "–" for count in (*row, sum(row))]

    rows = [[say.label("project", name), *cells(row)] for name, row in [*table.items()][:PROJECTS_SHOWN]]
    routes = [say.word("route", route).replace(";", "; ") for route in known]
    hidden = len(table) - len(rows)
    return Table(
        say("routes.caption"),
        [say("column.project"), *routes, say("column.total")],
        rows,
        range(1, len(routes) + 2),
        [say("column.total"), *cells(total)],
        say("page.more", count=hidden, file="allocation.csv") if hidden else "",
    )


def longest_waits(plan: PlanRecord, say: Locale) -> Table | None:
    """Who is housed last, or not at all: by project, month and route, with the numbers of the first households."""
    rows = plan.allocation[~plan.allocation["route"].isin([ENDED, NOT_STARTED])]
    if rows.empty:
        return None
    end = str(Month.parse(last_month(plan.start, plan.months)) + 1)
    ranked = rows.assign(until=rows["housed"].where(rows["housed"] != "", end))
    ranked = ranked[ranked["until"] > plan.start]
    groups = ranked.groupby(["until", "project", "route"], sort=True)
    shown = sorted(groups, key=lambda group: (group[0][0], int(group[1]["count"].sum())), reverse=True)[:GROUPS_SHOWN]
    if not shown:
        return None
    cells = []
    for (until, project, route), group in shown:
        since = str(plan.stated.get("projects", {}).get(str(project), {}).get("moved_out") or plan.start)
        waits = Month.parse(str(until)) - Month.parse(since)
        count = int(group["count"].sum())
        cells.append(
            [
                say.label("project", str(project)),
                str(until) if (group["housed"] != "").all() else say("waits.never"),
                f"≥ {waits}" if (group["housed"] == "").any() else f"{waits}",
                say.word("route", str(route)).replace(";", "; "),
                f"{count:,}",
                _named(group, say),
            ]
        )
    head = [say(f"column.{name}") for name in ("project", "waits.until", "waits.months", "waits.route", "households")]
    hidden = len(groups) - len(shown)
    return Table(
        say("waits.caption"),
        [*head, say("column.waits.who")],
        cells,
        range(2, 3),
        more=say("page.more", count=hidden, file="allocation.csv") if hidden else "",
    )


def _named(group: pd.DataFrame, say: Locale) -> str:
    """Numbers of the first households of a group; of a cohort, how many it has."""
    told = [
        f"{household} × {count}" if count > 1 else str(household)
        for household, count in zip(group["household"].iloc[:NAMED], group["count"].iloc[:NAMED], strict=True)
    ]
    more = len(group) - len(told)
    said = (", " if say.lang == "en" else "、").join(told)
    return say("waits.more", households=said, count=f"{more:,}") if more else said


def clear_on(plan: PlanRecord, say: Locale) -> str:
    """Say on whom the first month without an overdue household hangs: who still is in the month before; "" if nobody.

    The households are named where all who are housed in that month, in the projects concerned, are the overdue ones.
    """
    if plan.clear_month is None or plan.clear_month <= plan.start:
        return ""
    before = str(Month.parse(plan.clear_month) + -1)
    late = plan.people[(plan.people["month"] == before) & (plan.people["overdue"] > 0)]
    if late.empty:
        return ""
    told = []
    separator = "; " if say.lang == "en" else "；"
    for row in late.itertuples(index=False):
        project = say.label("project", str(row.project))
        then = plan.allocation[
            (plan.allocation["project"] == row.project) & (plan.allocation["housed"] == plan.clear_month)
        ]
        if int(then["count"].sum()) == row.overdue:
            told.append(
                say("card.clear.who", project=project, count=f"{int(str(row.overdue)):,}", households=_named(then, say))
            )
        else:
            told.append(say("card.clear.count", project=project, count=f"{int(str(row.overdue)):,}"))
    return say("card.clear.on", month=before, who=separator.join(told))
