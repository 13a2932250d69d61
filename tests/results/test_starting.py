"""Plans of programmes in which something is still to be decided: starts and plan come together."""

from pathlib import Path
from typing import Any

import pytest

from renewopt import ScenarioError, audit, plan, read_plan, stopping
from renewopt.optimiser.starts.outline import Outline
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme, faults
from renewopt.testing.tiny_programmes import written
from renewopt.units import Month

OPEN: dict[str, Any] = {
    "name": "Open starts",
    "start": "2024-01",
    "months": 6,
    "fee_policies": [{"id": "standard", "rate": 10, "term": 2, "overdue": [{"after": 0, "multiplier": 2}]}],
    "projects": [
        {
            "id": "P",
            "kind": "urban_village",
            "start": {"to": "2024-04", "must": True},
            "clearing": 1,
            "land": {"revenue": 500_000, "into": "F"},
            "delay_cost": 5_000,
        },
        {"id": "Q", "kind": "urban_village", "start": {"to": "2024-03"}},
    ],
    "households": [
        {"id": "P1", "project": "P", "area": 60, "count": 2},
        {"id": "Q1", "project": "Q", "area": 60, "count": 3},
    ],
    "works": [{"id": "W", "kind": "back_street", "duration": 1, "cost": 300_000, "delay_cost": 4_000}],
    "estates": [{"id": "E", "open_to": "all", "units": [{"type": "flat", "on_hand": 2}]}],
    "funds": [{"id": "F", "opening": 50_000, "inflow": {"monthly": 5_000}}],
    "objective": {"after_horizon_months": 0},
}


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return written(OPEN, tmp_path)


def test_a_plan_decides_what_starts_when_and_proves_it(scenario: Scenario, tmp_path: Path) -> None:
    made = plan(scenario, gap=0.0)
    # P at once: cleared in month 1, which pays for W then. Q would only cost.
    assert made.starts == {"P": "2024-01", "Q": None, "W": "2024-02"}
    assert made.status == "optimal"
    assert made.programme_delay == pytest.approx(5_000 + 2 * 4_000)
    assert made.objective == pytest.approx(made.transition_fees + made.programme_delay)
    assert made.objective - made.bound <= 1.0
    assert made.not_started == 3
    assert made.households == 2
    assert audit(scenario, made) == []
    programme = compile_programme(scenario)
    starts = {name: month and Month.parse(month) - scenario.start for name, month in made.starts.items()}
    assert not faults(programme, starts)
    made.write(tmp_path / "plan")
    again = read_plan(tmp_path / "plan")
    assert again.starts == made.starts
    assert again.objective == made.objective


def test_a_rule_of_thumb_starts_all_that_can_be(scenario: Scenario) -> None:
    try:
        made = plan(scenario, policy="costliest-first")
    except ScenarioError:
        pytest.fail("a rule of thumb has starts of its own")
    assert made.starts["P"] == "2024-01"


def test_another_solver_is_refused_where_starts_are_open(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="decided with HiGHS alone"):
        plan(scenario, solver="pulp:PULP_CBC_CMD")


def test_money_that_is_short_for_every_schedule_is_told(tmp_path: Path) -> None:
    poor = OPEN | {"funds": [{"id": "F", "opening": 0}], "works": [OPEN["works"][0] | {"start": {"must": True}}]}
    poor["projects"] = [OPEN["projects"][0] | {"land": {}}, OPEN["projects"][1]]
    made = plan(written(poor, tmp_path), gap=0.0)
    assert made.status == "infeasible"
    assert made.shortages
    assert made.starts["W"] is not None


def test_strict_goals_of_starts_and_of_the_plan_come_before_the_objective(tmp_path: Path) -> None:
    first = {"name": "begun", "goal": "not_begun", "items": ["Q"], "by": "2024-01"}
    then = {"name": "overdue", "goal": "overdue_fees"}
    strict = OPEN | {"objective": OPEN["objective"] | {"tiers": [first, then]}}
    strict["funds"] = [{"id": "F", "opening": 400_000, "inflow": {"monthly": 20_000}}]
    scenario = written(strict, tmp_path)
    made = plan(scenario, gap=0.0)
    assert made.status == "optimal"
    # Left to the objective Q would not start.
    assert made.starts["Q"] == "2024-01"
    assert [(tier.name, tier.value) for tier in made.tiers[:1]] == [("begun", 0.0)]
    assert [tier.name for tier in made.tiers] == ["begun", "overdue", "transition_fees"]
    assert made.tiers[-1].value == made.objective
    made.write(tmp_path / "plan")
    again = read_plan(tmp_path / "plan")
    assert again.tiers == made.tiers
    assert audit(scenario, again) == []
    assert again.explain("Q1")


def test_a_plan_with_starts_is_kept_where_its_search_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By rounds of the outline, that begin when there is a plan: a wish to stop comes as it is told of something."""
    rich = written(OPEN | {"funds": [{"id": "F", "opening": 400_000, "inflow": {"monthly": 20_000}}]}, tmp_path)
    monkeypatch.setattr("renewopt.optimiser.starts.choosing.MOST_CHOICES", -1)
    tell = Outline.tell
    monkeypatch.setattr(Outline, "tell", lambda self, prices: stopping.ask() or tell(self, prices))
    stopping.begin()
    try:
        made = plan(rich, gap=0.0)
    finally:
        stopping.begin()
    assert made.status == "interrupted"
    assert made.feasible


def test_strict_goals_of_waits_of_a_large_programme_are_refused_and_those_of_fees_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_tier(goal: str) -> Scenario:
        first = {"name": "first", "goal": goal, "projects": ["P"]}
        return written(OPEN | {"objective": OPEN["objective"] | {"tiers": [first]}}, tmp_path)

    expected = plan(with_tier("overdue_fees"), gap=0.0)
    monkeypatch.setattr("renewopt.optimiser.starts.asking.WHOLE_CHOICES", -1)
    found = plan(with_tier("overdue_fees"), gap=0.0)
    for one, other in zip(found.tiers, expected.tiers, strict=True):
        assert (one.name, one.value) == (other.name, pytest.approx(other.value, abs=1.0))
        assert one.bound <= other.value
    with pytest.raises(ScenarioError, match="too many for a goal of waits"):
        plan(with_tier("longest_wait"), gap=0.0)


@pytest.mark.parametrize(
    ("tier", "message"),
    [
        ({"goal": "not_begun"}, "by which month is not stated"),
        ({"goal": "not_begun", "by": "2024-02", "items": ["R"]}, "'R' is no project with a start window and no work"),
        ({"goal": "not_begun", "by": "2024-02", "kinds": ["urban"]}, "nothing that may start is of the kind 'urban'"),
        ({"goal": "programme_delay", "projects": ["P"]}, "one of starts, not of households"),
        ({"goal": "programme_delay", "tags": ["t"]}, "one of starts, not of households"),
        ({"goal": "overdue_fees", "by": "2024-02"}, "only where the goal is one of starts"),
    ],
)
def test_a_strict_goal_that_says_nothing_is_told(tier: dict[str, Any], message: str, tmp_path: Path) -> None:
    tagged = [household | {"tags": "t"} for household in OPEN["households"]]
    strict = OPEN["objective"] | {"tiers": [{"name": "first", **tier}]}
    with pytest.raises(ScenarioError, match=message):
        written(OPEN | {"households": tagged, "objective": strict}, tmp_path)


def test_a_goal_of_starts_where_nothing_may_start_is_told(tmp_path: Path) -> None:
    plain = {key: value for key, value in OPEN.items() if key != "works"}
    plain["projects"] = [{"id": name, "moved_out": "2023-01"} for name in "PQ"]
    plain["objective"] = {"tiers": [{"name": "first", "goal": "programme_delay"}]}
    with pytest.raises(ScenarioError, match="nothing may start"):
        written(plain, tmp_path)


def test_no_schedule_in_order_is_a_finding(tmp_path: Path) -> None:
    crowded = OPEN | {
        "works": [
            {"id": f"W{i}", "duration": 4, "cost": 0, "crews": {"team": 1}, "start": {"must": True}} for i in range(3)
        ],
        "crews": [{"id": "team", "per_month": {"2024-01..2024-06": 1, "2024-07..": 0}}],
    }
    with pytest.raises(ScenarioError, match="no schedule was found"):
        plan(written(crowded, tmp_path), gap=0.0)


def test_a_policy_starts_things_by_the_rule_that_the_scenario_states(tmp_path: Path) -> None:
    policies = [
        {"id": "old way", "policy": "wait-for-build", "starts": "start-all"},
        {"id": "careful", "policy": "costliest-first", "starts": "as-soon-as-money-allows"},
        {"id": "by hand", "policy": "optimal", "starts": "urgency"},
        {"id": "both", "policy": "costliest-first", "starts": "optimal"},
    ]
    # P's land pays for W once it is cleared: until then there is no money for it.
    scenario = written(OPEN | {"policies": policies}, tmp_path)
    starts = {name: plan(scenario, policy=name, gap=0.0).starts for name in ("old way", "careful", "by hand", "both")}
    assert starts["old way"] == starts["by hand"] == {"P": "2024-01", "Q": "2024-01", "W": "2024-01"}
    assert starts["careful"] == {"P": "2024-01", "Q": "2024-01", "W": "2024-02"}
    assert starts["both"] == plan(scenario, gap=0.0).starts


def test_a_rule_of_starts_that_is_none_is_refused(tmp_path: Path) -> None:
    policies = [{"id": "mine", "policy": "costliest-first", "starts": "urgent"}]
    with pytest.raises(ScenarioError, match="urgency"):
        written(OPEN | {"policies": policies}, tmp_path)
