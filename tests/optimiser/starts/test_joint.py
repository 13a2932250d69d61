"""The relaxation without copies, beside the one with copies written out."""

from pathlib import Path

import pytest
from tests.optimiser.starts.mid_programme import mid_programme
from tests.optimiser.starts.test_outline import of_copies, opened

from renewopt.optimiser.starts import given
from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.joint import JointWaiting
from renewopt.scenario import Scenario
from renewopt.testing.tiny_programmes import written


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return written(mid_programme(1, projects=6, works=4, months=24, size=4, cohorts=2), tmp_path)


def test_households_that_wait_together_cost_what_copies_of_them_cost(scenario: Scenario) -> None:
    problem, goal = opened(scenario), scenario.objective.minimise
    status, found = JointWaiting(problem, Aim(goal)).solve(60.0)
    assert status == "optimal"
    assert found is not None
    # Money that lacks has a price here; enough of it is there.
    assert found.value == pytest.approx(of_copies(problem, goal)[1].objective, rel=1e-6)


def test_many_households_are_taken_in_classes(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, goal = opened(scenario), scenario.objective.minimise
    whole = JointWaiting(problem, Aim(goal))
    monkeypatch.setattr(given, "CLASSES", 3)
    merged = JointWaiting(problem, Aim(goal))
    assert merged.model.shape < whole.model.shape
    assert merged.solve(60.0)[1] is not None
