"""What tells cheaply how parts of the schedules compare."""

import math
from pathlib import Path

import numpy as np
import pytest

from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.guide import Guide, dearest
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster, every_choice
from renewopt.optimiser.decomposition.stopping import StoppedError
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.progress import Clock
from renewopt.problem import compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write


@pytest.mark.parametrize(
    ("values", "cutoff", "way"),
    [
        # Both parts a little dearer is better than one of them much.
        ([[10.0, 20.0], [12.0, 13.0]], math.inf, 1),
        # Dearer than the cutoff is no better.
        ([[10.0, 90.0], [11.0, 14.0]], 15.0, 1),
        # A part without a plan is as good as the cutoff.
        ([[11.0, math.inf], [10.0, 15.0]], 15.0, 0),
        ([[math.inf, math.inf]], math.inf, 0),
        # Of costs below nothing, too.
        ([[-20.0, -10.0], [-18.0, -17.0]], math.inf, 1),
    ],
)
def test_the_way_is_taken_by_which_both_parts_become_dearest(
    values: list[list[float]], cutoff: float, way: int
) -> None:
    assert dearest(values, cutoff) == way


def guided(folder: Path, clock: Clock) -> tuple[Guide, PhaseBounds]:
    """A guide that has every choice of a small district, and all schedules."""
    problem = compile_problem(load(write(folder, synthesise(40, seed=200, months=24, projects=1, phases=2))))
    factory = RelaxationFactory(merge_needs(loosened(problem))[0], "transition_fees", (), 100.0)
    relaxation = factory.relax(classify(factory.problem, 20))
    opened = every_choice(relaxation)
    solved = RestrictedMaster(relaxation, opened, elastic=True).solve(math.inf)
    assert solved.x is not None
    return Guide(relaxation, opened, clock, solved.x), relaxation.phase_bounds()


def test_a_schedule_is_whole_and_splitting_it_off_is_told_from_splitting_nothing_off(tmp_path: Path) -> None:
    guide, (lower, upper) = guided(tmp_path, Clock(math.inf))
    state = guide.schedule(1e-3, None)
    assert state is not None
    assert np.isin(state, (0.0, 1.0)).all()
    assert (np.diff(state, axis=1) >= 0.0).all()
    # Nothing built, ever, against two parts that are the whole each.
    nothing, whole = [(lower, lower), (lower, lower)], [(lower, upper), (lower, upper)]
    assert guide.dearest((lower, upper), [whole, nothing], None) is nothing
    assert guide.dearest((lower, upper), [nothing, whole], None) is nothing


def test_a_guide_ends_with_the_time(tmp_path: Path) -> None:
    guide, bounds = guided(tmp_path, Clock(0.0))
    with pytest.raises(StoppedError):
        guide.dearest(bounds, [[bounds]], None)
