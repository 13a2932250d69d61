"""Parts of the schedules: their bounds hold for the households, and dual ascent brings them near to their value."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.optimiser.decomposition.ascent import DualAscent
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.phase_tree import two_parts
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory, RelaxationResult
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster, every_choice, spread
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem, compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write


def climbed(problem: Problem) -> tuple[NodeRelaxations, DualAscent]:
    """A relaxation at its best bound, and its parts."""
    relaxing = RelaxationFactory(problem, problem.objective.name, (), 100.0)
    relaxation = relaxing.relax(classify(problem, 8))
    answer = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False).solve(math.inf)
    solved = relaxing.evaluate(relaxation, answer)
    assert solved is not None
    clock = Clock(math.inf)
    ascent = DualAscent(relaxing, clock, relaxation, solved, elastic=False)
    ascent.ascend(1e-5)
    return NodeRelaxations(relaxing, ascent.incumbent.relaxation, ascent.open_choices(), clock), ascent


def least_within(problem: Problem, part: PhaseBounds) -> float:
    """Optimum of the households' own relaxation for a part of the schedules, in 万元."""
    _, model = formulate(problem, relaxed=True)
    at = model.columns["complete"].index
    lower, upper = model.lower.copy(), model.upper.copy()
    lower[at], upper[at] = part[0].ravel(), part[1].ravel()
    return Engine(replace(model, lower=lower, upper=upper)).run().objective


@pytest.mark.parametrize("seed", seeds([3, 23, 27], fast=0))
def test_the_bound_of_a_part_rises_to_its_value_and_holds_for_the_households(seed: int, tmp_path: Path) -> None:
    problem, _ = merge_needs(compile_problem(load(write(tmp_path, synthesise(60, seed=seed, months=24)))))
    parts, ascent = climbed(problem)
    lower, upper = parts.whole()
    centre = ascent.incumbent.solved.centre
    root = parts.solve([(lower, upper)], centre)[0]
    assert root is not None
    whole = two_parts(parts.relaxation.state(root.x), lower, upper)
    risen = 0
    for part, solved in zip(whole, parts.solve(whole, centre), strict=True):
        assert solved is not None
        told: list[object] = []
        parts._clock.callback = told.append
        better = parts.ascend(part, solved, np.inf)
        assert not told, "the bound of a part was told as that of the whole"
        optimum = least_within(problem, part)
        assert solved.bound <= better.bound <= optimum * (1.0 + 1e-6)
        assert better.bound >= optimum * (1.0 - 1e-3)
        assert better.value == solved.value
        risen += better.bound > solved.bound
        assert parts.ascend(part, solved, solved.bound - 1.0) is solved, "what is above what is enough need not ascend"
    assert risen


def test_parts_that_are_near_their_value_are_not_solved_once_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    problem, _ = merge_needs(compile_problem(load(write(tmp_path, synthesise(60, seed=3, months=24)))))
    parts, ascent = climbed(problem)
    centre = ascent.incumbent.solved.centre
    root = parts.solve([parts.whole()], centre)[0]
    assert root is not None
    way = two_parts(parts.relaxation.state(root.x), *parts.whole())
    at_once: list[int] = []
    solve_parts = RestrictedMaster.solve_parts

    def counted(self: RestrictedMaster, some: list[PhaseBounds], *rest: float, **how: bool) -> list[RelaxationResult]:
        at_once.append(len(some))
        return solve_parts(self, some, *rest, **how)

    monkeypatch.setattr(RestrictedMaster, "solve_parts", counted)
    few = spread(parts.relaxation)
    bounds = []
    for rounds in (1, 2, 6):
        parts.opened = few
        solved = parts.solve(way, centre, rounds=rounds, let_in=False)
        bounds.append([each.bound for each in solved if each is not None])
    assert len(bounds[0]) == len(bounds[1]) == len(bounds[2]) == len(way)
    # What was proven in one round stands in the next ones, and ends them.
    assert all(one <= two + 1e-6 <= six + 2e-6 for one, two, six in zip(*bounds, strict=True))
    assert at_once[0] == at_once[1] == at_once[3] == len(way)
    assert len(at_once) < 9
    # A part that is dear enough already is solved once.
    at_once.clear()
    parts.solve(way, centre, rounds=6, enough=0.0)
    assert at_once == [len(way)]
