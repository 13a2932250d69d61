"""Starts judged: windows, precedence, crews, numbers, land; and what they cost by delay.

Read from the planner's rules alone, not from any model: the audit of a programme rests on this page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.scheduling.activities import NEVER_STARTS, Programme
from renewopt.units import Month
from renewopt.wording import Wording, as_is, words

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that starts break.

    Attributes
    ----------
    rule
        ``window``, ``must``, ``precedence``, ``crews``, ``number`` or ``land``.
    activity
        Whose start it is; "" where it is nobody's alone.
    message
        What is wrong, in words.
    """

    rule: str
    activity: str
    message: Wording


def faults(programme: Programme, starts: Mapping[str, int | None], start: Month | None = None) -> list[Fault]:
    """List every rule of a programme that given starts break; empty when they are in order.

    Parameters
    ----------
    programme
    starts
        Month of each activity, counted from the scenario's start; None, or not named: it is left out.
    start
        The scenario's, so that months are told by their dates; default: by their numbers.

    Raises
    ------
    ValueError
        If a name is none of an activity.
    """
    vector = programme.vector(starts)

    def at(month: int) -> Wording:
        return words("month {number}", number=month) if start is None else as_is(start + month)

    return [
        *_windows(programme, vector, at),
        *_precedence(programme, vector, at),
        *_crews(programme, vector, at),
        *_numbers(programme, vector, at),
        *_land(programme, vector, at),
    ]


def _windows(programme: Programme, starts: Ints, at: Callable[[int], Wording]) -> Iterator[Fault]:
    """Each starts within its window; one that must is not left out."""
    each = programme.activities
    for row, month in enumerate(starts.tolist()):
        name, first, last = str(each.id[row]), int(each.first[row]), int(each.last[row])
        if month == NEVER_STARTS:
            if each.must[row]:
                yield Fault("must", name, words("{name} must start and is left out", name=name))
        elif not first <= month <= last:
            message = words(
                "{name} starts in {month}, outside of its window {first} to {last}",
                name=name,
                month=at(month),
                first=at(first),
                last=at(last),
            )
            yield Fault("window", name, message)


def _precedence(programme: Programme, starts: Ints, at: Callable[[int], Wording]) -> Iterator[Fault]:
    """What comes after starts only if what comes before does, and waits for it."""
    arcs, names = programme.arcs, programme.activities.id
    for before, after, wait in zip(arcs.before.tolist(), arcs.after.tolist(), arcs.wait.tolist(), strict=True):
        if starts[after] == NEVER_STARTS:
            continue
        first, second = str(names[before]), str(names[after])
        if starts[before] == NEVER_STARTS:
            message = words(
                "{after} starts, but {before}, which comes before it, is left out", after=second, before=first
            )
            yield Fault("precedence", second, message)
        elif starts[after] < starts[before] + wait:
            message = words(
                "{after} starts in {month}, before {earliest}, until which it waits for {before}",
                after=second,
                month=at(int(starts[after])),
                earliest=at(int(starts[before] + wait)),
                before=first,
            )
            yield Fault("precedence", second, message)


def busy(programme: Programme, starts: Ints) -> Ints:
    """(C, W) crews that are busy in each month."""
    each, crews = programme.activities, programme.crews
    result = np.zeros(crews.capacity.shape, dtype=np.int64)
    for row in np.flatnonzero(starts != NEVER_STARTS).tolist():
        result[:, starts[row] : starts[row] + each.ready[row]] += each.crews[row][:, None]
    return result


def _crews(programme: Programme, starts: Ints, at: Callable[[int], Wording]) -> Iterator[Fault]:
    """No more crews are busy than there are; the first month of each is told."""
    crews = programme.crews
    used = busy(programme, starts)
    over = (crews.capacity >= 0) & (used > crews.capacity)
    for row in np.flatnonzero(over.any(axis=1)).tolist():
        month = int(over[row].argmax())
        message = words(
            "{used} of crew {crew} {used:is|are} busy in {month}, where there {capacity:is|are} {capacity}",
            used=int(used[row, month]),
            crew=str(crews.id[row]),
            month=at(month),
            capacity=int(crews.capacity[row, month]),
        )
        yield Fault("crews", "", message)


def _numbers(programme: Programme, starts: Ints, at: Callable[[int], Wording]) -> Iterator[Fault]:
    """Least and greatest numbers begun by a month."""
    counts = programme.counts
    for row, by in enumerate(counts.by.tolist()):
        begun = int((counts.counted[row] & (starts != NEVER_STARTS) & (starts <= by)).sum())
        least, most = int(counts.least[row]), int(counts.most[row])
        if begun < least:
            message = words(
                "{begun} {begun:is|are} begun by {by}, at least {least} should be", begun=begun, by=at(by), least=least
            )
            yield Fault("number", "", message)
        if 0 <= most < begun:
            message = words(
                "{begun} {begun:is|are} begun by {by}, at most {most} may be", begun=begun, by=at(by), most=most
            )
            yield Fault("number", "", message)


def _land(programme: Programme, starts: Ints, at: Callable[[int], Wording]) -> Iterator[Fault]:
    """Land with a deadline and no penalty is cleared in time."""
    each = programme.activities
    for row in np.flatnonzero((each.deadline >= 0) & (each.penalty < 0)).tolist():
        name, deadline = str(each.id[row]), int(each.deadline[row])
        if starts[row] == NEVER_STARTS:
            yield Fault("land", name, words("the land of {name} is to be cleared, and it is left out", name=name))
        elif starts[row] + each.ready[row] > deadline:
            message = words(
                "the land of {name} is cleared in {month}, after its deadline {deadline}",
                name=name,
                month=at(int(starts[row] + each.ready[row])),
                deadline=at(deadline),
            )
            yield Fault("land", name, message)


def cleared(programme: Programme, starts: Ints) -> Ints:
    """(n,) month in which each is ready (finished, or cleared); T + A at the latest, and where it is left out."""
    end = programme.months + programme.after_horizon_months
    begun = np.where(starts == NEVER_STARTS, end, starts + programme.activities.ready)
    return np.minimum(begun, end)


def delay_fen(programme: Programme, starts: Ints) -> Ints:
    """(n,) fen of delay: its cost for each month until it is ready, and the penalty for those beyond a land deadline.

    Months before the scenario's start are not counted, nor those from month T + A on, begun or not: a late start never
    costs more than none.
    """
    each = programme.activities
    until = cleared(programme, starts)
    late = np.where(each.deadline >= 0, np.maximum(until - each.deadline, 0), 0)
    result: Ints = each.delay_cost * until + np.maximum(each.penalty, 0) * late
    return result


def programme_delay(programme: Programme, starts: Mapping[str, int | None]) -> int:
    """Fen that the starts of a programme cost by delay and late land; part of both objectives, never discounted."""
    return int(delay_fen(programme, programme.vector(starts)).sum())
