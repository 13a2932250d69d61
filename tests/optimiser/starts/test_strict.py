"""Strict goals over starts and plans, against every schedule listed and planned for by itself."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.conftest import full_count

from renewopt.optimiser import optimise
from renewopt.optimiser.starts import asking
from renewopt.optimiser.starts.strict import choose_strictly
from renewopt.problem import Problem, Tier, compile_problem
from renewopt.scenario import Scenario
from renewopt.scheduling import (
    Programme,
    StartGoal,
    compile_programme,
    dated,
    faults,
    goal_value,
    programme_delay,
    revenues,
)
from renewopt.testing.tiny_programmes import every_schedule, tiny_programme, written
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import Goal

YUAN = 3.0


def with_goals(seed: int, folder: Path) -> Scenario:
    """A tiny programme with one or two strict goals, of starts before or after one of the plan."""
    random = Random(seed)
    tiny_programme(seed, folder)
    content: dict[str, Any] = json.loads((folder / "tiny.yaml").read_text(encoding="utf-8"))
    months = content["months"]
    items = [p["id"] for p in content["projects"] if "start" in p] + [w["id"] for w in content.get("works", [])]
    of_starts: dict[str, Any] = {
        "name": "starts",
        "goal": random.choice(["programme_delay", "not_begun", "not_helped"]),
    }
    if of_starts["goal"] != "programme_delay":
        of_starts["by"] = f"2024-{random.randrange(1, months + 1):02d}"
    if random.random() < 0.5:
        of_starts["items"] = [random.choice(items)]
    for work in content.get("works", []):
        work["households_helped"] = random.choice([5, 20])
    of_plan = {"name": "plan", "goal": random.choice(["overdue_fees", "transition_fees", "fiscal_cost"])}
    tiers = random.choice([[of_starts], [of_starts, of_plan], [of_plan, of_starts], [of_plan]])
    if content["objective"]["minimise"] != Goal.FISCAL:
        tiers = [tier for tier in tiers if tier["goal"] != "fiscal_cost"] or [of_starts]
    content["objective"]["tiers"] = tiers
    return written(content, folder)


def land(programme: Programme, problem: Problem, starts: dict[str, int | None]) -> float:
    came = revenues(programme, programme.vector(starts))
    return sum(fen * float(problem.objective.discount(month)) for _, month, fen in came) / FEN_PER_YUAN


def listed(scenario: Scenario, programme: Programme) -> list[float] | None:
    """Goal by goal, the least of all schedules that are as good in those before."""
    found = []
    for starts in every_schedule(programme):
        if faults(programme, starts):
            continue
        problem = compile_problem(dated(scenario, starts, programme))
        solution = optimise(problem, gap=0.0, describe=False)
        if solution.objective is None:
            continue
        own, vector = list(solution.tiers), []
        for goal, tier in zip(programme.goals, scenario.objective.tiers, strict=True):
            if goal is not None:
                vector.append(goal_value(programme, goal, programme.vector(starts)))
                continue
            vector.append(own.pop(0).value - (land(programme, problem, starts) if tier.goal == Goal.FISCAL else 0.0))
        whole = solution.objective + programme_delay(programme, starts) / FEN_PER_YUAN
        if scenario.objective.minimise == Goal.FISCAL:
            whole -= land(programme, problem, starts)
        found.append([*vector, whole])
    for k in range(len(found[0]) if found else 0):
        least = min(vector[k] for vector in found)
        counts = k < len(programme.goals) and programme.goals[k] is not None
        found = [vector for vector in found if vector[k] <= least + (0.005 if counts else YUAN)]
    return found[0] if found else None


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every programme is too large for a model of all copies."""
    monkeypatch.setattr(asking, "WHOLE_CHOICES", -1)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["whole", "large"])
@pytest.mark.parametrize("seed", range(full_count(10, 200)))
def test_goal_by_goal_none_of_all_schedules_is_better(
    seed: int, way: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if way == "large":
        request.getfixturevalue("large")
    scenario = with_goals(seed, tmp_path)
    programme = compile_programme(scenario)
    expected = listed(scenario, programme)
    chosen = choose_strictly(scenario, programme, gap=0.0)
    if expected is None:
        assert chosen.status == "infeasible"
        return
    assert chosen.status == "optimal"
    assert chosen.starts is not None
    assert not faults(programme, chosen.starts)
    assert chosen.objective == pytest.approx(expected[-1], abs=2 * YUAN)
    for goal, value in zip(programme.goals, expected, strict=False):
        if goal is not None:
            assert goal_value(programme, goal, programme.vector(chosen.starts)) == pytest.approx(value, abs=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(full_count(5, 200)))
def test_a_limit_on_delay_is_kept_and_costs_as_little_as_can_be(seed: int, tmp_path: Path) -> None:
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    every = programme.activities
    delay = StartGoal("delay", "programme_delay", every.first >= 0)
    least = choose_strictly(scenario, programme, gap=0.0, first=delay)
    if least.starts is None or least.objective is None:
        return
    most = programme_delay(programme, least.starts) / FEN_PER_YUAN + 1_500
    held = choose_strictly(scenario, programme, gap=0.0, first=delay, limits=(most,))
    within = math.inf
    for starts in every_schedule(programme):
        if faults(programme, starts) or programme_delay(programme, starts) / FEN_PER_YUAN > most:
            continue
        problem = compile_problem(dated(scenario, starts, programme))
        solution = optimise(problem, gap=0.0, describe=False)
        if solution.objective is not None:
            yuan = solution.objective + programme_delay(programme, starts) / FEN_PER_YUAN
            fiscal = scenario.objective.minimise == Goal.FISCAL
            within = min(within, yuan - (land(programme, problem, starts) if fiscal else 0.0))
    assert held.starts is not None
    assert programme_delay(programme, held.starts) / FEN_PER_YUAN <= most
    assert held.objective == pytest.approx(within, abs=YUAN)


def with_limit(goal: str) -> Callable[[Problem], Problem]:
    """What puts a goal of everybody before all others."""

    def change(problem: Problem) -> Problem:
        everybody = Tier("held", goal, problem.claims.count > 0)
        return replace(problem, objective=replace(problem.objective, tiers=(everybody,)))

    return change


@pytest.mark.parametrize(
    "goal",
    [Goal.OVERDUE, Goal.FISCAL, *(pytest.param(goal, marks=pytest.mark.slow) for goal in (Goal.FEES, Goal.DISUTILITY))],
)
@pytest.mark.parametrize("seed", range(full_count(1, 60)))
def test_a_limit_on_any_sum_costs_the_outline_what_it_costs_the_whole_model(
    seed: int, goal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounds of the outline, and the model with all copies: the same least of a goal, and the same price of a limit."""
    scenario = tiny_programme(seed + 40, tmp_path)
    programme, ends = compile_programme(scenario), []
    for choices in (asking.WHOLE_CHOICES, -1):
        monkeypatch.setattr(asking, "WHOLE_CHOICES", choices)
        least = choose_strictly(scenario, programme, gap=0.0, change=with_limit(goal))
        if least.solution is None or least.objective is None:
            ends.append([math.inf] * 3)
            continue
        most = least.solution.tiers[0].value + 1_000.0
        if goal == Goal.FISCAL:
            assert least.starts is not None
            most -= land(programme, compile_problem(dated(scenario, least.starts, programme)), least.starts)
        held = choose_strictly(scenario, programme, gap=0.0, change=with_limit(goal), limits=(most,))
        assert held.objective is not None
        assert held.bound is not None
        ends.append([most, held.objective, held.bound])
    assert ends[0] == pytest.approx(ends[1], abs=2 * YUAN)


@pytest.mark.usefixtures("large")
def test_what_is_not_proven_of_a_goal_of_starts_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = with_goals(76, tmp_path)
    programme = compile_programme(scenario)
    assert [tier.goal for tier in scenario.objective.tiers] == ["not_begun"]
    assert choose_strictly(scenario, programme, gap=0.0).least == (1.0,)
    monkeypatch.setattr("renewopt.optimiser.starts.weighing.Weighing.go_on", lambda *_: None)
    hurried = choose_strictly(scenario, programme, gap=0.0)
    assert hurried.status == "time_limit"
    assert hurried.bound is None
    assert hurried.least == (0.0,)


def test_what_is_asked_of_every_schedule_is_asked_of_the_model_too(tmp_path: Path) -> None:
    """A goal that `change` puts before all others comes before those that the scenario states."""
    scenario = tiny_programme(10, tmp_path)
    programme = compile_programme(scenario)

    def change(problem: Problem) -> Problem:
        everybody = Tier("held", Goal.OVERDUE, problem.claims.count > 0)
        return replace(problem, objective=replace(problem.objective, tiers=(everybody,)))

    chosen = choose_strictly(scenario, programme, gap=0.0, change=change)
    assert chosen.solution is not None
    assert [tier.name for tier in chosen.solution.tiers] == ["held"]
    free = choose_strictly(scenario, programme, gap=0.0)
    assert chosen.objective is not None
    assert free.objective is not None
    assert chosen.objective >= free.objective - YUAN
