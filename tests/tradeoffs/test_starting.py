"""Sweeps, frontiers and alternatives of programmes: every point decides what starts when."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.comparison.test_starting import RICH
from tests.waiting import UNHURRIED

import renewopt
from renewopt import optimiser
from renewopt.comparison.instances import instances_of
from renewopt.optimiser import Solution
from renewopt.optimiser.starts import asking, choosing
from renewopt.optimiser.starts.rounds import Rounds
from renewopt.problem import Problem, compile_problem
from renewopt.results.programme import as_planned
from renewopt.scenario import Scenario
from renewopt.testing.tiny_programmes import written
from renewopt.tradeoffs.solving import PointTask, solve
from renewopt.vocabulary import AUTO, DEARER


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


def test_what_a_plan_is_asked_for_up_to_counts_what_its_starts_add(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = renewopt.plan(scenario, gap=0.0)
    begun = as_planned(scenario, made)
    objective = compile_problem(begun.written).objective
    added = begun.adds(objective, objective.name)
    assert added > 0
    ((given, _),) = instances_of([scenario], None, made.objective_name)
    starts = tuple(begun.programme.named(begun.starts).items())
    task = PointTask(replace(given, starts=starts), (), None, 0.0, UNHURRIED, AUTO, enough=50_000.0)

    asked = []

    def optimised(_: Problem, *, enough: float, **__: object) -> Solution:
        asked.append(enough)
        return Solution(DEARER, None, enough + 1, None, None)

    monkeypatch.setattr(optimiser, "optimise", optimised)
    assert solve(task).row["bound"] == pytest.approx(50_001)
    assert asked == pytest.approx([50_000 - added])


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every programme is too large for a model of all copies: what starts when is decided by the outline."""
    monkeypatch.setattr(asking, "WHOLE_CHOICES", -1)
    monkeypatch.setattr(choosing, "MOST_CHOICES", -1)


@pytest.mark.usefixtures("large")
def test_each_point_of_a_sweep_of_a_large_programme_is_the_best_too(scenario: Scenario, tmp_path: Path) -> None:
    found = renewopt.sweep(scenario, {"works.W.delay_cost": "2000,4000,9000"}, gap=1e-4, out=tmp_path / "out")
    assert found.points["programme_delay"].tolist() == [7_000, 9_000, 14_000]
    assert (found.points["gap"] <= 1e-4).all()
    assert (found.points["bound"] <= found.points["objective"]).all()


@pytest.mark.usefixtures("large")
def test_a_point_of_a_large_programme_begins_with_what_its_neighbour_has_learnt(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its relaxation with open starts is solved once, for the first point; the others are told its prices."""
    times: list[Rounds] = []
    begin = Rounds.begin
    monkeypatch.setattr(Rounds, "begin", lambda self, limit: times.append(self) or begin(self, limit))
    values = {"works.W.delay_cost": "2000,4000,9000"}
    first = renewopt.sweep(scenario, values, gap=1e-4, out=tmp_path / "out")
    assert len(times) == 1
    # A search that goes on where it was ended reads it from the folder.
    last = max((tmp_path / "out").glob("runs/*.json"), key=lambda path: path.stat().st_mtime)
    last.unlink()
    again = renewopt.sweep(scenario, values, gap=1e-4, out=tmp_path / "out")
    assert len(times) == 1
    assert again.points["objective"].tolist() == pytest.approx(first.points["objective"].tolist(), abs=0.02)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("x", [pytest.param("programme_delay", marks=pytest.mark.slow), "fiscal_cost"])
def test_a_frontier_of_a_large_programme_lies_where_that_of_a_small_one_does(
    x: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects = [RICH["projects"][0] | {"obligation": 900}, RICH["projects"][1] | {"delay_cost": 100, "obligation": 900}]
    town = Scenario.from_tables(**(RICH | {"projects": projects}))
    found = renewopt.frontier(town, x=x, points=3, gap=0.0).points
    monkeypatch.undo()
    expected = renewopt.frontier(town, x=x, points=3, gap=0.0).points
    assert found["x"].tolist() == pytest.approx(expected["x"].tolist(), abs=3.0)
    assert found["objective"].tolist() == pytest.approx(expected["objective"].tolist(), abs=3.0)
    assert (found["bound"] <= expected["objective"] + 1.0).all()


@pytest.mark.usefixtures("large")
def test_alternatives_of_a_large_programme_decide_starts_anew(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = renewopt.plan(scenario, policy="old way")
    found = renewopt.alternatives(made, scenario=scenario, within=0.5, gap=0.0).parts
    monkeypatch.undo()
    expected = renewopt.alternatives(made, scenario=scenario, within=0.5, gap=0.0).parts
    assert found["verdict"].tolist() == expected["verdict"].tolist()
    assert found["found"].tolist() == pytest.approx(expected["found"].tolist(), abs=1.0, nan_ok=True)


@pytest.mark.usefixtures("large")
def test_a_goal_of_waits_of_a_large_programme_is_refused_before_anything_is_searched(
    scenario: Scenario, tmp_path: Path
) -> None:
    with pytest.raises(renewopt.ScenarioError, match="too many for a goal of waits"):
        renewopt.frontier(scenario, x="longest_wait", out=tmp_path / "out")
    content = RICH | {"objective": RICH["objective"] | {"tiers": [{"name": "fair", "goal": "wait_spread"}]}}
    fair = written(content, tmp_path)
    with pytest.raises(renewopt.ScenarioError, match="too many for a goal of waits"):
        renewopt.sweep(fair, {"works.W.delay_cost": "0,4000"}, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    monthly = renewopt.plan(fair, policy="old way")
    kept = renewopt.alternatives(monthly, scenario=fair, within=0.5, gap=0.0)
    assert set(kept.points["programme_delay"]) == {monthly.programme_delay}, "starts are as planned"
