"""What is at risk in a plan: only what its tables and the scenario's own words show, each with its figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from renewopt.charts.labels import Locale
from renewopt.results.reporting.facts import deliveries, last_month, pools_of_phase
from renewopt.results.tables import count_households
from renewopt.units import Month
from renewopt.vocabulary import STOPPED, UNSPENT, VOUCHER, Entry
from renewopt.wording.amounts import yuan

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["not_built", "phases", "risks"]

SHOWN = 8
"""Of one kind, before the rest is only counted."""
SPARE = 1
"""Months: a phase that has no more between its last payment (and lag) and its handover is tight."""
NEAR = 2
"""Months before the end of a programme or a voucher's validity that are near it."""
EMPTY = 0.01
"""Yuan: less is nothing."""
LEAST = 0.01
"""Share of what a fund pays in a month: with less left at its close, it is used up."""
NEARLY_ALL = 0.95
"""Share of a loan's limit."""


def phases(plan: PlanRecord) -> pd.DataFrame:
    """Put together what is known of each phase.

    Returns
    -------
    pandas.DataFrame
        ``phase``, ``estate``, ``amount`` (yuan), ``first``, ``last`` (payments), ``handover`` (text, "" where none),
        ``spare`` (months between last payment and lag, and handover; NaN where not known), ``homes`` (NaN where not
        known), ``housed`` (households housed, in the month of handover, in homes of its kind; NaN where not known),
        ``beside`` (a phase before it of the same month and kinds of homes, whose households these are too; "" if none).
    """
    stated = plan.stated.get("phases", {})
    delivered = deliveries(plan.stated)
    by_phase: dict[str, list[tuple[str, str, float, str]]] = {}
    names = ("phase", "estate", "month", "amount", "handed_over")
    for phase, *row in zip(*(plan.construction[name].tolist() for name in names), strict=True):
        by_phase.setdefault(phase, []).append(tuple(row))
    rows = []
    counted: list[tuple[str, str, set[str]]] = []
    for phase, group in sorted(by_phase.items()):
        paid = [month for _, month, amount, _ in group if amount > 0]
        handover = next((month for _, month, _, handed in group if handed == "yes"), "")
        first, last = min(paid, default=""), max(paid, default="")
        lag = stated.get(phase, {}).get("handover_lag", 0)
        spare = Month.parse(handover) - Month.parse(last) - int(lag) if handover and last else float("nan")
        homes = housed = float("nan")
        pools: set[str] = set()
        if phase in delivered:
            homes = sum(delivered[phase].pools.values())
            pools = pools_of_phase(delivered[phase])
            then = plan.claims[(plan.claims["housed"] == handover) & (plan.claims["housed"] != "")]
            # A household that takes two homes stands in one row, its pools joined.
            mine = [not pools.isdisjoint(label.split(";")) for label in then["pool"]]
            # A bare list that is empty would choose columns.
            housed = float(count_households(then[np.array(mine, dtype=bool)]))
        beside = next((name for name, month, ours in counted if month == handover and ours == pools), "")
        if handover and pools:
            counted.append((phase, handover, pools))
        amount = sum(amount for _, _, amount, _ in group if amount > 0)
        rows.append((phase, group[0][0], amount, first, last, handover, spare, homes, housed, beside))
    columns = ["phase", "estate", "amount", "first", "last", "handover", "spare", "homes", "housed", "beside"]
    return pd.DataFrame(rows, columns=columns)


def not_built(plan: PlanRecord) -> pd.DataFrame:
    """Phases that are stated and not begun: ``phase``, ``estate``, ``cost`` (yuan), ``homes``."""
    begun = set(plan.construction["phase"])
    delivered = deliveries(plan.stated)
    rows = [
        (phase, str(item["estate"]), float(item.get("cost", 0.0)), sum(delivered[phase].pools.values()))
        for phase, item in plan.stated.get("phases", {}).items()
        if phase not in begun
    ]
    return pd.DataFrame(rows, columns=["phase", "estate", "cost", "homes"])


def risks(plan: PlanRecord, say: Locale) -> list[str]:
    """List what is at risk, gravest first.

    Parameters
    ----------
    plan
        Feasible.
    say
        Language and names.
    """
    told = [remark.text[say.lang] for remark in plan.findings[: 3 * SHOWN]]
    if len(plan.findings) > len(told):
        told.append(say("risk.more", count=len(plan.findings) - len(told)))
    for source in (_waiting, _phases, _funds, _owed, _vouchers, _proof):
        found = list(source(plan, say))
        told += found[:SHOWN]
        if len(found) > SHOWN:
            told.append(say("risk.more", count=len(found) - SHOWN))
    return told


def _waiting(plan: PlanRecord, say: Locale) -> Iterator[str]:
    last = last_month(plan.start, plan.months)
    end = plan.people[plan.people["month"] == last]
    left = end[end["waiting"] > 0].sort_values(["overdue", "waiting"], ascending=False, kind="stable")
    for row in left.itertuples(index=False):
        yield say(
            "risk.waiting",
            project=say.label("project", str(row.project)),
            waiting=f"{row.waiting:,}",
            overdue=f"{row.overdue:,}",
            month=last,
        )


def _phases(plan: PlanRecord, say: Locale) -> Iterator[str]:
    """Phases without a month to spare, those of one estate and month together, most households first."""
    table = phases(plan)
    for row in table[(table["handover"] == "") & (table["amount"] > 0)].to_dict("records"):
        name = say.label("phase", str(row["phase"]))
        yield say("risk.phase.never", phase=name, amount=yuan(say.lang, row["amount"]))
    tight = table[(table["spare"] < SPARE) & (table["housed"] > 0)]
    together = [
        (float(str(housed)), handover, max(group["last"].tolist()), group["phase"].tolist())
        for (_, handover, housed), group in tight.groupby(["estate", "handover", "housed"])
    ]
    for housed, handover, last, named in sorted(together, key=lambda row: -row[0]):
        names = say.joined(say.label("phase", str(phase)) for phase in named)
        yield say("risk.phase", phase=names, last=last, handover=handover, housed=f"{housed:,.0f}")


def _funds(plan: PlanRecord, say: Locale) -> Iterator[str]:
    """Funds with next to nothing left, but for months in which they borrow just what they need; loans drawn in full."""
    end = last_month(plan.start, plan.months)
    rows = plan.funds[plan.funds["month"] <= end]
    for fund, group in rows.groupby("fund", sort=False):
        # The last balance of a month is that at its close.
        closing = dict(zip(group["month"], group["balance"], strict=True))
        spent = -group[(group["amount"] < 0) & ~group["use"].isin(UNSPENT)].groupby("month")["amount"].sum()
        borrowing = set(group.loc[group["use"] == Entry.BORROWED, "month"])
        empty = [month for month, paid in spent.items() if closing[month] < LEAST * paid and month not in borrowing]
        name = say.label("fund", str(fund))
        if empty:
            key = "risk.fund" if len(empty) > 1 else "risk.fund.once"
            yield say(key, fund=name, count=len(empty), first=empty[0], last=empty[-1])
        loan = plan.stated.get("funds", {}).get(str(fund), {}).get("borrow")
        drawn = float(group.loc[group["use"] == Entry.BORROWED, "amount"].sum())
        if loan and not loan.get("revolving") and drawn >= NEARLY_ALL * float(loan["limit"]) > 0:
            limit = yuan(say.lang, float(loan["limit"]))
            yield say("risk.loan", fund=name, drawn=yuan(say.lang, drawn), limit=limit)


def _owed(plan: PlanRecord, say: Locale) -> Iterator[str]:
    owed = plan.fees.groupby("month")["owed"].sum()
    if len(owed) and owed.max() > EMPTY:
        most = str(owed.idxmax())
        months = int((owed > EMPTY).sum())
        key = "risk.owed" if months > 1 else "risk.owed.once"
        yield say(key, amount=yuan(say.lang, float(owed.max())), month=most, count=months)


def _vouchers(plan: PlanRecord, say: Locale) -> Iterator[str]:
    chosen = plan.claims[plan.claims["route"] == VOUCHER]
    programme = chosen["pool"].str.split("/").str[0]
    for name, item in plan.stated.get("vouchers", {}).items():
        mine = chosen[programme == name]
        if mine.empty:
            continue
        label, count = say.label(VOUCHER, name), count_households(mine)
        spare = None if item.get("valid") is None else int(item["valid"]) - int(item.get("housed_after", 0))
        if spare is not None and spare <= NEAR:
            yield say("risk.voucher.valid", voucher=label, count=f"{count:,}", spare=spare)
        if item.get("months") is not None:
            first = Month.parse(str(item.get("start") or plan.start))
            last = first + (int(item["months"]) - 1)
            late = count_households(mine[mine["month"] > str(last + -NEAR)])
            if late:
                yield say("risk.voucher.window", voucher=label, count=f"{late:,}", near=NEAR, last=str(last))


def _proof(plan: PlanRecord, say: Locale) -> Iterator[str]:
    if plan.status in STOPPED:
        yield say(f"risk.{plan.status}")
    if plan.savings is not None and plan.savings.against_waiting < 0:
        yield say("risk.dearer", amount=yuan(say.lang, -plan.savings.against_waiting))
