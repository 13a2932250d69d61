"""The table of what happened, filled in as if all went as planned: an office changes what did not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from renewopt.results.record import PlanRecord
from renewopt.vocabulary import ROUTES, USES, Entry, Use

__all__ = ["ACTUALS", "actuals_template"]

ACTUALS = {
    "what": "text",
    "month": "text",
    "household": "text",
    "part": "text",
    "route": "text",
    "pool": "text",
    "count": "text",
    "phase": "text",
    "item": "text",
    "fund": "text",
    "use": "text",
    "amount": "text",
}
"""Columns of actuals.csv, as `renewopt.scenario.table_specs.ACTUALS`; a cell that a row does not need is empty."""


def actuals_template(plan: PlanRecord) -> pd.DataFrame:
    """Make the table of a plan with tables: starts, choices, handovers, payments and inflow, by month."""
    claims = plan.claims[plan.claims["route"].isin(ROUTES)]
    built = plan.construction[plan.construction["handed_over"] != ""]
    begun = plan.programme[plan.programme["start"] != ""]
    blocks = [
        _block("started", begun.rename(columns={"start": "month"}), "", "item"),
        _block("chosen", claims, claims["count"].astype(str), "household", "part", "route", "pool"),
        _block("handed_over", built, "", "phase"),
        _movements("paid", plan.funds[plan.funds["use"].isin(USES)]),
        _movements("received", plan.funds[plan.funds["use"] == Entry.INFLOW]),
    ]
    frame = pd.concat(blocks, ignore_index=True)
    return frame.sort_values("month", kind="stable", ignore_index=True)


def _block(what: str, rows: pd.DataFrame, count: pd.Series[str] | str, *columns: str) -> pd.DataFrame:
    frame = pd.DataFrame("", index=range(len(rows)), columns=list(ACTUALS), dtype=object)
    frame["what"], frame["month"] = what, rows["month"].to_numpy()
    frame["count"] = count if isinstance(count, str) else count.to_numpy()
    for name in columns:
        frame[name] = rows[name].to_numpy()
    return frame


def _movements(what: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Payments by phase, or by use; each fund and month."""
    building = (rows["use"] == Use.CONSTRUCTION).to_numpy()
    phase = [str(of).partition("/")[2] if builds else "" for of, builds in zip(rows["purpose"], building, strict=True)]
    use = np.where(building | (what == "received"), "", rows["use"])
    fen = (rows["amount"].abs() * 100).round().astype(np.int64)
    keyed = pd.DataFrame(
        {"month": rows["month"], "fund": rows["fund"], "use": use, "phase": phase, "fen": fen}
    ).groupby(["month", "fund", "use", "phase"], sort=False, as_index=False)["fen"].sum()  # fmt: skip
    frame = pd.DataFrame("", index=range(len(keyed)), columns=list(ACTUALS), dtype=object)
    frame["what"] = what
    for name in ("month", "fund", "use", "phase"):
        frame[name] = keyed[name].to_numpy()
    frame["amount"] = [f"{amount // 100}.{amount % 100:02d}" for amount in keyed["fen"].tolist()]
    return frame
