"""Stock and phases: homes taken, homes delivered, money spent on building (rules 4 to 6 of the accounts)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renewopt.ledger.exact import IntArray, table
from renewopt.ledger.people import Choices
from renewopt.problem import Decisions, Problem
from renewopt.problem.offers import Route


@dataclass(frozen=True, eq=False)
class Stock:
    """Hundredths of each pool's measure; P pools, M ≥ B months, to the last month in which somebody is housed.

    Attributes
    ----------
    arrived, delivered
        (P, M): known stock, and stock from phases handed over.
    taken
        (P, M): by households housed in the month.
    transferred
        (P, B): taken by `transfer` offers chosen in the month, whenever they are housed.
    freed
        (P, B): freed for transfer by own households that chose another route in the month.
    """

    arrived: IntArray
    delivered: IntArray
    taken: IntArray
    transferred: IntArray
    freed: IntArray


@dataclass(frozen=True, eq=False)
class Construction:
    """E phases, B months of the books.

    Attributes
    ----------
    spent
        (E, B) fen.
    completed
        (E, B) times handed over in the month: 0 or 1.
    """

    spent: IntArray
    completed: IntArray


def run_construction(problem: Problem, decisions: Decisions) -> Construction:
    """Spending and handovers of the phases."""
    shape = (len(problem.phases), problem.calendar.books)
    phase, month = decisions.complete.T
    return Construction(
        spent=table(shape, *decisions.build.T),
        completed=table(shape, phase, month, np.ones(phase.size, dtype=np.int64)),
    )


def run_stock(problem: Problem, choices: Choices, construction: Construction) -> Stock:
    """Follow what came into each pool and what was taken from it."""
    pools, books = problem.pools, problem.calendar.books
    months = max(books, int(choices.housed.max(initial=0)) + 1)
    shape = (len(pools), months)

    arrivals = pools.arrivals
    inside = arrivals["month"] < months
    arrived = table(shape, arrivals.row[inside], arrivals["month"][inside], arrivals["amount"][inside])

    phase, month = np.nonzero(construction.completed)
    handed = problem.phases.delivers.take(phase)
    delivered = table(shape, handed["pool"], month[handed.row], handed["amount"])

    used = problem.offers.stock.take(choices.offer)
    row = used.row
    amount = used["amount"] * choices.households[row]
    taken = table(shape, used["pool"], choices.housed[row], amount)
    route = problem.offers.route[choices.offer]
    moved = (route == Route.transfer)[row]
    transferred = table((len(pools), books), used["pool"][moved], choices.month[row][moved], amount[moved])
    return Stock(arrived, delivered, taken, transferred, _freed(problem, choices, route != Route.own_unit))


def _freed(problem: Problem, choices: Choices, elsewhere: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> IntArray:
    """(P, B) stock freed by households of the pools' own claims that chose another route."""
    rows = np.flatnonzero(elsewhere)
    freed = problem.freed_by.take(choices.claim[rows])
    row = rows[freed.row]
    shape = (len(problem.pools), problem.calendar.books)
    return table(shape, freed["pool"], choices.month[row], freed["amount"] * choices.households[row])
