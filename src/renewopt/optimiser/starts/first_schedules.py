"""Schedules to begin a search with, made without any model: activities placed in orders that rules of thumb give.

What may be left out and does not fit is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np

from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray
from renewopt.optimiser.model.start_options import CLOSED, StartOptions
from renewopt.scheduling import NEVER_STARTS, Programme, faults
from renewopt.scheduling.placing import Binding, place

FIRST = 2
"""Schedules of rules of thumb that are planned for."""
DRAWN_ORDERS = 100
"""Orders that are drawn besides those of rules of thumb, and as many near the best."""
SPREADS = (2, 4, 8, 12)
"""Months by which an order near the best one may differ from it."""
SEED = 19
"""Of the orders that are drawn: the same scenario has the same schedules on every machine."""


def placed(options: StartOptions, order: list[int], since: IntArray | None = None) -> IntArray | None:
    """(A,) starts as of `renewopt.scheduling.placing.place`; None, too, where fewer start than have to."""
    rules = Binding(
        options.first, options.last, options.must, options.lasts, options.crews, options.capacity, options.before,
        options.after, options.gap, options.counted, options.by, options.most,
    )  # fmt: skip
    starts = place(rules, order, since=since)
    if starts is None:
        return None
    begun = ((starts != NEVER_STARTS) & (starts <= options.by[:, None]) & options.counted).sum(axis=1)
    return starts if (begun >= options.least).all() else None


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
    nothing_more = np.where(options.must, 0, NEVER_STARTS)
    for since, drawn in ((None, DRAWN_ORDERS), (nothing_more, 0)):
        for order in orders(options, drawn):
            starts = placed(options, order, since)
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
