"""Rows on whole phases of a random problem, as many as points at random give."""

from collections.abc import Iterator

import numpy as np
from tests.ledger.builder import Builder

from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.model.phase_cuts import PhaseCut
from renewopt.optimiser.presolve.pool_sets import pool_sets
from renewopt.optimiser.presolve.separation import PhaseCapacity, group_claims, separate
from renewopt.problem import Problem, Route


def some_points(problem: Problem, seed: int) -> Iterator[tuple[PhaseCapacity, FloatArray, FloatArray]]:
    """What groups have taken (hundredths) and how far the phases are, at random, whether or not it can be reached."""
    span = problem.calendar.books + int(problem.offers.housed_after.max(initial=0))
    group = group_claims(problem)
    capacity = PhaseCapacity.of(problem, group, span, pool_sets(problem, group))
    rng = np.random.Generator(np.random.PCG64(seed))
    for _ in range(6):
        state = np.maximum.accumulate(rng.random((len(problem.phases), problem.calendar.months)), axis=1)
        share = np.maximum.accumulate(rng.random(capacity.shape), axis=2)
        yield capacity, capacity.most[:, :, None] * share, state


def some_cuts(problem: Problem, seed: int) -> list[PhaseCut]:
    """Rows that such points violate."""
    return list(dict.fromkeys(cut for point in some_points(problem, seed) for cut in separate(*point)))


def estate(seed: int) -> Problem:
    """Households who may have homes of one size or another, in estates whose phases deliver several sizes."""
    rng = np.random.Generator(np.random.PCG64(seed))
    build = Builder(months=3, books=4)
    fund = build.fund(opening=1_000_000)
    build.bill(need=build.need("fees", funds=[fund]))
    works = build.need("construction", funds=[fund])
    pools = [build.pool(arrivals=[(0, 100 * int(rng.integers(0, 2)))]) for _ in range(int(rng.integers(2, 4)))]
    for _ in range(3):
        claim = build.claim(count=int(rng.integers(1, 3)))
        for pool in rng.permutation(pools)[: int(rng.integers(1, 3))].tolist():
            amount = 100 * int(rng.integers(1, 4))
            build.offer(claim, Route.own_unit, stock=[(pool, amount)], housed_after=int(rng.integers(0, 2)))
    for _ in range(2):
        fed = rng.permutation(pools)[: int(rng.integers(1, 4))].tolist()
        build.phase(1_000_000, works, [(pool, 100 * int(rng.integers(1, 5))) for pool in fed])
    return build.build()
