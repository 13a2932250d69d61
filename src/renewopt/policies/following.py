"""A plan followed month by month, with the repairs that an office would make.

Where everything comes as planned, what is done is the plan, to the fen. Where it does not, what is impossible is put
off to the next month, and what has become impossible for good is replaced:

1. A phase is handed over when it is paid for and planned to be, or as soon after as it is ready.
2. Households take what was planned for them as soon as it can be had and the money suffices for it: for what falls due
   at once, and for its instalments and all bills that are known of the year ahead (`HELD_MONTHS`). Who was promised
   what can be had no more (a developer gone, a voucher declined, a window closed) takes the next offer that is
   possible, out of what nobody else is promised, when the money permits.
3. Money is drawn, moved, set off and left owing as planned where it can be; bills are paid from the funds as planned.
   What is then missing is set off against debts that the plan would have used by now, paid from whatever fund there is,
   set off against other debts that are due, borrowed, left owing, and last it is a shortfall.
4. Phases receive what was planned for them up to then, as far as the money goes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger import audit_decisions
from renewopt.policies.account import Account, Ints
from renewopt.policies.bills import open_bills, reserve_of
from renewopt.policies.budget import Budget, Purses
from renewopt.policies.candidates import Candidates
from renewopt.policies.promises import keep_promises
from renewopt.policies.protocol import Steering
from renewopt.policies.settling import open_offers, settle_in_turn
from renewopt.policies.till import Keeps
from renewopt.problem import Decisions, Problem

__all__ = ["HELD_MONTHS", "Following", "MadeOnce"]

HELD_MONTHS = 12
"""The year that an office has a budget for."""


class MadeOnce(ABC):
    """A policy that makes one plan and has it followed: subclass it with a `name` and `decide`."""

    @property
    @abstractmethod
    def name(self) -> str:
        """As it is called on the command line and in tables."""

    @abstractmethod
    def decide(self, problem: Problem) -> Decisions:
        """Plan all months; what was decided before ``calendar.now`` is repeated."""

    def steer(self, problem: Problem) -> Steering:
        """Make the plan, and follow it."""
        return Following(problem, self.decide(problem))


class Following:
    """Follow a plan.

    Parameters
    ----------
    problem
        What the plan was made for.
    plan
        Decisions of all months.
    after
        What was done before a plan that says only what is left to do.
    held_months
        Months ahead whose known bills must be covered before a promise is kept.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Decisions,
        *,
        after: Account | None = None,
        held_months: int = HELD_MONTHS,
    ) -> None:
        self.problem, self.held_months = problem, held_months
        self._whole = after is None
        self.purses = Purses(problem)
        self.plan = plan
        self._priced = problem.offers.price_need >= 0
        now = problem.calendar.now
        self.pending: list[tuple[int, int, int]] = sorted(
            ((month, row, households) for row, month, households in plan.settle.tolist() if month >= now),
            key=lambda promise: promise[0],
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

    def __call__(self, account: Account) -> None:
        """Do the open month."""
        now, deciding = account.month, account.month < account.problem.calendar.months
        self._draw(account)
        if deciding and self.sure(account):
            # A phase without lag may be handed over in the month of its last payment.
            at_once = [phase for phase, month in self.handovers.items() if month <= now]
            at_once = [phase for phase in at_once if account.problem.phases.lag[phase] == 0]
            self._build(account, np.array(at_once, dtype=np.int64))
        if deciding:
            for phase in account.ready().tolist():
                if now >= self.handovers.get(phase, 0) or self._wanted(account, phase):
                    account.hand_over(phase)
            self._settle(account)
        account.book_recoveries()
        self._pay(account)
        if deciding:
            self._build(account, np.arange(len(account.problem.phases)))

    def sure(self, account: Account) -> bool:
        """Whether all comes as planned for certain, and the plan keeps every rule then: it is done to the fen.

        Homes may be promised on the strength of what it says will come.
        """
        return self._whole and account.certain and self._in_order

    @cached_property
    def _in_order(self) -> bool:
        short = len(self.plan.shortfall) > 0
        return not short and not any(v.kind == "broken_rule" for v in audit_decisions(self.problem, self.plan))

    # --- households

    def _wanted(self, account: Account, phase: int) -> bool:
        """Whether a phase that the plan never hands over is of use: promises wait for more homes than there are."""
        if phase in self.handovers or not self.pending:
            return False
        pools = account.problem.phases.delivers["pool"][slice(*account.problem.phases.delivers.start[phase:][:2])]
        late = [offer for month, offer, _ in self.pending if month < account.month]
        stock = account.problem.offers.stock.take(np.array(late, dtype=np.int64))
        return bool(np.isin(stock["pool"], pools).any())

    def _settle(self, account: Account) -> None:
        due = [promise for promise in self.pending if promise[0] <= account.month]
        if not due:
            return
        left = [promise for promise in self.pending if promise[0] > account.month]
        kept: list[tuple[int, int, int]] = []
        offers = np.array([offer for _, offer, _ in due], dtype=np.int64)
        # Where all is certain, homes may be promised that arrive before they are moved into.
        possible = set((offers if self.sure(account) else open_offers(account, np.unique(offers))).tolist())
        budget = None if self.sure(account) else self._money(account)
        # Homes without a price first: whose fee ends with it leaves money for the vouchers of the month.
        due.sort(key=lambda promise: self._priced[promise[1]])
        now = np.array([promise for promise in due if promise[1] in possible], dtype=np.int64).reshape(-1, 3)
        taken = iter(keep_promises(account, now[:, 1], now[:, 2], budget).tolist())
        for month, offer, households in due:
            missing = households - (next(taken) if offer in possible else 0)
            if missing:
                kept.append((month, offer, missing))
        lost = self._lost(account, np.array([offer for _, offer, _ in kept], dtype=np.int64)).tolist()
        if any(lost):
            stranded = [promise for promise, gone in zip(kept, lost, strict=True) if gone]
            others = [promise for promise, gone in zip(kept, lost, strict=True) if not gone]
            self._find_another(account, stranded, others + left)
        claim, waiting = account.problem.offers.claim, account.waiting
        self.pending = [promise for promise in kept + left if waiting[claim[promise[1]]] > 0]

    def _money(self, account: Account) -> Budget:
        """Money for what was promised, now and in the year ahead; what the plan leaves unpaid now need not be paid."""
        budget = Budget(account, self.purses, self.held_months, set_off=True)
        unpaid = [row for name in ("owe", "shortfall") for row in self.by_month[name].get(account.month, ())]
        for need, fen in _sums(unpaid).items():
            budget.free[self.purses.within[:, self.purses.of_need[need]]] += fen
        return budget

    def _lost(self, account: Account, offers: Ints) -> NDArray[np.bool_]:
        """Whether offers can never be taken any more, as far as is known: a limit of this month is not for ever."""
        position, limit = account.limits_of(offers)
        full = (account.limit_room()[limit] == 0) & ~account.problem.limits.monthly[limit]
        lost: NDArray[np.bool_] = account.declined[offers] | (account.problem.offers.last[offers] < account.month)
        lost[position[full]] = True
        return lost

    def _find_another(
        self, account: Account, stranded: list[tuple[int, int, int]], promised: list[tuple[int, int, int]]
    ) -> None:
        """Whose promise is lost takes what is possible now and not promised to others."""
        offers = account.problem.offers
        claims = np.unique(offers.claim[[offer for _, offer, _ in stranded]])
        mine = np.flatnonzero(np.isin(offers.claim, claims))
        free = account.free.copy()
        rows = np.array(promised, dtype=np.int64).reshape(-1, 3)
        stock = offers.stock.take(rows[:, 1])
        np.subtract.at(account.free, stock["pool"], stock["amount"] * rows[stock.row, 2])
        before = account.free.copy()
        possible = open_offers(account, mine)
        if possible.size:
            candidates = Candidates(account.problem, account.month, possible)
            keys = (possible, candidates.price, candidates.route, candidates.claim, candidates.moved_out)
            budget = Budget(account, self.purses, account.problem.calendar.books, set_off=True)
            settle_in_turn(account, possible[np.lexsort(keys)], budget, patient=False)
        account.free = free + (account.free - before)

    # --- money

    def _draw(self, account: Account) -> None:
        """Borrow, repay and move as planned, as far as it can be done."""
        now, problem = account.month, account.problem
        repaid = {}
        for loan, _, fen in self.by_month["repay"].get(now, ()):
            forced = sum(paid for row, month, paid in account.rows["repay"] if (row, month) == (loan, now))
            repaid[loan] = self._repay(account, loan, fen - forced)
        for loan, _, fen in self.by_month["borrow"].get(now, ()):
            most = min(fen, account.drawable(loan))
            if most > 0:
                account.draw(loan, most)
        for loan, left in repaid.items():
            self._repay(account, loan, left)
        for way, _, fen in self.by_month["move"].get(now, ()):
            source = int(problem.moves.source[way])
            most = min(fen, self._holds(account, source, fen), account.movable(way))
            if most > 0:
                account.move(way, most)

    @staticmethod
    def _repay(account: Account, loan: int, fen: int) -> int:
        """Repay up to `fen` of what is outstanding; returns what is left to repay."""
        most = min(fen, int(account.outstanding[loan]))
        if most > 0:
            account.repay(loan, most)
        return fen - most

    def _pay(self, account: Account) -> None:
        now = account.month
        dues = account.dues()[:, now]
        reserve = reserve_of(account)
        planned: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for fund, need, _, fen in self.by_month["pay"].get(now, ()):
            planned[need].append((fund, fen))
        offsets, owings = (_sums(self.by_month[name].get(now, ())) for name in ("offset", "owe"))
        open_needs = open_bills(account, dues)
        missing: dict[int, int] = {}
        optional: dict[int, int] = {}
        owable: dict[int, int] = {}
        surcharge = {need: account.surcharge(need) for need in open_needs}
        for need in open_needs:
            overdue, bill = account.overdue_arrears(need), int(dues[need]) + surcharge[need]
            met = sum(fen for _, fen in planned[need]) + offsets.get(need, 0) + owings.get(need, 0)
            repaid = min(max(overdue, met - bill), int(account.arrears[need]))
            missing[need], optional[need] = bill + repaid, repaid - overdue
            owable[need] = int(dues[need]) + repaid
            # Before anything is left owing, so that the limit on what is owed has room.
            account.clear(need, repaid)
        for need in open_needs:
            most = missing[need] - surcharge[need]
            offset = account.offset(need, min(offsets.get(need, 0), most))
            met = offset + account.owe(need, min(owings.get(need, 0), most - offset), dues)
            missing[need] -= met
            owable[need] -= offset
            # What was set off stays set off: a surcharge is due in cash, arrears must not grow in its place.
            optional[need] = min(optional[need], most - met)
            for fund, fen in planned[need]:
                amount = min(fen, missing[need], self._holds(account, fund, fen))
                if amount > 0:
                    account.pay_from(fund, need, amount)
                    missing[need] -= amount
        for need in open_needs:
            self._make_up(account, need, missing[need], optional[need], owable[need], dues, reserve)

    def _holds(self, account: Account, fund: int, fen: int) -> int:
        """Fen that a fund has for a planned payment; where all is certain it is there by the end of the month."""
        return fen if self.sure(account) else account.available(fund)

    def _make_up(
        self, account: Account, need: int, missing: int, optional: int, owable: int, dues: Ints, reserve: Keeps
    ) -> None:
        """Find what is missing on a bill elsewhere; arrears that need not be repaid yet are left.

        Parameters
        ----------
        missing, optional
            Fen that is missing, and of it what repays arrears before their time.
        owable
            Fen that may be left owing at most: a surcharge is due in cash, and what was set off is met.
        """
        spared = min(missing, optional, account.room_to_owe(need))
        if spared > 0:
            account.clear(need, -spared)
            missing -= spared
            owable -= spared
        # Debts of developers: what the plan would have used by now goes first, what it keeps for later before a loan.
        by_debts = missing > 0 and int(account.problem.needs.owing[need]) < 0
        if by_debts:
            missing -= account.offset(need, min(missing, self._behind(account, need)))
        if missing:
            missing -= account.pay(need, missing, reserve)
        if missing and by_debts:
            missing -= account.offset(need, missing)
        if missing:
            missing -= account.borrow_for(need, missing)
        if missing and not account.owed_now(need):
            missing -= account.owe(need, min(missing, owable), dues)
        if missing:
            account.lack(need, missing)

    def _behind(self, account: Account, need: int) -> int:
        """Fen of the debts of a need's developer that the plan had set off by now, and nobody has."""
        developer = int(account.problem.needs.developer[need])
        if developer < 0:
            return 0
        return max(int(self.set_off[developer, : account.month + 1].sum()) - int(account.set_off[developer]), 0)

    def _build(self, account: Account, phases: Ints) -> None:
        now, problem = account.month, account.problem
        behind = self.built[:, : now + 1].sum(axis=1) - account.spent.sum(axis=1)
        planned = defaultdict(list)
        for fund, need, _, fen in self.by_month["pay"].get(now, ()):
            planned[need].append((fund, fen))
        for phase in phases[behind[phases] > 0].tolist():
            wanted, need = int(behind[phase]), int(problem.phases.need[phase])
            if problem.phases.monthly_limit[phase] >= 0:
                wanted = min(wanted, int(problem.phases.monthly_limit[phase]))
            paid = 0
            for fund, fen in planned[need]:
                amount = min(fen - account.paid_from(fund, need), wanted - paid, self._holds(account, fund, fen))
                if amount > 0:
                    account.pay_from(fund, need, amount)
                    paid += amount
            if paid < wanted:
                # What was not to be had when planned comes out of funds that only build, so that bills can be paid.
                paid += account.pay(need, wanted - paid, spared=account.fee_funds)
            if paid < wanted:
                paid += account.borrow_for(need, wanted - paid)
            if paid:
                account.build(phase, paid)


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
