"""Each mode's property, against every matching there is of small markets: ties, needs, dates, too few homes."""

import itertools

import numpy as np
import pytest
from tests.conftest import full_count
from tests.results.rosters.markets import fullest, homes_frame, random_market

from renewopt.results.rosters.market import Chooser, Market, make_market
from renewopt.results.rosters.matching import match_in_order, match_with_least_misfit

SEEDS = range(full_count(60, 3_000))


def misfits(market: Market) -> np.ndarray:
    return np.array([market.misfit(row) for row in range(len(market.choosers))])


def test_markets_are_of_many_kinds() -> None:
    markets = [random_market(seed) for seed in range(200)]
    short = [market for market in markets if min(map(min, fullest(market))) < 0]
    assert 20 < len(short) < 150
    assert sum(bool(market.needy.any()) for market in markets) > 100
    assert sum(market.eligible.shape[1] > 1 for market in markets) > 100


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_would_rather_have_the_home_of_a_later_one_unless_somebody_is_left_without(seed: int) -> None:
    market = random_market(seed)
    order = np.random.default_rng(seed).permutation(len(market.choosers)).tolist()
    found, misfit = match_in_order(market, order), misfits(market)
    # Who has a home in a fullest matching, those with needs and earlier ones first.
    ways = fullest(market)
    for chooser in sorted(order, key=lambda each: not market.needy[each]):
        some = [way for way in ways if way[chooser] >= 0]
        assert (found[chooser] >= 0) == bool(some)
        ways = some or ways
    for chooser in order:
        if found[chooser] < 0:
            continue
        # Whatever it would rather have, nobody who comes later could be left with a home if it did.
        better = [way for way in ways if misfit[chooser, way[chooser]] < misfit[chooser, found[chooser]]]
        assert not better
        ways = [way for way in ways if way[chooser] == found[chooser]]
        assert ways


@pytest.mark.parametrize("seed", SEEDS)
def test_without_needs_and_dates_nobody_envies_a_later_one(seed: int) -> None:
    some = random_market(seed, 12)
    plain = [Chooser(each.household, "", 0, "E", "a", 20, each.due, wishes=each.wishes) for each in some.choosers]
    market = make_market(plain, some.homes, np.zeros(len(some.homes), dtype=np.int64), some.area)
    order = np.random.default_rng(seed).permutation(len(plain)).tolist()
    found, misfit = match_in_order(market, order), misfits(market)
    assert [found[chooser] >= 0 for chooser in order] == [row < len(some.homes) for row in range(len(plain))]
    for earlier, later in itertools.combinations(order, 2):
        if found[later] >= 0:
            assert misfit[earlier, found[earlier]] <= misfit[earlier, found[later]]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sum_of_misfits_is_the_least_and_no_two_would_both_gain_by_swapping(seed: int) -> None:
    market = random_market(seed)
    found, misfit = match_with_least_misfit(market), misfits(market)

    def total(way: object) -> int:
        return sum(int(misfit[row, home]) for row, home in enumerate(way) if home >= 0)

    ways = fullest(market)
    assert tuple(found.tolist()) in ways
    assert total(found) == min(map(total, ways))
    for one, other in itertools.combinations(np.flatnonzero(found >= 0).tolist(), 2):
        swaps = market.does(one)[found[other]] and market.does(other)[found[one]]
        gains = [misfit[a, found[b]] < misfit[a, found[a]] for a, b in ((one, other), (other, one))]
        assert not (swaps and all(gains))


def test_a_home_that_somebody_needs_is_kept_for_it() -> None:
    homes = homes_frame([{"id": "1", "floor": 1}, {"id": "2", "floor": 2}, {"id": "3", "floor": 3}])
    early = Chooser("early", "", 0, "E", "a", 5, -1, wishes=(("ground_floor", 100),))
    needs = Chooser("needs", "", 0, "E", "a", 5, -1, needs=("ground_floor",))
    market = make_market([early, needs], homes, np.zeros(3, dtype=np.int64), np.full(3, -1))
    assert match_in_order(market, [0, 1]).tolist() == [1, 0]
    assert match_with_least_misfit(market).tolist() == [1, 0]
    two = homes.assign(floor=[1, 1, 3])
    market = make_market([early, needs], two, np.zeros(3, dtype=np.int64), np.full(3, -1))
    assert match_in_order(market, [0, 1]).tolist() == [0, 1]


def test_a_home_that_is_ready_is_kept_for_who_moves_in_first() -> None:
    homes = homes_frame([{"id": "1", "orientation": "S"}, {"id": "2", "orientation": "N"}])
    late = Chooser("late", "", 0, "E", "a", 9, -1, wishes=(("S", 500),))
    soon = Chooser("soon", "", 0, "E", "a", 3, -1)
    market = make_market([late, soon], homes, np.array([0, 6]), np.full(2, -1))
    assert match_in_order(market, [0, 1]).tolist() == [1, 0]
