"""The till of a rule policy: what there is in each month, kept up to date while it decides, in whole fen.

`Account` walks through the months of the books once. In each month a policy hands over, settles, pays and builds
through it; the account takes care of what that makes fall due later. Only what is permitted is done (stock, limits,
balances, releases, reserve), so that the decisions keep every rule but may show shortfalls. ``docs/accounts.md``
numbers the rules.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.exact import fraction, round_half_up, share_of
from renewopt.ledger.loans import repayments
from renewopt.problem import Decisions, Problem
from renewopt.units import PPM

Ints = NDArray[np.int64]

BLOCK = 1 << 14
"""Claims whose fee curves are read at once."""
PARTS_PER_BILLION = 1_000_000_000
NEVER_OWED = ("construction", "interest", "principal")


class Account:
    """The running account of a problem.

    Parameters
    ----------
    problem

    Attributes
    ----------
    month
        The month that is open.
    waiting
        (H,) households with no choice yet.
    balance
        (F,) fen.
    scheduled
        (N, B) fen that falls due, fees and loan service aside.
    accrued
        (G, C) fen of fees: what is certain by the choices made, and what those who wait now cost if they go on
        waiting to the end of the horizon.
    arrears
        (N,) fen owed.
    free
        (P,) hundredths of stock handed over and not taken.
    spent
        (E, B) fen built.
    complete
        (E,) bool.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        calendar, needs, funds = problem.calendar, problem.needs, problem.funds
        self.month = -1
        self.waiting = problem.claims.count.copy()
        self.balance = funds.opening.copy()
        self.scheduled = needs.fixed.copy()
        in_cash = needs.owing < 0
        self.scheduled[in_cash, 0] += needs.opening_arrears[in_cash]
        self.received = np.zeros((len(funds), calendar.books), dtype=np.int64)
        self.recovered = np.zeros_like(self.received)
        self.accrued = self._waiting_fees()
        self.arrears = np.where(in_cash, 0, needs.opening_arrears)
        # Column k: owed and repaid up to month k − 1; opening arrears count as owed in month −1.
        self.owed_by = np.zeros((len(needs), calendar.books + 1), dtype=np.int64)
        self.owed_by[:] = self.arrears[:, None]
        self.repaid = np.zeros(len(needs), dtype=np.int64)
        self.free = np.zeros(len(problem.pools), dtype=np.int64)
        self.spent = np.zeros((len(problem.phases), calendar.books), dtype=np.int64)
        self.complete = problem.phases.cost < 0
        self.borrowed = np.zeros((len(problem.loans), calendar.books), dtype=np.int64)
        self.outstanding = np.zeros(len(problem.loans), dtype=np.int64)
        self._principal = np.zeros_like(self.borrowed)
        self.flexible_repaid = np.zeros(len(problem.loans), dtype=np.int64)
        self.left_fund = np.zeros((len(funds), calendar.books), dtype=np.int64)
        self.taken_limit = np.zeros((len(problem.limits), calendar.months), dtype=np.int64)
        self._limits_of = _invert(problem.limits.offers.row, problem.limits.offers["offer"])
        self._rows: dict[str, list[tuple[int, ...]]] = defaultdict(list)
        self.fee_needs = needs.use == "fees"
        self.fee_funds = needs.payable_by[self.fee_needs].any(axis=0)
        self._lent = np.full(len(funds), -1)
        self._lent[problem.loans.fund] = np.arange(len(problem.loans))
        self._breadth = needs.payable_by.sum(axis=0)

    # --- the month opens and closes

    def open(self, month: int) -> None:
        """Money comes in, known homes arrive."""
        problem = self.problem
        self.month = month
        self.balance = self.balance + problem.funds.inflow[:, month] + self.received[:, month] + self.recovered[:, month]
        arrivals = problem.pools.arrivals
        now = arrivals["month"] == month
        np.add.at(self.free, arrivals.row[now], arrivals["amount"][now])
        self._service_loans()

    def close(self) -> None:
        """What lapses is lost; the repayment of what was drawn is put on the schedule."""
        lapses = self.problem.funds.lapses[:, self.month]
        self.balance = np.where(lapses, np.minimum(self.balance, 0), self.balance)
        loans, last = self.problem.loans, self.problem.calendar.books - 1
        for loan in np.flatnonzero(self.borrowed[:, self.month] * (loans.kind != "flexible")).tolist():
            draw = np.zeros(last + 1, dtype=np.int64)
            draw[self.month] = self.borrowed[loan, self.month]
            for month, part in repayments(self.problem, loan, draw):
                self._principal[loan, min(month, last)] += part
                self.scheduled[loans.principal_need[loan], min(month, last)] += part

    def decisions(self) -> Decisions:
        """All that was decided."""
        return Decisions(
            **{
                name: np.array(self._rows[name], dtype=np.int64).reshape(len(self._rows[name]), width)
                for name, width in (
                    ("settle", 3),
                    ("complete", 2),
                    ("build", 3),
                    ("pay", 4),
                    ("offset", 3),
                    ("owe", 3),
                    ("move", 3),
                    ("borrow", 3),
                    ("repay", 3),
                    ("shortfall", 3),
                )
            }
        )

    # --- homes

    def ready(self) -> Ints:
        """Phases paid for in time that may be handed over in this month."""
        phases, now = self.problem.phases, self.month
        paid = np.array(
            [self.spent[e, : max(now - int(lag) + 1, 0)].sum() for e, lag in enumerate(phases.lag)], dtype=np.int64
        )
        return np.flatnonzero(~self.complete & (phases.earliest <= now) & (paid >= phases.cost))

    def hand_over(self, phase: int) -> None:
        """Phase `phase` is complete: its homes are there."""
        self.complete[phase] = True
        delivers = self.problem.phases.delivers
        here = slice(*delivers.start[phase : phase + 2])
        np.add.at(self.free, delivers["pool"][here], delivers["amount"][here])
        self._rows["complete"].append((phase, self.month))

    def room(self, offer: int) -> int:
        """How many households may take an offer now, by waiting, stock handed over and limits (rules 1, 4, 5)."""
        problem, offers = self.problem, self.problem.offers
        claim = int(offers.claim[offer])
        room = int(self.waiting[claim])
        taken: dict[int, int] = defaultdict(int)  # a bundle may name one pool twice
        for entry in range(*offers.stock.start[offer : offer + 2]):
            taken[int(offers.stock["pool"][entry])] += int(offers.stock["amount"][entry])
        for pool, amount in taken.items():
            if amount > 0:
                room = min(room, max(int(self.free[pool]), 0) // amount)
        for limit in self._limits_of.get(offer, ()):
            used = self.taken_limit[limit]
            so_far = used[self.month] if problem.limits.monthly[limit] else used.sum()
            room = min(room, max(int(problem.limits.cap[limit] - so_far), 0))
        if problem.claims.indivisible[claim] and room < problem.claims.count[claim]:
            return 0
        return room

    def settle(self, offer: int, households: int) -> None:
        """Households take an offer in this month: homes, fees and all that falls due for it."""
        problem, offers, now = self.problem, self.problem.offers, self.month
        claim = int(offers.claim[offer])
        self.waiting[claim] -= households
        self._rows["settle"].append((offer, now, households))
        stock = slice(*offers.stock.start[offer : offer + 2])
        np.subtract.at(self.free, offers.stock["pool"][stock], offers.stock["amount"][stock] * households)
        for limit in self._limits_of.get(offer, ()):
            self.taken_limit[limit, now] += households
        for need, month, fen in self.costs(offer):
            self.scheduled[need, month] += fen * households
        for entry in range(*offers.lines.start[offer : offer + 2]):
            if offers.lines["fen"][entry] < 0:
                fund, month = int(offers.lines["fund"][entry]), now + int(offers.lines["after"][entry])
                self.received[fund, month] -= offers.lines["fen"][entry] * households
                if month == now:
                    self.balance[fund] -= offers.lines["fen"][entry] * households
        self._change_fees(offer, claim, households)

    def costs(self, offer: int) -> list[tuple[int, int, int]]:
        """(need, month, fen) that fall due for one household that takes an offer in this month (rule 3)."""
        offers, now = self.problem.offers, self.month
        result = []
        if offers.price_need[offer] >= 0:
            price = int(offers.price_fen(np.array([offer]), np.array([now]))[0])
            plan, before = slice(*offers.instalments.start[offers.schedule[offer] :][:2]), 0
            for after, ppm in zip(
                offers.instalments["after"][plan].tolist(), offers.instalments["cumulative_ppm"][plan].tolist(), strict=True
            ):
                due = round_half_up(Fraction(price * ppm, PPM))
                result.append((int(offers.price_need[offer]), now + after, due - before))
                before = due
        for entry in range(*offers.lines.start[offer : offer + 2]):
            fen = int(offers.lines["fen"][entry])
            if fen > 0:
                result.append((int(offers.lines["need"][entry]), now + int(offers.lines["after"][entry]), fen))
        return result

    def _waiting_fees(self) -> Ints:
        """(G, C) fees if everybody waits to the end of the horizon."""
        problem = self.problem
        result = np.zeros((problem.bills.need.size, problem.fees.months), dtype=np.int64)
        horizon = slice(0, problem.calendar.months)
        for start in range(0, len(problem.claims), BLOCK):
            block = np.arange(start, min(start + BLOCK, len(problem.claims)))
            fen = problem.fees.fen(block, horizon) * problem.claims.count[block][:, None]
            np.add.at(result[:, horizon], problem.claims.bill[block], fen)
        return result

    def _change_fees(self, offer: int, claim: int, households: int) -> None:
        """Fees of those who chose: no longer the curve to the end, but stream or curve and tail (rule 2)."""
        problem, offers, now = self.problem, self.problem.offers, self.month
        fees, row = problem.fees, self.accrued[problem.claims.bill[claim]]
        one = np.array([claim])
        ahead = slice(now, problem.calendar.months)
        row[ahead] -= fees.fen(one, ahead)[0] * households
        if offers.stated_stream[offer]:
            stream = offers.stream["fen"][slice(*offers.stream.start[offer : offer + 2])]
            row[now : now + stream.size] += stream * households
            return
        housed = now + int(offers.housed_after[offer])
        row[now:housed] += fees.fen(one, slice(now, housed))[0] * households
        tail = np.arange(housed, housed + int(offers.tail[offer]))
        fen = fees.tail_fen(
            np.full(tail.size, claim), np.full(tail.size, housed), tail, np.full(tail.size, offers.tail_multiplier[offer])
        )
        row[tail] += fen * households

    # --- what falls due

    def dues(self) -> Ints:
        """(N, B) fen that falls due as things stand, surcharges aside (rule 7)."""
        problem = self.problem
        result = self.scheduled.copy()
        np.add.at(result, problem.bills.need, self._government())
        return result

    def _government(self) -> Ints:
        """(G, B) the government's part of the fees by due month."""
        bills, books = self.problem.bills, self.problem.calendar.books
        billed = np.zeros((bills.need.size, books), dtype=np.int64)
        bill, month = np.nonzero(self.accrued)
        np.add.at(billed, (bill, np.minimum(bills.due[bill, month], books - 1)), self.accrued[bill, month])
        return share_of(billed, bills.paid_ppm[:, None], PPM)

    def book_recoveries(self) -> None:
        """What developers pay back of this month's fees comes in later, or at once."""
        bills, books = self.problem.bills, self.problem.calendar.books
        back = share_of(self._government()[:, self.month], bills.recovered_ppm, PPM)
        for bill in np.flatnonzero((back > 0) & (bills.recovered_into >= 0)).tolist():
            fund, month = int(bills.recovered_into[bill]), self.month + int(bills.recovered_after[bill])
            if month == self.month:
                self.balance[fund] += back[bill]
            elif month < books:
                self.recovered[fund, month] += back[bill]

    def _service_loans(self) -> None:
        """Interest falls due, and of flexible loans what has reached its term (rule 8)."""
        loans, now = self.problem.loans, self.month
        for loan in range(len(loans)):
            if self.outstanding[loan]:
                interest = round_half_up(fraction(loans.rate[loan]) / 12 * int(self.outstanding[loan]))
                self.scheduled[loans.interest_need[loan], now] += interest
            self.outstanding[loan] -= self._principal[loan, now]
            if loans.kind[loan] == "flexible" and now >= self.problem.calendar.now:
                by = max(now - int(loans.term[loan]) + 1, 0)
                due = int(self.borrowed[loan, :by].sum() - self.flexible_repaid[loan])
                if due > 0:
                    self.repay(loan, due)

    def repay(self, loan: int, fen: int) -> None:
        """Part of a flexible loan falls due by our own decision."""
        self.flexible_repaid[loan] += fen
        self.outstanding[loan] -= fen
        self.scheduled[self.problem.loans.principal_need[loan], self.month] += fen
        self._rows["repay"].append((loan, self.month, fen))

    # --- money

    def available(self, fund: int, more: int = 0) -> int:
        """Fen that a fund may pay out now: balance (and `more`), limits, release by progress (rule 12)."""
        funds, now = self.problem.funds, self.month
        most = int(self.balance[fund]) + more
        left = self.left_fund[fund]
        if funds.monthly_limit[fund] >= 0:
            most = min(most, int(funds.monthly_limit[fund] - left[now]))
        if funds.total_limit[fund] >= 0:
            most = min(most, int(funds.total_limit[fund] - left.sum()))
        if funds.release_upfront_ppm[fund] >= 0 and self._lent[fund] < 0:
            most = min(most, self._released(fund) - int(left.sum()))
        return max(most, 0)

    def _released(self, fund: int) -> int:
        """Fen that progress at the close of last month releases."""
        funds, phases = self.problem.funds, self.problem.phases
        listed = funds.release_phases["phase"][slice(*funds.release_phases.start[fund : fund + 2])]
        whole = int(phases.total_cost[listed].sum())
        built = whole - int(phases.cost[listed].sum()) + int(self.spent[listed, : self.month].sum())
        progress = Fraction(built, whole) if whole else Fraction(1)
        upfront = Fraction(int(funds.release_upfront_ppm[fund]), PPM)
        return int(int(funds.release_total[fund]) * (upfront + (1 - upfront) * progress))

    def payers(self, need: int) -> list[int]:
        """Funds that may pay a need: those that lapse now first, then those with the fewest permitted uses."""
        lapses = self.problem.funds.lapses[:, self.month]
        permitted = np.flatnonzero(self.problem.needs.payable_by[need]).tolist()
        return sorted(permitted, key=lambda fund: (not lapses[fund], self._breadth[fund], fund))

    def pay(self, need: int, fen: int, keep: int = 0) -> int:
        """Pay up to `fen` on a need, from what there is.

        Parameters
        ----------
        keep
            Fen that the funds which may pay fees must hold together afterwards.

        Returns
        -------
        int
            Fen paid.
        """
        paid = 0
        for fund in self.payers(need):
            amount = min(fen - paid, self.available(fund))
            if self.fee_funds[fund]:
                amount = min(amount, int(self.balance[self.fee_funds].sum()) - keep)
            if amount > 0:
                self._pay(fund, need, amount)
                paid += amount
        return paid

    def _pay(self, fund: int, need: int, fen: int) -> None:
        self.balance[fund] -= fen
        self.left_fund[fund, self.month] += fen
        self._rows["pay"].append((fund, need, self.month, fen))

    def borrow_for(self, need: int, fen: int) -> int:
        """Draw up to `fen` on loans whose fund may pay the need, and pay it; returns what was paid (rule 8)."""
        loans, funds, now = self.problem.loans, self.problem.funds, self.month
        paid = 0
        for loan in range(len(loans)):
            fund = int(loans.fund[loan])
            if not self.problem.needs.payable_by[need, fund] or not loans.first[loan] <= now <= loans.last[loan]:
                continue
            used = self.outstanding[loan] if loans.revolving[loan] else self.borrowed[loan].sum()
            # Only what the fund's limits let out again is worth drawing.
            open_to_pay = self.available(fund, int(loans.limit[loan])) - self.available(fund)
            amount = min(fen - paid, int(loans.limit[loan] - used), open_to_pay)
            if funds.release_upfront_ppm[fund] >= 0:
                amount = min(amount, self._released(fund) - int(self.borrowed[loan].sum()))
            if amount > 0:
                self.draw(loan, amount)
                self._pay(fund, need, amount)
                paid += amount
        return paid

    def draw(self, loan: int, fen: int) -> None:
        """Borrow; the principal is put on the schedule when the month closes."""
        self.borrowed[loan, self.month] += fen
        self.outstanding[loan] += fen
        self.balance[self.problem.loans.fund[loan]] += fen
        self._rows["borrow"].append((loan, self.month, fen))

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
        self._owe(need, amount)
        return amount

    def _owe(self, need: int, fen: int) -> None:
        self.arrears[need] += fen
        self.owed_by[need, self.month + 1 :] += fen
        self._rows["owe"].append((need, self.month, fen))

    def overdue_arrears(self, need: int) -> int:
        """Fen of arrears that must be repaid in this month (rule 10)."""
        rule = int(self.problem.needs.owing[need])
        if rule < 0 or self.problem.owing.latest[rule] < 0:
            return 0
        by = self.month - int(self.problem.owing.latest[rule]) + 1
        return max(int(self.owed_by[need, by] - self.repaid[need]), 0) if by >= 0 else 0

    def surcharge(self, need: int) -> int:
        """Fen due this month on last month's closing arrears (rule 9)."""
        rule = int(self.problem.needs.owing[need])
        if rule < 0:
            return 0
        parts = np.array([self.problem.owing.surcharge_ppb[rule]])
        return int(share_of(self.arrears[[need]], parts, PARTS_PER_BILLION)[0])

    def clear(self, need: int, fen: int) -> None:
        """Arrears repaid; the money itself went by `pay` or `lack`."""
        self.arrears[need] -= fen
        self.repaid[need] += fen

    def lack(self, need: int, fen: int) -> None:
        """Money that cannot be found: a shortfall."""
        self._rows["shortfall"].append((need, self.month, fen))

    def build(self, phase: int, fen: int) -> None:
        """Work worth `fen` is done on a phase; the money itself went by `pay`."""
        self.spent[phase, self.month] += fen
        self.scheduled[self.problem.phases.need[phase], self.month] += fen
        self._rows["build"].append((phase, self.month, fen))

    # --- a frozen past

    def repeat(self, past: Decisions) -> None:
        """Do in the open month what was decided for it before: every table of `past`."""
        now, needs = self.month, self.problem.needs

        def rows(name: str) -> list[list[int]]:
            table = getattr(past, name)
            chosen: list[list[int]] = table[table[:, Decisions.MONTH_COLUMN[name]] == now].tolist()
            return chosen

        for phase, _ in rows("complete"):
            self.hand_over(phase)
        for offer, _, households in rows("settle"):
            self.settle(offer, households)
        for loan, _, fen in rows("borrow"):
            self.draw(loan, fen)
        for loan, _, fen in rows("repay"):
            self.repay(loan, fen)
        for phase, _, fen in rows("build"):
            self.build(phase, fen)
        met = np.zeros(len(needs), dtype=np.int64)
        surcharges = [self.surcharge(need) for need in range(len(needs))]
        for fund, need, _, fen in rows("pay"):
            self._pay(fund, need, fen)
            met[need] += fen
        for need, _, fen in rows("offset"):
            self._rows["offset"].append((need, now, fen))
            met[need] += fen
        for need, _, fen in rows("shortfall"):
            self.lack(need, fen)
            met[need] += fen
        for move, _, fen in rows("move"):
            source, target = int(self.problem.moves.source[move]), int(self.problem.moves.target[move])
            self.balance[source] -= fen
            self.left_fund[source, now] += fen
            self.balance[target] += fen
            self._rows["move"].append((move, now, fen))
        dues = self.dues()[:, now]
        for need, _, fen in rows("owe"):
            self._owe(need, fen)
            met[need] += fen
        for need in np.flatnonzero(met > dues + surcharges).tolist():
            self.clear(need, int(met[need] - dues[need] - surcharges[need]))


def _invert(row: Ints, value: Ints) -> dict[int, list[int]]:
    """Rows by value."""
    result: dict[int, list[int]] = defaultdict(list)
    for limit, offer in zip(row.tolist(), value.tolist(), strict=True):
        result[offer].append(limit)
    return dict(result)
