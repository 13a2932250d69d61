"""Money needed by fund and quarter, and homes by quarter: the small table of the brief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from renewopt.results.reporting.facts import arrivals, deliveries, last_month
from renewopt.units import Month
from renewopt.vocabulary import UNSPENT, Payer, Use

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["Period", "Quarters", "missing", "periods_of", "quarters_of"]

QUARTERS = 4
"""That are shown one by one; then come years."""
YEARS = 3
"""The last of them holds all that is left of the horizon."""
FUNDS = 6
"""Funds that pay most; the others are told together."""


@dataclass(frozen=True)
class Period:
    """Months that are told together.

    Attributes
    ----------
    first, last
        ``YYYY-MM``; of what comes after the horizon, `last` is "".
    quarter
        Number of the calendar quarter; 0: it is none.
    """

    first: str
    last: str
    quarter: int = 0

    def holds(self, months: pd.Series) -> pd.Series:
        """Which months lie within."""
        inside = months >= self.first
        return inside & (months <= self.last) if self.last else inside


@dataclass(frozen=True)
class Quarters:
    """Figures by period; the last column of each row is the sum of the others.

    Attributes
    ----------
    periods
        Quarters, years, and what comes after the horizon, where anything does.
    paid
        By fund: yuan paid out, what only moves between funds or lapses left out; "" for all funds that are not named.
    repaid
        Of it, yuan that repay loans; None where none does.
    outside
        Yuan that are missing, and come from outside of the funds; None where none are.
    homes
        Homes handed over; None where nothing is built or arrives.
    housed
        Households housed.
    """

    periods: tuple[Period, ...]
    paid: dict[str, tuple[float, ...]]
    repaid: tuple[float, ...] | None
    outside: tuple[float, ...] | None
    homes: tuple[float, ...] | None
    housed: tuple[int, ...]

    @property
    def total(self) -> tuple[float, ...]:
        """Yuan paid out of all funds."""
        return tuple(round(sum(column), 2) for column in zip(*self.paid.values(), strict=True))


def periods_of(start: str, months: int) -> list[Period]:
    """Four calendar quarters from the start, then years, all within the horizon.

    Examples
    --------
    >>> [(period.first, period.last, period.quarter) for period in periods_of("2024-02", 8)]
    [('2024-02', '2024-03', 1), ('2024-04', '2024-06', 2), ('2024-07', '2024-09', 3)]
    """
    end = Month.parse(last_month(start, months))
    first = Month.parse(start)
    found: list[Period] = []
    while first <= end and len(found) < QUARTERS:
        last = min(first + (2 - (first.month - 1) % 3), end)
        found.append(Period(str(first), str(last), (first.month - 1) // 3 + 1))
        first = last + 1
    years = 0
    while first <= end:
        years += 1
        last = end if years == YEARS else min(first + (12 - first.month), end)
        found.append(Period(str(first), str(last)))
        first = last + 1
    return found


def quarters_of(plan: PlanRecord) -> Quarters:
    """Add up what each fund pays and how many homes come, by quarter and year.

    Parameters
    ----------
    plan
        One with tables.
    """
    periods = periods_of(plan.start, plan.months)
    out = plan.funds[(plan.funds["amount"] < 0) & ~plan.funds["use"].isin(UNSPENT)]
    repaid = out[out["use"] == Use.PRINCIPAL]
    outside = missing(plan)
    homes = _homes(plan)
    housed = plan.people[plan.people["housed"] > 0]
    end = str(Month.parse(periods[-1].last) + 1)
    if any((table["month"] >= end).any() for table in (out, outside, homes, housed)):
        periods.append(Period(end, ""))
    by_fund = out.groupby("fund", sort=False)["amount"].sum().sort_values(kind="stable")
    named = list(by_fund.index[: FUNDS if len(by_fund) <= FUNDS else FUNDS - 1])
    order = [fund for fund in dict.fromkeys(plan.funds["fund"]) if fund in named]
    paid = {str(fund): _by_period(out[out["fund"] == fund], "amount", periods, -1.0) for fund in order}
    if len(named) < len(by_fund):
        paid[""] = _by_period(out[~out["fund"].isin(named)], "amount", periods, -1.0)
    return Quarters(
        tuple(periods),
        paid,
        None if repaid.empty else _by_period(repaid, "amount", periods, -1.0),
        None if outside.empty else _by_period(outside, "amount", periods, -1.0),
        None if homes.empty else _by_period(homes, "homes", periods),
        tuple(int(count) for count in _by_period(housed, "housed", periods)),
    )


def missing(plan: PlanRecord) -> pd.DataFrame:
    """What comes from outside of the funds, by the household statement, which no fund and nobody else pays.

    Returns
    -------
    pandas.DataFrame
        A row for each month and purpose: ``month``, ``use``, ``purpose``, ``amount`` in yuan, below 0.
    """
    rows = plan.statement[plan.statement["paid_by"] == Payer.OUTSIDE]
    columns = ["month", "use", "purpose", "amount"]
    found = [
        (str(Month.parse(str(month)) + later), use, purpose, monthly)
        for month, until, use, purpose, monthly in zip(
            *(rows[name] for name in ("month", "until", "use", "purpose", "monthly")), strict=True
        )
        for later in range(Month.parse(str(until)) - Month.parse(str(month)) + 1)
    ]
    return pd.DataFrame(found, columns=columns).groupby(columns[:3], sort=False)[["amount"]].sum().reset_index()


def _by_period(table: pd.DataFrame, column: str, periods: list[Period], sign: float = 1.0) -> tuple[float, ...]:
    sums = [round(sign * float(table.loc[period.holds(table["month"]), column].sum()), 2) + 0.0 for period in periods]
    return (*sums, round(float(np.sum(sums)), 2))


def _homes(plan: PlanRecord) -> pd.DataFrame:
    """Homes of phases in the month of their handover, and those that arrive from the start on by themselves."""
    delivered = deliveries(plan.stated)
    handed = plan.construction[plan.construction["handed_over"] == "yes"]
    rows = [
        (str(row.month), sum(delivered[str(row.phase)].pools.values()))
        for row in handed.itertuples(index=False)
        if str(row.phase) in delivered
    ]
    for months in arrivals(plan.stated).values():
        rows += [(month, homes) for month, homes in months.items() if month >= plan.start]
    return pd.DataFrame(
        {"month": pd.Series([row[0] for row in rows], dtype=object), "homes": [float(row[1]) for row in rows]}
    )
