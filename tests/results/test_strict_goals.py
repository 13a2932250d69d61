"""What is told of strict goals: in their own units, with what is proven."""

from dataclasses import replace
from pathlib import Path

import renewopt
from renewopt.results.record import TierResult
from renewopt.results.strict_goals import tell_strict_goals
from renewopt.vocabulary import Goal


def test_each_goal_in_its_own_unit(repository: Path) -> None:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    tiers = (
        TierResult("nobody long", 14.0, 14.0, 0.0, Goal.LONGEST_WAIT),
        TierResult("even", 1.25, 0.5, 0.6, Goal.WAIT_SPREAD),
        TierResult("the old", 12_345.0, None, None, Goal.FEES),
        *plan.tiers,
    )
    plan = replace(plan, tiers=tiers)
    assert tell_strict_goals(plan, "en") == [
        "nobody long: longest wait 14 months, proven to be the least",
        "even: spread of mean waits 1.25 months; no plan comes below 0.50 months",
        "the old: transition fees 12,345 yuan; how far from the least is not proven",
    ]
    assert tell_strict_goals(plan, "zh") == [
        "nobody long：最长等待 14 个月，已证明为最小",
        "even：项目平均等待之差 1.25 个月；任何方案都不低于 0.50 个月",
        "the old：过渡费 1.23万元；距最小值多远未经证明",
    ]
    assert "nobody long: longest wait 14 months" in plan.summary()
    assert "最长等待 14 个月" in plan.report("zh")


def test_of_a_plan_without_strict_goals_nothing_is_told(repository: Path) -> None:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    assert tell_strict_goals(plan, "en") == []
    assert "What came first" not in plan.summary()


def test_the_ledger_counts_what_a_plan_says(repository: Path, tmp_path: Path) -> None:
    text = (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    tiers = "objective:\n  tiers:\n    - {name: longest, goal: longest_wait}\n    - {name: even, goal: wait_spread}\n"
    scenario = tmp_path / "fair.yaml"
    scenario.write_text(text + tiers, encoding="utf-8")
    plan = renewopt.plan(scenario, gap=0)
    plan.write(tmp_path / "out")
    read = renewopt.read_plan(tmp_path / "out")
    assert [tier.goal for tier in read.tiers] == [Goal.LONGEST_WAIT, Goal.WAIT_SPREAD, ""]
    assert renewopt.audit(renewopt.load(scenario), read) == []
    waits = read.allocation
    assert plan.tiers[0].value == plan.tiers[0].bound
    assert tell_strict_goals(read, "en") == tell_strict_goals(plan, "en")
    assert len(waits)
