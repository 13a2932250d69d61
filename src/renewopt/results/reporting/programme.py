"""What a report tells of the programme, out of the plan's tables: who waits and what is paid by kind, what starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from renewopt.charts.programme import BEFORE, FEES, HOMES, Beside, in_order, timeline
from renewopt.charts.scales import money_scale
from renewopt.results.reporting.facts import last_month
from renewopt.results.reporting.page import Table
from renewopt.vocabulary import UNSPENT, USES, Use, work_kind_of

if TYPE_CHECKING:
    from renewopt.charts.chart import Chart
    from renewopt.charts.labels import Locale
    from renewopt.results.record import PlanRecord

__all__ = ["kinds_of", "others_paid", "programme_chart", "programme_table", "stages_paid", "waiting_for"]

OTHERS = {
    Use.FEES: FEES,
    **dict.fromkeys((Use.VOUCHER, Use.UNITS, Use.CASH, Use.CONSTRUCTION), HOMES),
}
"""Which uses of money are drawn beside the stages of the programme."""


def programme_chart(plan: PlanRecord, say: Locale) -> Chart | None:
    """Draw what starts when, with those who wait above it and what is paid below; None where nothing may start."""
    if plan.programme.empty:
        return None
    kinds = kinds_of(plan)
    begun = plan.programme.assign(kind=plan.programme["item"].map(kinds))
    beside = Beside(waiting_for(plan), stages_paid(plan), others_paid(plan))
    return timeline(begun, beside, plan.start, last_month(plan.start, plan.months), say)


def kinds_of(plan: PlanRecord) -> dict[str, str]:
    """Kind of each project and work that may start: one of `WORK_KINDS`, else as the planner wrote it."""
    return {str(item): work_kind_of(str(kind)) for item, kind in plan.programme[["item", "kind"]].values.tolist()}


def waiting_for(plan: PlanRecord) -> pd.DataFrame:
    """Households waiting and overdue by month and kind of their project, from its start on.

    In the ledger all who are not housed yet are waiting; of those whose project has not begun nobody has been asked to
    move.
    """
    kinds = kinds_of(plan)
    begun = dict(zip(plan.programme["item"], plan.programme["start"], strict=True))
    people = plan.people[plan.people["month"] >= plan.people["project"].map(begun).fillna("")]
    people = people.assign(kind=[kinds.get(str(project), BEFORE) for project in people["project"]])
    return people.groupby(["month", "kind"], sort=True, as_index=False)[["waiting", "overdue"]].sum()


def stages_paid(plan: PlanRecord) -> pd.DataFrame:
    """What funds pay for the stages of the programme: ``month``, ``item``, ``kind``, ``amount`` (yuan)."""
    item = _items_paid(plan)
    rows = plan.funds.loc[item.index]
    return pd.DataFrame(
        {"month": rows["month"], "item": item, "kind": item.map(kinds_of(plan)), "amount": -rows["amount"]}
    )


def others_paid(plan: PlanRecord) -> pd.DataFrame:
    """What funds pay in fees and for homes, stages of the programme apart: ``month``, ``what``, ``amount`` (yuan)."""
    rows = plan.funds.drop(index=_items_paid(plan).index)
    rows = rows[rows["use"].isin(list(OTHERS))]
    return pd.DataFrame({"month": rows["month"], "what": rows["use"].map(OTHERS), "amount": -rows["amount"]})


def _items_paid(plan: PlanRecord) -> pd.Series:
    """The project or work that is paid by a row of `funds`, for the rows that pay stages of the programme."""
    items, projects = set(kinds_of(plan)), set(plan.people["project"])
    rows = plan.funds[~plan.funds["use"].isin(UNSPENT)]
    item_of = {purpose: _item(str(purpose), items, projects) for purpose in rows["purpose"].unique()}
    return rows["purpose"].map(item_of).dropna()


def _item(purpose: str, items: set[str], projects: set[str]) -> str | None:
    """Whose stage is paid: a purpose says what it is paid as, its project, and the commitment that a stage becomes.

    That has the id of the project or work; stages that are paid in several ways are told apart by their uses after it.
    """
    parts = purpose.split("/")[1:]
    if len(parts) > 1 and set(parts[-1].split("+")) <= set(USES) and "/".join(parts) not in items:
        parts = parts[:-1]
    item = "/".join(parts)
    if item in items and item not in projects:
        return item
    half = "/".join(parts[: len(parts) // 2])
    return half if half in items & projects and parts == [*half.split("/")] * 2 else None


def programme_table(plan: PlanRecord, say: Locale) -> Table | None:
    """What starts when by kind: how many, households and money; what is left out has no figures but its number."""
    if plan.programme.empty:
        return None
    kinds = kinds_of(plan)
    table = plan.programme.assign(kind=plan.programme["item"].map(kinds))
    scale = money_scale(float(table.groupby("kind")["cost"].sum().max()), say)

    def cells(mine: pd.DataFrame) -> list[str]:
        begun = mine[mine["start"] != ""]
        return [
            f"{len(mine):,}",
            f"{len(begun):,}",
            min(begun["start"], default="–"),
            max([*mine["finish"], *mine["cleared"]], default="") or "–",
            scale.written(float(mine["cost"].sum())),
            scale.written(float(mine["delay_cost"].sum())),
        ]

    rows = [
        [say.word("work_kind", kind) or say("starts.no_kind"), *cells(table[table["kind"] == kind])]
        for kind in in_order(table["kind"])
    ]
    head = ["kind", "may_start", "started", "first_start", "last_finish", "cost", "delay"]
    return Table(
        say("starts.caption", unit=scale.unit),
        [say(f"starts.column.{name}") for name in head],
        rows,
        range(1, len(head)),
        [say("column.total"), *cells(table)],
    )
