"""Closed-form optima of scheduling, as resettlement problems."""

import math
from itertools import permutations
from random import Random

import pytest
from benchmarks.policies.smith import smith_cost, tardiness_cost, tardiness_problem

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.testing.brute import brute_force

YUAN_PER_WAN = 10_000


def draw(seed: int, jobs: int, longest: int) -> tuple[list[int], list[int], list[int]]:
    random = Random(seed)
    p = [random.randint(1, longest) for _ in range(jobs)]
    w = [random.randint(1, 9) for _ in range(jobs)]
    d = [random.randint(0, sum(p)) for _ in range(jobs)]
    return p, w, d


def by_permutation(p: list[int], w: list[int], d: list[int]) -> int:
    costs = []
    for order in permutations(range(len(p))):
        done = cost = 0
        for j in order:
            done += p[j]
            cost += w[j] * max(0, done - d[j])
        costs.append(cost)
    return min(costs)


@pytest.mark.parametrize("seed", range(60))
def test_the_rules_themselves_agree_with_every_permutation(seed: int) -> None:
    p, w, d = draw(seed, jobs=5, longest=6)
    assert tardiness_cost(p, w, d) == by_permutation(p, w, d)
    assert smith_cost(p, w) == by_permutation(p, w, [0] * 5) == tardiness_cost(p, w, [0] * 5)


@pytest.mark.parametrize("seed", range(15))
def test_brute_force_finds_the_least_tardiness(seed: int) -> None:
    p, w, d = draw(seed, jobs=3, longest=3)
    optimum = brute_force(tardiness_problem(p, w, d))
    assert optimum is not None
    assert optimum.objective == pytest.approx(tardiness_cost(p, w, d) * YUAN_PER_WAN, abs=0.01)


def assert_solved(p: list[int], w: list[int], d: list[int] | None, cost: int) -> None:
    problem = tardiness_problem(p, w, d)
    result = optimise(problem, gap=0.0, time_limit=math.inf)
    assert result.status == "optimal"
    assert result.objective == pytest.approx(cost * YUAN_PER_WAN, abs=0.001)
    assert result.bound <= result.objective
    assert audit_decisions(problem, result.decisions) == []


@pytest.mark.parametrize("seed", range(30))
def test_smiths_rule(seed: int) -> None:
    p, w, _ = draw(seed, jobs=3 + seed % 2, longest=4)
    assert_solved(p, w, None, smith_cost(p, w))


@pytest.mark.parametrize("seed", range(15))
def test_weighted_tardiness(seed: int) -> None:
    p, w, d = draw(seed, jobs=4, longest=5)
    assert_solved(p, w, d, tardiness_cost(p, w, d))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_smiths_rule_a_thousand_times(block: int) -> None:
    for seed in range(1000 + 100 * block, 1100 + 100 * block):
        p, w, _ = draw(seed, jobs=2 + seed % 3, longest=4)
        assert_solved(p, w, None, smith_cost(p, w))
