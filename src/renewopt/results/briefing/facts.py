"""What the brief tells of a plan, figure by figure, from its tables: what is decided, who waits, what is signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from renewopt.results.reporting.facts import arrivals, deliveries, last_month, pools_of_phase
from renewopt.results.reporting.risks import phases
from renewopt.results.tables import count_households
from renewopt.units import Month
from renewopt.vocabulary import ENDED, NOT_STARTED, ROUTES, UNSPENT, WAITING, Entry

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = [
    "Building",
    "Clearing",
    "ProjectWait",
    "RouteTaken",
    "Signing",
    "building",
    "clearing",
    "coming_month",
    "longest_out",
    "longest_waits",
    "routes_taken",
    "signing",
]

EMPTY = 0.01
"""Yuan: less is nothing."""


@dataclass(frozen=True)
class RouteTaken:
    """Households housed by a route (``mixed``: their parts by several), from a month to a month."""

    route: str
    households: int
    first: str
    last: str


@dataclass(frozen=True)
class Building:
    """Phases that are handed over.

    Attributes
    ----------
    handed
        Months of handover, and the phases of each.
    stated
        Phases that the scenario states with something left to pay.
    begun, paid_up
        Months of the first and the last payment on any of them; "": nothing was to be paid.
    amount
        Yuan paid on all phases.
    homes
        That they deliver.
    """

    handed: dict[str, tuple[str, ...]]
    stated: int
    begun: str
    paid_up: str
    amount: float
    homes: float

    @property
    def count(self) -> int:
        """Phases handed over."""
        return sum(map(len, self.handed.values()))


@dataclass(frozen=True)
class Clearing:
    """On whom the first month without overdue households hangs: those overdue just before it.

    Attributes
    ----------
    month
        The first month from which nobody is overdue.
    households
        By project, households overdue at the close of the month before.
    """

    month: str
    households: dict[str, int]


@dataclass(frozen=True)
class ProjectWait:
    """The last of a project to be housed, or those who wait at the end.

    Attributes
    ----------
    project
        Its id.
    households
        Housed in `month`; those who wait at the end where it is "".
    month
        Month in which they are housed; "": they wait at the end.
    route
        Of most of them; ``waiting``.
    source
        Estate or programme that most of them are housed from; "".
    ready
        Phase that is handed over in that month in that estate, or "": homes of it are there by then.
    built
        Whether homes of that estate come in that month.
    out_since
        Month since which the project has been out, where the scenario states it for the project; "".
    unbuilt
        Of those who wait at the end: phases of the project's own estates that are not handed over.
    homes, given
        Of those who wait at the end: homes of these estates that there are within the horizon, and those of them that
        go to others.
    """

    project: str
    households: int
    month: str
    route: str
    source: str
    ready: str
    built: bool
    out_since: str
    unbuilt: tuple[str, ...] = ()
    homes: float = 0.0
    given: int = 0

    def months_out(self, last: str) -> int | None:
        """Months from moving out until housed, or until after `last`."""
        if not self.out_since:
            return None
        return Month.parse(self.month or last) - Month.parse(self.out_since)


@dataclass(frozen=True)
class Signing:
    """What the first month to come asks for.

    Attributes
    ----------
    month
        ``YYYY-MM``.
    routes
        Households that choose, by route.
    started
        Projects and works that start.
    phases
        Phases on which the first payment is made in it, and yuan paid in it.
    borrowed, moved
        Yuan drawn on the loan of each fund; yuan moved, by fund that gives and fund that receives.
    paid
        Yuan paid out of all funds.
    owed
        Yuan of its bill, and of bills before, left owing at its close.
    """

    month: str
    routes: dict[str, int]
    started: tuple[str, ...]
    phases: dict[str, float]
    borrowed: dict[str, float]
    moved: dict[tuple[str, str], float]
    paid: float
    owed: float


def routes_taken(plan: PlanRecord) -> list[RouteTaken]:
    """Households housed within the horizon by route, in the order of the vocabulary."""
    last = last_month(plan.start, plan.months)
    rows = plan.allocation
    housed = rows[(rows["housed"] != "") & (rows["housed"] <= last)]
    kinds = housed["route"].where(housed["route"].isin(ROUTES), "mixed")
    found = []
    for route in (*ROUTES, "mixed"):
        mine = housed[kinds == route]
        if int(mine["count"].sum()):
            found.append(
                RouteTaken(route, int(mine["count"].sum()), str(mine["housed"].min()), str(mine["housed"].max()))
            )
    return found


def building(plan: PlanRecord) -> Building | None:
    """Count what is built; None where nothing is handed over."""
    handed = plan.construction[plan.construction["handed_over"] == "yes"].sort_values(["month", "phase"], kind="stable")
    if handed.empty:
        return None
    delivered = deliveries(plan.stated)
    mine = plan.construction[plan.construction["phase"].isin(handed["phase"]) & (plan.construction["amount"] > 0)]
    by_month = {str(month): tuple(map(str, group["phase"])) for month, group in handed.groupby("month", sort=True)}
    return Building(
        handed=by_month,
        stated=max(len(plan.stated.get("phases", {})), len(handed)),
        begun=str(mine["month"].min()) if len(mine) else "",
        paid_up=str(mine["month"].max()) if len(mine) else "",
        amount=round(float(plan.construction["amount"].sum()), 2),
        homes=sum(sum(delivered[phase].pools.values()) for phase in handed["phase"] if phase in delivered),
    )


def clearing(plan: PlanRecord) -> Clearing | None:
    """Find on whom the clear month hangs; None where there is none, or nobody is ever overdue."""
    if plan.clear_month is None or plan.clear_month <= plan.start:
        return None
    before = str(Month.parse(plan.clear_month) + -1)
    rows = plan.people[(plan.people["month"] == before) & (plan.people["overdue"] > 0)]
    found = dict(zip(rows["project"].map(str), rows["overdue"].map(int), strict=True))
    return Clearing(plan.clear_month, dict(sorted(found.items(), key=lambda item: -item[1]))) if found else None


@dataclass(frozen=True)
class StartsOfKind:
    """Projects and works of a kind: how many start, of how many that may, in which months; what is left out, by id."""

    kind: str
    begun: int
    stated: int
    first: str
    last: str
    left_out: tuple[str, ...]


def starts_by_kind(plan: PlanRecord) -> list[StartsOfKind]:
    """What starts and what does not, by kind in the order of the scenario; none where nothing may start."""
    if plan.programme.empty:
        return []
    found = []
    for kind, rows in plan.programme.groupby("kind", sort=False):
        months = [month for month in rows["start"].map(str) if month]
        left_out = tuple(rows.loc[rows["start"] == "", "item"].map(str))
        found.append(
            StartsOfKind(str(kind), len(months), len(rows), min(months, default=""), max(months, default=""), left_out)
        )
    return found


@dataclass(frozen=True)
class LeftOut:
    """What keeps the projects and works that are not started out, each of them taken by itself.

    Attributes
    ----------
    waits
        How many wait for what is not started either.
    rules
        How many windows, crews or numbers keep out.
    money
        Yuan that are lacking for the stages of those that the rules would let start, by id, the least first.
    free
        How many neither rules nor money for their stages keep out.
    households
        Of the projects among these.
    delay
        Yuan of delay that leaving them out counts as.
    """

    waits: int
    rules: int
    money: dict[str, float]
    free: int
    households: int
    delay: float


def left_out(plan: PlanRecord) -> LeftOut:
    """Sort what is not started by what keeps it out."""
    table = plan.left_out
    waits, kept = table["waits_for"] != "", table["keeps"] != ""
    lacks = ~kept & (table["lacking"] >= EMPTY)
    delay = dict(zip(plan.programme["item"], plan.programme["delay_cost"], strict=True))
    free, least = table[~kept & ~lacks], table[lacks].sort_values("lacking", kind="stable")
    return LeftOut(
        waits=int(waits.sum()),
        rules=int((kept & ~waits).sum()),
        money=dict(zip(least["item"].map(str), least["lacking"].map(float), strict=True)),
        free=len(free),
        households=int(free.loc[free["homes"].notna(), "households"].sum()),
        delay=float(sum(delay[item] for item in free["item"])),
    )


def longest_waits(plan: PlanRecord) -> list[ProjectWait]:
    """The last of each project, those who wait at the end first, then by month, the latest first."""
    last = last_month(plan.start, plan.months)
    claims = plan.claims[~plan.claims["route"].isin([ENDED, NOT_STARTED])]
    found = []
    for project, group in claims.groupby("project", sort=False):
        left = group[(group["housed"] == "") | (group["housed"] > last)]
        month = "" if len(left) else str(group["housed"].max())
        mine = left if len(left) else group[group["housed"] == month]
        if mine.empty:
            continue
        found.append(_wait(plan, str(project), mine, month))
    return sorted(found, key=lambda wait: (wait.month or "~", wait.households), reverse=True)


def longest_out(waits: Iterable[ProjectWait], last: str) -> ProjectWait | None:
    """The project whose last households are out for longest, of those that the scenario states a month for."""
    known = [(months, wait) for wait in waits if (months := wait.months_out(last)) is not None]
    return max(known, key=lambda item: item[0])[1] if known else None


def _wait(plan: PlanRecord, project: str, rows: pd.DataFrame, month: str) -> ProjectWait:
    most = rows.groupby(["route", "pool"], sort=False)["count"].sum().idxmax() if month else (WAITING, "")
    route, pool = map(str, most)  # type: ignore[call-overload]
    source = pool.split("/")[0].split(";")[0]
    ready = ""
    handed = plan.construction[(plan.construction["handed_over"] == "yes") & (plan.construction["month"] == month)]
    delivered = deliveries(plan.stated)
    for phase in handed["phase"].map(str):
        if phase in delivered and not pools_of_phase(delivered[phase]).isdisjoint(pool.split(";")):
            ready = phase
    unbuilt, homes, given = ((), 0.0, 0) if month else _own_homes(plan, project)
    return ProjectWait(
        project=project,
        households=count_households(rows),
        month=month,
        route=route,
        source=source if route in ROUTES else "",
        ready=ready,
        built=bool(ready) or month in arrivals(plan.stated).get(source, {}),
        out_since=str(plan.stated.get("projects", {}).get(project, {}).get("moved_out") or ""),
        unbuilt=unbuilt,
        homes=homes,
        given=given,
    )


def _own_homes(plan: PlanRecord, project: str) -> tuple[tuple[str, ...], float, int]:
    """Phases of a project's own estates that are not handed over; homes there are in these, and how many are given."""
    last = last_month(plan.start, plan.months)
    stated = plan.stated.get("estates", {})
    own = {estate for estate, item in stated.items() if project in item.get("projects", [])}
    handed = plan.construction[(plan.construction["handed_over"] == "yes") & (plan.construction["month"] <= last)]
    ready = set(handed["phase"].map(str))
    mine = {phase: each for phase, each in deliveries(plan.stated).items() if each.estate in own}
    homes = sum(sum(each.pools.values()) for phase, each in mine.items() if phase in ready)
    homes += sum(float(unit.get("on_hand", 0)) for estate in own for unit in stated[estate].get("units", []))
    coming = arrivals(plan.stated)
    homes += sum(amount for estate in own for month, amount in coming.get(estate, {}).items() if month <= last)
    taken = plan.claims[(plan.claims["housed"] != "") & (plan.claims["housed"] <= last)]
    by_pool = taken.groupby("pool", sort=False)["count"].sum()
    given = sum(
        int(count) * sum(home.rpartition("/")[0] in own for home in str(pool).split(";"))
        for pool, count in by_pool.items()
    )
    return tuple(phase for phase in mine if phase not in ready), homes, given


def coming_month(plan: PlanRecord) -> str:
    """The first month of a plan, or, of one that goes on, the first one to come."""
    return plan.start if plan.replanned is None else plan.replanned.month


def signing(plan: PlanRecord) -> Signing:
    """What is signed in the month to come."""
    month = coming_month(plan)
    chosen = plan.claims[plan.claims["month"] == month]
    taken = set(chosen["route"])
    routes = {route: count_households(chosen[chosen["route"] == route]) for route in ROUTES if route in taken}
    table = phases(plan)
    begun = list(table.loc[table["first"] == month, "phase"])
    paid = plan.construction[plan.construction["month"] == month].set_index("phase")["amount"]
    money = plan.funds[plan.funds["month"] == month]
    borrowed = money[money["use"] == Entry.BORROWED].groupby("fund", sort=False)["amount"].sum()
    moved = money[money["use"] == Entry.MOVED_OUT].groupby(["fund", "purpose"], sort=False)["amount"].sum()
    out = money[(money["amount"] < 0) & ~money["use"].isin(UNSPENT)]
    return Signing(
        month=month,
        routes={route: count for route, count in routes.items() if count},
        started=tuple(map(str, plan.programme.loc[plan.programme["start"] == month, "item"])),
        phases={str(phase): float(paid[phase]) for phase in begun},
        borrowed={str(fund): float(amount) for fund, amount in borrowed.items() if amount > EMPTY},
        moved={(str(place[0]), str(place[1])): -float(amount) for place, amount in moved.items()},  # type: ignore[index]
        paid=round(-float(out["amount"].sum()), 2),
        owed=round(float(plan.fees.loc[plan.fees["month"] == month, "owed"].sum()), 2),
    )
