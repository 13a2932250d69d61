"""The outline of a programme: a lower bound at any prices, and the relaxation's own value at its own."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.starts.mid_programme import mid_programme
from tests.optimiser.starts.test_brute_force import YUAN, listed, modelled

from renewopt.optimiser.decomposition.pricing import RowPrices
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import LinearModel
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.outline import Outline
from renewopt.optimiser.starts.widening import OpenStarts, leave_open, without_land
from renewopt.problem import compile_problem
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme, dated
from renewopt.testing.tiny_programmes import tiny_programme, written
from renewopt.units import YUAN_PER_WAN


def opened(scenario: Scenario) -> OpenStarts:
    programme, plain = compile_programme(scenario), without_land(scenario)
    return leave_open(programme, lambda starts: compile_problem(dated(plain, programme.named(starts))))


def of_copies(problem: OpenStarts, goal: str) -> tuple[LinearModel, Raw]:
    """The relaxation in which each copy has columns of its own."""
    model = formulate(loosened(problem.problem), goal=goal, starts=problem.options, relaxed=True)[1]
    return model, Engine(model, integer=False).run()


def test_what_is_there_is_told_apart_in_the_relaxation_of_a_programme(tmp_path: Path) -> None:
    scenario = written(mid_programme(1, projects=6, works=4, months=24, size=4, cohorts=1), tmp_path)
    problem, goal = opened(scenario), scenario.objective.minimise
    model, raw = of_copies(problem, goal)
    assert raw.row_dual is not None
    outline = Outline(problem, Aim(goal))
    assert outline.tell(RowPrices.of(problem.problem, model, raw.row_dual, 0))
    # Homes, money, places, and households in their copies: nothing of the relaxation is lost but rounding.
    assert outline.relaxed(60.0).objective == pytest.approx(raw.objective, rel=1e-6)
    whole = outline.ask(0.0, 60.0)
    assert whole.bound >= raw.objective * (1 - 1e-6)
    starts = outline.starts(whole.x)
    assert set(np.unique(outline.phases(whole.x))) <= {0.0, 1.0}
    first, last = problem.options.first, problem.options.last
    begun = starts >= 0
    assert (starts[begun] >= first[begun]).all()
    assert (starts[begun] <= last[begun]).all()


def bound_at(seed: int, problem: OpenStarts, goal: str) -> float:
    """Yuan that the outline proves when told prices, some of them good and some absurd."""
    random = np.random.default_rng(seed)
    model, raw = of_copies(problem, goal)
    duals = np.zeros(model.row_lower.size) if raw.row_dual is None else raw.row_dual
    outline, possible = Outline(problem, Aim(goal)), True
    for noise in (0.0, 0.01, 1.0):
        wrong = duals * random.uniform(1 - min(noise, 1.0), 1 + noise, duals.size) + random.normal(0, noise, duals.size)
        possible &= outline.tell(RowPrices.of(problem.problem, model, wrong, 0))
    answer = outline.ask(0.0, 60.0)
    return answer.bound * YUAN_PER_WAN if possible and answer.status != "infeasible" else math.inf


@pytest.mark.parametrize("seed", range(full_count(6, 300)))
def test_it_never_proves_more_than_the_model_of_all_copies(seed: int, tmp_path: Path) -> None:
    scenario = tiny_programme(seed, tmp_path)
    assert (
        bound_at(seed, opened(scenario), scenario.objective.minimise)
        <= modelled(scenario, compile_programme(scenario)) + YUAN
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1_000, 1_000 + full_count(5, 200)))
def test_it_never_proves_more_than_the_best_of_all_schedules(seed: int, tmp_path: Path) -> None:
    scenario = tiny_programme(seed, tmp_path)
    assert (
        bound_at(seed, opened(scenario), scenario.objective.minimise)
        <= listed(scenario, compile_programme(scenario)).value + YUAN
    )


def test_a_start_after_which_a_deadline_is_missed_is_closed(tmp_path: Path) -> None:
    scenario = written(mid_programme(1, projects=6, works=4, months=24, size=4, cohorts=1), tmp_path)
    problem = opened(scenario)
    claims, options = problem.problem.claims, problem.options
    late = np.flatnonzero(options.tied())[-1]
    deadline = claims.deadline.copy()
    deadline[late] = 0
    missed = replace(problem, problem=replace(problem.problem, claims=replace(claims, deadline=deadline)))
    outline = Outline(missed, Aim(scenario.objective.minimise))
    model, raw = of_copies(problem, scenario.objective.minimise)
    assert outline.tell(RowPrices.of(problem.problem, model, raw.row_dual, 0))
    answer = outline.ask(0.0, 60.0)
    option = options.claim_option[late]
    assert outline.starts(answer.x)[options.activity[option]] != options.month[option]
