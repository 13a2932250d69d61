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
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from renewopt.optimiser.compact import merge_needs
from renewopt.optimiser.exact import Found
from renewopt.optimiser.formulation import TierBound
from renewopt.optimiser.highs import side_by_side
from renewopt.optimiser.margins import loosened, tightened
from renewopt.optimiser.model import FloatArray
from renewopt.optimiser.payments import Check, Paid, pay_for
from renewopt.optimiser.prices import Prices, prices_from_duals
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.structured.ascent import Ascent, Peak
from renewopt.optimiser.structured.classes import classify
from renewopt.optimiser.structured.path_master import ROUNDS, Centre, PathMaster, Relaxed
from renewopt.optimiser.structured.phase_tree import PhaseTree, in_pieces, parts_of, rounded
from renewopt.optimiser.structured.pricing import NO_GOAL
from renewopt.optimiser.structured.relaxation import A_YUAN, Relaxation, Relaxing, Solved, relaxed, solve_centrally
from renewopt.optimiser.structured.whole_households import Shares, WholeHouseholds
from renewopt.problem import Problem, Tier
from renewopt.units import FEN_PER_WAN

CLASSES = 200
MONTHS_OF_FEE = 0.01
"""Choices that cost no more than so many months' fee above the best are columns from the start."""
OPENED_MONTHS = 0.02
"""The same for choices that were open when the bound was climbed to."""
REFINEMENTS = 4
"""Times that classes are split at the best schedule's prices and the phases branched on anew."""
CLOSE, CLOSEST = 0.15, 1e-5
"""Climbing ends so near to the best bound: a share of the asked gap, and at the least."""
SIDE_BY_SIDE = 2
"""Nodes solved at a time."""
PLUNGE_ROUNDS = 1
"""Rounds of pricing on the way to a first schedule."""
SCHEDULE_ROUNDS = 2
"""Rounds of pricing for a schedule before its households are made whole."""
SEARCH_MARGIN_FEN = 50_000
"""Margin that the search for whole households leaves in every fund, so that payments can be rounded."""
PENALTY = 100.0
"""Yuan for a yuan that a schedule lacks, so that its prices say so."""
WORTH_A_TRY = 5e-4
"""A schedule is made whole if its relaxation is so much better than the last one that was."""


def search(
    problem: Problem,
    *,
    goal: str | Tier,
    tier_bounds: tuple[TierBound, ...],
    gap: float,
    clock: Clock,
    check: Check | None,
) -> Found:
    """Search a large problem; same contract as `renewopt.optimiser.exact.search`."""
    return _Search(problem, goal, tier_bounds, gap, clock, check).run()


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
    ) -> None:
        self.problem, self.goal, self.tier_bounds = problem, goal, tier_bounds
        self.gap, self.clock, self.check = gap, clock, check
        self.bound = -math.inf
        self.best: Paid | None = None
        self.tried = math.inf
        self.elastic = False
        self.prices: Prices | None = None
        self.status = "time_limit"

    def run(self) -> Found:
        """Solve; the bound holds for the problem as it is, household by household."""
        try:
            status = self._run()
        except _StoppedError:
            status = self.status
        except KeyboardInterrupt:
            status = "interrupted"
        return Found(status, self.best, self.bound, self.prices)

    def _run(self) -> str:
        clock = self.clock
        since = time.perf_counter()
        clock.tell("households, one by one")
        compact, _ = merge_needs(loosened(self.problem))
        self.relaxing = Relaxing(compact, self.goal, self.tier_bounds, PENALTY)
        tight, _ = merge_needs(tightened(self.problem, SEARCH_MARGIN_FEN))
        self.whole = WholeHouseholds(tight, self.goal, self.tier_bounds)
        relaxation = self.relaxing.relax(classify(compact, CLASSES))
        clock.spend("build", since)
        found = self._solve_whole(relaxation)
        if found is None:
            return "time_limit"
        if found.lacks:
            if self._must_lack():
                return "infeasible"
            # As far as is proven nothing need be lacking: it may only have paid to lack something. Make it dearer.
            self.relaxing.penalty *= 1000.0
            relaxation = self.relaxing.relax(relaxation.classes.of_claim)
            found = self._solve_whole(relaxation)
            if found is None:
                return "time_limit"
        self._prove(found.bound)
        return self._refine(relaxation, found)

    def _refine(self, relaxation: Relaxation, found: Solved) -> str:
        """Climb to the best bound, find a first plan, branch on phases; and again with finer classes."""
        status = "time_limit"
        ascent = Ascent(self.relaxing, self.clock, elastic=self.elastic)
        since = time.perf_counter()
        peak = ascent.climb(ascent.start(relaxation, found), self._close())
        self.clock.spend("climb", since)
        if peak.duals is not None:
            self.prices = prices_from_duals(peak.relaxation.f, peak.relaxation.model, peak.duals)
        self._prove(peak.solved.bound)
        self._stop_if_over(ascent.stopped)
        for _ in range(REFINEMENTS):
            if not self._done():
                self._plunge(peak)
                self._stop_if_interrupted()
            if self._done():
                return "feasible"
            status, found = self._branch(peak)
            coarse = peak.relaxation
            peak = ascent.finer(peak, by=found)
            if status != "time_limit" or peak.relaxation is coarse:
                break
        return status

    def _close(self) -> float:
        """How near to the best bound climbing goes: a part of the asked gap."""
        return max(CLOSEST, CLOSE * self.gap)

    def _prove(self, bound: float) -> None:
        self.bound = max(self.bound, bound)
        self.clock.tell("relaxation", bound=self.bound)

    def _open(self, peak: Peak) -> Solved | None:
        """Masters by columns, with those in use in the relaxation and those that nearly pay; their first answer."""
        relaxation = peak.relaxation
        if not relaxation.masters:
            since = time.perf_counter()
            f, responses = relaxation.f, relaxation.responses
            choice, _ = responses.reduced(peak.solved.centre.y)
            fee = f.fee_fen.max(axis=1) / FEN_PER_WAN * np.maximum(f.problem.claims.weight, 1.0)
            months = (choice - peak.solved.of_class[responses.claim]) / np.maximum(fee[responses.claim], 1e-9)
            opened = months <= np.where(peak.opened[f.choices.offer, f.choices.month], OPENED_MONTHS, MONTHS_OF_FEE)
            relaxation.masters = [PathMaster(f, relaxation.model, responses, opened)]
            self.clock.spend("build", since)
        root = self._solve(relaxation, [relaxation.phase_bounds()], peak.solved.centre)[0]
        if root is not None:
            self._prove(root.bound)
            while len(relaxation.masters) < SIDE_BY_SIDE:
                relaxation.masters.append(relaxation.masters[0].twin())
        return root

    def _solve_whole(self, relaxation: Relaxation) -> Solved | None:
        """Solve a relaxation with all its columns: as it is; where nothing is feasible, with penalties."""
        since = time.perf_counter()
        self.elastic = False
        raw = solve_centrally(relaxation.strict(), self.clock.left)
        if raw.status in ("infeasible", "unknown"):
            self.elastic = True
            raw = solve_centrally(relaxation.model, self.clock.left)
        self.clock.spend("relaxation", since)
        self._stop_if_over(raw.status)
        if raw.row_dual is None:
            return None
        self.prices = prices_from_duals(relaxation.f, relaxation.model, raw.row_dual)
        return self._reckon(relaxation, relaxed(relaxation, raw, elastic=self.elastic))

    def _must_lack(self) -> bool:
        """Whether something must be lacking, whatever the goal: proven for the unmerged problem."""
        relaxing = Relaxing(self.relaxing.problem, NO_GOAL, self.tier_bounds, 1.0)
        relaxation = relaxing.relax(classify(relaxing.problem, CLASSES))
        raw = solve_centrally(relaxation.model, self.clock.left)
        self._stop_if_over(raw.status)
        found = relaxing.reckon(relaxation, relaxed(relaxation, raw, elastic=True))
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

    def _solve(
        self,
        relaxation: Relaxation,
        parts: list[tuple[FloatArray, FloatArray]],
        centre: Centre,
        rounds: int = ROUNDS,
    ) -> list[Solved | None]:
        """Solve a relaxation within each of the bounds on phases, side by side, near the centre."""
        since = time.perf_counter()
        masters = relaxation.masters[: len(parts)]
        left = self.clock.left
        with ThreadPoolExecutor(side_by_side(len(masters))) as pool:
            tasks = [pool.submit(m.solve, *part, centre, left, rounds) for m, part in zip(masters, parts, strict=True)]
            try:
                answers = [task.result() for task in tasks]
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                for master in masters:
                    master.stop()
                raise
        self.clock.spend("relaxation", since)
        for answer in answers:
            self._stop_if_over(answer.status)
        for master in relaxation.masters[1:]:
            master.learn(relaxation.masters[0])
            relaxation.masters[0].learn(master)
        return [self._reckon(relaxation, answer) for answer in answers]

    def _reckon(self, relaxation: Relaxation, answer: Relaxed) -> Solved | None:
        since = time.perf_counter()
        solved = self.relaxing.reckon(relaxation, answer)
        self.clock.spend("bound", since)
        return solved

    def _branch(self, peak: Peak) -> tuple[str, Solved]:
        """Branch on phases until bound and plan meet; the status, and the best schedule's prices."""
        relaxation = peak.relaxation
        root = self._open(peak)
        if root is None:
            return "time_limit", peak.solved
        tree, best = PhaseTree(*relaxation.phase_bounds()), root
        if not tree.root(max(root.bound, peak.solved.bound), relaxation.state(root.x), root.centre):
            self._try_schedule(relaxation, root, rounded(relaxation.state(root.x)))
        while not self._done():
            node = tree.next(self._cutoff())
            if node is None:
                break
            children = tree.children(node)
            for bounds, child in zip(children, self._solve(relaxation, list(children), node.centre), strict=True):
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
        relaxation = peak.relaxation
        found = self._open(peak)
        lower, upper = relaxation.phase_bounds()
        while found is not None:
            state = relaxation.state(found.x)
            if not in_pieces(state).any():
                fixed = rounded(state).reshape(state.shape)
                found = self._solve(relaxation, [(fixed, fixed)], found.centre, SCHEDULE_ROUNDS)[0]
                if found is not None and not found.lacks:
                    self._try_schedule(relaxation, found, fixed.ravel())
                return
            self.clock.tell("a first schedule of phases")
            parts = parts_of(state, lower, upper)
            solved = self._solve(relaxation, parts, found.centre, PLUNGE_ROUNDS)
            usable = [(p.value, k, p) for k, p in enumerate(solved) if p is not None and not p.lacks]
            if not usable:
                return
            _, k, found = min(usable, key=lambda each: each[:2])
            lower, upper = parts[k]

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
        since = clock.spend("whole households", since)
        if settled is None:
            return False
        paid = pay_for(self.problem, *settled, goal=self.goal, tier_bounds=self.tier_bounds, check=self.check)
        clock.spend("payments", since)
        if paid is None:
            return False
        self.tried = min(self.tried, found.value)
        if self.best is not None and paid.value >= self.best.value:
            return False
        self.best = paid
        clock.tell("whole plan", best=paid.value)
        return True

    def _done(self) -> bool:
        return self.best is not None and self.bound >= self._cutoff()
