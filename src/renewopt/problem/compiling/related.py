"""Related households, who ask to live in one estate (rule 10): where they can, and the limits that see to it.

Each household keeps its own fee, offers, month and payments. Homes in estates that cannot take all of a group are
closed to it. Where more than one can, limits on pairs keep them together: of the homes of one household in an estate,
and those of another elsewhere, at most one is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.exact import Ints, factorise, grouped
from renewopt.problem.compiling.limits import Cap
from renewopt.problem.compiling.reach import arriving, first_housed, kept_together, transferable
from renewopt.problem.offers import Route
from renewopt.problem.problem import Problem
from renewopt.problem.subsets import take_rows

__all__ = ["Group", "Home", "find_groups", "group_caps", "with_words"]

Takes = tuple[tuple[int, int], ...]
"""Account, and hundredths taken from it: a pool, or (numbered from P on) what a pool has open for transfer."""


@dataclass(frozen=True)
class Home:
    """An offer of a home, or of several.

    Attributes
    ----------
    offer
    estates
        In which its homes are; one, but for quotes.
    takes
        For the household, or all of a row that is kept together.
    last
        Last month in which it can house; −1 where it never can, whoever else wants the home.
    """

    offer: int
    estates: frozenset[str]
    takes: Takes
    last: int

    def within(self, estates: Iterable[str]) -> bool:
        """Whether all of it is in one of some estates."""
        return any(self.estates == {estate} for estate in estates)


@dataclass(frozen=True, eq=False)
class Group:
    """Households that ask for homes in one estate.

    Attributes
    ----------
    name
        Their word.
    homes
        Offers of homes, by claim.
    able
        Claims that can be given a home at all.
    lacking
        For each estate in which one of those can have a home: who of them can have none in it.
    roomy
        Estates with homes for all of those at once.
    """

    name: str
    homes: dict[int, list[Home]]
    able: tuple[int, ...]
    lacking: dict[str, tuple[int, ...]]
    roomy: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether the rule holds: where no estate can take all of them, each is settled for itself."""
        return len(self.able) > 1 and bool(self.roomy)


def find_groups(problem: Problem, asked: NDArray[np.object_]) -> list[Group]:
    """Find the groups, and which estates can take them.

    Parameters
    ----------
    problem
        Its limits on settlements are left aside.
    asked
        (H,) word that each claim's household shares with others; "" where it has none.
    """
    rows = np.flatnonzero(asked != "")
    if not rows.size:
        return []
    code, names = factorise(asked[rows])
    finder = _Finder(replace(problem, limits=take_rows(problem.limits, np.zeros(0, dtype=np.int64))))
    return [finder.group(str(names[number]), rows[some].tolist()) for number, some in grouped(code)]


def with_words(problem: Problem, groups: Iterable[Group]) -> Problem:
    """Write the words of the groups into their claims."""
    related = problem.claims.related.copy()
    for group in groups:
        related[list(group.homes)] = group.name
    return replace(problem, claims=replace(problem.claims, related=related))


def group_caps(problem: Problem, groups: Iterable[Group]) -> Iterator[Cap]:
    """Yield the limits that keep groups together."""
    unit = kept_together(problem)
    for group in groups:
        closed = [home.offer for some in group.homes.values() for home in some if not home.within(group.roomy)]
        if closed:
            yield _cap(f"related/{group.name}", 0, closed)
        for one, other in permutations(group.homes, 2):
            for estate in group.roomy:
                inside = [home.offer for home in group.homes[one] if home.within([estate])]
                elsewhere = [place for place in group.roomy if place != estate]
                outside = [home.offer for home in group.homes[other] if home.within(elsewhere)]
                # With two estates, the same pair of homes comes up again with the households exchanged.
                if inside and outside and (len(elsewhere) > 1 or one < other):
                    pair = "+".join(_named(problem, claim) for claim in (one, other))
                    name = f"related/{group.name}/{pair}/{estate}"
                    yield _cap(name, int(unit[[one, other]].max()), [*inside, *outside])


def _named(problem: Problem, claim: int) -> str:
    household, part = problem.claims.household[claim], problem.claims.part[claim]
    return f"{household}/{part}" if part else str(household)


def _cap(name: str, most: int, offers: list[int]) -> Cap:
    return Cap(name, most, np.array(sorted(offers), dtype=np.int64))


def _estates(homes: Iterable[Home]) -> list[str]:
    """Estates of some homes, by name."""
    return sorted(set().union(*(home.estates for home in homes)))


class _Finder:
    """What does not depend on the group, found once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.first = first_housed(problem)
        self.together = kept_together(problem)
        self.arriving = arriving(problem)
        self.transferable = transferable(problem)

    def group(self, name: str, claims: Sequence[int]) -> Group:
        """Look where all of a group can be given homes."""
        homes = {claim: list(self.homes(claim)) for claim in claims}
        possible = {claim: [home for home in some if home.last >= 0] for claim, some in homes.items()}
        able = tuple(claim for claim, some in possible.items() if some)
        lacking, roomy = {}, []
        for estate in _estates(home for some in possible.values() for home in some):
            here = {claim: [home for home in possible[claim] if home.within([estate])] for claim in able}
            lacking[estate] = tuple(claim for claim, some in here.items() if not some)
            if not lacking[estate] and self.fit(list(here.values())):
                roomy.append(estate)
        return Group(name, homes, able, lacking, tuple(roomy))

    def homes(self, claim: int) -> Iterator[Home]:
        """Yield the offers of homes of a claim."""
        offers, pools, deadline = self.problem.offers, self.problem.pools, int(self.problem.claims.deadline[claim])
        low, high = np.searchsorted(offers.claim, [claim, claim + 1]).tolist()
        for offer in range(low, high):
            here = slice(*offers.stock.start[offer : offer + 2])
            takes: dict[int, int] = {}
            for pool, amount in zip(offers.stock["pool"][here].tolist(), offers.stock["amount"][here], strict=True):
                takes[pool] = takes.get(pool, 0) + int(amount * self.together[claim])
            if not takes or offers.route[offer] not in (Route.own_unit, Route.transfer):
                continue
            estates = frozenset(str(pools.estate[pool]) for pool in takes)
            if offers.route[offer] == Route.transfer:
                takes |= {len(pools) + pool: amount for pool, amount in takes.items() if pools.surplus[pool] >= 0}
            last = int(offers.last[offer] + offers.housed_after[offer])
            last = last if deadline < 0 else min(last, deadline)
            yield Home(offer, estates, tuple(takes.items()), last if 0 <= self.first[offer] <= last else -1)

    def fit(self, homes: Sequence[Sequence[Home]]) -> bool:
        """Whether there are homes for all at once, of those that come by the last month in which one can be housed.

        Who is housed in which month is left aside.
        """
        left = self._accounts(max(home.last for some in homes for home in some))
        most: dict[int, int] = {}
        for some in homes:
            for account in {account for home in some for account, _ in home.takes}:
                largest = max(amount for home in some for of, amount in home.takes if of == account)
                most[account] = most.get(account, 0) + largest
        scarce = {account: int(left[account]) for account, amount in most.items() if amount > left[account]}
        options = [{tuple(part for part in home.takes if part[0] in scarce) for home in some} for some in homes]
        return _placed(sorted(options, key=len), scarce)

    def _accounts(self, by: int) -> Ints:
        """(2 P,) hundredths of each pool that are there by a month, and that are ever open for transfer."""
        month, pool, amount = self.arriving
        there = np.zeros_like(self.transferable)
        np.add.at(there, pool[month <= by], amount[month <= by])
        return np.concatenate([there, self.transferable])


def _placed(options: Iterable[set[Takes]], left: dict[int, int]) -> bool:
    """Whether each can be given one of its options out of what is left of the scarce homes."""
    place = {account: number for number, account in enumerate(left)}
    reached = {tuple(left.values())}
    for some in options:
        then = set()
        for state in reached:
            for takes in some:
                after = list(state)
                for account, amount in takes:
                    after[place[account]] -= amount
                if min(after, default=0) >= 0:
                    then.add(tuple(after))
        reached = then
    return bool(reached)
