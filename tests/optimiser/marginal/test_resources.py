"""What a unit more moves: the right-hand sides of the model of the changed problem, and nothing else."""

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.compact_problem import compact_problem

from renewopt.optimiser.marginal.resources import Directions, Resource, resources_of
from renewopt.optimiser.model.formulation import formulate
from renewopt.problem import Problem
from renewopt.testing.tiny import tiny_problem
from renewopt.vocabulary import RESOURCES

STEPS = {"money": 0.01, "debt": 0.01, "homes": 0.5, "transfer": 0.5, "limit": 1.0}


def check(problem: Problem, resource: Resource) -> None:
    base = formulate(problem, relaxed=True)[1]
    rows, amounts = Directions(problem, base).of(resource)
    step = STEPS[resource.kind]
    for sign in (1.0, -1.0) if resource.most_less(problem) >= step else (1.0,):
        changed = formulate(resource.changed(problem, sign * step), relaxed=True)[1]
        moved = np.zeros(base.row_lower.size)
        np.add.at(moved, rows, sign * step * amounts)
        for now, then in ((changed.row_lower, base.row_lower), (changed.row_upper, base.row_upper)):
            finite = np.isfinite(then)
            assert np.array_equal(np.isfinite(now), finite)
            assert np.allclose(now[finite] - then[finite], moved[finite], atol=1e-9), resource
        for name in ("lower", "upper", "cost", "value", "index", "start"):
            assert np.array_equal(getattr(changed, name), getattr(base, name)), (resource, name)


def test_every_kind_moves_its_own_rows() -> None:
    problem = compact_problem()
    listed = resources_of(problem)
    assert {resource.kind for resource in listed} == set(RESOURCES)
    for resource in listed:
        check(problem, resource)


@pytest.mark.parametrize("seed", range(full_count(6, 60)))
def test_so_it_is_in_random_problems(seed: int) -> None:
    problem = tiny_problem(seed)
    listed = resources_of(problem)
    for at in np.random.default_rng(seed).choice(len(listed), size=min(8, len(listed)), replace=False):
        check(problem, listed[at])


def test_months_that_are_asked_for_are_those_that_are_listed() -> None:
    problem = compact_problem()
    listed = resources_of(problem, np.array([1]))
    assert {resource.month for resource in listed} == {-1, 1}
