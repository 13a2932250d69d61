"""A relaxation over few classes and few choices: it proves nothing, and says cheaply what is worth trying."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from renewopt.optimiser.decomposition.ascent import in_use
from renewopt.optimiser.decomposition.relaxation import Relaxation
from renewopt.optimiser.decomposition.reoptimising import Reoptimiser
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster, spread
from renewopt.optimiser.decomposition.stopping import stop_if_over
from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.model.linear import BoolArray, FloatArray
from renewopt.optimiser.progress import Clock

LEAST_GAIN = 1e-6
"""Share of its value by which a part is taken to become dearer at the least, where ways are compared."""


def dearest(values: Sequence[Sequence[float]], cutoff: float) -> int:
    """Of several ways to take schedules in two, that by which both parts become dearest: the product of their gains.

    Parameters
    ----------
    values
        Of the parts of each way; ∞ where a part is infeasible.
    cutoff
        Value from which on dearer is no better.
    """
    capped = [[min(value, cutoff) for value in parts] for parts in values]
    least = min(min(parts) for parts in capped)
    if not math.isfinite(least):
        return 0
    room = LEAST_GAIN * max(abs(least), 1.0)
    return int(np.argmax([math.prod(value - least + room for value in parts) for parts in capped]))


class Guide:
    """What a relaxation over few classes and choices says of schedules; time that is up, and Ctrl-C, end a question.

    Parameters
    ----------
    opened
        (offers of classes, T) the few choices among which schedules are looked for.
    x
        Columns of the relaxation's solution.

    Attributes
    ----------
    models
        Solves parts of the schedules.
    """

    def __init__(self, relaxation: Relaxation, opened: BoolArray, clock: Clock, x: FloatArray) -> None:
        self._relaxation, self._clock, self._opened = relaxation, clock, opened
        # Where the objective pays for phases, the value of a part is then within a few tenths of a percent of that with
        # every choice open (measured).
        self.models = Reoptimiser(relaxation, spread(relaxation) | in_use(relaxation, x), clock)
        self._cutoffs: dict[bytes, float] = {}

    def schedule(self, gap: float, known: FloatArray | None, within: PhaseBounds | None = None) -> FloatArray | None:
        """(E, T) of whole phases, by branch and cut; None if none was found.

        Parameters
        ----------
        gap
            The search ends so near to its own bound.
        known
            (E, T) a schedule to be improved.
        within
            The part of the schedules to look in; None: all.
        """
        return schedule_of(self._relaxation, self._opened, self._clock, gap, known, within)

    def dearest(
        self, part: PhaseBounds, ways: Sequence[list[PhaseBounds]], known: FloatArray | None
    ) -> list[PhaseBounds]:
        """Of several ways to take a part of the schedules in two, that by which both parts become dearest.

        Parameters
        ----------
        known
            (E, T) the best schedule so far: dearer than this is no better.

        Raises
        ------
        StoppedError
            If time is up or Ctrl-C was pressed.
        """
        cutoff = math.inf if known is None else self._cutoff(known)
        (whole,) = self.models.solve([part], self.models.root)
        values = [[each.value for each in self.models.solve(way, whole, cutoff)] for way in ways]
        return ways[dearest(values, cutoff)]

    def _cutoff(self, known: FloatArray) -> float:
        """What a schedule costs over these classes and choices, in 万元."""
        key = known.tobytes()
        if key not in self._cutoffs:
            self._cutoffs[key] = self.models.solve([(known, known)], self.models.root)[0].value
        return self._cutoffs[key]


def schedule_of(
    relaxation: Relaxation,
    opened: BoolArray,
    clock: Clock,
    gap: float,
    known: FloatArray | None,
    within: PhaseBounds | None = None,
) -> FloatArray | None:
    """Return (E, T) of whole phases over few choices (`RestrictedMaster.schedule`); None if none was found."""
    since = time.perf_counter()
    status, state = "unknown", None
    # What the solver gives up is left to others.
    with suppress(SolverError):
        master = RestrictedMaster(relaxation, opened, elastic=False)
        status, state = master.schedule(gap, clock.left, known, within)
    clock.spend("relaxation", since)
    if status == "interrupted":
        stop_if_over(status)
    return state
