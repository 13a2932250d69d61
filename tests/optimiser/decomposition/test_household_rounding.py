"""Whole households for a schedule: where the split ones alone have no room, others are searched with them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.waiting import UNHURRIED

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.decomposition.household_rounding import CLOSEST_SEARCH, OTHERS, HouseholdRounding
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


def test_a_plan_that_may_be_good_enough_is_looked_for_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the relaxation is good enough, so is the plan that is searched for; what is out of reach is left alone."""
    problem = compile_problem(load(write(tmp_path, synthesise(400, seed=3, months=24, projects=2))))
    asked: list[tuple[float, float]] = []
    search, relaxed = HouseholdRounding._search, HouseholdRounding._relaxed
    least: list[float] = []

    def told(self: HouseholdRounding, *how: Any) -> Any:
        *_, gap, enough = how
        asked.append((gap, enough))
        return search(self, *how)

    def solved(self: HouseholdRounding, *how: Any) -> Any:
        x, value = relaxed(self, *how)
        least.append(value)
        return x, value

    monkeypatch.setattr(HouseholdRounding, "_search", told)
    monkeypatch.setattr(HouseholdRounding, "_relaxed", solved)
    for gap in (1e-3, 0.03):
        asked.clear()
        least.clear()
        found = optimise(
            problem, gap=gap, method="structured", time_limit=UNHURRIED,
            check=lambda d: not audit_decisions(problem, d),
        )  # fmt: skip
        assert found.decisions is not None
        assert asked
        for (gap_of_search, enough), value in zip(asked, least, strict=False):
            assert (enough > -np.inf) == (gap_of_search == CLOSEST_SEARCH)
            assert enough == -np.inf or value < enough
    assert any(enough > -np.inf for _, enough in asked)
