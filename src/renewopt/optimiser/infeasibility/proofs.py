"""Proofs that rules cannot be kept, used again: prices that prove it of one problem may prove it of others like it.

By weak duality any prices of the rows in which households meet give a lower bound of the slack that a problem needs.
To evaluate them takes a fraction of what it takes to find them, and no rule need be as it was: what no longer adds up
proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np

from renewopt.optimiser.decomposition.lagrangian import admissible
from renewopt.optimiser.decomposition.pricing import RowPrices
from renewopt.optimiser.decomposition.relaxation import Relaxation, RelaxationFactory
from renewopt.optimiser.decomposition.valuing import BestResponses
from renewopt.optimiser.model.linear import Block, FloatArray, IntArray, LinearModel, Owner
from renewopt.problem import Problem

__all__ = ["Proof", "Proven", "Sparse", "proven_by", "sparse"]

SURE = 0.01
"""万元, or households × 0.0001: less than this may be noise."""
NOISE = 1e-7
"""A reduced cost that is negative by less is the solver's tolerance."""
CHECKS = 40
"""Times that prices are evaluated to make a proof sparser, at the most."""


@dataclass(frozen=True, eq=False)
class Proof:
    """Prices of rows, by what the rows are about, with which a problem's rules could not be kept.

    Attributes
    ----------
    y
        Duals of the rows `rows`.
    needs, limits
        Which number a need and a limit had.
    """

    rows: Mapping[str, Block]
    y: FloatArray
    needs: Mapping[Any, int]
    limits: Mapping[Any, int]

    @classmethod
    def of(cls, relaxation: Relaxation, y: FloatArray, problem: Problem, merged: IntArray) -> Proof:
        """Keep the duals of a relaxation.

        Parameters
        ----------
        problem, merged
            With all its needs, and which need of the relaxation each of them is.
        """
        needs = dict(zip(problem.needs.id.tolist(), merged.tolist(), strict=True))
        return cls(dict(relaxation.model.rows), y, needs, _limits(problem))

    def on(self, relaxation: Relaxation, problem: Problem, merged: IntArray) -> FloatArray:
        """Take over the duals to the rows of another relaxation; 0 where there was none."""
        first = np.unique(merged, return_index=True)[1]
        needs = [self.needs.get(name, -1) for name in problem.needs.id[first].tolist()]
        limits = [self.limits.get(name, -1) for name in _limits(problem)]
        y = np.zeros(relaxation.model.row_lower.size)
        for name, block in relaxation.model.rows.items():
            other = self.rows.get(name)
            if name == "household" or other is None or not block.size or not other.size:
                continue
            item, *months = block.keys
            numbered = needs if block.key_names[0] == "n" else limits if name == "limit" else None
            if numbered is not None:
                item = np.array(numbered, dtype=np.int64)[item]
            known = np.flatnonzero(item >= 0)
            at = other.find(item[known], *(month[known] for month in months))
            y[block.start + known[at >= 0]] = self.y[at[at >= 0]]
        return y


class Proven(NamedTuple):
    """What prices prove of a problem: its rules cannot be kept."""

    prices: RowPrices
    own: BestResponses


class Sparse(NamedTuple):
    """Prices that prove something, of which most are 0.

    Attributes
    ----------
    dense
        Those that it began with.
    y
        Those that are left.
    proven
        What they prove.
    checks
        How often prices were evaluated.
    """

    dense: FloatArray
    y: FloatArray
    proven: Proven
    checks: int


def sparse(candidates: Iterable[FloatArray], factory: RelaxationFactory, relaxation: Relaxation) -> Sparse | None:
    """Leave out as many prices as possible of the first duals that are a proof; None if none of them is one.

    Of the shortest time or the least money that all lack together, duals price whatever would make it less. That the
    rules cannot be kept follows from a small part of it, often from a single pool: where only that part has a price,
    the rules about all else play no part. Prices are left out by kinds of rows, the largest first, then by halves of
    what the rows are about.
    """
    model = _without_slack(relaxation)
    for checks, candidate in enumerate(candidates, start=1):
        y = candidate.copy()
        y[relaxation.model.rows["household"].index] = 0.0
        y = admissible(y, model)
        proven = _proven(y, model, factory, relaxation)
        if proven is not None:
            return _made_sparse(y, proven, checks, model, factory, relaxation)
    return None


def _made_sparse(
    y: FloatArray,
    proven: Proven,
    checks: int,
    model: LinearModel,
    factory: RelaxationFactory,
    relaxation: Relaxation,
) -> Sparse:
    dense, most = y, checks + CHECKS
    heap = [(-len(items), place, items) for place, items in enumerate(_priced_items(relaxation, y))]
    heap.sort()
    places = len(heap)
    while heap and checks < most:
        *_, items = heappop(heap)
        fewer = y.copy()
        fewer[np.concatenate(items)] = 0.0
        found = _proven(fewer, model, factory, relaxation)
        checks += 1
        if found is not None:
            y, proven = fewer, found
        elif len(items) > 1:
            half = len(items) // 2
            for part in (items[:half], items[half:]):
                heappush(heap, (-len(part), places, part))
                places += 1
    return Sparse(dense, y, proven, checks)


def _priced_items(relaxation: Relaxation, y: FloatArray) -> list[list[IntArray]]:
    """Rows that have a price, by kind of row, and in each kind by what they are about (a pool, a need, a fund …)."""
    kinds = []
    for block in relaxation.model.rows.values():
        at = np.flatnonzero(y[block.index])
        if at.size:
            item = block.keys[0][at]
            kinds.append([block.start + at[item == each] for each in np.unique(item)])
    return kinds


def proven_by(
    proof: Proof | None, factory: RelaxationFactory, relaxation: Relaxation, problem: Problem, merged: IntArray
) -> Proven | None:
    """Evaluate a proof for a problem; without one, all is free, proven where somebody has no choice at all."""
    model = _without_slack(relaxation)
    y = np.zeros(model.row_lower.size) if proof is None else admissible(proof.on(relaxation, problem, merged), model)
    return _proven(y, model, factory, relaxation)


def _proven(y: FloatArray, model: LinearModel, factory: RelaxationFactory, relaxation: Relaxation) -> Proven | None:
    rest = _rest(model, y)
    if rest == -np.inf:
        return None
    prices = factory.row_prices(relaxation, y)
    own = factory.pricing.respond(prices)
    return Proven(prices, own) if rest + factory.pricing.total(own) > SURE else None


def _limits(problem: Problem) -> dict[Any, int]:
    limits = problem.limits
    return {key: n for n, key in enumerate(zip(limits.id.tolist(), limits.first.tolist(), strict=True))}


def _without_slack(relaxation: Relaxation) -> LinearModel:
    """Nothing may be lacking: what a proof speaks of are the rules themselves."""
    strict = relaxation.strict()
    return replace(strict, cost=np.zeros_like(strict.cost), offset=0.0)


def _rest(model: LinearModel, y: FloatArray) -> float:
    """Value at these duals of all but the households: right-hand sides, and columns at the bound that is best."""
    side = np.where(y > 0, model.row_lower, model.row_upper)
    reduced = -np.bincount(model.index, weights=model.value * y[model.entry_rows()], minlength=model.cost.size)
    own = np.zeros(model.cost.size, dtype=np.bool_)
    for block in model.columns.values():
        own[block.index] = block.owner is Owner.HOUSEHOLD
    reduced[own | (np.abs(reduced) < NOISE)] = 0.0
    best = np.where(reduced > 0, model.lower, model.upper)
    at, priced = np.flatnonzero(reduced), np.flatnonzero(y)
    return float((y[priced] * side[priced]).sum() + (reduced[at] * best[at]).sum())
