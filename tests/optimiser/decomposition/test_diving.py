"""A first schedule of whole phases: it is whole, possible, and not dearer than what was asked for."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.optimiser.decomposition import diving
from renewopt.optimiser.decomposition.ascent import DualAscent
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.diving import Dive, TooFarError
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.phase_tree import fractionality
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory, SolvedRelaxation
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster, every_choice
from renewopt.optimiser.progress import Clock
from renewopt.problem import compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write

IN_DOUBT = [210, 227, 231, 236, 221, 212, 208, 219]
"""Seeds of districts where several phases are not whole in the relaxation, most of them first."""
Parts = Callable[[int], tuple[NodeRelaxations, SolvedRelaxation]]


@pytest.fixture
def parts_of(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """Parts of the schedules of a drawn district, and the relaxation of all of them."""

    def made(seed: int) -> tuple[NodeRelaxations, SolvedRelaxation]:
        drawn = synthesise(40, seed=seed, months=24, projects=1, phases=6)
        problem = compile_problem(load(write(tmp_path_factory.mktemp("district"), drawn)))
        relaxing = RelaxationFactory(problem, problem.objective.name, (), 100.0)
        relaxation = relaxing.relax(classify(problem, 8))
        answer = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False).solve(math.inf)
        solved = relaxing.evaluate(relaxation, answer)
        assert solved is not None
        assert np.count_nonzero(fractionality(relaxation.state(solved.x))) > 1
        ascent = DualAscent(relaxing, Clock(math.inf), relaxation, solved, elastic=False)
        return NodeRelaxations(relaxing, relaxation, ascent.open_choices(), Clock(math.inf)), solved

    return made


@pytest.mark.parametrize("seed", seeds(IN_DOUBT, fast=1))
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("sure", [True, False])
def test_a_dive_ends_in_a_whole_schedule_whether_phases_are_decided_together_or_one_by_one(
    monkeypatch: pytest.MonkeyPatch, parts_of: Parts, seed: int, *, sure: bool, together: bool
) -> None:
    parts, root = parts_of(seed)
    monkeypatch.setattr(diving, "MANY", 0 if together else math.inf)
    # What is nearly sure is always dearer than that.
    monkeypatch.setattr(diving, "LOSS_OF_SURE", diving.LOSS_OF_SURE if sure else -math.inf)
    found = Dive(parts, Clock(math.inf), math.inf).schedule(root.centre)
    assert found is not None
    lower, upper = parts.whole()
    assert ((lower <= found.state) & (found.state <= upper)).all()
    assert not fractionality(found.state).any()
    # It is possible, and no cheaper than a part of it could be.
    (solved,) = parts.solve([(found.state, found.state)], found.centre)
    assert solved is not None
    assert not solved.infeasible
    assert solved.value >= root.value - 1e-4 * abs(root.value)


@pytest.mark.parametrize("seed", seeds(IN_DOUBT, fast=1))
def test_what_is_rounded_together_is_dropped_where_it_costs_much(
    monkeypatch: pytest.MonkeyPatch, parts_of: Parts, seed: int
) -> None:
    parts, root = parts_of(seed)
    monkeypatch.setattr(diving, "MANY", 0)
    monkeypatch.setattr(diving, "LOSS", -math.inf)
    dropped = Dive(parts, Clock(math.inf), math.inf).schedule(root.centre)
    monkeypatch.setattr(diving, "MANY", math.inf)
    never = Dive(parts, Clock(math.inf), math.inf).schedule(root.centre)
    assert dropped is not None
    assert never is not None
    assert np.array_equal(dropped.state, never.state)


def test_a_dive_that_leads_too_far_is_given_up(parts_of: Parts) -> None:
    parts, root = parts_of(IN_DOUBT[0])
    with pytest.raises(TooFarError):
        Dive(parts, Clock(math.inf), -math.inf).schedule(root.centre)


def test_where_no_step_is_possible_there_is_no_schedule(monkeypatch: pytest.MonkeyPatch, parts_of: Parts) -> None:
    parts, root = parts_of(IN_DOUBT[0])
    solve = parts.solve

    def only_all(bounds: list[PhaseBounds], *how: Any, **more: Any) -> list[SolvedRelaxation | None]:
        whole = all(np.array_equal(a, b) for a, b in zip(bounds[0], parts.whole(), strict=True))
        return solve(bounds, *how, **more) if whole else [None] * len(bounds)

    monkeypatch.setattr(parts, "solve", only_all)
    assert Dive(parts, Clock(math.inf), math.inf).schedule(root.centre) is None
