"""Programmes of works alone whose optima are known: project selection under budgets, scheduling with crews."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import full_count

from renewopt.optimiser.starts.choosing import choose
from renewopt.scheduling import compile_programme, faults
from renewopt.testing.tiny_programmes import written

YUAN = 10_000
"""One unit of a file."""


@dataclass(frozen=True)
class Knapsack:
    profits: list[float]
    weights: list[list[float]]
    budgets: list[float]
    optimum: float


def knapsacks(path: Path) -> Iterator[Knapsack]:
    numbers = iter(path.read_text(encoding="utf-8").split())
    for _ in range(int(next(numbers))):
        items, budgets, optimum = int(next(numbers)), int(next(numbers)), float(next(numbers))
        profits = [float(next(numbers)) for _ in range(items)]
        weights = [[float(next(numbers)) for _ in range(items)] for _ in range(budgets)]
        yield Knapsack(profits, weights, [float(next(numbers)) for _ in range(budgets)], optimum)


def selection(case: Knapsack) -> dict[str, Any]:
    """Works that can start in the first month alone, paid month by month from money that lapses: profit is delay."""
    months = len(case.budgets)
    works = [
        {
            "id": f"W{item}",
            "duration": months - 1,
            "start": {"to": "2024-01"},
            "stages": [{"after": i, "amount": row[item] * YUAN} for i, row in enumerate(case.weights) if row[item]],
            "delay_cost": profit * YUAN,
        }
        for item, profit in enumerate(case.profits)
    ]
    inflow = {f"2024-{i + 1:02d}": budget * YUAN for i, budget in enumerate(case.budgets)}
    return {
        "name": "Selection",
        "start": "2024-01",
        "months": months,
        "works": works,
        "funds": [{"id": "F", "carry_over": "month", "inflow": {"by_month": inflow}}],
        "objective": {"after_horizon_months": 0},
    }


@pytest.mark.parametrize("number", range(7))
def test_works_are_selected_as_the_known_optimum_selects(number: int, known_optima: Path, tmp_path: Path) -> None:
    case = list(knapsacks(known_optima / "mknap" / "mknap1.txt"))[number]
    scenario = written(selection(case), tmp_path)
    chosen = choose(scenario, compile_programme(scenario), gap=0.0)
    assert chosen.status == "optimal"
    assert sum(case.profits) * len(case.budgets) - chosen.objective / YUAN == pytest.approx(case.optimum, abs=1e-3)


def crews(path: Path, months: int) -> dict[str, Any]:
    """30 works, their precedence and four crews; only the last one's delay costs anything."""
    text = path.read_text(encoding="utf-8")

    def rows(title: str, skip: int) -> list[list[int]]:
        lines = text.split(title)[1].split("****")[0].strip().splitlines()[skip:]
        return [[int(number) for number in line.split()] for line in lines]

    works = [
        {
            "id": f"W{row[0]}",
            "duration": row[2],
            "start": {"must": True},
            "crews": {f"R{k}": number for k, number in enumerate(row[3:]) if number},
        }
        for row in rows("REQUESTS/DURATIONS:", 2)
    ]
    return {
        "name": path.stem,
        "start": "2024-01",
        "months": months,
        "works": [*works[:-1], works[-1] | {"delay_cost": YUAN}],
        "crews": [{"id": f"R{k}", "per_month": number} for k, number in enumerate(rows("AVAILABILITIES:", 1)[0])],
        "precedence": [
            {"before": f"W{row[0]}", "after": f"W{after}"}
            for row in rows("PRECEDENCE RELATIONS:", 1)
            for after in row[3:]
        ],
        "objective": {"after_horizon_months": 0},
    }


EASY = ("j301_1", "j301_2", "j301_3", "j303_1", "j303_5", "j3017_2", "j3018_4", "j3033_1", "j3034_3")
HARD = ("j3017_1", "j305_1", "j3021_2")
LONG = 158
"""Months, as in the files: far more than any of them needs."""


def optima(folder: Path) -> dict[str, int]:
    lines = (folder / "rcpsp" / "optima.txt").read_text(encoding="utf-8").splitlines()
    return {name: int(value) for name, value in (line.split() for line in lines if not line.startswith("#"))}


@pytest.mark.slow
@pytest.mark.parametrize("name", EASY[: full_count(6, 9)])
def test_the_least_makespan_is_found_and_proven(name: str, known_optima: Path, tmp_path: Path) -> None:
    scenario = written(crews(known_optima / "rcpsp" / f"{name}.sm", LONG), tmp_path)
    programme = compile_programme(scenario)
    chosen = choose(scenario, programme, gap=0.0)
    assert chosen.status == "optimal"
    assert chosen.objective == pytest.approx(optima(known_optima)[name] * YUAN)
    assert not faults(programme, chosen.starts)


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD[: full_count(1, 3)])
def test_harder_ones_have_a_schedule_near_a_valid_bound(name: str, known_optima: Path, tmp_path: Path) -> None:
    scenario = written(crews(known_optima / "rcpsp" / f"{name}.sm", LONG), tmp_path)
    programme = compile_programme(scenario)
    chosen = choose(scenario, programme, gap=0.2)
    assert chosen.bound <= optima(known_optima)[name] * YUAN + 1.0 <= chosen.objective + 2.0
    assert chosen.gap <= 0.2
    assert not faults(programme, chosen.starts)
