"""From runs to statements: seconds to a gap, ratios of pairs with their spread, growth with size.

A run that was stopped or ran out of memory counts as the limit of time and is marked as *at least*: a ratio with it is
a lower limit (upper limit, where it is ours). A run that failed counts nowhere.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.solver.paths import OURS, PATHS
from benchmarks.solver.records import Record
from benchmarks.solver.telling import BEFORE
from renewopt.optimiser.progress import relative_gap

__all__ = [
    "Growth", "Instance", "Known", "Spread", "Timed", "best_known", "gap_after", "growth", "memory", "ratios", "spread",
    "to_bound", "to_gap",
]  # fmt: skip

Instance = tuple[str, int, int]
"""Spec, size, seed."""


@dataclass(frozen=True)
class Timed:
    """Seconds; `at_least`: stopped before it got there."""

    seconds: float
    at_least: bool = False


@dataclass(frozen=True)
class Known:
    """What all runs of an instance together know (yuan; None: nothing).

    Attributes
    ----------
    relaxation
        Least value that a peer gave for the linear relaxation.
    plan
        Objective of the best whole plan.
    """

    relaxation: float | None
    plan: float | None


@dataclass(frozen=True)
class Spread:
    """A figure over pairs or runs.

    Attributes
    ----------
    middle
        Geometric mean of ratios, median of seconds and bytes.
    low, high
        Least and most.
    number
        Of pairs or runs.
    sign
        ``""``; ``"≥"`` where it is a lower limit, ``"≤"`` where it is an upper one, ``"?"`` where it is neither.
    """

    middle: float
    low: float
    high: float
    number: int
    sign: str = ""


@dataclass(frozen=True)
class Growth:
    """Seconds ≈ c · households^exponent.

    Attributes
    ----------
    exponent
        Slope of the logarithms.
    half_width
        Half of its 95 % interval; infinite with two runs.
    sizes
        Sizes that had runs.
    number
        Of runs.
    """

    exponent: float
    half_width: float
    sizes: tuple[int, ...]
    number: int


def best_known(records: Iterable[Record]) -> dict[Instance, Known]:
    """Gather the best of every instance."""
    relaxed: dict[Instance, list[float]] = defaultdict(list)
    plans: dict[Instance, list[float]] = defaultdict(list)
    instances: set[Instance] = set()
    for record in records:
        instance = (record.spec, record.size, record.seed)
        instances.add(instance)
        if PATHS[record.path].ours:
            plans[instance] += [best for _, best, _ in record.trace if best is not None]
        elif record.status == "solved" and record.objective is not None:
            relaxed[instance].append(record.objective)
    return {each: Known(min(relaxed[each], default=None), min(plans[each], default=None)) for each in sorted(instances)}


def to_gap(record: Record) -> Timed | None:
    """Seconds until a path has what it was asked for; None where it failed.

    Ours: a whole plan and a bound within the asked gap of each other. A peer: its own end, within its tolerance.
    """
    if PATHS[record.path].ours:
        for at, best, bound in record.trace:
            if best is not None and bound is not None and relative_gap(best, bound) <= record.gap:
                return _within(record, at)
    elif record.status == "solved":
        return _within(record, record.finished)
    return _stopped(record)


def to_bound(record: Record, value: float | None) -> Timed | None:
    """Seconds until the bound alone is within the asked gap of a value; None where that is not known."""
    if value is None:
        return None
    for at, _, bound in record.trace:
        if bound is not None and relative_gap(value, bound) <= record.gap:
            return _within(record, at)
    return _stopped(record)


def _within(record: Record, seconds: float) -> Timed:
    """What came after the limit came too late, for whichever path."""
    return Timed(seconds) if seconds <= record.time_limit else Timed(record.time_limit, at_least=True)


def _stopped(record: Record) -> Timed | None:
    if record.status in ("stopped", "out of memory"):
        return Timed(record.time_limit, at_least=True)
    return None


def gap_after(record: Record, seconds: float) -> float | None:
    """Gap between plan and bound at a time; None as long as one of them is missing."""
    gap = None
    for at, best, bound in record.trace:
        if at > seconds:
            break
        if best is not None and bound is not None:
            gap = relative_gap(best, bound)
    return gap


def memory(record: Record) -> int:
    """Most bytes held: ours from the compiled problem on; of a peer only while it receives the model and solves.

    What our own builder takes to make its model is not charged to a peer, unless it ended there.
    """
    steps = [step for step in record.peak if step not in BEFORE]
    if not PATHS[record.path].ours:
        own = [step for step in steps if step in ("hand_over", "solve")]
        steps = own or steps
    return max((record.peak[step] for step in steps), default=max(record.peak.values(), default=0))


def ratios(
    records: Sequence[Record], timed: Callable[[Record], Timed | None], ours: Callable[[Record], Timed | None]
) -> dict[tuple[str, int, str], list[tuple[float, str]]]:
    """Peer ÷ ours for every pair of runs of one instance and repeat, by (spec, size, path), with its sign."""
    base = {record.key[:4]: record for record in records if record.path == OURS}
    found: dict[tuple[str, int, str], list[tuple[float, str]]] = defaultdict(list)
    for record in records:
        our = base.get(record.key[:4])
        if record.path == OURS or our is None:
            continue
        theirs, mine = timed(record), ours(our)
        if theirs is None or mine is None or mine.seconds <= 0 or (theirs.at_least and mine.at_least):
            continue
        sign = "≥" if theirs.at_least else "≤" if mine.at_least else ""
        found[record.spec, record.size, record.path].append((theirs.seconds / mine.seconds, sign))
    return dict(found)


def spread(values: Sequence[float], signs: Iterable[str] = (), *, geometric: bool = False) -> Spread | None:
    """Sum up values, each with its sign; None of none."""
    if not values:
        return None
    kinds = set(signs) - {""}
    sign = "" if not kinds else kinds.pop() if len(kinds) == 1 else "?"
    middle = float(stats.gmean(values)) if geometric else float(np.median(values))
    return Spread(middle, min(values), max(values), len(values), sign)


def growth(points: Sequence[tuple[int, float]]) -> Growth | None:
    """Fit seconds over households; None with fewer than two sizes."""
    sizes = tuple(sorted({size for size, _ in points}))
    if len(sizes) < 2:
        return None
    fit = stats.linregress(np.log([size for size, _ in points]), np.log([seconds for _, seconds in points]))
    free = len(points) - 2
    half = float(stats.t.ppf(0.975, free) * fit.stderr) if free else math.inf
    return Growth(float(fit.slope), half, sizes, len(points))
