"""Round a payment plan to whole fen, month by month, against exact balances."""

from __future__ import annotations

from typing import Any

import numpy as np

from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.problem import Decisions, Problem
from renewopt.problem.decisions import IntTable
from renewopt.units import FEN_PER_WAN, PPM, fraction, quotient_half_up

MONEY = ("build", "pay", "offset", "owe", "move", "borrow", "repay", "shortfall")
"""Tables of decisions that are rounded here."""
EXACT_FEN = 1e-3
"""Fraction of a fen by which a solver's whole amount may be off."""


def _dense(f: Formulation, x: FloatArray, name: str, shape: tuple[int, ...]) -> FloatArray:
    """Spread a block's values, in fen, over a full array."""
    full = np.zeros(shape)
    if name in f.builder.columns:
        block = f[name]
        full[block.keys] = x[block.index] * FEN_PER_WAN
    return full


def _steps(amounts: FloatArray) -> IntArray:
    """Whole amounts whose running totals are the rounded running totals (last axis: months)."""
    total = np.rint(np.cumsum(np.maximum(amounts, 0.0), axis=-1)).astype(np.int64)
    steps: IntArray = np.diff(total, axis=-1, prepend=0)
    return steps


def _steps_below(amounts: FloatArray) -> IntArray:
    """Whole amounts whose running totals never exceed the running totals."""
    total = np.floor(np.cumsum(np.maximum(amounts, 0.0), axis=-1) + EXACT_FEN).astype(np.int64)
    steps: IntArray = np.diff(total, axis=-1, prepend=0)
    return steps


def _table(values: IntArray) -> IntTable:
    """Sparse table of the non-zero entries of a full array."""
    at = np.nonzero(values)
    return np.column_stack([*at, values[at]]).astype(np.int64)


def round_payments(
    problem: Problem, f: Formulation, x: FloatArray, settle: IntTable, complete: IntTable
) -> Decisions | None:
    """Whole-fen decisions near x; None if a month cannot be balanced.

    Parameters
    ----------
    problem
        The money problem (no claims; dues of households are dated amounts).
    x
        A solution of its relaxation.
    """
    state = _Rounder(problem, f, x)
    for month in range(problem.calendar.books):
        if not state.close(month):
            return None
    tables = {name: _table(getattr(state, name)) for name in MONEY}
    return Decisions(settle=settle, complete=complete, **tables)


def monthly_interest(rate_a_year: float, outstanding: int) -> int:
    """Fen of interest on what was outstanding at the close of the month before, half-up."""
    rate = fraction(rate_a_year) / 12
    return int(quotient_half_up(rate.numerator * outstanding, rate.denominator))


class _Rounder:
    """Exact accounts of the months closed so far, and the rounded plan of the months to come."""

    def __init__(self, problem: Problem, f: Formulation, x: FloatArray) -> None:
        self.problem = problem
        needs, funds, books = len(problem.needs), len(problem.funds), problem.calendar.books
        loans, months = len(problem.loans), problem.calendar.months
        self.build = self._spending(_dense(f, x, "spent", (len(problem.phases), months)))
        pay = _dense(f, x, "pay", (funds, needs, books))
        limited = problem.funds
        self.capped = (limited.release_upfront_ppm >= 0) | (limited.total_limit >= 0) | (limited.monthly_limit >= 0)
        self.pay = np.where(self.capped[:, None, None], _steps_below(pay), _steps(pay))
        self.offset = _steps(_dense(f, x, "offset", (needs, books)))
        self.owe = _steps(_dense(f, x, "owed", (needs, books)))
        self.repaid = _steps(_dense(f, x, "repaid", (needs, books)))
        self.move = _steps(_dense(f, x, "move_money", (len(problem.moves), books)))
        self.borrow = _steps(_dense(f, x, "borrow", (loans, books)))
        self.repay = _steps(_dense(f, x, "repay", (loans, books)))
        self.shortfall = _steps(_dense(f, x, "shortfall", (needs, books)))
        self.arrears = np.where(problem.needs.owing >= 0, problem.needs.opening_arrears, 0)
        self.debt = np.zeros(len(problem.developers.id), dtype=np.int64)
        self.balance = problem.funds.opening.copy()
        self.outstanding = np.zeros(loans, dtype=np.int64)
        self.principal = np.zeros((loans, books), dtype=np.int64)
        self.cash_arrears = np.where(problem.needs.owing < 0, problem.needs.opening_arrears, 0)
        self._repeat_past()

    def _repeat_past(self) -> None:
        """Take what was decided before `now` to the letter."""
        now = self.problem.calendar.now
        for name in MONEY if now else ():
            decided, rows = getattr(self, name), getattr(self.problem.past.before(now), name)
            decided[..., :now] = 0
            np.add.at(decided, tuple(rows[:, :-1].T), rows[:, -1])

    def _spending(self, spent: FloatArray) -> IntArray:
        """(E, T) fen: rounded up where progress releases money, to the nearest fen elsewhere."""
        phases = self.problem.phases
        releasing = np.zeros(len(phases), dtype=np.bool_)
        releasing[self.problem.funds.release_phases["phase"]] = True
        for total in (np.where(releasing[:, None], np.ceil(spent - EXACT_FEN), np.rint(spent)), np.rint(spent)):
            fen = np.maximum.accumulate(np.clip(total.astype(np.int64), 0, phases.cost[:, None]), axis=1)
            build: IntArray = np.diff(fen, axis=1, prepend=0)
            if ((phases.monthly_limit < 0)[:, None] | (build <= phases.monthly_limit[:, None])).all():
                break
        return build

    def _loans(self, t: int, due: IntArray) -> None:
        """Interest, principal and new borrowing of the month."""
        loans, books = self.problem.loans, self.problem.calendar.books
        for i in range(len(loans)):
            due[loans.interest_need[i]] += monthly_interest(loans.rate[i], int(self.outstanding[i]))
            drawn, term, grace = int(self.borrow[i, t]), int(loans.term[i]), int(loans.grace[i])
            if loans.kind[i] == "flexible":
                self.repay[i, t] = min(int(self.repay[i, t]), int(self.outstanding[i]) + drawn)
                back = int(self.repay[i, t])
                overdue = int(self.borrow[i, : max(0, t - term + 1)].sum() - self.repay[i, : t + 1].sum())
                if overdue > 0:
                    self.repay[i, t] += overdue
                    back += overdue
            else:
                parts = term - grace if loans.kind[i] == "level" else 1
                first = grace + 1 if loans.kind[i] == "level" else term
                for j in range(1, parts + 1):
                    month = t + first + j - 1
                    if drawn and month < books:
                        self.principal[i, month] += quotient_half_up(drawn * j, parts) - quotient_half_up(
                            drawn * (j - 1), parts
                        )
                back = int(self.principal[i, t])
            due[loans.principal_need[i]] += back
            self.outstanding[i] += drawn - back

    def close(self, t: int) -> bool:
        """Settle month t exactly; False if some fund would go below zero."""
        problem = self.problem
        needs, funds, rules = problem.needs, problem.funds, problem.owing
        due = needs.fixed[:, t].copy()
        if t == 0:
            due += self.cash_arrears
        if t < problem.calendar.months:
            np.add.at(due, problem.phases.need, self.build[:, t])
        self._loans(t, due)
        before = self.arrears.copy()
        surcharge = np.zeros(len(needs), dtype=np.int64)
        owing = np.flatnonzero(needs.owing >= 0)
        for n in owing:
            surcharge[n] = quotient_half_up(int(before[n]) * int(rules.surcharge_ppb[needs.owing[n]]), 1_000_000_000)
        if t < problem.calendar.now:
            paid = self.pay[:, :, t].sum(axis=0) + self.offset[:, t] + self.shortfall[:, t]
            self.repaid[:, t] = np.where(needs.owing >= 0, paid + self.owe[:, t] - due - surcharge, 0)
        self._owe(t, due, before)
        self.debt += problem.developers.debt_due[:, t]
        cash = due + surcharge - self.owe[:, t] + self.repaid[:, t]
        for n in np.flatnonzero(needs.developer >= 0):
            d = needs.developer[n]
            self.offset[n, t] = min(int(self.offset[n, t]), int(self.debt[d]), int(cash[n] - surcharge[n]))
            self.debt[d] -= self.offset[n, t]
        self.offset[needs.developer < 0, t] = 0
        self.shortfall[:, t] = np.minimum(self.shortfall[:, t], cash - self.offset[:, t])
        self._match(t, cash - self.offset[:, t] - self.shortfall[:, t])
        self.arrears = before + self.owe[:, t] - self.repaid[:, t]
        incoming = funds.inflow[:, t].copy()
        for i in range(len(problem.loans)):
            incoming[problem.loans.fund[i]] += self.borrow[i, t]
        for m in range(len(problem.moves)):
            incoming[problem.moves.source[m]] -= self.move[m, t]
            incoming[problem.moves.target[m]] += self.move[m, t]
        self.balance += incoming - self.pay[:, :, t].sum(axis=1)
        for f in np.flatnonzero(self.balance < 0):
            self._relieve(int(f), t)
        if (self.balance < 0).any() or (self.pay[:, :, t] < 0).any():
            return False
        self.balance[funds.lapses[:, t]] = 0
        return True

    def _owe(self, t: int, due: IntArray, before: IntArray) -> None:
        """Keep owed within the bill, the share and the latest month; repaid within the arrears."""
        needs, rules = self.problem.needs, self.problem.owing
        self.owe[needs.owing < 0, t] = 0
        self.repaid[needs.owing < 0, t] = 0
        for r in range(len(rules)):
            covered = np.flatnonzero(needs.owing == r)
            cap = int(rules.share_ppm[r]) * int(due[covered].sum()) // PPM
            self.owe[covered, t] = np.minimum(self.owe[covered, t], due[covered])
            for n in covered[np.argsort(-self.owe[covered, t], kind="stable")]:
                over = int(self.owe[covered, t].sum()) - cap
                self.owe[n, t] -= max(0, min(over, int(self.owe[n, t])))
            latest = int(rules.latest[r])
            for n in covered:
                self.repaid[n, t] = min(int(self.repaid[n, t]), int(before[n]))
                if latest >= 0:
                    recent = int(self.owe[n, max(0, t - latest + 1) : t + 1].sum())
                    if t < latest - 1:
                        recent += int(needs.opening_arrears[n])
                    late = int(before[n] + self.owe[n, t] - self.repaid[n, t]) - recent
                    self.repaid[n, t] += max(0, min(late, int(before[n] - self.repaid[n, t])))

    def _match(self, t: int, cash: IntArray) -> None:
        """Make the funds' payments of each need add up to the cash it takes."""
        payable = self.problem.needs.payable_by
        for n in np.flatnonzero(cash != self.pay[:, :, t].sum(axis=0)):
            short = int(cash[n] - self.pay[:, n, t].sum())
            paying = self.pay[:, n, t]
            # A fen that no fund was to pay comes from the richest that no limit watches.
            order = np.argsort(-paying, kind="stable") if paying.any() else np.lexsort((-self.balance, self.capped))
            if short > 0 and paying.any():
                # First who pays and is watched by no limit, then who has money and is not, then who pays.
                free, pays = ~self.capped[order], paying[order] > 0
                rich = self.balance[order] >= short
                order = order[np.argsort(np.select([free & pays, free & rich, pays], [0, 1, 2], 3), kind="stable")]
            for f in order:
                if not payable[n, f] or short == 0:
                    continue
                step = short if short > 0 else -min(-short, int(self.pay[f, n, t]))
                self.pay[f, n, t] += step
                short -= step

    def _relieve(self, fund: int, t: int) -> None:
        """Leave a few fen less moved out of an overdrawn fund; let richer funds take over some of its payments."""
        payable, moves = self.problem.needs.payable_by, self.problem.moves
        for m in np.flatnonzero(moves.source == fund):
            target = moves.target[m]
            step = min(-int(self.balance[fund]), int(self.balance[target]), int(self.move[m, t]))
            if step > 0:
                self.move[m, t] -= step
                self.balance[fund] += step
                self.balance[target] -= step
        for n in np.flatnonzero(self.pay[fund, :, t]):
            for other in np.flatnonzero(payable[n]):
                step = min(-int(self.balance[fund]), int(self.balance[other]), int(self.pay[fund, n, t]))
                if other != fund and step > 0:
                    self.pay[fund, n, t] -= step
                    self.pay[other, n, t] += step
                    self.balance[fund] += step
                    self.balance[other] -= step
        for i in np.flatnonzero(self.problem.loans.fund == fund):
            loans: Any = self.problem.loans
            if loans.kind[i] == "flexible" and self.balance[fund] < 0 and loans.first[i] <= t <= loans.last[i]:
                step = -int(self.balance[fund])
                self.borrow[i, t] += step
                self.outstanding[i] += step
                self.balance[fund] += step
