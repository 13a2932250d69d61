"""One engine for rules of thumb: who is served first, by which routes, and where the money goes.

A rule says in which order households and phases come; everything else is the same for all of them. In each month:

1. Phases paid for in time are handed over.
2. Households in their order take the first of their offers that is possible: homes that are there, within limits, and
   vouchers or cash that the money free after all bills known for the next `hold_months` pays for, with the fees that
   they end (developers' debts count as money where they are set off).
3. Bills are paid: interest and principal, commitments, fees, then the rest; from funds that lapse first, then from
   those with the fewest permitted uses. What is missing is borrowed, then left owing where a rule permits; the rest is
   a shortfall.
4. What is left, less what the bills of the next `hold_months` will need beyond the stated inflow, repays arrears and
   builds phases in their order; loans are drawn last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from renewopt.policies.allowed import Allowed, one_of, refuse_wrong, whole
from renewopt.policies.bills import pay_bills, repay_arrears
from renewopt.policies.budget import NO_LIMIT, Budget, FundSets
from renewopt.policies.candidates import Candidates, Works
from renewopt.policies.cash import Reserves
from renewopt.policies.protocol import Controller, MonthlyPolicy
from renewopt.policies.settling import open_offers, settle_in_turn
from renewopt.policies.state import Ints, SimulationState
from renewopt.problem import Problem, Route
from renewopt.vocabulary import ROUTES, RouteName, Use
from renewopt.wording import Names, words

__all__ = ["PriorityRule"]

Shares = Literal["together", "households", "front"]
Keys = Sequence[NDArray[np.generic]]
"""Columns to sort by, smallest first, the first column before the second."""


@dataclass(frozen=True)
class PriorityRule(MonthlyPolicy):
    """A rule of thumb: subclass it with a `name`, a paragraph on what it does, and `order`.

    Attributes
    ----------
    routes
        Routes that are given, in turn: all households by the routes of the first group before any by those of the
        next; within a group a household takes the first route that is possible.
    hold_months
        Months ahead for whose bills money is held back before it is spent on anything else; None: all months.
    patient
        Whether money is saved up for the household whose turn it is; else whoever it suffices for comes next.
    prudent
        Whether loans are drawn only as far as the income of the months to come bears their service.
    set_off
        Whether bills of developers are set off against their debts.
    own_only
        Whether only phases of own estates are built.
    building_first
        Whether money is kept for the phases before vouchers or cash are given.
    shares
        How money is split: ``together``; ``households``: between projects, by households that wait; ``front``: all
        to the first project in the order of `front` in which somebody waits.

    Examples
    --------
    >>> class LargestFirst(PriorityRule):
    ...     '''Who costs most is served first.'''
    ...
    ...     name = "largest-first"
    ...
    ...     def order(self, candidates):
    ...         return [-candidates.fee]
    """

    routes: tuple[tuple[RouteName, ...], ...] = (ROUTES,)
    hold_months: int | None = None
    patient: bool = True
    prudent: bool = True
    set_off: bool = True
    own_only: bool = False
    building_first: bool = False
    shares: Shares = "together"

    name: ClassVar[str] = ""

    def __post_init__(self) -> None:
        refuse_wrong(self, self._allowed())

    def _allowed(self) -> dict[str, Allowed]:
        """What each parameter may be; a rule with parameters of its own adds them."""
        known = ROUTES
        right = len(self.routes) > 0 and all(group and set(group) <= set(known) for group in self.routes)
        allowed = {
            "routes": (right, words("expected groups of one or more of {names}", names=Names(known))),
            "shares": one_of(self.shares, get_args(Shares)),
        }
        if self.hold_months is not None:
            allowed["hold_months"] = whole(self.hold_months, 0)
        return allowed

    def order(self, candidates: Candidates) -> Keys:
        """Columns by which households are put in order; those out longest first.

        Parameters
        ----------
        candidates
            One row for each offer that is possible now.
        """
        return [candidates.moved_out]

    def phase_order(self, works: Works) -> Keys:
        """Columns by which phases are put in order; the one with the least left to pay first."""
        return [works.left]

    def front(self, problem: Problem) -> Ints:
        """(J,) rank of each project for ``shares: front``: heaviest, then longest overdue first."""
        claims = problem.claims
        weight = np.zeros(len(problem.projects))
        np.maximum.at(weight, claims.project, claims.weight)
        overdue = np.full(len(problem.projects), problem.fees.months, dtype=np.int64)
        np.minimum.at(overdue, claims.project, problem.fees.overdue_from[problem.fees.clock])
        out = np.full(len(problem.projects), np.iinfo(np.int64).max)
        np.minimum.at(out, claims.project, problem.fees.moved_out[problem.fees.clock].astype(np.int64))
        rank: Ints = np.empty(len(problem.projects), dtype=np.int64)
        rank[np.lexsort((out, overdue, -weight))] = np.arange(len(problem.projects))
        return rank

    def steer(self, problem: Problem) -> Controller:
        """Begin to decide month by month."""
        return _Month(self, problem)


class _Month:
    """The engine: how a month goes under a rule."""

    def __init__(self, rule: PriorityRule, problem: Problem) -> None:
        self.rule = rule
        self.fund_sets = FundSets(problem)
        self.groups = [tuple(Route[name] for name in group) for group in rule.routes]
        self.homes = frozenset({Route.own_unit, Route.transfer} & {route for group in self.groups for route in group})
        self.offers = [
            np.flatnonzero(np.isin(problem.offers.route, [int(route) for route in group])) for group in self.groups
        ]
        pools = problem.offers.stock.take(np.flatnonzero(problem.offers.route == Route.own_unit))["pool"]
        delivers = problem.phases.delivers
        self.own_phases = np.unique(delivers.row[np.isin(delivers["pool"], pools)])

    def __call__(self, state: SimulationState) -> None:
        deciding = state.month < state.problem.calendar.months
        works = None
        if deciding:
            for phase in state.ready().tolist():
                state.hand_over(phase)
            works = self._works(state)
            self._settle(state, works)
        state.book_recoveries()
        reserve = pay_bills(state, set_off=self.rule.set_off)
        if not (works is not None and works.phase.size) and not state.arrears.any():
            return
        reserves = [*reserve, *_reserves_ahead(state, self.fund_sets, self._hold(state))]
        repay_arrears(state, reserves)
        if works is not None:
            self._build(state, works, reserves)

    # --- households

    def _settle(self, state: SimulationState, works: Works) -> None:
        claim = state.problem.offers.claim
        for place, offers in enumerate(self.offers):
            # Who has chosen is gone for good, and so is what was declined.
            self.offers[place] = offers[(state.waiting[claim[offers]] > 0) & ~state.declined[offers]]
        left = [open_offers(state, offers) for offers in self.offers]
        if not any(offers.size for offers in left):
            return
        budget = Budget(state, self.fund_sets, self._hold(state), set_off=self.rule.set_off)
        if self.rule.building_first:
            budget.hold(Use.CONSTRUCTION, self._wanted(state, works, budget.ends))
        budget.quota = self._quota(state, int(budget.free[self.fund_sets.all].min()))
        for place, (group, offers) in enumerate(zip(self.groups, left, strict=True)):
            possible = open_offers(state, offers) if place else offers
            if possible.size:
                settle_in_turn(state, self._ranked(state, possible, group), budget, patient=self.rule.patient)

    def _ranked(self, state: SimulationState, offers: Ints, group: tuple[Route, ...]) -> Ints:
        """Offers in the order in which they are made; those of one household by route and price."""
        candidates = Candidates(state.problem, state.month, offers, state.balance)
        preference = np.zeros(len(Route), dtype=np.int64)
        preference[[int(route) for route in group]] = np.arange(len(group))
        # Ties keep the order of the offers, which is ascending.
        keys = [*self.rule.order(candidates), candidates.claim, preference[candidates.route], candidates.price]
        ranked: Ints = offers[np.lexsort(keys[::-1])]
        return ranked

    def _quota(self, state: SimulationState, free: int) -> Ints | None:
        problem = state.problem
        if self.rule.shares == "together":
            return None
        waiting = np.zeros(len(problem.projects), dtype=np.int64)
        np.add.at(waiting, problem.claims.project, state.waiting)
        if self.rule.shares == "front":
            quota = np.zeros(len(problem.projects), dtype=np.int64)
            somebody = np.flatnonzero(waiting)
            if somebody.size:
                quota[somebody[np.argmin(self.rule.front(problem)[somebody])]] = NO_LIMIT
            return quota
        parts = waiting / max(int(waiting.sum()), 1)
        return np.floor(max(free, 0) * parts).astype(np.int64)

    # --- phases

    def _works(self, state: SimulationState) -> Works:
        """Phases still to be paid for whose homes somebody waits, in the order in which they are paid."""
        problem = state.problem
        left = problem.phases.cost - state.spent.sum(axis=1)
        phases = self.own_phases if self.rule.own_only else np.arange(len(problem.phases))
        routes = frozenset({Route.own_unit}) if self.rule.own_only else self.homes
        phases = phases[left[phases] > 0]
        works = Works(problem, state.month, phases, left[phases], state.waiting, routes)
        if not phases.size:
            return works
        works = works.take(np.flatnonzero(works.households > 0))
        if works.phase.size < 2:
            return works
        return works.take(np.lexsort([*self.rule.phase_order(works), works.phase][::-1]))

    def _wanted(self, state: SimulationState, works: Works, ends: Ints) -> Ints:
        """(K,) fen that the phases may take up to each of the months `ends`, counted from now."""
        limit = state.problem.phases.monthly_limit[works.phase, state.month :]
        by_month = np.where(limit < 0, works.left[:, None], limit)
        last = by_month.shape[1] - 1
        # What is wanted goes on at the last month's pace, so that money is held for what is left.
        beyond = by_month[:, -1:] * np.maximum(ends - last, 0)
        most = np.cumsum(by_month, axis=1)[:, np.minimum(ends, last)] + beyond
        wanted: Ints = np.minimum(most, works.left[:, None]).sum(axis=0)
        return wanted

    def _build(self, state: SimulationState, works: Works, reserves: Reserves) -> None:
        problem = state.problem
        allowed = self._allowances(state, works, max((keep for _, keep in reserves), default=0))
        bearable: dict[int, int] | None = None
        for place, phase in enumerate(works.phase.tolist()):
            wanted, need = int(works.left[place]), int(problem.phases.need[phase])
            limit = int(problem.phases.monthly_limit[phase, state.month])
            if limit >= 0:
                wanted = min(wanted, limit)
            if allowed is not None:
                wanted = min(wanted, int(allowed[works.project[place]]))
            if wanted <= 0:
                continue
            paid = state.pay(need, wanted, reserves)
            if paid < wanted:
                bearable = self._bearable(state) if bearable is None else bearable
                paid += state.borrow_for(need, wanted - paid, bearable)
            if paid:
                state.build(phase, paid)
                if allowed is not None:
                    allowed[works.project[place]] -= paid

    def _bearable(self, state: SimulationState) -> dict[int, int]:
        """Fen that may be drawn on each loan."""
        loans = state.problem.loans
        if not self.rule.prudent:
            return dict(enumerate(loans.limit.tolist()))
        months, set_off = self._hold(state), self.rule.set_off
        budget = Budget(state, self.fund_sets, months, set_off=set_off, paid=True)
        return {loan: budget.bearable(loan) if state.drawable(loan) else 0 for loan in range(len(loans))}

    def _hold(self, state: SimulationState) -> int:
        return state.problem.calendar.books if self.rule.hold_months is None else self.rule.hold_months

    def _allowances(self, state: SimulationState, works: Works, keep: int) -> Ints | None:
        """(J,) fen that may be built with for each project; None: no limit."""
        if self.rule.shares == "together":
            return None
        payers: NDArray[np.bool_] = np.logical_or.reduce(
            state.problem.needs.payable_by[state.problem.phases.need[works.phase]], axis=0
        )
        held = sum(state.available(fund) for fund in np.flatnonzero(payers).tolist())
        return self._quota(state, held + state.undrawn(payers) - min(keep, held))


def _reserves_ahead(state: SimulationState, fund_sets: FundSets, months_ahead: int) -> Reserves:
    """What the coming bills need beyond the inflow, of each set of funds that may pay fees."""
    months = slice(state.month + 1, state.month + 1 + months_ahead)
    needs = state.problem.needs
    due, income = state.known_dues()[:, months], state.income()[:, months]
    reserves = []
    for members in fund_sets.members[~(fund_sets.members & ~state.fee_funds).any(axis=1)]:
        # Bills that other funds may pay do not burden these.
        burden = ~needs.payable_by[:, ~members].any(axis=1) & needs.payable_by[:, members].any(axis=1)
        beyond = np.cumsum(due[burden].sum(axis=0) - income[members].sum(axis=0))
        reserves.append((members, max(int(beyond.max(initial=0)), 0)))
    return reserves
