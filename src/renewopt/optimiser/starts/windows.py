"""Windows of a programme, narrowed by what is known before any search, and the months that an answer takes of them."""

from __future__ import annotations

import math

import numpy as np

from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray
from renewopt.optimiser.model.start_options import CLOSED, StartOptions
from renewopt.scheduling import NEVER_STARTS, Programme


def narrowed(programme: Programme) -> tuple[IntArray, IntArray]:
    """(A,) first and last month in which each activity may start in any schedule; `CLOSED` where it may in none.

    What comes after is begun no earlier than what comes before allows; what comes before something that must start has
    to leave it time. Land is cleared by its deadline, where that is a rule.
    """
    each, arcs = programme.activities, programme.arcs
    first, last = each.first.copy(), each.last.copy()
    strict = (each.deadline >= 0) & (each.penalty < 0)
    last = np.where(strict, np.minimum(last, each.deadline - each.ready), last)
    return tightened(first, last, must(programme), (arcs.before, arcs.after, arcs.wait))


def must(programme: Programme) -> BoolArray:
    """(A,) activities that must start: as stated, for their land's deadline, or because such a one comes after them."""
    each, arcs = programme.activities, programme.arcs
    result = each.must | ((each.deadline >= 0) & (each.penalty < 0))
    for _ in range(len(each)):
        more = result.copy()
        more[arcs.before[result[arcs.after]]] = True
        if (more == result).all():
            break
        result = more
    return result


def tightened(
    first: IntArray, last: IntArray, must: BoolArray, arcs: tuple[IntArray, IntArray, IntArray]
) -> tuple[IntArray, IntArray]:
    """Narrow windows along precedence (before, after, gap) until nothing changes."""
    before, after, gap = arcs
    first, last = first.astype(np.int64), last.astype(np.int64)
    for _ in range(first.size + 1):
        earliest, latest = first.copy(), last.copy()
        np.maximum.at(earliest, after, first[before] + gap)
        forced = must[after]
        np.minimum.at(latest, before[forced], last[after[forced]] - gap[forced])
        earliest[earliest > latest] = CLOSED
        latest[earliest == CLOSED] = CLOSED - 1
        if (earliest == first).all() and (latest == last).all():
            break
        first, last = earliest, latest
    return first, last


def ruled_out(options: StartOptions, f: Formulation, starts: IntArray) -> tuple[IntArray, FloatArray, float, float]:
    """Columns, values and limits of the row that rules out one schedule, starts (A,), and no other."""
    begun = np.flatnonzero(starts != NEVER_STARTS)
    never = np.flatnonzero((starts == NEVER_STARTS) & (options.first < options.last + 1) & ~options.must)
    option = options.begin[begun] + starts[begun] - options.first[begun]
    columns = np.concatenate([f["start"].index[option], f["begun"].index[options.begin[never + 1] - 1]])
    sign = np.concatenate([np.ones(begun.size), -np.ones(never.size)])
    return columns, sign, -math.inf, float(begun.size - 1)


def starts_of(options: StartOptions, chosen: FloatArray) -> IntArray:
    """(A,) month in which each activity starts, from what an answer says of each option, (n,) 0 or 1."""
    result: IntArray = np.full(len(options), NEVER_STARTS, dtype=np.int64)
    option = np.flatnonzero(chosen > 0.5)
    result[options.activity[option]] = options.month[option]
    return result
