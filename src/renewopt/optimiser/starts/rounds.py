"""A bound and promising schedules for a programme that is too large for a model of all copies, round by round.

Each round asks the outline (`outline`) for the best schedule that it believes in, with a bound for all schedules; what
that schedule really costs, with the phases that the outline gave it and with all others, is the relaxation of its plan
(`given`), whose prices the outline is then told. So it learns where it was too hopeful, and its bound and the best
schedule close in on each other.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np

from renewopt.optimiser.decomposition.pricing import RowPrices
from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.optimiser.progress import relative_gap
from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.given import GivenStarts, Priced
from renewopt.optimiser.starts.joint import JointWaiting
from renewopt.optimiser.starts.outline import Outline
from renewopt.optimiser.starts.widening import OpenStarts
from renewopt.vocabulary import STOPPED

OUTLINE_GAP = 5e-4
"""Least relative gap at which an answer of the outline ends: its bound holds all the same."""
ROUGH_GAP, ROUGH_SHARE = 0.02, 0.1
"""The same where little is known yet; and of the gap between the best schedule and the bound that is to be closed."""
SECONDS_OF_CHOICE = 4e-4
"""Processor seconds of the relaxation without copies for each choice (offer × month), measured on 250,000."""


class Rounds:
    """The rounds, and what they have found; in the unit of what is minimised.

    Attributes
    ----------
    bound
        Proven for all schedules but those that are ruled out.
    told
        Prices that the outline was told, in the order in which they were found.
    values
        Of each schedule that was looked at, what its plan comes to in the relaxation, about.
    possible
        False where it is proven that no schedule has a plan, of those that are not ruled out.
    interrupted
        Whether Ctrl-C, or a wish to stop, ended a solver.
    ended
        Whether another round would bring nothing new.
    """

    def __init__(self, opened: OpenStarts, aim: Aim, time_limit: float) -> None:
        self._ends = time.perf_counter() + time_limit
        self._opened, self._aim, self._outline = opened, aim, Outline(opened, aim)
        self.bound = -math.inf
        self.told: list[RowPrices] = []
        self.values: dict[tuple[int, ...], float] = {}
        self.possible, self.interrupted, self.ended = True, False, False
        self._asked: set[bytes] = set()
        self._out: set[tuple[int, ...]] = set()
        self._finest = False

    @property
    def least(self) -> float:
        """What the best schedule comes to that was looked at and is not ruled out."""
        return min((value for key, value in self.values.items() if key not in self._out), default=math.inf)

    @property
    def _left(self) -> float:
        return max(self._ends - time.perf_counter(), 0.0)

    def begin(self, time_limit: float) -> bool:
        """Learn the prices at which starts are open; False where there is no time for it."""
        within = min(time_limit, self._left)
        joint = JointWaiting(self._opened, self._aim)
        if SECONDS_OF_CHOICE * joint.choices > within:
            return False
        _, found = self._solved(lambda: joint.solve(within))
        self._tell(found)
        return found is not None

    def remember(self, told: Sequence[RowPrices]) -> bool:
        """Begin with prices that were found for a similar programme: they prove what they prove here."""
        for prices in told:
            if self._left > 0 and not self.ended:
                self._tell(Priced(math.inf, prices))
        return bool(told)

    def rule_out(self, starts: IntArray) -> None:
        """Leave a schedule out of all answers to come."""
        key = tuple(starts.tolist())
        if key in self._out:
            return
        self._outline.rule_out(starts)
        self._out.add(key)
        self.ended = not self.possible

    def look_at(self, starts: IntArray, phases: FloatArray | None = None) -> None:
        """Learn what a schedule costs, with given phases and with any."""
        key = tuple(starts.tolist())
        given = GivenStarts(self._opened, self._aim, starts)
        if phases is not None:
            self._tell(self._solved(lambda: given.solve(self._left, phases))[1])
        if key not in self.values:
            status, found = self._solved(lambda: given.solve(self._left))
            self._tell(found)
            if status == "infeasible":
                # Not for money, which may lack, nor for a limit: nothing mends it.
                self.rule_out(starts)
            possible = found is not None and self._aim.is_kept(self._opened.options, starts)
            self.values[key] = found.value * self._aim.unit if found is not None and possible else math.inf

    def go_on(self, gap: float, time_limit: float) -> None:
        """One round.

        Parameters
        ----------
        gap
            Between the best schedule's value and the bound, from which on nothing more is to be learnt.
        """
        outline, finest = self._outline, min(OUTLINE_GAP, gap)
        known = math.isfinite(self.bound) and math.isfinite(self.least)
        rough = ROUGH_SHARE * relative_gap(self.least, self.bound) if known else ROUGH_GAP
        near = finest if self._finest else min(max(rough, finest), ROUGH_GAP)
        raw = outline.ask(near, min(time_limit, self._left))
        self.interrupted |= raw.status == "interrupted"
        if raw.status == "infeasible":
            self.ended = True
            # Presolve does not tell it from unbounded: only a run without says which it is.
            if outline.engine.infeasible_for_certain(self._left):
                self.bound, self.possible = math.inf, False
            return
        self.bound = max(self.bound, raw.bound * self._aim.unit)
        if raw.x is None or self._left <= 0 or self.interrupted:
            self.ended = raw.x is None and raw.status not in STOPPED
            return
        starts, phases = outline.starts(raw.x), outline.phases(raw.x)
        asked = np.concatenate([starts, phases.ravel()]).tobytes()
        if asked not in self._asked:
            self.look_at(starts, phases)
        elif self._finest:
            self.ended = True
        self._finest = asked in self._asked
        self._asked.add(asked)
        self.ended |= math.isfinite(self.least) and relative_gap(self.least, self.bound) <= gap

    def _tell(self, found: Priced | None) -> None:
        if found is None:
            return
        self.told.append(found.prices)
        if not self._outline.tell(found.prices):
            self.bound, self.possible, self.ended = math.inf, False, True

    def _solved(self, solve: Callable[[], tuple[str, Priced | None]]) -> tuple[str, Priced | None]:
        if self.interrupted or self._left <= 0:
            return "time_limit", None
        try:
            status, found = solve()
        except SolverError:
            return "unknown", None
        self.interrupted |= status == "interrupted"
        return status, found
