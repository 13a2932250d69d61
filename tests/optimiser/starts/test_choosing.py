"""The search for starts: how it begins, what ends it, and what it says then."""

import math
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import full_count
from tests.optimiser.starts.test_brute_force import YUAN, listed

from renewopt.optimiser import Progress
from renewopt.optimiser.highs import Raw
from renewopt.optimiser.memory import choices
from renewopt.optimiser.starts import asking, choosing, outline, rounds
from renewopt.optimiser.starts.asked import SearchOptions
from renewopt.optimiser.starts.choosing import by_rule, choose
from renewopt.optimiser.starts.widening import open_choices
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme, faults
from renewopt.testing.tiny_programmes import tiny_programme, written

WORKS: dict[str, Any] = {
    "name": "Three works",
    "start": "2024-01",
    "months": 6,
    "works": [
        {"id": "A", "duration": 1, "cost": 100_000, "delay_cost": 1_000, "start": {"must": True}},
        {"id": "B", "duration": 1, "cost": 100_000, "delay_cost": 5_000},
        {"id": "C", "duration": 1, "cost": 100_000, "delay_cost": 3_000},
    ],
    "funds": [{"id": "F", "inflow": {"monthly": 100_000}, "uses": ["commitments"]}],
    "objective": {"after_horizon_months": 0},
}


@pytest.fixture
def works(tmp_path: Path) -> Scenario:
    return written(WORKS, tmp_path)


def test_works_wait_for_money_the_costliest_delay_first(works: Scenario) -> None:
    chosen = choose(works, compile_programme(works), gap=0.0)
    assert chosen.starts == {"A": 2, "B": 0, "C": 1}
    assert chosen.status == "optimal"
    # Months until each is finished: A 3, B 1, C 2.
    assert chosen.objective == pytest.approx(3 * 1_000 + 5_000 + 2 * 3_000)
    assert chosen.added == chosen.objective


def test_what_nothing_urges_to_start_is_left_out(tmp_path: Path) -> None:
    idle = WORKS | {"works": [WORKS["works"][0], WORKS["works"][1] | {"delay_cost": 0}]}
    scenario = written(idle, tmp_path)
    chosen = choose(scenario, compile_programme(scenario), gap=0.0)
    assert chosen.starts is not None
    assert chosen.starts["A"] == 0
    assert chosen.objective == pytest.approx(1_000)


def test_money_that_never_comes_is_proven_to_be_short(tmp_path: Path) -> None:
    scenario = written(WORKS | {"funds": [{"id": "F", "inflow": {"monthly": 5_000}}]}, tmp_path)
    chosen = choose(scenario, compile_programme(scenario), gap=0.0)
    assert chosen.status == "infeasible"
    assert chosen.objective is None
    assert chosen.starts is not None, "a schedule in order is there to be told of"


def test_progress_tells_the_best_plan_and_the_bound(works: Scenario) -> None:
    told: list[Progress] = []
    chosen = choose(works, compile_programme(works), gap=0.0, progress=told.append)
    assert {each.step for each in told} == {"what starts when"}
    assert told[-1].best == pytest.approx(chosen.objective)
    values = [each.best for each in told if each.best is not None]
    assert values == sorted(values, reverse=True)


def test_plans_that_the_audit_refuses_are_none(tmp_path: Path) -> None:
    works = written(WORKS | {"months": 2, "works": WORKS["works"][:2]}, tmp_path)
    chosen = choose(works, compile_programme(works), gap=0.0, accepts=lambda _: lambda _: False)
    assert chosen.objective is None


def test_a_search_that_is_interrupted_says_so_and_keeps_its_plan(
    works: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking.OpenModel, "ask", lambda *_: ("interrupted", 0.0, None))
    chosen = choose(works, compile_programme(works), gap=0.0)
    assert chosen.status == "interrupted"
    assert chosen.objective is not None
    assert chosen.bound == pytest.approx(0.0)


def test_rules_of_thumb_alone_give_a_schedule_in_order(works: Scenario) -> None:
    programme = compile_programme(works)
    starts = by_rule(works, programme)
    assert starts is not None
    assert not faults(programme, programme.named(starts))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(full_count(5, 60)))
def test_larger_models_lead_to_the_same_plan(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relaxation, local search, reduced costs, and a model in which starts and phases alone are whole."""
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    small = choose(scenario, programme, gap=0.0)
    monkeypatch.setattr(asking, "WHOLE_CHOICES", -1)
    monkeypatch.setattr(choosing, "LOCAL_SHARE", 0.01)
    large = choose(scenario, programme, gap=0.0)
    assert large.status == small.status
    assert large.objective == pytest.approx(small.objective, abs=2.0)


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of all copies would not fit."""
    monkeypatch.setattr(choosing, "MOST_CHOICES", -1)
    monkeypatch.setattr(choosing, "OpenModel", None)


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("hurried", [False, True])
def test_where_the_model_with_open_starts_would_not_fit_there_is_a_bound_all_the_same(
    hurried: bool, works: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    if hurried:
        monkeypatch.setattr(rounds, "SECONDS_OF_CHOICE", math.inf)
    told: list[Progress] = []
    chosen = choose(works, compile_programme(works), gap=0.0, progress=told.append)
    assert chosen.status == "optimal"
    assert chosen.starts == {"A": 2, "B": 0, "C": 1}
    assert chosen.objective == pytest.approx(3 * 1_000 + 5_000 + 2 * 3_000)
    bounds = [each.bound for each in told if each.bound is not None]
    assert bounds
    assert bounds == sorted(bounds)


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize(("dearer", "status"), [(10_000_000, "optimal"), (0, "feasible")])
def test_the_best_schedule_is_told_from_others_and_from_ties_no_other_is_looked_for(
    dearer: int, status: str, tmp_path: Path
) -> None:
    """A bound that lies a millionth below what is so proves all others worse once the best is ruled out, or alike."""
    alike = [
        {"id": name, "duration": 1, "cost": 100_000, "delay_cost": 100_000_000 + k * dearer}
        for k, name in enumerate("ABCDE")
    ]
    scenario = written(WORKS | {"works": alike}, tmp_path)
    chosen = choose(scenario, compile_programme(scenario), gap=0.0)
    assert chosen.status == status
    assert chosen.objective == pytest.approx(15 * 100_000_000 + dearer * (4 * 1 + 3 * 2 + 2 * 3 + 1 * 4))
    assert chosen.gap is not None
    assert chosen.gap <= 2e-6
    assert chosen.tried <= 3


@pytest.mark.usefixtures("unwritten")
def test_without_the_model_too_it_is_proven_that_there_is_no_plan(tmp_path: Path) -> None:
    scenario = written(WORKS | {"funds": [{"id": "F", "inflow": {"monthly": 5_000}}]}, tmp_path)
    chosen = choose(scenario, compile_programme(scenario), gap=0.0)
    assert (chosen.status, chosen.objective) == ("infeasible", None)


@pytest.mark.usefixtures("unwritten")
def test_a_wish_to_stop_ends_the_rounds_with_what_there_is(works: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Raw("interrupted", None, math.inf, -math.inf)
    monkeypatch.setattr(outline.Outline, "ask", lambda *_: nothing)
    chosen = choose(works, compile_programme(works), gap=0.0)
    assert (chosen.status, chosen.bound) == ("interrupted", None)


@pytest.mark.slow
@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("seed", range(2_000, 2_000 + full_count(6, 200)))
def test_without_the_model_no_more_is_proven_than_is_true(seed: int, tmp_path: Path) -> None:
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    best = listed(scenario, programme).value
    chosen = choose(scenario, programme, gap=0.0)
    if chosen.status == "infeasible":
        assert best == math.inf
        return
    assert chosen.bound is not None
    assert chosen.bound <= best + YUAN
    if chosen.objective is not None:
        assert chosen.objective >= best - YUAN
        assert chosen.starts is not None
        assert not faults(programme, chosen.starts)


def test_choices_with_open_starts_are_counted_without_building_them(tmp_path: Path) -> None:
    scenario = tiny_programme(3, tmp_path)
    programme = compile_programme(scenario)
    search = choosing._Search(scenario, programme, SearchOptions())
    counted = open_choices(programme, search._open)
    # What a window narrows for one start month the count takes in full.
    assert counted >= choices(search.opened().problem) > 0
