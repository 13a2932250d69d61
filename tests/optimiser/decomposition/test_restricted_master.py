"""A relaxation with some choices open: schedules by branch and cut, and what is done where the interior point fails."""

import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import full_count
from tests.seeds import seeds

from renewopt.optimiser.decomposition import restricted_master
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.relaxation import Relaxation, RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import (
    MISSING,
    PhaseBounds,
    RestrictedMaster,
    every_choice,
    priced,
    spread,
)
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.problem import compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write
from renewopt.testing.tiny import tiny_problem


def relaxed(folder: Path) -> Relaxation:
    """The relaxation of a small district with two phases."""
    district = synthesise(40, seed=5, projects=2, phases=1, months=24)
    problem, _ = merge_needs(compile_problem(load(write(folder, district))))
    assert len(problem.phases) == 2
    return RelaxationFactory(problem, problem.objective.name, (), 100.0).relax(classify(problem, 8))


@pytest.mark.slow
def test_a_schedule_by_branch_and_cut_is_the_best_of_all(tmp_path: Path) -> None:
    relaxation = relaxed(tmp_path)
    model = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False)
    lower, upper = relaxation.phase_bounds()
    months = lower.shape[1]

    def standing(*since: int) -> FloatArray:
        state: FloatArray = (np.arange(months) >= np.array(since)[:, None]).astype(float)
        return state

    values = {}
    for since in product(range(months + 1), repeat=2):
        state = standing(*since)
        if (state <= upper).all() and (state >= lower).all():
            values[since] = model.solve_parts([(state, state)], math.inf)[0].value
    best = min(values.values())
    for start in (None, standing(months, months)):
        status, state = model.schedule(0.0, math.inf, start)
        assert status == "optimal"
        assert state is not None
        found = values[tuple((months - state.sum(axis=1)).astype(int).tolist())]
        assert np.isclose(found, best, rtol=1e-6)


@pytest.mark.parametrize(
    ("elastic", "tiny", "corner"), [(False, True, True), (False, False, False), (True, True, True), (True, False, True)]
)
def test_a_corner_is_not_looked_for_in_a_large_model_in_which_nothing_may_be_lacking(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, elastic: bool, tiny: bool, corner: bool
) -> None:
    relaxation = relaxed(tmp_path)
    model = RestrictedMaster(relaxation, every_choice(relaxation), elastic=elastic)
    solved = model.solve(math.inf)

    def failed(engines: list[Engine], _: float) -> list[Raw]:
        return [Raw("unknown", None, float("inf"), -float("inf")) for _ in engines]

    monkeypatch.setattr(restricted_master, "run_together", failed)
    if not tiny:
        monkeypatch.setattr(restricted_master, "TINY", 0)
    answer = model.solve(math.inf)
    assert answer.status == ("optimal" if corner else "unknown")
    assert answer.value == (pytest.approx(solved.value, rel=1e-6) if corner else float("inf"))


@pytest.mark.parametrize("elastic", [False, True])
def test_an_interior_point_that_stalls_is_not_taken_for_time_that_is_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, elastic: bool
) -> None:
    relaxation = relaxed(tmp_path)
    expected = RestrictedMaster(relaxation, every_choice(relaxation), elastic=elastic).solve(math.inf)
    runs: list[Engine] = []
    run = Engine.run

    def noted(engine: Engine, **options: Any) -> Raw:
        runs.append(engine)
        return run(engine, **options)

    monkeypatch.setattr(Engine, "run", noted)
    monkeypatch.setattr(restricted_master, "STALLING", 3)
    stalled = RestrictedMaster(relaxation, every_choice(relaxation), elastic=elastic).solve(math.inf)
    # Once with a wider tolerance, and where that does not help either, at a corner.
    assert len(runs) == 2
    assert stalled.status == "optimal"
    assert np.isclose(stalled.value, expected.value, rtol=1e-6)
    # Time that is up is still told as such.
    assert RestrictedMaster(relaxation, every_choice(relaxation), elastic=elastic).solve(0.0).status == "time_limit"


def some_part(relaxation: Relaxation, generator: np.random.Generator) -> PhaseBounds:
    """Each phase open, built by some month in which it can stand, not before some month, or never built."""
    lower, upper = (bounds.copy() for bounds in relaxation.phase_bounds())
    months = lower.shape[1]
    for phase in range(len(lower)):
        possible = np.flatnonzero(upper[phase] > 0.0)
        what = generator.integers(0, 4)
        if not possible.size or what == 0:
            continue
        month = int(generator.choice(possible))
        if what == 1:
            lower[phase, month:] = 1.0
        elif what == 2:
            upper[phase, :month] = 0.0
        else:
            upper[phase, : months if lower[phase].max() == 0.0 else month] = 0.0
    return np.minimum(lower, upper), upper


@pytest.mark.parametrize("seed", seeds(range(1, 9), fast=2))
def test_lifted_duals_prove_more_and_never_too_much(seed: int, tmp_path: Path) -> None:
    district = synthesise(60, seed=seed, months=24)
    problem, _ = merge_needs(compile_problem(load(write(tmp_path, district))))
    relaxing = RelaxationFactory(problem, problem.objective.name, (), 100.0)
    # Every household a class of its own: what every choice comes to is the optimum of the relaxation.
    relaxation = relaxing.relax(np.arange(len(problem.claims)))
    every = RestrictedMaster(relaxation, every_choice(relaxation), elastic=True)
    generator = np.random.default_rng(seed)
    higher = 0
    for _ in range(full_count(4, 40)):
        part = some_part(relaxation, generator)
        optimum = every.solve_parts([part], math.inf)[0].value
        opened = spread(relaxation, int(generator.integers(3, 12)))
        bounds = []
        for lift in (False, True):
            model = RestrictedMaster(relaxation, opened, elastic=True, lift=lift)
            solved = relaxing.evaluate(relaxation, model.solve_parts([part], math.inf)[0])
            assert solved is not None
            bounds.append(solved.bound)
        plain, lifted = bounds
        assert plain <= lifted + 1e-6 * abs(optimum)
        assert lifted <= optimum + 1e-6 * abs(optimum)
        higher += lifted > plain + 1e-4 * abs(optimum)
    assert higher


@pytest.mark.parametrize("seed", seeds(range(1, 9), fast=2))
def test_letting_choices_in_comes_to_the_value_and_the_bound_of_all(
    seed: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    district = synthesise(90, seed=seed, months=36)
    problem, _ = merge_needs(compile_problem(load(write(tmp_path, district))))
    relaxing = RelaxationFactory(problem, problem.objective.name, (), 100.0)
    relaxation = relaxing.relax(classify(problem, 8))
    every = every_choice(relaxation)
    with_all = RestrictedMaster(relaxation, every, elastic=True).solve(math.inf)
    assert with_all.missing == pytest.approx(0.0, abs=1e-6)
    assert with_all.wanted is not None
    assert not with_all.wanted.any()
    few = spread(relaxation)
    first = RestrictedMaster(relaxation, few, elastic=True, lift=True).solve(math.inf)
    assert first.wanted is not None
    # What is left out may be worth no more than it is said to be.
    assert first.value - first.missing <= with_all.value + 1e-6 * abs(with_all.value)
    assert not (first.wanted & few).any()
    opened: list[int] = []
    solve = RestrictedMaster.solve

    def noted(self: RestrictedMaster, *how: Any, **more: Any) -> Any:
        opened.append(int(self._open.sum()))
        return solve(self, *how, **more)

    monkeypatch.setattr(RestrictedMaster, "solve", noted)
    answer, near = priced(relaxation, few, lambda: math.inf, elastic=True)
    assert opened == sorted(opened)
    assert len(opened) > 1
    if answer.missing <= MISSING * abs(answer.value):
        assert answer.value == pytest.approx(with_all.value, rel=2.0 * MISSING)
    solved, whole = relaxing.evaluate(relaxation, answer), relaxing.evaluate(relaxation, with_all)
    assert solved is not None
    assert whole is not None
    assert solved.bound <= with_all.value + 1e-6 * abs(with_all.value)
    # Duals that are as good for the classes need not be for their members.
    assert solved.bound >= whole.bound - 0.05 * abs(whole.bound)
    # With those that are nearly as good alone the value stays.
    again = RestrictedMaster(relaxation, near, elastic=True).solve(math.inf)
    assert again.value == pytest.approx(answer.value, rel=1e-5)


def test_all_choices_are_let_in_where_rounds_do_not_suffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    relaxation = relaxed(tmp_path)
    expected = RestrictedMaster(relaxation, every_choice(relaxation), elastic=True).solve(math.inf)
    monkeypatch.setattr(restricted_master, "ROUNDS", 1)
    monkeypatch.setattr(restricted_master, "FAR", 0.0)
    answer, _ = priced(relaxation, spread(relaxation), lambda: math.inf, elastic=True)
    assert answer.value == pytest.approx(expected.value, rel=1e-6)
    assert answer.missing == pytest.approx(0.0, abs=1e-6)


def test_nothing_is_missing_for_a_household_that_has_nothing_to_choose() -> None:
    """Its cost is infinite with and without further choices where it has a deadline."""
    problem, _ = merge_needs(tiny_problem(7))
    relaxation = RelaxationFactory(problem, problem.objective.name, (), 1.0).relax(np.arange(len(problem.claims)))
    alone = np.setdiff1d(np.arange(relaxation.count.size), relaxation.responses.claim)
    assert (problem.claims.deadline[alone] >= 0).any()
    answer = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False).solve(math.inf)
    assert answer.missing == 0.0


def test_of_many_choices_that_would_pay_the_cheapest_are_let_in_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    relaxation = relaxed(tmp_path)
    few = spread(relaxation)
    every = RestrictedMaster(relaxation, few, elastic=True).solve(math.inf).wanted
    monkeypatch.setattr(restricted_master, "WANTED_OF_CLASS", 1)
    some = RestrictedMaster(relaxation, few, elastic=True).solve(math.inf).wanted
    assert every is not None
    assert some is not None
    assert 0 < some.sum() <= relaxation.count.size < every.sum()
    assert not (some & ~every).any()
