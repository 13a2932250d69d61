"""Moves: into homes that stay free to the end, at no cost to any fund and at no higher objective."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.model.choices import (
    Choices,
    counted,
    lines,
    list_choices,
    stock_taken,
    streams,
)
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, add_up, steps
from renewopt.optimiser.payments.settled import settle_choices
from renewopt.optimiser.undominated.slack import Slack, opened_for, room_for
from renewopt.problem import Problem
from renewopt.problem.decisions import IntTable
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import Goal

LISTED = 100_000
"""Choices that are looked at together."""
ROWS = 30_000
"""Rows of fees by month that are reckoned together."""
NOBODY = -1


@dataclass(frozen=True, eq=False)
class Moves:
    """Choices that would make the plan better for a household and no worse for anybody.

    Attributes
    ----------
    choices
        (n,) by offers of the whole problem.
    leaves
        (n,) row of the settling table that the households leave for it, `NOBODY` for those who wait.
    most
        (n,) how many units (`Choices.unit`) may take it, the others aside.
    received, paid_by_households
        (n,) fen for one household that funds receive, discounted, and that it pays.
    """

    choices: Choices
    leaves: IntArray
    most: IntArray
    received: FloatArray
    paid_by_households: IntArray

    def __len__(self) -> int:
        return len(self.choices)

    def take(self, kept: BoolArray | IntArray) -> Moves:
        """Return the kept moves."""
        return Moves(
            self.choices.take(kept),
            self.leaves[kept],
            self.most[kept],
            self.received[kept],
            self.paid_by_households[kept],
        )


@dataclass(frozen=True, eq=False)
class Asked:
    """What moves are looked for: the plan so far, and what may not get worse.

    Attributes
    ----------
    settle
        Its settling table; `waiting` (H,) are the households that it leaves without a choice, `urgency` is theirs.
    goal
        Name of the objective.
    fees_as_they_are
        Only moves that change nobody's fee in any month, so that all payments stay as they are.
    """

    problem: Problem
    settle: IntTable
    waiting: IntArray
    urgency: IntArray
    slack: Slack
    goal: str
    fees_as_they_are: bool


def urgency(problem: Problem) -> IntArray:
    """(H,) place of each claim in the order of urgency, 0 the most urgent; who is alike shares one.

    By the strict goals, then the weight, then the first overdue month, then the month of moving out.
    """
    tier = np.full(len(problem.claims), len(problem.objective.tiers), dtype=np.int64)
    for number in reversed(range(len(problem.objective.tiers))):
        if problem.objective.tiers[number].goal != Goal.FISCAL:
            tier[problem.objective.tiers[number].claims] = number
    clock = problem.fees.clock
    keys = np.column_stack(
        [tier, -problem.claims.weight, problem.fees.overdue_from[clock], problem.fees.moved_out[clock]]
    )
    return np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)


def waiting_in_parts(asked: Asked) -> list[IntArray]:
    """Claims with households who wait and have an offer that costs nothing, the most urgent first.

    Cut into parts whose choices are about `LISTED` in number; the offers of each claim count, whether it has room or
    not.
    """
    problem = asked.problem
    offers = problem.offers
    free = _open_offers(asked, np.arange(len(offers)))
    span = np.where(free, offers.last.astype(np.int64) - offers.first + 1, 0)
    of_claim = np.bincount(offers.claim, weights=span, minlength=len(problem.claims)).astype(np.int64)
    claims = np.flatnonzero(of_claim)
    claims = claims[np.argsort(asked.urgency[claims], kind="stable")]
    part = np.cumsum(of_claim[claims]) // LISTED
    return np.split(claims, np.flatnonzero(np.diff(part)) + 1) if claims.size else []


def _open_offers(asked: Asked, of: IntArray) -> BoolArray:
    """(n,) offers of those who wait that no fund pays for (prices aside), and for which homes are free at the end."""
    offers = asked.problem.offers
    stock, lines = offers.stock.take(of), offers.lines.take(of)
    shut = asked.waiting[offers.claim[of]] <= 0
    shut[stock.row[asked.slack.stock[stock["pool"], -1] < stock["amount"]]] = True
    shut[lines.row[lines["fen"] > 0]] = True
    return np.asarray(~shut)


def out_of_waiting(asked: Asked, claims: IntArray) -> Moves:
    """What households of these claims (ascending) may be given who wait."""
    problem = asked.problem
    first, last = problem.offers.of_claims(claims)
    offer = steps(last - first) + np.repeat(first, last - first)
    choices = list_choices(problem, offer[_open_offers(asked, offer)])
    choices = choices.take(
        (choices.month >= problem.calendar.now) & (problem.offers.price_fen(choices.offer, choices.month) == 0)
    )
    room, mark = room_for(problem, asked.slack, choices)
    room = np.minimum(room, asked.waiting[choices.claim] // choices.unit)
    kept = room > 0
    choices, room, mark = choices.take(kept), room[kept], mark[kept]
    # Of months that have the same to choose from, the first that is allowed comes first in every respect.
    new = np.ones(len(choices), dtype=np.bool_)
    new[1:] = (choices.offer[1:] != choices.offer[:-1]) | (mark[1:] != mark[:-1])
    first, group = np.flatnonzero(new), np.cumsum(new) - 1
    allowed = np.zeros(len(choices), dtype=np.bool_)
    allowed[first] = _allowed(asked, choices.take(first))
    later = np.flatnonzero(~new & ~allowed[first][group])
    later = later[_allowed(asked, choices.take(later))]
    allowed[later[np.diff(group[later], prepend=-1) > 0]] = True
    received, pays = _receipts(problem, choices)
    return Moves(choices, np.full(len(choices), NOBODY), room, received, pays).take(allowed)


def in_parts(test: Callable[[IntArray], BoolArray], size: int) -> BoolArray:
    """(size,) what the test says of each, `ROWS` at a time."""
    parts = [test(np.arange(begin, min(begin + ROWS, size))) for begin in range(0, size, ROWS)]
    return np.concatenate([np.zeros(0, dtype=np.bool_), *parts])


def _allowed(asked: Asked, choices: Choices) -> BoolArray:
    """Whether each choice costs no fund more than waiting, in any month, and worsens no goal."""
    return in_parts(lambda rows: _costs_nothing(asked, choices.take(rows)), len(choices))


def _costs_nothing(asked: Asked, choices: Choices) -> BoolArray:
    problem = asked.problem
    fees, late, valued, valued_late = fees_with(problem, choices)
    waits, waits_late = waiting_fees(problem, choices.claim)
    more = fees.sum(axis=1) - waits.sum(axis=1) - valued
    received, _ = _receipts(problem, choices)
    return no_dearer(asked, fees, waits) & _keeps_goals(
        asked, choices, more, late - waits_late - valued_late, valued, received
    )


def no_dearer(asked: Asked, fees: IntArray, before: IntArray) -> BoolArray:
    """Whether in no month more of the fee is to be paid than before."""
    if asked.fees_as_they_are:
        return np.asarray((fees == before).all(axis=1))
    return np.asarray((fees <= before).all(axis=1))


def _keeps_goals(
    asked: Asked,
    choices: Choices,
    fees: IntArray,
    overdue: IntArray,
    valued: IntArray,
    received: FloatArray,
) -> BoolArray:
    """Whether neither the objective nor a tier's goal rises, by what the choice adds for one household."""
    problem = asked.problem
    objective, claim = problem.objective, choices.claim
    disutility = problem.offers.disutility[choices.offer]
    end = problem.calendar.months + problem.calendar.after_horizon_months
    sooner = problem.months_waiting(claim, end) - problem.months_waiting(claim, choices.housed)
    cost = objective.disutility_weight * FEN_PER_YUAN * disutility - problem.waiting_fen[claim] * sooner
    if asked.goal == Goal.FISCAL:
        still = problem.claims.obligation[claim] + valued
        cost = cost - float(objective.discount(problem.calendar.months)) * still - received
    else:
        cost = cost + problem.claims.weight[claim] * fees
    kept: BoolArray = cost <= 0
    for tier in objective.tiers:
        if tier.goal in (Goal.OVERDUE, Goal.DISUTILITY):
            kept &= ~(tier.claims[claim] & ((overdue if tier.goal == Goal.OVERDUE else disutility) > 0))
    return kept


def fees_with(problem: Problem, choices: Choices) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Fees of one household that takes the choice: (n, B) by month, and of them (n,) overdue.

    And (n,) the fees after the horizon that are valued if it waits, and of them the overdue ones.
    """
    calendar, table = problem.calendar, problem.fees
    fees, overdue = _before(problem, choices.claim, choices.month)
    after, late = streams(problem, choices)
    np.add.at(fees, (after.choice, after.month), after.fen)
    overdue += add_up(after.choice, np.where(late, after.fen, 0), len(choices)).astype(np.int64)
    valued, late_valued = table.valued(choices.claim, calendar)
    return fees, overdue, valued.sum(axis=1), late_valued.sum(axis=1)


def waiting_fees(problem: Problem, claim: IntArray) -> tuple[IntArray, IntArray]:
    """Fees of one household of each claim that waits to the end: (n, B) by month, and of them (n,) overdue."""
    return _before(problem, claim, np.full(claim.size, problem.calendar.months))


def _before(problem: Problem, claim: IntArray, month: IntArray) -> tuple[IntArray, IntArray]:
    """(n, B) fees of the months before `month`, and (n,) the overdue ones of them."""
    table, books = problem.fees, problem.calendar.books
    waits = np.arange(books) < month[:, None]
    fees = np.where(waits, table.fen(claim, slice(0, books)), 0)
    return fees, np.where(table.overdue[table.clock[claim], :books], fees, 0).sum(axis=1)


def _receipts(problem: Problem, choices: Choices) -> tuple[FloatArray, IntArray]:
    """(n,) discounted fen that one household pays, and as they are."""
    got = lines(problem, choices, received=True)
    discounted = add_up(got.choice, got.fen * problem.objective.discount(got.month), len(choices))
    return discounted, add_up(got.choice, got.fen.astype(np.float64), len(choices)).astype(np.int64)


def into_earlier_months(asked: Asked) -> Moves:
    """What households who are settled already may do: take the same home in an earlier month."""
    problem = asked.problem
    offers, now = problem.offers, problem.calendar.now
    has_lines = np.diff(offers.lines.start) > 0
    of = settle_choices(problem, asked.settle)
    rows = np.flatnonzero(
        (of.month > np.maximum(offers.first[of.offer], now))
        & ~has_lines[of.offer]
        & (offers.price_fen(of.offer, of.month) == 0)
    )
    begin = np.maximum(offers.first[of.offer[rows]], now).astype(np.int64)
    length = of.month[rows] - begin
    row = np.repeat(rows, length)
    month = of.month[row] - 1 - (np.arange(row.size) - np.repeat(np.cumsum(length) - length, length))
    unit = np.where(problem.claims.indivisible[of.claim[row]], problem.claims.count[of.claim[row]], 1)
    choices = Choices(of.offer[row], month, of.claim[row], month + offers.housed_after[of.offer[row]], unit)
    kept = _has_room_before(asked, choices, row)
    return _no_worse(asked, choices.take(kept), row[kept], of)


def _has_room_before(asked: Asked, choices: Choices, row: IntArray) -> BoolArray:
    """Whether home, reservation and limits are free from the choice until the household's own month.

    `choices` of a row lie together, the latest month first.
    """
    problem, slack = asked.problem, asked.slack
    short = np.zeros(len(choices), dtype=np.bool_)
    for amounts, left in ((stock_taken(problem, choices), slack.stock), (opened_for(problem, choices), slack.open)):
        needed = amounts.fen * choices.unit[amounts.choice]
        short[amounts.choice[left[amounts.target, amounts.month] < needed]] = True
    # A month that is short closes all before it.
    closed = np.cumsum(short)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    length = np.diff(first, append=row.size)
    open_still: BoolArray = closed == np.repeat(closed[first] - short[first], length)
    limit, choice, month = counted(problem, choices)
    full = problem.limits.monthly[limit] & (slack.limit[limit, month] < choices.unit[choice])
    open_still[choice[full]] = False
    return open_still


def _no_worse(asked: Asked, choices: Choices, row: IntArray, of: Choices) -> Moves:
    """Of the choices, for the rows that they leave, those which cost nobody more."""
    problem = asked.problem

    def alike(at: IntArray) -> BoolArray:
        fees, late, _, _ = fees_with(problem, choices.take(at))
        before, before_late, _, _ = fees_with(problem, of.take(row[at]))
        return np.asarray(no_dearer(asked, fees, before) & (late <= before_late))

    kept = in_parts(alike, len(choices)) & (problem.offers.price_fen(choices.offer, choices.month) == 0)
    moves = Moves(
        choices,
        row,
        of.unit[row] // choices.unit,
        np.zeros(len(choices)),
        np.zeros(len(choices), dtype=np.int64),
    )
    return moves.take(kept)
