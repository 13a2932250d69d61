"""Households priced without a matrix, against the formulation's own columns and entries."""

from dataclasses import replace

import numpy as np
import pytest
from tests.optimiser.decomposition.made_cuts import some_cuts
from tests.seeds import seeds

from renewopt.optimiser.decomposition.lagrangian import Responses, linking_rows
from renewopt.optimiser.decomposition.pricing import HouseholdPricing, RowPrices
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.phase_cuts import with_cuts
from renewopt.optimiser.presolve.separation import group_claims
from renewopt.problem import Problem, Tier
from renewopt.testing.tiny import tiny_problem
from renewopt.vocabulary import Goal


def _with_equal_waits(problem: Problem, seed: int) -> Problem:
    """The problem with two projects whose households moved out at other times, and two goals of equal waits."""
    rng = np.random.Generator(np.random.PCG64(seed))
    size = len(problem.claims)
    tiers = tuple(Tier(name, Goal.WAIT_SPREAD, rng.random(size) < 0.7) for name in ("even", "fair"))
    return replace(
        problem,
        projects=np.array(["P1", "P2"], dtype=object),
        claims=replace(problem.claims, project=rng.integers(0, 2, size).astype(np.int32)),
        fees=replace(problem.fees, moved_out=rng.integers(-6, 2, problem.fees.moved_out.size).astype(np.int32)),
        objective=replace(problem.objective, tiers=(*problem.objective.tiers, *tiers)),
    )


def _with_a_price_of_waiting(problem: Problem, seed: int) -> Problem:
    """The problem with a cost of each month of waiting, where some households are not yet and others no more."""
    rng = np.random.Generator(np.random.PCG64(seed))
    size, months = len(problem.claims), problem.calendar.months
    return replace(
        problem,
        claims=replace(
            problem.claims,
            begins=rng.integers(0, 3, size).astype(np.int32),
            ends=np.where(rng.random(size) < 0.5, rng.integers(1, months + 3, size), -1).astype(np.int32),
        ),
        objective=replace(problem.objective, waiting_cost=70.0),
    )


def _case(seed: int, *, cuts: bool = False):  # type: ignore[no-untyped-def]
    problem = tiny_problem(seed)
    if seed % 3 == 1:
        problem = _with_equal_waits(problem, seed)
    if seed % 3 == 2:
        problem = _with_a_price_of_waiting(problem, seed)
    tiers = problem.objective.tiers
    goal: str | Tier = problem.objective.name
    bounds = tuple((tier, 1.0) for tier in tiers)
    if tiers and seed % 2:
        goal, bounds = tiers[-1], bounds[:-1]
    f, model = formulate(
        problem,
        goal=goal,
        tier_bounds=bounds,
        relaxed=True,
    )
    if cuts:
        model = with_cuts(f.layout(), model, group_claims(problem), some_cuts(problem, seed))
    rng = np.random.Generator(np.random.PCG64(seed))
    y = np.where(linking_rows(model), rng.normal(size=model.row_lower.size), 0.0)
    pricing = HouseholdPricing(problem, goal, bounds)
    return f, Responses.of(f.layout(), model), y, pricing, RowPrices.of(problem, model, y, len(bounds))


@pytest.mark.parametrize("seed", seeds(range(200), fast=40))
@pytest.mark.parametrize("cuts", [False, True])
def test_every_choice_costs_what_its_columns_cost(seed: int, *, cuts: bool) -> None:
    f, columns, y, pricing, prices = _case(seed, cuts=cuts)
    expected, expected_never = columns.reduced(y)
    never, values = pricing.values(prices, np.arange(len(f.problem.claims)))
    scale = 1.0 + np.abs(expected).max(initial=0.0)
    assert np.abs(never - expected_never).max() <= 1e-9 * scale
    assert np.isfinite(values).sum() == len(f.choices)
    assert np.abs(values[f.choices.offer, f.choices.month] - expected).max(initial=0.0) <= 1e-9 * scale


@pytest.mark.parametrize("seed", seeds(range(60), fast=20))
def test_best_responses_add_up_to_the_same(seed: int) -> None:
    f, columns, y, pricing, prices = _case(seed)
    responses = pricing.respond(prices)
    choice, never = columns.reduced(y)
    best = np.where(f.problem.claims.deadline >= 0, np.inf, never)
    np.minimum.at(best, columns.claim, choice)
    total = float((best * f.problem.claims.count).sum())
    assert pricing.total(responses) == pytest.approx(total, rel=1e-9, abs=1e-9)
    _, values = pricing.values(prices, np.arange(len(f.problem.claims)))
    chosen = responses.offer >= 0
    assert np.array_equal(values[responses.offer[chosen], responses.month[chosen]], responses.best[chosen])
