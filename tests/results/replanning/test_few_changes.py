"""Few changes of what was announced as a strict goal: as many promises are kept as can be, whatever it costs."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import renewopt
from renewopt.cli.main import main
from renewopt.vocabulary import Goal

LATE = pd.DataFrame([{"what": "expected", "phase": "Riverside-1", "month": "2024-12"}])
TIERS = "objective:\n  tiers:\n    - {name: longest, goal: longest_wait}\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    file = tmp_path_factory.mktemp("few") / "town.yaml"
    text = (repository / "scenarios" / "uncertain.yaml").read_text(encoding="utf-8")
    assert text.count("objective:\n") == 1
    file.write_text(text.replace("objective:\n", TIERS), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def before(town: Path) -> renewopt.Plan:
    return renewopt.plan(town, gap=0.002)


def replanned(before: renewopt.Plan, place: int | None) -> renewopt.Plan:
    return renewopt.replan(before, actuals=LATE, month="2024-03", fewest_changes=place)


@pytest.mark.slow
def test_as_few_as_can_be_get_something_else(before: renewopt.Plan, town: Path) -> None:
    usual, first, second = (replanned(before, place) for place in (None, 1, 2))
    for plan in (usual, first, second):
        assert renewopt.audit(town, plan) == []
        assert plan.replanned is not None
    changed = {id(each): each.replanned.promises - each.replanned.kept for each in (usual, first, second)}
    assert [tier.goal for tier in first.tiers] == [Goal.CHANGES, Goal.LONGEST_WAIT, ""]
    assert [tier.goal for tier in second.tiers] == [Goal.LONGEST_WAIT, Goal.CHANGES, ""]
    # What is told is what the table of promises counts, and it is the least that there is.
    for plan in (first, second):
        told = next(tier for tier in plan.tiers if tier.goal == Goal.CHANGES)
        assert told.value == changed[id(plan)] == plan.promises["count"].sum()
        assert told.bound is not None
        assert told.bound <= told.value <= told.bound + 0.5
    assert changed[id(first)] <= changed[id(second)] <= changed[id(usual)] or first.objective >= second.objective
    assert changed[id(first)] < changed[id(usual)]
    assert "households that get something else" in first.summary()
    assert "须另行通知的户数" in first.report("zh")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> renewopt.Plan:
    """Of the smallest scenario, with a strict goal; its phase comes two months late."""
    file = tmp_path_factory.mktemp("small") / "small.yaml"
    file.write_text((repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8") + TIERS, encoding="utf-8")
    return renewopt.plan(file, gap=0)


SMALL = LATE.assign(phase="Meadow-1", month="2024-07")


def test_what_is_told_is_what_the_table_counts(small: renewopt.Plan) -> None:
    plan = renewopt.replan(small, actuals=SMALL, month="2024-03", fewest_changes=1)
    assert [tier.goal for tier in plan.tiers] == [Goal.CHANGES, Goal.LONGEST_WAIT, ""]
    assert plan.tiers[0].value == plan.tiers[0].bound == plan.promises["count"].sum() == 3
    assert "announced: households that get something else 3, proven to be the least" in plan.summary()
    assert "须另行通知的户数 3" in plan.report("zh")


@pytest.mark.parametrize(
    ("place", "says"), [(3, "3: expected a place among the strict goals, 1 to 2"), (0, "from 1 on")]
)
def test_places_that_there_are_not(small: renewopt.Plan, place: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        renewopt.replan(small, actuals=SMALL, month="2024-03", fewest_changes=place)


def test_where_nothing_was_announced_there_is_nothing_to_change(small: renewopt.Plan) -> None:
    assert small.allocation["month"].max() < "2024-08"
    less = pd.DataFrame([{"what": "received", "fund": "budget", "month": "2024-07", "amount": 1}])
    with pytest.raises(ValueError, match="nothing was announced for this month or later"):
        renewopt.replan(small, actuals=less, month="2024-08", fewest_changes=1)


def test_the_command_takes_it(small: renewopt.Plan, tmp_path: Path) -> None:
    small.write(tmp_path / "plan", report=False)
    SMALL.to_csv(tmp_path / "late.csv", index=False)
    asked = [
        "replan",
        tmp_path / "plan",
        "--actuals",
        tmp_path / "late.csv",
        "--month",
        "2024-03",
        "--fewest-changes",
        9,
    ]
    done = CliRunner().invoke(main, [*map(str, asked), "--out", str(tmp_path / "out"), "--quiet", "--lang", "zh"])
    assert done.exit_code == 2
    assert "应为在优先目标中的次序，1 至 2" in done.stderr


def test_a_scenario_cannot_state_it(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    other.write_text(text + TIERS.replace("goal: longest_wait", "goal: changes"), encoding="utf-8")
    with pytest.raises(renewopt.ScenarioError, match="changes"):
        renewopt.load(other)
