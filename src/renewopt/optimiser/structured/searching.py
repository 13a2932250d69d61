"""The structured path: households in classes, branching on phases, whole households by restricted search.

1. Needs that are alike are merged; households become response classes, whose relaxation gives first duals.
2. Climbing to the best bound: every household is asked for its best response at the duals; classes whose members want
   different things are split (`ascent`).
3. A first schedule of whole phases, its households made whole (`whole_households`), paid for in fen.
4. Branching on phases: complete by a month, or not before the next. Every node's bound is reckoned household by
   household; the least of them is proven. The nodes price their columns on demand (`path_master`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from renewopt.optimiser import exact
from renewopt.optimiser.compact import merge_needs
from renewopt.optimiser.exact import Found
from renewopt.optimiser.formulation import TierBound
from renewopt.optimiser.margins import loosened, tightened
from renewopt.optimiser.memory import choices
from renewopt.optimiser.model import FloatArray
from renewopt.optimiser.payments import Check, Paid, pay_for
from renewopt.optimiser.prices import Prices, prices_from_duals
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.structured import warm as warmth
from renewopt.optimiser.structured.ascent import Ascent, Peak
from renewopt.optimiser.structured.classes import classify
from renewopt.optimiser.structured.open_model import OpenModel, Part, every_choice
from renewopt.optimiser.structured.parts import Parts
from renewopt.optimiser.structured.phase_tree import PhaseTree, in_pieces, parts_of, rounded
from renewopt.optimiser.structured.pricing import NO_GOAL
from renewopt.optimiser.structured.relaxation import (
    A_YUAN,
    IDLE_SPENDING,
    Answer,
    Centre,
    Relaxation,
    Relaxing,
    Solved,
)
from renewopt.optimiser.structured.warm import WarmStart
from renewopt.optimiser.structured.whole_households import Shares, WholeHouseholds
from renewopt.problem import Problem, Tier
from renewopt.problem.decisions import IntTable

CLASSES = 200
REFINEMENTS = 4
"""Times that classes are split at the best schedule's prices and the phases branched on anew."""
CLOSE, CLOSER, CLOSEST = 0.15, 0.02, 1e-7
"""Climbing ends so near to the best bound: a share of the asked gap, before and after a first plan; at the least."""
NODE_ROUNDS = 2
"""Times that a part of the schedules is solved while choices are let in."""
SCHEDULE_ROUNDS = 2
"""The same for a schedule before its households are made whole."""
SEARCH_MARGIN_FEN = 50_000
"""Margin that the search for whole households leaves in every fund, so that payments can be rounded."""
IDLE_OF_GAP, IDLE_LEAST = 1e-3, 1e-9
"""Cost of a yuan of construction: `IDLE_SPENDING`, or this share of a small gap, and at the least."""
PENALTY = 100.0
"""Yuan for a yuan that a schedule lacks, so that its prices say so."""
WORTH_A_TRY = 5e-4
"""A schedule is made whole if its relaxation is so much better than the last one that was."""
SMALL = 40_000
"""Choices (offer × month) up to which the exact search goes on where branching on phases ends short of the gap."""
VAIN_IMPROVEMENTS, IMPROVEMENTS = 6, 40
"""Attempts at a better plan for the best schedule: so many in a row in vain, or so many in all, are the last."""


def search(
    problem: Problem,
    *,
    goal: str | Tier,
    tier_bounds: tuple[TierBound, ...],
    gap: float,
    clock: Clock,
    check: Check | None,
    warm: WarmStart | None = None,
) -> Found:
    """Search a large problem; same contract as `renewopt.optimiser.exact.search`.

    Parameters
    ----------
    warm
        What an earlier search has learnt.
    """
    return _Search(problem, goal, tier_bounds, gap, clock, check, warm).run()


def search_from(warm: WarmStart | None) -> Callable[..., Found]:
    """Return a search that begins with what is known, and each time with what it has learnt the time before."""
    known = [warm]

    def search_on(problem: Problem, **contract: Any) -> Found:
        found = search(problem, **contract, warm=known[0])
        known[0] = found.warm
        return found

    return search_on


class _StoppedError(Exception):
    """Time is up, or Ctrl-C."""


class _Search:
    def __init__(
        self,
        problem: Problem,
        goal: str | Tier,
        tier_bounds: tuple[TierBound, ...],
        gap: float,
        clock: Clock,
        check: Check | None,
        warm: WarmStart | None,
    ) -> None:
        self.problem, self.goal, self.tier_bounds = problem, goal, tier_bounds
        self.gap, self.clock, self.check, self.warm = gap, clock, check, warm
        self.bound = -math.inf
        self.best: Paid | None = None
        self.tried = math.inf
        self.elastic = False
        self.prices: Prices | None = None
        self.status = "time_limit"
        self.peak: Peak | None = None
        self.schedule: Solved | None = None
        """The relaxation of the best plan's schedule."""

    def run(self) -> Found:
        """Solve; the bound holds for the problem as it is, household by household."""
        try:
            status = self._run()
        except _StoppedError:
            status = self.status
        except KeyboardInterrupt:
            status = "interrupted"
        return Found(status, self.best, self.bound, self.prices, self._learnt())

    def _learnt(self) -> WarmStart | None:
        if self.peak is None:
            return self.warm
        complete = None if self.best is None else self.best.decisions.complete
        return warmth.keep(self.relaxing.problem, _name(self.goal), self.peak, complete)

    def _run(self) -> str:
        clock = self.clock
        since = time.perf_counter()
        clock.tell("households, one by one")
        compact, _ = merge_needs(loosened(self.problem))
        # A bound that is to be exact may lose nothing to it.
        idle = min(IDLE_SPENDING, max(IDLE_OF_GAP * self.gap, IDLE_LEAST))
        self.relaxing = Relaxing(compact, self.goal, self.tier_bounds, PENALTY, idle)
        tight, _ = merge_needs(tightened(self.problem, SEARCH_MARGIN_FEN))
        self.whole = WholeHouseholds(tight, self.goal, self.tier_bounds)
        clock.spend("build", since)
        peak = self._recall()
        if peak is None:
            relaxation = self.relaxing.relax(classify(compact, CLASSES))
            found = self._solve_whole(relaxation)
            if found is not None and found.lacks:
                if self._must_lack():
                    return "infeasible"
                # As far as is proven nothing need be lacking: it may only have paid to lack something. Make it dearer.
                self.relaxing.penalty *= 1000.0
                relaxation = self.relaxing.relax(relaxation.classes.of_claim)
                found = self._solve_whole(relaxation)
            if found is None:
                return "time_limit"
            self._prove(found.bound)
            peak = self._ascent().start(relaxation, found)
        return self._refine(peak)

    def _ascent(self) -> Ascent:
        return Ascent(self.relaxing, self.clock, elastic=self.elastic)

    def _recall(self) -> Peak | None:
        """Begin where an earlier search ended; None where nothing is known, or something may have to be lacking now."""
        if self.warm is None or self.warm.goal != _name(self.goal):
            return None
        since = time.perf_counter()
        compact = self.relaxing.problem
        of_claim, then = warmth.classes_of(self.warm, compact)
        relaxation = self.relaxing.relax(of_claim)
        opened = warmth.choices_of(self.warm, relaxation, then)
        since = self.clock.spend("build", since)
        answer = OpenModel(relaxation, opened, elastic=False).solve(self.clock.left)
        self.clock.spend("relaxation", since)
        self._stop_if_over(answer.status)
        if answer.x is None or answer.duals is None:
            return None
        y = warmth.duals_of(self.warm, compact, relaxation.model)
        return self._ascent().start_at(relaxation, y, answer, opened)

    def _refine(self, peak: Peak) -> str:
        """Climb to the best bound, find a first plan, branch on phases; and again with finer classes."""
        status = "time_limit"
        peak = self._climb(peak, CLOSE)
        self._try_known_schedule(peak)
        for _ in range(REFINEMENTS):
            if not self._done():
                self._plunge(peak)
                self._stop_if_interrupted()
            if not self._done():
                peak = self._climb(peak, CLOSER)
            if self._done():
                return "feasible"
            status, found = self._branch(peak)
            coarse = peak.relaxation
            peak = self._ascent().finer(peak, by=found)
            if status != "time_limit" or peak.relaxation is coarse:
                break
        if status == "time_limit" and not self._done():
            status = self._go_on()
        return status

    def _climb(self, peak: Peak, share: float) -> Peak:
        """Climb as near to the best bound as this share of the asked gap."""
        ascent = self._ascent()
        since = time.perf_counter()
        peak = self.peak = ascent.climb(peak, max(CLOSEST, share * self.gap), enough=self._cutoff())
        self.clock.spend("climb", since)
        if peak.duals is not None:
            self.prices = prices_from_duals(peak.relaxation.f, peak.relaxation.model, peak.duals)
        self._prove(peak.solved.bound)
        self._stop_if_over(ascent.stopped)
        return peak

    def _prove(self, bound: float) -> None:
        self.bound = max(self.bound, bound)
        self.clock.tell("relaxation", bound=self.bound)

    def _solve_whole(self, relaxation: Relaxation) -> Solved | None:
        """Solve a relaxation with all its choices: as it is; where nothing is feasible, with penalties."""
        since = time.perf_counter()
        self.elastic = False
        answer = OpenModel(relaxation, every_choice(relaxation), elastic=False).solve(self.clock.left)
        if answer.status in ("infeasible", "unknown"):
            self.elastic = True
            answer = OpenModel(relaxation, every_choice(relaxation), elastic=True).solve(self.clock.left)
        self.clock.spend("relaxation", since)
        self._stop_if_over(answer.status)
        if answer.duals is None:
            return None
        self.prices = prices_from_duals(relaxation.f, relaxation.model, answer.duals)
        return self._reckon(relaxation, answer)

    def _must_lack(self) -> bool:
        """Whether something must be lacking, whatever the goal: proven for the unmerged problem."""
        relaxing = Relaxing(self.relaxing.problem, NO_GOAL, self.tier_bounds, 1.0)
        relaxation = relaxing.relax(classify(relaxing.problem, CLASSES))
        answer = OpenModel(relaxation, every_choice(relaxation), elastic=True).solve(self.clock.left)
        self._stop_if_over(answer.status)
        found = relaxing.reckon(relaxation, answer)
        if found is None:
            return False
        self.clock.tell("what must be lacking")
        quiet = Clock(self.clock.limit, None, self.clock.began)
        ascent = Ascent(relaxing, quiet, elastic=True)
        bound = ascent.climb(ascent.start(relaxation, found), CLOSEST, enough=A_YUAN).solved.bound
        if bound <= A_YUAN:
            self._stop_if_over(ascent.stopped)
        return bound > A_YUAN

    def _stop_if_interrupted(self) -> None:
        """Ctrl-C while households were made whole: what was found of them is kept."""
        if self.whole.interrupted:
            self._stop_if_over("interrupted")

    def _stop_if_over(self, status: str) -> None:
        if status in ("time_limit", "interrupted"):
            self.status = status
            raise _StoppedError

    def _reckon(self, relaxation: Relaxation, answer: Answer) -> Solved | None:
        since = time.perf_counter()
        solved = self.relaxing.reckon(relaxation, answer)
        self.clock.spend("bound", since)
        return solved

    def _parts(self, peak: Peak) -> Parts:
        """Parts of the schedules, with the choices that are open at the peak."""
        return Parts(self.relaxing, peak, self._ascent().open_choices(peak), self.clock)

    def _solve(self, parts: Parts, bounds: list[Part], centre: Centre, rounds: int) -> list[Solved | None]:
        solved = parts.solve(bounds, centre, rounds=rounds)
        self._stop_if_over(parts.stopped)
        return solved

    def _branch(self, peak: Peak) -> tuple[str, Solved]:
        """Branch on phases until bound and plan meet; the status, and the best schedule's prices."""
        relaxation, parts = peak.relaxation, self._parts(peak)
        root = self._solve(parts, [parts.whole()], peak.solved.centre, NODE_ROUNDS)[0]
        if root is None:
            return "time_limit", peak.solved
        self._prove(root.bound)
        tree, best = PhaseTree(*relaxation.phase_bounds()), root
        if not tree.root(max(root.bound, peak.solved.bound), relaxation.state(root.x), root.centre):
            self._try_schedule(relaxation, root, rounded(relaxation.state(root.x)))
        while not self._done():
            node = tree.next(self._cutoff())
            if node is None:
                break
            children = tree.children(node)
            for bounds, child in zip(children, self._solve(parts, children, node.centre, NODE_ROUNDS), strict=True):
                if child is None:
                    # What could be held against this part of the schedules is only what holds for all of it.
                    tree.close(node.value)
                    continue
                state = relaxation.state(child.x)
                low = max(child.bound, node.value)
                if not tree.add(low, state, *bounds, child.centre, dive=not child.lacks):
                    tree.close(low)
                    promising = low < self._cutoff() and not child.lacks
                    if promising and self._try_schedule(relaxation, child, rounded(state)):
                        best = child
            self.bound = max(self.bound, min(tree.least(), self._cutoff()))
            self.clock.tell("branching on phases", bound=self.bound)
            self._stop_if_interrupted()
        self.bound = max(self.bound, min(tree.least(), self._cutoff()))
        if self.best is None:
            return ("time_limit" if tree.closed else "infeasible"), best
        return ("feasible" if self._done() else "time_limit"), best

    def _plunge(self, peak: Peak) -> None:
        """A first schedule in few steps: what is nearly sure is fixed together, else the better of two parts is taken.

        It proves nothing.
        """
        relaxation, parts = peak.relaxation, self._parts(peak)
        lower, upper = parts.whole()
        found = self._solve(parts, [(lower, upper)], peak.solved.centre, 1)[0]
        while found is not None:
            state = relaxation.state(found.x)
            if not in_pieces(state).any():
                self._try_whole(parts, rounded(state).reshape(state.shape), found.centre)
                return
            self.clock.tell("a first schedule of phases")
            bounds = parts_of(state, lower, upper)
            solved = self._solve(parts, bounds, found.centre, 1)
            usable = [(p.value, k, p) for k, p in enumerate(solved) if p is not None and not p.lacks]
            if not usable:
                return
            _, k, found = min(usable, key=lambda each: each[:2])
            lower, upper = bounds[k]

    def _try_known_schedule(self, peak: Peak) -> None:
        """The schedule of an earlier plan, if it is still possible."""
        state = None if self.warm is None else warmth.schedule_of(self.warm, self.problem)
        if state is None:
            return
        parts = self._parts(peak)
        lower, upper = parts.whole()
        # A phase that can no longer stand by then stands as soon as it can.
        self._try_whole(parts, np.clip(state, lower, upper), peak.solved.centre)
        self._stop_if_interrupted()

    def _try_whole(self, parts: Parts, state: FloatArray, centre: Centre) -> None:
        """Make a plan of a schedule of whole phases."""
        found = parts.solve([(state, state)], centre, rounds=SCHEDULE_ROUNDS, corner=True)[0]
        self._stop_if_over(parts.stopped)
        if found is not None and not found.lacks:
            self._try_schedule(parts.relaxation, found, state.ravel())

    def _go_on(self) -> str:
        """Where branching on phases has ended short of the gap: better whole plans; the exact search if it is small."""
        clock = self.clock
        if choices(self.problem) <= SMALL and 0 < clock.left < math.inf:
            found = exact.search(
                self.problem,
                goal=self.goal,
                tier_bounds=self.tier_bounds,
                gap=self.gap,
                clock=clock,
                check=self.check,
            )
            self.bound = max(self.bound, found.bound)
            if found.paid is not None:
                self._keep(found.paid)
            if found.status == "infeasible" and self.best is not None:
                # A plan that the ledger accepts stands against it: what the exact search says is its tolerance.
                return "time_limit"
            return found.status
        return self._improve()

    def _improve(self) -> str:
        """Better whole households for the best schedule."""
        vain = 0
        for attempt in range(IMPROVEMENTS):
            if self.schedule is None or self.best is None or self._done() or vain >= VAIN_IMPROVEMENTS:
                break
            self._stop_if_over("time_limit" if self.clock.left <= 0 else "")
            since = time.perf_counter()
            self.clock.tell("better households for the schedule")
            settled = self.whole.improve(self.best.decisions, self.schedule.prices, self.clock, attempt)
            self.clock.spend("whole households", since)
            self._stop_if_interrupted()
            paid = None if settled is None else self._pay(*settled)
            vain = 0 if paid is not None and self._keep(paid) else vain + 1
        return "feasible" if self._done() else "time_limit"

    def _cutoff(self) -> float:
        """A part of the schedules with a bound above this needs no more branching."""
        if self.best is None:
            return math.inf
        return self.best.value - max(self.gap * abs(self.best.value), 1e-4)

    def _try_schedule(self, relaxation: Relaxation, found: Solved, complete: FloatArray) -> bool:
        """Make a whole plan of a schedule if it may be the best; whether it is."""
        clock = self.clock
        if found.value > self.tried * (1.0 - math.copysign(WORTH_A_TRY, self.tried)):
            return False
        clock.tell("a schedule of whole phases")
        since = time.perf_counter()
        classes, choices = relaxation.classes, relaxation.f.choices
        flow = np.zeros((len(classes.problem.offers), self.problem.calendar.months))
        flow[choices.offer, choices.month] = found.x[relaxation.f["settle"].index] * choices.unit
        shares = Shares(classes.of_claim, classes.first_offer, flow, classes.problem.claims.count)
        settled = self.whole.find(complete, found.prices, shares, clock)
        clock.spend("whole households", since)
        paid = None if settled is None else self._pay(*settled)
        if paid is None:
            return False
        self.tried = min(self.tried, found.value)
        better = self._keep(paid)
        if better:
            self.schedule = found
        return better

    def _pay(self, settle: IntTable, complete: IntTable) -> Paid | None:
        """Find payments for whole decisions."""
        since = time.perf_counter()
        paid = pay_for(self.problem, settle, complete, goal=self.goal, tier_bounds=self.tier_bounds, check=self.check)
        self.clock.spend("payments", since)
        return paid

    def _keep(self, paid: Paid) -> bool:
        """Keep a plan if it is the best so far; whether it is."""
        if self.best is not None and paid.value >= self.best.value:
            return False
        self.best = paid
        self.clock.tell("whole plan", best=paid.value)
        return True

    def _done(self) -> bool:
        return self.best is not None and self.bound >= self._cutoff()


def _name(goal: str | Tier) -> str:
    return goal.name if isinstance(goal, Tier) else goal
