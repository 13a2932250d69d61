"""What a plan gives up and what it rests on: phases not begun, money idle, loans not drawn, sources in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from renewopt.results.reporting.facts import deliveries, last_month
from renewopt.vocabulary import UNSPENT, USES, Doubt, Entry, Scarce, Use

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from renewopt.results.record import PlanRecord

__all__ = [
    "Doubtful",
    "Idle",
    "Tight",
    "Unbuilt",
    "Undrawn",
    "doubtful",
    "idle",
    "tightest",
    "unbuilt",
    "undrawn",
    "unfinished",
]

NOTICED = 0.01
"""Share of what came into a fund, or of a loan's limit, below which what is left is not worth a sentence."""


@dataclass(frozen=True)
class Unbuilt:
    """A phase on which nothing is ever paid.

    Attributes
    ----------
    phase, estate
        Ids.
    homes
        That it would have delivered.
    cost
        Yuan left to pay on it.
    idle
        Yuan that lie idle in funds that could have paid it.
    waiting
        Households of the estate's projects that wait at the end.
    saved
        Yuan of the objective that its homes would save at most by the plan's prices, were they there at the phase's
        earliest month; None where the plan keeps no prices.
    """

    phase: str
    estate: str
    homes: float
    cost: float
    idle: float
    waiting: int
    saved: float | None


@dataclass(frozen=True)
class Idle:
    """Money that the plan never needs.

    Attributes
    ----------
    fund
        Its id.
    amount
        Least balance from the end of the horizon to the close of the books, yuan.
    share
        Of all that came into the fund.
    since
        First month from whose close on so much lies in the fund at all times.
    uses
        What it may be spent on; all uses where nothing is stated.
    interest
        Yuan of interest a year on it at the rate of the fund's own loan, as far as it was borrowed.
    """

    fund: str
    amount: float
    share: float
    since: str
    uses: tuple[str, ...]
    interest: float


@dataclass(frozen=True)
class Undrawn:
    """A loan that is not drawn in full; yuan."""

    fund: str
    limit: float
    drawn: float

    @property
    def left(self) -> float:
        """Not drawn."""
        return self.limit - self.drawn


@dataclass(frozen=True)
class Tight:
    """The month in which least is left in the funds that may pay transition fees; yuan, for all of them together."""

    month: str
    left: float
    paid: float


@dataclass(frozen=True)
class Doubtful:
    """A source of money that is in doubt by law.

    Attributes
    ----------
    kind
        A word of `renewopt.vocabulary.DOUBTS`.
    fund, other
        Ids of the fund that borrows or gives, and the one that receives; "".
    amount
        Yuan drawn or moved in all; of owing, the most that is owed at the close of a month.
    share
        Of all that is paid out within the horizon.
    month
        Last month in which it is drawn or moved; of owing, that in which most is owed.
    """

    kind: str
    fund: str
    other: str
    amount: float
    share: float
    month: str


def unbuilt(plan: PlanRecord) -> list[Unbuilt]:
    """Phases never begun, those with most homes first; none on the land of what is not started."""
    landless = {phase for phases in plan.left_out["phases"] for phase in phases.split(";")}
    begun = {*plan.construction["phase"], *landless}
    delivered = deliveries(plan.stated)
    left = {item.fund: item.amount for item in idle(plan, least=0.0)}
    end = plan.people[plan.people["month"] == last_month(plan.start, plan.months)]
    waiting = dict(zip(end["project"].map(str), end["waiting"].map(int), strict=True))
    found = []
    for phase, item in plan.stated.get("phases", {}).items():
        if phase in begun:
            continue
        estate = str(item["estate"])
        projects = plan.stated.get("estates", {}).get(estate, {}).get("projects", [])
        homes = delivered[phase]
        found.append(
            Unbuilt(
                phase=phase,
                estate=estate,
                homes=sum(homes.pools.values()),
                cost=round(float(item["cost"]) * (1 - float(item.get("progress") or 0)), 2),
                idle=sum(amount for fund, amount in left.items() if _may_build(plan, fund, estate)),
                waiting=sum(waiting.get(str(project), 0) for project in projects),
                saved=_saved(plan, item, {f"{estate}/{kind}": count for kind, count in homes.pools.items()}),
            )
        )
    return sorted(found, key=lambda phase: -phase.homes)


def unfinished(plan: PlanRecord) -> dict[str, float]:
    """Yuan paid on each phase that is never handed over, the largest amounts first."""
    paid = plan.construction.groupby("phase", sort=True)["amount"].sum()
    handed = set(plan.construction.loc[plan.construction["handed_over"] == "yes", "phase"])
    left = {str(phase): float(amount) for phase, amount in paid.items() if phase not in handed and amount > 0}
    return dict(sorted(left.items(), key=lambda item: -item[1]))


def _may_build(plan: PlanRecord, fund: str, estate: str) -> bool:
    stated = plan.stated.get("funds", {}).get(fund, {})
    uses, estates = stated.get("uses", "all"), stated.get("estates", "all")
    return (uses == "all" or Use.CONSTRUCTION in uses) and (estates == "all" or estate in estates)


def _saved(plan: PlanRecord, item: Mapping[str, Any], homes: Mapping[str, float]) -> float | None:
    """Value of some homes at the prices of the month in which they could be there soonest: more is never saved."""
    if plan.prices.empty:
        return None
    rows = plan.prices[(plan.prices["kind"] == Scarce.HOMES) & plan.prices["id"].isin(list(homes))]
    soonest = max(str(item.get("earliest") or plan.start), plan.start)
    then = rows[rows["month"] == soonest]
    return float((then["price_yuan"] * then["id"].map(homes)).sum())


def idle(plan: PlanRecord, *, least: float = NOTICED) -> list[Idle]:
    """Money that lies in funds from the end of the horizon on and is never needed, the largest amounts first."""
    end, found = last_month(plan.start, plan.months), []
    for fund, rows in plan.funds.groupby("fund", sort=False):
        # The last balance of a month is that at its close.
        closing = dict(zip(rows["month"].tolist(), rows["balance"].tolist(), strict=True))
        at_end = [balance for month, balance in closing.items() if month <= end]
        balances = [*at_end[-1:], *(balance for month, balance in closing.items() if month >= end)]
        came = float(rows.loc[(rows["amount"] > 0) & (rows["month"] <= end), "amount"].sum())
        amount = min(balances, default=0.0)
        if came <= 0 or amount <= least * came:
            continue
        stated = plan.stated.get("funds", {}).get(str(fund), {})
        uses = stated.get("uses", "all")
        loan = stated.get("borrow") or {}
        borrowed = float(rows.loc[rows["use"] == Entry.BORROWED, "amount"].sum())
        found.append(
            Idle(
                fund=str(fund),
                amount=round(amount, 2),
                share=amount / came,
                since=_since(closing, amount),
                uses=USES if uses == "all" else tuple(map(str, uses)),
                interest=round(min(borrowed, amount) * float(loan.get("rate") or 0), 2),
            )
        )
    return sorted(found, key=lambda item: -item.amount)


def _since(closing: Mapping[str, float], amount: float) -> str:
    """Month in which what comes in leaves so much for good; the balance never falls below it from its close on."""
    below = [month for month, balance in closing.items() if balance < amount - 0.005]
    return min(month for month in closing if month > below[-1]) if below else next(iter(closing))


def undrawn(plan: PlanRecord) -> list[Undrawn]:
    """Loans that are not drawn in full, those with most left first; revolving ones have no such limit."""
    found = []
    for fund, item in plan.stated.get("funds", {}).items():
        loan = item.get("borrow")
        if not loan or loan.get("revolving"):
            continue
        rows = plan.funds[(plan.funds["fund"] == fund) & (plan.funds["use"] == Entry.BORROWED)]
        limit, drawn = float(loan["limit"]), round(float(rows["amount"].sum()), 2)
        if limit - drawn > NOTICED * limit:
            found.append(Undrawn(fund, limit, drawn))
    return sorted(found, key=lambda loan: -loan.left)


def tightest(plan: PlanRecord) -> Tight | None:
    """Find the month in which least is left for transition fees while any are paid; None where none are."""
    funds = plan.stated.get("funds", {})
    paying = [fund for fund, item in funds.items() if item.get("uses", "all") == "all" or Use.FEES in item["uses"]]
    last = last_month(plan.start, plan.months)
    rows = plan.funds[plan.funds["fund"].isin(paying) & (plan.funds["month"] <= last)]
    fees = rows[(rows["use"] == Use.FEES) & (rows["amount"] < 0)]
    if fees.empty:
        return None
    closing: dict[str, dict[str, float]] = {}
    for month, fund, balance in zip(rows["month"], rows["fund"], rows["balance"].tolist(), strict=True):
        closing.setdefault(month, {})[fund] = balance
    latest: dict[str, float] = {}
    paid, left = set(fees["month"]), {}
    for month in sorted(closing):
        latest |= closing[month]
        if month in paid:
            left[month] = sum(latest.values())
    month = min(left, key=left.__getitem__)
    out = rows[(rows["month"] == month) & (rows["amount"] < 0) & ~rows["use"].isin(UNSPENT)]
    return Tight(month, round(left[month], 2), round(-float(out["amount"].sum()), 2))


def doubtful(plan: PlanRecord) -> list[Doubtful]:
    """Sources in doubt by law that the plan uses, the largest amounts first of each kind."""
    end = last_month(plan.start, plan.months)
    rows = plan.funds[plan.funds["month"] <= end]
    out = -float(rows.loc[(rows["amount"] < 0) & ~rows["use"].isin(UNSPENT), "amount"].sum())
    funds = plan.stated.get("funds", {})
    found = []
    for fund, group in rows[rows["use"] == Entry.BORROWED].groupby("fund", sort=False):
        if (funds.get(str(fund), {}).get("borrow") or {}).get("label") == Doubt.ADVANCE:
            found.append(_doubtful(Doubt.ADVANCE, str(fund), "", group, out))
    moved = rows[rows["use"] == Entry.MOVED_OUT]
    for way in dict.fromkeys(zip(moved["fund"], moved["purpose"], strict=True)):
        group = moved[(moved["fund"] == way[0]) & (moved["purpose"] == way[1])]
        found.append(_doubtful(Doubt.MOVES, str(way[0]), str(way[1]), group, out))
    owed = plan.fees[plan.fees["month"] <= end].groupby("month")["owed"].sum()
    if len(owed) and float(owed.max()) > NOTICED:
        most = round(float(owed.max()), 2)
        found.append(Doubtful(Doubt.OWING, "", "", most, most / out if out else 0.0, str(owed.idxmax())))
    return sorted(found, key=lambda source: -source.amount)


def _doubtful(kind: str, fund: str, other: str, rows: pd.DataFrame, out: float) -> Doubtful:
    amount = round(abs(float(rows["amount"].sum())), 2)
    return Doubtful(kind, fund, other, amount, amount / out if out else 0.0, str(rows["month"].max()))
