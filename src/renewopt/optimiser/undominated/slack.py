"""Slack: what whole decisions leave of homes, of what is open for transfer, and of limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.model.choices import Amounts, Choices, counted, releases, stock_taken, transfers
from renewopt.optimiser.model.linear import IntArray
from renewopt.optimiser.payments.settled import settle_choices
from renewopt.problem import Problem
from renewopt.problem.decisions import IntTable

PLENTY = np.iinfo(np.int64).max // 4
"""Hundredths open for transfer in a pool without a reservation."""


@dataclass(frozen=True, eq=False)
class Slack:
    """P pools, L limits, T months of decision, M months up to the last in which anybody can be housed.

    Attributes
    ----------
    stock
        (P, M) hundredths in the pool at the close of each month.
    open
        (P, T) hundredths of it open for transfer; `PLENTY` where nothing is reserved.
    limit
        (L, T) households still admitted in each month; where a limit holds for all months together, the same in all.
    """

    stock: IntArray
    open: IntArray
    limit: IntArray

    def to_the_end(self) -> tuple[IntArray, IntArray]:
        """What of `stock` and `open` is free in each month and in all that follow it."""
        return _least_from(self.stock), _least_from(self.open)


def _least_from(amounts: IntArray) -> IntArray:
    return np.minimum.accumulate(amounts[:, ::-1], axis=1)[:, ::-1]


def slack_of(problem: Problem, settle: IntTable, complete: IntTable) -> Slack:
    """What is left when households and phases are decided so (rules 4 and 5 of the accounts)."""
    pools, phases, limits = problem.pools, problem.phases, problem.limits
    months = problem.calendar.months
    stock = np.zeros((len(pools), months + int(problem.offers.housed_after.max(initial=0))), dtype=np.int64)
    inside = pools.arrivals["month"] < stock.shape[1]
    np.add.at(stock, (pools.arrivals.row[inside], pools.arrivals["month"][inside]), pools.arrivals["amount"][inside])
    handed = phases.delivers.take(complete[:, 0])
    np.add.at(stock, (handed["pool"], complete[:, 1][handed.row]), handed["amount"])
    surplus = np.repeat(pools.surplus[:, None], months, axis=1)
    empty = Slack(
        stock.cumsum(axis=1),
        np.where(surplus >= 0, surplus, PLENTY),
        np.repeat(limits.cap[:, None], months, axis=1),
    )
    return less(problem, empty, settle)


def less(problem: Problem, slack: Slack, settle: IntTable) -> Slack:
    """What is left when these households are settled, too; a negative number of them leave their choice."""
    chosen = settle_choices(problem, settle)
    stock, free, limit = (np.zeros_like(part) for part in (slack.stock, slack.open, slack.limit))
    for amounts, table, sign in (
        (stock_taken(problem, chosen), stock, -1),
        (transfers(problem, chosen), free, -1),
        (releases(problem, chosen), free, 1),
    ):
        np.add.at(table, (amounts.target, amounts.month), sign * amounts.fen * chosen.unit[amounts.choice])
    of, choice, month = counted(problem, chosen)
    np.add.at(limit, (of, month), -chosen.unit[choice])
    whole = ~problem.limits.monthly
    limit[whole] = limit[whole, :1]
    return Slack(slack.stock + stock.cumsum(axis=1), slack.open + free.cumsum(axis=1), slack.limit + limit)


def opened_for(problem: Problem, choices: Choices) -> Amounts:
    """What each choice takes of what is open for transfer, less what the household frees by that choice itself."""
    taken, freed = transfers(problem, choices), releases(problem, choices)
    pools = len(problem.pools)
    keys, entry = np.unique(
        np.concatenate([taken.choice * pools + taken.target, freed.choice * pools + freed.target]), return_inverse=True
    )
    net = np.zeros(keys.size, dtype=np.int64)
    np.add.at(net, entry, np.concatenate([taken.fen, -freed.fen]))
    choice, pool = np.divmod(keys[net > 0], max(pools, 1))
    return Amounts(choice, pool, choices.month[choice], net[net > 0])


def room_for(problem: Problem, slack: Slack, choices: Choices) -> tuple[IntArray, IntArray]:
    """Room for each choice by itself, from the month in which it is housed to the end.

    Returns
    -------
    numpy.ndarray
        (n,) how many of its units (households, or the whole of an indivisible claim) it has room for.
    numpy.ndarray
        (n,) mark: of two choices of one offer, the later has more to choose from only if their marks differ.
    """
    stock, free = slack.to_the_end()
    room = np.full(len(choices), PLENTY, dtype=np.int64)
    mark = np.zeros(len(choices), dtype=np.int64)
    for amounts, left in ((stock_taken(problem, choices), stock), (opened_for(problem, choices), free)):
        there = left[amounts.target, amounts.month]
        needed = amounts.fen * choices.unit[amounts.choice]
        np.minimum.at(room, amounts.choice, np.maximum(there, 0) // np.maximum(needed, 1))
        np.add.at(mark, amounts.choice, np.where(there < PLENTY, there, 0))
    limit, choice, month = counted(problem, choices)
    np.minimum.at(room, choice, np.maximum(slack.limit[limit, month], 0) // choices.unit[choice])
    monthly = problem.limits.monthly[limit]
    np.add.at(mark, choice[monthly], choices.month[choice[monthly]])
    return room, mark
