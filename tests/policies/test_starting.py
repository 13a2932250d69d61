"""Rules of thumb that the optimiser begins with."""

import itertools

import numpy as np

from renewopt.policies import RULES
from renewopt.policies.starting import START_RULES, plans_of_rules
from renewopt.problem import Decisions
from renewopt.testing.tiny import tiny_problem


def same(one: Decisions, other: Decisions) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Decisions.COLUMNS)


def test_they_are_those_that_ship_and_decide_as_ever() -> None:
    assert {rule.name for rule in START_RULES} < set(RULES)
    problem = tiny_problem(1)
    made = list(plans_of_rules(problem, lambda: False))
    assert len(made) == len(START_RULES)
    assert all(same(plan, rule.decide(problem)) for plan, rule in zip(made, START_RULES, strict=True))


def test_they_end_when_time_is_up() -> None:
    problem = tiny_problem(1)
    assert list(plans_of_rules(problem, lambda: True)) == []
    months = problem.calendar.books
    for enough in (months - 1, months, 2 * months - 1, 2 * months):
        looked = itertools.count(1)
        made = list(plans_of_rules(problem, lambda looked=looked, enough=enough: next(looked) > enough))
        assert len(made) == enough // months
