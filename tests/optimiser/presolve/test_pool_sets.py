"""Pools that count together: which do, and what a home of each counts."""

import numpy as np
from tests.ledger.builder import Builder

from renewopt.optimiser.presolve.pool_sets import PoolSet, pool_sets
from renewopt.optimiser.presolve.separation import PhaseCapacity, group_claims
from renewopt.problem import Problem, Route


def sets_of(problem: Problem) -> set[PoolSet]:
    return set(pool_sets(problem, group_claims(problem)))


def district(
    offers: list[list[tuple[int, int]]], phases: list[list[int]], *, pools: int, counts: list[int] | None = None
) -> Problem:
    """Claims, each with offers (pool, hundredths), and phases that deliver ten homes to each of some pools."""
    build = Builder(months=3, books=4)
    fund = build.fund(opening=1_000_000)
    build.bill(need=build.need("fees", funds=[fund]))
    works = build.need("construction", funds=[fund])
    number = [build.pool(arrivals=[(0, 100)]) for _ in range(pools)]
    for k, of_claim in enumerate(offers):
        claim = build.claim(count=1 if counts is None else counts[k])
        for pool, amount in of_claim:
            build.offer(claim, Route.own_unit, stock=[(number[pool], amount)], housed_after=1)
    for fed in phases:
        build.phase(1_000_000, works, [(number[pool], 1_000) for pool in fed])
    return build.build()


def test_homes_of_an_estate_count_so_that_the_alternatives_of_its_households_come_to_the_same() -> None:
    # Three homes of 60 m², two of 90 m²; or two of 60 m², one of 120 m².
    problem = district([[(0, 300), (1, 200)], [(0, 200), (2, 100)]], [[0, 1], [1, 2]], pools=3)
    assert sets_of(problem) == {*(PoolSet((pool,), (1,)) for pool in range(3)), PoolSet((0, 1, 2), (2, 3, 4))}


def test_what_most_households_have_as_alternatives_decides() -> None:
    offers = [[(0, 100), (1, 100)], [(0, 200), (1, 100)]]
    assert PoolSet((0, 1), (1, 2)) in sets_of(district(offers, [[0, 1]], pools=2, counts=[1, 5]))
    assert PoolSet((0, 1), (1, 1)) in sets_of(district(offers, [[0, 1]], pools=2, counts=[5, 1]))


def test_pools_that_nobody_has_as_alternatives_count_a_home_each() -> None:
    assert PoolSet((0, 1), (1, 1)) in sets_of(district([[(0, 300)], [(1, 200)]], [[0, 1]], pools=2))


def test_two_estates_count_together_where_the_same_households_may_have_homes_of_both() -> None:
    offers = [[(0, 100), (1, 200)], [(2, 100)]]
    found = sets_of(district(offers, [[0], [1], [2]], pools=3))
    assert found == {*(PoolSet((pool,), (1,)) for pool in range(3)), PoolSet((0, 1), (2, 1))}


def test_pools_that_no_phase_feeds_are_in_no_set() -> None:
    found = sets_of(district([[(0, 100), (1, 100)]], [[0]], pools=2))
    assert found == {PoolSet((0,), (1,))}


def test_weights_stay_small_where_the_proportion_is_an_odd_one() -> None:
    (found,) = (each for each in sets_of(district([[(0, 997), (1, 1_009)]], [[0, 1]], pools=2)) if len(each.pools) > 1)
    assert max(found.weights) <= 100
    assert min(found.weights) >= 1
    assert abs(found.weights[0] / found.weights[1] - 1_009 / 997) < 0.02


def test_amounts_of_a_set_are_weighted_sums_and_a_household_counts_by_its_largest_offer() -> None:
    problem = district([[(0, 300), (1, 200)], [(0, 200)]], [[0, 1], [1]], pools=2, counts=[4, 7])
    group = group_claims(problem)
    capacity = PhaseCapacity.of(problem, group, 4, [PoolSet((0, 1), (2, 5))])
    assert capacity.most[group, 0].tolist() == [4 * 1_000, 7 * 400]
    assert capacity.arrived.tolist() == [[700] * 4]
    assert capacity.delivered.tolist() == [[7_000], [5_000]]
    assert np.array_equal(capacity.shape, (2, 1, 4))
