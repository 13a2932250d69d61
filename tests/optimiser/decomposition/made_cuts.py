"""Rows on whole phases of a random problem, as many as points at random give."""

import numpy as np

from renewopt.optimiser.decomposition.separation import PhaseCapacity, group_claims, separate
from renewopt.optimiser.model.phase_cuts import PhaseCut
from renewopt.problem import Problem


def some_cuts(problem: Problem, seed: int) -> list[PhaseCut]:
    """Rows that points at random violate, whether or not the relaxation reaches these points."""
    group = group_claims(problem)
    span = problem.calendar.books + int(problem.offers.housed_after.max(initial=0))
    capacity = PhaseCapacity.of(problem, group, span)
    rng = np.random.Generator(np.random.PCG64(seed))
    cuts: dict[PhaseCut, None] = {}
    for _ in range(6):
        state = np.maximum.accumulate(rng.random((len(problem.phases), problem.calendar.months)), axis=1)
        share = np.maximum.accumulate(rng.random(capacity.shape), axis=2)
        cuts.update(dict.fromkeys(separate(capacity, capacity.most[:, :, None] * share, state)))
    return list(cuts)
