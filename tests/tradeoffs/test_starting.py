"""Sweeps, frontiers and alternatives of programmes: every point decides what starts when."""

from pathlib import Path
from typing import Any

import pytest
from tests.comparison.test_starting import RICH

import renewopt
from renewopt.scenario import Scenario
from renewopt.testing.tiny_programmes import written


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return written(RICH, tmp_path)


def test_each_point_of_a_sweep_decides_its_starts(scenario: Scenario, tmp_path: Path) -> None:
    found = renewopt.sweep(scenario, {"works.W.delay_cost": "0,4000,9000"}, gap=0.0, out=tmp_path / "out")
    points = found.points.set_index("works.W.delay_cost")
    assert points["started"].tolist() == [1, 2, 2]
    assert points["programme_delay"].tolist() == [5_000, 9_000, 14_000]
    for cost, row in points.iterrows():
        content = RICH | {"works": [RICH["works"][0] | {"delay_cost": int(str(cost))}]}
        made = renewopt.plan(written(content, tmp_path), gap=0.0)
        assert row["objective"] == pytest.approx(made.objective, abs=0.02)
        assert row["bound"] == pytest.approx(made.objective, abs=1.0)


def test_delay_is_traded_for_fees(scenario: Scenario) -> None:
    """Q costs fees once it starts, and its delay if it does not: a limit on delay makes it start."""
    projects = [RICH["projects"][0], RICH["projects"][1] | {"delay_cost": 100}]
    town = Scenario.from_tables(**(RICH | {"projects": projects, "objective": {"after_horizon_months": 0}}))
    found = renewopt.frontier(town, x="programme_delay", y="transition_fees", points=4, gap=0.0)
    points = found.points
    assert points["x"].is_monotonic_increasing
    assert len(points) >= 2
    assert (points["x"] == points["programme_delay"]).all()
    best = renewopt.plan(town, gap=0.0)
    assert points["objective"].min() == pytest.approx(best.objective, abs=0.02)


@pytest.mark.parametrize("x", ["fiscal_cost", "longest_wait", "overdue_fees"])
def test_frontiers_of_other_goals_know_starts(scenario: Scenario, x: str) -> None:
    content: dict[str, Any] = RICH | {"projects": [p | {"obligation": 900} for p in RICH["projects"]]}
    found = renewopt.frontier(Scenario.from_tables(**content), x=x, points=3, gap=0.0)
    assert len(found.points) >= 1
    assert set(found.points["status"]) <= {"optimal", "feasible"}


def test_a_frontier_of_delay_where_nothing_is_open_is_refused(repository: Path) -> None:
    with pytest.raises(ValueError, match="nothing is left to decide"):
        renewopt.frontier(repository / "scenarios" / "minimal.yaml", x="programme_delay")


def test_alternatives_decide_starts_anew(scenario: Scenario) -> None:
    made = renewopt.plan(scenario, gap=0.0)
    found = renewopt.alternatives(made, scenario=scenario, within=0.5, gap=0.0)
    assert found.points["objective"].iloc[0] == pytest.approx(made.objective, abs=0.02)
    assert (found.points["objective"] <= 1.5 * made.objective + 0.02).all()


def test_alternatives_of_what_is_too_large_to_be_proven_keep_the_starts_of_the_plan(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = renewopt.plan(scenario, policy="old way")
    monkeypatch.setattr("renewopt.optimiser.starts.asking.WHOLE_CHOICES", 1)
    found = renewopt.alternatives(made, scenario=scenario, within=0.5, gap=0.0)
    assert set(found.points["started"]) == {3}
    assert set(found.points["programme_delay"]) == {made.programme_delay}


def test_what_is_too_large_to_be_proven_is_refused_before_anything_is_searched(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("renewopt.optimiser.starts.asking.WHOLE_CHOICES", 1)
    with pytest.raises(renewopt.ScenarioError, match="too many for a plan of it to be proven"):
        renewopt.sweep(scenario, {"works.W.delay_cost": "0,4000"}, out=tmp_path / "out")
    with pytest.raises(renewopt.ScenarioError, match="too many for a plan of it to be proven"):
        renewopt.frontier(scenario, x="overdue_fees", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
