"""What homes households accept, ask for and would rather have, by type and tag (rule 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from renewopt.problem.compiling.exact import Ints
from renewopt.problem.compiling.households import Households
from renewopt.scenario.models import Estate, Scenario, UnitType, Wish


@dataclass(frozen=True, eq=False)
class Wishes:
    """Wishes of groups, resolved.

    Attributes
    ----------
    lists
        Wishes that hold together for some households.
    code
        (H,) which of the lists holds for each claim.
    asks
        (H,) what each claim asks for: a row of `ask_sets`.
    """

    lists: list[tuple[Wish, ...]]
    code: Ints
    asks: Ints
    ask_sets: list[frozenset[str]]

    def codes(self, estate: Estate, claims: Ints) -> list[Ints]:
        """Codes by which claims differ in what homes of an estate they are offered."""
        told = [self.code[claims]] if len(self.lists) > 1 else []
        return [*told, self.asks[claims]] if any(unit.tags for unit in estate.units) else told

    def accepted(self, estate: Estate, claim: int, types: Iterable[int]) -> list[int]:
        """Which of some unit types have the tags that a claim asks for, and are what its groups take only."""
        asked, only = self.ask_sets[int(self.asks[claim])], [wish for wish in self._of(claim) if wish.only]
        return [
            row
            for row in types
            if (not asked or not asked.isdisjoint(_tags(estate, estate.units[row])))
            and all(_meets(wish, estate, estate.units[row]) for wish in only)
        ]

    def disutility(self, estate: Estate, claim: int, types: Iterable[int]) -> float:
        """Sum of the wishes of a claim that none of some homes meets."""
        homes = [estate.units[row] for row in types]
        unmet = [wish for wish in self._of(claim) if not any(_meets(wish, estate, home) for home in homes)]
        return float(sum(wish.disutility for wish in unmet))

    def _of(self, claim: int) -> tuple[Wish, ...]:
        return self.lists[int(self.code[claim])]


def resolve_wishes(scenario: Scenario, households: Households) -> Wishes:
    """Find which wishes hold for each claim, by its groups."""
    lists: dict[tuple[int, ...], int] = {}
    of_set = [
        lists.setdefault(
            tuple(row for row, wish in enumerate(scenario.wishes) if not groups.isdisjoint(wish.groups)), len(lists)
        )
        for groups in map(frozenset, households.group_sets)
    ]
    ask_sets: dict[frozenset[str], int] = {}
    of_profile = [ask_sets.setdefault(asks_for, len(ask_sets)) for _, _, _, asks_for in households.profiles]
    return Wishes(
        lists=[tuple(scenario.wishes[row] for row in rows) for rows in lists],
        code=np.array(of_set, dtype=np.int64)[households.groups],
        asks=np.array(of_profile, dtype=np.int64)[households.profile],
        ask_sets=list(ask_sets),
    )


def _tags(estate: Estate, unit: UnitType) -> set[str]:
    return {*estate.tags, *unit.tags}


def _meets(wish: Wish, estate: Estate, unit: UnitType) -> bool:
    return unit.type in wish.types or not _tags(estate, unit).isdisjoint(wish.tags)
