"""Policies as a scenario states them, and the futures that a hedged one plans with."""

from pathlib import Path

import renewopt
from renewopt.problem import compile_problem
from renewopt.results.choosing import TRAINING_SEEDS, training_futures


def test_who_plans_with_a_sample_has_not_seen_the_stress_cases(repository: Path) -> None:
    scenario = renewopt.load(repository / "scenarios" / "uncertain.yaml")
    problem = compile_problem(scenario)
    sample = training_futures(scenario)(problem, 6)
    assert [(future.id, future.seed) for future in sample] == [("rough", TRAINING_SEEDS + n) for n in range(6)]


def test_stress_cases_are_planned_with_where_nothing_random_is_stated(repository: Path) -> None:
    scenario = renewopt.load(repository / "scenarios" / "uncertain.yaml")
    problem = compile_problem(scenario)
    fixed = scenario.model_copy(update={"futures": [each for each in scenario.futures if each.id != "rough"]})
    assert [future.id for future in training_futures(fixed)(problem, 3)] == ["late", "lean", "late"]
    none = scenario.model_copy(update={"futures": []})
    assert training_futures(none)(problem, 3) == []
