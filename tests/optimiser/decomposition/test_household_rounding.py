"""Whole households for a schedule: where the split ones alone have no room, others are searched with them."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.waiting import UNHURRIED

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.decomposition.household_rounding import CLOSEST_SEARCH, OTHERS, HouseholdRounding
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.linear import IntArray
from renewopt.problem import compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write


@pytest.mark.parametrize("refused", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_where_split_households_have_no_room_others_are_searched_with_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refused: int
) -> None:
    """The first searches are made to find nothing, as where a limit leaves no room."""
    problem = compile_problem(load(write(tmp_path, synthesise(400, seed=3, months=24, projects=2))))
    asked: list[IntArray] = []
    search = HouseholdRounding._search

    def without_room(self: HouseholdRounding, settled: Any, claims: IntArray, *others: Any) -> Any:
        asked.append(claims)
        return search(self, settled, claims, *others) if len(asked) > refused else None

    monkeypatch.setattr(HouseholdRounding, "_search", without_room)
    solution = optimise(
        problem, gap=0.03, method="structured", time_limit=UNHURRIED, check=lambda d: not audit_decisions(problem, d)
    )
    assert solution.decisions is not None
    assert not audit_decisions(problem, solution.decisions)
    first, second = asked[:2]
    assert np.isin(first, second).all()
    assert first.size < second.size <= first.size + OTHERS[1]
    assert len(asked) > refused


@pytest.mark.slow
def test_the_search_goes_on_for_a_plan_that_may_be_good_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where half the gap might miss it: not where no plan can be good enough, nor where any within half the gap is."""
    problem = compile_problem(load(write(tmp_path, synthesise(200, seed=3, months=24, projects=2))))
    calls: list[tuple[HouseholdRounding, Any]] = []

    def kept(self: HouseholdRounding, *how: Any) -> Any:
        calls.append((self, how[:5]))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(HouseholdRounding, "find", kept)
        optimise(problem, gap=1e-3, method="structured", time_limit=UNHURRIED)
    ((rounding, how),) = calls
    options: list[tuple[str, Any]] = []
    results: list[Raw] = []
    choose, run = Engine.set, Engine.run

    def chosen(self: Engine, option: str, value: Any) -> None:
        options.append((option, value))
        choose(self, option, value)

    def told(self: Engine, **limits: Any) -> Raw:
        results.append(run(self, **limits))
        return results[-1]

    monkeypatch.setattr(Engine, "set", chosen)
    monkeypatch.setattr(Engine, "run", told)

    def found(good_enough: float) -> tuple[dict[str, Any], Raw, Raw]:
        """Options of the search, the relaxation before it, and what it found."""
        options.clear()
        results.clear()
        assert rounding.find(*how, good_enough) is not None
        return {name: value for name, value in options if name != "time_limit"}, results[0], results[-1]

    half = 0.5e-3
    plain, relaxed, usual = found(-math.inf)
    least = relaxed.objective
    for within in (-0.1, 1.1):
        asked, _, _ = found(least / (1.0 - within * half))
        assert asked == plain
        assert asked["mip_rel_gap"] == half
        assert "objective_target" not in asked
    target = least / (1.0 - 0.9 * half)
    asked, _, result = found(target)
    assert asked["objective_target"] == target
    assert asked["mip_rel_gap"] == CLOSEST_SEARCH
    assert result.objective <= max(target, usual.objective)
