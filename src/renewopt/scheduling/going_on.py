"""A programme under way: what has begun is a fact, what has not waits for it.

A fact is never refused, however little the rules of the programme allowed it: they bind what is still to begin, beside
the facts and as far as these leave it a choice.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.scheduling.activities import NEVER_STARTS, Activities, Arcs, Bools, Ints, Programme
from renewopt.scheduling.placing import Binding, place
from renewopt.scheduling.schedule import busy

__all__ = ["carried_on", "under_way"]

NO_DEADLINE = -1


def carried_on(programme: Programme, planned: Ints, facts: Ints, now: int) -> Ints:
    """Keep what a plan starts from a month on as far as can be, once it is known what has begun before it.

    What was to begin before and has not, and what waits for something late, starts as soon as it can; what may be left
    out and finds no month in its window any more is left out. What must start does so after its window, if need be; it
    is left out where it comes after something that is.

    Parameters
    ----------
    planned
        (n,) starts of the plan.
    facts
        (n,) months of what has begun, all before `now`; `NEVER_STARTS`: it has not begun.
    now
        First month that is not over.

    Returns
    -------
    (n,) starts
    """
    known = _with_facts(programme, facts, now)
    each, begun, wished = known.activities, facts != NEVER_STARTS, planned != NEVER_STARTS
    first = np.where(begun, facts, np.maximum(each.first, np.where(wished, planned, 0)))
    last = np.where(each.must & ~begun, programme.months - 1, each.last)
    last = np.where(begun | wished | each.must, last, NEVER_STARTS)
    order = np.lexsort((~each.must, first, ~begun)).tolist()
    # Of what must start, what finds no month is left out like everything else, and told.
    placed = place(Binding.of(known, (first, last), begun), order)
    assert placed is not None
    return placed


def under_way(programme: Programme, starts: Ints, now: int) -> Programme:
    """Return a programme as it binds from a month on: its past is fixed, and lifted is what could not be kept.

    Parameters
    ----------
    starts
        (n,) of all: those before `now` are facts, the others as `carried_on` finds them.
    now
        First month that is not over.
    """
    known = _with_facts(programme, np.where(starts < now, starts, NEVER_STARTS), now)
    each, counts = known.activities, known.counts
    started = starts != NEVER_STARTS
    missed = (each.penalty < 0) & (~started | (starts + each.ready > each.deadline))
    reached = (counts.counted & started & (starts <= counts.by[:, None])).sum(axis=1)
    return replace(
        known,
        activities=replace(
            each,
            last=np.where(each.must & started, np.maximum(each.last, starts), each.last),
            must=each.must & started,
            deadline=np.where(missed, NO_DEADLINE, each.deadline),
        ),
        counts=replace(counts, least=np.minimum(counts.least, reached)),
    )


def _with_facts(programme: Programme, facts: Ints, now: int) -> Programme:
    """The programme with the windows of its facts, and room for them; nothing else begins before `now`."""
    begun = facts != NEVER_STARTS
    counts, crews = programme.counts, programme.crews
    used = busy(programme, facts)
    by_then = (counts.counted & begun & (facts <= counts.by[:, None])).sum(axis=1)
    return replace(
        programme,
        activities=_fixed(programme.activities, facts, begun, now),
        arcs=_without(programme.arcs, begun),
        crews=replace(crews, capacity=np.where(crews.capacity < 0, -1, np.maximum(crews.capacity, used))),
        counts=replace(counts, most=np.where(counts.most < 0, -1, np.maximum(counts.most, by_then))),
    )


def _fixed(each: Activities, facts: Ints, begun: Bools, now: int) -> Activities:
    return replace(
        each,
        first=np.where(begun, facts, np.maximum(each.first, now)),
        last=np.where(begun, facts, each.last),
        must=begun | each.must,
    )


def _without(arcs: Arcs, begun: Bools) -> Arcs:
    """What comes before something that has begun binds it no more."""
    open_still = ~begun[arcs.after]
    return Arcs(*(getattr(arcs, name)[open_still] for name in ("before", "after", "wait", "event")))
