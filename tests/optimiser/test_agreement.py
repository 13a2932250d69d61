"""With and without presolve, with other seeds, and by another solver, a search comes to the same optimum."""

from typing import Any

import pytest

from renewopt.optimiser import exact
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.solving import Solution, optimise
from renewopt.problem import Problem
from renewopt.testing.tiny import tiny_problem

FIRST = 40_000
FEW, MANY, PARTS = 3, 100, 4
SEEDS = (1, 20_023)
TOLERANCE = 1.0
"""Yuan: what counts as proven optimal."""


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Search with options of HiGHS that nobody else sets."""

    def search(problem: Problem, presolve: str, seed: int) -> Solution:
        made = exact._engine

        def engine(*given: Any) -> Engine:
            one = made(*given)
            one.set("presolve", presolve)
            one.set("random_seed", seed)
            return one

        with monkeypatch.context() as patched:
            patched.setattr(exact, "_engine", engine)
            return optimise(problem, gap=0, method="exact", describe=False)

    return search


def check(number: int, searched: Any) -> bool:
    """All ways to one answer; whether there is a plan."""
    problem = tiny_problem(FIRST + number, in_time=number % 2 == 1)
    usual = optimise(problem, gap=0, method="exact", describe=False)
    others = {
        f"presolve {presolve}, seed {seed}": searched(problem, presolve, seed)
        for presolve in ("on", "off")
        for seed in SEEDS
    }
    others["CBC"] = optimise(problem, gap=0, solver="pulp:cbc", describe=False)
    for name, other in others.items():
        where = (
            f"problem {FIRST + number}, {name}: {other.status}, {other.objective}; {usual.status}, {usual.objective}"
        )
        assert (other.decisions is None) == (usual.decisions is None), where
        assert [tier.name for tier in other.tiers] == [tier.name for tier in usual.tiers], where
        if usual.objective is not None:
            assert other.objective == pytest.approx(usual.objective, abs=TOLERANCE, rel=1e-9), where
            assert other.bound is not None, where
            assert other.bound <= usual.objective + TOLERANCE, where
        else:
            assert other.status == usual.status == "infeasible", where
    return usual.decisions is not None


def test_few_problems(searched: Any) -> None:
    assert sum(check(number, searched) for number in range(FEW))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_hundred_problems(searched: Any, part: int) -> None:
    planned = [check(number, searched) for number in range(FEW + part, FEW + MANY, PARTS)]
    assert len(planned) == MANY // PARTS
    assert sum(planned) > len(planned) // 2
