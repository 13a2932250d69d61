"""All schedules taken apart: the parts are all of them, and what is proven of each holds for its households."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.decomposition.test_nodes import least_within
from tests.seeds import seeds

from renewopt.optimiser.decomposition.ascent import in_use
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.partitioning import Part, Partition
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory
from renewopt.optimiser.decomposition.reoptimising import Reoptimiser
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster, every_choice, spread
from renewopt.optimiser.decomposition.stopping import StoppedError
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem, compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write

ABOVE = 1.02
"""Cutoff, as a share of the relaxation of all schedules."""


def district(seed: int, folder: Path) -> Problem:
    problem = compile_problem(load(write(folder, synthesise(90, seed=seed, months=36, projects=3, phases=3))))
    return merge_needs(replace(problem, objective=replace(problem.objective, name="fiscal_cost")))[0]


def whole(problem: Problem, clock: Clock) -> tuple[Partition, float, PhaseBounds]:
    """All schedules, not taken apart yet; what they cost at the least over classes, in 万元; their bounds."""
    relaxing = RelaxationFactory(problem, "fiscal_cost", (), 100.0)
    relaxation = relaxing.relax(classify(problem, 8))
    answer = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False).solve(math.inf)
    solved = relaxing.evaluate(relaxation, answer)
    assert solved is not None
    parts = NodeRelaxations(relaxing, relaxation, every_choice(relaxation), clock, lift=True)
    models = Reoptimiser(relaxation, spread(relaxation) | in_use(relaxation, solved.x), clock)
    partition = Partition(parts, solved, models, problem.phases.cost.astype(np.float64))
    return partition, solved.value, parts.whole()


def holds(part: Part, state: FloatArray) -> bool:
    return bool(((part.lower <= state) & (state <= part.upper)).all())


@pytest.mark.parametrize("seed", seeds([2, 10, 5], fast=1))
def test_the_parts_are_all_schedules_and_their_bounds_hold(seed: int, tmp_path: Path) -> None:
    problem = district(seed, tmp_path)
    partition, value, (lower, upper) = whole(problem, Clock(math.inf))
    cutoff = ABOVE * value
    assert partition.grow(cutoff)
    partition.prove(cutoff)
    found = partition.found
    assert len(found) > 1
    assert partition.bound == min(part.bound for part in found)
    generator = np.random.default_rng(seed)
    for _ in range(full_count(200, 5_000)):
        # Any schedule: each phase built in a month in which it can stand, or never.
        month = generator.integers(0, lower.shape[1] + 1, len(lower))
        state = np.clip((np.arange(lower.shape[1]) >= month[:, None]).astype(np.float64), lower, upper)
        assert any(holds(part, state) for part in found), "a schedule is in none of the parts"
    for part in found:
        assert part.bound <= least_within(problem, (part.lower, part.upper)) * (1.0 + 1e-6)
        assert (part.lower <= part.state + 1e-9).all()
        assert (part.state <= part.upper + 1e-9).all()


def test_where_parts_are_no_dearer_nothing_is_to_be_proven(tmp_path: Path) -> None:
    problem = district(2, tmp_path)
    for share, useful in ((100.0, False), (ABOVE, True)):
        partition, value, _ = whole(problem, Clock(math.inf))
        assert partition.grow(share * value) is useful


def test_a_partition_ends_with_the_time(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        whole(district(1, tmp_path), Clock(0.0))[0].grow(math.inf)
