"""Cheaper offers: settled households whose offer costs money and who find as good a home for less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.optimiser.model.choices import Amounts, Choices, instalments, lines
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, add_up, steps
from renewopt.optimiser.payments.settled import settle_choices
from renewopt.optimiser.undominated.moves import LISTED, Asked, Moves, fees_with, in_parts, no_dearer
from renewopt.optimiser.undominated.slack import room_for
from renewopt.problem import Problem
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import Goal

LEAST = 0.5
"""Fen of discounted cost: what is less than half a fen is none."""


def costly_in_parts(asked: Asked) -> list[IntArray]:
    """Rows of the settling table whose offer has a price or lines, and that may still be decided.

    Cut into parts whose choices of other offers are about `LISTED` in number.
    """
    problem = asked.problem
    offers = problem.offers
    of = settle_choices(problem, asked.settle)
    costs = (offers.price_fen(of.offer, of.month) > 0) | (np.diff(offers.lines.start)[of.offer] > 0)
    rows = np.flatnonzero(costs & (of.unit > 0) & (of.month >= problem.calendar.now))
    span = np.bincount(offers.claim, weights=offers.last - offers.first + 1.0, minlength=len(problem.claims))
    part = np.cumsum(span[of.claim[rows]]) // LISTED
    return np.split(rows, np.flatnonzero(np.diff(part)) + 1) if rows.size else []


def into_cheaper_offers(asked: Asked, rows: IntArray) -> Moves:
    """What households of these rows may take instead of their offer, at a lower cost.

    Another offer of their claim, housed no later, whose homes stay free to the end; in no month more of the fee is to
    be paid, nor in any month more in all up to then, less what households pay; neither the objective nor a tier rises;
    and the fiscal cost falls, or else what the household pays. Where fees are to stay as they are, no need's due in any
    month is higher either and no fund's receipts are lower, so that all others can be paid as they are.
    """
    problem = asked.problem
    of = settle_choices(problem, asked.settle[rows])
    choices, row = _others(asked, of)
    saved, pays = np.zeros(len(choices)), np.zeros(len(choices), dtype=np.int64)

    def better(at: IntArray) -> BoolArray:
        new, old = choices.take(at), of.take(row[at])
        saved[at], pays[at] = _saved(problem, new, old)
        lower = (saved[at] >= LEAST) | ((saved[at] > -LEAST) & (pays[at] < 0))
        # The tables by month are the larger ones.
        some = np.flatnonzero(lower)
        some = some[_payable(asked, new.take(some), old.take(some))]
        result = np.zeros(at.size, dtype=np.bool_)
        result[some] = _keeps_goals(asked, new.take(some), old.take(some), saved[at[some]])
        return result

    kept = np.flatnonzero(in_parts(better, len(choices)))
    # Of months that have the same to choose from, the first comes first: earlier is the goal before any cost.
    mark = room_for(problem, asked.slack, choices.take(kept))[1]
    key = np.column_stack([row[kept], choices.offer[kept], mark])
    kept = kept[(np.diff(key, axis=0, prepend=-1) != 0).any(axis=1)]
    return Moves(choices, rows[row], of.unit[row] // choices.unit, saved, pays).take(kept)


def _others(asked: Asked, of: Choices) -> tuple[Choices, IntArray]:
    """Other offers of those who chose, housed no later, in months from which homes stay free.

    Returns
    -------
    Choices, numpy.ndarray
        The choices, and (n,) the position in `of` that each belongs to.
    """
    problem = asked.problem
    offers, claims = problem.offers, problem.claims
    first, last = problem.offers.of_claims(of.claim)
    offer, row = steps(last - first) + np.repeat(first, last - first), np.repeat(np.arange(len(of)), last - first)
    other = offer != of.offer[row]
    offer, row = offer[other], row[other]
    claim = of.claim[row]
    unit = np.where(claims.indivisible[claim], claims.count[claim], 1)
    begin = np.maximum(offers.first[offer], problem.calendar.now).astype(np.int64)
    # Homes that stay free are so from some month on.
    free, stock = asked.slack.to_the_end()[0], offers.stock.take(offer)
    taken = (free[stock["pool"]] < (stock["amount"] * unit[stock.row])[:, None]).sum(axis=1)
    np.maximum.at(begin, stock.row, taken - offers.housed_after[offer[stock.row]])
    until = np.minimum(offers.last[offer], of.housed[row] - offers.housed_after[offer]).astype(np.int64)
    length = np.maximum(until - begin + 1, 0)
    month = steps(length) + np.repeat(begin, length)
    offer, row, claim, unit = (np.repeat(column, length) for column in (offer, row, claim, unit))
    return Choices(offer, month, claim, month + offers.housed_after[offer], unit), row


def _dues(problem: Problem, choices: Choices) -> Amounts:
    """Instalments and lines of one household by need, and what it pays, below 0, by fund (numbered after the needs)."""
    due, paid = instalments(problem, choices), lines(problem, choices, received=False)
    got = lines(problem, choices, received=True)
    got = replace(got, target=got.target + len(problem.needs), fen=-got.fen)
    parts = (due, paid, got)
    return Amounts(
        np.concatenate([part.choice for part in parts]),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.month for part in parts]),
        np.concatenate([part.fen for part in parts]),
    )


def _saved(problem: Problem, new: Choices, old: Choices) -> tuple[FloatArray, IntArray]:
    """(n,) discounted fen by which one household costs less, fees aside, and (n,) fen that it pays more."""
    counts = np.append(problem.needs.counted, np.ones(len(problem.funds), dtype=np.bool_))
    saved, pays = np.zeros(len(new)), np.zeros(len(new))
    for choices, sign in ((old, 1.0), (new, -1.0)):
        dues = _dues(problem, choices)
        cost = dues.fen * counts[dues.target] * problem.objective.discount(dues.month)
        saved += sign * add_up(dues.choice, cost, len(new))
        own = np.where(dues.target >= len(problem.needs), dues.fen, 0)
        pays += sign * add_up(dues.choice, own.astype(np.float64), len(new))
    return saved, pays.astype(np.int64)


def _payable(asked: Asked, new: Choices, old: Choices) -> BoolArray:
    """Whether no more falls due: in all up to each month, or where payments stay, of any need and fund in any month."""
    problem = asked.problem
    books = problem.calendar.books
    after, before = _dues(problem, new), _dues(problem, old)
    choice = np.concatenate([after.choice, before.choice])
    month = np.concatenate([after.month, before.month])
    fen = np.concatenate([after.fen, -before.fen])
    if not asked.fees_as_they_are:
        more = np.zeros((len(new), books), dtype=np.int64)
        np.add.at(more, (choice, month), fen)
        return np.asarray((more.cumsum(axis=1) <= 0).all(axis=1))
    targets = len(problem.needs) + len(problem.funds)
    key = (choice * targets + np.concatenate([after.target, before.target])) * books + month
    keys, entry = np.unique(key, return_inverse=True)
    net = np.zeros(keys.size, dtype=np.int64)
    np.add.at(net, entry, fen)
    payable = np.ones(len(new), dtype=np.bool_)
    payable[keys[net > 0] // (targets * books)] = False
    return payable


def _keeps_goals(asked: Asked, new: Choices, old: Choices, saved: FloatArray) -> BoolArray:
    """Whether in no month more of the fee is to be paid, and neither the objective nor a tier rises."""
    problem = asked.problem
    objective, claim = problem.objective, new.claim
    fees, late, _, _ = fees_with(problem, new)
    before, before_late, _, _ = fees_with(problem, old)
    disutility = problem.offers.disutility[new.offer] - problem.offers.disutility[old.offer]
    sooner = problem.months_waiting(claim, old.housed) - problem.months_waiting(claim, new.housed)
    cost = objective.disutility_weight * FEN_PER_YUAN * disutility - problem.waiting_fen[claim] * sooner
    if asked.goal == Goal.FISCAL:
        cost = cost - saved
    else:
        cost = cost + problem.claims.weight[claim] * (fees - before).sum(axis=1)
    kept = no_dearer(asked, fees, before) & (late <= before_late) & (cost <= 0)
    for tier in objective.tiers:
        if tier.goal in (Goal.DISUTILITY, Goal.CHANGES):
            counted = problem.offers.counted(tier.goal)
            kept &= ~(tier.claims[claim] & (counted[new.offer] > counted[old.offer]))
    return np.asarray(kept)
