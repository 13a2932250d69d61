"""Relaxations of nodes (parts of all schedules), two at a time: for the dive to a first schedule and for branching."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renewopt.optimiser.decomposition.ascent import DualAscent, in_use
from renewopt.optimiser.decomposition.relaxation import (
    PricedRelaxation,
    Relaxation,
    RelaxationFactory,
    RelaxationResult,
    SolvedRelaxation,
    StabilityCentre,
)
from renewopt.optimiser.decomposition.restricted_master import NEAR_MONTHS, PhaseBounds, RestrictedMaster
from renewopt.optimiser.model.linear import BoolArray
from renewopt.optimiser.progress import Clock
from renewopt.vocabulary import STOPPED

MOST_OPEN_OF_CLASS = 80
"""Open choices of a class, in the mean of all classes, above which those are closed again that nobody nearly wants."""
CLOSE = 2e-4
"""A part is solved once more, with what it wants let in, while its duals prove less than its value for the classes by
more than this share."""
CLOSE_OF_GAP = 0.1
"""The same as a share of the asked gap, where that is more."""
CLOSE_OF_WAY = 0.03
"""The same as a share of what a part is short of a bound that is enough: branching goes further than the last of it."""
NEAR_OF_CORNER = 0.3
"""Months of fee within which choices stay open to the last round at a vertex: its value is the same, the work a third
(measured under `fiscal_cost` and with a loan that pays vouchers)."""
ASCENT_STEPS = 5
"""Steps of dual ascent for one part."""
CLOSE_OF_REST = 0.25
"""Share of what a part's bound is short of `enough`: the last steps are not worth more than another branching."""
WORTH = 0.12
"""Share of what a step promises that it has to prove, for the ascent not to end soon."""
FIRST_BOX = 0.2
"""Box of the first of them: the duals of a part are not near those of the whole."""


class NodeRelaxations:
    """Solves a relaxation for parts of the schedules; what one part wants is open to those that follow.

    Parameters
    ----------
    opened
        (offers of classes, T) choices that are open to all parts.
    lift
        As `RestrictedMaster` takes it.
    gap
        Relative gap that is asked for.
    """

    def __init__(
        self,
        relaxing: RelaxationFactory,
        relaxation: Relaxation,
        opened: BoolArray,
        clock: Clock,
        *,
        lift: bool = False,
        gap: float = 0.0,
    ) -> None:
        self._relaxing, self._clock, self._lift = relaxing, clock, lift
        self._close = max(CLOSE, CLOSE_OF_GAP * gap)
        self.relaxation = relaxation
        self.opened = self._always = opened
        self.stopped = ""

    def whole(self) -> PhaseBounds:
        """All schedules."""
        return self.relaxation.phase_bounds()

    def solve(
        self,
        parts: Sequence[PhaseBounds],
        centre: StabilityCentre,
        *,
        rounds: int = 1,
        corner: bool = False,
        let_in: bool = True,
        enough: float = math.inf,
    ) -> list[SolvedRelaxation | None]:
        """Solve each part and prove its bound; None where it is infeasible, or time is up (`stopped` says so).

        Parameters
        ----------
        centre
            Duals that hold for all of them.
        rounds
            Times that the parts are solved, with what they want let in between.
        let_in
            Whether what they want after the last round is open to all that follow.
        enough
            A bound, in 万元, above which there is no need of more rounds.
        corner
            Whether the last round ends at a vertex, where few choices are in use. Where duals are lifted, rounds after
            the first leave open only what is in use, wanted, or very near to the best choice: most others were opened
            at fixed distances, whatever they cost.
        """
        found = self._results(parts, centre, rounds=rounds, corner=corner, let_in=let_in, enough=enough)
        since = time.perf_counter()
        solved = [None if each is None else self._relaxing.evaluate(self.relaxation, each) for each in found]
        self._clock.spend("bound", since)
        return solved

    def look(
        self,
        parts: Sequence[PhaseBounds],
        centre: StabilityCentre,
        *,
        rounds: int = 1,
        corner: bool = False,
        let_in: bool = True,
    ) -> list[PricedRelaxation | None]:
        """Solve each part, as `solve` does, and prove nothing: where a schedule is looked for, no bound is of use."""
        found = self._results(parts, centre, rounds=rounds, corner=corner, let_in=let_in)
        return [None if each is None else self._relaxing.priced(self.relaxation, each) for each in found]

    def _results(
        self,
        parts: Sequence[PhaseBounds],
        centre: StabilityCentre,
        *,
        rounds: int,
        corner: bool,
        let_in: bool,
        enough: float = math.inf,
    ) -> list[RelaxationResult | None]:
        """What each part comes to over the classes, as `solve` takes it; None where time is up."""
        found: dict[int, RelaxationResult] = {}
        open_parts, centres = list(range(len(parts))), [centre] * len(parts)
        opened = self.opened
        fewer = corner and self._lift
        near_months = NEAR_OF_CORNER if fewer else NEAR_MONTHS
        for left in reversed(range(rounds)):
            since = time.perf_counter()
            model = RestrictedMaster(self.relaxation, opened, elastic=True, lift=self._lift, near_months=near_months)
            some = [parts[k] for k in open_parts]
            answers = model.solve_parts(some, self._clock.left, corner=corner and not left)
            since = self._clock.spend("relaxation", since)
            self.stopped = next((a.status for a in answers if a.status in STOPPED), "")
            if self.stopped:
                return [None] * len(parts)
            if left or let_in:
                wanted = (a.wanted for a in answers if a.wanted is not None)
                self.opened = np.logical_or.reduce([self.opened, *wanted])
            opened = self.opened
            if fewer and all(a.near is not None for a in answers):
                used = (in_use(self.relaxation, a.x) for a in answers if a.x is not None)
                few = (each for a in answers for each in (a.near, a.wanted) if each is not None)
                opened = np.logical_or.reduce([*used, *few])
            for k, answer in zip(tuple(open_parts), answers, strict=True):
                found[k], bound = self._relaxing.between(self.relaxation, centres[k], answer)
                centres[k] = found[k].centre or centre
                if not corner and answer.value - bound <= self._may_miss(answer.value, enough):
                    open_parts.remove(k)
            self._clock.spend("bound", since)
            if not open_parts:
                break
        if let_in and int(self.opened.sum()) > MOST_OPEN_OF_CLASS * self.relaxation.count.size:
            near = [each for a in found.values() for each in (a.near, a.wanted) if each is not None]
            self.opened = np.logical_or.reduce([self._always, *near]) if near else self.opened
        return [found[k] for k in range(len(parts))]

    def _may_miss(self, value: float, enough: float) -> float:
        """What a part's duals may prove less than its value without being solved once more."""
        left = enough - value if math.isfinite(enough) else 0.0
        # What is dear enough already may miss all that it is dearer by.
        return max(self._close * abs(value), CLOSE_OF_WAY * left, -left)

    def ascend(self, part: PhaseBounds, solved: SolvedRelaxation, enough: float) -> SolvedRelaxation:
        """Ascend to the best bound of a part; what it wants, and its value, stay as they were solved.

        Where many choices are missing, the duals of a part swing from one round to the next and prove no more than
        those of the whole, however close its value has come to that with every choice.

        Parameters
        ----------
        enough
            A bound, in 万元, above which there is no need to ascend.
        """
        if solved.bound > enough or (not solved.infeasible and self._is_close(solved)):
            return solved
        since = time.perf_counter()
        relaxation = self.relaxation.for_part(*part)
        ascent = DualAscent(self._relaxing, self._clock.quiet(), relaxation, solved, elastic=True, opened=self.opened)
        rest = (enough - solved.bound) / max(abs(solved.bound), 1.0)
        close = max(self._close, CLOSE_OF_REST * rest) if math.isfinite(rest) else self._close
        ascent.ascend(close, enough, ASCENT_STEPS, box=FIRST_BOX, split=False, worth=WORTH)
        self._clock.spend("bound", since)
        self.stopped = ascent.stopped
        self.opened = self.opened | ascent.incumbent.opened
        return replace(ascent.incumbent.solved, value=solved.value, infeasibility=solved.infeasibility, x=solved.x)

    def lost(self, solved: SolvedRelaxation) -> float:
        """What a part's value for the classes is above the households' own at its duals, in 万元.

        Splitting classes can add so much at the most.
        """
        return float(solved.of_class @ self.relaxation.count) - self._relaxing.pricing.total(solved.own)

    def _is_close(self, solved: SolvedRelaxation) -> bool:
        """Whether no choices are missing: what the bound is short of the value is due to households being merged."""
        merged = solved.centre.small + float(solved.of_class @ self.relaxation.count)
        return solved.value - max(merged, solved.bound) <= self._close * max(abs(solved.value), 1.0)
