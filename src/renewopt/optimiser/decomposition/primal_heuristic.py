"""The primal side of a search: whole plans made of schedules, paid for in fen, the best one kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from renewopt.optimiser.decomposition.household_rounding import Held, HouseholdRounding, Shares
from renewopt.optimiser.decomposition.relaxation import PricedRelaxation, Relaxation
from renewopt.optimiser.model.decoding import schedule
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.model.margins import tightened
from renewopt.optimiser.payments.paying import Check, Paid, pay_for
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem, Tier
from renewopt.problem.decisions import IntTable

SEARCH_MARGIN_FEN = 50_000
"""Margin that the search for whole households leaves in every fund, so that payments can be rounded."""
WORTH_A_TRY = 5e-4
"""A plan is made of a schedule if its relaxation is better than that of the last one by this share."""
PAYING = 2e-5
"""Share of its value by which payments in fen may make a plan dearer."""
LAST_SECONDS = 1.0
"""Seconds that a relaxation of payments gets even when time is up."""
STALLED_IMPROVEMENTS, IMPROVEMENTS = 6, 40
"""Attempts at a better plan for the best schedule: the most in a row without success, and the most in all."""


class PrimalHeuristic:
    """Makes whole plans of schedules, and keeps the best.

    Attributes
    ----------
    best
        The best plan found so far.
    schedule
        The relaxation of its schedule.
    held
        What claims chose in an earlier plan for a similar problem; None if there is none.
    """

    def __init__(
        self,
        problem: Problem,
        goal: str | Tier,
        tier_bounds: tuple[TierBound, ...],
        gap: float,
        clock: Clock,
        check: Check | None,
        given: Paid | None = None,
    ) -> None:
        self._problem, self._goal, self._tier_bounds = problem, goal, tier_bounds
        self._gap, self._clock, self._check = gap, clock, check
        self._whole: HouseholdRounding | None = None
        self._tried = math.inf
        self._given = given
        self.best: Paid | None = None
        self.schedule: PricedRelaxation | None = None
        self.held: Held | None = None

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C came while households were rounded."""
        return self._whole is not None and self._whole.interrupted

    @property
    def incumbent(self) -> Paid | None:
        """The best plan at hand: found here, or given from the beginning.

        One that was given keeps nobody from looking for a first schedule: where it is far from the best it says
        nothing of where to look.
        """
        if self.best is None or (self._given is not None and self._given.value < self.best.value):
            return self._given
        return self.best

    def known_schedule(self) -> FloatArray | None:
        """(E, T) state of the phases in the best plan at hand."""
        best = self.incumbent
        return None if best is None else schedule(self._problem, best.decisions.complete)

    def cutoff(self) -> float:
        """The cutoff: what has a bound above it can be pruned."""
        incumbent = self.incumbent
        if incumbent is None:
            return math.inf
        return incumbent.value - max(self._gap * abs(incumbent.value), 1e-4)

    def _good_enough(self) -> float:
        """Value up to which a plan is within the asked gap of what is proven, less a little for its payments."""
        bound = self._clock.bound
        return bound / (1.0 - math.copysign(self._gap, bound)) - PAYING * abs(bound) if math.isfinite(bound) else bound

    def make(self, relaxation: Relaxation, found: PricedRelaxation, complete: FloatArray) -> bool:
        """Make a whole plan of a schedule if it may be the best; returns whether it is."""
        clock = self._clock
        if found.value > self._tried * (1.0 - math.copysign(WORTH_A_TRY, self._tried)):
            return False
        clock.report("a schedule of whole phases")
        since = time.perf_counter()
        classes, choices = relaxation.classes, relaxation.f.choices
        flow = np.zeros((len(classes.problem.offers), self._problem.calendar.months))
        flow[choices.offer, choices.month] = found.x[relaxation.f["settle"].index] * choices.unit
        shares = Shares(classes.of_claim, classes.first_offer, flow, classes.problem.claims.count)
        settled = self._households().find(complete, found.prices, shares, clock, self.held, self._good_enough())
        clock.spend("whole households", since)
        paid = None if settled is None else self._pay(*settled)
        if paid is None:
            return False
        self._tried = min(self._tried, found.value)
        better = self.keep(paid)
        if better:
            self.schedule = found
        return better

    def improve(self, done: Callable[[], bool]) -> None:
        """Look for better whole households for the best schedule until it is done, time is up, or nothing helps."""
        stalled = 0
        for attempt in range(IMPROVEMENTS):
            if self.schedule is None or self.best is None or done() or stalled >= STALLED_IMPROVEMENTS:
                break
            if self._clock.left <= 0 or self.interrupted:
                break
            since = time.perf_counter()
            self._clock.report("better households for the schedule")
            settled = self._households().improve(
                self.best.decisions, self.schedule.prices, self._clock, attempt, self._good_enough()
            )
            self._clock.spend("whole households", since)
            paid = None if settled is None or self.interrupted else self._pay(*settled)
            stalled = 0 if paid is not None and self.keep(paid) else stalled + 1

    def keep(self, paid: Paid) -> bool:
        """Keep a plan if it is the best so far; returns whether it is."""
        if self.best is not None and paid.value >= self.best.value:
            return False
        self.best = paid
        self._clock.report("whole plan", best=paid.value)
        return True

    def _households(self) -> HouseholdRounding:
        if self._whole is None:
            tight, _ = merge_needs(tightened(self._problem, SEARCH_MARGIN_FEN))
            self._whole = HouseholdRounding(tight, self._goal, self._tier_bounds, self._gap)
        return self._whole

    def _pay(self, settle: IntTable, complete: IntTable) -> Paid | None:
        """Find payments for whole decisions."""
        since = time.perf_counter()
        paid = pay_for(
            self._problem,
            settle,
            complete,
            goal=self._goal,
            tier_bounds=self._tier_bounds,
            check=self._check,
            # A first plan is worth waiting for.
            patience=math.inf if self.incumbent is None else max(self._clock.left_after, LAST_SECONDS),
        )
        self._clock.spend("payments", since)
        return paid
