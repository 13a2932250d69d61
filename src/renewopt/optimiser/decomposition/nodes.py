"""Relaxations of nodes (parts of all schedules), two at a time: for the dive to a first schedule and for branching."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

from renewopt.optimiser.decomposition.ascent import DualAscent
from renewopt.optimiser.decomposition.relaxation import (
    Relaxation,
    RelaxationFactory,
    SolvedRelaxation,
    StabilityCentre,
)
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster
from renewopt.optimiser.model.linear import BoolArray
from renewopt.optimiser.progress import Clock
from renewopt.vocabulary import STOPPED

CLOSE = 2e-4
"""Choices left out are priced in as long as they could improve the value by more than this share."""
ASCENT_STEPS = 5
"""Steps of dual ascent for one part."""
CLOSE_OF_REST = 0.25
"""Share of what a part's bound is short of `enough`: the last steps are not worth more than another branching."""
WORTH = 0.12
"""Share of what a step promises that it has to prove, for the ascent not to end soon."""
FIRST_BOX = 0.2
"""Box of the first of them: the duals of a part are not near those of the whole."""


class NodeRelaxations:
    """Solves a relaxation for parts of the schedules; what one part wants is open to all that follow.

    Parameters
    ----------
    opened
        (offers of classes, T) choices to begin with.
    lift
        As `RestrictedMaster` takes it.
    """

    def __init__(
        self,
        relaxing: RelaxationFactory,
        relaxation: Relaxation,
        opened: BoolArray,
        clock: Clock,
        *,
        lift: bool = False,
    ) -> None:
        self._relaxing, self._clock, self._lift = relaxing, clock, lift
        self.relaxation = relaxation
        self.opened = opened
        self.stopped = ""

    def whole(self) -> PhaseBounds:
        """All schedules."""
        return self.relaxation.phase_bounds()

    def solve(
        self, parts: Sequence[PhaseBounds], centre: StabilityCentre, *, rounds: int = 1, corner: bool = False
    ) -> list[SolvedRelaxation | None]:
        """Solve each part; None where it is infeasible, or time is up (`stopped` says so).

        Parameters
        ----------
        centre
            Duals that hold for all of them.
        rounds
            Times that choices may be let in and the parts solved again.
        """
        solved: list[SolvedRelaxation | None] = [None] * len(parts)
        for left in reversed(range(rounds)):
            since = time.perf_counter()
            model = RestrictedMaster(self.relaxation, self.opened, elastic=True, lift=self._lift)
            answers = model.solve_parts(parts, self._clock.left, corner=corner and not left)
            since = self._clock.spend("relaxation", since)
            self.stopped = next((a.status for a in answers if a.status in STOPPED), "")
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

    def ascend(self, part: PhaseBounds, solved: SolvedRelaxation, enough: float) -> SolvedRelaxation:
        """Ascend to the best bound of a part; what it wants, and its value, stay as they were solved.

        Where many choices are missing, the duals of a part swing from one round to the next and prove no more than
        those of the whole, however close its value has come to that with every choice.

        Parameters
        ----------
        enough
            A bound, in 万元, above which there is no need to ascend.
        """
        if solved.bound > enough or (not solved.infeasible and _missing(solved) <= CLOSE):
            return solved
        since = time.perf_counter()
        relaxation = self.relaxation.for_part(*part)
        ascent = DualAscent(self._relaxing, self._clock.quiet(), relaxation, solved, elastic=True, opened=self.opened)
        rest = (enough - solved.bound) / max(abs(solved.bound), 1.0)
        close = max(CLOSE, CLOSE_OF_REST * rest) if math.isfinite(rest) else CLOSE
        ascent.ascend(close, enough, ASCENT_STEPS, box=FIRST_BOX, split=False, worth=WORTH)
        self._clock.spend("bound", since)
        self.stopped = ascent.stopped
        self.opened = self.opened | ascent.incumbent.opened
        return replace(ascent.incumbent.solved, value=solved.value, infeasibility=solved.infeasibility, x=solved.x)


def _missing(solved: SolvedRelaxation) -> float:
    return (solved.value - solved.bound) / max(abs(solved.value), 1.0)
