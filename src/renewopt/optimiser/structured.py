"""The structured path: households in classes, branching on phases, whole households by restricted search.

1. Needs that are alike are merged; households become response classes, whose relaxation gives prices.
2. At these prices every household of the unmerged problem is asked for its best response: what the classes hide is
   the loss of merging, and classes that lose much are split.
3. Branching on phases: complete by a month, or not before the next. Every node's relaxation, less the loss of merging
   at its own prices, is a bound for the unmerged problem in that part of the schedules; the least of them is proven.
4. A node whose phases are whole is a schedule; its households are made whole, and paid for in fen.

The classes' relaxation is solved whole once; the nodes' relaxations price their columns on demand
(`renewopt.optimiser.path_master`).
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.bound import Responses, admissible, carry_over, linking_rows
from renewopt.optimiser.classes import Classes, classify, merge
from renewopt.optimiser.compact import merge_needs
from renewopt.optimiser.exact import Found
from renewopt.optimiser.formulation import TierBound, formulate
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.margins import loosened, tightened
from renewopt.optimiser.model import FloatArray, LinearModel
from renewopt.optimiser.path_master import PathMaster, Relaxed
from renewopt.optimiser.payments import Check, Paid, pay_for
from renewopt.optimiser.phase_tree import PhaseTree
from renewopt.optimiser.prices import Prices, prices_from_duals
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.variables import Formulation
from renewopt.optimiser.whole_households import WholeHouseholds
from renewopt.problem import Problem, Tier
from renewopt.units import FEN_PER_WAN

IntArray = NDArray[np.int64]
CLASSES = 200
LOSS_WORTH_A_SPLIT = 0.9
"""Share of the loss of merging that splitting goes for."""
MONTHS_OF_FEE = 1.0
"""Choices that cost no more than so many months' fee above the best are columns from the start."""
REFINEMENTS = 4
"""Times that classes are split at the best schedule's prices and the phases branched on anew."""
SIDE_BY_SIDE = 2
"""Nodes solved at a time."""
ENOUGH = 1e-6
"""Share of the value below which what a schedule lacks is numerical noise."""
A_YUAN = 1e-4
SEARCH_MARGIN_FEN = 50_000
"""Margin that the search for whole households leaves in every fund, so that payments can be rounded."""
PENALTY = 100.0
"""Yuan for a yuan that a schedule lacks, so that its prices say so."""
IDLE_SPENDING = 1e-6
"""Cost of a yuan spent on construction, so that the relaxation does not build what nobody needs."""
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


@dataclass(eq=False)
class _Relaxation:
    """The classes' relaxation; `masters` solve it by columns."""

    classes: Classes
    f: Formulation
    model: LinearModel
    responses: Responses
    masters: list[PathMaster]


@dataclass(eq=False)
class _Prices:
    """A solved relaxation.

    Attributes
    ----------
    value
        Of the classes, penalties left out.
    bound
        For the unmerged problem within the same bounds on phases.
    lacking
        What is missing, in 万元 or weighted households.
    x
        Columns of the classes' model.
    y
        Row duals of the unmerged model.
    """

    value: float
    bound: float
    lacking: float
    x: FloatArray
    y: FloatArray

    @property
    def lacks(self) -> bool:
        """Whether something is missing beyond the noise of numbers."""
        return self.lacking > ENOUGH * max(1.0, abs(self.value)) + A_YUAN


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
        self.penalty = PENALTY
        self.prices: Prices | None = None
        self.status = "time_limit"

    @staticmethod
    def _formulate(
        problem: Problem, goal: str | Tier, bounds: tuple[TierBound, ...], *, elastic: bool
    ) -> tuple[Formulation, LinearModel]:
        tier = goal if isinstance(goal, Tier) else None
        name = None if isinstance(goal, Tier) else goal
        return formulate(problem, objective=name, goal=tier, tier_bounds=bounds, relaxed=True, elastic=elastic)

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
        self.compact, _ = merge_needs(loosened(self.problem))
        self.f, self.model = self._formulate(self.compact, self.goal, self.tier_bounds, elastic=False)
        self.responses = Responses.of(self.f, self.model)
        self.linking = linking_rows(self.model)
        tight, _ = merge_needs(tightened(self.problem, SEARCH_MARGIN_FEN))
        self.whole = WholeHouseholds(
            self.problem,
            *self._formulate(tight, self.goal, self.tier_bounds, elastic=False),
            self.responses,
        )
        clock.spend("build", since)
        relaxation = self._relax(classify(self.compact, CLASSES), None)
        clock.tell("classes of households")
        found = self._solve_whole(relaxation)
        if found is None:
            return "time_limit"
        if found.lacks:
            if self._least_lacking(relaxation) > A_YUAN:
                return "infeasible"
            # As far as is proven nothing need be lacking: it may only have paid to lack something. Make it dearer.
            self.penalty *= 1000.0
            relaxation = self._relax(relaxation.classes.of_claim, None)
            found = self._solve_whole(relaxation)
            if found is None:
                return "time_limit"
        self._prove(found.bound)
        status = "time_limit"
        for _ in range(REFINEMENTS):
            split = self._split(relaxation, found.y)
            relaxation = self._relax(relaxation.classes.of_claim if split is None else split, found.y)
            clock.tell("classes of households")
            status, found = self._branch(relaxation, found)
            if status != "time_limit" or split is None:
                break
        return status

    def _prove(self, bound: float) -> None:
        self.bound = max(self.bound, bound)
        self.clock.tell("relaxation", bound=self.bound)

    def _relax(self, of_claim: IntArray, y: FloatArray | None) -> _Relaxation:
        """The relaxation of these classes; at prices y, only over choices that may pay."""
        since = time.perf_counter()
        classes = merge(self.compact, of_claim)
        tiers = {t.name: t for t in classes.problem.objective.tiers}
        bounds = tuple((tiers[t.name], most) for t, most in self.tier_bounds)
        goal = tiers[self.goal.name] if isinstance(self.goal, Tier) else self.goal
        f, model = self._formulate(classes.problem, goal, bounds, elastic=True)
        cost = model.cost + self.penalty * lacking(f, model)
        cost[f["build"].index] += IDLE_SPENDING
        model = replace(model, cost=cost)
        responses = Responses.of(f, model)
        masters = []
        if y is not None:
            choice, never = responses.reduced(admissible(carry_over(y, self.model, model), model))
            best = never.copy()
            np.minimum.at(best, responses.claim, choice)
            fee = f.fee_fen.max(axis=1) / FEN_PER_WAN * np.maximum(classes.problem.claims.weight, 1.0)
            opened = choice - best[responses.claim] <= MONTHS_OF_FEE * fee[responses.claim]
            masters = [PathMaster(f, model, responses, opened)]
        self.clock.spend("build", since)
        return _Relaxation(classes, f, model, responses, masters)

    def _solve_whole(self, relaxation: _Relaxation) -> _Prices | None:
        """Solve a relaxation whole, by interior point: its prices are central."""
        since = time.perf_counter()
        engine = Engine(relaxation.model)
        engine.set("solver", "ipm")
        engine.set("run_crossover", "off")
        raw = engine.run(time_limit=self.clock.left)
        if raw.status not in ("time_limit", "interrupted") and raw.row_dual is None:
            engine.set("solver", "simplex")
            raw = engine.run(time_limit=self.clock.left)
        self.clock.spend("relaxation", since)
        self._stop_if_over(raw.status)
        if raw.x is None or raw.row_dual is None:
            return None
        self.prices = prices_from_duals(relaxation.f, relaxation.model, raw.row_dual)
        linking = linking_rows(relaxation.model)
        y = admissible(np.where(linking, raw.row_dual, 0.0), relaxation.model)
        return self._prices(relaxation, Relaxed(raw.status, raw.objective, raw.objective, raw.x, y))

    def _least_lacking(self, relaxation: _Relaxation) -> float:
        """What is missing at the least, whatever the goal: proven for the unmerged problem."""
        cost = lacking(relaxation.f, relaxation.model)
        raw = Engine(replace(relaxation.model, cost=cost, offset=0.0)).run(time_limit=self.clock.left)
        self._stop_if_over(raw.status)
        if raw.x is None or raw.row_dual is None:
            return 0.0
        linking = linking_rows(relaxation.model)
        y = admissible(np.where(linking, raw.row_dual, 0.0), relaxation.model)
        theirs = replace(relaxation.responses, cost=cost[: relaxation.responses.cost.size])
        choice, never = theirs.reduced(y)
        np.minimum.at(never, theirs.claim, choice)
        own = replace(self.responses, cost=np.zeros_like(self.responses.cost))
        loss = float((never * relaxation.classes.problem.claims.count).sum())
        return raw.objective - loss + own.best(carry_over(y, relaxation.model, self.model))

    def _stop_if_over(self, status: str) -> None:
        if status in ("time_limit", "interrupted"):
            self.status = status
            raise _StoppedError

    def _solve(self, relaxation: _Relaxation, parts: list[tuple[FloatArray, FloatArray]]) -> list[_Prices | None]:
        """Solve a relaxation within each of the bounds on phases, side by side."""
        since = time.perf_counter()
        masters = relaxation.masters[: len(parts)]
        left = self.clock.left
        with ThreadPoolExecutor(len(masters)) as pool:
            tasks = [pool.submit(m.solve, *part, left) for m, part in zip(masters, parts, strict=True)]
            try:
                answers = [task.result() for task in tasks]
            except KeyboardInterrupt:
                for master in masters:
                    master.stop()
                raise
        self.clock.spend("relaxation", since)
        for answer in answers:
            self._stop_if_over(answer.status)
        for master in relaxation.masters[1:]:
            master.learn(relaxation.masters[0])
            relaxation.masters[0].learn(master)
        return [self._prices(relaxation, answer) for answer in answers]

    def _prices(self, relaxation: _Relaxation, answer: Relaxed) -> _Prices | None:
        """Reckon a solved relaxation's bound for the unmerged problem."""
        if answer.x is None or answer.y is None:
            return None
        since = time.perf_counter()
        missing = float(lacking(relaxation.f, relaxation.model) @ answer.x)
        idle = IDLE_SPENDING * float(self.compact.phases.cost.sum()) / FEN_PER_WAN
        choice, never = relaxation.responses.reduced(answer.y)
        value = never.copy()
        np.minimum.at(value, relaxation.responses.claim, choice)
        y = carry_over(answer.y, relaxation.model, self.model)
        loss = float((value * relaxation.classes.problem.claims.count).sum()) - self.responses.best(y)
        self.clock.spend("bound", since)
        return _Prices(answer.value - self.penalty * missing, answer.bound - idle - loss, missing, answer.x, y)

    def _split(self, relaxation: _Relaxation, y: FloatArray) -> IntArray | None:
        """Split the classes whose members want different things at these prices; None if that gains nothing."""
        since = time.perf_counter()
        value, favourite = _favourites(self.responses, y)
        theirs, _ = _favourites(relaxation.responses, carry_over(y, self.model, relaxation.model))
        of_claim, count = relaxation.classes.of_claim, self.compact.claims.count
        loss = theirs * relaxation.classes.problem.claims.count
        loss = loss - np.bincount(of_claim, weights=value * count, minlength=loss.size)
        worst = np.argsort(-loss, kind="stable")
        share = np.cumsum(loss[worst]) / max(float(loss.sum()), 1e-12)
        chosen = worst[: int(np.searchsorted(share, LOSS_WORTH_A_SPLIT)) + 1]
        chosen = chosen[loss[chosen] > 0]
        self.clock.spend("bound", since)
        if not chosen.size:
            return None
        offer = relaxation.classes.of_offer[self.f.choices.offer[favourite]]
        wish = np.where(favourite >= 0, offer * 10_000 + self.f.choices.month[favourite] // 3, -1)
        label = np.where(np.isin(of_claim, chosen), wish, -2)
        _, result = np.unique(np.column_stack([of_claim, label]), axis=0, return_inverse=True)
        return result.ravel().astype(np.int64)

    def _branch(self, relaxation: _Relaxation, known: _Prices) -> tuple[str, _Prices]:
        """Branch on phases until bound and plan meet; the status, and the best schedule's prices."""
        block = relaxation.model.columns["complete"]
        shape = (len(self.compact.phases), self.compact.calendar.months)
        lower = relaxation.model.lower[block.index].reshape(shape)
        upper = relaxation.model.upper[block.index].reshape(shape)
        tree = PhaseTree(lower, upper)
        found = self._solve(relaxation, [(lower, upper)])[0]
        if found is None:
            return "time_limit", known
        self._prove(found.bound)
        relaxation.masters.extend(relaxation.masters[0].twin() for _ in range(SIDE_BY_SIDE - 1))
        best = found
        if not tree.root(found.bound, found.x[block.index].reshape(shape)):
            self._try_schedule(relaxation, found, tree.rounded(found.x[block.index].reshape(shape)))
        while not self._done():
            node = tree.next(self._cutoff())
            if node is None:
                break
            children = tree.children(node)
            for bounds, child in zip(children, self._solve(relaxation, list(children)), strict=True):
                if child is None:
                    # What could be held against this part of the schedules is only what holds for all of it.
                    tree.close(node.value)
                    continue
                state = child.x[block.index].reshape(shape)
                low = max(child.bound, node.value)
                if not tree.add(low, state, *bounds, dive=not child.lacks):
                    tree.close(low)
                    promising = low < self._cutoff() and not child.lacks
                    if promising and self._try_schedule(relaxation, child, tree.rounded(state)):
                        best = child
            self.bound = max(self.bound, min(tree.least(), self._cutoff()))
            self.clock.tell("branching on phases", bound=self.bound)
        self.bound = max(self.bound, min(tree.least(), self._cutoff()))
        if self.best is None:
            return ("time_limit" if tree.closed else "infeasible"), best
        return ("feasible" if self._done() else "time_limit"), best

    def _cutoff(self) -> float:
        """A part of the schedules with a bound above this needs no more branching."""
        if self.best is None:
            return math.inf
        return self.best.value - max(self.gap * abs(self.best.value), 1e-4)

    def _try_schedule(self, relaxation: _Relaxation, found: _Prices, complete: FloatArray) -> bool:
        """Make a whole plan of a schedule if it may be the best; whether it is."""
        clock = self.clock
        if found.value > self.tried * (1.0 - math.copysign(WORTH_A_TRY, self.tried)):
            return False
        clock.tell("a schedule of whole phases")
        since = time.perf_counter()
        cost, _ = self.responses.reduced(found.y)
        choices = relaxation.f.choices
        flow = np.zeros((len(relaxation.classes.problem.offers), self.compact.calendar.months))
        flow[choices.offer, choices.month] = found.x[relaxation.f["settle"].index]
        used = flow[relaxation.classes.of_offer[self.f.choices.offer], self.f.choices.month]
        settled = self.whole.find(complete, cost, used, clock)
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


def _favourites(responses: Responses, price: FloatArray) -> tuple[FloatArray, IntArray]:
    """Each claim's best value at these prices, and the choice that gives it (−1: none)."""
    choice, never = responses.reduced(price)
    claim = responses.claim
    value = np.where(responses.problem.claims.deadline >= 0, np.inf, never)
    favourite = np.full(value.size, -1, dtype=np.int64)
    order = np.lexsort((choice, claim))
    heads = np.flatnonzero(np.concatenate(([True], claim[order][1:] != claim[order][:-1])))
    best = order[heads]
    better = choice[best] < value[claim[best]]
    favourite[claim[best[better]]] = best[better]
    value[claim[best[better]]] = choice[best[better]]
    return value, favourite


def lacking(f: Formulation, model: LinearModel) -> FloatArray:
    """1 for columns that stand for what a plan may not lack: money, targets; 100 for households past a deadline."""
    cost = np.zeros(model.cost.size)
    cost[f["shortfall"].index] = 1.0
    cost[f["target_missed"].index] = 1.0
    claim, month = f["waiting"].keys
    late = (month == f.problem.calendar.months - 1) & (f.problem.claims.deadline[claim] >= 0)
    cost[f["waiting"].index[late]] = 100.0
    return cost
