"""A horizon that is a year longer changes no start by more than a tie: nothing is pushed over the edge."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.conftest import full_count

from renewopt.optimiser import optimise
from renewopt.optimiser.starts.choosing import choose
from renewopt.problem import compile_problem
from renewopt.scheduling import compile_programme, dated, faults, programme_delay
from renewopt.testing.tiny_programmes import written
from renewopt.units import FEN_PER_YUAN

MONTHS, LONGER = 12, 24


def small(seed: int, months: int) -> dict[str, Any]:
    """Two acquisitions and three works that all start in time, money that comes month by month."""
    random = Random(seed)
    works = [
        {
            "id": f"W{k}",
            "duration": random.choice([1, 2]),
            "cost": random.choice([100_000, 200_000]),
            "start": {"to": "2024-07", "must": True},
            "crews": {"team": 1},
            "delay_cost": random.choice([1_000, 2_000, 5_000]),
        }
        for k in range(3)
    ]
    projects = [
        {
            "id": f"P{k}",
            "start": {"to": "2024-06", "must": True},
            "clearing": 1,
            "land": {"revenue": random.choice([100_000, 300_000]), "after": 1, "into": "F"},
            "delay_cost": random.choice([2_000, 4_000]),
        }
        for k in range(2)
    ]
    households = [
        {"id": f"{p['id']}-1", "project": p["id"], "area": 60, "count": random.choice([1, 2, 3])} for p in projects
    ]
    return {
        "name": "Horizon",
        "start": "2024-01",
        "months": months,
        "fee_policies": [{"id": "f", "rate": 10, "term": 3, "overdue": [{"after": 0, "multiplier": 2}]}],
        "projects": projects,
        "households": households,
        "works": works,
        "crews": [{"id": "team", "per_month": 1}],
        "estates": [{"id": "E", "open_to": "all", "units": [{"type": "flat", "on_hand": 2}]}],
        "vouchers": [{"id": "v", "price": 1_000}],
        "funds": [{"id": "F", "opening": 100_000, "inflow": {"monthly": 60_000}}],
        "objective": {"after_horizon_months": 6},
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(full_count(3, 40)))
def test_a_year_more_changes_no_start_by_more_than_a_tie(seed: int, tmp_path: Path) -> None:
    scenario = written(small(seed, MONTHS), tmp_path)
    programme = compile_programme(scenario)
    short = choose(scenario, programme, gap=0.0)
    later = written(small(seed, LONGER), tmp_path)
    long = choose(later, compile_programme(later), gap=0.0)
    assert short.status == long.status == "optimal"
    assert long.starts is not None
    if short.starts == long.starts:
        return
    assert not faults(programme, long.starts)
    problem = compile_problem(dated(scenario, long.starts, programme))
    solution = optimise(problem, gap=0.0, describe=False)
    assert solution.objective is not None
    value = solution.objective + programme_delay(programme, long.starts) / FEN_PER_YUAN
    assert value == pytest.approx(short.objective, abs=1.0)
