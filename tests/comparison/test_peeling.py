"""Boxes: a planted one is found, none where cases are random."""

import numpy as np
import pytest
from tests.conftest import full_count

from renewopt.comparison.peeling import Box, find_boxes


def planted(seed: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Cases, nine in ten, where the first figure is below 0.5 and the fourth above 0.4; one in twenty elsewhere."""
    generator = np.random.default_rng(seed)
    points = generator.random((size, 8))
    within = (points[:, 0] < 0.5) & (points[:, 3] > 0.4)
    return points, generator.random(size) < np.where(within, 0.9, 0.05)


@pytest.mark.parametrize("seed", range(full_count(5, 100)))
@pytest.mark.slow
def test_a_planted_box_is_found(seed: int) -> None:
    points, cases = planted(seed, 200)
    box = find_boxes(points, cases)[0]
    assert set(box.quasi_p) == {(0, "high"), (3, "low")}
    assert box.high[0] == pytest.approx(0.5, abs=0.06)
    assert box.low[3] == pytest.approx(0.4, abs=0.06)
    assert box.density > 0.8
    assert box.coverage > 0.8
    assert max(box.quasi_p.values()) < 0.001


def test_none_is_found_where_cases_are_random() -> None:
    false = 0
    count = full_count(40, 1_000)
    for seed in range(count):
        generator = np.random.default_rng(seed)
        size = (30, 60, 120)[seed % 3]
        false += bool(find_boxes(generator.random((size, 8)), generator.random(size) < 0.4))
    assert false <= 0.1 * count


def test_two_boxes_are_told_apart_and_count_all_cases() -> None:
    points = np.random.default_rng(1).random((200, 8))
    one = (points[:, 0] < 0.2) & (points[:, 1] < 0.6)
    two = (points[:, 2] > 0.8) & (points[:, 3] > 0.4)
    found = find_boxes(points, one | two)
    assert [set(box.quasi_p) for box in found] == [{(0, "high"), (1, "high")}, {(2, "low"), (3, "low")}]
    assert [box.cases for box in found] == [int((one | two).sum())] * 2
    assert [box.density for box in found] == [1.0, 1.0]


def test_points_alike_stay_together() -> None:
    months = np.repeat(np.arange(6.0), 8)[:, None]
    (box,) = find_boxes(months, months[:, 0] >= 4)
    assert (box.low[0], box.within, box.inside) == (4.0, 16, 16)


@pytest.mark.parametrize("cases", [np.zeros(30, dtype=bool), np.ones(30, dtype=bool), np.arange(30) < 4])
def test_nothing_is_said_of_too_few(cases: np.ndarray) -> None:
    assert find_boxes(np.arange(30.0)[:, None], cases) == []


def test_a_box_counts_what_is_inside() -> None:
    points, cases = planted(3, 120)
    for box in find_boxes(points, cases):
        assert isinstance(box, Box)
        assert (box.within, box.inside) == (int(box.holds(points).sum()), int((box.holds(points) & cases).sum()))
