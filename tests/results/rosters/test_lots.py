"""Lots can be drawn again by anybody, and are fair over seeds."""

import hashlib
import shutil
import subprocess

import numpy as np
import pytest
from scipy.stats import chisquare
from tests.conftest import full_count
from tests.results.rosters.markets import homes_frame

from renewopt.results.rosters.lots import lot
from renewopt.results.rosters.market import Chooser, make_market
from renewopt.results.rosters.matching import match_in_order

SEEDS = full_count(1_200, 20_000)
LEAST = 1e-4
"""Least p-value of a test that is fair: the seeds are fixed, so that it passes always or never."""
NAMES = [f"N{number}" for number in range(12)]


def order(seed: int) -> list[int]:
    return sorted(range(len(NAMES)), key=lambda row: lot(seed, NAMES[row]))


@pytest.fixture(scope="module")
def places() -> np.ndarray:
    """(seeds, households) place of each in the order."""
    return np.array([np.argsort(order(seed)) for seed in range(SEEDS)])


def test_a_lot_is_the_digest_that_the_page_says() -> None:
    assert lot(2024, "张三/1#2") == hashlib.sha256("2024:张三/1#2".encode()).hexdigest()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_the_command_on_the_page_draws_the_same_lot() -> None:
    out = subprocess.run(["sh", "-c", "printf '%s' '7:N1' | sha256sum"], capture_output=True, text=True, check=True)
    assert out.stdout.split()[0] == lot(7, "N1")


def test_every_household_comes_to_every_place_equally_often(places: np.ndarray) -> None:
    for household in places.T:
        assert chisquare(np.bincount(household, minlength=len(NAMES))).pvalue > LEAST


def test_of_every_two_each_comes_first_equally_often(places: np.ndarray) -> None:
    for one in range(len(NAMES)):
        for other in range(one):
            first = int((places[:, one] < places[:, other]).sum())
            assert chisquare([first, SEEDS - first]).pvalue > LEAST


def test_one_seed_says_nothing_of_the_next(places: np.ndarray) -> None:
    for household in places.T:
        pairs = household[:-1] // 4 * 3 + household[1:] // 4
        assert chisquare(np.bincount(pairs, minlength=9)).pvalue > LEAST


def test_households_alike_have_every_home_equally_often() -> None:
    homes = homes_frame([{"id": f"h{row}", "orientation": "S" if row < 4 else "N"} for row in range(len(NAMES))])
    choosers = [Chooser(name, "", 0, "E", "a", 5, 8000, wishes=(("S", 500),)) for name in NAMES]
    market = make_market(choosers, homes, np.zeros(len(NAMES), dtype=np.int64), np.full(len(NAMES), 8000))
    found = np.array([match_in_order(market, order(seed)) for seed in range(SEEDS // 3)])
    for household in found.T:
        assert chisquare(np.bincount(household, minlength=len(NAMES))).pvalue > LEAST
