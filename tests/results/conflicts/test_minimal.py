"""Smallest sets of rules that cannot hold together, where it is known which do."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, cast

import pytest

from renewopt.optimiser.infeasibility.feasibility import MONEY, Effort, Feasibility
from renewopt.results.conflicts.minimal import MANY, minimal_set, rules_enough
from renewopt.results.conflicts.questions import Questions
from renewopt.results.conflicts.stated_rule import StatedRule, Way
from renewopt.wording import words

FAMILIES = {"estates": 40, "households": 20, "funds": 12, "developers": 3, "objective": 1}
KEYS = [f"{family}.{n % 5}.kind{n % 4}.{n}" for family, size in FAMILIES.items() for n in range(size)]


class Answered(Questions):
    """Rules cannot hold together where some core is among them; a scenario is the set of its rules' numbers.

    An answer costs one; as in a large problem, a no is proven and a yes is not. A proof speaks of its core.
    """

    def __init__(self, cores: list[set[int]], effort: float) -> None:
        rules = [
            StatedRule(key, words("leave it out"), cast("Any", partial(self._less, n))) for n, key in enumerate(KEYS)
        ]
        super().__init__(cast("Any", frozenset(range(len(KEYS)))), rules, Effort(effort))
        self.cores, self.asked_of, self.proofs = cores, list[frozenset[int]](), list[set[int]]()

    @staticmethod
    def _less(n: int, scenario: frozenset[int]) -> frozenset[int]:
        return scenario - {n}

    def _compiled(self, scenario: Any) -> None:
        """No rule of thumb can be tried."""

    def asked(self, scenario: Any, *, known_proofs: bool = False) -> Feasibility:
        if self.effort.left <= 0:
            return Feasibility(None, proven=False)
        self.effort.left -= 1
        self.asked_of.append(scenario)
        core = next((core for core in (self.proofs if known_proofs else self.cores) if core <= scenario), None)
        if core is None:
            return Feasibility(None if known_proofs else True, proven=False)
        if core not in self.proofs:
            self.proofs.append(core)
        return Feasibility(kept=False, proven=True, scarce=frozenset({MONEY}))


def some_core(seed: int, size: int = 6) -> set[int]:
    return set(Random(seed).sample(range(len(KEYS)), size))


@pytest.mark.parametrize("seed", range(20))
def test_with_enough_work_just_the_rules_that_matter_are_left(seed: int) -> None:
    core = some_core(seed)
    asked = Answered([core], 1e9)
    assert set(minimal_set(asked, sorted(asked.every), 0.0)) == core
    assert len(asked.asked_of) < len(KEYS), "many rules are left out at a time"


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("work", [2, 5, 10, 20])
def test_where_the_work_ends_the_rules_that_are_left_are_proven_not_to_hold(seed: int, work: int) -> None:
    core = some_core(seed)
    asked = Answered([core], 100.0)
    found = minimal_set(asked, sorted(asked.every), 100.0 - work)
    assert core <= set(found)
    known = asked.known[frozenset(found)]
    assert (known.kept, known.proven) == (False, True)
    assert 100.0 - asked.effort.left <= work + 1


def test_large_groups_that_do_not_matter_are_left_out_first() -> None:
    asked = Answered([{len(KEYS) - 1}], 100.0)
    found = minimal_set(asked, sorted(asked.every), 100.0 - 4)
    assert {KEYS[n].partition(".")[0] for n in found} <= {"developers", "objective", "funds"}


@pytest.mark.parametrize("seed", range(20))
def test_rules_that_are_enough_alone_are_in_every_core(seed: int) -> None:
    shared, one, other = some_core(seed, 2), some_core(seed + 100), some_core(seed + 200)
    asked = Answered([shared | one, shared | other], 1e9)
    members = sorted(one | other | shared)
    assert set(rules_enough(asked, members, 0.0)) == (shared | one) & (shared | other)


def test_of_many_rules_the_one_that_stands_alone_is_asked_about_first() -> None:
    last = len(KEYS) - 1
    asked = Answered([{0, 50, last}], 100.0)
    assert len(asked.every) > MANY
    assert rules_enough(asked, sorted(asked.every), 99.0) == [last], "what was not asked about is not known"


def test_of_few_rules_those_that_were_not_asked_about_are_taken_to_be_enough() -> None:
    assert rules_enough(Answered([{0, 50}], 0.0), [0, 50], 0.0) == [0, 50]


def test_the_money_of_a_fund_is_asked_about_alone() -> None:
    last, money = len(KEYS) - 1, KEYS.index(next(key for key in KEYS if key.startswith("funds.")))
    asked = Answered([{0, money, last}], 100.0)
    way = Way(1, cast("Any", None), lambda level: words("more money"), in_yuan=True)
    asked.rules = [
        replace(rule, key="funds.f", ways=(way,)) if n == money else rule for n, rule in enumerate(asked.rules)
    ]
    assert rules_enough(asked, sorted(asked.every), 98.0) == [money, last]
