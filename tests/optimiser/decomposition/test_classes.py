"""Classes: what one costs at any prices is what its members do on average."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.optimiser.decomposition.classes import classify, merge
from renewopt.optimiser.decomposition.pricing import HouseholdPricing, RowPrices
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.problem import Problem, compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write

BECOMING_OVERDUE = 14
CLOSE = 2e-4
"""Share of the dearest choice: means are rounded, and members become overdue in other months of a year."""


def with_turnover_homes(problem: Problem, seed: int) -> Problem:
    """The problem, all overdue from the same month on; a third or so live in turnover homes and have no fee before."""
    fees, size = problem.fees, len(problem.claims)
    overdue = np.arange(fees.months) >= BECOMING_OVERDUE
    rng = np.random.Generator(np.random.PCG64(seed))
    fees = replace(
        fees,
        clock=(rng.random(size) < 0.3).astype(np.int32),
        multiplier=np.stack([np.where(overdue, 1_500, 1_000), np.where(overdue, 1_500, 0)]).astype(np.int32),
        overdue=np.stack([overdue, overdue]),
        moved_out=np.full(2, -20, dtype=np.int32),
        stated_runs=None,
        first_month=None,
    )
    return replace(problem, fees=fees)


def valued(problem: Problem, prices: RowPrices) -> tuple[FloatArray, FloatArray]:
    """Values of never choosing, and of all choices of all households."""
    return HouseholdPricing(problem, problem.objective.name, ()).values(prices, np.arange(len(problem.claims)))


@pytest.mark.parametrize("turnover", [False, True], ids=["as drawn", "turnover homes"])
@pytest.mark.parametrize("seed", seeds(range(12), fast=3))
def test_a_class_costs_what_its_members_do(seed: int, tmp_path: Path, *, turnover: bool) -> None:
    problem = compile_problem(load(write(tmp_path, synthesise(300, seed=seed, months=24, projects=2))))
    problem, _ = merge_needs(with_turnover_homes(problem, seed) if turnover else problem)
    of_claim = classify(problem, 1)
    classes = merge(problem, of_claim)
    _, model = formulate(problem, goal=problem.objective.name, relaxed=True)
    rng = np.random.Generator(np.random.PCG64(seed))
    prices = RowPrices.of(problem, model, rng.normal(size=model.row_lower.size), 0)
    never, values = valued(problem, prices)
    never_of_class, values_of_class = valued(classes.problem, prices)
    scale = CLOSE * np.abs(values[np.isfinite(values)]).max()
    start = np.searchsorted(problem.offers.claim, np.arange(len(problem.claims) + 1))
    merged = 0
    for k, (first, end) in enumerate(zip(classes.first_offer[:-1], classes.first_offer[1:], strict=True)):
        members = np.flatnonzero(of_claim == k)
        merged += members.size > 1
        share = problem.claims.count[members] / problem.claims.count[members].sum()
        rows = start[members][:, None] + np.arange(end - first)
        assert never_of_class[k] == pytest.approx(float(share @ never[members]), abs=scale)
        np.testing.assert_allclose(values_of_class[first:end], np.tensordot(share, values[rows], 1), rtol=0, atol=scale)
    assert merged
