"""Cash state of a simulation: funds, loans and arrears, kept up to date while a policy decides, in whole fen.

Only what is permitted can be done: balances, limits, releases and reserve are kept, loans are drawn within their
limits, only what may be owed is owed. ``docs/accounts.md`` numbers the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import share_of
from renewopt.ledger.loans import repayments
from renewopt.ledger.payments import PARTS_PER_BILLION
from renewopt.problem import Decisions, Problem
from renewopt.units import PPM, fraction, quotient_half_up
from renewopt.vocabulary import NEVER_OWED, Use

__all__ = ["CashState", "Ints", "Reserves"]

Ints = NDArray[np.int64]
Reserves = Sequence[tuple[NDArray[np.bool_], int]]
"""Sets of funds, (F,) each, and the fen that each must hold together after a payment."""


class CashState:
    """The money of a problem, month by month.

    Parameters
    ----------
    problem

    Attributes
    ----------
    month
        The month that is open.
    balance
        (F,) fen.
    scheduled
        (N, B) fen that falls due, fees aside.
    received, recovered
        (F, B) fen that households and developers pay into each fund.
    arrears
        (N,) fen owed.
    spent
        (E, B) fen built.
    set_off
        (D,) fen of each developer's debt that was set off.
    rows
        What was decided, table by table.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        calendar, needs, funds, loans = problem.calendar, problem.needs, problem.funds, problem.loans
        self.month = -1
        self.rows: dict[str, list[tuple[int, ...]]] = defaultdict(list)
        self.balance = funds.opening.copy()
        self.scheduled = needs.fixed.copy()
        in_cash = needs.owing < 0
        self.scheduled[in_cash, 0] += needs.opening_arrears[in_cash]
        self.received = np.zeros((len(funds), calendar.books), dtype=np.int64)
        self.recovered = np.zeros_like(self.received)
        self.left_fund = np.zeros_like(self.received)
        self.arrears = np.where(in_cash, 0, needs.opening_arrears)
        # Column k: owed up to month k − 1; opening arrears count as owed in month −1.
        self.owed_by = np.zeros((len(needs), calendar.books + 1), dtype=np.int64)
        self.owed_by[:] = self.arrears[:, None]
        self.repaid = np.zeros(len(needs), dtype=np.int64)
        self.spent = np.zeros((len(problem.phases), calendar.books), dtype=np.int64)
        self.borrowed = np.zeros((len(loans), calendar.books), dtype=np.int64)
        self.outstanding = np.zeros(len(loans), dtype=np.int64)
        self.flexible_repaid = np.zeros(len(loans), dtype=np.int64)
        self._principal = np.zeros_like(self.borrowed)
        self.fee_needs = needs.use == Use.FEES
        self.fee_funds = needs.payable_by[self.fee_needs].any(axis=0)
        self._breadth: list[int] = needs.payable_by.sum(axis=0).tolist()
        self._lent = set(loans.fund.tolist())
        self._payers: dict[int, list[int]] = {}
        self.set_off = np.zeros(len(problem.developers), dtype=np.int64)

    def open(self, month: int) -> None:
        """Begin a month: money comes in, loans are serviced."""
        self.month = month
        self._payers.clear()
        self.balance = self.balance + self.income()[:, month]
        self._service_loans()

    def close(self) -> None:
        """End the month: what lapses is lost, the repayment of what was drawn is put on the schedule."""
        funds = self.problem.funds
        if funds.loses[self.month]:
            self.balance = np.minimum(self.balance, funds.most_left(self.month, self.came_in()))
        loans, last = self.problem.loans, self.problem.calendar.books - 1
        for loan in self.borrowed[:, self.month].nonzero()[0].tolist():
            if loans.kind[loan] == "flexible":
                continue
            draw = np.zeros(last + 1, dtype=np.int64)
            draw[self.month] = self.borrowed[loan, self.month]
            for month, part in repayments(self.problem, loan, draw):
                self._principal[loan, min(month, last)] += part
                self.scheduled[loans.principal_need[loan], min(month, last)] += part

    def decisions(self) -> Decisions:
        """All that was decided."""
        width = {table.name: getattr(Decisions(), table.name).shape[1] for table in fields(Decisions)}
        return Decisions(
            **{name: np.array(self.rows[name], dtype=np.int64).reshape(-1, columns) for name, columns in width.items()}
        )

    def income(self) -> Ints:
        """(F, B) fen that comes into each fund as far as is known, loans and moves aside."""
        income: Ints = self.problem.funds.inflow + self.received + self.recovered
        return income

    def came_in(self) -> Ints:
        """(F, B) fen that came into each fund so far, loans and moves included."""
        came = self.income().copy()
        np.add.at(came, self.problem.loans.fund, self.borrowed)
        for way, month, fen in self.rows["move"]:
            came[self.problem.moves.target[way], month] += fen
        return came

    def undrawn(self, payers: NDArray[np.bool_]) -> int:
        """Fen that loans of some funds (F,) grant beyond what was ever drawn on them, if they are open now."""
        loans = self.problem.loans
        open_now = (loans.first <= self.month) & (self.month <= loans.last) & payers[loans.fund]
        return int((loans.limit - self.borrowed.sum(axis=1))[open_now].clip(0).sum())

    def available(self, fund: int, more: int = 0) -> int:
        """Fen that a fund may pay out now: balance (and `more`), limits, release by progress (rule 12)."""
        funds, now = self.problem.funds, self.month
        most = int(self.balance[fund]) + more
        if most <= 0:
            return 0
        left = self.left_fund[fund]
        if funds.monthly_limit[fund, now] >= 0:
            most = min(most, int(funds.monthly_limit[fund, now] - left[now]))
        if funds.total_limit[fund] >= 0:
            most = min(most, int(funds.total_limit[fund] - left.sum()))
        if funds.release_upfront_ppm[fund] >= 0 and fund not in self._lent:
            most = min(most, self.released(fund) - int(left.sum()))
        return max(most, 0)

    def released(self, fund: int) -> int:
        """Fen that progress at the close of last month releases."""
        funds, phases = self.problem.funds, self.problem.phases
        listed = funds.release_phases["phase"][slice(*funds.release_phases.start[fund : fund + 2])]
        whole = int(phases.total_cost[listed].sum())
        built = whole - int(phases.cost[listed].sum()) + int(self.spent[listed, : self.month].sum())
        total, upfront = int(funds.release_total[fund]), int(funds.release_upfront_ppm[fund])
        if not whole:
            return total
        return total * (upfront * whole + (PPM - upfront) * built) // (PPM * whole)

    def payers(self, need: int) -> list[int]:
        """Funds that may pay a need: those that lapse now first, then those with the fewest permitted uses."""
        if need not in self._payers:
            funds = self.problem.funds
            permitted = self.problem.needs.payable_by[need].nonzero()[0].tolist()
            lapses = [False] * len(funds)
            if len(permitted) > 1 and funds.loses[self.month]:
                most = funds.most_left(self.month, self.came_in())
                lapses = (funds.lapses[:, self.month] | (self.balance > most)).tolist()
            self._payers[need] = sorted(permitted, key=lambda fund: (not lapses[fund], self._breadth[fund], fund))
        return self._payers[need]

    def pay(self, need: int, fen: int, reserves: Reserves = (), spared: NDArray[np.bool_] | None = None) -> int:
        """Pay up to `fen` on a need, from what there is.

        Parameters
        ----------
        reserves
            What some funds must hold afterwards.
        spared
            (F,) funds that pay nothing of it.

        Returns
        -------
        int
            Fen paid.
        """
        paid = 0
        for fund in self.payers(need):
            if paid >= fen:
                break
            amount = 0 if spared is not None and spared[fund] else min(fen - paid, self.available(fund))
            for members, keep in reserves:
                if members[fund]:
                    amount = min(amount, int(self.balance[members].sum()) - keep)
            if amount > 0:
                self.pay_from(fund, need, amount)
                paid += amount
        return paid

    def paid_from(self, fund: int, need: int) -> int:
        """Fen that a fund has paid on a need in this month."""
        now = (row for row in self.rows["pay"] if row[2] == self.month)
        return sum(row[3] for row in now if row[0] == fund and row[1] == need)

    def pay_from(self, fund: int, need: int, fen: int) -> None:
        """Pay `fen` of a need from a fund."""
        self.balance[fund] -= fen
        self.left_fund[fund, self.month] += fen
        self.rows["pay"].append((fund, need, self.month, fen))

    def borrow_for(self, need: int, fen: int, most: dict[int, int] | None = None) -> int:
        """Draw up to `fen` on loans whose fund may pay the need, and pay it; returns what was paid (rule 8).

        Parameters
        ----------
        most
            Fen that may be drawn on each loan at most, less what is drawn here; None: all that it grants.
        """
        loans, now = self.problem.loans, self.month
        paid = 0
        for loan in range(len(loans)):
            fund = int(loans.fund[loan])
            if not self.problem.needs.payable_by[need, fund] or not loans.first[loan] <= now <= loans.last[loan]:
                continue
            # Only what the fund's limits let out again is worth drawing.
            open_to_pay = self.available(fund, int(loans.limit[loan])) - self.available(fund)
            amount = min(fen - paid, self.drawable(loan), open_to_pay)
            if most is not None:
                amount = min(amount, most[loan])
                most[loan] -= max(amount, 0)
            if amount > 0:
                self.draw(loan, amount)
                self.pay_from(fund, need, amount)
                paid += amount
        return paid

    def drawable(self, loan: int) -> int:
        """Fen that a loan still grants in this month: limit, months of drawing, release by progress (rules 8, 12)."""
        loans, now = self.problem.loans, self.month
        if not loans.first[loan] <= now <= loans.last[loan]:
            return 0
        fund = int(loans.fund[loan])
        drawn = int(self.borrowed[loan].sum())
        if loans.revolving[loan]:
            # What is repaid within the month makes no room for more.
            taken = max(int(self.outstanding[loan]), int(self.borrowed[loan, self.month]))
            room = int(loans.limit[loan]) - taken
        else:
            room = int(loans.limit[loan]) - drawn
        if self.problem.funds.release_upfront_ppm[fund] >= 0:
            room = min(room, self.released(fund) - drawn)
        return max(room, 0)

    def movable(self, way: int) -> int:
        """Fen that may still be moved over a way in this month (rule 12)."""
        moves = self.problem.moves
        moved = [(month, fen) for row, month, fen in self.rows["move"] if row == way]
        most = int(self.problem.funds.opening.sum() + self.problem.funds.inflow.sum())
        if moves.monthly_limit[way, self.month] >= 0:
            now = sum(fen for month, fen in moved if month == self.month)
            most = min(most, int(moves.monthly_limit[way, self.month]) - now)
        if moves.total_limit[way] >= 0:
            most = min(most, int(moves.total_limit[way]) - sum(fen for _, fen in moved))
        return max(most, 0)

    def room_to_owe(self, need: int) -> int:
        """Fen by which the arrears may grow, by the limit on the stock of what is owed (rule 10)."""
        rule = int(self.problem.needs.owing[need])
        if rule < 0:
            return 0
        limit = int(self.problem.owing.stock_limit[rule])
        stock = int(self.arrears[self.problem.needs.owing == rule].sum())
        return stock + int(self.repaid[need]) if limit < 0 else max(limit - stock, 0)

    def owed_now(self, need: int) -> bool:
        """Whether part of a need's bill of this month is left owing already."""
        return bool(self.owed_by[need, self.month + 1] > self.owed_by[need, self.month])

    def draw(self, loan: int, fen: int) -> None:
        """Borrow; the principal is put on the schedule when the month closes."""
        self.borrowed[loan, self.month] += fen
        self.outstanding[loan] += fen
        self.balance[self.problem.loans.fund[loan]] += fen
        self.rows["borrow"].append((loan, self.month, fen))

    def move(self, way: int, fen: int) -> None:
        """Move `fen` from one fund to another (rule 12)."""
        source, target = int(self.problem.moves.source[way]), int(self.problem.moves.target[way])
        self.balance[source] -= fen
        self.left_fund[source, self.month] += fen
        self.balance[target] += fen
        self.rows["move"].append((way, self.month, fen))

    def owe(self, need: int, fen: int, dues: Ints) -> int:
        """Leave up to `fen` of this month's bill owing, as far as the rule permits (rule 10); returns what is owed.

        Parameters
        ----------
        dues
            (N,) fen that falls due in this month.
        """
        needs, owing, now = self.problem.needs, self.problem.owing, self.month
        rule = int(needs.owing[need])
        if rule < 0 or needs.use[need] in NEVER_OWED:
            return 0
        covered = needs.owing == rule
        share = int(dues[covered].sum()) * int(owing.share_ppm[rule]) // PPM
        newly = int((self.owed_by[covered, now + 1] - self.owed_by[covered, now]).sum())
        amount = min(fen, int(dues[need]), share - newly)
        if owing.stock_limit[rule] >= 0:
            amount = min(amount, int(owing.stock_limit[rule] - self.arrears[covered].sum()))
        if amount <= 0:
            return 0
        self.arrears[need] += amount
        self.owed_by[need, now + 1 :] += amount
        self.rows["owe"].append((need, now, amount))
        return amount

    def overdue_arrears(self, need: int) -> int:
        """Fen of arrears that must be repaid in this month (rule 10)."""
        rule = int(self.problem.needs.owing[need])
        if rule < 0 or self.arrears[need] <= 0 or self.problem.owing.latest[rule] < 0:
            return 0
        by = self.month - int(self.problem.owing.latest[rule]) + 1
        return max(int(self.owed_by[need, by] - self.repaid[need]), 0) if by >= 0 else 0

    def arrears_ahead(self) -> Ints:
        """(N, B) fen that falls due on the arrears as they are: their surcharges, and repayment when their time is up.

        What is repaid early is not foreseen.
        """
        now, owing = self.month, self.problem.owing
        result = np.zeros_like(self.scheduled)
        for need in (self.arrears > 0).nonzero()[0].tolist():
            rule = int(self.problem.needs.owing[need])
            latest = int(owing.latest[rule])
            by = np.zeros(result.shape[1] - now, dtype=np.int64)
            if latest >= 0:
                first = np.arange(now, result.shape[1]) - latest + 1
                by = np.where(first >= 0, self.owed_by[need, np.maximum(first, 0)] - self.repaid[need], 0)
                by = np.minimum(np.maximum(by, 0), self.arrears[need])
            stock = self.arrears[need] - np.concatenate([np.zeros(1, dtype=np.int64), by[:-1]])
            result[need, now:] = np.diff(by, prepend=0)
            result[need, now:] += share_of(stock, np.full_like(stock, owing.surcharge_ppb[rule]), PARTS_PER_BILLION)
        return result

    def offset(self, need: int, fen: int) -> int:
        """Set up to `fen` of a need off against what its developer owes by now (rule 11); returns what is set off."""
        developer = int(self.problem.needs.developer[need])
        if developer < 0 or fen <= 0:
            return 0
        due = int(self.problem.developers.debt_due[developer, : self.month + 1].sum())
        amount = min(fen, due - int(self.set_off[developer]))
        if amount <= 0:
            return 0
        self.book_offset(need, amount)
        return amount

    def book_offset(self, need: int, fen: int) -> None:
        """Book what is set off against the debt of the need's developer."""
        developer = int(self.problem.needs.developer[need])
        if developer >= 0:
            self.set_off[developer] += fen
        self.rows["offset"].append((need, self.month, fen))

    def surcharge(self, need: int) -> int:
        """Fen due this month on last month's closing arrears (rule 9)."""
        rule = int(self.problem.needs.owing[need])
        if rule < 0 or not self.arrears[need]:
            return 0
        parts = np.array([self.problem.owing.surcharge_ppb[rule]])
        return int(share_of(self.arrears[[need]], parts, PARTS_PER_BILLION)[0])

    def clear(self, need: int, fen: int) -> None:
        """Arrears repaid; the money itself went by `pay` or `lack`."""
        self.arrears[need] -= fen
        self.repaid[need] += fen

    def lack(self, need: int, fen: int) -> None:
        """Money that cannot be found: a shortfall."""
        self.rows["shortfall"].append((need, self.month, fen))

    def _service_loans(self) -> None:
        """Interest falls due, and of flexible loans what has reached its term (rule 8)."""
        loans, now = self.problem.loans, self.month
        for loan in range(len(loans)):
            if self.outstanding[loan]:
                rate = fraction(loans.rate[loan]) / 12
                interest = quotient_half_up(rate.numerator * int(self.outstanding[loan]), rate.denominator)
                self.scheduled[loans.interest_need[loan], now] += interest
            self.outstanding[loan] -= self._principal[loan, now]
            if loans.kind[loan] == "flexible" and now >= self.problem.calendar.now:
                by = max(now - int(loans.term[loan]) + 1, 0)
                due = int(self.borrowed[loan, :by].sum() - self.flexible_repaid[loan])
                if due > 0:
                    self.repay(loan, due)

    def service_ahead(self) -> Ints:
        """(N, B) fen of interest, and of flexible loans' principal, that what is outstanding will cost later on."""
        loans, now = self.problem.loans, self.month
        result = np.zeros_like(self.scheduled)
        for loan in (self.outstanding > 0).nonzero()[0].tolist():
            if loans.kind[loan] == "flexible":
                due = np.zeros(self.scheduled.shape[1], dtype=np.int64)
                repaid = int(self.flexible_repaid[loan])
                for month in np.flatnonzero(self.borrowed[loan]).tolist():
                    covered = min(repaid, int(self.borrowed[loan, month]))
                    repaid -= covered
                    by = min(max(month + int(loans.term[loan]), now + 1), due.size - 1)
                    due[by] += int(self.borrowed[loan, month]) - covered
                result[loans.principal_need[loan]] += due
            else:
                due = self._principal[loan]
            left = int(self.outstanding[loan]) - np.cumsum(due[now + 1 :])
            interest = np.maximum(np.concatenate([self.outstanding[[loan]], left])[:-1], 0) * float(loans.rate[loan])
            result[loans.interest_need[loan], now + 1 :] += np.ceil(interest / 12).astype(np.int64)
        return result

    def repay(self, loan: int, fen: int) -> None:
        """Part of a flexible loan falls due by our own decision."""
        self.flexible_repaid[loan] += fen
        self.outstanding[loan] -= fen
        self.scheduled[self.problem.loans.principal_need[loan], self.month] += fen
        self.rows["repay"].append((loan, self.month, fen))
