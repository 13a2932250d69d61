"""Whether all rules can be kept: answers by classes of households against those for whole ones."""

from __future__ import annotations

import pytest
from tests.results.conflicts.planted import planted

from renewopt.optimiser.infeasibility import feasibility
from renewopt.optimiser.infeasibility.feasibility import Effort, Feasibility, can_be_kept
from renewopt.problem import compile_problem
from renewopt.scenario import Scenario


def answer(scenario: Scenario, effort: float = 1e12) -> Feasibility:
    return can_be_kept(compile_problem(scenario), Effort(effort))


@pytest.mark.parametrize(
    "name", ["surplus", "throughput", "developer without homes", "household deadline", "money", "reserve_months"]
)
def test_classes_prove_what_parts_of_households_cannot_keep(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without, scenario = planted(name, 0)
    assert answer(without) == Feasibility(kept=True, proven=True)
    assert answer(scenario) == Feasibility(kept=False, proven=True)
    monkeypatch.setattr(feasibility, "RELAXED", -1)
    assert answer(without) == Feasibility(kept=True, proven=False)
    by_classes = answer(scenario)
    assert by_classes.kept is False
    assert by_classes.proven


def test_a_problem_that_prices_do_not_decide_is_simplified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasibility, "RELAXED", -1)
    problem = compile_problem(planted("money", 0)[1])
    assert can_be_kept(problem, Effort(1e12, rounds=0)) == Feasibility(kept=False, proven=False)


def test_what_is_scarce_is_hinted_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasibility, "RELAXED", -1)
    assert feasibility.MONEY in (answer(planted("money", 0)[1]).scarce or ())
    homes = answer(planted("phase earliest", 0)[1]).scarce
    assert homes == {"E", "E/flat", "P"}


def test_without_effort_classes_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasibility, "RELAXED", -1)
    assert answer(planted("money", 0)[1], 0.0) == Feasibility(None, proven=False)
