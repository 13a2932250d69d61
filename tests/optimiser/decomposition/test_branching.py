"""Branching on phases ends where classes are too coarse, and what it has proven of the parts holds all the same."""

import math
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.decomposition.test_nodes import least_within
from tests.optimiser.decomposition.test_partitioning import district
from tests.optimiser.decomposition.test_searching import both, enclosed, of_fiscal_cost
from tests.seeds import seeds

from renewopt.optimiser.decomposition import branching as branching_module
from renewopt.optimiser.decomposition.ascent import DualAscent
from renewopt.optimiser.decomposition.branching import PhaseBranching
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.phase_tree import OpenPart
from renewopt.optimiser.decomposition.primal_heuristic import PrimalHeuristic
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory, SolvedRelaxation
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster, every_choice
from renewopt.optimiser.payments.paying import Paid
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem
from renewopt.problem.decisions import Decisions

ABOVE = 1.004
"""Value of a plan, as a share of the relaxation of all schedules."""


def begun(problem: Problem, plan: float) -> tuple[NodeRelaxations, PrimalHeuristic, SolvedRelaxation]:
    """Parts over few classes, a plan at hand that costs so many relaxations of all schedules, and that relaxation."""
    clock = Clock(math.inf)
    relaxing = RelaxationFactory(problem, "fiscal_cost", (), 100.0)
    relaxation = relaxing.relax(classify(problem, 2))
    answer = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False).solve(math.inf)
    root = relaxing.evaluate(relaxation, answer)
    assert root is not None
    parts = NodeRelaxations(relaxing, relaxation, every_choice(relaxation), clock, lift=True)
    plans = PrimalHeuristic(problem, "fiscal_cost", (), 1e-3, clock, None)
    plans.best = Paid(Decisions(), plan * root.value, 0)
    return parts, plans, root


@pytest.mark.parametrize("seed", seeds([4, 10, 1, 6, 7], fast=1))
def test_where_merging_loses_much_branching_ends_for_classes_to_be_split(seed: int, tmp_path: Path) -> None:
    problem = district(seed, tmp_path)
    parts, plans, root = begun(problem, ABOVE)
    branching = PhaseBranching(parts, plans, Clock(math.inf), None, may_split=True)
    assert branching.run(root, root.bound) == "time_limit"
    merged, left = branching.merged, branching.open_parts
    assert merged is not None
    assert merged.bound < merged.value
    assert left
    (lower, upper), months, generator = parts.whole(), problem.calendar.months, np.random.default_rng(seed)
    for part in left:
        assert part.bound <= least_within(problem, (part.lower, part.upper)) * (1.0 + 1e-6)
    for _ in range(full_count(60, 600)):
        # Of a schedule that is in none of the open parts `fathomed` is proven.
        month = generator.integers(0, months + 1, len(problem.phases))
        state = np.clip((np.arange(months) >= month[:, None]).astype(np.float64), lower, upper)
        if not any(((part.lower <= state) & (state <= part.upper)).all() for part in left):
            assert branching.fathomed <= least_within(problem, (state, state)) * (1.0 + 1e-6)


def test_classes_that_may_not_be_split_are_branched_over_to_the_end(tmp_path: Path) -> None:
    parts, plans, root = begun(district(4, tmp_path), ABOVE)
    branching = PhaseBranching(parts, plans, Clock(math.inf), None)
    branching.run(root, root.bound)
    assert branching.merged is None
    assert branching.bound >= plans.cutoff() or branching.left is not None


def test_what_is_fathomed_before_limits_what_is_proven_of_all(tmp_path: Path) -> None:
    """Parts may all be dearer than a plan: a schedule in none of them may be cheaper, as far as is proven."""
    parts, plans, root = begun(district(4, tmp_path), ABOVE)
    lower, upper = parts.whole()
    dear = OpenPart(2.0 * root.value, lower, lower, upper)
    told: list[float] = []
    for fathomed in (math.inf, root.bound):
        branching = PhaseBranching(parts, plans, Clock(math.inf), None)
        status = branching.run(root, root.bound, [dear], fathomed)
        told.append(branching.bound)
        assert status == ("feasible" if fathomed == math.inf else "time_limit")
        assert branching.left is None
    assert told == [plans.cutoff(), root.bound]


@pytest.mark.parametrize("seed", seeds([119, 137, 161, 12], fast=1))
def test_searches_that_split_classes_on_the_way_enclose_the_optimum(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    split: list[bool] = []
    finer = DualAscent.finer

    def told(self: DualAscent, by: SolvedRelaxation | None = None) -> bool:
        split.append(by is not None)
        return finer(self, by)

    monkeypatch.setattr(branching_module, "LOST", -1.0)
    monkeypatch.setattr(DualAscent, "finer", told)
    problem = of_fiscal_cost(seed)
    exact, structured = both(problem)
    assert any(split)
    enclosed(problem, exact, structured)
