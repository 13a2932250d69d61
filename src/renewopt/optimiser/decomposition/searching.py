"""The structured path: households in classes, branching on phases, whole households by restricted search.

1. Needs that are alike are merged; households become response classes, whose relaxation gives first duals; with rows on
   whole phases, where these promise much (`separation`).
2. Dual ascent to the best bound: every household is asked for its best response at the duals; classes whose members
   want different things are split (`ascent`).
3. A first schedule of whole phases (`whole_schedules`), in steps (`diving`), or by branch and cut where the steps lead
   far from the bound or rows are at hand; its households made whole (`household_rounding`), paid for in fen.
4. Rows on whole phases raise the bound further, where they promise to and have not been asked for.
5. Branching on phases (`branching`). Where a single part of the schedules is left, it takes the place of all of them.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from renewopt.optimiser import exact
from renewopt.optimiser.decomposition import warm as warmth
from renewopt.optimiser.decomposition.ascent import CLOSEST, FIRST_BOX, MONTHS_OF_FEE, DualAscent
from renewopt.optimiser.decomposition.branching import PhaseBranching
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.guide import Guide
from renewopt.optimiser.decomposition.nodes import WORTH, NodeRelaxations
from renewopt.optimiser.decomposition.partitioning import Partition
from renewopt.optimiser.decomposition.phase_tree import OpenPart, undecided
from renewopt.optimiser.decomposition.primal_heuristic import PrimalHeuristic
from renewopt.optimiser.decomposition.relaxation import (
    A_YUAN,
    IDLE_SPENDING,
    Relaxation,
    RelaxationFactory,
    SolvedRelaxation,
    StabilityCentre,
)
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster
from renewopt.optimiser.decomposition.root import CLASSES, RootRelaxation
from renewopt.optimiser.decomposition.stopping import StoppedError, stop_if_dearer, stop_if_enough, stop_if_over
from renewopt.optimiser.decomposition.whole_schedules import SCHEDULE_ROUNDS, WholeSchedules
from renewopt.optimiser.exact import Found
from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.memory import choices
from renewopt.optimiser.model.decoding import schedule
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.model.linear import BoolArray
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.payments.paying import Check, Paid
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.presolve.separation import HALF_YEAR
from renewopt.optimiser.prices import Prices, prices_from_duals
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem, Tier
from renewopt.problem.waits import within_waits

logger = logging.getLogger(__name__)
REFINEMENTS, SPLITS = 4, 4
"""Rounds of splitting classes at the best schedule's prices and branching on phases again from nothing; times that
classes are split while parts stay open (`branching`)."""
GAINED = 0.05
"""Share of what the bound is then short of a plan, by which such a round has to raise it for another one."""
CLOSE, CLOSER = 0.15, 0.02
"""Tolerance of the dual ascent: a share of the asked gap, after a first plan of the one at hand."""
SOON, SOON_MOST = 0.7, 1.5e-3
"""Before a first plan this share of the asked gap will do, up to so much: the last steps can wait for the plan."""
CLOSER_CUT_GAP = 1e-3
"""Gap at which branch and cut ends in the part of the schedules that looks cheapest, at the least."""
IDLE_OF_GAP, IDLE_LEAST = 1e-3, 1e-9
"""Cost of a yuan of construction: `IDLE_SPENDING`, or this share of a small gap, and at the least."""
PENALTY = 100.0
"""Yuan for a yuan of slack, so that prices show what a schedule is short of."""
BOX_OF_ROWS, MONTHS_OF_ROWS = 0.3, 3.0
"""First box of the ascent with rows on whole phases, and months of fee within which choices are open to it: their duals
begin at nothing, and with few choices open a step promises several times what it proves."""
MONTHS_OF_EARLY_ROWS = 1.0
"""As `MONTHS_OF_ROWS`, where their duals have been found before the ascent."""
SOON_OF_ROWS, NEAR = 1.5, 3.0
"""As `SOON`, with rows on whole phases, and asked gaps from the plan at which the last steps are worth taking: a step
costs several times as much, and branching raises the bound by more for it."""
PROMISED = 0.3
"""Share of the asked gap that rows on whole phases have to promise."""
FAR = 0.03
"""A warm start is dropped if its prices prove less than the value of its choices by more than this share."""
SMALL = 40_000
"""Choices (offer × month) up to which the exact search goes on where branching on phases ends short of the gap."""


def search(
    problem: Problem,
    *,
    goal: str | Tier,
    tier_bounds: tuple[TierBound, ...],
    gap: float,
    clock: Clock,
    check: Check | None,
    start: Paid | None = None,
    warm: WarmStart | None = None,
) -> Found:
    """Search a large problem; same contract as `renewopt.optimiser.exact.search`.

    Parameters
    ----------
    warm
        What an earlier search has learnt.
    """
    return _Search(problem, goal, tier_bounds, gap, clock, check, start, warm).run()


def search_from(warm: WarmStart | None) -> Callable[..., Found]:
    """Return a search that begins with this warm start, and each further time with what the last one learnt."""
    known = [warm]

    def search_on(problem: Problem, **contract: Any) -> Found:
        found = search(problem, **contract, warm=known[0])
        known[0] = found.warm
        return found

    return search_on


class _Search:
    def __init__(
        self,
        problem: Problem,
        goal: str | Tier,
        tier_bounds: tuple[TierBound, ...],
        gap: float,
        clock: Clock,
        check: Check | None,
        start: Paid | None,
        warm: WarmStart | None,
    ) -> None:
        problem, tier_bounds = within_waits(problem, tier_bounds)
        self.problem, self.goal, self.tier_bounds = problem, goal, tier_bounds
        self.gap, self.clock, self.check, self.warm = gap, clock, check, warm
        self.bound = -math.inf
        self.asked_for_rows = False
        self.coarse: tuple[NodeRelaxations, SolvedRelaxation] | None = None
        self.apart: list[OpenPart] = []
        self.fathomed = math.inf
        self.splits = SPLITS
        self.others = math.inf
        self.learnt: WarmStart | None = None
        self.prices: Prices | None = None
        self.ascent: DualAscent | None = None
        self.plans = PrimalHeuristic(problem, goal, tier_bounds, gap, clock, check, start)

    def run(self) -> Found:
        """Solve; the bound holds for the problem as it is, household by household."""
        try:
            status = self._run()
        except StoppedError as stopped:
            status = stopped.status
        except KeyboardInterrupt:
            status = "interrupted"
        except SolverError as failure:
            if self.plans.incumbent is None:
                raise
            logger.warning("the search ends here, with the best plan so far: %s", failure)
            status = "time_limit"
        return Found(status, self.plans.incumbent, self.bound, self.prices, self._learnt())

    @property
    def guide(self) -> Guide | None:
        """A relaxation over few classes to be asked."""
        return self.schedules.guide

    def _learnt(self) -> WarmStart | None:
        best = self.plans.best
        if self.learnt is not None:
            return replace(self.learnt, schedule=warmth.handovers(self.problem, best.decisions if best else None))
        incumbent = None if self.ascent is None else self.ascent.reached
        if incumbent is None or incumbent.solved.bound == -math.inf:
            return self.warm
        return warmth.keep(self.relaxing.problem, _name(self.goal), incumbent, None if best is None else best.decisions)

    def _run(self) -> str:
        clock = self.clock
        since = time.perf_counter()
        clock.report("households, one by one")
        aggregated, _ = merge_needs(loosened(self.problem))
        # A bound that is to be exact may lose nothing to it.
        idle = min(IDLE_SPENDING, max(IDLE_OF_GAP * self.gap, IDLE_LEAST))
        self.relaxing = RelaxationFactory(aggregated, self.goal, self.tier_bounds, PENALTY, idle)
        self.schedules = WholeSchedules(self.problem, self.relaxing, self.plans, self.gap, clock)
        self.root = RootRelaxation(self.relaxing, clock)
        clock.spend("build", since)
        ascent = self._recall()
        recalled = ascent is not None
        if ascent is None:
            relaxation = self.relaxing.relax(classify(aggregated, CLASSES))
            found, opened = self._solve_root(relaxation)
            if found is not None and found.infeasible:
                if self.root.needs_slack(self.tier_bounds):
                    return "infeasible"
                # No slack is proven to be needed: it may only have been cheaper than to do without. Make it dearer.
                self.relaxing.penalty *= 1000.0
                relaxation = self.relaxing.relax(relaxation.classes.of_claim)
                found, opened = self._solve_root(relaxation)
            if found is None:
                return "time_limit"
            self._prove(found.bound)
            ascent = DualAscent(self.relaxing, clock, relaxation, found, elastic=self.root.elastic, opened=opened)
            ascent = self._with_rows(ascent)
            del relaxation
        self.ascent = ascent
        return self._refine(ascent, recalled=recalled)

    def _solve_root(self, relaxation: Relaxation) -> tuple[SolvedRelaxation | None, BoolArray]:
        """The relaxation of all schedules, solved, and the choices that are worth a column; its prices are kept."""
        found, opened = self.root.solve(relaxation)
        self.prices = self.root.prices
        return found, opened

    def _recall(self) -> DualAscent | None:
        """Begin where an earlier search ended.

        None where nothing is known, where slack may be needed now, and where too much has changed for its
        prices: the way from there to the best ones would be longer than that from nothing.
        """
        if self.warm is None or self.warm.goal != _name(self.goal):
            return None
        since = time.perf_counter()
        aggregated = self.relaxing.problem
        of_claim, then = warmth.classes_of(self.warm, aggregated)
        relaxation = self.relaxing.relax(of_claim)
        opened = warmth.choices_of(self.warm, relaxation, then)
        self.plans.held = warmth.held_of(self.warm, relaxation, aggregated, then)
        since = self.clock.spend("build", since)
        answer = RestrictedMaster(relaxation, opened, elastic=False).solve(self.clock.left)
        self.clock.spend("relaxation", since)
        stop_if_over(answer.status)
        if answer.x is None or answer.duals is None:
            return None
        y = warmth.duals_of(self.warm, aggregated, relaxation.model)
        ascent = DualAscent.at_duals(self.relaxing, self.clock, relaxation, y, answer, opened)
        del relaxation
        since = time.perf_counter()
        ascent.ascend(CLOSEST, steps=1)
        self.clock.spend("ascent", since)
        stop_if_over(ascent.stopped)
        bound = ascent.incumbent.solved.bound
        self._prove(bound)
        if bound < answer.value - FAR * abs(answer.value):
            return None
        self._reached(ascent)
        return ascent

    def _refine(self, ascent: DualAscent, *, recalled: bool) -> str:
        """Ascend to the best bound, find a first plan, branch on phases; and again with finer classes."""
        status = "time_limit"
        apart = not recalled and self._take_apart(ascent, prove=True)
        if not recalled and not apart:
            self._ascend(ascent)
        self.schedules.make_known(ascent, self.warm)
        # One step from where an earlier search ended is often enough, once there is a plan to hold it against.
        if recalled and not self._done():
            self._ascend(ascent)
        if recalled and not self._done() and self._asked_few_under_a_limit(ascent):
            apart = self._take_apart(ascent, prove=False)
        for _ in range(REFINEMENTS):
            # A guide says the same as before.
            if not self._done() and (self.guide is None or self.plans.best is None):
                self.schedules.make_first(ascent, self.bound)
            if not self._done() and not apart and (self.guide is None or self._gap() <= NEAR * self.gap):
                self._ascend(ascent)
            if not self._done():
                self._strengthen(ascent)
            if self._done():
                return "feasible"
            apart = False
            before = self.bound
            status, found = self._branch(ascent)
            if not ascent.finer(by=found) or status != "time_limit":
                break
            if self.plans.best is not None and self.bound - before <= GAINED * (self.plans.cutoff() - self.bound):
                # Better households may close the gap; without a plan of this search, finer classes may lead to one.
                break
        if status == "time_limit" and not self._done():
            status = self._go_on()
        return status

    def _ascend(self, ascent: DualAscent) -> None:
        """Ascend near to the best bound: the nearer the smaller the gap, the asked one or the one at hand.

        Where a plan is far from the bound, branching on phases takes the bound further than the last steps would.
        """
        if not self.clock.rule.prove:
            return
        since = time.perf_counter()
        best = self.plans.best
        if best is None:
            soon = SOON if self.guide is None else SOON_OF_ROWS
            close = max(CLOSE * self.gap, min(soon * self.gap, SOON_MOST))
        else:
            close = CLOSER * max(self.gap, self._gap())
        box, months = FIRST_BOX, MONTHS_OF_FEE
        if self.relaxing.cuts:
            box, months = (BOX_OF_ROWS, MONTHS_OF_ROWS) if self.guide is None else (FIRST_BOX, MONTHS_OF_EARLY_ROWS)
        enough = min(self.plans.cutoff(), self.clock.enough)
        # Where schedules are taken apart, steps that prove little are not worth it before.
        worth = 0.0 if self.guide is None or best is not None else WORTH
        ascent.ascend(max(CLOSEST, close), enough, box=box, months_of_fee=months, worth=worth)
        self.clock.spend("ascent", since)
        self._reached(ascent)
        stop_if_over(ascent.stopped)

    def _reached(self, ascent: DualAscent) -> None:
        """Keep what an ascent has come to: its bound, and its prices."""
        incumbent = ascent.incumbent
        if incumbent.duals is not None and not self.relaxing.cuts and self.others == math.inf:
            # Prices are told of the plain relaxation of all schedules: what a home is worth there is not split among
            # rows on phases.
            self.prices = prices_from_duals(self.relaxing.problem, incumbent.relaxation.model, incumbent.duals)
        self._prove(incumbent.solved.bound)

    def _prove(self, bound: float) -> None:
        self.bound = max(self.bound, min(bound, self.others))
        self.clock.report("relaxation", bound=self.bound)
        stop_if_dearer(self.clock, self.bound)

    def _with_rows(self, ascent: DualAscent) -> DualAscent:
        """Begin the ascent with rows on whole phases, where they promise much over the open choices.

        Their duals are best found while classes are few and many choices are open: an ascent that begins without them
        takes many steps to come there.
        """
        found = self.root.with_rows(ascent, self.gap) if self.clock.rule.prove else None
        if found is None:
            return ascent
        self.asked_for_rows = True
        self._prove(found.solved.bound)
        self._ask_few(found.relaxation, found.solved, found.few, found.opened)
        elastic, opened = self.root.elastic, found.opened
        return DualAscent(self.relaxing, self.clock, found.relaxation, found.solved, elastic=elastic, opened=opened)

    def _ask_few(self, relaxation: Relaxation, solved: SolvedRelaxation, few: BoolArray, opened: BoolArray) -> None:
        """Let a relaxation over few classes, solved, tell what is worth trying."""
        self.schedules.guide = Guide(relaxation, few, self.clock, solved.x)
        self.coarse = NodeRelaxations(self.relaxing, relaxation, opened, self.clock, lift=True, gap=self.gap), solved

    def _asked_few_under_a_limit(self, ascent: DualAscent) -> bool:
        """Solve a relaxation over few classes to be asked, where it is in doubt what is built under a limit.

        Rows on whole phases are not looked for then: on two points of the district's frontier they promised less than
        0.15 % of the bound.

        Returns
        -------
        bool
            Whether there is one.
        """
        incumbent = ascent.incumbent
        state = incumbent.relaxation.state(incumbent.solved.x)
        if not self.tier_bounds or self.guide is not None or not self.clock.rule.prove or not undecided(state):
            return False
        relaxation = self.relaxing.relax(classify(self.relaxing.problem, CLASSES))
        # Its prices are not told: those of finer classes are.
        found, opened = self.root.solve(relaxation)
        if found is None or self.root.elastic:
            return False
        few = DualAscent(self.relaxing, self.clock, relaxation, found, elastic=False, opened=opened)
        self._ask_few(relaxation, found, few.open_choices(fresh=True), opened)
        self.asked_for_rows = True
        return True

    def _strengthen(self, ascent: DualAscent) -> None:
        """Ascend with rows on whole phases, where a plan is at hand and they promise anything over the open choices.

        Over the few choices that are open the rows seem to do more than they do: what seems little is nothing.
        """
        relaxing = self.relaxing
        if self.asked_for_rows or not self.clock.rule.prove:
            return
        self.asked_for_rows = True
        parts, incumbent = self.schedules.parts(ascent), ascent.incumbent
        root = self._solve(parts, [parts.whole()], incumbent.solved.centre, 1)[0]
        if root is None or not relaxing.strengthen(parts.relaxation, root.x, within=HALF_YEAR):
            return
        self.clock.report("rows on whole phases")
        since = time.perf_counter()
        stronger = relaxing.relax(parts.relaxation.classes.of_claim)
        few = RestrictedMaster(stronger, parts.opened, elastic=True).solve(self.clock.left)
        self.clock.spend("relaxation", since)
        stop_if_over(few.status)
        promised = few.value - root.value - relaxing.penalty * root.infeasibility
        # A model that the solver fails on promises nothing.
        if few.x is None or promised <= PROMISED * self.gap * abs(root.value):
            relaxing.cuts.clear()
            return
        del stronger, parts, incumbent
        self._ascend(ascent)

    @staticmethod
    def _solve(
        parts: NodeRelaxations,
        bounds: list[PhaseBounds],
        centre: StabilityCentre,
        rounds: int = 1,
    ) -> list[SolvedRelaxation | None]:
        solved = parts.solve(bounds, centre, rounds=rounds)
        stop_if_over(parts.stopped)
        return solved

    def _branch(self, ascent: DualAscent) -> tuple[str, SolvedRelaxation]:
        """Branch on phases until bound and plan meet; the status, and a relaxation by which classes may be split.

        Where merging loses much, classes are split by a part, and the parts that are open are branched on over these.
        Where a single part of the schedules is left, the search goes on as if it were all of them: its classes are
        split by what households want there, and its ascent goes further than that of one part among many.
        """
        while True:
            parts, top = self.schedules.parts(ascent), ascent.incumbent.solved
            (apart, fathomed), self.apart, self.fathomed = (self.apart, self.fathomed), [], math.inf
            rounds = SCHEDULE_ROUNDS if self.guide is None else 1
            root = top if apart else self._solve(parts, [parts.whole()], top.centre, rounds)[0]
            if root is None:
                return "time_limit", top
            self._prove(root.bound)
            branching = PhaseBranching(parts, self.plans, self.clock, self.guide, may_split=self.splits > 0)
            try:
                status = branching.run(root, top.bound, apart, fathomed)
            finally:
                self.bound = max(self.bound, branching.bound)
            if branching.merged is not None:
                self.splits -= 1
                self.apart, self.fathomed, merged = branching.open_parts, branching.fathomed, branching.merged
                ascent.let_in(parts.opened)
                # The coarse relaxation is let go of before the finer one is made.
                del parts, branching, root
                ascent.finer(by=merged)
                continue
            left = branching.left
            if left is None:
                return status, branching.best or root
            found = self._solve(parts, [(left.lower, left.upper)], left.centre, 1)[0]
            if found is None:
                return status, branching.best or root
            # What is proven of this part holds for all up to what is proven of the others.
            self.others = min(self.others, branching.others)
            # Duals of a part are no good ones for the whole.
            self.learnt = self._learnt()
            self.relaxing.narrow(left.lower, left.upper)
            ascent.narrow(left.lower, left.upper, found, self.others)
            del parts, branching, root
            self._ascend(ascent)
            if self._done():
                return "feasible", ascent.incumbent.solved

    def _take_apart(self, ascent: DualAscent, *, prove: bool) -> bool:
        """Take all schedules apart over few classes, and make a plan of the best schedule found over them.

        Parameters
        ----------
        prove
            Whether parts are proven over the few classes, which are the ascent's then; the classes are split by what
            is wanted in the cheapest part, and a schedule is looked for there. Under a limit merging loses too much
            (1.3 % of the bound on a point of the district's frontier): parts are proven over finer classes, in their
            turn.

        Returns
        -------
        bool
            Whether that is of use; a first schedule is known anyway.
        """
        guide = self.guide
        if self.coarse is None or guide is None:
            return False
        first = self.schedules.first_of_guide(guide)
        if first is None:
            return False
        self.clock.report("schedules taken apart")
        coarse, self.coarse = self.coarse, None
        partition = Partition(*coarse, guide.models, self.problem.phases.cost.astype(np.float64))
        cutoff = partition.value(first)
        if not prove and math.isfinite(cutoff):
            # As near as was asked for is near enough. Where parts are compared, they are solved up to the schedule.
            cutoff -= self.gap * abs(cutoff)
        if not partition.grow(cutoff):
            return False
        state = first
        if prove:
            partition.prove(cutoff)
            self._prove(partition.bound)
            if partition.proof is not None:
                ascent.let_in(partition.opened)
                ascent.finer(by=partition.proof)
            least = partition.least
            better = self.schedules.by_guide(guide, CLOSER_CUT_GAP, (least.lower, least.upper))
            state = state if better is None else better
        self.apart, best = partition.open_parts, self.plans.best
        if best is None or not np.array_equal(state, schedule(self.problem, best.decisions.complete)):
            self.schedules.make(ascent, state)
        return True

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
                start=self.plans.incumbent,
            )
            self.bound = max(self.bound, found.bound)
            if found.paid is not None:
                self.plans.keep(found.paid)
            if found.status == "infeasible" and self.plans.incumbent is not None:
                # A plan that the ledger accepts stands against it: what the exact search says is its tolerance.
                return "time_limit"
            return found.status
        self.plans.improve(self._done)
        stop_if_enough(self.plans, self.clock)
        stop_if_over("time_limit" if clock.left <= 0 and not self._done() else "")
        return "feasible" if self._done() else "time_limit"

    def _gap(self) -> float:
        """Of the best plan of this search, as a share of it."""
        best = self.plans.best
        return math.inf if best is None else (best.value - self.bound) / max(abs(best.value), A_YUAN)

    def _done(self) -> bool:
        return self.plans.incumbent is not None and self.bound >= self.plans.cutoff()


def _name(goal: str | Tier) -> str:
    return goal.name if isinstance(goal, Tier) else goal
