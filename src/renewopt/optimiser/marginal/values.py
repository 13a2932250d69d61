"""Prices of what is scarce, in yuan: one-sided, each with the range in which it is proven to hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.marginal.changes import DiscreteChange
from renewopt.optimiser.marginal.one_sided import Piece, Point, first_piece
from renewopt.optimiser.marginal.relaxed import ClassRelaxation, ParametricRelaxation, WholeRelaxation
from renewopt.optimiser.marginal.resources import Resource, resources_of
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.solving import method_for
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem
from renewopt.units import YUAN_PER_WAN
from renewopt.vocabulary import AUTO, EXACT

__all__ = ["MarginalValue", "Side", "Valuation", "dearest"]

MOST = 10.0
"""Units up to which a price is followed."""
LEAST = 1e-5
"""Units within which prices are not told apart: 10 yuan of a million."""
TOLERANCE = 1e-9
"""Share of the optimum by which values may differ and be the same."""
LOOSER = 10.0
"""Times as much over classes, whose model is far larger."""
NOTHING = 1.0
"""Yuan for a unit (a million, a home, a household) below which there is no price."""


@dataclass(frozen=True, slots=True)
class Side:
    """The price of a change to one side.

    Attributes
    ----------
    price
        Yuan for each unit, ≥ 0: what more of it saves, or less of it costs; not a number where there is no solution
        with even a little.
    reach
        Units up to which it is proven to hold. 0: it changes within so little that it holds for no range; `price` is
        then the mean over that little.
    ends
        Whether it is another one beyond; else nothing further was looked at, or there can be no more.
    unit
        Yuan for one whole unit, solved for; None: no solution was found there, or there is no unit less.
    impossible
        Units from which on it is proven that there is no solution; None: that was not seen.
    """

    price: float
    reach: float
    ends: bool
    unit: float | None
    impossible: float | None = None


@dataclass(frozen=True, slots=True)
class MarginalValue:
    """What more and less of a resource is worth; `less` is None where there is none of it."""

    resource: Resource
    more: Side
    less: Side | None

    @property
    def saved(self) -> float:
        """Yuan that one unit more saves."""
        return self.more.price if self.more.unit is None else self.more.unit


class Valuation:
    """Prices of one problem.

    Parameters
    ----------
    problem
        As stated: no limit and no offer is left out, since a change may let them matter.
    goal
        ``transition_fees`` or ``fiscal_cost``.
    tier_bounds
        Strict goals that stay as they were reached.
    method
        ``auto``, ``exact`` or ``structured``, as of `renewopt.optimiser.optimise`.
    warm
        What the search for the plan has learnt.

    Raises
    ------
    NoRelaxationError
        If no plan keeps every rule.
    """

    def __init__(
        self,
        problem: Problem,
        goal: str,
        tier_bounds: Sequence[TierBound] = (),
        *,
        method: str = AUTO,
        warm: WarmStart | None = None,
    ) -> None:
        self.problem = problem
        self.relaxation: ParametricRelaxation
        if method_for(problem, method) == EXACT:
            self.relaxation = WholeRelaxation(problem, goal, tier_bounds)
        else:
            self.relaxation = ClassRelaxation(problem, goal, tier_bounds, warm=warm)
        looser = 1.0 if self.relaxation.certain else LOOSER
        self._tolerance = looser * TOLERANCE * max(1.0, abs(self.relaxation.value))

    @property
    def value(self) -> float:
        """Optimum of the relaxation, yuan."""
        return self.relaxation.value * YUAN_PER_WAN

    def at_most(self, resource: Resource) -> float:
        """Yuan that a unit more can save at the most: a dual, one of several perhaps."""
        return max(-self.relaxation.slope(resource), 0.0) * YUAN_PER_WAN

    def of(self, resource: Resource) -> MarginalValue:
        """Price more and less of a resource."""
        more = self._side(resource, 1.0, MOST)
        most_less = min(MOST, resource.most_less(self.problem))
        less = self._side(resource, -1.0, most_less) if most_less > 0 else None
        return MarginalValue(resource, more, less)

    def saved(self, change: DiscreteChange) -> float | None:
        """Yuan that a discrete change saves in the relaxation; None: it has no solution then."""
        return self.saved_by(change.changed(self.problem))

    def saved_by(self, problem: Problem) -> float | None:
        """Yuan that another problem with the same households costs less; None: it has no solution."""
        value = self.relaxation.of(problem)
        return None if value is None else _at_least_a_yuan((self.relaxation.value - value) * YUAN_PER_WAN)

    def _side(self, resource: Resource, sign: float, most: float) -> Side:
        relaxation = self.relaxation
        rows, amounts = relaxation.directions.of(resource)
        seen: dict[float, Point | None] = {}

        def at(step: float) -> Point | None:
            if step not in seen:
                seen[step] = relaxation.at(rows, sign * amounts, step)
            return seen[step]

        zero = Point(0.0, relaxation.value, sign * relaxation.slope(resource))
        piece = (
            first_piece(at, zero, most, LEAST, self._tolerance, first=min(1.0, most))
            if rows.size
            else Piece(0.0, most, False)
        )
        if piece is None:
            return Side(math.nan, 0.0, True, None, LEAST if relaxation.certain else None)
        unit = None
        if piece.reach >= 1.0:
            unit = piece.slope
        elif most >= 1.0 and (point := at(1.0)) is not None:
            unit = point.value - relaxation.value
        return Side(
            _at_least_a_yuan(-sign * piece.slope * YUAN_PER_WAN),
            piece.reach,
            piece.ends,
            None if unit is None else _at_least_a_yuan(-sign * unit * YUAN_PER_WAN),
            piece.impossible if relaxation.certain else None,
        )


def _at_least_a_yuan(yuan: float) -> float:
    return yuan if abs(yuan) >= NOTHING else 0.0


def dearest(valuation: Valuation, count: int, months: Iterable[int] | None = None) -> list[MarginalValue]:
    """Price what is dearest, one month of each fund, pool, limit and developer.

    A dual at no change is the most that a unit more can save: resources are priced in the order of their duals until no
    dual that is left is above what was found, which ranks them by what one unit more of them saves and not by a dual
    that may be one of several.

    Parameters
    ----------
    count
        How many.
    months
        Months that are asked about, each of them a resource of its own; default: of each fund, pool and developer the
        month with the highest dual.
    """
    asked = None if months is None else list(months)
    by_name: dict[tuple[object, ...], tuple[float, Resource]] = {}
    for resource in resources_of(valuation.problem, None if asked is None else np.array(asked, dtype=np.int64)):
        most = valuation.at_most(resource)
        key = (resource.kind, resource.item) if asked is None else (resource.kind, resource.item, resource.month)
        if most >= NOTHING and (key not in by_name or most > by_name[key][0] + NOTHING):
            by_name[key] = most, resource
    found: list[MarginalValue] = []
    for most, resource in sorted(by_name.values(), key=lambda pair: -pair[0]):
        if len(found) >= count and most <= sorted((value.saved for value in found), reverse=True)[count - 1]:
            break
        found.append(valuation.of(resource))
    return sorted(found, key=lambda value: -value.saved)[:count]
