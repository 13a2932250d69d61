"""The relocation problem: how many homes it takes to begin with, known by the two-machine rule of Johnson.

Building j has n_j households and a_j new homes on its own ground. Those with a_j ≥ n_j come first, by rising n_j, then
the others by falling a_j: no sequence needs fewer homes at the start (Kaplan, Amir 1988).
"""

from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.conftest import full_count

from renewopt.optimiser.starts.choosing import choose
from renewopt.scheduling import compile_programme, faults
from renewopt.testing.tiny_programmes import written

Building = tuple[int, int]
"""Households, and new homes."""


def needed(sequence: list[Building]) -> int:
    """Homes that a sequence of buildings takes to begin with."""
    least, gained = 0, 0
    for households, homes in sequence:
        least = max(least, households - gained)
        gained += homes - households
    return least


def in_best_order(buildings: list[Building]) -> list[Building]:
    growing = sorted((b for b in buildings if b[1] >= b[0]), key=lambda b: b[0])
    return growing + sorted((b for b in buildings if b[1] < b[0]), key=lambda b: -b[1])


def drawn(seed: int) -> list[Building]:
    random = Random(seed)
    return [(random.randint(1, 5), random.randint(1, 6)) for _ in range(random.choice([2, 3, 3, 4, 5, 6]))]


def content(buildings: list[Building], homes: int) -> dict[str, Any]:
    """The content of a scenario: one home for a household, in the month of moving out, whatever it costs."""
    numbers = range(len(buildings))
    phases = [
        {
            "id": f"E{i}",
            "cost": 0,
            "handover_lag": 0,
            "delivers": {"flat": buildings[i][1]},
            "land": [f"P{i}"],
            "build_months": 1,
        }
        for i in numbers
    ]
    return {
        "name": "Relocation",
        "start": "2024-01",
        "months": len(buildings) + 1,
        "fee_policies": [{"id": "standard", "rate": 10, "term": 0, "overdue": [{"after": 0, "multiplier": 2}]}],
        "projects": [{"id": f"P{i}", "start": {"must": True}} for i in numbers],
        "households": [{"id": f"H{i}", "project": f"P{i}", "area": 60, "count": buildings[i][0]} for i in numbers],
        "estates": [{"id": "E", "open_to": "all", "units": [{"type": "flat", "on_hand": homes}], "phases": phases}],
        "funds": [{"id": "F", "inflow": {"monthly": 5000}}],
        "objective": {"start_only_if_housed": True, "after_horizon_months": 0},
    }


@pytest.mark.parametrize("seed", range(20))
def test_no_sequence_needs_fewer_homes_than_the_rule_says(seed: int) -> None:
    buildings = drawn(seed)
    assert needed(in_best_order(buildings)) == min(needed(list(each)) for each in permutations(buildings))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(full_count(8, 200)))
def test_as_many_homes_as_needed_are_enough_and_one_less_is_not(seed: int, tmp_path: Path) -> None:
    buildings = drawn(seed)
    homes = needed(in_best_order(buildings))
    scenario = written(content(buildings, homes), tmp_path)
    programme = compile_programme(scenario)
    chosen = choose(scenario, programme, gap=1.0)
    assert chosen.objective is not None
    assert chosen.starts is not None
    assert not faults(programme, chosen.starts)
    if homes:
        scenario = written(content(buildings, homes - 1), tmp_path)
        assert choose(scenario, compile_programme(scenario), gap=1.0).status == "infeasible"
