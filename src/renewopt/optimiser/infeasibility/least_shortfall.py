"""What every plan lacks at the least: a lower bound on money from outside, proven without a search for a plan.

Only money that is missing up to some month counts. What falls due up to then has to be met by what can be had up to
then, whatever is decided later; deadlines, targets of set-off and the reserve are let go of, and parts of households
and phases may be chosen. Each of these can only make the least shortfall smaller, so that the value of what is left is
a bound for every plan ([accounts](accounts.md) 22). It is found by linear programming over classes of households, in
which the duals price money month by month; at these duals every household answers for itself, so that the bound does
not rest on the classes.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.pricing import NO_GOAL
from renewopt.optimiser.decomposition.relaxation import A_YUAN, Relaxation, RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster
from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.infeasibility.bottleneck import supply
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.problem import Problem
from renewopt.problem.easing import eased
from renewopt.problem.stocktaking import first_month_short
from renewopt.units import YUAN_PER_WAN

CLASSES = 600
"""Classes of households to aim at: with fewer the duals are too coarse to prove anything."""
AHEAD = 6
"""Months that are looked at beyond the one in which the money runs out if nothing is done: by then routes end fees."""


def lacking_at_once(problem: Problem, time_limit: float = math.inf) -> float:
    """Yuan that every plan lacks at the least around the month in which stock-taking sees the money run out.

    0 where it sees no such month within the horizon, or nothing is proven. A problem with a frozen past is not looked
    at.
    """
    month = first_month_short(problem)
    if month is None or month >= problem.calendar.months or problem.calendar.now > 0:
        return 0.0
    return least_shortfall(problem, month + AHEAD, time_limit)


def least_shortfall(problem: Problem, until: int, time_limit: float = math.inf) -> float:
    """Yuan that every plan lacks up to month `until` at the least; 0 where nothing is proven in time."""
    until = min(until, problem.calendar.months - 1)
    compact, _ = merge_needs(loosened(_supplied(eased(problem) or problem)))
    relaxing = RelaxationFactory(compact, NO_GOAL, (), 1.0, idle=0.0)
    relaxation = _counted(relaxing.relax(classify(compact, CLASSES)), until)
    opened = np.zeros((len(relaxation.classes.problem.offers), compact.calendar.months), dtype=np.bool_)
    opened[:, : until + 1] = True
    try:
        answer = RestrictedMaster(relaxation, opened, elastic=True).solve(time_limit)
    except SolverError:
        return 0.0
    found = relaxing.evaluate(relaxation, answer)
    return 0.0 if found is None or not found.bound > A_YUAN else found.bound * YUAN_PER_WAN


def _supplied(problem: Problem) -> Problem:
    """Open each offer when there can be homes for it at the earliest: a class's duals say little of what cannot be."""
    offers, pools = problem.offers, len(problem.pools)
    come = np.full(pools, problem.calendar.books, dtype=np.int64)
    for (pool, month), amount in supply(problem).items():
        if amount > 0:
            come[pool] = min(come[pool], month)
    first = offers.first.astype(np.int64)
    takes = offers.stock["amount"] > 0
    row = offers.stock.row[takes]
    np.maximum.at(first, row, come[offers.stock["pool"][takes]] - offers.housed_after[row])
    return replace(problem, offers=replace(offers, first=np.minimum(first, offers.last + 1).astype(offers.first.dtype)))


def _counted(relaxation: Relaxation, until: int) -> Relaxation:
    """Let what is missing after a month cost nothing."""
    short = relaxation.f["shortfall"]
    cost = relaxation.model.cost.copy()
    cost[short.index[short.keys[-1] > until]] = 0.0
    return replace(relaxation, model=replace(relaxation.model, cost=cost))
