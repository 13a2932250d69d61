"""Several homes of one household: which part of its entitlement each is, so that together they count as one (rule 11).

The homes due to a household are claims of their own, which are settled one by one. Its entitlement is not cut into
equal parts, which would be rounded up one by one: it is divided in proportion to those listed sizes that together
reach it most closely. A claim's price bands, its cap and its refund are the household's, in the same proportion.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np

from renewopt.problem.compiling.exact import LARGEST, UNKNOWN, Ints, TooLargeError
from renewopt.problem.compiling.households import Households
from renewopt.units import quotient_half_up
from renewopt.wording import words

__all__ = ["Portions", "equal_portions", "sizes_together"]

MOST_SUMS = 5_000_000
"""Sums of sizes that are compared at a time; a household of more is due homes of equal size."""


@dataclass(frozen=True, eq=False)
class Portions:
    """Part of its household's entitlement that each claim is due: from `begin` to `end` of `whole`, all (H,)."""

    begin: Ints
    end: Ints
    whole: Ints

    def take(self, claims: Ints) -> Portions:
        """Return those of the given claims."""
        return Portions(self.begin[claims], self.end[claims], self.whole[claims])

    def of(self, values: Ints) -> Ints:
        """(H,) the claim's part of an amount of its household; parts add up to it, and unknown stays unknown."""
        self._fits(values)
        split = values * self.end // self.whole - values * self.begin // self.whole
        return np.where(values == UNKNOWN, UNKNOWN, split)

    def at_most(self, values: Ints) -> Ints:
        """(H,) the largest area of the claim's home by which the household's would not exceed a value."""
        self._fits(values)
        return values * (self.end - self.begin) // self.whole

    def at_least(self, values: Ints) -> Ints:
        """(H,) the smallest area of the claim's home by which the household's would reach a value."""
        return -self.at_most(-values)

    def together(self, size: int) -> Ints:
        """(H,) area of all the household's homes, were the others like this one of a claim."""
        self._fits(np.array([size]))
        together: Ints = quotient_half_up(size * self.whole, self.end - self.begin)
        return together

    def _fits(self, values: Ints) -> None:
        if int(np.abs(values).max(initial=0)) * int(self.whole.max(initial=1)) > LARGEST:
            raise TooLargeError(
                words("{what} is too large to be reckoned exactly in fen", what=words("an entitlement"))
            )


def equal_portions(households: Households) -> Portions:
    """Return equal parts for all claims of a household."""
    return Portions(households.part.copy(), households.part + 1, households.parts.copy())


def with_sizes(portions: Portions, claims: Ints, sizes: list[int]) -> None:
    """Write the parts of one household's claims, in order, in proportion to sizes."""
    one = gcd(*sizes)
    ends = np.cumsum(np.array(sizes, dtype=np.int64) // one)
    portions.begin[claims] = np.append(0, ends[:-1])
    portions.end[claims] = ends
    portions.whole[claims] = ends[-1]


def sizes_together(sizes: Ints, homes: int, due: list[int], most: list[int]) -> list[list[int] | None]:
    """Find sizes of several homes that together reach an entitlement most closely.

    Parameters
    ----------
    sizes
        Areas of homes and bundles to choose from, distinct and increasing.
    homes
        Homes due, each one of the sizes.
    due, most
        For each household, the area due and the area allowed.

    Returns
    -------
    list
        For each, as many sizes as homes, as much alike as can be: of the smallest sum that reaches the area due; where
        none that is allowed does, of the largest below it. None: there are too many sums to compare.
    """
    top = max([int(homes * sizes[0]), *(area + int(sizes[-1]) for area in due)])
    sums = [np.zeros(1, dtype=np.int64)]
    for _ in range(homes):
        if sums[-1].size * sizes.size > MOST_SUMS:
            return [None] * len(due)
        reached = np.unique(np.add.outer(sums[-1], sizes))
        sums.append(reached[reached <= top])
    return [_alike(sizes, sums, _closest(sums[-1], area, allowed)) for area, allowed in zip(due, most, strict=True)]


def _closest(sums: Ints, due: int, most: int) -> int:
    """Smallest sum that reaches an area, else the largest below it, else the smallest there is."""
    place = int(np.searchsorted(sums, due, side="left"))
    if place < sums.size and sums[place] <= most:
        return int(sums[place])
    return int(sums[max(place - 1, 0)])


def _alike(sizes: Ints, sums: list[Ints], total: int) -> list[int]:
    """Sizes of a sum, each as near to the mean of what is left as can be, increasing."""
    chosen: list[int] = []
    for homes in range(len(sums) - 1, 0, -1):
        rest = total - sizes
        place = np.minimum(np.searchsorted(sums[homes - 1], rest), sums[homes - 1].size - 1)
        possible = sizes[sums[homes - 1][place] == rest]
        size = int(possible[np.argmin(np.abs(possible * homes - total))])
        chosen.append(size)
        total -= size
    return sorted(chosen)
