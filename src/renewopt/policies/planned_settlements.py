"""Planned settlements carried out one after the other, in bulk: the outcome is that of taking each by itself."""

from __future__ import annotations

import numpy as np

from renewopt.ledger.exact import IntArray
from renewopt.policies.budget import Budget
from renewopt.policies.pricing import (
    BATCH,
    FIRST_BATCH,
    Priced,
    affordable,
    covered_by_debts,
    feasible_prefix,
    first_occurrences,
    price_offers,
    spend,
    undivided,
)
from renewopt.policies.state import SimulationState

__all__ = ["settle_as_planned"]


def settle_as_planned(
    state: SimulationState, offers: IntArray, households: IntArray, budget: Budget | None
) -> IntArray:
    """Settle households by the offers planned for them, in the given order.

    The longest prefix that is feasible in full is settled at once; the next one as far as homes, limits and money allow
    and the households accept.

    Parameters
    ----------
    offers, households
        (n,) planned settlements, in order of precedence.
    budget
        Spending is deducted from it; None: neither money nor homes are checked.

    Returns
    -------
    numpy.ndarray
        (n,) households settled.
    """
    taken = np.zeros(offers.size, dtype=np.int64)
    begin, size = 0, FIRST_BATCH
    while begin < offers.size:
        end = min(begin + size, offers.size)
        run = None if budget is None else price_offers(state, offers[begin:end], budget, saving=True)
        while begin < end:
            done = _settle_run(state, offers[begin:end], households[begin:end], run, budget)
            taken[begin : begin + done.size] = done
            begin += done.size
            run = None if run is None else run.take(slice(done.size, None))
        size = min(2 * size, BATCH)
    return taken


def _settle_run(
    state: SimulationState, offers: IntArray, households: IntArray, run: Priced | None, budget: Budget | None
) -> IntArray:
    """Carry out, or find impossible, the first planned settlement and those behind it with the same outcome."""
    claim = state.problem.offers.claim[offers]
    possible = households
    if run is not None and budget is not None:
        possible = affordable(run, np.minimum(households, state.room(offers)), budget)
    possible = np.where(state.declined[offers], 0, np.maximum(undivided(state, claim, possible), 0))
    some = possible > 0
    if not some[0]:
        # As long as nobody is settled, nothing changes for those behind.
        return possible[: int(some.argmax()) if some.any() else offers.size]
    end = max(_fully_feasible(state, offers, households, possible, run, budget), 1)
    return _keep(state, offers[:end], possible[:end], None if run is None else run.take(slice(end)), budget)


def _fully_feasible(
    state: SimulationState,
    offers: IntArray,
    households: IntArray,
    possible: IntArray,
    run: Priced | None,
    budget: Budget | None,
) -> int:
    """Length of the longest prefix, no claim twice, that is feasible in full.

    Parameters
    ----------
    possible
        (n,) households that each could settle on its own.
    """
    claim = state.problem.offers.claim[offers]
    hindered = np.ones(offers.size, dtype=np.bool_)
    hindered[first_occurrences(claim, state.waiting.size)] = False
    hindered |= (possible < households) | (state.willing(offers, households) < households)
    if run is not None and budget is not None and budget.credit.any():
        # A developer's debts that cover one alone, but not together with those before it, may still be unspent then.
        owed = (run.developer >= 0) & (run.price > 0)
        alone = run.price * households <= budget.credit[run.developer]
        hindered |= owed & alone & ~covered_by_debts(run, households, budget)
    end = int(hindered.argmax()) if hindered.any() else int(offers.size)
    if run is None or budget is None or not end:
        return end
    return min(end, feasible_prefix(state, run.take(slice(end)), households[:end], budget))


def _keep(
    state: SimulationState, offers: IntArray, most: IntArray, run: Priced | None, budget: Budget | None
) -> IntArray:
    """Settle those who accept; return their number."""
    households = undivided(state, state.problem.offers.claim[offers], state.ask(offers, most))
    some = np.flatnonzero(households)
    if some.size:
        costs = None
        if run is not None and budget is not None:
            run = run.take(some)
            spend(run, households[some], budget)
            costs = run.costs.take(run.place, run.size)
        state.settle(offers[some], households[some], costs)
    return households
