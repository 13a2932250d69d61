"""Relaxations for parts of all schedules, two at a time: what a first schedule and branching are made of."""

from __future__ import annotations

import time
from collections.abc import Sequence

from renewopt.optimiser.progress import Clock
from renewopt.optimiser.structured.ascent import BoolArray, Peak
from renewopt.optimiser.structured.open_model import OpenModel, Part
from renewopt.optimiser.structured.relaxation import Centre, Relaxing, Solved

CLOSE = 2e-4
"""Choices left out are let in again as long as they could improve the value by more than this share."""


class Parts:
    """Solves the relaxation of a peak for parts of the schedules; what one part wants is open to all that follow.

    Parameters
    ----------
    opened
        (offers of classes, T) choices to begin with.
    """

    def __init__(self, relaxing: Relaxing, peak: Peak, opened: BoolArray, clock: Clock) -> None:
        self._relaxing, self._clock = relaxing, clock
        self.relaxation = peak.relaxation
        self.opened = opened
        self.stopped = ""

    def whole(self) -> Part:
        """All schedules."""
        return self.relaxation.phase_bounds()

    def solve(
        self, parts: Sequence[Part], centre: Centre, *, rounds: int = 1, corner: bool = False
    ) -> list[Solved | None]:
        """What each part proves and wants; None where it holds nothing, or time is up (`stopped` says so).

        Parameters
        ----------
        centre
            Duals that hold for all of them.
        rounds
            Times that choices may be let in and the parts solved again.
        """
        solved: list[Solved | None] = [None] * len(parts)
        for left in reversed(range(rounds)):
            since = time.perf_counter()
            model = OpenModel(self.relaxation, self.opened, elastic=True)
            answers = model.solve_parts(parts, self._clock.left, corner=corner and not left)
            since = self._clock.spend("relaxation", since)
            self.stopped = next((a.status for a in answers if a.status in ("time_limit", "interrupted")), "")
            if self.stopped:
                return [None] * len(parts)
            solved = [self._relaxing.within(self.relaxation, centre, answer) for answer in answers]
            self._clock.spend("bound", since)
            opened = self.opened.copy()
            for answer in answers:
                if answer.wanted is not None:
                    opened |= answer.wanted
            news, self.opened = bool((opened & ~self.opened).any()), opened
            missing = max((_missing(each) for each in solved if each is not None), default=0.0)
            if not corner and (not news or missing <= CLOSE):
                break
        return solved


def _missing(solved: Solved) -> float:
    return (solved.value - solved.bound) / max(abs(solved.value), 1.0)
