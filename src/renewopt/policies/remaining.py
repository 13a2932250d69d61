"""What is left to decide: a problem of its own that begins in the open month, with all that was done folded into it.

Households that have chosen are gone, what is still owed for them is dated money; balances, arrears and debts are
those of the moment; a loan that was drawn is a dated service. The way back turns a plan of the
remaining problem into one of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.dues import bill_fees, recover_fees
from renewopt.policies.account import Account
from renewopt.problem import (
    Bills,
    Claims,
    Decisions,
    Developers,
    FeeTable,
    Funds,
    Limits,
    Loans,
    Moves,
    Needs,
    Offers,
    Phases,
    Pools,
    Problem,
    Ragged,
)
from renewopt.problem.subsets import keep_members, position, subset, take_rows
from renewopt.units import PPM

__all__ = ["Remaining", "what_remains"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Remaining:
    """A problem of what is left, and the way back.

    Attributes
    ----------
    problem
        It begins in `month`, with nothing behind it.
    month
        Of the whole problem.
    offers, phases
        Rows of the whole problem, for each row of this one.
    """

    problem: Problem
    month: int
    offers: Ints
    phases: Ints

    def whole(self, decisions: Decisions) -> Decisions:
        """Decisions about the remaining problem in rows and months of the whole one."""
        rows = {"settle": self.offers, "complete": self.phases, "build": self.phases}
        tables = {}
        for name, column in Decisions.MONTH_COLUMN.items():
            table = getattr(decisions, name).copy()
            table[:, column] += self.month
            if name in rows:
                table[:, 0] = rows[name][table[:, 0]]
            tables[name] = table
        return Decisions(**tables)


def what_remains(account: Account) -> Remaining:
    """Fold what was done before the open month, in which nothing is done yet, into a problem that begins there."""
    problem, calendar, month = account.problem, account.problem.calendar, account.month
    open_offers = (problem.offers.last >= month) & ~account.declined
    rest, offers = subset(problem, np.flatnonzero(account.waiting > 0), open_offers)
    phases = np.flatnonzero(~account.complete)
    fixed, back = _settled_fees(account, month)
    rest = replace(
        rest,
        calendar=replace(
            calendar, start=calendar.start + month, months=calendar.months - month, books=calendar.books - month, now=0
        ),
        claims=_claims(account, rest.claims, month),
        fees=_fees(rest.fees, month),
        offers=_offers(rest.offers, month),
        pools=_pools(account, rest.pools, month),
        phases=_phases(account, phases, month),
        limits=_limits(account, rest.limits, month),
        bills=_bills(problem.bills, month),
        needs=_needs(account, fixed, month),
        funds=_funds(account, back, position(phases, len(problem.phases)), month),
        loans=_loans(account, month),
        moves=_moves(account, month),
        developers=_developers(account, month),
        past=Decisions(),
        pins=replace(rest.pins, first=np.maximum(rest.pins.first - month, 0), last=rest.pins.last - month),
    )
    return Remaining(rest, month, offers, phases)


def _settled_fees(account: Account, month: int) -> tuple[Ints, Ints]:
    """(N, B) and (F, B): what falls due later for fees accrued before, or by those settled; what comes back of it."""
    problem, books = account.problem, account.problem.calendar.books
    accrued = account.booked_fees().copy()
    horizon = slice(month, problem.calendar.months)
    waiting = np.flatnonzero(account.waiting > 0)
    curve = problem.fees.fen(waiting, horizon) * account.waiting[waiting][:, None]
    np.subtract.at(accrued[:, horizon], problem.claims.bill[waiting], curve)
    government = bill_fees(problem.bills, accrued, books)[1]
    government[:, :month] = 0
    fixed = np.zeros((len(problem.needs), books), dtype=np.int64)
    np.add.at(fixed, problem.bills.need, government)
    return fixed, recover_fees(problem, government)


def _claims(account: Account, claims: Claims, month: int) -> Claims:
    deadline = claims.deadline - month
    return replace(
        claims,
        count=account.waiting[account.waiting > 0],
        # A deadline that has passed cannot be kept any more.
        deadline=np.where((claims.deadline < 0) | (deadline < 0), -1, deadline).astype(np.int32),
    )


def _fees(fees: FeeTable, month: int) -> FeeTable:
    first = fees.first_month
    return replace(
        fees,
        segment=fees.segment[month:],
        **fees.on_clocks(lambda table: table[:, month:]),
        moved_out=fees.moved_out - month,
        first_month=None if first is None else replace(first, month=first.month - month),
        valued_until=None if fees.valued_until is None else fees.valued_until - month,
    )


def _offers(offers: Offers, month: int) -> Offers:
    return replace(
        offers,
        first=np.maximum(offers.first - month, 0).astype(np.int32),
        last=(offers.last - month).astype(np.int32),
        series_ppm=offers.series_ppm[:, month:],
    )


def _pools(account: Account, pools: Pools, month: int) -> Pools:
    arrivals = pools.arrivals
    later = arrivals["month"] > month  # what arrives in the open month is there
    spoken_for = _spoken_for(account, month)
    row = np.concatenate([np.arange(len(pools)), arrivals.row[later], spoken_for[:, 0]])
    when = np.concatenate([np.zeros(len(pools), dtype=np.int64), arrivals["month"][later] - month, spoken_for[:, 1]])
    amount = np.concatenate([np.maximum(account.free, 0), arrivals["amount"][later], -spoken_for[:, 2]])
    return replace(
        pools,
        arrivals=Ragged.build(len(pools), row[amount != 0], month=when[amount != 0], amount=amount[amount != 0]),
        surplus=np.where(pools.surplus < 0, -1, np.maximum(account.open_to_transfer, 0)),
    )


def _spoken_for(account: Account, month: int) -> Ints:
    """(n, 3) pool, month, hundredths of homes yet to come that somebody has chosen: they leave the pool when housed.

    What is on hand goes to who is housed first.
    """
    table = account.problem.offers
    missing = np.maximum(-account.free, 0)
    if not missing.any():
        return np.zeros((0, 3), dtype=np.int64)
    offer, when, households = np.array(account.rows["settle"], dtype=np.int64).T
    housed = when + table.housed_after[offer]
    rows = []
    for choice in np.argsort(-housed, kind="stable").tolist():
        stock = table.stock.take(offer[choice : choice + 1])
        for pool, amount in zip(stock["pool"].tolist(), stock["amount"].tolist(), strict=True):
            some = min(int(missing[pool]), amount * int(households[choice]))
            if some > 0:
                missing[pool] -= some
                rows.append((pool, max(int(housed[choice]) - month, 0), some))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _phases(account: Account, rows: Ints, month: int) -> Phases:
    phases = take_rows(account.problem.phases, rows)
    cost = phases.cost - account.spent[rows].sum(axis=1)
    # One that is paid for is ready a lag after its last payment.
    paid = account.spent[rows] > 0
    last = np.where(paid.any(axis=1), paid.shape[1] - 1 - paid[:, ::-1].argmax(axis=1), -(1 << 20))
    earliest = np.maximum(phases.earliest, np.where(cost == 0, last + phases.lag, 0)) - month
    return replace(
        phases,
        cost=cost,
        # What is released by progress is reckoned from here on (see `_funds`).
        total_cost=cost,
        earliest=np.maximum(earliest, 0).astype(np.int32),
        # What is late already can be no more than soon.
        latest=np.where(phases.latest < month, -1, phases.latest - month).astype(np.int32),
        monthly_limit=phases.monthly_limit[:, month:],
    )


def _limits(account: Account, limits: Limits, month: int) -> Limits:
    used = np.where(limits.monthly, 0, account.limit_counts)
    first = np.maximum(limits.first - month, 0).astype(np.int32)
    # One that is over holds in no month.
    last = np.maximum(limits.last - month, first - 1).astype(np.int32)
    return replace(limits, cap=np.maximum(limits.cap - used, 0), first=first, last=last)


def _bills(bills: Bills, month: int) -> Bills:
    return replace(bills, due=np.maximum(bills.due[:, month:] - month, 0))


def _needs(account: Account, fixed: Ints, month: int) -> Needs:
    needs = account.problem.needs
    # A fen more, since the interest of what was drawn and of what will be is rounded apart.
    service = account.service_ahead()
    dated = account.scheduled + fixed + service + (service > 0)
    return replace(needs, fixed=dated[:, month:], opening_arrears=np.where(needs.owing >= 0, account.arrears, 0))


def _funds(account: Account, back: Ints, kept: Ints, month: int) -> Funds:
    problem, funds = account.problem, account.problem.funds
    left = account.left_fund.sum(axis=1)
    drawn = left.copy()
    lent = problem.loans.fund
    drawn[lent] = account.borrowed.sum(axis=1)
    upfront, total = funds.release_upfront_ppm.copy(), funds.release_total.copy()
    for fund in np.flatnonzero(upfront >= 0).tolist():
        # total × (upfront + (1 − upfront) × progress) less what was drawn, with progress reckoned from here on.
        total[fund] = max(int(funds.release_total[fund]) - int(drawn[fund]), 0)
        now = max(account.released(fund) - int(drawn[fund]), 0)
        upfront[fund] = now * PPM // total[fund] if total[fund] else PPM
    # What was there when the open month began, and what came in in it, is the opening balance.
    since, valid = funds.valid_since[:, month:], funds.valid_opening[:, month:].copy()
    came = np.concatenate([np.zeros((len(funds), 1), dtype=np.int64), np.cumsum(account.came_in(), axis=1)], axis=1)
    for fund, later in np.argwhere((since >= 0) & (since <= month)).tolist():
        valid[fund, later] += came[fund, month + 1] - came[fund, since[fund, later]]
    # The income of the open month is in the balance, except what comes back of its own fees.
    inflow = account.income()[:, month:]
    inflow[:, 0] = 0
    return replace(
        funds,
        opening=account.balance.copy(),
        inflow=inflow + back[:, month:],
        keeps=funds.keeps[:, month:],
        valid_since=np.where(since < 0, -1, np.maximum(since - month, 0)).astype(np.int32),
        valid_opening=valid,
        monthly_limit=funds.monthly_limit[:, month:],
        total_limit=np.where(funds.total_limit < 0, -1, np.maximum(funds.total_limit - left, 0)),
        release_upfront_ppm=upfront,
        release_total=total,
        release_phases=keep_members(funds.release_phases, "phase", kept),
    )


def _loans(account: Account, month: int) -> Loans:
    loans = account.problem.loans
    used = np.where(loans.revolving, account.outstanding, account.borrowed.sum(axis=1))
    over = loans.last < month
    return replace(
        loans,
        limit=np.where(over, 0, np.maximum(loans.limit - used, 0)),
        first=np.where(over, 0, np.maximum(loans.first - month, 0)).astype(np.int32),
        last=np.where(over, 0, loans.last - month).astype(np.int32),
    )


def _moves(account: Account, month: int) -> Moves:
    moves = account.problem.moves
    moved = np.zeros(len(moves), dtype=np.int64)
    for way, _, fen in account.rows["move"]:
        moved[way] += fen
    return replace(
        moves,
        monthly_limit=moves.monthly_limit[:, month:],
        total_limit=np.where(moves.total_limit < 0, -1, np.maximum(moves.total_limit - moved, 0)),
    )


def _developers(account: Account, month: int) -> Developers:
    developers = account.problem.developers
    debt = developers.debt_due[:, month:].copy()
    debt[:, 0] += developers.debt_due[:, :month].sum(axis=1) - account.set_off
    targets = developers.offset_target
    open_still = targets["month"] >= month
    row = targets.row[open_still]
    return replace(
        developers,
        debt_due=debt,
        offset_target=Ragged.build(
            len(developers),
            row,
            month=targets["month"][open_still] - month,
            fen=np.maximum(targets["fen"][open_still] - account.set_off[row], 0),
        ),
    )
