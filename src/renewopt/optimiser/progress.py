"""The clock of a running search: progress reports, time spent and time left."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from renewopt.stopping import UNLIMITED, Spent, StoppingRule
from renewopt.units import YUAN_PER_WAN

AFTER_SHARE, AFTER_SECONDS = 0.03, 1.0
"""Beyond its limit, as a share and in seconds, a search betters the plan that it has found."""
SHARE_OF_NEXT = 0.5
"""Share of the time left that the search for a strict goal after the first may take, where the first has one."""


def endless() -> float:
    """Seconds left where there is no limit."""
    return math.inf


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of progress.

    Attributes
    ----------
    step
        What is being done, in words.
    best, bound
        Best plan's objective and proven bound, in yuan; None as long as there is none.
    gap
        (best − bound) / max(|best|, 1 yuan); None as long as one of them is missing.
    elapsed, limit
        Seconds since the start, and allowed.
    said
        What is known by now and is to be heard at once, by language; most steps have nothing to say.
    """

    step: str
    best: float | None
    bound: float | None
    gap: float | None
    elapsed: float
    limit: float
    said: Mapping[str, str] = field(default_factory=dict)


ProgressCallback = Callable[[Progress], None]


def relative_gap(objective: float, bound: float) -> float:
    """(objective − bound) / max(|objective|, 1), both in yuan."""
    return max(0.0, objective - bound) / max(abs(objective), 1.0)


def is_optimal(objective: float, bound: float) -> bool:
    """Proven optimal: objective − bound ≤ max(1 yuan, 1e-9 × |objective|), in yuan."""
    return objective - bound <= max(1.0, 1e-9 * abs(objective))


@dataclass
class Clock:
    """Time and reports of one search.

    Attributes
    ----------
    best, given
        Goal of the best plan that was found, and of the one that the search was given, in 万元; ∞: there is none.
    bound
        Best proven bound, in 万元.
    enough
        What a plan is asked for up to, in 万元: once every plan is proven to be dearer, the search ends.
    seconds
        Time by phase of the work.
    share
        Share of the time left that the search for the first strict goal may take; below 1 those after it have one, too
        (`SHARE_OF_NEXT`).
    """

    limit: float
    callback: ProgressCallback | None = None
    began: float = field(default_factory=time.perf_counter)
    best: float = math.inf
    given: float = math.inf
    bound: float = -math.inf
    enough: float = math.inf
    seconds: dict[str, float] = field(default_factory=dict)
    rule: StoppingRule = UNLIMITED
    branched: Spent = field(default_factory=Spent)
    share: float = 1.0

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.began

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.limit - self.elapsed

    @property
    def left_after(self) -> float:
        """Seconds left for bettering a plan once the search for it has ended: a little more than for the search."""
        return self.limit * (1.0 + AFTER_SHARE) + AFTER_SECONDS - self.elapsed

    def is_dearer(self, bound: float) -> bool:
        """Whether every plan is proven to be dearer than asked for by a bound in 万元; ∞ says that there is none."""
        return self.enough < bound < math.inf

    def shared(self, *, first: bool) -> Clock:
        """The same clock for a strict goal, the first one or another, whose search leaves time to what comes after."""
        if self.share >= 1.0:
            return self
        elapsed, share = self.elapsed, self.share if first else SHARE_OF_NEXT
        return replace(self, limit=elapsed + share * max(self.limit - elapsed, 0.0))

    def quiet(self) -> Clock:
        """The same time, for a search whose best and bound are of something else: it reports nothing."""
        return Clock(self.limit, None, self.began)

    def report(
        self,
        step: str,
        best: float | None = None,
        bound: float | None = None,
        said: Mapping[str, str] | None = None,
    ) -> None:
        """Report; `best` and `bound` in 万元, kept if better than before; `said` is to be heard at once."""
        if best is not None:
            self.best = min(self.best, best)
        if bound is not None:
            self.bound = max(self.bound, bound)
        if self.callback is None:
            return
        known = min(self.best, self.given)
        best_yuan = known * YUAN_PER_WAN if math.isfinite(known) else None
        bound_yuan = self.bound * YUAN_PER_WAN if math.isfinite(self.bound) else None
        gap = relative_gap(best_yuan, bound_yuan) if best_yuan is not None and bound_yuan is not None else None
        self.callback(Progress(step, best_yuan, bound_yuan, gap, self.elapsed, self.limit, said or {}))

    def spend(self, phase: str, since: float) -> float:
        """Book the time since `since` on a phase; returns now."""
        now = time.perf_counter()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - since
        return now
