"""All schedules weighed by rounds of the outline, the most promising ones planned for, as long as it is worth it.

What is planned for and leaves nothing to be found is ruled out, so that the outline's bound is that of all others.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.model.linear import IntArray
from renewopt.optimiser.progress import relative_gap
from renewopt.optimiser.starts.outline import TOLERANCE
from renewopt.optimiser.starts.rounds import Rounds

Vector = tuple[int, ...]
"""Starts, in the order of the activities."""
RELAXATION_SHARE = 0.5
"""Of the time, at the most, for the relaxation in which starts are open."""
MODEL_SHARE = 0.7
"""Of the time that is left, for each answer about all schedules: its starts are then to be planned for."""
FIRST_PLAN = 0.1
"""Of the time that is left, what is learnt of schedules before one is planned for."""
TIED = 2 * TOLERANCE
"""Relative gap within which the outline cannot tell schedules from each other."""
PLAN_SHARE = 0.5
"""Of the time that is left, for the plan of one schedule where all schedules are still being weighed."""


@dataclass(frozen=True)
class Weighing:
    """A search that weighs schedules.

    Attributes
    ----------
    gap
        At which it ends.
    left
        Seconds that are left.
    goes_on
        Whether there is time, and nobody asks for an end.
    done
        Whether the best plan is within the gap of a bound for all schedules that are not ruled out.
    best
        What the best plan comes to, in the unit of the rounds; infinite: there is none.
    settled
        Schedules for which nothing more is to be searched, each with whether it is to be ruled out.
    plan
        Plans for a schedule, in so many seconds at the most.
    report
        Is told the bound.
    """

    gap: float
    left: Callable[[], float]
    goes_on: Callable[[], bool]
    done: Callable[[float], bool]
    best: Callable[[], float]
    settled: Callable[[], dict[Vector, bool]]
    plan: Callable[[IntArray, float], None]
    report: Callable[[float], None]

    def begin(self, rounds: Rounds, schedules: Sequence[IntArray], told: bool) -> None:
        """Learn the prices at which starts are open, unless others are `told`, and what schedules cost."""
        known = told or rounds.begin(RELAXATION_SHARE * self.left())
        for schedule in schedules[:1] if known else schedules:
            if self.goes_on() and not rounds.interrupted:
                rounds.look_at(schedule)

    def go_on(self, rounds: Rounds) -> None:
        """Go on until nothing can be better, or time is up."""
        learnt, planning, limit = 0.0, 0.0, self.left()
        ruled_out: set[Vector] = set()
        while self.goes_on() and not rounds.interrupted:
            for key in [key for key, out in self.settled().items() if out and key not in ruled_out]:
                rounds.rule_out(np.array(key, dtype=np.int64))
                ruled_out.add(key)
            if self.done(rounds.bound):
                return
            since = time.perf_counter()
            if not rounds.ended:
                rounds.go_on(self.gap / 4, MODEL_SHARE * self.left())
                if ruled_out and self._is_tied(rounds.bound):
                    return
            self.report(rounds.bound)
            learnt += time.perf_counter() - since
            starts = self._next(rounds)
            late = math.isinf(self.best()) and self.left() < (1.0 - MODEL_SHARE) * limit
            if starts is None and rounds.ended:
                return
            # As much time for plans as for learning where they are worth it; the first one comes in time.
            if starts is not None and (rounds.ended or late or learnt > max(planning, FIRST_PLAN * self.left())):
                since = time.perf_counter()
                self.plan(starts, self.left() if math.isinf(self.best()) else PLAN_SHARE * self.left())
                planning += time.perf_counter() - since

    def _is_tied(self, bound: float) -> bool:
        """Whether the best plan is as good as it can be, and others no worse to the digits that the outline proves."""
        return all(self.settled().values()) and relative_gap(self.best(), bound) <= TIED

    def _next(self, rounds: Rounds) -> IntArray | None:
        """The best schedule that is not settled, if it can be better than the best plan."""
        best = self.best()
        most = best - abs(best) * self.gap / 4 if math.isfinite(best) else math.inf
        settled = self.settled()
        open_ = {key: value for key, value in rounds.values.items() if key not in settled and value < most}
        return np.array(min(open_, key=lambda key: open_[key]), dtype=np.int64) if open_ else None
