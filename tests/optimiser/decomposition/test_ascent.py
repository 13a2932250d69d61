"""Climbing raises the bound, never above the relaxation; what holds within tighter phases is not taken over."""

import math
from dataclasses import replace

import numpy as np
import pytest

from renewopt.optimiser.decomposition import ascent
from renewopt.optimiser.decomposition.ascent import DualAscent, in_use
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.relaxation import (
    Relaxation,
    RelaxationFactory,
    RelaxationResult,
    SolvedRelaxation,
    StabilityCentre,
)
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster, every_choice
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem, compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write

Begun = tuple[Problem, RelaxationFactory, Relaxation, RelaxationResult, SolvedRelaxation]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param({"projects": 1, "phases": 2}, id="one project"),
        pytest.param({}, id="eight projects", marks=pytest.mark.slow),
    ],
)
def begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """A small district's relaxation over few classes, solved."""
    district = synthesise(60, seed=2, months=24, **request.param)
    problem, _ = merge_needs(compile_problem(load(write(tmp_path_factory.mktemp("d"), district))))
    relaxing = RelaxationFactory(problem, problem.objective.name, (), 100.0)
    relaxation = relaxing.relax(classify(problem, 8))
    answer = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False).solve(math.inf)
    solved = relaxing.evaluate(relaxation, answer)
    assert solved is not None
    return problem, relaxing, relaxation, answer, solved


def test_climbing_reaches_the_relaxation_and_keeps_what_is_proven(begun: Begun) -> None:
    problem, relaxing, relaxation, _, solved = begun
    climbing = DualAscent(relaxing, Clock(math.inf), relaxation, solved, elastic=False)
    # An answer within tighter bounds on phases: its bound and its duals' value are higher, and hold only there.
    tighter = replace(
        solved, bound=solved.bound + 500.0, centre=StabilityCentre(solved.centre.y, solved.centre.small + 500.0)
    )
    assert climbing.finer(by=tighter)
    finer = climbing.incumbent.solved
    assert finer.bound == solved.bound
    assert finer.centre.small == solved.centre.small
    climbing.ascend(1e-5)
    _, model = formulate(problem, relaxed=True)
    optimum = Engine(model).run().objective
    assert solved.bound <= climbing.incumbent.solved.bound <= optimum * (1.0 + 1e-7)
    assert np.isclose(climbing.incumbent.solved.bound, optimum, rtol=1e-3)


@pytest.mark.slow
def test_an_ascent_from_far_away_does_not_end_for_the_smallness_of_its_box(begun: Begun) -> None:
    _, relaxing, relaxation, answer, solved = begun
    far = DualAscent.at_duals(
        relaxing, Clock(math.inf), relaxation, 0.2 * solved.centre.y, answer, np.zeros_like(every_choice(relaxation))
    )
    far.ascend(1e-3)
    assert far.incumbent.solved.bound >= 0.99 * solved.bound


def test_where_everything_is_as_good_not_everything_is_open(begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    _, relaxing, relaxation, _, solved = begun
    classes = relaxation.count.size
    # A central solution of an objective that is nothing to most: a little of every choice.
    x = solved.x.copy()
    x[relaxation.f["settle"].index] = 1.0 + np.arange(relaxation.f["settle"].size)
    every = in_use(relaxation, x)
    monkeypatch.setattr(ascent, "MOST_OF_CLASS", 3)
    few = in_use(relaxation, x)
    assert every.sum() > 3 * classes
    assert few.sum() == 3 * classes
    assert (every | few == every).all()
    climbing = DualAscent(relaxing, Clock(math.inf), relaxation, solved, elastic=False, opened=np.zeros_like(every))
    far = climbing.open_choices(1_000.0)
    # Besides what is in use and what somebody wants most.
    least = climbing.open_choices(0.0)
    assert far.sum() <= least.sum() + 3 * classes
    monkeypatch.setattr(ascent, "MOST_OF_CLASS", 10_000)
    assert climbing.open_choices(1_000.0).sum() > far.sum()
