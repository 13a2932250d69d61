"""Choices: every (offer, month) that a claim can take, and what each one costs and takes, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.model.linear import BoolArray, IntArray, steps
from renewopt.problem import Problem, Ragged, Route
from renewopt.units import PPM, divide_half_up


@dataclass(frozen=True, eq=False)
class Amounts:
    """Amounts in fen that a choice causes, one entry each.

    Attributes
    ----------
    choice
        Position of the choice.
    target
        Need, fund or claim, as the table says.
    month
        Month in which it falls.
    fen
        Amount for one household.
    """

    choice: IntArray
    target: IntArray
    month: IntArray
    fen: IntArray


@dataclass(frozen=True, eq=False)
class Choices:
    """All choices of a problem, sorted by offer and month. n choices.

    Attributes
    ----------
    offer, month, claim, housed
        (n,) int64.
    unit
        (n,) int64: households that one unit of the choice's column stands for: `count` of an indivisible claim,
        otherwise 1.
    """

    offer: IntArray
    month: IntArray
    claim: IntArray
    housed: IntArray
    unit: IntArray

    def __len__(self) -> int:
        return int(self.offer.size)

    def take(self, kept: BoolArray | IntArray) -> Choices:
        """Return the kept choices."""
        return Choices(self.offer[kept], self.month[kept], self.claim[kept], self.housed[kept], self.unit[kept])


def list_choices(problem: Problem, of: IntArray | None = None) -> Choices:
    """Every month of every offer's window that keeps the claim's deadline; past months are included.

    Parameters
    ----------
    of
        Offers, ascending; default: all.
    """
    offers, claims = problem.offers, problem.claims
    listed = np.arange(len(offers), dtype=np.int64) if of is None else of
    span = np.maximum(offers.last.astype(np.int64) - offers.first + 1, 0)[listed]
    offer = np.repeat(listed, span)
    month = steps(span) + offers.first[offer]
    claim = offers.claim[offer].astype(np.int64)
    housed = month + offers.housed_after[offer]
    deadline = claims.deadline[claim]
    keep = (deadline < 0) | (housed <= deadline)
    offer, month, claim, housed = offer[keep], month[keep], claim[keep], housed[keep]
    unit = np.where(claims.indivisible[claim], claims.count[claim], 1)
    return Choices(offer, month, claim, housed, unit)


def _expand(table: Ragged, rows: NDArray[np.integer]) -> tuple[IntArray, IntArray]:
    """Entries of a ragged table for each of the given rows: (position in `rows`, index of the entry)."""
    length = table.start[np.add(rows, 1)] - table.start[rows]
    position = np.repeat(np.arange(len(rows), dtype=np.int64), length)
    return position, steps(length) + table.start[rows][position]


def instalments(problem: Problem, choices: Choices) -> Amounts:
    """Instalments of the price: target is the need."""
    offers = problem.offers
    priced = np.flatnonzero(offers.price_need[choices.offer] >= 0)
    offer, month = choices.offer[priced], choices.month[priced]
    price = offers.price_fen(offer, month)
    position, entry = _expand(offers.instalments, offers.schedule[offer])
    table = offers.instalments
    upto = table["cumulative_ppm"][entry]
    before = np.zeros_like(upto)
    before[1:] = np.where(position[1:] == position[:-1], upto[:-1], 0)
    total = price[position]
    fen = divide_half_up(total * upto, PPM) - divide_half_up(total * before, PPM)
    return Amounts(
        priced[position],
        offers.price_need[offer[position]].astype(np.int64),
        month[position] + table["after"][entry],
        fen,
    )


def lines(problem: Problem, choices: Choices, *, received: bool) -> Amounts:
    """Further amounts: paid ones (target: need) or received ones (target: fund, fen > 0)."""
    table = problem.offers.lines
    position, entry = _expand(table, choices.offer)
    keep = (table["need"][entry] < 0) == received
    position, entry = position[keep], entry[keep]
    target = table["fund"][entry] if received else table["need"][entry]
    fen = table["fen"][entry]
    return Amounts(position, target, choices.month[position] + table["after"][entry], -fen if received else fen)


def streams(problem: Problem, choices: Choices) -> tuple[Amounts, BoolArray]:
    """Fees after the choice (target: claim), and whether each counts as overdue."""
    offers, fees = problem.offers, problem.fees
    stops = offers.fee_stops_after(choices.offer)
    position = np.repeat(np.arange(len(choices), dtype=np.int64), stops)
    step = steps(stops)
    month = choices.month[position] + step
    claim, housed, offer = choices.claim[position], choices.housed[position], choices.offer[position]
    clock = fees.clock[claim]
    fen = np.zeros(position.size, dtype=np.int64)
    stated = offers.stated_stream[offer]
    if stated.any():
        at = np.flatnonzero(stated)
        fen[at] = offers.stream["fen"][offers.stream.start[offer[at]] + step[at]]
    waiting = np.flatnonzero(~stated & (month < housed))
    fen[waiting] = fees.each_fen(claim[waiting], month[waiting])
    tail = np.flatnonzero(~stated & (month >= housed))
    multiplier = offers.tail_multiplier[offer[tail]].astype(np.int64)
    fen[tail] = fees.tail_fen(claim[tail], housed[tail], month[tail], multiplier)
    overdue = fees.overdue[clock, np.minimum(np.minimum(month, housed), fees.months - 1)]
    overdue[tail] = fees.tail_overdue(claim[tail], housed[tail], multiplier)
    return Amounts(position, claim, month, fen), overdue


def stock_taken(problem: Problem, choices: Choices) -> Amounts:
    """Stock taken when housed: target is the pool, `fen` hundredths of its measure."""
    table = problem.offers.stock
    position, entry = _expand(table, choices.offer)
    return Amounts(position, table["pool"][entry], choices.housed[position], table["amount"][entry])


def transfers(problem: Problem, choices: Choices) -> Amounts:
    """What transfers take from reserved pools, in the month of choice."""
    taken = stock_taken(problem, choices)
    route = problem.offers.route[choices.offer[taken.choice]]
    keep = (route == Route.transfer) & (problem.pools.surplus[taken.target] >= 0)
    choice = taken.choice[keep]
    return Amounts(choice, taken.target[keep], choices.month[choice], taken.fen[keep])


def counted(problem: Problem, choices: Choices) -> tuple[IntArray, IntArray, IntArray]:
    """(limit, choice, month) of each choice that a limit counts; month 0 where it counts all months together."""
    table = problem.limits
    counting = problem.limits_of_offer.take(choices.offer)
    limit, choice = counting["limit"], counting.row
    month = choices.month[choice]
    held = (table.first[limit] <= month) & (month <= table.last[limit])
    return limit[held], choice[held], np.where(table.monthly[limit], month, 0)[held]


def releases(problem: Problem, choices: Choices) -> Amounts:
    """What choices of another route than own_unit free for transfer: target is the pool."""
    other = np.flatnonzero(problem.offers.route[choices.offer] != Route.own_unit)
    freed = problem.freed_by.take(choices.claim[other])
    reserved = problem.pools.surplus[freed["pool"]] >= 0
    choice = other[freed.row[reserved]]
    return Amounts(choice, freed["pool"][reserved], choices.month[choice], freed["amount"][reserved])
