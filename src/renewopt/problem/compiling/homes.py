"""Entitlement, and the homes or bundles that meet it, with their prices (rules 10, 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from renewopt.problem.compiling.book import Match
from renewopt.problem.compiling.exact import (
    AREA_SCALE,
    PRICE_SCALE,
    UNKNOWN,
    Ints,
    area,
    price_of,
    times,
)
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.portions import Portions
from renewopt.problem.compiling.refusals import Refusals
from renewopt.scenario.models import AreaBound, HomePolicy, Scenario
from renewopt.units import PPM, divide_half_up, scaled
from renewopt.wording import words

COLUMNS = {"persons": words("persons"), "area": words("area")}
"""Columns that an entitlement is reckoned from, in words."""
UNBOUNDED = 10**15
"""More area than any home has."""


def entitlements(scenario: Scenario, households: Households) -> Ints:
    """(H,) area due to each claim's household: as stated, else by its home policy, else as given up; −1: unknown."""
    due = households.area.copy()
    for number, policy in enumerate(scenario.home_policies):
        rows = households.home_policy == number
        if rows.any():
            due[rows] = _by_policy(policy, households.area[rows], households.persons[rows])
    return np.where(households.entitlement >= 0, households.entitlement, due)


def _by_policy(policy: HomePolicy, areas: Ints, persons: Ints) -> Ints:
    """Clamp(area or persons × m², bounds by household size)."""
    if policy.basis == "person":
        due = times(persons, area(policy.per_basis), words("an entitlement"))
        unknown = persons < 0
    else:
        due = divide_half_up(times(areas, scaled(policy.per_basis, PPM), words("an entitlement")), PPM)
        unknown = areas < 0
    found = np.zeros(areas.size, dtype=bool)
    persons = np.maximum(persons, 0)  # where they are not stated, the bound holds for everybody
    for bound in policy.bounds:
        here = ~found & (persons >= bound.persons_from)
        if bound.persons_to is not None:
            here &= persons <= bound.persons_to
        low, high = _limits(bound, persons)
        due = np.where(here, np.clip(due, low, np.maximum(low, high)), due)
        found |= here
    return np.where(unknown, UNKNOWN, due)


def bounded_by_size(policy: HomePolicy) -> bool:
    """Whether a bound of the policy depends on the number of persons; one for everybody does not."""
    return any(
        bound.persons_from or bound.persons_to is not None or bound.minimum_per_person or bound.maximum_per_person
        for bound in policy.bounds
    )


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
    """A home, or a bundle of several, of listed unit types of one estate.

    Attributes
    ----------
    types
        Positions in the estate's list of unit types.
    area
        1/10,000 m² in all.
    """

    types: tuple[int, ...]
    area: int


def combinations(types: list[tuple[int, int, int]], homes: int) -> list[Combination]:
    """All homes, and bundles of up to so many, of which there are enough; by area, then by number of homes.

    Parameters
    ----------
    types
        Position and area of each unit type, and how many homes of it exist or are to come.
    homes
        Homes of one household at most.
    """
    found: list[Combination] = []
    # Bundles grow by a home of their last type or of a later one, so that each is met once.
    grown = [(row, Combination((position,), size)) for row, (position, size, supply) in enumerate(types) if supply > 0]
    found += [home for _, home in grown]
    for _ in range(1, homes):
        grown = [
            (row, Combination((*bundle.types, types[row][0]), bundle.area + types[row][1]))
            for last, bundle in grown
            for row in range(last, len(types))
            if bundle.types.count(types[row][0]) < types[row][2]
        ]
        found += [bundle for _, bundle in grown]
    return sorted(found, key=lambda c: (c.area, len(c.types), c.types))


def matches(
    policy: HomePolicy, listed: list[Combination], due: Ints, portions: Portions
) -> Iterator[tuple[Combination, Ints]]:
    """Which combinations are offered to whom (rule 11).

    With `round_up`, those of the smallest area that reaches the entitlement, and any others up to `choice_above`
    above it; without, all up to the largest area allowed above. Below the entitlement, those within `maximum_below`.
    Where none reaches it, or none that the policy allows, those of the largest area below.

    Parameters
    ----------
    policy
        What is allowed.
    listed
        Homes and bundles that exist or are to come, by area.
    due, portions
        (n,) entitlements of households, and the part of them that the home is to meet.

    Yields
    ------
    Combination, (n,) int
        Offered to somebody, and its `Match` for each entitlement.
    """
    if not listed:
        return
    sizes = np.unique([combination.area for combination in listed])
    least, most = portions.at_least(due), np.full(due.size, UNBOUNDED, dtype=np.int64)
    if most_above(policy) < UNBOUNDED:
        most = portions.at_most(due + most_above(policy))
    position = np.searchsorted(sizes, least, side="left")
    smallest = sizes[np.minimum(position, sizes.size - 1)]
    unreached = (position == sizes.size) | (smallest > most)
    largest_below = np.where(position > 0, sizes[position - 1], -1)
    highest = most
    if policy.round_up:
        choice = 0 if policy.choice_above is None else area(policy.choice_above)
        highest = np.minimum(np.maximum(smallest, portions.at_most(due + choice)), most)
    lowest = least if policy.maximum_below is None else portions.at_least(due - area(policy.maximum_below))
    match, last = np.zeros(0, dtype=np.int64), -1
    for combination in listed:
        size = combination.area
        if size != last:
            match = np.full(due.size, Match.NONE, dtype=np.int64)
            match[unreached & (size == largest_below)] = Match.FALLBACK
            match[(size >= lowest) & (size < least)] = Match.BELOW
            match[(size >= least) & (size <= highest)] = Match.REACHES
            last = size
        if (match != Match.NONE).any():
            yield combination, match


def most_above(policy: HomePolicy) -> int:
    """Area above the entitlement at most: as stated, or as far as the price bands reach."""
    reach = UNBOUNDED
    if policy.above and all(band.up_to is not None for band in policy.above):
        reach = max(area(band.up_to) for band in policy.above if band.up_to is not None)
    return reach if policy.maximum_above is None else min(reach, area(policy.maximum_above))


def paid_by_household(policy: HomePolicy, size: Ints, due: Ints) -> Ints:
    """Fen that each household pays for homes of an area in all: within its entitlement, then band by band above it."""
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


def refunded(policy: HomePolicy, size: Ints, due: Ints) -> Ints:
    """Fen paid to each household for area that its homes lack."""
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
        if bounded_by_size(policy):
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
    "bounded_by_size",
    "check_homes",
    "combinations",
    "entitlements",
    "matches",
    "most_above",
    "paid_by_household",
    "refunded",
    "units_price",
]
