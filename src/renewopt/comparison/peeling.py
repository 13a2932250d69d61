"""Boxes in which something happens more often than elsewhere: the patient rule induction method.

J. H. Friedman and N. I. Fisher, *Bump hunting in high-dimensional data*, Statistics and Computing 9 (1999): from the
box of all points a thin slice is peeled off again and again, always the one after which the rest is densest; in the
end its limits are moved back where that does good. B. P. Bryant and R. J. Lempert, *Thinking inside the box*,
Technological Forecasting & Social Change 77 (2010): of the boxes on the way the one is taken that is dense and covers
much (here: by the harmonic mean of both), and a limit is kept only if chance would hardly do as well (quasi-p-value,
binomial). What stands here besides: the whole search is repeated with the cases shuffled, since the best of many
slices looks good in any data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "find_boxes"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SLICE = 0.1
"""Share of the points that a slice takes off; more where many points are alike."""
LEAST = 5
"""Points that a box holds."""
MOST_LIMITS = 3
MOST_BOXES = 3
CHANCE = 0.05
"""Above it chance would do as well, for a limit and for a whole box."""
SHUFFLES = 39
"""With no more than one of them as good a box is kept: 2 in 40 is `CHANCE`."""


@dataclass(frozen=True)
class Box:
    """Points within limits.

    Attributes
    ----------
    low, high
        (p,) least and largest value that is inside, −∞ and ∞ where there is no limit.
    within
        Points inside.
    inside
        Cases among them.
    cases
        Of all points that were looked at.
    quasi_p
        By feature and side (``low``, ``high``) of each limit: the chance of so many cases without it.
    """

    low: Floats
    high: Floats
    within: int
    inside: int
    cases: int
    quasi_p: dict[tuple[int, str], float]

    @property
    def density(self) -> float:
        """Share of the points inside that are cases."""
        return self.inside / self.within

    @property
    def coverage(self) -> float:
        """Share of the cases that are inside."""
        return self.inside / self.cases

    @property
    def worth(self) -> float:
        """Harmonic mean of density and coverage."""
        return 2 * self.inside / (self.within + self.cases)

    def holds(self, points: Floats) -> Bools:
        """Which points are inside."""
        found: Bools = np.all((points >= self.low) & (points <= self.high), axis=1)
        return found


def find_boxes(points: Floats, cases: Bools) -> list[Box]:
    """Find one to three boxes in which cases are denser than elsewhere, each among the points that those before leave.

    Parameters
    ----------
    points
        (n, p) figures.
    cases
        (n,) what is looked for.

    Returns
    -------
    list of Box
        The best first, each counted among all points; none where none is better than chance would find.

    Examples
    --------
    >>> grid = np.array([[x, y] for x in range(10) for y in range(10)], dtype=float)
    >>> (box,) = find_boxes(grid, (grid[:, 0] >= 7) & (grid[:, 1] <= 4))
    >>> box.low.tolist(), box.high.tolist(), box.density, box.coverage
    ([7.0, -inf], [inf, 4.0], 1.0, 1.0)
    """
    found: list[Box] = []
    left = np.ones(len(points), dtype=np.bool_)
    while len(found) < MOST_BOXES and cases[left].sum() >= LEAST and (~cases[left]).any():
        box = _best_box(points[left], cases[left])
        if box is None or not box.quasi_p or _by_chance(points[left], cases[left], box.worth):
            break
        inside = box.holds(points)
        # Looked for among those that were left, counted among all.
        within, hit = int(inside.sum()), int((inside & cases).sum())
        found.append(replace(box, within=within, inside=hit, cases=int(cases.sum())))
        left &= ~inside
    return found


def _by_chance(points: Floats, cases: Bools, worth: float) -> bool:
    """Whether the same search finds as good a box when it is chance which points are cases."""
    generator = np.random.default_rng(0)
    as_good = 0
    for _ in range(SHUFFLES):
        shuffled = _best_box(points, generator.permutation(cases))
        as_good += shuffled is not None and shuffled.worth >= worth
        if (1 + as_good) / (1 + SHUFFLES) > CHANCE:
            return True
    return False


def _best_box(points: Floats, cases: Bools) -> Box | None:
    """Peel, leave out of each box on the way the limits that add nothing, and take the one that is then worth most."""
    share = cases.mean()
    boxes = [_trimmed(points, cases, box) for box in _peeled(points, cases) if box.density > share]
    boxes = [box for box in boxes if box.quasi_p]
    if not boxes:
        return None
    return _trimmed(points, cases, _pasted(points, cases, max(boxes, key=lambda box: box.worth)))


def _peeled(points: Floats, cases: Bools) -> Iterator[Box]:
    """Boxes on the way from all points to the densest few."""
    width = points.shape[1]
    box = Box(np.full(width, -np.inf), np.full(width, np.inf), 0, 0, int(cases.sum()), {})
    mine, hit = points, cases
    while len(mine) > LEAST and not hit.all():
        size = max(math.ceil(SLICE * len(mine)), 1)
        ordered = np.sort(mine, axis=0)
        # Below the lowest slice and above the highest one, with all points that are alike.
        kept = np.concatenate([mine > ordered[size - 1], mine < ordered[-size]], axis=1)
        left = kept.sum(axis=0)
        density = np.divide((kept & hit[:, None]).sum(axis=0), left, out=np.zeros(2 * width), where=left > 0)
        # A slice of many alike points must gain more than a thin one.
        gain = (density - hit.mean()) * left / np.maximum(len(mine) - left, 1)
        gain[(left < LEAST) | (left == len(mine))] = -np.inf
        best = int(np.argmax(gain))
        if gain[best] == -np.inf:
            return
        mine, hit = mine[kept[:, best]], hit[kept[:, best]]
        column, low, high = best % width, box.low.copy(), box.high.copy()
        if best < width:
            low[column] = mine[:, column].min()
        else:
            high[column] = mine[:, column].max()
        box = replace(box, low=low, high=high, within=len(mine), inside=int(hit.sum()))
        yield box


def _trimmed(points: Floats, cases: Bools, box: Box) -> Box:
    """Leave out limits that chance would do as well as, then those that add least until few are left."""
    while True:
        without = {limit: _without(points, cases, box, limit) for limit in _limits(box)}
        chances = {limit: _chance(box, wider) for limit, wider in without.items()}
        box = replace(box, quasi_p=chances)
        if not chances:
            return box
        idle = max(chances, key=lambda limit: chances[limit])
        least = max(without, key=lambda limit: without[limit].worth)
        if chances[idle] > CHANCE:
            box = without[idle]
        elif len(chances) > MOST_LIMITS or without[least].worth >= box.worth:
            box = without[least]
        else:
            return box


def _pasted(points: Floats, cases: Bools, box: Box) -> Box:
    """Move each limit to where the box is worth most, the others staying where they are."""
    for column, side in _limits(box):
        wider = _without(points, cases, box, (column, side)).holds(points)
        values, hit = points[wider, column], cases[wider]
        order = np.argsort(values if side == "high" else -values, kind="stable")
        values, hit = values[order], np.cumsum(hit[order])
        # A limit stands behind all points that are alike.
        last = np.append(values[1:] != values[:-1], True)
        worth = np.where(last, 2 * hit / (np.arange(1, hit.size + 1) + box.cases), -1.0)
        worth[: LEAST - 1] = -1.0
        at = int(np.argmax(worth))
        ends = getattr(box, side).copy()
        ends[column] = values[at]
        box = replace(box, **{side: ends}, within=at + 1, inside=int(hit[at]))
    return box


def _limits(box: Box) -> list[tuple[int, str]]:
    sides = (("low", box.low), ("high", box.high))
    return [(int(column), side) for side, ends in sides for column in np.flatnonzero(np.isfinite(ends))]


def _without(points: Floats, cases: Bools, box: Box, limit: tuple[int, str]) -> Box:
    ends = getattr(box, limit[1]).copy()
    ends[limit[0]] = -np.inf if limit[1] == "low" else np.inf
    wider = replace(box, **{limit[1]: ends})
    inside = wider.holds(points)
    return replace(wider, within=int(inside.sum()), inside=int((inside & cases).sum()))


def _chance(box: Box, wider: Box) -> float:
    """Chance of as many cases among as many points of the wider box, drawn at random."""
    from scipy.special import bdtrc

    return 1.0 if box.inside == 0 else float(bdtrc(box.inside - 1, box.within, wider.density))
