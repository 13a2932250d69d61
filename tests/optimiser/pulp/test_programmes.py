"""Open starts in PuLP: the same optimum as our own search, and rules of one's own on starts."""

from pathlib import Path

import pytest
from tests.conftest import full_count
from tests.results.test_starting import OPEN

import renewopt
from renewopt.optimiser.starts.choosing import choose
from renewopt.results.modelling import ProgrammeModel, to_pulp
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme
from renewopt.testing.tiny_programmes import tiny_programme, written


def opened(scenario: Scenario) -> ProgrammeModel:
    model = to_pulp(scenario)
    assert isinstance(model, ProgrammeModel)
    return model


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_it_comes_to_the_same_plan(solver: str, tmp_path: Path) -> None:
    scenario = written(OPEN, tmp_path)
    ours, theirs = renewopt.plan(scenario, gap=0.0), opened(scenario).plan(solver, gap=0.0)
    assert theirs.starts == ours.starts
    assert theirs.objective == pytest.approx(ours.objective, abs=0.01)
    assert theirs.bound == pytest.approx(ours.objective, abs=1.0)
    assert renewopt.audit(scenario, theirs) == []
    assert theirs.options["solver"] == f"pulp:{solver}"
    assert "own_constraints" not in theirs.options


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(full_count(4, 100)))
def test_drawn_programmes_come_to_the_same_optimum(seed: int, tmp_path: Path) -> None:
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    expected = choose(scenario, programme, gap=0.0)
    if programme.fixed or expected.objective is None:
        return
    assert opened(scenario).plan(gap=0.0).objective == pytest.approx(expected.objective, abs=2.0)


def test_a_rule_of_ones_own_on_starts_is_kept(tmp_path: Path) -> None:
    scenario = written(OPEN, tmp_path)
    model = opened(scenario)
    model.problem += model.begun["P", "2024-02"] == 0, "not_before_march"
    made = model.plan(gap=0.0)
    assert made.starts["P"] == "2024-03"
    assert made.options["own_constraints"] == "not_before_march"
    assert made.objective > renewopt.plan(scenario, gap=0.0).objective


def test_what_no_schedule_keeps_is_told(tmp_path: Path) -> None:
    model = opened(written(OPEN, tmp_path))
    model.problem += model.begun["P", "2024-04"] == 0, "never"
    with pytest.raises(renewopt.ScenarioError, match="no schedule was found"):
        model.plan(gap=0.0)


def test_rules_on_anything_else_are_refused(tmp_path: Path) -> None:
    model = opened(written(OPEN, tmp_path))
    name = model.formulation["settle"].names()[0]
    model.problem += model.columns[name] == 0, "not_there"
    with pytest.raises(ValueError, match=r"not_there: of a programme, constraints can be about"):
        model.plan(gap=0.0)
    model = opened(written(OPEN, tmp_path))
    model.problem.setObjective(model.start["P", "2024-01"] * 1.0)
    with pytest.raises(ValueError, match="the objective was changed"):
        model.plan(gap=0.0)


def test_a_number_of_starts_that_is_bounded_from_both_sides_stands_as_it_was_made(tmp_path: Path) -> None:
    scenario = written(OPEN | {"starts": [{"by": "2024-02", "least": 1, "most": 1}]}, tmp_path)
    model = opened(scenario)
    model.problem += model.begun["Q", "2024-03"] == 1, "q"
    made = model.plan(gap=0.0)
    assert sum(month is not None and month <= "2024-02" for month in made.starts.values()) == 1
    assert made.options["own_constraints"] == "q"
