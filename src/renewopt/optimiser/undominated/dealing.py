"""Deals that lower the objective: money that is left over settles households earlier, others change places.

A search that ends within its gap may leave a household waiting though the money that nobody uses would settle it, or
for a place that another one holds who would lose less by waiting and needs no less money: whoever asks why gets no
good answer. Such deals are made here, one by one, those first that save most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from renewopt.optimiser.model.choices import Choices, instalments, lines, list_choices
from renewopt.optimiser.model.coding import codes, list_codes
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, add_up, steps
from renewopt.optimiser.payments.settled import assess, settle_choices
from renewopt.optimiser.undominated.moves import NOBODY, ROWS, Asked, fees_with, waiting_fees
from renewopt.optimiser.undominated.slack import less, room_for
from renewopt.problem import Decisions, Problem, Route
from renewopt.problem.decisions import IntTable
from renewopt.units import FEN_PER_YUAN, PPM
from renewopt.vocabulary import IN_MONTHS, Goal

LEAST = FEN_PER_YUAN
"""Fen of the objective: what saves less than a yuan is left as it is."""
COMPARED = 200
"""Households of a month that are compared with those of another: who gains most, and who loses least."""
LISTED = 400_000
"""Choices that are looked at in one pass, at the most."""
TOGETHER = 1_000
"""Deals of which the money is reckoned together, in the order of what they save."""
PARTS = 10
"""So many times that number of deals are looked at for one that can be made."""
PASSES = 20
"""At the most: a plan of which more is left is far from good."""


@dataclass(frozen=True, eq=False)
class _Deals:
    """(n,) one household of a claim takes an offer in a month.

    It leaves a row of the settling table (`NOBODY`: it waits so far). A partner's row (`NOBODY`: there is none) moves
    to the month that is left. `saved`: fen of the objective.
    """

    claim: IntArray
    leaves: IntArray
    offer: IntArray
    month: IntArray
    partner: IntArray
    saved: FloatArray

    def __len__(self) -> int:
        return int(self.claim.size)

    def take(self, kept: BoolArray | IntArray) -> _Deals:
        return _Deals(*(getattr(self, name.name)[kept] for name in fields(self)))


def deal(asked: Asked, decisions: Decisions, may_go_on: Callable[[], bool] = lambda: True) -> Asked:
    """Make deals until none is left that saves anything, as far as the money lasts, and the time.

    Of what the same funds may pay, and in all less what comes in, no more falls due up to any month than before, but
    for what these funds have left over then; no tier's goal rises. Whether all payments can be found then is for
    the caller to see.

    Parameters
    ----------
    decisions
        The plan's, whose money left over may be spent.
    may_go_on
        Whether there is time for another pass.
    """
    problem = asked.problem
    if problem.calendar.now > 0:
        # A frozen past names those who have chosen by their rows, and its months are nobody's to exchange.
        return asked
    spare, kind = _spare(problem, decisions), _kinds(problem)
    for _ in range(PASSES):
        if not may_go_on():
            break
        rows = np.flatnonzero(asked.settle[:, 2] > 0)
        rows = rows[~problem.claims.indivisible[problem.offers.claim[asked.settle[rows, 0]]]]
        deals = _joined([*_exchanges(asked, rows, kind), _alone(asked, rows, spare)])
        deals = deals.take(np.lexsort((deals.month, deals.offer, deals.leaves, deals.partner, -deals.saved)))
        for begin in range(0, min(len(deals), PARTS * TOGETHER), TOGETHER):
            some = np.arange(begin, min(begin + TOGETHER, len(deals)))
            changes, spare = _agreed(asked, deals.take(some), spare)
            if len(changes):
                break
        else:
            break
        asked = _changed(asked, changes)
    return asked


def _joined(parts: list[_Deals]) -> _Deals:
    return _Deals(*(np.concatenate([getattr(part, name.name) for part in parts]) for name in fields(_Deals)))


def _kinds(problem: Problem) -> IntArray:
    """(O,) code of what an offer takes and frees besides money: who has one of the same code may change places."""
    offers, by_offer, frees = problem.offers, problem.limits_of_offer, problem.freed_by
    every = np.arange(len(offers), dtype=np.int64)
    freed = list_codes(frees, offers.claim.astype(np.int64), ("pool", "amount"))
    return codes(
        offers.route,
        offers.housed_after,
        list_codes(offers.stock, every, ("pool", "amount")),
        list_codes(by_offer, every, ("limit",)),
        np.where(offers.route == Route.own_unit, -1, freed),
    )


def _exchanges(asked: Asked, rows: IntArray, kind: IntArray) -> Iterator[_Deals]:
    """Pairs of rows of one kind that save something together, money aside."""
    of = settle_choices(asked.problem, asked.settle)
    group = kind[of.offer[rows]]
    order = np.lexsort((of.month[rows], group))
    left = LISTED
    for members in np.split(rows[order], np.flatnonzero(np.diff(group[order])) + 1):
        months, place = np.unique(of.month[members], return_inverse=True)
        if months.size > 1 and members.size * months.size <= left:
            left -= members.size * months.size
            yield from _pairs(asked, members, months, place)


def _pairs(asked: Asked, members: IntArray, months: IntArray, place: IntArray) -> Iterator[_Deals]:
    """Pairs among rows of one kind, by the places of their months."""
    problem = asked.problem
    of = settle_choices(problem, asked.settle).take(members)
    shape = (members.size, months.size)
    row, column = (axis.ravel() for axis in np.indices(shape))
    choices = _one(problem, of.offer[row], months[column])
    cost = np.where(_open(problem, choices), _cost(asked, choices), np.inf).reshape(shape)
    cost -= cost[np.arange(members.size), place][:, None]
    price = problem.offers.price_fen(choices.offer, choices.month).reshape(shape)
    for early, late in zip(*np.triu_indices(months.size, 1), strict=True):
        gain, loss = -cost[:, early], cost[:, late]
        forward = np.flatnonzero((place == late) & (gain > 0))
        forward = forward[np.argsort(-gain[forward], kind="stable")[:COMPARED]]
        back = np.flatnonzero((place == early) & (loss < np.inf))
        back = back[np.argsort(loss[back], kind="stable")[:COMPARED]]
        saved = gain[forward][:, None] - loss[back][None, :]
        no_dearer = price[forward, early][:, None] <= price[back, early][None, :]
        i, j = np.nonzero((saved >= LEAST) & no_dearer)
        yield _Deals(
            of.claim[forward[i]],
            members[forward[i]],
            of.offer[forward[i]],
            np.full(i.size, months[early]),
            members[back[j]],
            saved[i, j],
        )


def _alone(asked: Asked, rows: IntArray, spare: IntArray) -> _Deals:
    """Who waits and might be housed, or is settled and might be so earlier, if the money left over suffices."""
    problem = asked.problem
    offers = problem.offers
    of = settle_choices(problem, asked.settle)
    waits = np.flatnonzero(((asked.waiting > 0) & ~problem.claims.indivisible)[offers.claim])
    span = np.maximum(offers.last[waits].astype(np.int64) - offers.first[waits] + 1, 0)
    begins = list_choices(problem, waits[np.cumsum(span) <= LISTED])
    begin = offers.first[of.offer[rows]].astype(np.int64)
    length = np.maximum(of.month[rows] - begin, 0)
    few = np.cumsum(length) <= LISTED
    rows, begin, length = rows[few], begin[few], length[few]
    row = np.repeat(rows, length)
    leaves = np.concatenate([np.full(len(begins), NOBODY), row])
    choices = _one(
        problem,
        np.concatenate([begins.offer, of.offer[row]]),
        np.concatenate([begins.month, np.repeat(begin, length) + steps(length)]),
    )
    old = np.concatenate([np.full(len(begins), problem.calendar.books), of.month[row]])
    at = np.flatnonzero(_open(problem, choices) & _payable(problem, choices, old, spare))
    room, _ = room_for(problem, asked.slack, choices.take(at))
    at = at[(room > 0) | (leaves[at] != NOBODY)]
    chosen = choices.take(at)
    now = np.zeros(at.size)
    settled = np.flatnonzero(leaves[at] != NOBODY)
    now[settled] = _cost(asked, _one(problem, chosen.offer[settled], of.month[leaves[at[settled]]]))
    others = np.flatnonzero(leaves[at] == NOBODY)
    now[others] = _cost_of_waiting(asked, chosen.claim[others])
    saved = now - _cost(asked, chosen)
    better = saved >= LEAST
    return _Deals(
        chosen.claim, leaves[at], chosen.offer, chosen.month, np.full(at.size, NOBODY), saved
    ).take(better)  # fmt: skip


def _payable(problem: Problem, choices: Choices, until: IntArray, spare: IntArray) -> BoolArray:
    """Whether what falls due before the month `until` may be paid with what is left over and the fee that ends.

    It tells most of those apart that cannot be paid for; nothing is refused that could be.
    """
    calendar, due, pot = problem.calendar, _cash(problem, choices), _pots(problem)
    kept = np.flatnonzero((due.need >= 0) & (due.month < until[due.choice]))
    order = kept[np.lexsort((due.month[kept], pot[due.need[kept]], due.choice[kept]))]
    choice, month, of = due.choice[order], due.month[order], pot[due.need[order]]
    total = np.cumsum(due.fen[order])
    group = np.flatnonzero(np.diff(choice * (int(pot.max(initial=0)) + 1) + of, prepend=-1))
    length = np.diff(group, append=order.size)
    total = total - np.repeat((total - due.fen[order])[group], length)
    claims, place = np.unique(choices.claim, return_inverse=True)
    fees = np.zeros((claims.size, calendar.books + 1), dtype=np.int64)
    fees[:, 1:] = np.cumsum(problem.fees.fen(claims, slice(0, calendar.books)), axis=1)
    ends = fees[place[choice], np.minimum(month + 1, calendar.books)] - fees[place[choice], choices.month[choice]]
    payable = np.ones(len(choices), dtype=np.bool_)
    payable[choice[total > spare[of, month] + ends]] = False
    return payable


def _one(problem: Problem, offer: IntArray, month: IntArray) -> Choices:
    """Choices of one household each."""
    claim = problem.offers.claim[offer].astype(np.int64)
    return Choices(offer, month, claim, month + problem.offers.housed_after[offer], np.ones(offer.size, dtype=np.int64))


def _open(problem: Problem, choices: Choices) -> BoolArray:
    """Whether the offers may be taken in these months (rule 1)."""
    offers, deadline = problem.offers, problem.claims.deadline[choices.claim]
    inside = (offers.first[choices.offer] <= choices.month) & (choices.month <= offers.last[choices.offer])
    return np.asarray(inside & ((deadline < 0) | (choices.housed <= deadline)))


@dataclass(frozen=True, eq=False)
class _Cash:
    """Fen that fall due on a need in a month, by choice; below 0 and on no need (−1) what comes in."""

    choice: IntArray
    need: IntArray
    month: IntArray
    fen: IntArray


def _cash(problem: Problem, choices: Choices) -> _Cash:
    """Instalments and lines of one household."""
    due, paid = instalments(problem, choices), lines(problem, choices, received=False)
    got = lines(problem, choices, received=True)
    return _Cash(
        np.concatenate([due.choice, paid.choice, got.choice]),
        np.concatenate([due.target, paid.target, np.full(got.choice.size, -1)]),
        np.concatenate([due.month, paid.month, got.month]),
        np.concatenate([due.fen, paid.fen, -got.fen]),
    )


def _bills(problem: Problem, claim: IntArray, fees: IntArray) -> _Cash:
    """What (n, B) fees of one household make fall due, and what a developer pays back; a bill's rounding aside."""
    bills, books = problem.bills, problem.calendar.books
    choice, month = np.nonzero(fees)
    bill = problem.claims.bill[claim[choice]]
    due = bills.due[bill, month].astype(np.int64)
    part = fees[choice, month] * bills.paid_ppm[bill] // PPM
    back = np.flatnonzero((bills.recovered_into[bill] >= 0) & (due + bills.recovered_after[bill] < books))
    return _Cash(
        np.concatenate([choice, choice[back]]),
        np.concatenate([bills.need[bill], np.full(back.size, -1)]),
        np.concatenate([due, due[back] + bills.recovered_after[bill[back]]]),
        np.concatenate([part, -(part[back] * bills.recovered_ppm[bill[back]] // PPM)]),
    )


def _cost(asked: Asked, choices: Choices) -> FloatArray:
    """(n,) fen of the objective for one household that takes the choice."""
    problem = asked.problem
    parts = [np.zeros(0)]
    for begin in range(0, len(choices), ROWS):
        some = choices.take(np.arange(begin, min(begin + ROWS, len(choices))))
        fees = fees_with(problem, some)[0]
        disutility = problem.objective.disutility_weight * FEN_PER_YUAN * problem.offers.disutility[some.offer]
        waited = problem.waiting_fen[some.claim] * problem.months_waiting(some.claim, some.housed)
        cash = [_cash(problem, some)] if asked.goal == Goal.FISCAL else []
        parts.append(_goal(asked, some.claim, fees, cash) + disutility + waited)
    return np.concatenate(parts)


def _cost_of_waiting(asked: Asked, claim: IntArray) -> FloatArray:
    """(n,) fen of the objective for one household of the claims that waits to the end."""
    problem = asked.problem
    calendar = problem.calendar
    every, place = np.unique(claim, return_inverse=True)
    end = calendar.months + calendar.after_horizon_months
    valued = problem.fees.valued(every, calendar)[0].sum(axis=1)
    if asked.goal == Goal.FISCAL:
        later = float(problem.objective.discount(calendar.months)) * (problem.claims.obligation[every] + valued)
    else:
        later = problem.claims.weight[every] * valued
    waited = problem.waiting_fen[every] * problem.months_waiting(every, np.full(every.size, end))
    return np.asarray((_goal(asked, every, waiting_fees(problem, every)[0], []) + later + waited)[place])


def _goal(asked: Asked, claim: IntArray, fees: IntArray, cash: list[_Cash]) -> FloatArray:
    """(n,) fen of the fees, weighted; or of all that is paid, discounted."""
    problem = asked.problem
    if asked.goal != Goal.FISCAL:
        return np.asarray(problem.claims.weight[claim] * fees.sum(axis=1))
    costs = np.append(problem.needs.counted, np.True_)
    total = np.zeros(claim.size)
    for each in (*cash, _bills(problem, claim, fees)):
        fen = each.fen * problem.objective.discount(each.month) * costs[each.need]
        total += add_up(each.choice, fen, claim.size)
    return total


def _pots(problem: Problem) -> IntArray:
    """(N,) code of the funds that may pay each need."""
    return np.unique(problem.needs.payable_by, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _spare(problem: Problem, decisions: Decisions) -> IntArray:
    """(pots + 1, B) fen left over at the close of each month, by who may pay with them; the last row: of all funds.

    Funds that lose money, release it by progress or limit its spending are taken to have none.
    """
    funds, moves = problem.funds, problem.moves
    flow = funds.inflow + assess(problem, decisions.settle).received
    flow[:, 0] += funds.opening
    fund, _, month, fen = decisions.pay.T
    np.subtract.at(flow, (fund, month), fen)
    loan, month, fen = decisions.borrow.T
    np.add.at(flow, (problem.loans.fund[loan], month), fen)
    move, month, fen = decisions.move.T
    np.add.at(flow, (moves.target[move], month), fen)
    np.subtract.at(flow, (moves.source[move], month), fen)
    left = np.maximum(flow.cumsum(axis=1), 0)
    bound = (funds.keeps >= 0).any(axis=1) | (funds.valid_since >= 0).any(axis=1) | (funds.release_upfront_ppm >= 0)
    left[bound | (funds.monthly_limit >= 0).any(axis=1) | (funds.total_limit >= 0)] = 0
    pots = np.unique(problem.needs.payable_by, axis=0).astype(np.int64)
    return np.concatenate([pots @ left, left.sum(axis=0)[None]])


def _agreed(asked: Asked, deals: _Deals, spare: IntArray) -> tuple[IntTable, IntArray]:
    """What of the deals, in their order, homes, money and tiers allow; and what money is left then.

    Each row and each claim that waits has part in one of them at most; the table holds who takes what and, below 0, who
    leaves what.
    """
    problem = asked.problem
    more = _more_due(asked, deals)
    fits = np.flatnonzero((more <= spare).all(axis=(1, 2)) & _keeps_tiers(asked, deals))
    met, slack = set[tuple[int, int]](), asked.slack
    changes = [np.zeros((0, 3), dtype=np.int64)]
    for number in fits.tolist():
        one = deals.take(np.array([number]))
        partner, leaves = int(one.partner[0]), int(one.leaves[0])
        who = {(leaves, int(one.claim[0]) if leaves == NOBODY else 0)} | ({(partner, 0)} - {(NOBODY, 0)})
        if who & met or (more[number] > spare).any():
            continue
        table = _table(asked, one)
        after = less(problem, slack, table)
        if partner == NOBODY and any((part < 0).any() for part in (after.stock, after.open, after.limit)):
            continue
        slack, met = after, met | who
        changes.append(table)
        # What a pot spends is missing in all of them that share its funds; what is saved is not spent again.
        spare = spare - np.maximum(more[number], 0).max(axis=0)
    return np.concatenate(changes), spare


def _sides(asked: Asked, deals: _Deals) -> list[tuple[IntArray, Choices, int]]:
    """Who takes (1) and who leaves (−1) what: deal and choice."""
    problem = asked.problem
    of = settle_choices(problem, asked.settle)
    left, pairs = np.flatnonzero(deals.leaves != NOBODY), np.flatnonzero(deals.partner != NOBODY)
    now, partner = deals.leaves[left], deals.partner[pairs]
    return [
        (np.arange(len(deals)), _one(problem, deals.offer, deals.month), 1),
        (left, _one(problem, of.offer[now], of.month[now]), -1),
        (pairs, _one(problem, of.offer[partner], of.month[deals.leaves[pairs]]), 1),
        (pairs, _one(problem, of.offer[partner], of.month[partner]), -1),
    ]


def _table(asked: Asked, deals: _Deals) -> IntTable:
    sides = _sides(asked, deals)
    return np.concatenate([np.column_stack([to.offer, to.month, np.full(len(to), sign)]) for _, to, sign in sides])


def _more_due(asked: Asked, deals: _Deals) -> IntArray:
    """(n, pots + 1, B) fen by which more has fallen due up to each month, by who may pay it; last: in all, net."""
    problem, pot = asked.problem, _pots(asked.problem)
    pots = int(pot.max(initial=-1)) + 1
    more = np.zeros((len(deals), pots + 1, problem.calendar.books), dtype=np.int64)

    def add(deal: IntArray, cash: _Cash, sign: int) -> None:
        np.add.at(more[:, pots], (deal[cash.choice], cash.month), sign * cash.fen)
        due = np.flatnonzero(cash.need >= 0)
        np.add.at(more, (deal[cash.choice[due]], pot[cash.need[due]], cash.month[due]), sign * cash.fen[due])

    for number, choices, sign in _sides(asked, deals):
        add(number, _cash(problem, choices), sign)
        add(number, _bills(problem, choices.claim, fees_with(problem, choices)[0]), sign)
    waits = np.flatnonzero(deals.leaves == NOBODY)
    claim = deals.claim[waits]
    add(waits, _bills(problem, claim, waiting_fees(problem, claim)[0]), -1)
    return more.cumsum(axis=2)


def _keeps_tiers(asked: Asked, deals: _Deals) -> BoolArray:
    """Whether the goal of no tier rises.

    Fiscal cost and equal waits are for the caller to see; the longest wait is a deadline.
    """
    problem = asked.problem
    calendar = problem.calendar
    kept = np.ones(len(deals), dtype=np.bool_)
    for tier in problem.objective.tiers:
        if tier.goal in (Goal.FISCAL, *IN_MONTHS):
            continue
        more = np.zeros(len(deals))
        for number, choices, sign in _sides(asked, deals):
            fees, late, _, _ = fees_with(problem, choices)
            counted: FloatArray | IntArray = late if tier.goal == Goal.OVERDUE else fees.sum(axis=1)
            if tier.goal in (Goal.DISUTILITY, Goal.CHANGES):
                counted = problem.offers.counted(tier.goal)[choices.offer]
            more[number] += sign * np.where(tier.claims[choices.claim], counted, 0)
        waits = np.flatnonzero(deals.leaves == NOBODY)
        claim = deals.claim[waits]
        if tier.goal not in (Goal.DISUTILITY, Goal.CHANGES) and waits.size:
            fees, late = waiting_fees(problem, claim)
            valued, overdue = problem.fees.valued(claim, calendar)
            waited = late + overdue.sum(axis=1) if tier.goal == Goal.OVERDUE else fees.sum(axis=1) + valued.sum(axis=1)
            more[waits] -= np.where(tier.claims[claim], waited, 0)
        kept &= more <= 0
    return kept


def _changed(asked: Asked, changes: IntTable) -> Asked:
    """The deals made."""
    keys, row = np.unique(np.concatenate([asked.settle[:, :2], changes[:, :2]]), axis=0, return_inverse=True)
    households = np.zeros(len(keys), dtype=np.int64)
    np.add.at(households, row.reshape(-1), np.concatenate([asked.settle[:, 2], changes[:, 2]]))
    settle = np.column_stack([keys, households])[households > 0]
    waiting = asked.waiting.copy()
    np.subtract.at(waiting, asked.problem.offers.claim[changes[:, 0]], changes[:, 2])
    return replace(asked, settle=settle, waiting=waiting, slack=less(asked.problem, asked.slack, changes))
