"""Conflicts: the planted rule is named, every change that is told is enough, and nothing smaller is."""

from __future__ import annotations

import pytest

from renewopt import Scenario
from renewopt.optimiser import optimise
from renewopt.problem import compile_problem
from renewopt.results.conflicts.finding import FoundConflict, search_conflicts

from .planted import KINDS, planted

SEEDS = 4


def possible(scenario: Scenario) -> bool:
    """Whether the optimiser finds a plan, by its own way."""
    found = optimise(compile_problem(scenario), objective="transition_fees", gap=0.5, describe=False)
    assert found.status != "interrupted"
    return found.decisions is not None


def conflicts_of(scenario: Scenario) -> list[FoundConflict]:
    return search_conflicts(scenario, compile_problem(scenario))


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("name", list(KINDS))
def test_the_planted_rule_is_named_and_no_sentence_is_false(name: str, seed: int) -> None:
    without, scenario = planted(name, seed)
    assert possible(without), "a plan is possible before the rule is planted"
    assert not possible(scenario)
    found = conflicts_of(scenario)
    assert found
    for conflict in found:
        assert conflict.proven
        assert any(one.rule.key.startswith(KINDS[name].key) for one in conflict.rules)
        for one in conflict.rules:
            assert one.said is not None
            if one.change is not None:
                assert possible(one.change(conflict.context)), (one.rule.key, one.said)
            if one.less is not None:
                assert not possible(one.less(conflict.context)), (one.rule.key, one.said)
