"""A schedule made in one pass: activities in a given order, each as early as the rules of the programme let it.

The serial schedule generation scheme of resource-constrained project scheduling (Kolisch 1996), read from the planner's
rules alone: windows, precedence, crews and greatest numbers. Least numbers and all else `faults` judges afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from renewopt.scheduling.activities import NEVER_STARTS, Bools, Ints, Programme

__all__ = ["Allowed", "place"]

Allowed = Callable[[int, int], bool]
"""Whether an activity may start in a month, beside what has been placed so far."""


def place(
    programme: Programme,
    order: Sequence[int],
    window: tuple[Ints, Ints],
    must: Bools,
    allowed: Allowed | None = None,
    placed: Callable[[int, int], None] | None = None,
) -> Ints | None:
    """Place activities in an order, first come, first served; what comes before one is placed before it.

    Parameters
    ----------
    order
        All activities.
    window
        (n,) first and last months of starting; no month where the last lies before the first.
    must
        (n,) which may not be left out.
    allowed
        Rules out further months. What must start and is allowed in none of its months starts in the last of them;
        what may be left out is.
    placed
        Is told of each activity and its month, once it is placed.

    Returns
    -------
    (n,) starts, or None where something that must start finds no month.
    """
    each = programme.activities
    starts = np.full(len(each), NEVER_STARTS, dtype=np.int64)
    capacity = programme.crews.capacity
    free = np.where(capacity < 0, np.iinfo(np.int64).max // 2, capacity)
    for row in _before_first(programme, order):
        months = list(_months(programme, row, starts, free, window))
        month = next((month for month in months if allowed is None or allowed(row, month)), None)
        if month is None and must[row]:
            if not months:
                return None
            month = months[-1]
        if month is None:
            continue
        starts[row] = month
        free[:, month : month + each.ready[row]] -= each.crews[row][:, None]
        if placed is not None:
            placed(row, month)
    return starts


def _before_first(programme: Programme, order: Sequence[int]) -> Iterator[int]:
    """Yield the order, but before each what has to come before it."""
    arcs = programme.arcs
    done: set[int] = set()
    for row in order:
        chain = [row]
        while chain:
            waits = [b for b in arcs.before[arcs.after == chain[-1]].tolist() if b not in done]
            if waits:
                chain.append(waits[0])
                continue
            one = chain.pop()
            if one not in done:
                done.add(one)
                yield one


def _months(programme: Programme, row: int, starts: Ints, free: Ints, window: tuple[Ints, Ints]) -> Iterator[int]:
    """Months of its window in which it may start beside what is placed."""
    each, arcs, counts = programme.activities, programme.arcs, programme.counts
    own = arcs.after == row
    before = starts[arcs.before[own]]
    if (before == NEVER_STARTS).any():
        return
    first = int((before + arcs.wait[own]).max(initial=int(window[0][row])))
    needed = each.crews[row]
    fits = (free >= needed[:, None])[needed > 0].all(axis=0)
    begun = ((starts != NEVER_STARTS) & (starts <= counts.by[:, None]) & counts.counted).sum(axis=1)
    full = counts.counted[:, row] & (counts.most >= 0) & (begun >= counts.most)
    first = int((counts.by[full] + 1).max(initial=first))
    for month in range(first, int(window[1][row]) + 1):
        if fits[month : month + int(each.ready[row])].all():
            yield month
