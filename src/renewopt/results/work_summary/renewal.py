"""What the programme of a plan starts within a span of months, by kind: for work summaries (更新改造)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renewopt.vocabulary import WORK_KINDS, work_kind_of

if TYPE_CHECKING:
    import pandas as pd

    from renewopt.results.record import PlanRecord

__all__ = ["Begun", "begun_in", "reached_in"]


@dataclass(frozen=True)
class Begun:
    """Projects, or works, of one kind that start.

    Attributes
    ----------
    kind
        One of `WORK_KINDS`, else as the planner wrote it; empty where none is stated.
    is_work
        Whether they are works, which have no households of their own.
    items
        How many.
    households
        Of the projects; of works: that are helped.
    cost
        Of all of them, as staged; yuan.
    """

    kind: str
    is_work: bool
    items: int
    households: int
    cost: float


def begun_in(plan: PlanRecord, first: str, last: str) -> tuple[Begun, ...]:
    """Count what starts from one month to another, projects first, kinds in the order of `WORK_KINDS`, then others."""
    table = plan.programme
    started = table[(table["start"] >= first) & (table["start"] <= last) & (table["start"] != "")]
    if started.empty:
        return ()
    works = plan.stated.get("works", {})
    helped = {name: int(work.get("households_helped", 0)) for name, work in works.items()}
    own = plan.allocation.groupby("project")["count"].sum()
    households = [helped[item] if item in helped else int(own.get(item, 0)) for item in started["item"]]
    counted = started.assign(
        kind=[work_kind_of(str(kind)) for kind in started["kind"]],
        is_work=[item in works for item in started["item"]],
        households=households,
    )
    found = [
        Begun(str(kind), bool(is_work), len(mine), int(mine["households"].sum()), round(float(mine["cost"].sum()), 2))
        for (is_work, kind), mine in counted.groupby(["is_work", "kind"], sort=False)
    ]
    return tuple(sorted(found, key=_place))


def _place(of: Begun) -> tuple[bool, int]:
    return of.is_work, WORK_KINDS.index(of.kind) if of.kind in WORK_KINDS else len(WORK_KINDS)


def reached_in(plan: PlanRecord, column: str, first: str, last: str) -> int:
    """Count the works that are finished (``finish``), or the projects that are cleared (``cleared``), in a span."""
    table: pd.DataFrame = plan.programme
    months = table[column]
    within = (months >= first) & (months <= last) & (months != "")
    if column == "finish":
        within &= table["item"].isin(list(plan.stated.get("works", {})))
    return int(within.sum())
