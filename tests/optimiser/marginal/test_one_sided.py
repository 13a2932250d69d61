"""One-sided slopes: of functions whose pieces are known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renewopt.optimiser.marginal.one_sided import Piece, Point, first_piece

LEAST, CLOSE = 1e-5, 1e-9


class Convex:
    """A convex, piecewise linear function: the largest of some lines through pieces that begin at given places."""

    def __init__(self, slopes: list[float], lengths: list[float], *, end: float = math.inf) -> None:
        self.slopes, self.end, self.asked = slopes, end, 0
        self.starts = np.concatenate([[0.0], np.cumsum(lengths)])

    def value(self, step: float) -> float:
        parts = np.clip(step - self.starts, 0.0, np.append(np.diff(self.starts), np.inf))
        return float(parts @ np.array(self.slopes))

    def __call__(self, step: float) -> Point | None:
        self.asked += 1
        if step > self.end:
            return None
        piece = int(np.searchsorted(self.starts, step, side="left")) - 1
        return Point(step, self.value(step), self.slopes[max(piece, 0)])


def priced(function: Convex, *, most: float = 10.0, dual: float | None = None) -> Piece | None:
    zero = Point(0.0, 0.0, function.slopes[0] if dual is None else dual)
    return first_piece(function, zero, most, LEAST, CLOSE, first=min(1.0, most))


slopes = st.lists(st.integers(-50, 50), min_size=1, max_size=7, unique=True).map(sorted)


@settings(max_examples=200)
@given(slopes, st.data())
def test_the_first_piece_is_found_whatever_the_dual_at_zero(steps: list[int], data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.floats(0.01, 4.0), min_size=len(steps) - 1, max_size=len(steps) - 1))
    below = data.draw(st.floats(0.0, 30.0))
    found = priced(Convex([float(each) for each in steps], lengths), dual=steps[0] - below)
    assert found is not None
    assert found.slope == pytest.approx(steps[0], abs=1e-6)
    end = lengths[0] if lengths else 10.0
    assert found.reach == pytest.approx(min(end, 10.0), rel=1e-6)
    assert found.ends == (end < 10.0)


def test_a_single_solve_proves_a_price_and_one_more_how_far_it_holds() -> None:
    function = Convex([-3.0], [])
    assert priced(function, dual=-20.0) == Piece(-3.0, 10.0, False)
    assert function.asked == 2


def test_where_there_is_no_solution_the_price_goes_no_further() -> None:
    found = priced(Convex([2.0], [], end=0.3))
    assert found == Piece(2.0, 0.25, False, impossible=0.5)
    assert priced(Convex([2.0], [], end=0.0)) is None
    beyond = priced(Convex([2.0], [], end=7.0))
    assert beyond == Piece(2.0, 1.0, False, impossible=10.0)


def test_a_piece_too_short_to_be_told_apart_holds_for_no_range() -> None:
    found = priced(Convex([-100.0, -1.0], [LEAST / 10.0]))
    assert found is not None
    assert found.reach == 0.0
    assert found.ends
