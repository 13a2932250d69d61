"""A programme of a middling size: ten projects, eight works, four years, cohorts of some three hundred households."""

from random import Random
from typing import Any

KINDS = ("urban_village", "acquisition")


def month(index: int) -> str:
    return f"{2024 + index // 12}-{index % 12 + 1:02d}"


def mid_programme(
    seed: int, *, projects: int = 10, works: int = 8, months: int = 48, size: int = 10, cohorts: int = 3
) -> dict[str, Any]:
    """The content of a scenario file; phases stand on the land of every second project."""
    random = Random(seed)
    stated, households, estates = [], [], []
    for j in range(projects):
        first = random.randint(0, 6)
        last = min(months - 8, first + random.randint(12, 24))
        project: dict[str, Any] = {
            "id": f"P{j}",
            "kind": random.choice(KINDS),
            "start": {"from": month(first), "to": month(last), "must": j % 3 == 0},
            "clearing": random.choice([2, 3]),
            "delay_cost": random.choice([20_000, 50_000, 80_000]),
            "stages": [{"after": after, "amount": random.randint(5, 20) * 100_000} for after in (0, 3)],
            "crews": {"casework": 1},
            "land": {"revenue": random.randint(8, 30) * 1_000_000, "after": random.choice([3, 6]), "into": "general"},
        }
        if j % 4 == 0:
            project["land"] |= {"deadline": month(random.randint(18, 30)), "penalty": 100_000}
        stated.append(project)
        total = 0
        for c in range(cohorts):
            count = random.randint(size // 2, size + size // 2)
            total += count
            households.append(
                {
                    "id": f"H{j}-{c}",
                    "project": project["id"],
                    "area": random.choice([60, 80, 100, 120]),
                    "count": count,
                    "moves_after": random.choice([0, 1, 2, 3]),
                }
            )
        if j % 2 == 0:
            phase = {
                "id": f"E{j}-1",
                "cost": round(total * 1.5) * 250_000,
                "handover_lag": 2,
                "delivers": {"flat": round(total * 1.6)},
                "land": [project["id"]],
                "build_months": 12,
            }
            estates.append({"id": f"E{j}", "open_to": "all", "units": [{"type": "flat"}], "phases": [phase]})
    households.append({"id": "B-0", "project": "B", "area": 90, "count": 30, "moves_after": None})
    estates.append({"id": "E", "open_to": "all", "units": [{"type": "flat", "on_hand": 40}]})
    streets = [
        {
            "id": f"W{w}",
            "kind": random.choice(["old_community", "back_street"]),
            "start": {"from": month(random.randint(0, 6)), "to": month(random.randint(30, 44)), "must": w % 2 == 0},
            "duration": random.randint(2, 8),
            "cost": random.randint(10, 60) * 100_000,
            "stages": [{"after": 0, "share": 0.5}, {"after": 2, "share": 0.5}],
            "crews": {"builders": 1},
            "delay_cost": random.choice([5_000, 20_000, 40_000]),
        }
        for w in range(works)
    ]
    asked = sum(phase["cost"] for each in estates for phase in each.get("phases", []))
    asked += sum(work["cost"] for work in streets)
    bond = {"uses": ["construction", "commitments"], "inflow": {"monthly": round(asked * 0.4 / months)}}
    return {
        "name": "Middling programme",
        "start": month(0),
        "months": months,
        "fee_policies": [
            {
                "id": "standard",
                "rate": 12,
                "term": 24,
                "overdue": [{"after": 0, "multiplier": 1.5}, {"after": 12, "multiplier": 2}],
            }
        ],
        "projects": [*stated, {"id": "B", "moved_out": "2022-06"}],
        "works": streets,
        "households": households,
        "estates": estates,
        "vouchers": [{"id": "voucher", "price": 6000}],
        "funds": [
            {"id": "general", "opening": 5_000_000, "inflow": {"monthly": round(asked * 0.6 / months)}},
            {"id": "bond", **bond},
        ],
        "crews": [{"id": "casework", "per_month": 3}, {"id": "builders", "per_month": 3}],
        "precedence": [
            {"before": "P1", "after": "W1"},
            {"before": "W0", "after": "W3"},
            {"before": "P0", "after": "P5", "from": "cleared"},
        ],
        "objective": {"after_horizon_months": 12},
    }
