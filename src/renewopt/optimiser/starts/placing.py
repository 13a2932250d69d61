"""Schedules made without any model: activities placed one after another, each as early as precedence and crews allow.

The serial schedule generation scheme of resource-constrained project scheduling (Kolisch 1996), in an order that a rule
of thumb gives. What may be left out and does not fit is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

import numpy as np

from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray
from renewopt.optimiser.model.start_options import CLOSED, StartOptions
from renewopt.scheduling import NEVER_STARTS, Programme, faults

FIRST = 2
"""Schedules of rules of thumb that are planned for."""
DRAWN_ORDERS = 100
"""Orders that are drawn besides those of rules of thumb, and as many near the best."""
SPREADS = (2, 4, 8, 12)
"""Months by which an order near the best one may differ from it."""
SEED = 19
"""Of the orders that are drawn: the same scenario has the same schedules on every machine."""


def placed(
    options: StartOptions,
    order: Iterable[int],
    left_out: frozenset[int] = frozenset(),
    since: IntArray | None = None,
) -> IntArray | None:
    """(A,) starts: activities in the given order, but none before those that come before it.

    Parameters
    ----------
    order
        All activities, first come, first served.
    left_out
        Activities that are not started; of them none must.
    since
        (A,) months before which none is started; default: none are stated.

    Returns
    -------
    numpy.ndarray
        None where something that must start finds no place.
    """
    starts = np.full(len(options), NEVER_STARTS, dtype=np.int64)
    free = np.where(options.capacity < 0, np.iinfo(np.int64).max // 2, options.capacity)
    counts = _Counts(options)
    for activity in in_precedence(options, order):
        wish = 0 if since is None else int(since[activity])
        month = None if activity in left_out else _earliest(options, activity, starts, free, counts, wish)
        if month is None:
            if options.must[activity]:
                return None
            continue
        starts[activity] = month
        free[:, month : month + options.lasts[activity]] -= options.crews[activity][:, None]
        counts.add(activity, month)
    return starts if counts.enough() else None


class _Counts:
    """Numbers begun by a month, as they are used up."""

    def __init__(self, options: StartOptions) -> None:
        self.options = options
        self.begun = np.zeros(options.by.size, dtype=np.int64)

    def earliest(self, activity: int) -> int:
        """First month in which it does not count where no more may be begun."""
        options = self.options
        full = options.counted[:, activity] & (options.most >= 0) & (self.begun >= options.most)
        return int((options.by[full] + 1).max(initial=0))

    def add(self, activity: int, month: int) -> None:
        options = self.options
        self.begun += options.counted[:, activity] & (month <= options.by)

    def enough(self) -> bool:
        return bool((self.begun >= self.options.least).all())


def _earliest(
    options: StartOptions, activity: int, starts: IntArray, free: IntArray, counts: _Counts, since: int
) -> int | None:
    """First month of its window in which it may start beside what is placed."""
    if options.first[activity] >= CLOSED:
        return None
    own = options.after == activity
    before = starts[options.before[own]]
    if (before == NEVER_STARTS).any():
        return None
    first = int(max((before + options.gap[own]).max(initial=since), options.first[activity], counts.earliest(activity)))
    lasts, needed = int(options.lasts[activity]), options.crews[activity]
    used = np.flatnonzero(needed)
    fits = (free[used] >= needed[used][:, None]).all(axis=0)
    for month in range(first, int(options.last[activity]) + 1):
        if fits[month : month + lasts].all():
            return month
    return None


def in_precedence(options: StartOptions, order: Iterable[int]) -> Iterator[int]:
    """Yield the given order, each after all that come before it."""
    left = list(order)
    waiting_for = {a: set(options.before[options.after == a].tolist()) for a in left}
    done: set[int] = set()
    while left:
        ready = next(a for a in left if waiting_for[a] <= done)
        left.remove(ready)
        done.add(ready)
        yield ready


def orders(options: StartOptions, drawn: int) -> Iterator[list[int]]:
    """Yield orders by rules of thumb: by latest start, land first, by delay cost; then drawn ones like the first."""
    everything = np.arange(len(options))
    latest = _latest(options).astype(np.float64)
    per_month = _delay(options)
    lands = np.isin(everything, options.land_activity)
    yield from (
        _by(~options.must, latest),
        _by(~options.must, -per_month),
        _by(-per_month, latest),
        _by(~lands, ~options.must, latest),
        _by(options.first.astype(np.float64)),
    )
    random = Random(SEED)
    spread = max(float(np.ptp(latest)), 1.0) / 5
    for _ in range(drawn):
        yield _by(latest + np.array([random.uniform(0, spread) for _ in everything]))


def _by(*keys: FloatArray | IntArray | BoolArray) -> list[int]:
    return [int(a) for a in np.lexsort(tuple(reversed(keys)))]


def _latest(options: StartOptions) -> IntArray:
    """(A,) latest start that leaves those after it their time, as far as windows tell."""
    latest = np.where(options.last >= CLOSED - 1, CLOSED, options.last).astype(np.int64)
    for _ in range(len(options)):
        before = latest.copy()
        np.minimum.at(before, options.before, latest[options.after] - options.gap)
        if (before == latest).all():
            break
        latest = before
    return latest


def _delay(options: StartOptions) -> FloatArray:
    """(A,) fen that starting in the last month instead of the first costs."""
    some = np.flatnonzero(options.first < CLOSED)
    result = np.zeros(len(options))
    result[some] = options.cost[options.begin[some + 1] - 1] - options.cost[options.begin[some]]
    return result


def first_schedules(programme: Programme, options: StartOptions) -> list[IntArray]:
    """Schedules to begin with: the cheapest in delay, all that can start, and only what must."""
    found: dict[tuple[int, ...], float] = {}
    optional = frozenset(np.flatnonzero(~options.must).tolist())
    for left_out, drawn in ((frozenset[int](), DRAWN_ORDERS), (optional, 0)):
        for order in orders(options, drawn):
            starts = placed(options, order, left_out)
            if starts is not None and not faults(programme, programme.named(starts)):
                found[tuple(starts.tolist())] = delay_cost(options, starts)
    best = sorted(found, key=lambda key: found[key])
    if best:
        found |= _near(programme, options, np.array(best[0], dtype=np.int64))
        best = sorted(found, key=lambda key: found[key])
    return [np.array(key, dtype=np.int64) for key in best[:FIRST]]


def _near(programme: Programme, options: StartOptions, best: IntArray) -> dict[tuple[int, ...], float]:
    """Better schedules by delay, from orders drawn close to that of the best so far."""
    random, found = Random(SEED), {}
    last = np.where(best == NEVER_STARTS, options.last, best)
    least = delay_cost(options, best)
    for _ in range(DRAWN_ORDERS):
        spread = random.choice(SPREADS)
        starts = placed(options, _by(last + np.array([random.uniform(0, spread) for _ in last])))
        if starts is None or faults(programme, programme.named(starts)):
            continue
        cost = delay_cost(options, starts)
        if cost <= least:
            found[tuple(starts.tolist())] = cost
            least, last = cost, np.where(starts == NEVER_STARTS, options.last, starts)
    return found


def delay_cost(options: StartOptions, starts: IntArray) -> float:
    """Fen that starts cost by delay."""
    begun = np.flatnonzero(starts != NEVER_STARTS)
    option = options.begin[begun] + starts[begun] - options.first[begun]
    return float(options.cost[option].sum() + options.idle[starts == NEVER_STARTS].sum())
