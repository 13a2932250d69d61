"""What a replanned plan knows of the plan before it: the past that it repeats, and what became of what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

__all__ = ["CAUSES", "PROMISES", "Replanned", "no_promises"]

PROMISES = {
    "household": "text",
    "part": "text",
    "count": "count",
    "route_before": "text",
    "pool_before": "text",
    "month_before": "text",
    "route": "text",
    "pool": "text",
    "month": "text",
    "cause": "text",
}
"""Columns of promises.csv: one row for each promise that is not kept, and why (`CAUSES`)."""

CAUSES = ("start_late", "home_late", "cheaper")
"""The project has not started by then; the home that was announced is not there by then; it could be kept, and the
district is better off without."""


def no_promises() -> pd.DataFrame:
    """Make the table of promises that are not kept, without rows."""
    kinds = {"text": object, "count": np.int64}
    return pd.DataFrame({name: pd.Series([], dtype=kinds[kind]) for name, kind in PROMISES.items()})


@dataclass(frozen=True)
class Replanned:
    """How a plan came of an earlier one. Amounts are yuan, months ``YYYY-MM``.

    Attributes
    ----------
    month
        First month that was planned anew; what came before is repeated.
    inflow
        Fund and month to what came in more than was planned (or was paid out less), below 0 where it was less.
    expected
        Phase to the month in which it is expected at the earliest.
    starts_before
        Project or work to the month in which the plan before started it, where that is another one now; None: it was
        left out.
    opening_objective
        Objective of the plan before.
    promise_price
        What a change of a promise counts as in the objective; 0: nothing.
    promises, feasible, kept
        Households to which something was announced for `month` or later; those of them whose home is there by then all
        the same, beside those of all promises that are kept; those that get what was announced, in its month.
    promise_cost
        `promise_price` × promises not kept: in the objective, in no fee and no fund.
    keeping, keepable
        By how much the objective, promises aside, would rise if as many promises as can be were kept, and how many
        these are; None: not found out.
    keeping_gap
        Gap to which that was searched, as a fraction of the objective; None where `keeping` is.
    """

    month: str
    inflow: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)
    starts_before: Mapping[str, str | None] = field(default_factory=dict)
    opening_objective: float = 0.0
    promise_price: float = 0.0
    promises: int = 0
    feasible: int = 0
    kept: int = 0
    promise_cost: float = 0.0
    keeping: float | None = None
    keepable: int | None = None
    keeping_gap: float | None = None

    @property
    def changed(self) -> int:
        """Households whose feasible promise is not kept."""
        return self.feasible - self.kept
