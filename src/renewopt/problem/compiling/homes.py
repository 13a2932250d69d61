"""Entitlement, and the homes or bundles of two that meet it, with their prices (rules 10, 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from renewopt.problem.compiling.exact import (
    AREA_SCALE,
    PRICE_SCALE,
    UNKNOWN,
    Bools,
    Ints,
    area,
    price_of,
    share_out,
    times,
)
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.refusals import Refusals
from renewopt.scenario.models import AreaBound, HomePolicy, Scenario
from renewopt.units import PPM, divide_half_up, scaled
from renewopt.wording import words

COLUMNS = {"persons": words("persons"), "area": words("area")}
"""Columns that an entitlement is reckoned from, in words."""
UNBOUNDED = 10**15
"""More area than any home has."""


def entitlements(scenario: Scenario, households: Households) -> Ints:
    """(H,) area due to each claim: as stated, else by its home policy, else the area given up; −1: unknown."""
    due = households.area.copy()
    for number, policy in enumerate(scenario.home_policies):
        rows = households.home_policy == number
        if rows.any():
            due[rows] = _by_policy(policy, households.area[rows], households.persons[rows])
    due = np.where(households.entitlement >= 0, households.entitlement, due)
    return share_out(due, households.part, households.parts)


def _by_policy(policy: HomePolicy, areas: Ints, persons: Ints) -> Ints:
    """Clamp(area or persons × m², bounds by household size)."""
    if policy.basis == "person":
        due = times(persons, area(policy.per_basis), words("an entitlement"))
        unknown = persons < 0
    else:
        due = divide_half_up(times(areas, scaled(policy.per_basis, PPM), words("an entitlement")), PPM)
        unknown = areas < 0
    found = np.zeros(areas.size, dtype=bool)
    for bound in policy.bounds:
        here = ~found & (persons >= bound.persons_from)
        if bound.persons_to is not None:
            here &= persons <= bound.persons_to
        low, high = _limits(bound, persons)
        due = np.where(here, np.clip(due, low, np.maximum(low, high)), due)
        found |= here
    return np.where(unknown, UNKNOWN, due)


def _limits(bound: AreaBound, persons: Ints) -> tuple[Ints, Ints]:
    low = np.zeros(persons.size, dtype=np.int64)
    high = np.full(persons.size, UNBOUNDED, dtype=np.int64)
    if bound.minimum is not None:
        low = np.maximum(low, area(bound.minimum))
    if bound.minimum_per_person is not None:
        low = np.maximum(low, area(bound.minimum_per_person) * persons)
    if bound.maximum is not None:
        high = np.minimum(high, area(bound.maximum))
    if bound.maximum_per_person is not None:
        high = np.minimum(high, area(bound.maximum_per_person) * persons)
    return low, high


@dataclass(frozen=True, slots=True)
class Combination:
    """A home, or a bundle of two, of listed unit types of one estate.

    Attributes
    ----------
    types
        Positions in the estate's list of unit types.
    area
        1/10,000 m² in all.
    """

    types: tuple[int, ...]
    area: int


def combinations(areas: list[tuple[int, int]], homes: int) -> list[Combination]:
    """All homes, and bundles of two where `homes` is 2, by area and then by number of homes.

    Parameters
    ----------
    areas
        Position and area of each unit type.
    homes
        Homes of one household at most.
    """
    found = [Combination((position,), size) for position, size in areas]
    if homes == 2:
        found += [
            Combination((first, second), size + other)
            for row, (first, size) in enumerate(areas)
            for second, other in areas[row:]
        ]
    return sorted(found, key=lambda c: (c.area, len(c.types), c.types))


def matches(policy: HomePolicy, listed: list[Combination], due: Ints) -> Iterator[tuple[Combination, Bools]]:
    """Which combinations are offered to whom (rule 11).

    With `round_up`, those of the smallest area that reaches the entitlement; where none does, or the policy allows no
    home so far above it, those of the largest area below. Without, all up to the largest area allowed above.

    Yields
    ------
    Combination, (n,) bool
        Whether it is offered, for each entitlement in `due`.
    """
    if not listed:
        return
    most = due + _most_above(policy)
    if not policy.round_up:
        for combination in listed:
            yield combination, combination.area <= most
        return
    sizes = np.unique([combination.area for combination in listed])
    position = np.searchsorted(sizes, due, side="left")
    inside = np.minimum(position, sizes.size - 1)
    below = (position == sizes.size) | (sizes[inside] > most)
    position = np.where(below, position - 1, position)
    for combination in listed:
        yield combination, position == int(np.searchsorted(sizes, combination.area))


def _most_above(policy: HomePolicy) -> int:
    """Area above the entitlement at most: as stated, or as far as the price bands reach."""
    reach = UNBOUNDED
    if policy.above and all(band.up_to is not None for band in policy.above):
        reach = max(area(band.up_to) for band in policy.above if band.up_to is not None)
    return reach if policy.maximum_above is None else min(reach, area(policy.maximum_above))


def paid_by_household(policy: HomePolicy, size: int, due: Ints) -> Ints:
    """Fen that each household pays for a home of an area: within its entitlement, then band by band above it."""
    above = np.maximum(size - due, 0)
    fen = price_of(np.minimum(due, size), policy.within_price)
    reached = np.zeros(due.size, dtype=np.int64)
    bands = sorted(policy.above, key=lambda band: UNBOUNDED if band.up_to is None else area(band.up_to))
    for band in bands:
        top = np.full(due.size, UNBOUNDED if band.up_to is None else area(band.up_to), dtype=np.int64)
        inside = np.clip(above, 0, top)
        fen = fen + price_of(np.maximum(inside - reached, 0), band.yuan_per_m2)
        reached = np.maximum(reached, inside)
    return fen


def refunded(policy: HomePolicy, size: int, due: Ints) -> Ints:
    """Fen paid to each household for area that its home lacks."""
    return price_of(np.maximum(due - size, 0), policy.refund)


def check_homes(scenario: Scenario, households: Households, refusals: Refusals) -> None:
    """Refuse home policies whose money goes nowhere, and households whose entitlement cannot be told."""
    used = set(np.unique(households.home_policy).tolist())
    for number, policy in enumerate(scenario.home_policies):
        if number not in used:
            continue
        pays = policy.within_price > 0 or any(band.yuan_per_m2 > 0 for band in policy.above)
        if pays and policy.into is None:
            message = words("households pay for homes, and no fund is named that receives it")
            refusals.refuse(f"home_policies.{policy.id}.into", message, words("name a fund"))
        unknown = households.persons < 0 if policy.basis == "person" else households.area < 0
        rows = (households.home_policy == number) & unknown & (households.entitlement < 0)
        word = "persons" if policy.basis == "person" else "area"
        refusals.refuse_rows(
            households.id,
            rows,
            f"households.{word}",
            words("no {column} stated, which the home policy {id} needs", column=COLUMNS[word], id=policy.id),
            words("add {column} or entitlement", column=COLUMNS[word]),
        )
        if policy.bounds:
            rows = (households.home_policy == number) & (households.persons < 0) & (households.entitlement < 0)
            message = words("no persons are stated, by which the home policy {id} sets bounds", id=policy.id)
            refusals.refuse_rows(
                households.id, rows, "households.persons", message, words("add persons or entitlement")
            )


def units_price(yuan: list[int], amounts: list[Ints]) -> Ints:
    """Fen that the office pays for homes: Σ fen a unit × hundredths of a unit."""
    total = np.zeros(amounts[0].size, dtype=np.int64)
    for fen, amount in zip(yuan, amounts, strict=True):
        total += divide_half_up(times(amount, fen, words("a price of homes")), 100)
    return total


__all__ = [
    "AREA_SCALE",
    "PRICE_SCALE",
    "Combination",
    "check_homes",
    "combinations",
    "entitlements",
    "matches",
    "paid_by_household",
    "refunded",
    "units_price",
]
