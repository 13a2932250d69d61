"""Reduced costs: by how much the best plan would be dearer, at the least, if a household were settled in a given way.

At any duals the households' best responses and what supply and money are worth add up to a lower bound L of every plan
(`renewopt.optimiser.decomposition.lagrangian`). A household that has to take another choice than its best response
raises that sum by the difference of the two values, and by nothing else: no plan in which it takes that choice comes
below L + d. That is proven whatever made the plan, a search or a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from renewopt.optimiser.decomposition.pricing import NO_GOAL, HouseholdPricing, RowPrices
from renewopt.optimiser.decomposition.valuing import Valued
from renewopt.optimiser.model.choices import Choices, instalments, lines
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.presolve.reduction import Presolved, presolve
from renewopt.optimiser.progress import Clock, ProgressCallback
from renewopt.optimiser.reduced_costs.duals import PricedRows, price_rows
from renewopt.optimiser.solving import most_of_tier, units_of_tier
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem
from renewopt.problem.decisions import IntTable
from renewopt.problem.subsets import subset
from renewopt.problem.waits import within_waits
from renewopt.units import FEN_PER_YUAN, YUAN_PER_WAN

__all__ = ["PARTS", "WAITS", "Cash", "Choice", "ReducedCosts", "reduced_costs", "tier_bounds_of"]

PARTS = ("own", "funds", "stock", "limits")
"""What the value of a choice is made of: what it adds to the objective itself, and what it takes from the others."""


SECONDS = 3_600.0
"""Of the relaxation, at the most, where one has to be solved."""


class Choice(NamedTuple):
    """A way to settle a household: offer and month of choice; offer −1: it waits to the end."""

    offer: int
    month: int

    @property
    def waits(self) -> bool:
        """Whether it is never settled."""
        return self.offer < 0


class Cash(NamedTuple):
    """Payments: which choice each is for, its month, the amount and what it is worth; yuan."""

    choice: IntArray
    month: IntArray
    amount: FloatArray
    worth: FloatArray


WAITS = Choice(-1, -1)
"""Never settled."""


@dataclass(frozen=True, eq=False)
class ReducedCosts:
    """Values of all choices of a problem's households at given duals; amounts are yuan.

    Attributes
    ----------
    problem
        The problem as stated: claims and offers are its own.
    lagrangian
        What the duals prove of every plan.
    stored
        Whether the duals are those that a search had kept.
    best, never
        (H,) value of the best response, and of waiting to the end, of one household.
    least, month
        (O,) value of each offer in its best month that the plan does not use for it, and that month; infinite and −1
        where there is none.
    chosen
        (n,) value of each row of the plan's settling table.
    presolved, inner
        The problem without what cannot matter; and with needs merged and room for the ledger's roundings, as priced.
    rows
        The prices.
    tier_bounds
        What strict goals may come to.
    """

    problem: Problem
    lagrangian: float
    stored: bool
    best: FloatArray
    never: FloatArray
    least: FloatArray
    month: IntArray
    chosen: FloatArray
    presolved: Presolved
    inner: Problem
    rows: PricedRows
    tier_bounds: tuple[TierBound, ...]

    def of_claim(self, claim: int) -> tuple[IntArray, FloatArray]:
        """(n,) offers of a claim, and (n, T) by how much each of their months is dearer than its best response.

        Infinite where a month is not open.
        """
        _, values = self.rows.pricing.values(self.rows.prices, np.array([claim]))
        start = self.rows.pricing.start
        offers = self.presolved.offer[start[claim] : start[claim + 1]]
        return offers, values * YUAN_PER_WAN - self.best[claim]

    def parts(self, claim: int, choices: Sequence[Choice]) -> dict[str, FloatArray]:
        """What the values of some choices of a claim are made of: (n,) yuan for each of `PARTS`."""
        inner, offer = subset(self.inner, np.array([claim]))
        tiers = {tier.name: tier for tier in inner.objective.tiers}
        bounds = tuple((tiers[tier.name], most) for tier, most in self.tier_bounds)
        prices = self.rows.prices
        nothing = replace(
            prices, **{name: np.zeros_like(getattr(prices, name)) for name in prices.__dataclass_fields__}
        )
        priced = {
            "own": replace(nothing, tiers=prices.tiers, waits=prices.waits),
            "funds": replace(nothing, need=prices.need, received=prices.received),
            "stock": replace(nothing, stock=prices.stock, taken=prices.taken, reservation=prices.reservation),
            "limits": replace(nothing, limit=prices.limit),
        }
        whole = self.presolved.offer[offer]
        at = np.array([-1 if choice.waits else int(np.searchsorted(whole, choice.offer)) for choice in choices])
        month = np.array([choice.month for choice in choices])
        result = {}
        for name in PARTS:
            goal = self.inner.objective.name if name == "own" else NO_GOAL
            pricing = HouseholdPricing(inner, goal, bounds)
            never, values = pricing.values(priced[name], np.zeros(1, dtype=np.int64))
            found = np.full(len(choices), never[0])
            found[at >= 0] = values[at[at >= 0], month[at >= 0]]
            result[name] = found * YUAN_PER_WAN
        return result

    def cash(self, offers: IntArray, months: IntArray) -> Cash:
        """What the funds pay for some choices, fees aside, and what that is worth at the plan's prices.

        Parameters
        ----------
        offers, months
            (n,) each; no offer that a limit closes.
        """
        inner = self.inner
        offer = np.searchsorted(self.presolved.offer, offers)
        housed = months + inner.offers.housed_after[offer]
        claim = inner.offers.claim[offer].astype(np.int64)
        choices = Choices(offer, months, claim, housed, np.ones(offer.size, dtype=np.int64))
        parts = instalments(inner, choices), lines(inner, choices, received=False)
        row, need, month, fen = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("choice", "target", "month", "fen")
        )
        inside = month < inner.calendar.books
        worth = np.zeros(row.size)
        worth[inside] = self.rows.prices.need[need[inside], month[inside]] * fen[inside] / FEN_PER_YUAN
        return Cash(row, month, fen / FEN_PER_YUAN, worth)

    def unit(self, claims: IntArray) -> IntArray:
        """(n,) households that choose together: all of an indivisible claim."""
        table = self.problem.claims
        return np.where(table.indivisible[claims], table.count[claims], 1)

    @property
    def row_prices(self) -> RowPrices:
        """The duals, 万元; needs are merged ones."""
        return self.rows.prices


def tier_bounds_of(problem: Problem, reached: Sequence[float]) -> tuple[TierBound, ...]:
    """What a problem's strict goals may come to at the most, where so much was reached (yuan, or disutility)."""
    return tuple(
        (tier, most_of_tier(value / units_of_tier(tier)))
        for tier, value in zip(problem.objective.tiers, reached, strict=True)
    )


def reduced_costs(
    problem: Problem,
    settle: IntTable,
    *,
    tiers: Sequence[float] = (),
    warm: WarmStart | None = None,
    progress: ProgressCallback | None = None,
) -> ReducedCosts:
    """Price every choice of every household, in one pass.

    Parameters
    ----------
    problem
        With the objective that is minimised.
    settle
        The plan's settling table (offer, month, households).
    tiers
        What was reached on each strict goal; no plan is thought of that comes to more.
    warm
        What the plan's search has kept: its duals are taken, if they prove anything. Else a relaxation is solved.

    Raises
    ------
    SolverError
        If there are no duals and none can be found.
    """
    presolved = presolve(problem)
    merged, _ = merge_needs(loosened(presolved.problem))
    inner, bounds = within_waits(merged, tier_bounds_of(presolved.problem, tiers))
    rows = price_rows(inner, problem.objective.name, bounds, warm, Clock(SECONDS, progress))
    plan = _PlanChoices(settle, presolved)
    size, offers = len(problem.claims), len(inner.offers)
    best, never, least = np.zeros(size), np.zeros(size), np.full(offers, np.inf)
    month, chosen = np.full(offers, -1, dtype=np.int64), np.full(len(settle), np.inf)
    must, start = inner.claims.deadline >= 0, rows.pricing.start

    def use(claims: IntArray, valued: Valued) -> None:
        low, high = int(start[claims[0]]), int(start[claims[-1] + 1])
        never[claims] = valued.never
        least_of = np.where(must[claims], np.inf, valued.never)
        if high > low:
            np.minimum.at(least_of, valued.owner, valued.values.min(axis=1))
        best[claims] = least_of
        at, offer, when = plan.between(low, high)
        chosen[at] = valued.values[offer, when]
        valued.values[offer, when] = np.inf
        if high > low:
            first = valued.values.argmin(axis=1)
            least[low:high] = valued.values[np.arange(high - low), first]
            month[low:high] = np.where(np.isfinite(least[low:high]), first, -1)

    rows.pricing.each_block(rows.prices, use)
    lagrangian = rows.supply + float((best * problem.claims.count).sum())
    of_stated, month_stated = np.full(len(problem.offers), np.inf), np.full(len(problem.offers), -1, dtype=np.int64)
    of_stated[presolved.offer], month_stated[presolved.offer] = least, month
    return ReducedCosts(
        problem,
        lagrangian * YUAN_PER_WAN,
        rows.stored,
        best * YUAN_PER_WAN,
        never * YUAN_PER_WAN,
        of_stated * YUAN_PER_WAN,
        month_stated,
        chosen * YUAN_PER_WAN,
        presolved,
        inner,
        rows,
        bounds,
    )


class _PlanChoices:
    """The plan's choices by offer of the presolved problem, so that each block finds its own."""

    def __init__(self, settle: IntTable, presolved: Presolved) -> None:
        offer = np.searchsorted(presolved.offer, settle[:, 0])
        self._order = np.argsort(offer, kind="stable")
        self._offer, self._month = offer[self._order], settle[self._order, 1]

    def between(self, low: int, high: int) -> tuple[IntArray, IntArray, IntArray]:
        """Rows of the settling table about offers low … high − 1, their offers counted from `low`, their months."""
        begin, end = np.searchsorted(self._offer, [low, high])
        return self._order[begin:end], self._offer[begin:end] - low, self._month[begin:end]
