"""Rows on whole phases for branch and cut: they cut off no whole plan, and say nearly all of a facility problem."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.test_phases_first import drawn

from benchmarks import facilities
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import LinearModel
from renewopt.optimiser.presolve.whole_phases import Row, violated_rows
from renewopt.problem import compile_problem
from renewopt.testing.tiny import tiny_problem


def run(model: LinearModel, rows: list[Row], *, integer: bool) -> Raw:
    engine = Engine(model, integer=integer)
    engine.set("mip_rel_gap", 0.0)
    for row in rows:
        engine.add_row(row.columns, row.values, -math.inf, row.upper)
    return engine.run()


def found(f: Formulation, model: LinearModel) -> list[Row]:
    return violated_rows(f, model, lambda: math.inf)


def tiny(seed: int) -> tuple[Formulation, LinearModel]:
    return formulate(tiny_problem(seed))


def cohorts(seed: int) -> tuple[Formulation, LinearModel]:
    return formulate(compile_problem(drawn(seed).scenario()))


@pytest.mark.parametrize(("drawing", "seeds"), [(tiny, full_count(40, 1000)), (cohorts, full_count(8, 500))])
def test_no_optimum_is_cut_off(drawing: Callable[[int], tuple[Formulation, LinearModel]], seeds: int) -> None:
    looked = 0
    for seed in range(seeds):
        f, model = drawing(seed)
        rows = found(f, model)
        if not rows:
            continue
        looked += 1
        plain, cut = run(model, [], integer=True), run(model, rows, integer=True)
        assert cut.status == plain.status
        if plain.x is not None:
            assert cut.objective == pytest.approx(plain.objective, rel=1e-6, abs=1e-4)
    assert looked


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_relaxation_comes_near_to_the_optimum_of_a_facility_problem(seed: int) -> None:
    f, model = formulate(compile_problem(facilities.drawn(6, 15, seed).scenario()))
    rows = found(f, model)
    plain, cut, whole = (
        run(model, [], integer=False), run(model, rows, integer=False), run(model, [], integer=True)
    )  # fmt: skip
    assert plain.objective < cut.objective <= whole.objective + 1e-6
    assert whole.objective - cut.objective <= 0.5 * (whole.objective - plain.objective)


def test_all_that_a_cohort_has_taken_by_a_month_counts() -> None:
    for seed in range(full_count(8, 500)):
        f, model = cohorts(seed)
        for row in found(f, model):
            settle = row.columns[row.columns < f["settle"].start + f["settle"].size]
            choice = settle - f["settle"].start
            assert np.unique(f.choices.claim[choice]).size == 1
            # Every month up to the last, of every offer of the cohort there.
            last, claim = f.choices.housed[choice].max(), f.choices.claim[choice[0]]
            offers = np.unique(f.choices.offer[choice])
            same = (f.choices.claim == claim) & np.isin(f.choices.offer, offers) & (f.choices.housed <= last)
            assert set(choice.tolist()) == set(np.flatnonzero(same).tolist())


def test_nothing_is_looked_for_without_time() -> None:
    f, model = cohorts(16)
    assert violated_rows(f, model, lambda: 0.0) == []
