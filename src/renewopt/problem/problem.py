"""The problem: all that a policy, the optimiser and the ledger know of a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.calendar import Calendar
from renewopt.problem.claims import Claims, Pins
from renewopt.problem.decisions import Decisions
from renewopt.problem.fee_curves import FeeTable
from renewopt.problem.money import Bills, Developers, Funds, Loans, Moves, Needs, OwingRules
from renewopt.problem.offers import Offers, Ragged
from renewopt.problem.supply import Limits, Phases, Pools
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import Goal


@dataclass(frozen=True, eq=False)
class Tier:
    """One goal of a strict order: fees of a set of claims, overdue fees of it, how long it waits, or a whole objective.

    Attributes
    ----------
    name
        For reports.
    goal
        ``transition_fees``, ``overdue_fees`` (only fees of overdue months), ``fiscal_cost``, ``disutility``,
        ``longest_wait`` and ``wait_spread`` (rule 17 of the accounts), ``changes`` (−1 for each household that gets
        what was announced to it), or ``shortfall`` (money from outside, where the objective lets it be missing).
    claims
        (H,) bool: claims that count; ignored by ``fiscal_cost`` and ``shortfall``.
    others
        (2, J) households of claims that count and are no part of this problem, and the months that they wait in all;
        of ``wait_spread``. None: there are none.
    """

    name: str
    goal: str
    claims: NDArray[np.bool_]
    others: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class Objective:
    """What is minimised.

    Attributes
    ----------
    name
        ``transition_fees`` or ``fiscal_cost``; the other is reported.
    discount_rate
        r a year; fiscal cost of month t counts (1 + r) ** (−t / 12).
    offset_value
        What one yuan of debt set off costs, in fiscal cost.
    shortfall_penalty
        Yuan added to both objectives for each yuan of shortfall.
    shortfall_priced
        Whether a plan that is looked for may come to a shortfall, at its penalty; else none may.
    disutility_weight
        Yuan for each unit of disutility.
    waiting_cost
        Yuan for each month from moving out until a household is housed, times its weight; no fee, and no cost of any
        fund.
    reserve_months
        N: closing balance of the funds that may pay fees ≥ N × fees due that month.
    tiers
        Strict goals before the objective.
    """

    name: str = Goal.FEES
    discount_rate: float = 0.0
    offset_value: float = 1.0
    shortfall_penalty: float = 10.0
    shortfall_priced: bool = False
    disutility_weight: float = 0.0
    waiting_cost: float = 0.0
    reserve_months: float = 0.0
    tiers: tuple[Tier, ...] = ()

    def discount(self, months: NDArray[np.integer] | int) -> NDArray[np.float64]:
        """(1 + r) ** (−t / 12)."""
        factor: NDArray[np.float64] = np.power(1.0 + self.discount_rate, -np.asarray(months, dtype=np.float64) / 12.0)
        return factor


@dataclass(frozen=True, eq=False)
class Problem:
    """A scenario compiled to tables: fee curves and offers in the middle, supply and money around them.

    Attributes
    ----------
    projects
        (J,) object: project ids.
    past
        What was decided before month ``calendar.now``; repeated by every policy.
    pins
        What households have signed: offers are narrowed to it, and the ledger checks it.
    """

    calendar: Calendar
    projects: NDArray[np.object_]
    claims: Claims
    fees: FeeTable
    offers: Offers
    pools: Pools
    phases: Phases
    limits: Limits
    bills: Bills
    needs: Needs
    owing: OwingRules
    funds: Funds
    loans: Loans
    moves: Moves
    developers: Developers
    objective: Objective
    past: Decisions = field(default_factory=Decisions)
    pins: Pins = field(default_factory=Pins)

    @cached_property
    def waiting_fen(self) -> NDArray[np.float64]:
        """(H,) fen that a month of waiting adds to both objectives for one household of each claim."""
        return self.claims.weight * (self.objective.waiting_cost * FEN_PER_YUAN)

    @cached_property
    def limits_of_offer(self) -> Ragged:
        """Ragged (O): each ``limit`` that counts who takes the offer."""
        member = self.limits.offers
        return Ragged.build(len(self.offers), member["offer"], limit=member.row)

    @cached_property
    def freed_by(self) -> Ragged:
        """Ragged (H): each ``pool`` in which a household frees an ``amount`` by another route than own_unit."""
        released = self.pools.released
        return Ragged.build(len(self.claims), released["claim"], pool=released.row, amount=released["amount"])

    def months_waiting(self, claims: NDArray[np.integer], until: NDArray[np.integer] | int) -> NDArray[np.int64]:
        """(n,) months of the plan from moving out until before `until`, in which a household of each claim waits.

        Only months in which there is such a household.
        """
        out = np.maximum(self.fees.moved_out[self.fees.clock[claims]], self.claims.begins[claims]).astype(np.int64)
        ends = self.claims.ends[claims].astype(np.int64)
        waits: NDArray[np.int64] = np.maximum(
            np.where(ends < 0, until, np.minimum(until, ends)) - np.maximum(out, 0), 0
        )
        return waits

    def months_out(self, claims: NDArray[np.integer], until: NDArray[np.integer] | int) -> NDArray[np.int64]:
        """(n,) months from moving out until `until`, those before the plan included, whatever is paid meanwhile."""
        out = self.fees.moved_out[self.fees.clock[claims]].astype(np.int64)
        waits: NDArray[np.int64] = np.maximum(until - out, 0)
        return waits

    def never_housed(self, claims: NDArray[np.integer]) -> NDArray[np.int64]:
        """(n,) month up to which those wait who make no choice: their end, or that of the months of decision."""
        ends, months = self.claims.ends[claims].astype(np.int64), self.calendar.months
        return np.where(ends < 0, months, np.minimum(ends, months))

    def fee_stops(self, offers: NDArray[np.integer], months: NDArray[np.integer]) -> NDArray[np.int64]:
        """(n,) first month without a fee for who takes offer i in month i: no tail where no fee runs when housed."""
        table, fees = self.offers, self.fees
        housed = months + table.housed_after[offers].astype(np.int64)
        claims = table.claim[offers]
        runs = fees.fee_runs(claims, np.minimum(housed, fees.months - 1))
        ends = self.claims.ends[claims].astype(np.int64)
        stops = months + table.fee_stops_after(offers)
        tail = np.where(ends < 0, stops, np.minimum(stops, ends))
        result: NDArray[np.int64] = np.where(table.stated_stream[offers], stops, np.where(runs, tail, housed))
        return result
