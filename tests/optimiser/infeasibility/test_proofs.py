"""Proofs that rules cannot be kept: they hold of what is alike, and of nothing that can be kept."""

from __future__ import annotations

import numpy as np
import pytest
from tests.results.conflicts.planted import planted

from renewopt import Scenario
from renewopt.optimiser.infeasibility import feasibility
from renewopt.optimiser.infeasibility.feasibility import Effort, Feasibility, can_be_kept
from renewopt.problem import compile_problem
from renewopt.results.conflicts.finding import stated_rules

NAMES = ("surplus", "throughput", "household deadline", "money", "reserve_months", "take-up 0")


@pytest.fixture(autouse=True)
def all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasibility, "RELAXED", -1)


def asked(scenario: Scenario, effort: Effort, *, known_proofs: bool = False) -> Feasibility:
    return can_be_kept(compile_problem(scenario), effort, known_proofs=known_proofs)


@pytest.mark.parametrize("name", NAMES)
def test_a_proof_holds_again_and_of_nothing_that_can_be_kept(name: str) -> None:
    possible, scenario = planted(name, 0)
    effort = Effort(1e12)
    assert asked(scenario, effort).proven
    again = asked(scenario, effort, known_proofs=True)
    assert (again.kept, again.proven) == (False, True)
    assert asked(possible, effort, known_proofs=True).kept is None


@pytest.mark.parametrize("name", NAMES)
def test_a_proof_stands_without_rules_of_which_it_does_not_speak_only(name: str) -> None:
    _, scenario = planted(name, 0)
    rules, effort = stated_rules(scenario, compile_problem(scenario)), Effort(1e12)
    assert asked(scenario, effort).proven
    stood = 0
    for rule in rules:
        without = rule.without(scenario)
        if asked(without, effort, known_proofs=True).kept is False:
            stood += 1
            assert asked(without, Effort(1e12)).kept is False, rule.key
    assert 0 < stood < len(rules)


@pytest.mark.parametrize("name", ["surplus", "household deadline", "money", "reserve_months"])
def test_of_a_proof_fewer_prices_are_kept_that_prove_it_too(name: str) -> None:
    _, scenario = planted(name, 0)
    effort = Effort(1e12)
    assert asked(scenario, effort).proven
    few, dense = effort.proofs[:2]
    assert few is not None
    assert dense is not None
    assert set(np.flatnonzero(few.y)) < set(np.flatnonzero(dense.y))
    for proof in (few, dense):
        alone = asked(scenario, Effort(1e12, proofs=(proof,)), known_proofs=True)
        assert (alone.kept, alone.proven) == (False, True)


def test_an_earlier_proof_takes_less_work_than_a_new_one() -> None:
    _, scenario = planted("money", 0)
    effort = Effort(1e12)
    asked(scenario, effort)
    first = 1e12 - effort.left
    asked(scenario, effort)
    assert 1e12 - effort.left < 2 * first
