"""Offers of homes: in estates of the own project and, by transfer, in others (rules 10, 11, 14)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from renewopt.problem.compiling.access import Access, estate_claims, tails, window
from renewopt.problem.compiling.book import Block, Line, OfferBook
from renewopt.problem.compiling.exact import UNKNOWN, Ints, area, combine, grouped, square_metres
from renewopt.problem.compiling.homes import (
    Combination,
    combinations,
    entitlements,
    matches,
    paid_by_household,
    refunded,
    units_price,
)
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.needs import NeedBook
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.compiling.stock import PoolBook
from renewopt.problem.offers import LineKind, Route
from renewopt.scenario.models import Estate, HomePolicy, Scenario
from renewopt.units import STOCK_SCALE, to_fen
from renewopt.vocabulary import CountedIn, Use
from renewopt.wording import Names, words


@dataclass(frozen=True, eq=False)
class Compiling:
    """What the offer compilers share."""

    scenario: Scenario
    households: Households
    access: Access
    needs: NeedBook
    pools: PoolBook
    book: OfferBook
    refusals: Refusals
    due: Ints
    """(H,) entitlement, 1/10,000 m²; −1: unknown."""

    @cached_property
    def developers(self) -> dict[str, int]:
        """Developers by id: their position in the scenario's list."""
        return {developer.id: row for row, developer in enumerate(self.scenario.developers)}


def prepare(
    scenario: Scenario,
    households: Households,
    access: Access,
    needs: NeedBook,
    pools: PoolBook,
    refusals: Refusals,
) -> Compiling:
    """Gather what the offer compilers share."""
    book = OfferBook(scenario.months)
    due = entitlements(scenario, households)
    return Compiling(scenario, households, access, needs, pools, book, refusals, due)


def add_homes(work: Compiling) -> None:
    """Add the offers of every estate."""
    households = work.households
    for route in (Route.own_unit, Route.transfer):
        for estate in work.scenario.estates:
            claims = estate_claims(work.scenario, households, estate, route)
            claims = claims[work.access.first[claims, route] < work.scenario.months]
            if not claims.size:
                continue
            code, first = combine(households.home_policy[claims], households.unit_types[claims])
            for number, rows in grouped(code):
                _add_group(work, estate, route, claims[rows], int(claims[first[number]]))


def _add_group(work: Compiling, estate: Estate, route: Route, claims: Ints, one: int) -> None:
    """Offers of an estate to claims that share home policy and accepted unit types (those of claim `one`)."""
    households = work.households
    wanted = households.unit_type_sets[int(households.unit_types[one])]
    types = [row for row, unit in enumerate(estate.units) if not wanted or unit.type in wanted]
    if households.home_policy[one] < 0:
        for row in types:
            _add_offer(work, estate, route, claims, Combination((row,), 0), None)
        return
    policy = work.scenario.home_policies[int(households.home_policy[one])]
    sized = [(row, area(unit.area)) for row, unit in enumerate(estate.units) if row in types and unit.area is not None]
    plain = [row for row in types if estate.units[row].area is None]
    if plain and estate.measure == CountedIn.HOMES:
        names = Names(estate.units[row].type for row in plain)
        message = words(
            "{names}: no area is stated, by which the home policy {id} matches homes", names=names, id=policy.id
        )
        work.refusals.refuse(f"estates.{estate.id}.units", message, words("add area"))
        return
    for row in plain:
        _add_offer(work, estate, route, claims, Combination((row,), 0), None)
    most = policy.max_homes if estate.measure != CountedIn.PERSONS else 1
    for combination, offered in matches(policy, combinations(sized, most), work.due[claims]):
        if offered.any():
            _add_offer(work, estate, route, claims[offered], combination, policy)


def _add_offer(
    work: Compiling, estate: Estate, route: Route, claims: Ints, homes: Combination, policy: HomePolicy | None
) -> None:
    """One offer (a home or bundle) to each of the claims."""
    amounts = [_consumption(work, estate, claims, homes, position) for position in range(len(homes.types))]
    pools = [work.pools.unit(estate, position) for position in homes.types]
    first, last = window(work.access, claims, route, 0, work.scenario.months - 1, estate.housed_after)
    tail, multiplier = tails(work.scenario, work.households, claims, route)
    price = units_price([to_fen(estate.units[position].price) for position in homes.types], amounts)
    priced = bool((price > 0).any())
    developer = -1
    if estate.developer is not None:
        developer = work.developers[estate.developer]
    projects = work.households.project[claims]
    need = work.needs.by_project(Use.UNITS, projects, developer) if priced else np.full(claims.size, -1, dtype=np.int64)
    work.book.add(
        Block(
            claim=claims,
            route=route,
            label=";".join(work.pools.ids[pool] for pool in pools),
            first=first,
            last=last,
            housed_after=estate.housed_after,
            tail=tail,
            tail_multiplier=multiplier,
            price=price,
            price_need=need,
            stock=_taken(pools, amounts),
            lines=[] if policy is None else _lines(work, policy, claims, homes, estate.housed_after),
            given=homes.area or _unmatched_area(work, estate, claims, homes),
            disutility=float(estate.disutility) if route == Route.transfer else 0.0,
        )
    )


def _unmatched_area(work: Compiling, estate: Estate, claims: Ints, homes: Combination) -> Ints | int:
    """Area in 1/10,000 m² of a home that no home policy matches: the m² it takes, or the home's; −1 where unknown."""
    if estate.measure == CountedIn.M2:
        return work.due[claims]
    (position,) = homes.types
    size = estate.units[position].area
    return UNKNOWN if size is None or estate.measure == CountedIn.PERSONS else area(size)


def _taken(pools: list[int], amounts: list[Ints]) -> list[tuple[Ints | int, Ints | int]]:
    """Stock by pool, each named once: a bundle of two homes alike takes two of one pool."""
    taken: dict[int, Ints] = {}
    for pool, amount in zip(pools, amounts, strict=True):
        taken[pool] = taken[pool] + amount if pool in taken else amount
    return list(taken.items())


def _consumption(work: Compiling, estate: Estate, claims: Ints, homes: Combination, position: int) -> Ints:
    """Hundredths taken from a pool: one home, its m² (or the entitlement's), or the household's persons."""
    households = work.households
    if estate.measure == CountedIn.HOMES:
        return np.full(claims.size, STOCK_SCALE, dtype=np.int64)
    if estate.measure == CountedIn.M2:
        if homes.area:
            size = estate.units[homes.types[position]].area
            assert size is not None
            return np.full(claims.size, int(square_metres(np.array([area(size)]))[0]), dtype=np.int64)
        work.refusals.refuse_rows(
            households.id[claims],
            work.due[claims] < 0,
            "households.area",
            words("neither area nor entitlement is stated, and the estate {id} counts its stock in m²", id=estate.id),
            words("add area or entitlement"),
        )
        return square_metres(np.maximum(work.due[claims], 0))
    work.refusals.refuse_rows(
        households.id[claims],
        households.persons[claims] < 0,
        "households.persons",
        words("no persons are stated, and the estate {id} counts its stock in persons", id=estate.id),
        words("add persons"),
    )
    persons = np.maximum(households.persons[claims], 0) * STOCK_SCALE
    part, parts = households.part[claims], households.parts[claims]
    divided: Ints = persons * (part + 1) // parts - persons * part // parts
    return divided


def _lines(work: Compiling, policy: HomePolicy, claims: Ints, homes: Combination, after: int) -> list[Line]:
    """Return what households pay into the policy's fund, and what they are refunded, when housed (rule 11)."""
    due = work.due[claims]
    when = np.full(claims.size, after, dtype=np.int64)
    none = np.full(claims.size, -1, dtype=np.int64)
    lines: list[Line] = []
    pays = paid_by_household(policy, homes.area, due)
    if (pays > 0).any() and policy.into is not None:
        fund = [fund.id for fund in work.scenario.funds].index(policy.into)
        lines.append(Line(LineKind.top_up, when, -pays, none, np.full(claims.size, fund, dtype=np.int64)))
    back = refunded(policy, homes.area, due)
    if (back > 0).any():
        need = work.needs.by_project(Use.CASH, work.households.project[claims])
        lines.append(Line(LineKind.refund, when, back, need, none))
    return lines
