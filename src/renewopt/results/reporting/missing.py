"""Money that is missing, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from renewopt.results.briefing.periods import missing

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["missing_by_month"]


def missing_by_month(plan: PlanRecord) -> pd.DataFrame:
    """List what is missing: in the plan, where there is one, else what the search found short.

    Parameters
    ----------
    plan
        Any; of one that keeps every rule, nothing is.

    Returns
    -------
    pandas.DataFrame
        Columns ``month``, ``use``, ``amount`` (yuan, above 0).
    """
    if plan.has_tables and plan.shortfall is not None:
        found = missing(plan)
        frame = found.assign(amount=-found["amount"])
        return frame.groupby(["month", "use"], sort=True)[["amount"]].sum().reset_index()
    rows = [
        (month, shortage.where.split("/")[0], amount)
        for shortage in plan.shortages
        for month, amount in shortage.by_month.items()
        if amount > 0
    ]
    frame = pd.DataFrame(rows, columns=["month", "use", "amount"]).astype({"amount": float})
    return frame.groupby(["month", "use"], sort=True)[["amount"]].sum().reset_index()
