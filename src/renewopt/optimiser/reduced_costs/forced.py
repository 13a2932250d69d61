"""Problems with one household settled in a given way, or with a little more of something, and their best plans."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser import decomposition, exact
from renewopt.optimiser.exact import Search
from renewopt.optimiser.memory import refuse_too_large
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.model.linear import IntArray
from renewopt.optimiser.presolve.reduction import presolve
from renewopt.optimiser.progress import Clock, ProgressCallback
from renewopt.optimiser.reduced_costs.reduced import Choice
from renewopt.optimiser.solving import method_for
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Decisions, Problem, Ragged
from renewopt.problem.subsets import keep_members, subset, take_rows
from renewopt.units import YUAN_PER_WAN
from renewopt.vocabulary import AUTO, EXACT

__all__ = ["Resolved", "forced", "resolve", "with_homes", "with_money"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The best plan of a changed problem.

    Attributes
    ----------
    status
        As `renewopt.optimiser.solving.Solution.status`.
    value
        Of the best plan found, in yuan; None: none was found, or there is none (``infeasible``).
    bound
        What every plan comes to at the least; −inf: nothing is proven; inf: there is no plan.
    decisions
        Of the best plan, about the changed problem.
    """

    status: str
    value: float | None
    bound: float
    decisions: Decisions | None = None


def forced(problem: Problem, claim: int, choice: Choice) -> Problem:
    """Return the problem in which one household of a claim takes that choice; all of it, where it is indivisible.

    Of a cohort one household is parted from the others: it becomes the last claim, its offers the last ones.
    """
    if problem.claims.count[claim] > 1 and not problem.claims.indivisible[claim]:
        problem, taken = _parted(problem, claim)
        offset = int(np.flatnonzero(problem.offers.claim == taken)[0] - np.flatnonzero(problem.offers.claim == claim)[0]
                     ) if not choice.waits else 0  # fmt: skip
        claim, choice = taken, choice if choice.waits else Choice(choice.offer + offset, choice.month)
    offers = problem.offers
    kept = offers.claim != claim
    if choice.waits:
        return subset(problem, np.arange(len(problem.claims)), kept)[0]
    kept[choice.offer] = True
    deadline = problem.claims.deadline.copy()
    deadline[claim] = choice.month + offers.housed_after[choice.offer]
    first, last = offers.first.copy(), offers.last.copy()
    first[choice.offer] = last[choice.offer] = choice.month
    changed = replace(
        problem,
        claims=replace(problem.claims, deadline=deadline),
        offers=replace(offers, first=first, last=last),
    )
    return subset(changed, np.arange(len(problem.claims)), kept)[0]


def _parted(problem: Problem, claim: int) -> tuple[Problem, int]:
    """The problem with one household of a cohort as a claim of its own, the last one; and that claim."""
    size, offers = len(problem.claims), problem.offers
    claims_of = np.append(np.arange(size), claim)
    own = np.flatnonzero(offers.claim == claim)
    offers_of = np.concatenate([np.arange(len(offers)), own])
    count = problem.claims.count[claims_of]
    count[claim] -= 1
    count[size] = 1
    table = take_rows(offers, offers_of)
    owner = table.claim.copy()
    owner[len(offers) :] = size
    objective, pools, limits = problem.objective, problem.pools, problem.limits
    return replace(
        problem,
        claims=replace(take_rows(problem.claims, claims_of), count=count),
        fees=problem.fees.of_claims(claims_of),
        offers=replace(table, claim=owner),
        limits=replace(limits, offers=_twice(limits.offers, "offer", own, len(offers))),
        pools=replace(pools, released=_twice(pools.released, "claim", np.array([claim]), size)),
        objective=replace(
            objective, tiers=tuple(replace(tier, claims=tier.claims[claims_of]) for tier in objective.tiers)
        ),
    ), size


def _twice(lists: Ragged, name: str, members: IntArray, size: int) -> Ragged:
    """Lists in which what refers to one of the members refers to its double, too: members are doubled from `size`."""
    double = np.full(size, -1, dtype=np.int64)
    double[members] = size + np.arange(members.size)
    more = keep_members(lists, name, double)
    return Ragged.build(
        lists.start.size - 1,
        np.concatenate([lists.row, more.row]),
        **{each: np.concatenate([lists[each], more[each]]) for each in lists.columns},
    )


def with_homes(problem: Problem, pool: int, month: int, hundredths: int) -> Problem:
    """Return the problem with more stock in a pool from a month on."""
    pools = problem.pools
    arrivals = Ragged.build(
        len(pools),
        np.append(pools.arrivals.row, pool),
        month=np.append(pools.arrivals["month"], month),
        amount=np.append(pools.arrivals["amount"], hundredths),
    )
    return replace(problem, pools=replace(pools, arrivals=arrivals))


def with_money(problem: Problem, fund: int, month: int, fen: int) -> Problem:
    """Return the problem with more money coming into a fund in a month."""
    inflow = problem.funds.inflow.copy()
    inflow[fund, month] += fen
    return replace(problem, funds=replace(problem.funds, inflow=inflow))


def resolve(
    problem: Problem,
    *,
    tier_bounds: tuple[TierBound, ...] = (),
    gap: float = 0.0,
    time_limit: float = math.inf,
    method: str = AUTO,
    warm: WarmStart | None = None,
    check: Callable[[Decisions], bool] | None = None,
    progress: ProgressCallback | None = None,
) -> Resolved:
    """Find the best plan of a changed problem, no strict goal being worse than so much.

    Parameters
    ----------
    tier_bounds
        About the problem as it is given here.
    check
        Says whether decisions are acceptable: the ledger's audit of this problem.
    """
    presolved = presolve(problem)
    inner = presolved.problem
    way = method_for(inner, method)
    refuse_too_large(inner, way)
    search: Search = exact.search if way == EXACT else decomposition.search_from(warm)
    found = search(
        inner,
        goal=problem.objective.name,
        tier_bounds=tier_bounds,
        gap=gap,
        clock=Clock(time_limit, progress),
        check=None if check is None else lambda decisions: check(presolved.postsolve(decisions)),
    )
    bound = math.inf if found.status == "infeasible" and found.paid is None else found.bound * YUAN_PER_WAN
    if found.paid is None:
        return Resolved(found.status, None, bound)
    value = found.paid.value * YUAN_PER_WAN
    return Resolved(found.status, value, min(bound, value), presolved.postsolve(found.paid.decisions))
