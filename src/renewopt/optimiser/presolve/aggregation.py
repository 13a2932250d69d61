"""Aggregation of needs that every rule treats alike: a smaller model with the same optimum.

Two needs are alike if the same funds may pay them, the same owing rule and developer belong to them, and both count,
or neither, as fees and as fiscal cost. Payments of the merged need can be split among its parts in any way, and
arrears in proportion, so that nothing is gained or lost.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.model.linear import IntArray
from renewopt.problem import Problem, Ragged
from renewopt.problem.subsets import take_rows
from renewopt.vocabulary import Use


def merge_needs(problem: Problem) -> tuple[Problem, IntArray]:
    """The problem with alike needs merged, and the merged need of each need (N,)."""
    needs = problem.needs
    fees = needs.use == Use.FEES
    uncounted = ~needs.counted
    key = np.column_stack([needs.payable_by, fees, uncounted, needs.owing, needs.developer]).astype(np.int64)
    _, first, group = np.unique(key, axis=0, return_index=True, return_inverse=True)
    group = group.ravel().astype(np.int64)
    size = first.size
    fixed = np.zeros((size, needs.fixed.shape[1]), dtype=np.int64)
    np.add.at(fixed, group, needs.fixed)
    arrears = np.bincount(group, weights=needs.opening_arrears, minlength=size).astype(np.int64)
    merged = replace(
        take_rows(needs, first),
        project=np.full(size, -1, dtype=np.int32),
        fixed=fixed,
        opening_arrears=arrears,
    )

    def renamed(index: NDArray[np.int32]) -> NDArray[np.int32]:
        return np.where(index >= 0, group[np.maximum(index, 0)], index).astype(np.int32)

    offers, lines = problem.offers, problem.offers.lines
    line_need = np.where(lines["need"] >= 0, group[np.maximum(lines["need"], 0)], lines["need"])
    return (
        replace(
            problem,
            needs=merged,
            offers=replace(
                offers,
                price_need=renamed(offers.price_need),
                lines=Ragged(lines.start, {**lines.columns, "need": line_need}),
            ),
            bills=replace(problem.bills, need=renamed(problem.bills.need)),
            phases=replace(problem.phases, need=renamed(problem.phases.need)),
            loans=replace(
                problem.loans,
                interest_need=renamed(problem.loans.interest_need),
                principal_need=renamed(problem.loans.principal_need),
            ),
        ),
        group,
    )
