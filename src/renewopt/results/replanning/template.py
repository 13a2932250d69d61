"""The table of what happened, filled in as if all went as planned: an office changes what did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    blocks: list[Mapping[str, Any]] = [
        {"what": "started", "month": begun["start"], "item": begun["item"]},
        {
            "what": "chosen",
            "count": claims["count"].map(str),
            **{name: claims[name] for name in ("month", "household", "part", "route", "pool")},
        },
        {"what": "handed_over", "month": built["month"], "phase": built["phase"]},
        _movements("paid", plan.funds[plan.funds["use"].isin(USES)]),
        _movements("received", plan.funds[plan.funds["use"] == Entry.INFLOW]),
    ]
    columns: dict[str, list[str]] = {name: [] for name in ACTUALS}
    for block in blocks:
        rows = len(block["month"])
        for name, column in columns.items():
            values = block.get(name, "")
            column.extend([values] * rows if isinstance(values, str) else values)
    return pd.DataFrame(columns, dtype=object).sort_values("month", kind="stable", ignore_index=True)


def _movements(what: str, rows: pd.DataFrame) -> dict[str, str | list[str]]:
    """Payments by phase, or by use; each fund and month."""
    fen: dict[tuple[str, str, str, str], int] = {}
    for month, fund, use, purpose, amount in zip(
        *(rows[name].to_numpy() for name in ("month", "fund", "use", "purpose")),
        (rows["amount"].abs() * 100).round().astype(np.int64).tolist(),
        strict=True,
    ):
        builds = use == Use.CONSTRUCTION
        told = "" if builds or what == "received" else use
        key = (month, fund, told, str(purpose).partition("/")[2] if builds else "")
        fen[key] = fen.get(key, 0) + amount
    return {
        "what": what,
        "amount": [f"{amount // 100}.{amount % 100:02d}" for amount in fen.values()],
        **{name: [key[place] for key in fen] for place, name in enumerate(("month", "fund", "use", "phase"))},
    }
