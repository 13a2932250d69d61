"""The optimiser against brute force: the same optimum, or none, on problems small enough to list every plan."""

import math
from collections.abc import Callable
from functools import cache
from itertools import islice

import numpy as np
import pytest

from renewopt.errors import RenewoptError
from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.model import formulation
from renewopt.problem import Decisions, Problem
from renewopt.testing.brute import RULES, Enumeration, Optimum, binds, brute_force
from renewopt.testing.money import MoneyPlan, Verdict
from renewopt.testing.tiny import tiny_problem

FAST = 100
ONCE_WRONG = (262, 437, 635)
"""Seeds whose payments could once not be rounded to fen."""
ALL = 1000
ENOUGH = 50
BLOCK = 50
ROUNDING = 1e-5

Check = Callable[[Decisions], bool]


@cache
def drawn(seed: int, *, in_time: bool = False) -> tuple[Problem, Optimum | None]:
    problem = tiny_problem(seed, in_time=in_time)
    return problem, brute_force(problem)


def audited(problem: Problem) -> Check:
    return lambda decisions: not audit_decisions(problem, decisions)


def mismatch(seed: int, check: Callable[[Problem], Check | None] = audited, *, in_time: bool = False) -> str | None:
    """What the optimiser gets wrong about a tiny problem, or None."""
    problem, optimum = drawn(seed, in_time=in_time)
    result = optimise(problem, gap=0.0, time_limit=math.inf, check=check(problem))
    if optimum is None:
        return None if result.status == "infeasible" else f"{result.status} where there is no plan"
    if result.objective is None or result.bound is None or result.decisions is None:
        return f"{result.status}, though {optimum} is a plan"
    slack = max(1.0, 1e-9 * abs(optimum.objective))
    if result.bound > min(result.objective, optimum.objective + slack):
        return f"bound {result.bound} above {result.objective} or {optimum}"
    if result.status == "feasible":
        # A fen of rounding, passed on from month to month, can be worth some yuan: then the gap must say so.
        slack = result.objective - result.bound
        if slack > ROUNDING * abs(optimum.objective):
            return f"feasible only, from {result.bound} to {result.objective}: {optimum}"
    elif result.status != "optimal":
        return f"{result.status}, though {optimum} is a plan"
    if abs(result.objective - optimum.objective) > slack:
        return f"{result.objective} yuan by {result.decisions.settle.tolist()}, brute force {optimum}"
    violations = audit_decisions(problem, result.decisions)
    return f"the audit finds {violations}" if violations else None


@pytest.mark.parametrize("seed", [*range(FAST), *ONCE_WRONG])
@pytest.mark.slow
def test_the_optimum_is_that_of_brute_force(seed: int) -> None:
    assert mismatch(seed) is None


@pytest.mark.slow
@pytest.mark.xdist_group("brute force")
@pytest.mark.parametrize("block", range(FAST // BLOCK, ALL // BLOCK))
def test_the_optimum_is_that_of_brute_force_a_thousand_times(block: int) -> None:
    found = {seed: mismatch(seed) for seed in range(BLOCK * block, BLOCK * (block + 1))}
    assert {seed: why for seed, why in found.items() if why} == {}


@pytest.mark.parametrize("seed", range(ALL, ALL + FAST // 2))
def test_limits_and_money_that_change_in_time_too(seed: int) -> None:
    assert mismatch(seed, in_time=True) is None


@pytest.mark.slow
@pytest.mark.xdist_group("brute force")
@pytest.mark.parametrize("block", range(4))
def test_limits_and_money_that_change_in_time_two_hundred_times(block: int) -> None:
    seeds = range(ALL + FAST + BLOCK * block, ALL + FAST + BLOCK * (block + 1))
    found = {seed: mismatch(seed, in_time=True) for seed in seeds}
    assert {seed: why for seed, why in found.items() if why} == {}


@pytest.mark.slow
def test_what_changes_in_time_matters_in_some_of_them() -> None:
    def cost(seed: int, in_time: bool) -> float | None:
        optimum = drawn(seed, in_time=in_time)[1]
        return None if optimum is None else round(optimum.objective)

    assert sum(cost(seed, True) != cost(seed, False) for seed in range(ALL, ALL + FAST // 2)) > 5


@pytest.mark.slow
def test_most_problems_have_a_plan_and_a_few_have_none() -> None:
    none = sum(drawn(seed)[1] is None for seed in range(FAST))
    assert 0 < none < FAST / 8


@pytest.mark.parametrize("name", list(formulation.BLOCKS))
def test_a_formulation_without_a_rule_block_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def caught(seed: int) -> bool:
        with monkeypatch.context() as patch:
            # A new table: put back into the old one, the block would stand last in it for all tests to come.
            patch.setattr(formulation, "BLOCKS", {k: b for k, b in formulation.BLOCKS.items() if k != name})
            try:
                # Unchecked: with its plans refused, it would look for others long before it gives up.
                wrong = mismatch(seed, lambda _: None)
            except (RenewoptError, ValueError, RuntimeError, IndexError):
                return False  # it came apart of itself: look for a seed in which it answers, wrongly
        return wrong is not None and mismatch(seed) is None

    assert any(caught(seed) for seed in range(FAST))


@pytest.mark.slow
@pytest.mark.xdist_group("brute force")
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_binds_in_fifty_of_the_thousand(rule: str) -> None:
    binding = (seed for seed in range(ALL) if binds(drawn(seed)[0], rule, drawn(seed)[1]))
    assert len(list(islice(binding, ENOUGH))) == ENOUGH


def test_an_unknown_rule_cannot_be_dropped() -> None:
    with pytest.raises(ValueError, match="no such rule: stocks; known are household"):
        Enumeration(tiny_problem(0), frozenset({"stocks"}))


@pytest.mark.parametrize("seed", range(0, FAST, 6))
def test_ruling_candidates_out_by_proofs_changes_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_bound(_plan: MoneyPlan, _verdict: Verdict, _rights: object) -> None:
        return None

    problem, optimum = drawn(seed)
    monkeypatch.setattr(MoneyPlan, "bound_others", no_bound)
    slowly = brute_force(problem)
    assert (slowly is None) == (optimum is None)
    if slowly is not None and optimum is not None:
        assert np.isclose(slowly.objective, optimum.objective, rtol=0, atol=0.02)
