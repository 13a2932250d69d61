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
from renewopt.optimiser.decomposition.phase_tree import all_at_once, fractionality
from renewopt.optimiser.decomposition.relaxation import PricedRelaxation, RelaxationFactory, SolvedRelaxation
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster, every_choice
from renewopt.optimiser.model.linear import FloatArray
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


@pytest.mark.parametrize("seed", seeds([210, 231, 236], fast=1))
def test_what_is_rounded_together_ends_the_dive_if_it_costs_little(
    monkeypatch: pytest.MonkeyPatch, parts_of: Parts, seed: int
) -> None:
    tried: list[list[PhaseBounds]] = []

    def told(*state_and_bounds: FloatArray) -> list[PhaseBounds]:
        tried.append(all_at_once(*state_and_bounds))
        return tried[-1]

    monkeypatch.setattr(diving, "all_at_once", told)
    monkeypatch.setattr(diving, "nearly_sure", lambda *_: [])
    monkeypatch.setattr(diving, "MANY", 0)
    schedules = []
    for loss in (math.inf, -math.inf):
        monkeypatch.setattr(diving, "LOSS", loss)
        parts, root = parts_of(seed)
        found = Dive(parts, Clock(math.inf), math.inf).schedule(root.centre)
        assert found is not None
        schedules.append(found.state)
    # Once a dive, whether it was taken or not.
    taken, dropped = tried
    assert any(np.array_equal(schedules[0], low) for low, _ in taken)
    monkeypatch.setattr(diving, "MANY", math.inf)
    parts, root = parts_of(seed)
    one_by_one = Dive(parts, Clock(math.inf), math.inf).schedule(root.centre)
    assert one_by_one is not None
    assert np.array_equal(schedules[1], one_by_one.state)
    assert len(dropped) == len(taken) == 2


@pytest.mark.parametrize("seed", seeds([210, 231, 236], fast=1))
def test_what_is_nearly_sure_is_fixed_together_if_it_costs_little(
    monkeypatch: pytest.MonkeyPatch, parts_of: Parts, seed: int
) -> None:
    never, _ = parts_of(seed)[0].whole()

    def nothing(_: FloatArray, lower: FloatArray, __: FloatArray) -> list[PhaseBounds]:
        return [(lower, lower.copy())]

    def diving_with(sure: Callable[..., list[PhaseBounds]], loss: float) -> FloatArray:
        monkeypatch.setattr(diving, "nearly_sure", sure)
        monkeypatch.setattr(diving, "LOSS_OF_SURE", loss)
        parts, root = parts_of(seed)
        found = Dive(parts, Clock(math.inf), math.inf).schedule(root.centre)
        assert found is not None
        return found.state

    assert np.array_equal(diving_with(nothing, math.inf), never)
    assert np.array_equal(diving_with(nothing, -math.inf), diving_with(lambda *_: [], math.inf))


def test_a_dive_that_leads_too_far_is_given_up(parts_of: Parts) -> None:
    parts, root = parts_of(IN_DOUBT[0])
    with pytest.raises(TooFarError):
        Dive(parts, Clock(math.inf), -math.inf).schedule(root.centre)


def test_where_no_step_is_possible_there_is_no_schedule(monkeypatch: pytest.MonkeyPatch, parts_of: Parts) -> None:
    parts, root = parts_of(IN_DOUBT[0])
    look = parts.look

    def only_all(bounds: list[PhaseBounds], *how: Any, **more: Any) -> list[PricedRelaxation | None]:
        whole = all(np.array_equal(a, b) for a, b in zip(bounds[0], parts.whole(), strict=True))
        return look(bounds, *how, **more) if whole else [None] * len(bounds)

    monkeypatch.setattr(parts, "look", only_all)
    assert Dive(parts, Clock(math.inf), math.inf).schedule(root.centre) is None
