"""Everybody waits for the own estate: what happens if the office carries on as it does (坐等安置房).

The rule, month by month:

1. Phases whose cost was paid in time are handed over. (What is paid in a month counts from the next month on.)
2. Own households that are still waiting take homes of their own estates as these are handed over, those who have been
   out longest first, as far as limits, and the money of the month where such a home has a price, permit. No vouchers,
   no transfers, no cash; nothing is set off, no money is moved between funds.
3. Bills of the month are paid first: interest and principal, commitments, fees, then all else. Each is paid from the
   funds that lapse now, then those with the fewest permitted uses. What these do not hold is borrowed where a loan
   permits, then left owing where a rule permits; the rest is a shortfall.
4. Of the money left, so much is held back as the bills of the coming `hold_months` will need beyond the stated inflow.
   The rest repays arrears, first owed first, and then builds: own estates' phases, the one with the least left to pay
   first. Loans are drawn for construction last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from renewopt.ledger.exact import fraction
from renewopt.policies.account import Account, Ints
from renewopt.problem import Decisions, Problem, Route

__all__ = ["WaitForBuild"]

ORDER = ("interest", "principal", "commitments", "fees", "units", "moving", "cash", "voucher")
"""Uses of money in the order in which bills are paid."""

PATIENCE = 512
"""Offers refused before those that cannot be met any more are sorted out anew."""


@dataclass(frozen=True)
class WaitForBuild:
    """The policy ``wait-for-build``.

    Attributes
    ----------
    hold_months
        Months of bills to come for which money is held back before anything is built.
    """

    name: ClassVar[str] = "wait-for-build"
    hold_months: int = 12

    def decide(self, problem: Problem) -> Decisions:
        """Decide all months; what was decided before ``calendar.now`` is repeated."""
        account = Account(problem)
        own = own_offers(problem)
        phases = own_phases(problem, own)
        for month in range(problem.calendar.books):
            account.open(month)
            if month < problem.calendar.now:
                account.repeat(problem.past)
                account.book_recoveries()
            else:
                self._decide_month(account, own, phases)
            account.close()
        return account.decisions()

    def _decide_month(self, account: Account, own: Ints, phases: Ints) -> None:
        deciding = account.month < account.problem.calendar.months
        if deciding:
            for phase in account.ready().tolist():
                account.hand_over(phase)
            _take_homes(account, own)
        account.book_recoveries()
        reserve = pay_bills(account)
        keep = max(reserve, self._held_back(account))
        repay_arrears(account, keep)
        if deciding:
            self._build(account, phases, keep)

    def _held_back(self, account: Account) -> int:
        """Fen that the coming bills need beyond the inflow of the funds that may pay fees."""
        months = slice(account.month + 1, account.month + 1 + self.hold_months)
        needs, funds = account.problem.needs, account.fee_funds
        # Bills that only other funds may pay do not burden these.
        burden = needs.payable_by[:, funds].any(axis=1) & ~needs.payable_by[:, ~funds].any(axis=1)
        due = account.dues()[burden][:, months].sum(axis=0)
        income = (account.problem.funds.inflow + account.received + account.recovered)[funds][:, months].sum(axis=0)
        return max(int(np.cumsum(due - income).max(initial=0)), 0)

    def _build(self, account: Account, phases: Ints, keep: int) -> None:
        problem = account.problem
        left = problem.phases.cost - account.spent.sum(axis=1)
        for phase in sorted(phases[left[phases] > 0].tolist(), key=lambda phase: (int(left[phase]), phase)):
            wanted, need = int(left[phase]), int(problem.phases.need[phase])
            if problem.phases.monthly_limit[phase] >= 0:
                wanted = min(wanted, int(problem.phases.monthly_limit[phase]))
            paid = account.pay(need, wanted, keep)
            paid += account.borrow_for(need, wanted - paid)
            if paid:
                account.build(phase, paid)


def own_offers(problem: Problem) -> Ints:
    """Offers of homes in the own estate, those of households out longest first."""
    offers = problem.offers
    own = np.flatnonzero(offers.route == Route.own_unit)
    claim = offers.claim[own]
    return own[np.lexsort((own, claim, problem.fees.moved_out[problem.fees.clock[claim]]))]


def own_phases(problem: Problem, own: Ints) -> Ints:
    """Phases that deliver homes which some household waits for as its own."""
    pools = np.unique(problem.offers.stock.take(own)["pool"])
    delivers = problem.phases.delivers
    return np.unique(delivers.row[np.isin(delivers["pool"], pools)])


def _take_homes(account: Account, own: Ints) -> None:
    """Own homes that are there are taken."""
    problem, now = account.problem, account.month
    offers = problem.offers
    left = own[(offers.first[own] <= now) & (now <= offers.last[own])]
    spare = _spare(account)
    while left.size:
        left = _possible(account, left)
        refused = 0
        for place, offer in enumerate(left.tolist()):
            claim = offers.claim[offer]
            if not account.waiting[claim]:
                continue
            due = account.costs(offer)
            households = _affordable(account, offer, due, spare)
            if households == 0:
                refused += 1
                if refused == PATIENCE:
                    left = left[place + 1 :]
                    break
                continue
            for _, month, fen in due:
                if month == now:
                    spare = spare - fen * households
            account.settle(offer, households)
        else:
            return


def _possible(account: Account, own: Ints) -> Ints:
    """Those of the offers for whose claims somebody waits and for which there are homes and room in the limits."""
    problem = account.problem
    waiting = own[account.waiting[problem.offers.claim[own]] > 0]
    stock = problem.offers.stock.take(waiting)
    possible = np.ones(waiting.size, dtype=np.bool_)
    possible[stock.row[account.free[stock["pool"]] < stock["amount"]]] = False
    full = np.zeros(len(problem.offers), dtype=np.bool_)
    limits = problem.limits
    taken = np.where(limits.monthly, account.taken_limit[:, account.month], account.taken_limit.sum(axis=1))
    full[limits.offers["offer"][(taken >= limits.cap)[limits.offers.row]]] = True
    return waiting[possible & ~full[waiting]]


def _affordable(account: Account, offer: int, due: list[tuple[int, int, int]], spare: Ints) -> int:
    """Households that may take an offer now, by homes, limits and the money of the month."""
    claims = account.problem.claims
    claim = int(account.problem.offers.claim[offer])
    households = account.room(offer)
    for need, month, fen in due:
        if month == account.month and fen > 0:
            households = min(households, max(int(spare[need]), 0) // fen)
    return 0 if claims.indivisible[claim] and households < claims.count[claim] else households


def _spare(account: Account) -> Ints:
    """(N,) fen that the funds which may pay a need hold beyond the bills of this month that fall on them."""
    payable = account.problem.needs.payable_by
    due = account.dues()[:, account.month]
    shared = (payable.astype(np.int64) @ payable.T.astype(np.int64)) > 0
    cash = np.array([account.available(fund) for fund in range(payable.shape[1])], dtype=np.int64)
    spare: Ints = payable @ cash - shared @ due
    return spare


def pay_bills(account: Account) -> int:
    """Pay what falls due in the month, and arrears whose time is up; returns the reserve that has to be kept."""
    problem, now = account.problem, account.month
    dues = account.dues()[:, now]
    months = fraction(problem.objective.reserve_months)
    reserve = int(-(-months * int(dues[account.fee_needs].sum()) // 1))
    rank = {use: place for place, use in enumerate(ORDER)}
    needs = problem.needs
    bills = [need for need in range(len(needs)) if str(needs.use[need]) in rank]
    for need in sorted(bills, key=lambda need: (rank[str(needs.use[need])], int(needs.payable_by[need].sum()), need)):
        surcharge, repaid = account.surcharge(need), account.overdue_arrears(need)
        missing = int(dues[need]) + surcharge + repaid
        missing -= account.pay(need, missing, reserve)
        if missing:
            missing -= account.borrow_for(need, missing)
        if missing:
            missing -= account.owe(need, missing, dues)
        if missing:
            account.lack(need, missing)
        account.clear(need, repaid)
    return reserve


def repay_arrears(account: Account, keep: int) -> None:
    """Repay arrears with what is left of the money."""
    newly = account.owed_by[:, account.month + 1] - account.owed_by[:, account.month]
    for need in np.flatnonzero((account.arrears > 0) & (newly == 0)).tolist():
        account.clear(need, account.pay(need, int(account.arrears[need]), keep))
