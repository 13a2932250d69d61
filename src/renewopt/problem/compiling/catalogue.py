"""What homes and bundles each estate lists: of the types that are in stock or to come (rules 10, 11)."""

from __future__ import annotations

import numpy as np

from renewopt.problem.compiling.exact import Ints, area, square_metres
from renewopt.problem.compiling.homes import Combination, combinations
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.stock import PoolBook
from renewopt.problem.compiling.wishes import Wishes
from renewopt.problem.offers import Route
from renewopt.scenario.models import Estate, HomePolicy
from renewopt.units import STOCK_SCALE
from renewopt.vocabulary import CountedIn

__all__ = ["Catalogue"]


class Catalogue:
    """Homes and bundles of each estate, found once for households that are alike.

    Parameters
    ----------
    pools
        Pools of the scenario.
    supply
        (P,) hundredths that exist or can come within the horizon.
    households, wishes
        Who accepts what.
    """

    def __init__(self, pools: PoolBook, supply: Ints, households: Households, wishes: Wishes) -> None:
        self.pools = pools
        self.supply = supply
        self.households = households
        self.wishes = wishes
        self._found: dict[tuple[str, Route, int, tuple[int, ...]], list[Combination]] = {}

    def named(self, estate: Estate, claim: int) -> list[int]:
        """Positions of an estate's unit types among those that a claim's household names; all where it names none."""
        wanted = self.households.unit_type_sets[int(self.households.unit_types[claim])]
        return [row for row, unit in enumerate(estate.units) if not wanted or unit.type in wanted]

    def accepted(self, estate: Estate, claim: int) -> tuple[int, ...]:
        """Positions of the unit types that a claim accepts: of those named, with the tags that it must have."""
        return tuple(self.wishes.accepted(estate, claim, self.named(estate, claim)))

    def listed(self, estate: Estate, route: Route, policy: HomePolicy, types: tuple[int, ...]) -> list[Combination]:
        """Homes and bundles of some unit types that a household with this policy may be matched with."""
        most = policy.max_homes if estate.measure != CountedIn.PERSONS else 1
        key = (estate.id, route, most, types)
        if key not in self._found:
            sized = [
                (row, area(size), self._homes(estate, route, row, area(size)))
                for row in types
                if (size := estate.units[row].area) is not None
            ]
            self._found[key] = combinations(sized, most)
        return self._found[key]

    def _homes(self, estate: Estate, route: Route, position: int, size: int) -> int:
        """Homes of a type that exist or can come, by transfer as far as they are stated to be open to it."""
        pool = self.pools.unit(estate, position)
        amount = int(self.supply[pool])
        if route == Route.transfer and self.pools.stated[pool] >= 0 and not estate.release:
            amount = min(amount, self.pools.stated[pool])
        match estate.measure:
            case CountedIn.HOMES:
                return amount // STOCK_SCALE
            case CountedIn.M2:
                return amount // max(int(square_metres(np.array([size]))[0]), 1)
        return amount
