"""What a search over open starts has learnt, by the planner's names, and as the next search reads it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from renewopt.optimiser.decomposition.pricing import RowPrices
from renewopt.optimiser.decomposition.warm import subjects
from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.optimiser.warm_start import Key, WarmStart
from renewopt.problem import Problem
from renewopt.scheduling import NEVER_STARTS, Programme

MOST_TOLD = 12
"""Prices that are kept at the most: the first, of the relaxation with open starts, and the last."""
HIGHEST = 1e4
"""万元 that a price may be: whatever is told proves what it proves, but to the digits that a number has."""
LEFT_OUT = -1
"""In place of a calendar month: it is not started."""


def kept(told: Sequence[RowPrices], problem: Problem) -> dict[str, dict[Key, FloatArray]]:
    """Prices that an outline was told, by block and by what a row is about: one for each telling, in their order."""
    few = list(told) if len(told) <= MOST_TOLD else [told[0], *told[1 - MOST_TOLD :]]
    first = problem.calendar.start.ordinal
    result: dict[str, dict[Key, FloatArray]] = {}
    for name, ids in subjects(problem).items() if few else ():
        tables = np.stack([getattr(each, name) for each in few])
        result[name] = {
            (str(ids[k]), first + t): tables[:, k, t] for k, t in np.argwhere((tables != 0).any(axis=0)).tolist()
        }
    return result


def read(warm: WarmStart, problem: Problem, limits: int) -> list[RowPrices]:
    """Prices of an earlier search, for the rows of this problem; 0 for rows that are new.

    Parameters
    ----------
    limits
        On goals, which had no price then.
    """
    calendar = problem.calendar
    first = calendar.start.ordinal
    size = max((prices.size for block in warm.outline.values() for prices in block.values()), default=0)
    count = min(size, MOST_TOLD)
    tables = {}
    for name, ids in subjects(problem).items():
        months = calendar.months if name in ("reservation", "limit") else calendar.books
        tables[name] = np.zeros((count, len(ids), months))
        place = {str(each): row for row, each in enumerate(ids.tolist())}
        for (about, month), values in warm.outline.get(name, {}).items():
            if about in place and 0 <= month - first < months:
                few = values[:count]
                tables[name][: few.size, place[about], month - first] = np.clip(few, -HIGHEST, HIGHEST)
    return [
        RowPrices(
            **{name: table[k] for name, table in tables.items()},
            taken=np.zeros((0, len(problem.pools), calendar.books)),
            tiers=np.zeros(limits),
            waits=np.zeros((0, len(problem.projects))),
        )
        for k in range(count)
    ]


def named(programme: Programme, starts: IntArray, first: int) -> dict[str, int]:
    """Calendar month in which each activity starts, by id, month 0 being `first`."""
    return {name: LEFT_OUT if month is None else first + month for name, month in programme.named(starts).items()}


def starts_of(warm: WarmStart | None, programme: Programme, first: int) -> list[IntArray]:
    """The starts of an earlier search, as far as what started then may start now; none if none are known."""
    if warm is None or not warm.starts:
        return []
    each = programme.activities
    then = np.array([warm.starts.get(name, LEFT_OUT) for name in map(str, each.id)], dtype=np.int64)
    return [np.where(then == LEFT_OUT, NEVER_STARTS, then - first)]
