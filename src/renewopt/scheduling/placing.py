"""A schedule made in one pass: activities in a given order, each as early as the rules of the programme let it.

The serial schedule generation scheme of resource-constrained project scheduling (Kolisch 1996), for whoever orders
activities by a rule of thumb: windows, precedence, crews and greatest numbers. Least numbers and all else are judged
afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from renewopt.scheduling.activities import NEVER_STARTS, Bools, Ints, Programme

__all__ = ["Allowed", "Binding", "place"]

Allowed = Callable[[int, int], bool]
"""Whether an activity may start in a month, beside what has been placed so far."""


@dataclass(frozen=True, eq=False)
class Binding:
    """What binds the months in which n activities may start.

    Attributes
    ----------
    first, last
        (n,) window; no month where the last lies before the first.
    must
        (n,) which may not be left out.
    lasts
        (n,) months in which its crews are busy, from the start on.
    crews
        (n, C) how many of each crew it keeps.
    capacity
        (C, M) how many of each crew there are in each month; −1: any number.
    before, after, gap
        (k,) `after` starts so many months after `before` at the earliest, and only if that starts.
    counted
        (r, n) which activities a rule on numbers counts.
    by, most
        (r,) no more than so many of these start up to a month; −1: any number.
    """

    first: Ints
    last: Ints
    must: Bools
    lasts: Ints
    crews: Ints
    capacity: Ints
    before: Ints
    after: Ints
    gap: Ints
    counted: Bools
    by: Ints
    most: Ints

    @classmethod
    def of(cls, programme: Programme, window: tuple[Ints, Ints], must: Bools) -> Binding:
        """Of a programme, with windows (n,), (n,) and what must start (n,) as stated."""
        each, arcs, counts = programme.activities, programme.arcs, programme.counts
        return cls(
            *window, must, each.ready, each.crews, programme.crews.capacity, arcs.before, arcs.after, arcs.wait,
            counts.counted, counts.by, counts.most,
        )  # fmt: skip


def place(
    rules: Binding,
    order: Sequence[int],
    *,
    since: Ints | None = None,
    allowed: Allowed | None = None,
    placed: Callable[[int, int], None] | None = None,
) -> Ints | None:
    """Place activities in an order, first come, first served; what comes before one is placed before it.

    Parameters
    ----------
    rules
        What binds their months.
    order
        All activities.
    since
        (n,) months before which none is started; `NEVER_STARTS`: it is left out, unless it must start.
    allowed
        Rules out further months. What must start and is allowed in none of its months starts in the last of them;
        what may be left out is.
    placed
        Is told of each activity and its month, once it is placed.

    Returns
    -------
    (n,) starts, or None where something that must start finds no month.
    """
    starts = np.full(len(rules.first), NEVER_STARTS, dtype=np.int64)
    free = np.where(rules.capacity < 0, np.iinfo(np.int64).max // 2, rules.capacity)
    for row in _before_first(rules, order):
        wish = 0 if since is None else int(since[row])
        if wish == NEVER_STARTS and not rules.must[row]:
            continue
        months = _months(rules, row, starts, free, 0 if wish == NEVER_STARTS else wish)
        month = _chosen(row, months, allowed, must=bool(rules.must[row]))
        if month is None:
            if rules.must[row]:
                return None
            continue
        starts[row] = month
        free[:, month : month + rules.lasts[row]] -= rules.crews[row][:, None]
        if placed is not None:
            placed(row, month)
    return starts


def _chosen(row: int, months: Iterator[int], allowed: Allowed | None, *, must: bool) -> int | None:
    """The first month that is allowed; of what must start, the last one where none is."""
    last = None
    for month in months:
        if allowed is None or allowed(row, month):
            return month
        last = month
    return last if must else None


def _before_first(rules: Binding, order: Sequence[int]) -> Iterator[int]:
    """Yield the order, but before each what has to come before it."""
    done: set[int] = set()
    for row in order:
        chain = [row]
        while chain:
            waits = [b for b in rules.before[rules.after == chain[-1]].tolist() if b not in done]
            if waits:
                chain.append(waits[0])
                continue
            one = chain.pop()
            if one not in done:
                done.add(one)
                yield one


def _months(rules: Binding, row: int, starts: Ints, free: Ints, since: int) -> Iterator[int]:
    """Months of its window in which it may start beside what is placed."""
    own = rules.after == row
    before = starts[rules.before[own]]
    if (before == NEVER_STARTS).any():
        return
    first = int((before + rules.gap[own]).max(initial=max(int(rules.first[row]), since)))
    needed = rules.crews[row]
    fits = (free >= needed[:, None])[needed > 0].all(axis=0)
    begun = ((starts != NEVER_STARTS) & (starts <= rules.by[:, None]) & rules.counted).sum(axis=1)
    full = rules.counted[:, row] & (rules.most >= 0) & (begun >= rules.most)
    first = int((rules.by[full] + 1).max(initial=first))
    for month in range(first, int(rules.last[row]) + 1):
        if fits[month : month + int(rules.lasts[row])].all():
            yield month
