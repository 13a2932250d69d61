"""Late starts: the tables that a future shows are those of the programme with these later dates."""

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from tests.conftest import full_count
from tests.results.test_starting import OPEN

import renewopt
from renewopt.charts.labels import Locale
from renewopt.futures import Future, LateStarts, draw_future, drawn_of, is_random
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import simulate
from renewopt.policies.rules import CostliestFirst
from renewopt.problem import Problem, compile_problem
from renewopt.results.futures_told import names_of, tell_changes
from renewopt.results.programme import Started, with_starts
from renewopt.scenario import Scenario
from renewopt.scenario.models import Future as Statement
from renewopt.scheduling import Programme, compile_programme, dated, faults
from renewopt.scheduling.begun import begun_tables, turned_out
from renewopt.testing.tiny_programmes import every_schedule, tiny_programme, written


def some_starts(programme: Programme, random: Random) -> dict[str, int | None] | None:
    """A schedule in order, drawn."""
    found = [starts for starts in every_schedule(programme) if not faults(programme, starts)]
    return random.choice(found) if found else None


def future_of(programme: Programme, starts: dict[str, int | None], problem: Problem, random: Random) -> LateStarts:
    size = len(programme)

    def months(most: int) -> np.ndarray:
        return np.array([random.choice([0, 0, *range(1, most + 1)]) for _ in range(size)], dtype=np.int64)

    projects = ~programme.activities.is_work
    share = np.array([random.choice([1.0, 1.0, 0.5]) for _ in range(size)])
    begun = begun_tables(programme, programme.vector(starts), problem)
    return LateStarts(begun, months(2), months(2) * projects, months(1), share)


def by_name(problem: Problem, months: int) -> dict[str, list[int]]:
    return {
        str(name): problem.needs.fixed[row, :months].tolist()
        for row, name in enumerate(problem.needs.id.tolist())
        if problem.needs.fixed[row].any()
    }


@pytest.mark.parametrize("seed", range(full_count(40, 500)))
def test_the_truth_is_the_programme_with_later_dates(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    starts = some_starts(programme, random)
    if starts is None:
        return
    planned = compile_problem(dated(scenario, starts, programme))
    late = future_of(programme, starts, planned, random)
    truth = Future("late", 0, planned, (late,)).truth
    turned, then = turned_out(programme, late)
    expected = compile_problem(dated(scenario, turned.named(then), turned))
    assert not [fault for fault in faults(turned, turned.named(then)) if fault.rule == "precedence"]
    months = scenario.months
    # What would fall due after the books does so in their last month.
    until = min(months, planned.calendar.books - 1)
    assert by_name(truth, until) == by_name(expected, until)
    assert truth.funds.inflow[:, :months].tolist() == expected.funds.inflow[:, :months].tolist()
    assert truth.phases.id.tolist() == expected.phases.id.tolist()
    assert truth.phases.earliest.tolist() == expected.phases.earliest.tolist()
    same = truth.phases.monthly_limit == expected.phases.monthly_limit
    assert (same | (truth.phases.earliest >= months)[:, None]).all()
    assert truth.claims.household.tolist() == expected.claims.household.tolist()
    for claim in range(len(truth.claims)):
        mine, other = np.array([claim]), slice(0, min(truth.fees.months, expected.fees.months))
        assert truth.fees.fen(mine, other).tolist() == expected.fees.fen(mine, other).tolist()
        moved = expected.fees.moved_out[expected.fees.clock[claim]]
        assert truth.fees.moved_out[truth.fees.clock[claim]] == moved or moved >= months
    assert truth.claims.deadline.tolist() == expected.claims.deadline.tolist()
    assert choices(truth) == choices(expected)


def choices(problem: Problem) -> set[tuple[str, str, int]]:
    """Household, offer and month of all that may be chosen."""
    offers = problem.offers
    closed = set()
    for row, name in enumerate(problem.limits.id.tolist()):
        if name == "late":
            closed |= set(problem.limits.offers.take(np.array([row]))["offer"].tolist())
    return {
        (str(problem.claims.household[offers.claim[n]]), f"{offers.route[n]} {offers.label[n]}", month)
        for n in range(len(offers))
        if n not in closed
        for month in range(int(offers.first[n]), int(offers.last[n]) + 1)
    }


@pytest.mark.parametrize("seed", range(full_count(25, 300)))
def test_what_a_rule_decides_meets_what_happens_and_the_ledger_agrees(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    starts = some_starts(programme, random)
    if starts is None:
        return
    planned = compile_problem(dated(scenario, starts, programme))
    late = future_of(programme, starts, planned, random)
    future = Future("late", 0, planned, (late,))
    decisions = simulate(CostliestFirst(), future)
    violations = audit_decisions(future.truth, decisions, replay(future.truth, decisions))
    assert not [each for each in violations if each.kind == "broken_rule" and each.rule != "reserve"]


@pytest.fixture
def begun(tmp_path: Path) -> tuple[Started, Problem]:
    scenario = written(OPEN, tmp_path)
    programme = compile_programme(scenario)
    made = with_starts(scenario, programme, programme.vector({"P": 0, "Q": 1, "W": 2}))
    return made, compile_problem(made.written)


def drawn(begun: tuple[Started, Problem], seed: int = 0, **stated: Any) -> LateStarts:
    made, problem = begun
    future = draw_future(problem, Statement.model_validate({"id": "late", **stated}), seed, made.tables(problem))
    (change,) = future.changes
    assert isinstance(change, LateStarts)
    return change


def test_a_late_start_shows_in_the_month_of_the_start(begun: tuple[Started, Problem]) -> None:
    made, problem = begun
    change = drawn(begun, starts=[{"items": ["W"], "months": 2}])
    assert change.late().tolist() == [0, 0, 2]
    future = Future("late", 0, problem, (change,))
    needs = {str(name): row for row, name in enumerate(problem.needs.id.tolist())}
    assert future.known(1, None).needs.fixed[needs["commitments/W"]].argmax() == 2  # type: ignore[arg-type]
    assert future.known(2, None).needs.fixed[needs["commitments/W"]].argmax() == 4  # type: ignore[arg-type]
    # Two months more until it is finished.
    assert made.in_future(future).delay - made.delay == 2 * 4_000


def test_late_clearing_and_less_land_cost_what_they_do(begun: tuple[Started, Problem]) -> None:
    made, problem = begun
    change = drawn(begun, clearing=[{"months": 1}], land=[{"share": 0.8, "months": 2}])
    assert change.clearing.tolist() == [1, 1, 0]
    after = made.in_future(Future("late", 0, problem, (change,)))
    assert after.delay - made.delay == 5_000
    assert after.land(problem.objective) == pytest.approx(-400_000)
    inflow = Future("late", 0, problem, (change,)).truth.funds.inflow[0] - problem.funds.inflow[0]
    assert np.flatnonzero(inflow).tolist() == [1, 4]
    assert inflow[[1, 4]].tolist() == [-50_000_000, 40_000_000]


def test_kinds_and_chances_are_drawn_by_name(begun: tuple[Started, Problem]) -> None:
    stated = {"kinds": ["urban_village"], "months": {"distribution": "uniform", "low": 0, "high": 6}}
    seeds = [drawn(begun, seed, starts=[stated]).months.tolist() for seed in range(12)]
    assert {each[2] for each in seeds} == {0}
    assert len({tuple(each) for each in seeds}) > 5
    assert is_random(Statement.model_validate({"id": "late", "starts": [stated]}))
    assert not is_random(Statement.model_validate({"id": "late", "starts": [{"months": 2}]}))
    wider = drawn(begun, 3, starts=[{"months": {"distribution": "uniform", "low": 0, "high": 12}}]).months
    narrow = drawn(begun, 3, starts=[{"months": {"distribution": "uniform", "low": 0, "high": 6}}]).months
    assert (wider >= narrow).all()


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"starts": [{"items": ["R"], "months": 1}]}, "'R' is no project with a start window and no work"),
        ({"clearing": [{"items": ["W"], "months": 1}]}, "'W' is no project with a start window"),
        ({"land": [{"kinds": ["back_street"], "share": 0.5}]}, "nothing that may start is of the kind 'back_street'"),
        ({"starts": [{}]}, "months"),
    ],
)
def test_a_future_of_what_does_not_start_is_told(stated: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(renewopt.ScenarioError, match=message):
        written(OPEN | {"futures": [{"id": "late", **stated}]}, tmp_path)


def test_what_comes_late_is_told_and_has_figures(begun: tuple[Started, Problem]) -> None:
    stated = {
        "starts": [{"months": 1}],
        "clearing": [{"items": ["P"], "months": {"distribution": "uniform", "low": 1, "high": 3}}],
        "land": [{"kinds": ["urban_village"], "months": 2, "share": "80%", "probability": "50%"}],
    }
    future = Statement.model_validate({"id": "late", **stated})
    names = names_of(begun[0].stated)
    told = {
        lang: tell_changes(future, lambda kind, one: names[kind][one] or one, Locale(lang)) for lang in ("en", "zh")
    }
    assert "all that may start: starts 1 month late" in told["en"]
    assert "takes 1 to 3 months longer to be cleared" in told["en"]
    assert (
        "all that may start of urban_village: 80% of the stated land revenue comes (with a chance of 50%)" in told["en"]
    )
    assert "推迟启动" not in told["en"]
    assert "各待启动事项推迟1个月启动" in told["zh"]
    started, problem = begun
    drawn = {
        (each.what, each.of): each.value for each in drawn_of(draw_future(problem, future, 0, started.tables(problem)))
    }
    named = {name for name, month in started.programme.named(started.starts).items() if month is not None}
    assert {of for what, of in drawn if what == "start_delay"} == named
    assert all(value >= 1 for (what, _), value in drawn.items() if what == "start_delay")
    assert all(1 <= value <= 3 for (what, of), value in drawn.items() if what == "clearing_delay" and of == "P")
    assert {value for (what, _), value in drawn.items() if what == "land_share"} <= {0.8, 1.0}


def test_a_comparison_counts_what_late_starts_cost(tmp_path: Path) -> None:
    rich = [{"id": "F", "opening": 900_000, "inflow": {"monthly": 50_000}}]
    late = {"id": "late", "starts": [{"items": ["W"], "months": 2}]}
    scenario = written(OPEN | {"funds": rich, "futures": [late]}, tmp_path)
    runs = renewopt.compare(scenario, policies=["costliest-first"], perfect=False).runs
    runs = runs[runs["policy"] == "costliest-first"].set_index("future")
    assert runs.loc["late", "programme_delay"] - runs.loc["as-planned", "programme_delay"] == 2 * 4_000
    assert runs.loc["late", "objective"] - runs.loc["as-planned", "objective"] == pytest.approx(2 * 4_000)


def test_a_future_is_the_same_written_as_json(tmp_path: Path) -> None:
    late = {"id": "late", "starts": [{"months": 1}], "clearing": [{"months": 1}], "land": [{"share": 0.5}]}
    scenario = written(OPEN | {"futures": [late]}, tmp_path)
    again = Scenario.from_tables(**json.loads((tmp_path / "tiny.yaml").read_text("utf-8")))
    assert again.futures == scenario.futures
