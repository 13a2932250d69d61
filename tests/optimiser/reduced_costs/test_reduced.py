"""Reduced costs against what they speak of: every choice of every household forced, and its problem solved exactly."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.reduced_costs.forced import Resolved, forced, resolve
from renewopt.optimiser.reduced_costs.reduced import (
    PARTS,
    WAITS,
    Choice,
    ReducedCosts,
    reduced_costs,
    tier_bounds_of,
)
from renewopt.optimiser.solving import Solution
from renewopt.problem import Problem
from renewopt.testing.tiny import tiny_problem

YUAN = 1.5
"""An optimum is known to within a yuan; a half more for tolerances of the solver."""


@dataclass(frozen=True, eq=False)
class Case:
    problem: Problem
    solution: Solution
    reached: list[float]
    costs: ReducedCosts

    def choices(self, claim: int) -> tuple[list[Choice], list[float]]:
        """The best month of each offer, and waiting where that may be, with their reduced costs."""
        offers, values = self.costs.of_claim(claim)
        open_ones = [row for row in range(len(offers)) if np.isfinite(values[row]).any()]
        choices = [Choice(int(offers[row]), int(values[row].argmin())) for row in open_ones]
        reduced = [float(values[row].min()) for row in open_ones]
        if self.problem.claims.deadline[claim] < 0:
            choices.append(WAITS)
            reduced.append(float(self.costs.never[claim] - self.costs.best[claim]))
        return choices, reduced

    def solved_with(self, claim: int, choice: Choice) -> Resolved:
        problem = forced(self.problem, claim, choice)
        bounds = tier_bounds_of(problem, self.reached)
        return resolve(problem, tier_bounds=bounds, check=lambda d: not audit_decisions(problem, d))


def case(seed: int, method: str = "exact") -> Case | None:
    """A tiny problem with its optimum; None where it has none."""
    problem = tiny_problem(seed)
    found = optimise(problem, gap=0, method=method, check=lambda d: not audit_decisions(problem, d), describe=False)
    if found.status != "optimal" or found.decisions is None:
        return None
    reached = [tier.value for tier in found.tiers]
    costs = reduced_costs(problem, found.decisions.settle, tiers=reached, warm=found.warm)
    return Case(problem, found, reached, costs)


@pytest.mark.parametrize("seed", seeds(range(200), fast=12))
def test_a_forced_choice_never_costs_less_than_its_reduced_cost(seed: int) -> None:
    given = case(seed)
    if given is None:
        return
    assert given.solution.objective is not None
    assert given.costs.lagrangian <= given.solution.objective + YUAN
    for claim in range(len(given.problem.claims)):
        unit = int(given.costs.unit(np.array([claim]))[0])
        for choice, reduced in zip(*given.choices(claim), strict=True):
            assert reduced >= 0
            quick = given.costs.lagrangian + unit * reduced
            found = given.solved_with(claim, choice)
            if found.value is not None:
                assert quick <= found.value + YUAN
                assert found.value >= given.solution.objective - YUAN


@pytest.mark.parametrize("seed", seeds(range(200, 240), fast=6))
def test_prices_that_a_search_has_kept_prove_as_much(seed: int) -> None:
    given = case(seed, method="structured")
    if given is None or given.solution.warm is None or given.problem.objective.tiers:
        return
    assert given.costs.stored
    assert given.solution.objective is not None
    assert given.costs.lagrangian <= given.solution.objective + YUAN
    for claim in range(len(given.problem.claims)):
        choices, reduced = given.choices(claim)
        for choice, more in list(zip(choices, reduced, strict=True))[:2]:
            found = given.solved_with(claim, choice)
            unit = int(given.costs.unit(np.array([claim]))[0])
            if found.value is not None:
                assert given.costs.lagrangian + unit * more <= found.value + YUAN


@pytest.mark.parametrize("seed", seeds(range(60), fast=15))
def test_a_choice_is_worth_its_parts(seed: int) -> None:
    given = case(seed)
    if given is None:
        return
    for claim in range(len(given.problem.claims)):
        choices, reduced = given.choices(claim)
        if choices:
            parts = given.costs.parts(claim, choices)
            assert tuple(parts) == PARTS
            value = sum(parts.values()) - given.costs.best[claim]
            assert np.allclose(value, reduced, rtol=1e-7, atol=1e-3)


@pytest.mark.parametrize("seed", seeds(range(60), fast=15))
def test_the_pass_over_all_households_finds_what_each_one_is_told(seed: int) -> None:
    given = case(seed)
    if given is None:
        return
    costs, decisions = given.costs, given.solution.decisions
    assert decisions is not None
    taken = {(int(offer), int(month)) for offer, month, _ in decisions.settle}
    for claim in range(len(given.problem.claims)):
        offers, values = costs.of_claim(claim)
        for row, offer in enumerate(offers.tolist()):
            for month in range(values.shape[1]):
                if (offer, month) in taken:
                    values[row, month] = math.inf
            least = values[row].min()
            if math.isinf(least):
                assert math.isinf(costs.least[offer])
                assert costs.month[offer] == -1
            else:
                assert costs.least[offer] - costs.best[claim] == pytest.approx(least, abs=1e-6)
                assert values[row, costs.month[offer]] == pytest.approx(least, abs=1e-6)
    for row, (offer, month, _) in enumerate(decisions.settle.tolist()):
        claim = int(given.problem.offers.claim[offer])
        offers, values = costs.of_claim(claim)
        at = offers.tolist().index(offer)
        assert costs.chosen[row] - costs.best[claim] == pytest.approx(values[at, month], abs=1e-6)


@pytest.mark.parametrize("seed", seeds(range(60), fast=10))
def test_a_forced_household_takes_its_choice(seed: int) -> None:
    given = case(seed)
    if given is None:
        return
    for claim in range(len(given.problem.claims)):
        for choice in given.choices(claim)[0]:
            problem = forced(given.problem, claim, choice)
            whole = given.problem.claims.indivisible[claim] or given.problem.claims.count[claim] == 1
            mine = claim if whole else len(problem.claims) - 1
            assert problem.claims.count.sum() == given.problem.claims.count.sum()
            assert problem.claims.household[mine] == given.problem.claims.household[claim]
            own = np.flatnonzero(problem.offers.claim == mine)
            if choice.waits:
                assert not own.size
                continue
            assert own.size == 1
            assert problem.offers.first[own[0]] == problem.offers.last[own[0]] == choice.month
            assert problem.offers.label[own[0]] == given.problem.offers.label[choice.offer]
            housed = choice.month + given.problem.offers.housed_after[choice.offer]
            assert problem.claims.deadline[mine] == housed
