"""What a dossier is told from: the compiled problem, and what the compiler knew of each claim before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from renewopt.problem.compiling.access import Access, find_access
from renewopt.problem.compiling.catalogue import Catalogue
from renewopt.problem.compiling.clocks import Clocks, find_clocks
from renewopt.problem.compiling.curves import Curves, read_curves
from renewopt.problem.compiling.exact import Bools, Ints
from renewopt.problem.compiling.homes import entitlements
from renewopt.problem.compiling.households import Households, resolve
from renewopt.problem.compiling.order import in_order
from renewopt.problem.compiling.portions import Portions
from renewopt.problem.compiling.reach import first_housed
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.compiling.related import Group, find_groups
from renewopt.problem.compiling.several import divide
from renewopt.problem.compiling.stock import PoolBook
from renewopt.problem.compiling.wishes import resolve_wishes
from renewopt.problem.problem import Problem
from renewopt.scenario.models import Scenario

__all__ = ["Facts", "find_facts"]


@dataclass(frozen=True, eq=False)
class Facts:
    """The problem, and the tables that it was compiled from; rows are its claims.

    Attributes
    ----------
    scenario
        Its tables in the order of the problem's.
    problem
        What it was compiled to.
    households, curves, clocks, access
        As the compiler had them.
    housed_from
        (O,) first month in which each offer can house, whoever else wants the home; −1: never.
    """

    scenario: Scenario
    problem: Problem
    households: Households
    curves: Curves
    clocks: Clocks
    access: Access
    housed_from: Ints

    @cached_property
    def catalogue(self) -> Catalogue:
        """Homes and bundles that each estate lists."""
        pools = PoolBook(self.scenario)
        wishes = resolve_wishes(self.scenario, self.households)
        return Catalogue(pools, pools.within(self.problem.phases, self.scenario.months), self.households, wishes)

    @cached_property
    def area_due(self) -> Ints:
        """(H,) entitlement of each claim's household, 1/10,000 m²; −1: unknown."""
        return entitlements(self.scenario, self.households)

    @cached_property
    def portions(self) -> Portions:
        """Part of it that each claim is due."""
        return divide(self.scenario, self.households, self.access, self.catalogue, self.area_due)

    @cached_property
    def groups(self) -> list[Group]:
        """Related households who ask for one estate."""
        return find_groups(self.problem, self.households.related)

    @cached_property
    def without(self) -> Ints:
        """Claims that compiling gave no offer."""
        return np.flatnonzero(self._count(np.ones(len(self.problem.offers), dtype=bool)) == 0)

    @cached_property
    def stuck(self) -> Ints:
        """Claims that have offers, none of which can ever house them."""
        offered = self._count(np.ones(len(self.problem.offers), dtype=bool))
        return np.flatnonzero((offered > 0) & (self._count(self.housed_from >= 0) == 0))

    def _count(self, some: Bools) -> Ints:
        """(H,) offers of each claim among some."""
        count: Ints = np.bincount(self.problem.offers.claim[some], minlength=len(self.problem.claims))
        return count

    def month(self, number: int) -> str:
        """``YYYY-MM`` of a month counted from the start; may lie before it."""
        return str(self.scenario.start + int(number))


def find_facts(scenario: Scenario, problem: Problem) -> Facts:
    """Find again what the compiler knew: by the same functions, so that nothing is told that it did not go by.

    Parameters
    ----------
    scenario
        A loaded scenario.
    problem
        What it was compiled to.
    """
    ordered = in_order(scenario)
    households = resolve(ordered)
    curves = read_curves(ordered, households, Refusals(ordered.name))
    clocks = find_clocks(ordered, households, curves)
    access = find_access(ordered, households, clocks)
    return Facts(ordered, problem, households, curves, clocks, access, first_housed(problem))
