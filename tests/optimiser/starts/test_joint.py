"""The relaxation without copies, and that of given starts, beside the ones that are written out."""

from pathlib import Path

import pytest
from tests.optimiser.starts.mid_programme import mid_programme
from tests.optimiser.starts.test_outline import of_copies, opened

from renewopt.optimiser.starts import given
from renewopt.optimiser.starts.given import GivenStarts
from renewopt.optimiser.starts.joint import JointWaiting
from renewopt.optimiser.starts.local_search import relaxed_value
from renewopt.optimiser.starts.placing import first_schedules
from renewopt.problem import compile_problem
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme, dated, programme_delay
from renewopt.testing.tiny_programmes import written
from renewopt.units import FEN_PER_YUAN, YUAN_PER_WAN


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return written(mid_programme(1, projects=6, works=4, months=24, size=4, cohorts=2), tmp_path)


def test_households_that_wait_together_cost_what_copies_of_them_cost(scenario: Scenario) -> None:
    problem, goal = opened(scenario), scenario.objective.minimise
    status, found = JointWaiting(problem, goal).solve(60.0)
    assert status == "optimal"
    assert found is not None
    # Money that lacks has a price here; enough of it is there.
    assert found.value == pytest.approx(of_copies(problem, goal)[1].objective, rel=1e-6)


def test_given_starts_cost_what_the_dated_scenario_does(scenario: Scenario) -> None:
    programme, problem, goal = compile_programme(scenario), opened(scenario), scenario.objective.minimise
    starts = first_schedules(programme, problem.options)[0]
    plain = compile_problem(dated(scenario, programme.named(starts), programme))
    expected = relaxed_value(plain, goal, 60.0)[0] + programme_delay(programme, programme.named(starts)) / FEN_PER_YUAN
    relaxation = GivenStarts(problem, goal, starts)
    status, found = relaxation.solve(60.0)
    assert status == "optimal"
    assert found is not None
    assert found.value * YUAN_PER_WAN == pytest.approx(expected, rel=1e-6)


def test_many_households_are_taken_in_classes(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, goal = opened(scenario), scenario.objective.minimise
    whole = JointWaiting(problem, goal)
    monkeypatch.setattr(given, "CLASSES", 3)
    merged = JointWaiting(problem, goal)
    assert merged.model.shape < whole.model.shape
    assert merged.solve(60.0)[1] is not None
