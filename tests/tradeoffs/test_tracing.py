"""Frontiers: no plan is better than another in both, limits are kept, and bounds hold."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.test_snippets import fenced, laid_over

import renewopt
from renewopt.charts.labels import Locale
from renewopt.charts.scales import Scale
from renewopt.comparison.running import Instance
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import compile_problem
from renewopt.problem.waits import least_longest_wait
from renewopt.scenario import load
from renewopt.tradeoffs import doing
from renewopt.tradeoffs.telling_frontier import _written
from renewopt.tradeoffs.tracing import _Tracer
from renewopt.vocabulary import AUTO, Goal
from renewopt.wording import Language


@pytest.fixture(scope="module")
def town(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario of the page's worked question."""
    base = tmp_path_factory.mktemp("town") / "uncertain.yaml"
    base.write_bytes((repository / "scenarios" / "uncertain.yaml").read_bytes())
    return laid_over(base, fenced(repository / "docs" / "frontier.md", "yaml")[0])


@pytest.fixture(scope="module")
def traced(town: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[renewopt.Frontier, Path]:
    folder = tmp_path_factory.mktemp("frontier") / "out"
    return renewopt.frontier(town, variant="owed", points=6, out=folder), folder


@pytest.mark.slow
@pytest.mark.xdist_group("frontier")
def test_no_plan_is_better_in_both(traced: tuple[renewopt.Frontier, Path]) -> None:
    points = traced[0].points
    assert len(points) >= 3
    assert (np.diff(points["x"]) > 0).all()
    assert (np.diff(points["y"]) < 0).all()
    assert (points["x"] == points["fiscal_cost"]).all()
    assert (points["y"] == points["objective"]).all()


@pytest.mark.slow
@pytest.mark.xdist_group("frontier")
def test_limits_are_kept_and_bounds_hold(traced: tuple[renewopt.Frontier, Path]) -> None:
    points = traced[0].points
    assert (points["x"] <= points["limit"] + 1.0).all()
    assert (points["bound"] <= points["y"]).all()
    # No plan under a tighter limit comes below what is proven under a looser one, nor does any plan that is shown.
    for row in points.to_dict("records"):
        within = points[points["x"] <= row["limit"]]
        assert (within["y"] >= row["bound"] - 1e-6).all()
    assert (points["gap"] <= 5e-3 + 1e-9).all()


@pytest.mark.slow
@pytest.mark.xdist_group("frontier")
def test_the_worked_question(traced: tuple[renewopt.Frontier, Path], repository: Path) -> None:
    (told,) = fenced(repository / "docs" / "frontier.md", "text")
    assert traced[0].summary() == told.rstrip("\n")


@pytest.mark.slow
@pytest.mark.xdist_group("frontier")
def test_the_rate_is_that_of_the_step_before(traced: tuple[renewopt.Frontier, Path]) -> None:
    points = traced[0].points
    assert math.isnan(points["rate"].iloc[0])
    steps = -np.diff(points["y"]) / np.diff(points["x"])
    assert points["rate"].iloc[1:].to_numpy() == pytest.approx(steps)


@pytest.mark.slow
@pytest.mark.xdist_group("frontier")
def test_the_ends_are_the_best_plans_of_each_goal(traced: tuple[renewopt.Frontier, Path], town: Path) -> None:
    points = traced[0].points
    least = renewopt.plan(town, variant="owed", objective="fiscal_cost", gap=5e-3)
    assert points["x"].iloc[0] <= least.objective * 1.0052 + 1.0
    assert points["x"].iloc[0] >= least.bound
    # What is proven of the least x holds for every plan, and is as near as was asked for: nothing is said of it.
    assert least.objective * 0.9948 - 1.0 <= traced[0].x_bound <= points["x"].iloc[0]
    assert "No plan is below" not in traced[0].summary()
    fees = renewopt.plan(town, variant="owed", gap=5e-3)
    assert fees.bound <= points["y"].iloc[-1] <= fees.objective * 1.0052


@pytest.mark.slow
@pytest.mark.xdist_group("frontier")
def test_a_second_call_does_nothing_again(
    traced: tuple[renewopt.Frontier, Path], town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, folder = traced
    monkeypatch.setattr(doing, "solve", lambda _: pytest.fail("it is done"))
    again = renewopt.frontier(town, variant="owed", points=6, out=folder)
    assert again.summary() == found.summary()


@pytest.mark.parametrize("method", ["exact", pytest.param("structured", marks=pytest.mark.slow)])
def test_a_limit_on_the_longest_wait_is_a_deadline(repository: Path, method: str) -> None:
    scenario = repository / "scenarios" / "uncertain.yaml"
    found = renewopt.frontier(scenario, x="longest_wait", points=3, gap=0.02, method=method)
    points = found.points
    assert (points["x"] == points["wait_longest"]).all()
    assert (points["x"] <= points["limit"]).all()
    assert (np.diff(points["y"]) < 0).all()
    assert least_longest_wait(compile_problem(load(scenario))) <= points["x"].min()
    assert set(found.left_out["why"]) <= {"dominated"}
    # A least that is not proven as near as was asked for is told with what is.
    assert found.x_bound <= points["x"].min()
    far = replace(found, x_bound=float(points["x"].min()) - 3.0)
    assert "No plan is below" in far.summary()
    assert "已证明任何方案都不低于" in far.summary("zh")
    assert "No plan is below" not in replace(found, x_bound=math.nan).summary()


@pytest.mark.slow
def test_a_limit_on_the_spread_of_mean_waits(repository: Path) -> None:
    found = renewopt.frontier(repository / "scenarios" / "uncertain.yaml", x="wait_spread", points=4, gap=0.02)
    points = found.points
    assert points["x"].to_numpy() == pytest.approx(points["wait_spread_of_projects"].to_numpy(), abs=0.006)
    assert (points["x"] <= points["limit"] + 1e-6).all()
    assert len(points) > 1
    assert (np.diff(points["y"]) < 0).all()
    assert "spread of mean waits" in found.summary()
    assert "项目平均等待之差" in found.summary("zh")


def test_goals_that_do_not_conflict_make_one_plan(repository: Path) -> None:
    found = renewopt.frontier(repository / "scenarios" / "minimal.yaml", x="overdue_fees", points=4, gap=0)
    assert len(found.points) == 1
    assert found.left_out.empty
    assert "do not conflict" in found.summary()
    assert "并不冲突" in found.summary("zh")
    assert "<html" in found.report()


def test_fiscal_cost_needs_what_it_needs_in_a_plan(repository: Path) -> None:
    with pytest.raises(renewopt.ScenarioError, match="obligation"):
        renewopt.frontier(repository / "scenarios" / "minimal.yaml")


@pytest.mark.parametrize(
    "more", [{"x": "money"}, {"y": "overdue_fees"}, {"x": "transition_fees"}, {"points": 1}, {"points": 201}]
)
def test_arguments_that_are_none(repository: Path, more: dict) -> None:
    with pytest.raises(ValueError, match=r"expected|different|at most"):
        renewopt.frontier(repository / "scenarios" / "minimal.yaml", **more)


@pytest.mark.slow
def test_the_structured_path_keeps_limits_too(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = renewopt.frontier(town, variant="owed", points=3, gap=0.05, method="structured", out=out)
    points = found.points
    assert (points["x"] <= points["limit"] + 1.0).all()
    assert (points["bound"] <= points["y"]).all()
    # What the limit is worth is handed on with the rest.
    prices = [WarmStart.read(path, 56).prices for path in (out / "plans").iterdir()]
    assert any(any(name.startswith("tier_") for name in each) for each in prices)


def test_months_are_written_whole_and_money_in_its_unit() -> None:
    assert [_written(40.0, Scale(1.0, "months")), _written(2.5, Scale(1.0, "months"))] == ["40", "2.50"]
    assert _written(1_234_500.0, Scale(1e6, "million yuan")) == "1.23"


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["transition fees", "fiscal cost", "fiscal cost up to 2,000,000 yuan"]),
        ("zh", ["过渡费", "财政支出", "财政支出不超过 200万元"]),
    ],
)
def test_progress_speaks_the_readers_words(lang: Language, told: list[str]) -> None:
    instance = Instance("a town", None, None, None, "")
    tracer = _Tracer(instance, Goal.FISCAL, Goal.FEES, 0.0, 60.0, AUTO, Locale(lang))
    assert [tracer._point(most, None).label for most in (math.inf, None, 2e6)] == told
