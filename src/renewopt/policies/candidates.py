"""What a rule looks at when it puts households, or phases, in order: one row for each, as numpy columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray
from renewopt.problem import Problem, Route
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import Goal

__all__ = ["Candidates", "Works", "first_tier", "waiting_fen"]

Floats = NDArray[np.float64]


def first_tier(problem: Problem) -> IntArray:
    """(H,) number of the first strict goal that counts a claim; one more than there are where none does."""
    tiers = problem.objective.tiers
    result = np.full(len(problem.claims), len(tiers), dtype=np.int64)
    for number in range(len(tiers) - 1, -1, -1):
        if tiers[number].goal != Goal.FISCAL:
            result[tiers[number].claims] = number
    return result


@dataclass(frozen=True, eq=False)
class Candidates:
    """Offers that households who wait might take in a month; every column has one row for each, (n,).

    Attributes
    ----------
    problem
        The tables, as they are known in the month.
    month
        Counted from the start.
    offer
        Rows of `problem.offers`.
    balance
        (F,) fen that each fund holds; None: nothing is known of it, and nothing counted.
    """

    problem: Problem
    month: int
    offer: IntArray
    balance: IntArray | None = None

    @cached_property
    def claim(self) -> IntArray:
        """Claim that the offer is made to."""
        return self.problem.offers.claim[self.offer].astype(np.int64)

    @cached_property
    def project(self) -> IntArray:
        """Project of the household."""
        return self.problem.claims.project[self.claim].astype(np.int64)

    @cached_property
    def route(self) -> IntArray:
        """A `renewopt.problem.Route` as a number."""
        return self.problem.offers.route[self.offer].astype(np.int64)

    @cached_property
    def clock(self) -> IntArray:
        """Fee clock of the household."""
        return self.problem.fees.clock[self.claim].astype(np.int64)

    @cached_property
    def moved_out(self) -> IntArray:
        """Month of moving out; negative: before the start."""
        return self.problem.fees.moved_out[self.clock].astype(np.int64)

    @cached_property
    def overdue_from(self) -> IntArray:
        """First overdue month of the household."""
        return self.problem.fees.overdue_from[self.clock].astype(np.int64)

    @cached_property
    def weight(self) -> Floats:
        """Urgency weight of the household."""
        return self.problem.claims.weight[self.claim]

    @cached_property
    def tier(self) -> IntArray:
        """Number of the first strict goal that counts the household; one more than there are where none does."""
        return first_tier(self.problem)[self.claim]

    @cached_property
    def fee(self) -> IntArray:
        """Fen that one household costs in this month if it waits."""
        return self.fee_ahead(1)[:, 0]

    def fee_ahead(self, months: int) -> IntArray:
        """(n, months) fen that one household costs in this month and the next ones if it waits."""
        until = min(self.month + max(months, 1), self.problem.fees.months)
        return self.problem.fees.fen(self.claim, slice(self.month, until))

    @cached_property
    def waiting(self) -> IntArray:
        """Fen that the scenario says this month of waiting counts as, before urgency."""
        return waiting_fen(self.problem, self.claim, self.month)

    @cached_property
    def rises(self) -> tuple[IntArray, IntArray, IntArray]:
        """(row, month, fen): when what a month of waiting costs one household will change, and by how much.

        Of fees, and from moving out on of what waiting counts as; this month's changes and earlier ones are left out,
        and those after the horizon. In no order.
        """
        return self._rises_of(np.arange(self.offer.size))

    def _rises_of(self, rows: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """`rises` of some of the rows, counted by their places among these."""
        steps = self.problem.fees.steps.take(self.claim[rows])
        row, month, fen = steps.row, steps["month"], steps["fen"]
        counted = counted_fen(self.problem)
        if counted:
            row = np.concatenate([row, np.arange(rows.size)])
            month = np.concatenate([month, self.moved_out[rows]])
            fen = np.concatenate([fen, np.full(rows.size, counted)])
        ahead = np.flatnonzero((month > self.month) & (month < self.problem.calendar.months))
        return row[ahead], month[ahead], fen[ahead]

    @cached_property
    def coming(self) -> IntArray:
        """Fen that one household will cost in the first month in which it costs anything; 0 if it does so already."""
        coming = np.zeros(self.offer.size, dtype=np.int64)
        nothing = (self.fee + self.waiting == 0).nonzero()[0]
        if nothing.size:
            row, month, fen = self._rises_of(nothing)
            first = np.full(nothing.size, self.problem.calendar.months)
            np.minimum.at(first, row, month)
            begins = month == first[row]
            np.add.at(coming, nothing[row[begins]], fen[begins])
        return coming

    @cached_property
    def held(self) -> Floats:
        """Fen in funds that may pay the price; in all funds where the offer has none."""
        return self._of_payers(np.zeros(len(self.problem.funds)) if self.balance is None else self.balance)

    @cached_property
    def pace(self) -> Floats:
        """Fen that come in a month, on the mean to the end of the horizon, into the funds of `held`."""
        return self._of_payers(self.problem.funds.inflow[:, self.month : self.problem.calendar.months].mean(axis=1))

    def _of_payers(self, fen: NDArray[np.number]) -> Floats:
        need = self.problem.offers.price_need[self.offer]
        return np.append(self.problem.needs.payable_by @ fen, fen.sum()).astype(np.float64)[need]

    @cached_property
    def price(self) -> IntArray:
        """Fen that the office pays for one household in all; 0 where the offer has no price."""
        month = np.full(self.offer.size, self.month)
        price = self.problem.offers.price_fen(self.offer, month)
        return np.where(self.problem.offers.price_need[self.offer] >= 0, price, 0)


def counted_fen(problem: Problem) -> int:
    """Fen that the scenario says a month of waiting counts as, before urgency."""
    return round(problem.objective.waiting_cost * FEN_PER_YUAN)


def waiting_fen(problem: Problem, claim: IntArray, month: int) -> IntArray:
    """(n,) fen that the scenario says this month of waiting counts as, before urgency; 0 where nobody waits yet."""
    here = np.array([month])
    waits: IntArray = problem.months_waiting(claim, here + 1) - problem.months_waiting(claim, here)
    return waits * counted_fen(problem)


@dataclass(frozen=True, eq=False)
class Works:
    """Phases that are not paid in full; every column has one row for each, (n,).

    Attributes
    ----------
    problem, month
        As of `Candidates`.
    phase
        Rows of `problem.phases`.
    left
        Fen still to be paid.
    waiting
        (H,) households of each claim that wait.
    routes
        Routes by which the rule gives homes.
    looked_up
        `served`, where it is known already.
    """

    problem: Problem
    month: int
    phase: IntArray
    left: IntArray
    waiting: IntArray
    routes: frozenset[Route]
    looked_up: tuple[IntArray, IntArray] | None = field(default=None, repr=False)

    def take(self, rows: NDArray[np.integer]) -> Works:
        """Some of the phases, none twice, in this order."""
        place = np.full(self.phase.size, -1, dtype=np.int64)
        place[rows] = np.arange(rows.size)
        row, claim = self.served
        kept = np.flatnonzero(place[row] >= 0)
        kept = kept[np.argsort(place[row[kept]], kind="stable")]
        return replace(self, phase=self.phase[rows], left=self.left[rows], looked_up=(place[row[kept]], claim[kept]))

    @cached_property
    def served(self) -> tuple[IntArray, IntArray]:
        """(row, claim) of every household that waits and may take a home of the phase, once for each."""
        if self.looked_up is not None:
            return self.looked_up
        if not self.phase.size:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        offers, delivers = self.problem.offers, self.problem.phases.delivers.take(self.phase)
        given = np.zeros(len(Route), dtype=np.bool_)
        given[[int(route) for route in self.routes]] = True
        still = (self.waiting[offers.claim] > 0) & (offers.last >= self.month)
        open_offers = (still & given[offers.route]).nonzero()[0]
        stock = offers.stock.take(open_offers)
        row_of_pool = np.full((self.phase.size, len(self.problem.pools)), fill_value=False)
        row_of_pool[delivers.row, delivers["pool"]] = True
        claim, pool = offers.claim[open_offers[stock.row]], stock["pool"]
        takes = np.zeros((self.phase.size, self.waiting.size), dtype=np.bool_)
        for row, mine in enumerate(row_of_pool):
            takes[row, claim[mine[pool]]] = True
        rows, claims = np.nonzero(takes)
        return rows, claims

    @cached_property
    def homes(self) -> IntArray:
        """Hundredths of stock that the phase delivers."""
        delivers = self.problem.phases.delivers.take(self.phase)
        result = np.zeros(self.phase.size, dtype=np.int64)
        np.add.at(result, delivers.row, delivers["amount"])
        return result

    @cached_property
    def households(self) -> IntArray:
        """Households who wait and may take one of its homes."""
        row, claim = self.served
        return np.bincount(row, self.waiting[claim], self.phase.size).astype(np.int64)

    @cached_property
    def relief(self) -> Floats:
        """Fen of this month's fees that its homes could end: as many of the dearest households as it has homes for.

        What a month of waiting counts as is included.
        """
        row, claim = self.served
        fee = self.problem.fees.fen(claim, slice(self.month, self.month + 1))[:, 0]
        fee = fee + waiting_fen(self.problem, claim, self.month)
        result = np.zeros(self.phase.size)
        for place in range(self.phase.size):
            mine = row == place
            dearest = np.argsort(-fee[mine], kind="stable")
            households = np.cumsum(self.waiting[claim[mine]][dearest])
            result[place] = fee[mine][dearest][households * 100 <= self.homes[place]].sum()
        return result

    @cached_property
    def share_left(self) -> Floats:
        """Part of the whole cost that is still to be paid."""
        return self.left / np.maximum(self.problem.phases.total_cost[self.phase], 1)

    def first(self, key: NDArray[np.generic]) -> Floats:
        """Smallest `key` (H,) among the households that may take one of its homes; infinite where there are none."""
        row, claim = self.served
        result = np.full(self.phase.size, np.inf)
        np.minimum.at(result, row, key[claim].astype(np.float64))
        return result

    @cached_property
    def project(self) -> IntArray:
        """Project most of whose waiting households may take one of its homes; −1: none."""
        row, claim = self.served
        projects = len(self.problem.projects)
        cell = row * projects + self.problem.claims.project[claim]
        counts = np.bincount(cell, self.waiting[claim], self.phase.size * projects).reshape(-1, projects)
        return np.where(counts.any(axis=1), counts.argmax(axis=1), -1)
