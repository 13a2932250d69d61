"""Phase beside phase: begun, completed and paid for, in both plans."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from renewopt.results.difference.money import fen_of
from renewopt.results.difference.record import Change, made
from renewopt.results.record import PlanRecord

__all__ = ["phases_beside"]


class _Built(NamedTuple):
    """What a plan does with a phase: first payment, handover ("": never), money by month in fen."""

    estate: str
    begun: str
    completed: str
    paid: dict[str, int]


_NOTHING = _Built("", "", "", {})


def phases_beside(a: PlanRecord, b: PlanRecord) -> pd.DataFrame:
    """Phases that one plan begins, completes or pays for otherwise than the other.

    A phase that both complete in the same month is `Change.MONEY` if it is paid for in other months or amounts.
    """
    sides = [_built(plan) for plan in (a, b)]
    rows: list[tuple[str, str, _Built, _Built]] = []
    for phase in dict.fromkeys([*sides[0], *sides[1]]):
        change = _change(phase, *sides)
        if change is not None:
            ours, theirs = (side.get(phase, _NOTHING) for side in sides)
            rows.append((phase, change, ours, theirs))
    paid = [
        [sum(built.paid.values()) for built in side] for side in ([row[2] for row in rows], [row[3] for row in rows])
    ]
    return made(
        "phases",
        {
            "phase": [row[0] for row in rows],
            "estate": [row[2].estate or row[3].estate for row in rows],
            "change": [row[1] for row in rows],
            **{
                f"{name}_{side}": [getattr(row[place], name) for row in rows]
                for place, side in ((2, "a"), (3, "b"))
                for name in ("begun", "completed")
            },
            "amount_a": paid[0],
            "amount_b": paid[1],
            "difference": [theirs - ours for ours, theirs in zip(*paid, strict=True)],
        },
    )


def _built(plan: PlanRecord) -> dict[str, _Built]:
    """Every phase that the scenario states or the plan tells of."""
    stated = {
        phase: _NOTHING._replace(estate=str(keys.get("estate", "")))
        for phase, keys in plan.stated.get("phases", {}).items()
    }
    told = {}
    for phase, rows in plan.construction.assign(fen=fen_of(plan.construction["amount"])).groupby("phase", sort=False):
        paid = rows[rows["fen"] != 0].groupby("month")["fen"].sum()
        handed = rows.loc[rows["handed_over"] != "", "month"]
        told[str(phase)] = _Built(
            str(rows["estate"].iloc[0]),
            str(paid.index.min()) if len(paid) else "",
            str(handed.iloc[0]) if len(handed) else "",
            {str(month): int(fen) for month, fen in paid.items()},
        )
    return {**stated, **told}


def _change(phase: str, a: dict[str, _Built], b: dict[str, _Built]) -> str | None:
    if phase not in a or phase not in b:
        return Change.ONLY_B if phase not in a else Change.ONLY_A
    ours, theirs = a[phase], b[phase]
    if bool(ours.completed) != bool(theirs.completed):
        return Change.ADDED if theirs.completed else Change.DROPPED
    if ours.completed != theirs.completed:
        return Change.EARLIER if theirs.completed < ours.completed else Change.LATER
    return Change.MONEY if (ours.begun, ours.paid) != (theirs.begun, theirs.paid) else None
