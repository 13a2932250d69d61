"""Whole schedules of phases, and plans made of them: found in steps, by branch and cut, or those of plans at hand."""

from __future__ import annotations

import math

import numpy as np

from renewopt.optimiser.decomposition import warm as warmth
from renewopt.optimiser.decomposition.ascent import DualAscent
from renewopt.optimiser.decomposition.diving import Dive, TooFarError
from renewopt.optimiser.decomposition.guide import Guide, schedule_of
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.primal_heuristic import PrimalHeuristic
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory, StabilityCentre
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, spread
from renewopt.optimiser.decomposition.stopping import stop_if_enough, stop_if_over
from renewopt.optimiser.model.decoding import schedule
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem

HOPELESS = 0.01
"""Share above the bound at which a first schedule by steps is given up for one by branch and cut: at the least."""
CUT_GAP = 5e-3
"""Gap to its own bound at which branch and cut over the open choices ends, at the least: what it proves holds for these
alone, and most of its time would go there."""
SCHEDULE_ROUNDS = 2
"""Rounds in which a schedule's relaxation is solved before its households are made whole."""
CUT_CHOICES = 40_000
"""Open choices up to which a schedule is looked for by branch and cut."""


class WholeSchedules:
    """Finds whole schedules of phases, and makes plans of them.

    Parameters
    ----------
    plans
        Makes the plans, and keeps the best.
    gap
        Relative gap that is asked for.

    Attributes
    ----------
    guide
        A relaxation over few classes to be asked for schedules; None: there is none.
    """

    def __init__(
        self, problem: Problem, relaxing: RelaxationFactory, plans: PrimalHeuristic, gap: float, clock: Clock
    ) -> None:
        self._problem, self._relaxing, self._plans, self._gap, self._clock = problem, relaxing, plans, gap, clock
        self.guide: Guide | None = None
        self._first: FloatArray | None = None

    def parts(self, ascent: DualAscent) -> NodeRelaxations:
        """Parts of the schedules, with the choices that are open at the incumbent."""
        relaxation, opened = ascent.incumbent.relaxation, ascent.open_choices()
        if self.guide is not None:
            # With rows on whole phases, what one part wants is not what the next one does.
            opened |= spread(relaxation, self._problem.calendar.months)
        lift = self.guide is not None
        return NodeRelaxations(self._relaxing, relaxation, opened, self._clock, lift=lift, gap=self._gap)

    def first_of_guide(self, guide: Guide) -> FloatArray | None:
        """(E, T) the schedule that a guide tells first; None if it finds none."""
        if self._first is None:
            self._first = self.by_guide(guide, CUT_GAP)
        return self._first

    def by_guide(self, guide: Guide, gap: float, part: PhaseBounds | None = None) -> FloatArray | None:
        """(E, T) of whole phases, all together; in a part of the schedules, if it is given; None if none was found."""
        self._clock.report("phases all together")
        gap = max(self._gap, gap)
        if part is None:
            return guide.schedule(gap, self._plans.known_schedule())
        return guide.schedule(gap, None, part)

    def make_first(self, ascent: DualAscent, bound: float) -> None:
        """Make a first plan: by steps, or by branch and cut where these lead too far from the bound.

        Then one of the schedule of a plan that was given and is still the best: its households may do better yet.

        Parameters
        ----------
        bound
            Proven, in 万元.

        Raises
        ------
        StoppedError
            If time is up, Ctrl-C was pressed, or a first plan is all that is asked for; so do the other methods.
        """
        self._make_first(ascent, bound)
        best = self._plans.incumbent
        if best is not None and best is not self._plans.best and bound < self._plans.cutoff():
            self.make(ascent, schedule(self._problem, best.decisions.complete))

    def _make_first(self, ascent: DualAscent, bound: float) -> None:
        if self.guide is not None:
            self.make(ascent, self.first_of_guide(self.guide))
            if self._plans.best is not None:
                return
        few = self._clock.rule.prove and int(ascent.open_choices().sum()) <= CUT_CHOICES
        far = max(self._gap, HOPELESS) if few else math.inf
        if not self._dive(ascent, bound + far * abs(bound)):
            self._cut(ascent)
            if self._plans.best is None:
                self._dive(ascent, math.inf)

    def make(self, ascent: DualAscent, state: FloatArray | None) -> None:
        """Make a plan of a schedule, (E, T) of complete[e, t]; None: of nothing."""
        if state is not None:
            self._make_whole(self.parts(ascent), state, ascent.incumbent.solved.centre)
            stop_if_enough(self._plans, self._clock)

    def make_known(self, ascent: DualAscent, warm: WarmStart | None) -> None:
        """Make a plan of the schedule of an earlier one, if it is still possible."""
        state = None if warm is None else warmth.schedule_of(warm, self._problem)
        if state is None:
            return
        parts = self.parts(ascent)
        lower, upper = parts.whole()
        # A phase that can no longer stand by then stands as soon as it can.
        self._make_whole(parts, np.clip(state, lower, upper), ascent.incumbent.solved.centre)
        # What households had goes with that schedule; others are better begun anew.
        self._plans.held = None
        stop_if_enough(self._plans, self._clock)

    def _dive(self, ascent: DualAscent, most: float) -> bool:
        """Make a plan of a schedule found in few steps; False where one of these came to more than `most`, in 万元."""
        few = ascent.open_choices(fresh=True)
        parts = NodeRelaxations(self._relaxing, ascent.incumbent.relaxation, few, self._clock)
        try:
            found = Dive(parts, self._clock, most).schedule(ascent.incumbent.solved.centre)
        except TooFarError:
            return False
        if found is not None:
            self._make_whole(self.parts(ascent), found.state, found.centre)
            stop_if_enough(self._plans, self._clock)
        return True

    def _cut(self, ascent: DualAscent) -> None:
        """Make a plan of a schedule found by branch and cut: all phases at once, in whole numbers.

        Where money is short a part of many phases is worth more than the whole of a few, and the relaxation tells
        little of which ones. It proves nothing: classes are no bound for their members.
        """
        parts = self.parts(ascent)
        known = self._plans.known_schedule()
        self._clock.report("phases all together")
        self.make(ascent, schedule_of(parts.relaxation, parts.opened, self._clock, max(self._gap, CUT_GAP), known))

    def _make_whole(self, parts: NodeRelaxations, state: FloatArray, centre: StabilityCentre) -> None:
        found = parts.look([(state, state)], centre, rounds=SCHEDULE_ROUNDS, corner=True)[0]
        stop_if_over(parts.stopped)
        if found is not None and not found.infeasible:
            self._plans.make(parts.relaxation, found, state.ravel())
