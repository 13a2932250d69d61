"""A small programme that is in order, as sections; tests change what they need."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from renewopt.scenario import Scenario

SOUND: dict[str, Any] = {
    "name": "Programme",
    "start": "2024-01",
    "months": 12,
    "fee_policies": [
        {"id": "standard", "rate": 10, "term": 4, "overdue": [{"after": 0, "multiplier": 2}]},
    ],
    "projects": [
        {"id": "Old", "moved_out": "2022-01", "clearing": 3},
        {
            "id": "New",
            "kind": "urban_village",
            "start": {"from": "2024-02", "to": "2024-06", "must": True},
            "signing": [{"after": 0, "share": 0.5}, {"after": 2, "share": 0.5}],
            "stages": [{"after": 0, "amount": 100_000, "use": "cash"}, {"after": 3, "amount": 50_000}],
            "crews": {"teams": 1},
            "clearing": 1,
            "land": {"revenue": 5_000_000, "after": 2, "into": "budget", "deadline": "2024-12", "penalty": 1000},
            "delay_cost": 500,
        },
    ],
    "households": [
        {"id": "O1", "project": "Old", "area": 100},
        {"id": "N1", "project": "New", "area": 100, "moves_after": 1},
        {"id": "N2", "project": "New", "area": 80, "count": 5},
    ],
    "estates": [
        {
            "id": "Garden",
            "projects": ["New"],
            "units": [{"type": "flat", "on_hand": 2}],
            "phases": [{"id": "G1", "cost": 600_000, "delivers": {"flat": 4}, "land": ["New"], "build_months": 2}],
        }
    ],
    "works": [
        {
            "id": "Lane",
            "kind": "back_street",
            "start": {"from": "2024-03", "to": "2024-12"},
            "duration": 3,
            "cost": 300_000,
            "stages": [{"after": 0, "share": 0.5}, {"after": 3, "share": 0.5}],
            "crews": {"builders": 2},
            "delay_cost": 2000,
            "households_helped": 40,
            "hazards": 2,
        },
        {"id": "Pipe", "kind": "supporting", "duration": 0},
    ],
    "crews": [
        {"id": "teams", "per_month": 1},
        {"id": "builders", "per_month": {"2024-01..2024-06": 1, "2024-07..": 3}},
    ],
    "precedence": [
        {"before": "New", "after": "Lane", "from": "start", "lag": 1},
        {"before": "Lane", "after": "Pipe"},
    ],
    "starts": [{"kind": "back_street", "by": "2024-12", "most": 1}],
    "vouchers": [{"id": "voucher", "price": 5000}],
    "funds": [
        {"id": "budget", "opening": 1_000_000, "inflow": {"monthly": 200_000}},
        {"id": "bond", "opening": 500_000, "uses": ["commitments"], "kinds": ["back_street"]},
    ],
}


def sections(**changes: Any) -> dict[str, Any]:
    """The sound programme, changed: ``projects__1__clearing=3`` sets a value, ``...`` deletes it."""
    result = deepcopy(SOUND)
    for address, value in changes.items():
        *steps, last = [int(step) if step.isdigit() else step for step in address.split("__")]
        at: Any = result
        for step in steps:
            at = at[step]
        if value is ...:
            del at[last]
        elif isinstance(at, list) and last == len(at):
            at.append(value)
        else:
            at[last] = value
    return result


def programme(**changes: Any) -> Scenario:
    """The changed programme, loaded."""
    return Scenario.from_tables(**sections(**changes))
