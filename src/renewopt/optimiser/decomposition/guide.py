"""A relaxation over few classes and few choices: it proves nothing, and says cheaply what is worth trying."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from renewopt.optimiser.decomposition.relaxation import Relaxation
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster
from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.model.linear import BoolArray, FloatArray
from renewopt.optimiser.progress import Clock
from renewopt.vocabulary import STOPPED

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
    """What a relaxation over few classes and choices says of schedules.

    Attributes
    ----------
    stopped
        ``time_limit`` or ``interrupted`` if that ended the last question, else "".
    """

    def __init__(self, relaxation: Relaxation, opened: BoolArray, clock: Clock) -> None:
        self._relaxation, self._opened, self._clock = relaxation, opened, clock
        self._elastic = RestrictedMaster(relaxation, opened, elastic=True)
        self.stopped = ""

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
        since = time.perf_counter()
        status, state = "unknown", None
        # What the solver gives up is left to others.
        with suppress(SolverError):
            strict = RestrictedMaster(self._relaxation, self._opened, elastic=False)
            status, state = strict.schedule(gap, self._clock.left, known, within)
        self._clock.spend("relaxation", since)
        self.stopped = status if status == "interrupted" else ""
        return state

    def dearest(self, ways: Sequence[Sequence[PhaseBounds]], known: FloatArray | None) -> int:
        """Of several ways to take schedules in two, that by which both parts become dearest.

        Parameters
        ----------
        known
            (E, T) the best schedule so far: dearer than this is no better.
        """
        values = [self._values(way) for way in ways]
        cutoff = math.inf if known is None else self._values([(known, known)])[0]
        return dearest(values, cutoff)

    def _values(self, parts: Sequence[PhaseBounds]) -> list[float]:
        since = time.perf_counter()
        answers = self._elastic.solve_parts(parts, self._clock.left)
        self._clock.spend("relaxation", since)
        self.stopped = next((a.status for a in answers if a.status in STOPPED), self.stopped)
        return [answer.value for answer in answers]
