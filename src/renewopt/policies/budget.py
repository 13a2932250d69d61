"""What money is free: month by month ahead, once all that is known to fall due is paid."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import IntArray
from renewopt.ledger.loans import repayments
from renewopt.policies.costs import Costs
from renewopt.policies.relief import accrued_by, fees_ended
from renewopt.policies.state import SimulationState
from renewopt.problem import Problem, Ragged
from renewopt.units import fraction
from renewopt.vocabulary import Use

__all__ = ["Budget", "FundSets"]

SCALE = 1_000_000
SAMPLE = 64
"""Claims whose fees tell in which month money is scarcest."""
NO_LIMIT = np.iinfo(np.int64).max // 4


class FundSets:
    """Sets of funds that pay the same needs, S of them: what is spent must fit into each set that it must come from.

    Attributes
    ----------
    members
        (S, F) bool; the last two are the funds that may pay fees, and all funds.
    of_need
        (N,) set of each need.
    within
        (S, S) bool: whether the funds of the second all belong to the first.
    burdens
        Ragged (N): every set that the money of a need must come from.
    """

    def __init__(self, problem: Problem) -> None:
        needs = problem.needs
        fees = needs.payable_by[needs.use == Use.FEES].any(axis=0)
        rows = np.vstack([needs.payable_by, fees[None], np.ones_like(fees)[None]])
        self.members, place = np.unique(rows, axis=0, return_inverse=True)
        place = place.reshape(-1)
        self.of_need: IntArray = place[:-2]
        self.for_fees, self.all = int(place[-2]), int(place[-1])
        self.within: NDArray[np.bool_] = ~(self.members[None] & ~self.members[:, None]).any(axis=2)
        burdened = self.within[:, self.of_need]
        need, sets = np.nonzero(burdened.T)
        self.burdens = Ragged.build(self.of_need.size, need, sets=sets)


class Budget:
    """Free money of the open month.

    Parameters
    ----------
    state
    fund_sets
        Of its problem.
    months
        How far ahead known bills are held back for.
    set_off
        Whether bills of developers are set off against their debts.
    paid
        Whether the bills of this month are paid already.

    Attributes
    ----------
    free
        (S, K) fen that each set of funds would hold at the close of this month and later ones, those far ahead in
        spans whose poorest month counts; what is committed now may not exceed it.
    credit
        (D,) fen of debts due by now that no known bill will use up.
    quota
        (J,) fen that may be spent for each project; None: no quota.
    """

    def __init__(
        self, state: SimulationState, fund_sets: FundSets, months: int, *, set_off: bool, paid: bool = False
    ) -> None:
        self.state, self.fund_sets = state, fund_sets
        problem, now = state.problem, state.month
        self.months = min(months + 1, problem.calendar.books - now)
        window = slice(now, now + self.months)
        dues = state.known_dues()[:, window]
        if paid:
            dues[:, 0] = 0
        self.credit = np.zeros(len(problem.developers), dtype=np.int64)
        if set_off:
            dues = self._net_of_debts(dues)
        burden = np.zeros((fund_sets.members.shape[0], self.months), dtype=np.int64)
        np.add.at(burden, fund_sets.of_need, dues)
        held = np.array([state.available(fund) for fund in range(len(problem.funds))], dtype=np.int64)
        coming = state.income()[:, window]
        coming[:, 0] = held
        income = fund_sets.members.astype(np.int64) @ coming
        closing = np.cumsum(income - fund_sets.within.astype(np.int64) @ burden, axis=1)
        reserve = fraction(problem.objective.reserve_months)
        if reserve:
            fees = state.dues()[state.fee_needs][:, window].sum(axis=0).tolist()
            closing[fund_sets.for_fees] -= np.array([-(-reserve * fen // 1) for fen in fees], dtype=np.int64)
        self.ends = _spans(self.months)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), self.ends[:-1] + 1])
        self.free: IntArray = np.minimum.reduceat(closing, starts, axis=1)
        # What is saved by the first month of a span counts for all of it.
        self._billed = accrued_by(problem.bills, now + starts)
        self.quota: IntArray | None = None

    def _net_of_debts(self, dues: IntArray) -> IntArray:
        """Take from the dues what will be set off; what is left of the debts due by now is credit."""
        state, needs, developers = self.state, self.state.problem.needs, self.state.problem.developers
        now, dues = state.month, dues.copy()
        for developer in range(len(developers)):
            mine = (needs.developer == developer).nonzero()[0]
            owed = (developers.debt_due[developer].cumsum()[now:] - state.set_off[developer]).tolist()
            self.credit[developer] = max(owed[0] - int(state.scheduled[mine, now:].sum()), 0)
            used = 0
            due = dues[mine]
            for month in due.any(axis=0).nonzero()[0].tolist():
                for place, fen in enumerate(due[:, month].tolist()):
                    covered = min(fen, max(owed[month] - used, 0))
                    if covered:
                        dues[mine[place], month] -= covered
                        used += covered
        return dues

    def cash_use(self, costs: Costs, offers: IntArray, *, bought: NDArray[np.bool_]) -> tuple[IntArray, IntArray]:
        """What one household's offer takes from `free`, cumulated; the fees that it ends are given back.

        Parameters
        ----------
        costs
            Of the offers.
        offers
            (n,)
        bought
            (n,) whether the offer has a price; of others only what falls due in this month counts.

        Returns
        -------
        numpy.ndarray, numpy.ndarray
            (n, S, K) of entries on needs with a developer, or (n, 1, 1) where there are none; (n, S, K) of all else,
            negative where more is saved than spent.
        """
        problem, now = self.state.problem, self.state.month
        after = costs.month - now
        counted = (after < self.months) & (bought[costs.row] | (after == 0))
        column = np.searchsorted(self.ends, np.minimum(after, self.months - 1))
        credited = problem.needs.developer[costs.need] >= 0
        parts: list[IntArray] = []
        for which in ((counted & credited).nonzero()[0], (counted & ~credited).nonzero()[0]):
            size = (self.fund_sets.members.shape[0], self.ends.size) if which.size or parts else (1, 1)
            spread = np.zeros((offers.size, *size), dtype=np.int64)
            if which.size:
                burdened = self.fund_sets.burdens.take(costs.need[which])
                entry = which[burdened.row]
                np.add.at(spread, (costs.row[entry], burdened["sets"], column[entry]), costs.fen[entry])
                # From the month in which it falls due on.
                np.cumsum(spread, axis=2, out=spread)
                spread[~bought, :, 1:] = 0
            parts.append(spread)
        saved = fees_ended(problem, self.state.waiting_fees, offers, now, self._billed)
        need = problem.bills.need[problem.claims.bill[problem.offers.claim[offers]]]
        burdened_by_fees = self.fund_sets.within[:, self.fund_sets.of_need[need]].T
        parts[1] -= burdened_by_fees[:, :, None] * saved[:, None]
        return parts[0], parts[1]

    def scarce(self, claims: NDArray[np.integer], until: IntArray) -> list[int]:
        """Columns of `free` that may decide: the first, the last, and the scarcest by what some claims save.

        Parameters
        ----------
        until
            (K,) month up to which fees are saved in each column.
        """
        few = claims[:: max(claims.size // SAMPLE, 1)]
        waiting = self.state.waiting_fees[few]
        saved = (waiting[:, until] - waiting[:, [self.state.month]]).mean(axis=0)
        # Every set that fees burden gains as much.
        burdened = self.fund_sets.within[:, self.fund_sets.of_need[self.state.fee_needs]].any(axis=1)
        scarcest = (self.free[burdened] + saved).argmin(axis=1).tolist()
        return sorted({0, *scarcest, self.ends.size - 1})

    def hold(self, use: str, wanted: IntArray) -> None:
        """Hold money back for a use, as far as no other funds have it.

        Parameters
        ----------
        wanted
            (K,) fen wanted up to each month of `ends`.
        """
        problem, now = self.state.problem, self.state.month
        payers = problem.needs.payable_by[problem.needs.use == use].any(axis=0)
        lent = self.state.undrawn(payers)
        for number, members in enumerate(self.fund_sets.members):
            if not (members & payers).any():
                continue
            others = payers & ~members
            held = sum(self.state.available(fund) for fund in np.flatnonzero(others).tolist())
            coming = problem.funds.inflow[others, now + 1 : now + self.months].sum(axis=0)
            elsewhere = held + lent + np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(coming)])
            self.free[number] -= np.maximum(wanted - elsewhere[self.ends], 0)

    def bearable(self, loan: int) -> int:
        """Fen that may be drawn on a loan now so that known income still bears its service."""
        problem, now = self.state.problem, self.state.month
        loans = problem.loans
        parts = np.zeros(self.months)
        left = np.ones(self.months)
        draw = np.zeros(problem.calendar.books, dtype=np.int64)
        draw[now] = SCALE
        if loans.kind[loan] == "flexible":
            repaid = [(now + int(loans.term[loan]), SCALE)]
        else:
            repaid = repayments(problem, loan, draw)
        for month, fen in repaid:
            if month - now < self.months:
                parts[month - now] += fen / SCALE
                left[month - now :] -= fen / SCALE
        parts[1:] += float(loans.rate[loan]) / 12 * left[:-1]
        service = np.cumsum(parts)[self.ends]
        most = int(loans.limit[loan])
        for need in (loans.principal_need[loan], loans.interest_need[loan]):
            for number in np.flatnonzero(self.fund_sets.within[:, self.fund_sets.of_need[need]]).tolist():
                free = np.maximum(self.free[number], 0)[service > 0] / service[service > 0]
                most = min(most, int(free.min(initial=most)))
        return max(most, 0)


@cache
def _spans(months: int) -> IntArray:
    """Last month of each span: single months for a year, then quarters, then years."""
    singles = list(range(min(months, 13)))
    quarters = list(range(15, min(months, 37), 3))
    years = list(range(48, months, 12))
    return np.array(sorted({*singles, *quarters, *years, months - 1}), dtype=np.int64)
