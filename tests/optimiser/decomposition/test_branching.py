"""Branching on phases ends where classes are too coarse, and what it has proven of the parts holds all the same."""

import math
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.decomposition.test_nodes import least_within
from tests.optimiser.decomposition.test_partitioning import district
from tests.seeds import seeds

from renewopt.optimiser.decomposition.branching import PhaseBranching
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.primal_heuristic import PrimalHeuristic
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster, every_choice
from renewopt.optimiser.payments.paying import Paid
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem
from renewopt.problem.decisions import Decisions

ABOVE = 1.004
"""Value of a plan, as a share of the relaxation of all schedules."""


def branched(problem: Problem, *, coarse: bool) -> tuple[PhaseBranching, PhaseBounds]:
    """Branching over few classes, with a plan at hand a little above the relaxation; the bounds of all schedules."""
    clock = Clock(math.inf)
    relaxing = RelaxationFactory(problem, "fiscal_cost", (), 100.0)
    relaxation = relaxing.relax(classify(problem, 2))
    answer = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False).solve(math.inf)
    root = relaxing.evaluate(relaxation, answer)
    assert root is not None
    parts = NodeRelaxations(relaxing, relaxation, every_choice(relaxation), clock, lift=True)
    plans = PrimalHeuristic(problem, "fiscal_cost", (), 1e-3, clock, None)
    plans.best = Paid(Decisions(), ABOVE * root.value, 0)
    branching = PhaseBranching(parts, plans, clock, None, coarse=coarse)
    status = branching.run(root, root.bound)
    assert status == "time_limit"
    return branching, parts.whole()


@pytest.mark.parametrize("seed", seeds([4, 10, 1, 6, 7], fast=1))
def test_where_merging_loses_much_branching_ends_for_classes_to_be_split(seed: int, tmp_path: Path) -> None:
    problem = district(seed, tmp_path)
    branching, (lower, upper) = branched(problem, coarse=True)
    merged, parts = branching.merged, branching.open_parts
    assert merged is not None
    assert merged.bound < merged.value
    assert parts
    months, generator = problem.calendar.months, np.random.default_rng(seed)
    for part in parts:
        assert part.bound <= least_within(problem, (part.lower, part.upper)) * (1.0 + 1e-6)
    for _ in range(full_count(60, 600)):
        # A schedule that is in none of the open parts is one of those of which `others` is proven.
        month = generator.integers(0, months + 1, len(problem.phases))
        state = np.clip((np.arange(months) >= month[:, None]).astype(np.float64), lower, upper)
        if not any(((part.lower <= state) & (state <= part.upper)).all() for part in parts):
            assert branching.others <= least_within(problem, (state, state)) * (1.0 + 1e-6)


def test_classes_that_may_not_be_split_are_branched_over_to_the_end(tmp_path: Path) -> None:
    assert branched(district(4, tmp_path), coarse=False)[0].merged is None
