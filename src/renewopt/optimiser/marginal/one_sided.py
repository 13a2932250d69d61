"""One-sided slopes of a convex, piecewise linear function, with the range in which each is proven to hold.

The optimum v of a linear programme is convex and piecewise linear in its right-hand side, and its dual at h is a
subgradient g there: v(x) ≥ v(h) + g (x − h). Where that tangent passes through (0, v(0)) it lies below v, and the
chord from 0 to h, which is the same line, above it: v is linear between, with slope g. So a price is proven for a whole
range by one solve at its end, whether the dual at 0 is unique or not, and without trusting the ranging of a basis.
Where the tangent passes below, the first piece ends before h, and no later than where the tangents cross.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Piece", "Point", "first_piece"]

MOST_POINTS = 60
CLOSE = 1e-9
"""Share by which two ends of a range may differ and be the same."""


@dataclass(frozen=True, slots=True)
class Point:
    """The function at one place: value, and a subgradient (with respect to the step)."""

    step: float
    value: float
    slope: float

    @property
    def at_zero(self) -> float:
        """The tangent at 0: a lower bound of the function there."""
        return self.value - self.slope * self.step


@dataclass(frozen=True, slots=True)
class Piece:
    """The first linear piece from 0 on.

    Attributes
    ----------
    slope
        Change of the function for each unit.
    reach
        The function is linear from 0 to here; 0: the piece is shorter than was looked for, and `slope` is that of a
        chord.
    ends
        Whether it is known to end there; else nothing further was looked at, or there is nothing further.
    impossible
        A step at which the function is infinite, the smallest that was seen; None: none was seen.
    """

    slope: float
    reach: float
    ends: bool
    impossible: float | None = None


def first_piece(
    at: Callable[[float], Point | None], zero: Point, most: float, least: float, tolerance: float, *, first: float
) -> Piece | None:
    """Find the first linear piece of a convex, piecewise linear function on [0, `most`].

    Parameters
    ----------
    at
        The function at a step > 0; None where it is infinite.
    zero
        The function at 0, with any subgradient.
    most
        Up to where it is looked at.
    least
        Pieces that are shorter are not told apart.
    tolerance
        Differences of values that are none.
    first
        Where it is looked at first, ≤ `most`: the piece is followed to `most` only if it reaches so far.

    Returns
    -------
    Piece or None
        None: the function is infinite from `least` on.
    """
    step, point, impossible = first, at(first), None
    while point is None:
        impossible = step
        if step <= least:
            return None
        step = max(step / 2.0, least)
        point = at(step)
    lowest, beyond = zero.slope, None
    for _ in range(MOST_POINTS):
        if point.at_zero >= zero.value - tolerance:
            slope = point.slope
            break
        if point.value <= zero.value + lowest * step + tolerance:
            slope = lowest
            break
        beyond = point
        rise = point.slope - lowest
        step = (zero.value - point.at_zero) / rise if rise > 0 else 0.0
        found = at(step) if step > least else None
        if found is None:
            # A chord from the least step that is told apart: its slope is no more than a hint.
            near = at(least) or point
            return Piece((near.value - zero.value) / near.step, 0.0, True, impossible)
        point = found
    else:
        return Piece((point.value - zero.value) / step, 0.0, True, impossible)
    if beyond is None and impossible is None and step < most:
        point = at(most)
        if point is None:
            return Piece(slope, step, False, most)
        if point.value <= zero.value + slope * most + tolerance:
            return Piece(slope, most, False)
        beyond = point
    return _extended(at, zero.value, slope, step, beyond, tolerance, impossible)


def _extended(
    at: Callable[[float], Point | None],
    start: float,
    slope: float,
    reach: float,
    beyond: Point | None,
    tolerance: float,
    impossible: float | None,
) -> Piece:
    """Follow a piece to its end, which lies before the line meets the tangent of a point beyond it."""
    if beyond is None:
        return Piece(slope, reach, False, impossible)
    for _ in range(MOST_POINTS):
        if beyond.slope <= slope:
            break
        step = (start - beyond.at_zero) / (beyond.slope - slope)
        if step <= reach * (1.0 + CLOSE):
            break
        point = at(step)
        if point is None:
            break
        if point.value <= start + slope * step + tolerance:
            return Piece(slope, step, True, impossible)
        beyond = point
    return Piece(slope, reach, True, impossible)
