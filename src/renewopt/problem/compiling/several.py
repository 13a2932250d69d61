"""Households that are due several homes: their entitlement divided by the homes that are listed for them (rule 11)."""

from __future__ import annotations

import numpy as np

from renewopt.problem.compiling.access import Access, open_profiles
from renewopt.problem.compiling.catalogue import Catalogue
from renewopt.problem.compiling.exact import Ints, combine, grouped
from renewopt.problem.compiling.homes import most_above
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.portions import Portions, equal_portions, sizes_together, with_sizes
from renewopt.problem.offers import Route
from renewopt.scenario.models import HomePolicy, Scenario

__all__ = ["divide"]


def divide(
    scenario: Scenario, households: Households, access: Access, catalogue: Catalogue, area_due: Ints
) -> Portions:
    """Divide the entitlements of households that are due several homes by what is listed for them."""
    portions = equal_portions(households)
    first = np.flatnonzero((households.part == 0) & (households.parts > 1) & (households.home_policy >= 0))
    if not first.size:
        return portions
    places = [
        (estate, route, open_profiles(scenario, households, estate, route))
        for route in (Route.own_unit, Route.transfer)
        for estate in scenario.estates
    ]
    open_to = access.first[first] < scenario.months
    code, alike = combine(
        *(column[first] for column in (households.profile, households.home_policy, households.unit_types)),
        catalogue.wishes.code[first],
        households.parts[first],
        *(open_to[:, route].astype(np.int64) for route in (Route.own_unit, Route.transfer)),
    )
    for number, rows in grouped(code):
        one = int(first[alike[number]])
        policy = scenario.home_policies[int(households.home_policy[one])]
        areas = {
            homes.area
            for estate, route, here in places
            if here[households.profile[one]] and open_to[alike[number], route]
            for homes in catalogue.listed(estate, route, policy, catalogue.accepted(estate, one))
        }
        if areas:
            _divide(portions, policy, np.array(sorted(areas), dtype=np.int64), first[rows], area_due)
    return portions


def _divide(portions: Portions, policy: HomePolicy, sizes: Ints, first: Ints, area_due: Ints) -> None:
    """Divide the entitlements of households that are alike, given by their first claims."""
    parts = int(portions.whole[first[0]])
    due, of_household = np.unique(area_due[first], return_inverse=True)
    most = due + most_above(policy)
    found = sizes_together(sizes, parts, due.tolist(), most.tolist())
    for row, number in zip(first.tolist(), of_household.tolist(), strict=True):
        chosen = found[number]
        if chosen is not None:
            with_sizes(portions, np.arange(row, row + parts), chosen)
