"""What the work summary counts: by year and project, from the tables that the ledger gave, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.results.work_summary.renewal import Begun, begun_in, reached_in
from renewopt.units import FEN_PER_YUAN, Month
from renewopt.vocabulary import ENDED, NOT_STARTED, ROUTES, UNSPENT, Use

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["LEAST", "TOLD_USES", "Figures", "ProjectFigures", "figures_of", "years_of"]

LEAST = 0.005
"""Amounts below this are nothing."""
TOLD_USES = (Use.CONSTRUCTION, Use.VOUCHER, Use.UNITS, Use.CASH, Use.MOVING)
"""Uses of money that the summary tells of, beside fees."""


@dataclass(frozen=True)
class ProjectFigures:
    """A project in a span of months.

    Attributes
    ----------
    project
        Its id.
    involved
        Households not yet housed when the span begins.
    housed
        Of these, housed within the span.
    by_route
        The same by route; households whose parts took different routes are under ``mixed``.
    waiting
        Not housed when it ends.
    overdue
        Of these past the agreed term.
    ordinary, extra
        Ordinary and overdue transition fees accrued, yuan.
    saved
        Fees of the same months if everybody waited for the own estate, less those of the plan; yuan. None where the
        plan keeps no such comparison.
    """

    project: str
    involved: int
    housed: int
    by_route: Mapping[str, int]
    waiting: int
    overdue: int
    ordinary: float
    extra: float
    saved: float | None

    @property
    def fees(self) -> float:
        """Transition fees accrued, yuan."""
        return self.ordinary + self.extra


@dataclass(frozen=True)
class Figures:
    """A span of months of a plan.

    Attributes
    ----------
    first, last
        Months, ``YYYY-MM``.
    projects
        Those with households not yet housed when the span begins, or with fees in it, of the plan or of everybody
        waiting: what a finished project still saves counts.
    households
        All of the plan.
    done
        Housed by the end of the span, those of earlier years included.
    paid, owed
        Paid on fees within it, and owed on them at its end; yuan.
    spent
        Paid out of the funds within it, by use; yuan.
    offset
        Developers' debt that was set off (化债); yuan.
    handed_over
        Phases handed over within it, in their order.
    begun
        Projects and works of the programme that start within it, by kind.
    finished, cleared
        Works finished, and projects cleared, within it.
    """

    first: str
    last: str
    projects: tuple[ProjectFigures, ...]
    households: int
    done: int
    paid: float
    owed: float
    spent: Mapping[str, float]
    offset: float
    handed_over: tuple[str, ...]
    begun: tuple[Begun, ...]
    finished: int
    cleared: int

    @property
    def empty(self) -> bool:
        """Whether nothing is there to be told, and nothing saved."""
        return self.quiet and abs(self.saved or 0.0) < LEAST

    @property
    def quiet(self) -> bool:
        """Whether nothing is there to be told but what is still saved of what was done before."""
        moved = (self.total("fees"), self.paid, self.owed, self.offset)
        amounts = (*moved, *(self.spent.get(use, 0.0) for use in TOLD_USES))
        counted = (self.total("involved"), *map(len, (self.handed_over, self.begun)), self.finished, self.cleared)
        return not any(counted) and all(abs(amount) < LEAST for amount in amounts)

    @property
    def year(self) -> int:
        """Calendar year in which the span begins."""
        return int(self.first[:4])

    def total(self, name: str) -> float:
        """Sum of a figure over the projects."""
        return float(sum(getattr(project, name) for project in self.projects))

    @property
    def saved(self) -> float | None:
        """Saved by all projects against everybody waiting."""
        known = [project.saved for project in self.projects if project.saved is not None]
        return float(sum(known)) if known else None

    def route(self, route: str) -> int:
        """Households housed by a route."""
        return sum(project.by_route.get(route, 0) for project in self.projects)


def years_of(plan: PlanRecord) -> list[tuple[str, str]]:
    """First and last month of each calendar year of the plan's horizon."""
    start = Month.parse(plan.start)
    end = start + (plan.months - 1)
    return [(max(str(start), f"{year}-01"), min(str(end), f"{year}-12")) for year in range(start.year, end.year + 1)]


def figures_of(plan: PlanRecord, first: str, last: str) -> Figures:
    """Count a span of months.

    Parameters
    ----------
    plan : PlanRecord
        One that is feasible.
    first, last : str
        Months, ``YYYY-MM``, both within.
    """
    rows = plan.allocation[plan.allocation["route"] != NOT_STARTED]
    housed = rows["housed"].to_numpy(dtype=object)
    # Who is no more before being housed is none of those who are to be.
    ended, stops = (rows["route"] == ENDED).to_numpy(), rows["fee_stops"].to_numpy(dtype=object)
    done_before: NDArray[np.bool_] = ((housed != "") & (housed < first)) | (ended & (stops < first))
    done: NDArray[np.bool_] = (housed != "") & (housed <= last)
    within = done & (housed >= first)
    fees, base, people = (_span(table, first, last) for table in (plan.fees, plan.baseline, plan.people))
    at_end = plan.people[plan.people["month"] == last]
    projects = []
    names = dict.fromkeys([*people["project"], *rows["project"], *fees["project"]])
    for name in names:
        own = (rows["project"] == name).to_numpy(dtype=np.bool_)
        of_fees = fees[fees["project"] == name]
        ordinary, extra = (round(float(of_fees[column].sum()), 2) for column in ("ordinary", "overdue"))
        involved = _count(rows, own & ~done_before)
        saved = _saved(base, str(name), ordinary + extra)
        if not involved and not ordinary + extra and not saved:
            continue
        projects.append(
            ProjectFigures(
                project=str(name),
                involved=involved,
                housed=_count(rows, own & within),
                by_route=_by_route(rows[own & within]),
                waiting=_count(rows, own & ~done & ~(ended & (stops <= last))),
                overdue=int(at_end.loc[at_end["project"] == name, "overdue"].sum()),
                ordinary=ordinary,
                extra=extra,
                saved=saved,
            )
        )
    return Figures(
        first=first,
        last=last,
        projects=tuple(projects),
        households=plan.households,
        done=_count(rows, done),
        paid=round(float(fees["paid"].sum()), 2),
        owed=round(float(fees.loc[fees["month"] == last, "owed"].sum()), 2),
        spent=_spent(_span(plan.funds, first, last)),
        offset=_offset(plan, first, last),
        handed_over=_handed_over(_span(plan.construction, first, last)),
        begun=begun_in(plan, first, last),
        finished=reached_in(plan, "finish", first, last),
        cleared=reached_in(plan, "cleared", first, last),
    )


def _span(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    return table[(table["month"] >= first) & (table["month"] <= last)]


def _count(rows: pd.DataFrame, which: NDArray[np.bool_]) -> int:
    return int(rows["count"].to_numpy()[which].sum())


def _by_route(rows: pd.DataFrame) -> dict[str, int]:
    """Households by route; those of several routes as ``mixed``."""
    counts: dict[str, int] = {}
    for route, count in rows.groupby("route", sort=False)["count"].sum().items():
        name = str(route) if route in ROUTES else "mixed"
        counts[name] = counts.get(name, 0) + int(count)
    return counts


def _saved(base: pd.DataFrame, project: str, fees: float) -> float | None:
    if base.empty:
        return None
    own = base[base["project"] == project]
    return round(float(own["ordinary"].sum() + own["overdue"].sum()) - fees, 2)


def _spent(funds: pd.DataFrame) -> dict[str, float]:
    """Paid out by use; what only moves between funds is left out."""
    out = funds[(funds["amount"] < 0) & ~funds["use"].isin(UNSPENT)]
    return {
        str(use): round(float(-amount), 2) for use, amount in out.groupby("use", sort=False)["amount"].sum().items()
    }


def _offset(plan: PlanRecord, first: str, last: str) -> float:
    """Debt set off within the span, from the decisions."""
    if plan.decisions is None:
        return 0.0
    start = Month.parse(plan.start)
    rows = plan.decisions.offset
    months = rows[:, plan.decisions.MONTH_COLUMN["offset"]]
    within = (months >= Month.parse(first) - start) & (months <= Month.parse(last) - start)
    return float(np.sum(rows[within, 2])) / FEN_PER_YUAN


def _handed_over(construction: pd.DataFrame) -> tuple[str, ...]:
    return tuple(map(str, construction.loc[construction["handed_over"] == "yes", "phase"]))
