"""Scales of axes: a unit in which figures stay short, and months or, where there are very many, years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from renewopt.charts.labels import Locale, quarter_told
from renewopt.units import Month

__all__ = ["DAY", "MONTHS_SHOWN", "Scale", "Span", "money_scale", "span_of", "span_of_payments"]

DAY = 86_400_000
"""Milliseconds, in which plotly measures time."""
MONTHS_SHOWN = 180
"""Beyond so many months, charts go by years: nobody sees a month, and the page stays small."""
QUARTERLY = 24
"""Beyond so many months, payments that come now and then are put together by quarters."""


@dataclass(frozen=True)
class Scale:
    """A unit of money.

    Attributes
    ----------
    yuan
        In one unit.
    unit
        Its name.
    """

    yuan: float
    unit: str

    def of(self, amounts: pd.Series) -> list[float]:
        """Amounts in this unit, to six digits: what a chart can show."""
        return [float(f"{amount:.6g}") for amount in (amounts.to_numpy(dtype=np.float64) / self.yuan).tolist()]

    def written(self, amount: float) -> str:
        """Write an amount below a head that says the unit."""
        return f"{amount / self.yuan:,.2f}" if self.yuan > 1 else f"{amount:,.0f}"


def money_scale(largest: float, say: Locale) -> Scale:
    """Choose the unit in which the largest amount has few digits before the point."""
    # Offices reckon in 万元, whatever the amount; 亿元 would lose the small ones beside the large.
    chinese: tuple[tuple[float, float, str], ...] = ((1e10, 1e8, "unit.1e8"), (1e4, 1e4, "unit.1e4"))
    english: tuple[tuple[float, float, str], ...] = ((2e6, 1e6, "unit.1e6"), (2e3, 1e3, "unit.1e3"))
    scales = chinese if say.lang == "zh" and say.place.currency.myriads else english
    if say.lang == "zh" and scales is english:
        # A million is 百万 in Chinese, which accounts in other currencies avoid: they are kept in thousands.
        scales = english[1:]
    for least, yuan, key in scales:
        if abs(largest) >= least:
            return Scale(yuan, say(key))
    return Scale(1.0, say("unit.yuan"))


@dataclass(frozen=True)
class Span:
    """How months are put together on an axis of time.

    Attributes
    ----------
    length
        Months that are one period: 1, 3 (calendar quarters) or 12 (years).
    """

    length: int

    @property
    def yearly(self) -> bool:
        """By years instead of months."""
        return self.length == 12

    def bars(self, months: pd.Series) -> dict[str, Any]:
        """Place of bars that fill their periods, side by side without gaps."""
        widths = {month: (_first_day(self._after(month)) - _first_day(month)).days * DAY for month in set(months)}
        return {"x": months.tolist(), "width": [widths[month] for month in months], "offset": 0}

    def _after(self, month: str) -> str:
        """First month of the next period."""
        return str(Month.parse(month) + self.length)

    def steps(self, months: pd.Series, values: list[float]) -> dict[str, Any]:
        """Place of a line that keeps its value through each period, as bars do; drawn with the shape ``hv``."""
        if months.empty:
            return {"x": [], "y": []}
        return {"x": [*months, f"{self._after(months.iloc[-1])}-01"], "y": [*values, values[-1]]}

    @property
    def lines(self) -> dict[str, str]:
        """Place of points in the middle of their periods."""
        return {"xperiod": f"M{self.length}", "xperiodalignment": "middle"}

    @property
    def tick(self) -> str:
        """How plotly writes a date."""
        return "%Y" if self.yearly else "%Y-%m"

    def told(self, month: str, say: Locale) -> str:
        """Write the period that begins with a month."""
        if self.length == 3:
            return quarter_told(f"{month[:-3]}Q{int(month[-2:]) // 3 + 1}", say)
        return month[:-3] if self.yearly else month

    def key(self, months: pd.Series) -> pd.Series:
        """First month of the period that each month lies in."""
        if self.length == 1:
            return months
        first = (months.str.slice(-2).astype(int) - 1) // self.length * self.length + 1
        return months.str.slice(0, -2) + first.astype(str).str.zfill(2)

    def flow(self, frame: pd.DataFrame, by: list[str], values: list[str]) -> pd.DataFrame:
        """Sums by period; columns ``month``, `by` and `values`."""
        keyed = frame.assign(month=self.key(frame["month"]))
        return keyed.groupby(["month", *by], sort=True, as_index=False)[values].sum()

    def stock(self, frame: pd.DataFrame, by: list[str], values: list[str]) -> pd.DataFrame:
        """Values at the end of each period; the frame has a row for each month and `by`."""
        summed = frame.groupby(["month", *by], sort=True, as_index=False)[values].sum()
        if self.length == 1:
            return summed
        keyed = summed.assign(period=self.key(summed["month"]))
        last = keyed.drop_duplicates(["period", *by], keep="last").drop(columns="month")
        return last.rename(columns={"period": "month"})[["month", *by, *values]].reset_index(drop=True)


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def span_of(months: pd.Series) -> Span:
    """Choose months or years by how many months there are."""
    return Span(12 if months.nunique() > MONTHS_SHOWN else 1)


def span_of_payments(months: pd.Series) -> Span:
    """Choose months, quarters or years by how many months there are, for payments that come now and then."""
    count = months.nunique()
    return Span(12 if count > MONTHS_SHOWN else 3 if count > QUARTERLY else 1)
