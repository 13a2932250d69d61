"""Goals of fairness against brute force, each before and behind another, on both paths; and the ledger's recount."""

import math
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.conftest import full_count

from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.problem import Problem, Tier
from renewopt.problem.promises import with_promises
from renewopt.testing.brute import Optimum, brute_force
from renewopt.testing.tiny import tiny_problem
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import EXACT, IN_MONTHS, STRUCTURED, UNMONEYED, Goal

FAIR = (*IN_MONTHS, Goal.CHANGES)
FIRST = 70_000
OTHERS = (Goal.FEES, Goal.OVERDUE, Goal.DISUTILITY)


def fair_problem(seed: int, goal: str, *, second: bool) -> Problem:
    """A tiny problem with a goal of fairness, before or behind another one; households moved out at other times."""
    random = Random(f"{seed} {goal} {second}")
    problem = tiny_problem(FIRST + seed)
    size = len(problem.claims)
    out = np.array([random.randint(-6, 1) for _ in problem.fees.moved_out], dtype=np.int32)
    projects = np.array(["P1", "P2"], dtype=object)
    project = np.array([random.randrange(2) for _ in range(size)], dtype=np.int32)
    if goal == Goal.CHANGES:
        announced = _announced(problem, random)
        problem = with_promises(problem, announced, 0.0).problem
        size = len(problem.claims)
        project = np.array([random.randrange(2) for _ in range(size)], dtype=np.int32)
        out = np.array([random.randint(-6, 1) for _ in problem.fees.moved_out], dtype=np.int32)
    who = np.array([random.random() < 0.8 for _ in range(size)])
    fair = Tier("fair", goal, who)
    other = Tier(
        "other", random.choice([*OTHERS, *(each for each in IN_MONTHS if each != goal)]), ~who | (project == 0)
    )
    return replace(
        problem,
        projects=projects,
        claims=replace(problem.claims, project=project),
        fees=replace(problem.fees, moved_out=out),
        objective=replace(problem.objective, tiers=(other, fair) if second else (fair, other)),
    )


def _announced(problem: Problem, random: Random) -> NDArray[np.int64]:
    """Offer, month and households of what was announced to some, whether it can be or not."""
    rows = []
    for claim in range(len(problem.claims)):
        offers = np.flatnonzero((problem.offers.claim == claim) & (problem.offers.last >= problem.offers.first))
        if offers.size and random.random() < 0.8:
            offer = int(random.choice(offers.tolist()))
            month = random.randint(int(problem.offers.first[offer]), int(problem.offers.last[offer]))
            rows.append((offer, month, int(problem.claims.count[claim]) if problem.claims.indivisible[claim] else 1))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


@cache
def drawn(seed: int, goal: str, *, second: bool) -> tuple[Problem, Optimum | None]:
    problem = fair_problem(seed, goal, second=second)
    return problem, brute_force(problem)


def mismatch(seed: int, goal: str, method: str, *, second: bool, solver: str = "highs") -> str | None:
    """What is wrong with the answer to a tiny problem, or None."""
    problem, optimum = drawn(seed, goal, second=second)
    result = optimise(
        problem, gap=0.0, time_limit=math.inf, method=method, solver=solver, describe=False,
        check=lambda decisions: not audit_decisions(problem, decisions),
    )  # fmt: skip
    if optimum is None:
        return None if result.decisions is None else f"{result.status} where there is no plan"
    if result.objective is None or result.decisions is None:
        return f"{result.status}, though {optimum} is a plan"
    reached = replay(problem, result.decisions).totals.tiers
    for tier, outcome, value in zip(problem.objective.tiers, result.tiers, reached, strict=True):
        counted = float(value) if tier.goal in UNMONEYED else float(value) / FEN_PER_YUAN
        room = 1e-4 * abs(outcome.value) + (2e-4 if tier.goal in UNMONEYED else 2.0)
        if tier.goal == Goal.LONGEST_WAIT:
            room = 0.0
        if counted > outcome.value + room:
            return f"{tier.goal} comes to {counted}, {outcome.value} was told"
        if outcome.bound is not None and outcome.bound > outcome.value + 1e-9:
            return f"{tier.goal}: bound {outcome.bound} above {outcome.value}"
        if tier.goal == Goal.LONGEST_WAIT and method == EXACT and outcome.bound != outcome.value:
            return f"the longest wait {outcome.value} is not proven: {outcome.bound}"
    if method == STRUCTURED and result.status != "optimal":
        return None
    slack = 2.0 + 2e-5 * abs(optimum.objective)
    if abs(result.objective - optimum.objective) > slack:
        return f"{result.objective} yuan by {result.decisions.settle.tolist()}, brute force {optimum}"
    return None


@pytest.mark.parametrize("goal", FAIR)
@pytest.mark.parametrize("second", [False, True])
def test_a_goal_of_fairness_is_reached_as_brute_force_reaches_it(goal: str, second: bool) -> None:
    seeds = range(full_count(12, 200))
    found = {seed: mismatch(seed, goal, EXACT, second=second) for seed in seeds}
    assert {seed: why for seed, why in found.items() if why} == {}


@pytest.mark.slow
@pytest.mark.parametrize("goal", FAIR)
@pytest.mark.parametrize("second", [False, True])
def test_the_structured_path_reaches_it_too(goal: str, second: bool) -> None:
    seeds = range(full_count(10, 60))
    found = {seed: mismatch(seed, goal, STRUCTURED, second=second) for seed in seeds}
    assert {seed: why for seed, why in found.items() if why} == {}


@pytest.mark.slow
@pytest.mark.parametrize("goal", IN_MONTHS)
def test_another_solver_reaches_it_through_pulp(goal: str) -> None:
    seeds = range(full_count(5, 30))
    found = {seed: mismatch(seed, goal, EXACT, second=False, solver="pulp:cbc") for seed in seeds}
    assert {seed: why for seed, why in found.items() if why} == {}


@pytest.mark.parametrize("goal", FAIR)
def test_each_goal_binds_somewhere(goal: str) -> None:
    def cost(problem: Problem) -> float | None:
        optimum = brute_force(problem)
        return None if optimum is None else optimum.objective

    def binds(seed: int) -> bool:
        problem, optimum = drawn(seed, goal, second=False)
        other = replace(problem.objective, tiers=problem.objective.tiers[1:])
        return optimum is not None and optimum.objective > (cost(replace(problem, objective=other)) or 0.0) + 10.0

    assert any(binds(seed) for seed in range(12))
