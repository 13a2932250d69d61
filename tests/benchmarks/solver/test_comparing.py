"""Ratios, limits and fits, from records made by hand."""

import math

import numpy as np
import pytest
from benchmarks.solver.comparing import (
    Known,
    Timed,
    best_known,
    gap_after,
    growth,
    memory,
    ratios,
    spread,
    to_bound,
    to_gap,
)
from hypothesis import given
from hypothesis import strategies as st

from .made_runs import ours, peer, record

IPX = ("tight", 1_000, "ipx")


def test_ours_is_timed_when_plan_and_bound_meet() -> None:
    assert to_gap(ours()) == Timed(4.0)


def test_a_bound_is_timed_against_what_is_known() -> None:
    run = ours()
    assert to_bound(run, 990_000.0) == Timed(2.0)
    assert to_bound(run, 1_000_000.0) == Timed(4.0)
    assert to_bound(run, None) is None
    assert to_bound(peer(), 990_000.0) == Timed(39.0)


def test_a_bound_that_stays_short_has_no_time() -> None:
    assert to_bound(ours(), 2_000_000.0) is None
    assert to_bound(ours(status="stopped"), 2_000_000.0) == Timed(100.0, at_least=True)


def test_a_peer_is_timed_at_its_end() -> None:
    assert to_gap(peer()) == Timed(40.0)


@pytest.mark.parametrize("status", ["stopped", "out of memory"])
def test_what_was_stopped_counts_as_the_limit(status: str) -> None:
    assert to_gap(peer(status=status, finished=12.0)) == Timed(100.0, at_least=True)
    assert to_gap(ours(status=status, trace=[(1.0, 2e6, 1e6)])) == Timed(100.0, at_least=True)


def test_what_comes_after_the_limit_comes_too_late() -> None:
    late = Timed(3.0, at_least=True)
    assert to_gap(ours(time_limit=3.0)) == late
    assert to_bound(ours(time_limit=3.0), 1_000_000.0) == late
    assert to_bound(ours(time_limit=3.0), 990_000.0) == Timed(2.0)
    assert to_gap(peer(time_limit=39.5)) == Timed(39.5, at_least=True)


def test_ours_stopped_after_it_had_the_gap_counts_as_timed() -> None:
    assert to_gap(ours(status="stopped")) == Timed(4.0)


@pytest.mark.parametrize("status", ["failed", "infeasible"])
def test_what_failed_counts_nowhere(status: str) -> None:
    assert to_gap(peer(status=status)) is None
    assert ratios([ours(), peer(status=status)], to_gap, to_gap) == {}


def test_a_ratio_is_peer_over_ours_by_pair() -> None:
    records = [
        ours(),
        peer(),
        ours(repeat=1, trace=[(8.0, 1e6, 1e6)]),
        peer(repeat=1, finished=40.0),
        peer(repeat=2, finished=1.0),  # has no partner
    ]
    assert ratios(records, to_gap, to_gap) == {IPX: [(10.0, ""), (5.0, "")]}


def test_a_stopped_peer_gives_a_lower_limit_and_ours_an_upper_one() -> None:
    stopped = ours(status="stopped", trace=[])
    assert ratios([ours(), peer(status="stopped")], to_gap, to_gap) == {IPX: [(25.0, "≥")]}
    assert ratios([stopped, peer()], to_gap, to_gap) == {IPX: [(0.4, "≤")]}
    assert ratios([stopped, peer(status="out of memory")], to_gap, to_gap) == {}


def test_a_spread_keeps_its_sign() -> None:
    one = spread([4.0, 9.0], ["", "≥"], geometric=True)
    assert one is not None
    assert (one.middle, one.low, one.high, one.number, one.sign) == (pytest.approx(6.0), 4.0, 9.0, 2, "≥")
    mixed = spread([4.0, 9.0], ["≤", "≥"])
    assert mixed is not None
    assert mixed.sign == "?"
    assert spread([]) is None


def test_what_is_known_is_the_best_of_all_runs() -> None:
    records = [
        ours(),
        ours(repeat=1, trace=[(1.0, 995_000.0, None)]),
        peer(),
        peer(path="simplex", objective=989_950.0),
        peer(path="cbc", objective=1.0, status="stopped"),
        peer(path="glop", size=2_000),
    ]
    assert best_known(records) == {
        ("tight", 1_000, 0): Known(989_950.0, 995_000.0),
        ("tight", 2_000, 0): Known(990_000.0, None),
    }


def test_the_gap_after_so_many_seconds_is_the_one_reached_by_then() -> None:
    run = ours()
    assert gap_after(run, 1.5) is None
    assert gap_after(run, 3.0) == pytest.approx((1_100_000 - 989_500) / 1_100_000)
    assert gap_after(run, math.inf) == pytest.approx(5e-4)


def test_a_peer_is_not_charged_for_the_building_of_its_model() -> None:
    assert memory(peer()) == 4_000
    assert memory(peer(peak={"load": 10, "build": 9_000})) == 9_000
    assert memory(ours()) == 1_000
    assert memory(record(peak={"load": 10})) == 10


@given(exponent=st.floats(0.1, 3.0), factor=st.floats(0.01, 10.0))
def test_growth_finds_the_exponent(exponent: float, factor: float) -> None:
    fit = growth([(n, factor * n**exponent) for n in (2_500, 10_000, 50_000, 250_000)])
    assert fit is not None
    assert fit.exponent == pytest.approx(exponent, abs=1e-6)
    assert fit.half_width == pytest.approx(0.0, abs=1e-5)
    assert (fit.sizes, fit.number) == ((2_500, 10_000, 50_000, 250_000), 4)


def test_growth_needs_two_sizes_and_tells_how_sure_it_is() -> None:
    assert growth([(100, 1.0), (100, 2.0)]) is None
    two = growth([(100, 1.0), (1_000, 10.0)])
    assert two is not None
    assert two.exponent == pytest.approx(1.0)
    assert two.half_width == math.inf
    noisy = growth([(n, n * factor) for n in (100, 1_000, 10_000) for factor in (0.8, 1.25)])
    assert noisy is not None
    # Slope's standard error by hand: residuals ±log(1.25), sizes a decade apart.
    x = np.log([100, 100, 1_000, 1_000, 10_000, 10_000])
    error = math.sqrt(6 * math.log(1.25) ** 2 / 4 / ((x - x.mean()) ** 2).sum())
    assert noisy.half_width == pytest.approx(2.7764451 * error, rel=1e-6)
