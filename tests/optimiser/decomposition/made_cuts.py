"""Rows on whole phases of a random problem, as many as points at random give."""

from collections.abc import Iterator

import numpy as np

from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.model.phase_cuts import PhaseCut
from renewopt.optimiser.presolve.separation import PhaseCapacity, group_claims, separate
from renewopt.problem import Problem


def some_points(problem: Problem, seed: int) -> Iterator[tuple[PhaseCapacity, FloatArray, FloatArray]]:
    """What groups have taken (hundredths) and how far the phases are, at random, whether or not it can be reached."""
    span = problem.calendar.books + int(problem.offers.housed_after.max(initial=0))
    capacity = PhaseCapacity.of(problem, group_claims(problem), span)
    rng = np.random.Generator(np.random.PCG64(seed))
    for _ in range(6):
        state = np.maximum.accumulate(rng.random((len(problem.phases), problem.calendar.months)), axis=1)
        share = np.maximum.accumulate(rng.random(capacity.shape), axis=2)
        yield capacity, capacity.most[:, :, None] * share, state


def some_cuts(problem: Problem, seed: int) -> list[PhaseCut]:
    """Rows that such points violate."""
    return list(dict.fromkeys(cut for point in some_points(problem, seed) for cut in separate(*point)))
