"""Response classes: households alike in all but their amounts, merged into cohorts of their averages.

A plan for classes, given to each member in equal parts, costs and uses exactly what the class does, because every
amount of the model is linear: the merged relaxation is a restriction of the unmerged one. What it proves about the
unmerged problem is only what `renewopt.optimiser.decomposition.lagrangian` makes of its prices, household by household.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.model.coding import codes, list_codes, ranks
from renewopt.optimiser.model.entries import by_rows
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, steps
from renewopt.problem import FeeTable, FirstMonth, Problem, Ragged
from renewopt.problem.subsets import take_rows
from renewopt.vocabulary import Goal

TOGETHER = 1_000
"""Claims whose fees are added up at a time: as many as stay in a processor's cache."""
OVERDUE = 12
"""Claims whose first months with a fee, and first overdue months, lie in the same block of so many months may share a
class."""


@dataclass(frozen=True, eq=False)
class Classes:
    """Members of each class, and how their offers correspond.

    Attributes
    ----------
    of_claim
        (H,) class of each claim.
    of_offer
        (O,) merged offer of each offer.
    first_offer
        (classes + 1,) merged offers of each class.
    problem
        The merged problem: a claim for each class, its `count` the number of households.
    """

    of_claim: IntArray
    of_offer: IntArray
    first_offer: IntArray
    problem: Problem


def signatures(problem: Problem) -> IntArray:
    """(H,) a number for claims that share all but amounts: project, year of the first overdue month, offers' form."""
    offers, claims, fees = problem.offers, problem.claims, problem.fees
    rows = np.arange(len(offers), dtype=np.int64)
    amounts = ("pool", "amount")
    form = codes(
        offers.route,
        offers.first,
        offers.last,
        offers.housed_after,
        offers.tail,
        offers.tail_multiplier,
        offers.stated_stream,
        np.where(offers.stated_stream, np.diff(offers.stream.start), 0),
        offers.price_series,
        offers.price_need,
        offers.schedule,
        list_codes(offers.lines, rows, ("after", "need", "fund")),
        list_codes(offers.stock, rows, amounts),
        *(() if offers.kept is None else (offers.kept,)),
    )
    start = np.searchsorted(offers.claim, np.arange(len(claims) + 1))
    of_claim = list_codes(Ragged(start, {"form": form}), np.arange(len(claims)), ("form",))
    released = problem.pools.released
    frees = np.zeros(len(claims), dtype=np.int64)
    if released.start[-1]:
        order = np.argsort(released["claim"], kind="stable")
        lists = Ragged.build(len(claims), released["claim"][order], pool=released.row[order],
                             amount=released["amount"][order])  # fmt: skip
        frees = list_codes(lists, np.arange(len(claims)), amounts)
    tiers = [tier.claims for tier in problem.objective.tiers]
    alone = np.where(claims.indivisible | (claims.related != ""), np.arange(len(claims)), -1)
    overdue = fees.overdue_from[fees.clock] // OVERDUE
    runs = np.where(fees.runs.any(axis=1), fees.runs.argmax(axis=1) // OVERDUE, -1)[fees.clock]
    ahead = _first_month_ahead(fees)
    clocks = [np.where(ahead, fees.clock, -1)] if ahead.any() else []
    clocks += [] if fees.valued_until is None else [fees.valued_until.astype(np.int64)]
    if any(tier.goal == Goal.WAIT_SPREAD for tier in problem.objective.tiers):
        clocks.append(fees.moved_out[fees.clock].astype(np.int64))
    return codes(
        of_claim,
        claims.project,
        claims.weight,
        claims.deadline,
        claims.bill,
        frees,
        alone,
        overdue,
        runs,
        *clocks,
        *tiers,
    )


def _first_month_ahead(fees: FeeTable) -> BoolArray:
    """(H,) whose first fee has more months in it than the one that is paid in part: a tail knows that month alone."""
    first = fees.first_month
    if first is None:
        return np.zeros(fees.clock.size, dtype=np.bool_)
    inside = (first.month >= 0) & (first.month < fees.months)
    whole = fees.multiplier[np.arange(first.month.size), np.where(inside, first.month, 0)]
    ahead: BoolArray = (first.unpaid > 0) & (inside & (whole != first.multiplier))[fees.clock]
    return ahead


def classify(problem: Problem, most: int) -> IntArray:
    """(H,) class of each claim: signatures, cut by size of the fee where they have many members.

    Parameters
    ----------
    most
        Classes to aim at.
    """
    signature = signatures(problem)
    members = np.bincount(signature)
    # The number of cuts grows with the root of the members: many small signatures keep one class each.
    share = np.sqrt(members)
    cuts = np.maximum(1, np.round(share * max(0.0, (most - members.size) / max(share.sum(), 1.0)) + 1)).astype(np.int64)
    cuts = np.minimum(cuts, members)
    _, rank = ranks(signature, problem.fees.ordinary.mean(axis=1))
    return codes(signature, rank * cuts[signature] // members[signature])


def _mean(values: NDArray[np.generic], group: IntArray, weight: IntArray, groups: int) -> FloatArray:
    """Weighted mean of each group's rows."""
    total = np.bincount(group, weights=weight, minlength=groups)
    flat = np.asarray(values, dtype=np.float64)
    if flat.ndim == 1:
        return np.bincount(group, weights=flat * weight, minlength=groups) / total
    return np.stack([_mean(column, group, weight, groups) for column in flat.T], axis=1)


def merge(problem: Problem, of_claim: IntArray) -> Classes:
    """Merge the claims of each class into one of their averages."""
    claims, offers = problem.claims, problem.offers
    groups = int(of_claim.max(initial=-1)) + 1
    first = np.full(groups, -1, dtype=np.int64)
    first[of_claim[::-1]] = np.arange(len(claims) - 1, -1, -1)
    start = np.searchsorted(offers.claim, np.arange(len(claims) + 1)).astype(np.int64)
    number = np.arange(len(offers)) - start[offers.claim]
    lengths = np.diff(start)[first]
    begin = np.concatenate(([0], np.cumsum(lengths)))
    of_offer = begin[of_claim[offers.claim]] + number
    model = start[np.repeat(first, lengths)] + steps(lengths)
    merged_claims = replace(
        take_rows(claims, first),
        count=np.bincount(of_claim, weights=claims.count, minlength=groups).astype(np.int64),
        obligation=np.rint(_mean(claims.obligation, of_claim, claims.count, groups)).astype(np.int64),
    )
    merged = replace(
        problem,
        claims=merged_claims,
        fees=_merged_fees(problem, of_claim, first, groups),
        offers=_merged_offers(problem, of_offer, model, begin),
        limits=replace(problem.limits, offers=_unique_members(problem.limits.offers, of_offer, "offer")),
        pools=replace(problem.pools, released=_merged_releases(problem, of_claim, first)),
        objective=replace(
            problem.objective,
            tiers=tuple(replace(t, claims=t.claims[first]) for t in problem.objective.tiers),
        ),
    )
    return Classes(of_claim, of_offer, begin, merged)


def _total_fees(problem: Problem, of_claim: IntArray, groups: int) -> FloatArray:
    """(groups, months) fen of all households of each class: sums of whole numbers, exact in any order.

    Some claims at a time: curves of a city would need more memory than its tables.
    """
    fees, count = problem.fees, problem.claims.count
    total = np.zeros((groups, fees.months))
    order = np.argsort(of_claim, kind="stable")
    for low in range(0, order.size, TOGETHER):
        some = order[low : low + TOGETHER]
        group = of_claim[some]
        begins = np.flatnonzero(np.diff(group, prepend=-1))
        due = fees.fen(some, slice(None)) * count[some][:, None]
        total[group[begins]] += np.add.reduceat(due, begins, axis=0)
    return total


def _merged_fees(problem: Problem, of_claim: IntArray, first: IntArray, groups: int):  # type: ignore[no-untyped-def]
    fees, count = problem.fees, problem.claims.count
    households = np.bincount(of_claim, weights=count, minlength=groups)[:, None]
    by_clock = by_rows(of_claim, fees.clock.astype(np.int64), count.astype(np.float64), (groups, len(fees.multiplier)))
    multiplier = np.rint(by_clock.times(fees.multiplier.astype(np.float64)) / households).astype(np.int64)
    due = _total_fees(problem, of_claim, groups) / households * 1e7
    first_month, ahead = fees.first_month, _first_month_ahead(fees)
    if first_month is not None and ahead.any():
        unpaid = np.rint(_mean(np.where(ahead, first_month.unpaid, 0), of_claim, count, groups)).astype(np.int64)
        month, alone = (each[fees.clock[first]] for each in (first_month.month, first_month.multiplier))
        first_month = FirstMonth(unpaid, month, alone)
        has = np.flatnonzero(unpaid)
        due[has, month[has]] += unpaid[has] * alone[has].astype(np.float64)
    else:
        first_month = None
    ordinary = np.where(multiplier > 0, due / np.maximum(multiplier, 1), 0.0)
    return replace(
        fees,
        segment=np.arange(fees.months, dtype=np.int32),
        ordinary=np.rint(ordinary).astype(np.int64),
        clock=np.arange(groups, dtype=np.int32),
        multiplier=multiplier.astype(np.int32),
        overdue=by_clock.times(fees.overdue.astype(np.float64)) >= households / 2,
        stated_runs=by_clock.times(fees.runs.astype(np.float64)) >= households / 2,
        moved_out=fees.moved_out[fees.clock[first]],
        first_month=first_month,
        valued_until=None if fees.valued_until is None else fees.valued_until[first],
    )


def _merged_offers(problem: Problem, of_offer: IntArray, model: IntArray, begin: IntArray):  # type: ignore[no-untyped-def]
    offers = problem.offers
    weight = problem.claims.count[offers.claim]
    size = len(model)

    def mean_lists(table: Ragged, name: str) -> Ragged:
        """Lists of the model offers, with the mean of the named column over all members."""
        taken = table.take(model)
        slot = taken.start[of_offer[table.row]] + steps(np.diff(table.start))
        mean = _mean(table[name], slot, weight[table.row], int(taken.start[-1])) if len(slot) else np.zeros(0)
        return Ragged(taken.start, {**taken.columns, name: np.rint(mean).astype(np.int64)})

    return replace(
        take_rows(offers, model),
        claim=np.repeat(np.arange(len(begin) - 1), np.diff(begin)).astype(np.int32),
        stream=mean_lists(offers.stream, "fen"),
        price=np.rint(_mean(offers.price, of_offer, weight, size)).astype(np.int64),
        lines=mean_lists(offers.lines, "fen"),
        disutility=_mean(offers.disutility, of_offer, weight, size),
    )


def _unique_members(table: Ragged, of_offer: IntArray, name: str) -> Ragged:
    pairs = np.unique(np.column_stack([table.row, of_offer[table[name]]]), axis=0)
    return Ragged.build(len(table.start) - 1, pairs[:, 0], **{name: pairs[:, 1]})


def _merged_releases(problem: Problem, of_claim: IntArray, first: IntArray) -> Ragged:
    released = problem.pools.released
    model = np.isin(released["claim"], first)
    return Ragged.build(
        len(problem.pools),
        released.row[model],
        claim=of_claim[released["claim"][model]],
        amount=released["amount"][model],
    )
