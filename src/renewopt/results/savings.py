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
"""Months from the start to the handover of an own estate that no month is stated for (以三年建设周期计算)."""


def assumed_handover(problem: Problem) -> NDArray[np.int64]:
    """(H,) month in which the own estate of each claim's project is assumed to be handed over.

    The earliest month stated for what the project's own estates have to come: phases that are not yet paid for, or
    homes known to arrive after the start; `ASSUMED_BUILD_MONTHS` where a phase to come states none. 0 where the own
    estates stand finished, and `ASSUMED_BUILD_MONTHS` where the project has none. Whether a household accepts a home
    there does not matter.
    """
    unknown = np.iinfo(np.int64).max
    pools, phases = problem.pools, problem.phases
    to_come = np.full(len(pools), unknown)
    later = pools.arrivals["month"] > 0
    np.minimum.at(to_come, pools.arrivals.row[later], pools.arrivals["month"][later])
    earliest = phases.earliest.astype(np.int64)
    stated = np.where((earliest == 0) & (phases.cost > 0), ASSUMED_BUILD_MONTHS, earliest)
    np.minimum.at(to_come, phases.delivers["pool"], stated[phases.delivers.row])
    projects = np.full(problem.projects.size, unknown)
    np.minimum.at(projects, pools.own["project"], to_come[pools.own.row])
    finished = np.isin(np.arange(problem.projects.size), pools.own["project"])
    assumed = np.where(projects < unknown, projects, np.where(finished, 0, ASSUMED_BUILD_MONTHS))
    result: NDArray[np.int64] = assumed[problem.claims.project]
    return result


def office_convention(books: Books) -> int:
    """Fen saved by the office's convention (以*年建设周期计算).

    Σ over households settled by another route than the own estate: their monthly fee in the month of choice × months
    from the end of their fee to the assumed handover of their project's own estate, where that is later.
    """
    problem, choices = books.problem, books.choices
    elsewhere = problem.offers.route[choices.offer] != Route.own_unit
    offer, claim, month = choices.offer[elsewhere], choices.claim[elsewhere], choices.month[elsewhere]
    months = np.maximum(assumed_handover(problem)[claim] - problem.fee_stops(offer, month), 0)
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
        waiting_valued=waiting.totals.valued / FEN_PER_YUAN,
        waiting_shortfall=waiting.totals.shortfall / FEN_PER_YUAN,
        against_waiting=(waiting.totals.transition_fees - books.totals.transition_fees) / FEN_PER_YUAN,
        saved_valued=(waiting.totals.valued - books.totals.valued) / FEN_PER_YUAN,
        office_convention=office_convention(books) / FEN_PER_YUAN,
    )
