"""What a plan saves, both ways in which offices and economists reckon it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renewopt.policies.waiting import WaitForBuild
from renewopt.problem import Problem, Route
from renewopt.results.record import Savings
from renewopt.units import FEN_PER_YUAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from renewopt.ledger.books import Books

__all__ = ["ASSUMED_BUILD_MONTHS", "assumed_handover", "office_convention", "reckon_savings", "simulate_waiting"]

ASSUMED_BUILD_MONTHS = 36
"""Months from the start to the handover of an own estate, where none is stated (以三年建设周期计算)."""


def assumed_handover(problem: Problem) -> NDArray[np.int64]:
    """(H,) month in which the own estate of each claim is assumed to be handed over.

    The earliest month stated for one of its phases to come, or for homes known to arrive after the start;
    `ASSUMED_BUILD_MONTHS` where a phase states none, and where the own estate has nothing to come: homes on hand do
    not help those whom they did not suffice for.
    """
    unknown = np.iinfo(np.int64).max
    pools = np.full(len(problem.pools), unknown)
    arrivals = problem.pools.arrivals
    later = arrivals["month"] > 0
    np.minimum.at(pools, arrivals.row[later], arrivals["month"][later])
    delivers, earliest = problem.phases.delivers, problem.phases.earliest.astype(np.int64)
    stated = np.where(earliest > 0, earliest, ASSUMED_BUILD_MONTHS)
    np.minimum.at(pools, delivers["pool"], stated[delivers.row])
    own = np.flatnonzero(problem.offers.route == Route.own_unit)
    stock = problem.offers.stock.take(own)
    result = np.full(len(problem.claims), unknown)
    np.minimum.at(result, problem.offers.claim[own][stock.row], pools[stock["pool"]])
    assumed: NDArray[np.int64] = np.where(result < unknown, result, ASSUMED_BUILD_MONTHS)
    return assumed


def office_convention(books: Books) -> int:
    """Fen saved by the office's convention (以*年建设周期计算).

    Σ over households settled by another route than the own estate: their monthly fee in the month of choice × months
    from the end of their fee to the own estate's assumed handover, where that is later.
    """
    problem, choices = books.problem, books.choices
    elsewhere = problem.offers.route[choices.offer] != Route.own_unit
    offer, claim, month = choices.offer[elsewhere], choices.claim[elsewhere], choices.month[elsewhere]
    stops = month + problem.offers.fee_stops_after()[offer]
    months = np.maximum(assumed_handover(problem)[claim] - stops, 0)
    # In the month of choice the multiplier in force is that of being housed then.
    fee = problem.fees.tail_fen(claim, month, month, np.full(claim.size, -1))
    return int((fee * months * choices.households[elsewhere]).sum())


def simulate_waiting(problem: Problem) -> Books:
    """Replay what happens if everybody waits for the own estate: the books of the policy ``wait-for-build``."""
    from renewopt.ledger import replay

    return replay(problem, WaitForBuild().decide(problem))


def reckon_savings(books: Books, waiting: Books) -> Savings:
    """Reckon both figures for a plan, in yuan.

    Parameters
    ----------
    books
        Of the plan.
    waiting
        From `simulate_waiting`; the plan's own books where it is itself that of everybody waiting.
    """
    return Savings(
        waiting_fees=waiting.totals.transition_fees / FEN_PER_YUAN,
        waiting_shortfall=waiting.totals.shortfall / FEN_PER_YUAN,
        against_waiting=(waiting.totals.transition_fees - books.totals.transition_fees) / FEN_PER_YUAN,
        office_convention=office_convention(books) / FEN_PER_YUAN,
    )
