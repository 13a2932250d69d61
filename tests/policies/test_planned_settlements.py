"""Promises kept in bulk are those kept one after the other."""

from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from benchmarks.policies.fair import ROUGH

import renewopt
from renewopt.futures import Future, draw_future
from renewopt.policies import RULES, NoPlanError, Optimal, execution, simulate
from renewopt.policies.budget import Budget
from renewopt.policies.planned_settlements import settle_as_planned
from renewopt.policies.state import Ints, SimulationState
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.testing.tiny import tiny_problem


def one_by_one(account: SimulationState, offers: Ints, households: Ints, budget: Budget | None) -> Ints:
    each = [settle_as_planned(account, offers[[n]], households[[n]], budget) for n in range(offers.size)]
    return np.concatenate([np.zeros(0, dtype=np.int64), *each])


def followed(plan: Decisions, future: Future) -> Decisions:
    class Given(execution.MadeOnce):
        name = "given"

        def decide(self, problem: Problem) -> Decisions:  # noqa: ARG002
            return plan

    return simulate(Given(), future)


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many promises are due at once."""
    seen: list[int] = []

    def counted(account: SimulationState, offers: Ints, households: Ints, budget: Budget | None) -> Ints:
        seen.append(offers.size)
        return settle_as_planned(account, offers, households, budget)

    monkeypatch.setattr(execution, "settle_as_planned", counted)
    return seen


def assert_same(plan: Decisions, future: Future, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = followed(plan, future)
    with monkeypatch.context() as patch:
        patch.setattr(execution, "settle_as_planned", one_by_one)
        in_turn = followed(plan, future)
    for f in fields(Decisions):
        assert getattr(at_once, f.name).tolist() == getattr(in_turn, f.name).tolist(), f.name


@pytest.mark.parametrize("first", range(3000, 3040, 10))
def test_promises_of_tiny_districts(first: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(first, first + 10):
        problem = tiny_problem(seed)
        with suppress(NoPlanError):
            plan = Optimal(gap=0.1).decide(problem)
            for statement in (None, ROUGH):
                assert_same(plan, draw_future(problem, statement, seed), monkeypatch)
    assert max(sizes) > 1


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["voucher-first", "units-first"])
def test_promises_of_a_district(rule: str, sizes: list[int], repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a rule does as planned is a plan too; in a rough future much of it is put off, lost or declined."""
    scenario = renewopt.load(repository / "scenarios" / "district" / "district.yaml")
    problem = compile_problem(scenario)
    rough = next(each for each in scenario.futures if each.id == "rough")
    assert_same(RULES[rule]().decide(problem), draw_future(problem, rough, 1), monkeypatch)
    assert max(sizes) > 100
