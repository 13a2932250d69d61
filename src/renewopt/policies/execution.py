"""Execution of a plan month by month, with recourse: the repairs that an office would make.

If everything comes as planned, the plan is executed to the fen. Otherwise what is infeasible is postponed to the next
month, and what has become infeasible for good is replaced:

1. A phase is handed over when it is paid for and planned to be, or as soon as it is ready after that.
2. Households take the offers planned for them as soon as these are available and affordable: what falls due at once,
   their instalments, and all bills known for the year ahead (`HELD_MONTHS`). A household whose planned offer is lost
   (developer gone, voucher declined, window closed) takes the next feasible one that is planned for nobody else, when
   there is money for it.
3. Money is drawn, moved, set off and left owing as planned where possible; bills are paid from the planned funds. What
   is then missing is set off against debts that the plan would have used by now, paid from any permitted fund, set off
   against other debts due, borrowed, left owing, and finally recorded as a shortfall.
4. Phases receive what was planned for them so far, as far as there is money.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger import audit_decisions
from renewopt.policies.bills import open_bills, reserve_of
from renewopt.policies.budget import Budget, FundSets
from renewopt.policies.candidates import Candidates
from renewopt.policies.cash import Reserves
from renewopt.policies.planned_settlements import settle_as_planned
from renewopt.policies.protocol import Controller
from renewopt.policies.settling import open_offers, settle_in_turn
from renewopt.policies.state import Ints, SimulationState
from renewopt.problem import Decisions, Problem

__all__ = ["HELD_MONTHS", "MadeOnce", "PlanExecution"]

HELD_MONTHS = 12
"""The year that an office has a budget for."""


class MadeOnce(ABC):
    """A policy that plans once and executes the plan: subclass it with a `name` and `decide`."""

    @property
    @abstractmethod
    def name(self) -> str:
        """As it is called on the command line and in tables."""

    @abstractmethod
    def decide(self, problem: Problem) -> Decisions:
        """Plan all months; what was decided before ``calendar.now`` is repeated."""

    def steer(self, problem: Problem) -> Controller:
        """Plan, and return the plan's execution."""
        return PlanExecution(problem, self.decide(problem))


class PlanExecution:
    """Controller that executes a plan, with recourse.

    Parameters
    ----------
    problem
        What the plan was made for.
    plan
        Decisions of all months.
    after
        The state before the plan, where it covers the remaining decisions only.
    held_months
        Months ahead whose known bills must be covered before a planned settlement is carried out.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Decisions,
        *,
        after: SimulationState | None = None,
        held_months: int = HELD_MONTHS,
    ) -> None:
        self.problem, self.held_months = problem, held_months
        self._whole = after is None
        self.fund_sets = FundSets(problem)
        self.plan = plan
        self._priced = problem.offers.price_need >= 0
        now = problem.calendar.now
        self.pending: list[tuple[int, int, int]] = sorted(
            ((month, row, households) for row, month, households in plan.settle.tolist() if month >= now),
            key=lambda planned: planned[0],
        )
        self.handovers = {phase: month for phase, month in plan.complete.tolist() if month >= now}
        books = problem.calendar.books
        self.built = np.zeros((len(problem.phases), books), dtype=np.int64)
        np.add.at(self.built, (plan.build[:, 0], plan.build[:, 1]), plan.build[:, 2])
        self.set_off = np.zeros((len(problem.developers), books), dtype=np.int64)
        developer = problem.needs.developer[plan.offset[:, 0]]
        if after is not None:
            self.built[:, 0] += after.spent.sum(axis=1)
            self.set_off[:, 0] += after.set_off
        np.add.at(
            self.set_off, (developer[developer >= 0], plan.offset[developer >= 0, 1]), plan.offset[developer >= 0, 2]
        )
        self.by_month = {
            name: _by_month(getattr(plan, name), plan.MONTH_COLUMN[name])
            for name in ("pay", "offset", "owe", "shortfall", "move", "borrow", "repay")
        }

    def __call__(self, state: SimulationState) -> None:
        """Do the open month."""
        now, deciding = state.month, state.month < state.problem.calendar.months
        self._draw(state)
        if deciding and self.sure(state):
            # A phase without lag may be handed over in the month of its last payment.
            at_once = [phase for phase, month in self.handovers.items() if month <= now]
            at_once = [phase for phase in at_once if state.problem.phases.lag[phase] == 0]
            self._build(state, np.array(at_once, dtype=np.int64))
        if deciding:
            for phase in state.ready().tolist():
                if now >= self.handovers.get(phase, 0) or self._wanted(state, phase):
                    state.hand_over(phase)
            self._settle(state)
        state.book_recoveries()
        self._pay(state)
        if deciding:
            self._build(state, np.arange(len(state.problem.phases)))

    def sure(self, state: SimulationState) -> bool:
        """Whether everything is certain and the plan is feasible, so that it is executed to the fen.

        Then homes may be allocated that are yet to arrive.
        """
        return self._whole and state.certain and self._feasible

    @cached_property
    def _feasible(self) -> bool:
        short = len(self.plan.shortfall) > 0
        return not short and not any(v.kind == "broken_rule" for v in audit_decisions(self.problem, self.plan))

    # --- households

    def _wanted(self, state: SimulationState, phase: int) -> bool:
        """Whether homes of a phase that the plan never hands over are needed: settlements are late for want of them."""
        if phase in self.handovers or not self.pending:
            return False
        pools = state.problem.phases.delivers["pool"][slice(*state.problem.phases.delivers.start[phase:][:2])]
        late = [offer for month, offer, _ in self.pending if month < state.month]
        stock = state.problem.offers.stock.take(np.array(late, dtype=np.int64))
        return bool(np.isin(stock["pool"], pools).any())

    def _settle(self, state: SimulationState) -> None:
        due = [planned for planned in self.pending if planned[0] <= state.month]
        if not due:
            return
        left = [planned for planned in self.pending if planned[0] > state.month]
        kept: list[tuple[int, int, int]] = []
        offers = np.array([offer for _, offer, _ in due], dtype=np.int64)
        # If everything is certain, homes may be allocated that arrive before they are moved into.
        possible = set((offers if self.sure(state) else open_offers(state, np.unique(offers))).tolist())
        budget = None if self.sure(state) else self._money(state)
        # Homes without a price first: the fees they end leave money for the vouchers of the month.
        due.sort(key=lambda planned: self._priced[planned[1]])
        now = np.array([planned for planned in due if planned[1] in possible], dtype=np.int64).reshape(-1, 3)
        taken = iter(settle_as_planned(state, now[:, 1], now[:, 2], budget).tolist())
        for month, offer, households in due:
            missing = households - (next(taken) if offer in possible else 0)
            if missing:
                kept.append((month, offer, missing))
        lost = self._lost(state, np.array([offer for _, offer, _ in kept], dtype=np.int64)).tolist()
        if any(lost):
            stranded = [planned for planned, gone in zip(kept, lost, strict=True) if gone]
            others = [planned for planned, gone in zip(kept, lost, strict=True) if not gone]
            self._find_another(state, stranded, others + left)
        claim, waiting = state.problem.offers.claim, state.waiting
        self.pending = [planned for planned in kept + left if waiting[claim[planned[1]]] > 0]

    def _money(self, state: SimulationState) -> Budget:
        """Free money for planned settlements, now and in the year ahead; what it leaves unpaid now is free."""
        budget = Budget(state, self.fund_sets, self.held_months, set_off=True)
        unpaid = [row for name in ("owe", "shortfall") for row in self.by_month[name].get(state.month, ())]
        for need, fen in _sums(unpaid).items():
            budget.free[self.fund_sets.within[:, self.fund_sets.of_need[need]]] += fen
        return budget

    def _lost(self, state: SimulationState, offers: Ints) -> NDArray[np.bool_]:
        """Whether offers are lost for good, as far as is known; monthly limits open again."""
        position, limit = state.limits_of(offers)
        full = (state.limit_room()[limit] == 0) & ~state.problem.limits.monthly[limit]
        lost: NDArray[np.bool_] = state.declined[offers] | (state.problem.offers.last[offers] < state.month)
        lost[position[full]] = True
        return lost

    def _find_another(
        self, state: SimulationState, stranded: list[tuple[int, int, int]], planned: list[tuple[int, int, int]]
    ) -> None:
        """Give households whose planned offer is lost one that is feasible now and planned for nobody else."""
        offers = state.problem.offers
        claims = np.unique(offers.claim[[offer for _, offer, _ in stranded]])
        mine = np.flatnonzero(np.isin(offers.claim, claims))
        free = state.free.copy()
        rows = np.array(planned, dtype=np.int64).reshape(-1, 3)
        stock = offers.stock.take(rows[:, 1])
        np.subtract.at(state.free, stock["pool"], stock["amount"] * rows[stock.row, 2])
        before = state.free.copy()
        possible = open_offers(state, mine)
        if possible.size:
            candidates = Candidates(state.problem, state.month, possible)
            keys = (possible, candidates.price, candidates.route, candidates.claim, candidates.moved_out)
            budget = Budget(state, self.fund_sets, state.problem.calendar.books, set_off=True)
            settle_in_turn(state, possible[np.lexsort(keys)], budget, patient=False)
        state.free = free + (state.free - before)

    # --- money

    def _draw(self, state: SimulationState) -> None:
        """Borrow, repay and move as planned, as far as it can be done."""
        now, problem = state.month, state.problem
        repaid = {}
        for loan, _, fen in self.by_month["repay"].get(now, ()):
            forced = sum(paid for row, month, paid in state.rows["repay"] if (row, month) == (loan, now))
            repaid[loan] = self._repay(state, loan, fen - forced)
        for loan, _, fen in self.by_month["borrow"].get(now, ()):
            most = min(fen, state.drawable(loan))
            if most > 0:
                state.draw(loan, most)
        for loan, left in repaid.items():
            self._repay(state, loan, left)
        for way, _, fen in self.by_month["move"].get(now, ()):
            source = int(problem.moves.source[way])
            most = min(fen, self._holds(state, source, fen), state.movable(way))
            if most > 0:
                state.move(way, most)

    @staticmethod
    def _repay(state: SimulationState, loan: int, fen: int) -> int:
        """Repay up to `fen` of what is outstanding; returns what is left to repay."""
        most = min(fen, int(state.outstanding[loan]))
        if most > 0:
            state.repay(loan, most)
        return fen - most

    def _payments(self, month: int) -> dict[int, list[tuple[int, int]]]:
        """(fund, fen) of the payments planned for a month, by need."""
        planned: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for fund, need, _, fen in self.by_month["pay"].get(month, ()):
            planned[need].append((fund, fen))
        return planned

    def _pay(self, state: SimulationState) -> None:
        now = state.month
        dues = state.dues()[:, now]
        reserve = reserve_of(state)
        planned = self._payments(now)
        offsets, owings = (_sums(self.by_month[name].get(now, ())) for name in ("offset", "owe"))
        open_needs = open_bills(state, dues)
        missing: dict[int, int] = {}
        optional: dict[int, int] = {}
        owable: dict[int, int] = {}
        surcharge = {need: state.surcharge(need) for need in open_needs}
        for need in open_needs:
            overdue, bill = state.overdue_arrears(need), int(dues[need]) + surcharge[need]
            met = sum(fen for _, fen in planned[need]) + offsets.get(need, 0) + owings.get(need, 0)
            repaid = min(max(overdue, met - bill), int(state.arrears[need]))
            missing[need], optional[need] = bill + repaid, repaid - overdue
            owable[need] = int(dues[need]) + repaid
            # Before anything is left owing, so that the limit on what is owed has room.
            state.clear(need, repaid)
        for need in open_needs:
            most = missing[need] - surcharge[need]
            offset = state.offset(need, min(offsets.get(need, 0), most))
            met = offset + state.owe(need, min(owings.get(need, 0), most - offset), dues)
            missing[need] -= met
            owable[need] -= offset
            # What was set off stays set off: a surcharge is due in cash, arrears must not grow in its place.
            optional[need] = min(optional[need], most - met)
            for fund, fen in planned[need]:
                amount = min(fen, missing[need], self._holds(state, fund, fen))
                if amount > 0:
                    state.pay_from(fund, need, amount)
                    missing[need] -= amount
        for need in open_needs:
            self._make_up(state, need, missing[need], optional[need], owable[need], dues, reserve)

    def _holds(self, state: SimulationState, fund: int, fen: int) -> int:
        """Fen that a fund has for a planned payment; where all is certain it is there by the end of the month."""
        return fen if self.sure(state) else state.available(fund)

    def _make_up(
        self, state: SimulationState, need: int, missing: int, optional: int, owable: int, dues: Ints, reserve: Reserves
    ) -> None:
        """Find what is missing on a bill elsewhere; arrears that need not be repaid yet are left.

        Parameters
        ----------
        missing, optional
            Fen that is missing, and of it what repays arrears before their time.
        owable
            Fen that may be left owing at most: a surcharge is due in cash, and what was set off is met.
        """
        spared = min(missing, optional, state.room_to_owe(need))
        if spared > 0:
            state.clear(need, -spared)
            missing -= spared
            owable -= spared
        # Debts of developers: what the plan would have used by now goes first, what it keeps for later before a loan.
        by_debts = missing > 0 and int(state.problem.needs.owing[need]) < 0
        if by_debts:
            missing -= state.offset(need, min(missing, self._behind(state, need)))
        if missing:
            missing -= state.pay(need, missing, reserve)
        if missing and by_debts:
            missing -= state.offset(need, missing)
        if missing:
            missing -= state.borrow_for(need, missing)
        if missing and not state.owed_now(need):
            missing -= state.owe(need, min(missing, owable), dues)
        if missing:
            state.lack(need, missing)

    def _behind(self, state: SimulationState, need: int) -> int:
        """Fen of the debts of a need's developer that the plan had set off by now, and nobody has."""
        developer = int(state.problem.needs.developer[need])
        if developer < 0:
            return 0
        return max(int(self.set_off[developer, : state.month + 1].sum()) - int(state.set_off[developer]), 0)

    def _build(self, state: SimulationState, phases: Ints) -> None:
        now, problem = state.month, state.problem
        behind = self.built[:, : now + 1].sum(axis=1) - state.spent.sum(axis=1)
        planned = self._payments(now)
        for phase in phases[behind[phases] > 0].tolist():
            wanted, need = int(behind[phase]), int(problem.phases.need[phase])
            if problem.phases.monthly_limit[phase] >= 0:
                wanted = min(wanted, int(problem.phases.monthly_limit[phase]))
            paid = 0
            for fund, fen in planned[need]:
                amount = min(fen - state.paid_from(fund, need), wanted - paid, self._holds(state, fund, fen))
                if amount > 0:
                    state.pay_from(fund, need, amount)
                    paid += amount
            if paid < wanted:
                # What was not to be had when planned comes out of funds that only build, so that bills can be paid.
                paid += state.pay(need, wanted - paid, spared=state.fee_funds)
            if paid < wanted:
                paid += state.borrow_for(need, wanted - paid)
            if paid:
                state.build(phase, paid)


def _by_month(rows: Ints, column: int) -> dict[int, list[list[int]]]:
    result: dict[int, list[list[int]]] = defaultdict(list)
    for row in rows.tolist():
        result[row[column]].append(row)
    return dict(result)


def _sums(rows: object) -> dict[int, int]:
    result: dict[int, int] = defaultdict(int)
    for need, _, fen in rows:  # type: ignore[attr-defined]
        result[need] += fen
    return result
