"""The structured path: households in classes, phases in a master with cuts, whole households by restricted search.

1. Needs that are alike are merged; households become response classes; the classes' relaxation gives prices.
2. Prices give, household by household, a cut on what the households of the unmerged problem cost. The classes that
   lose most by being merged are split, while that pays.
3. The phase master proposes a schedule of whole phases and proves a bound; the schedule's own relaxation gives new
   prices, hence a new cut, and a whole plan. Until bound and plan meet, or time is up.

The classes' relaxation is solved whole once; then over the choices that cost no more than a few months' fee above the
best at its prices. What that leaves out can cost quality, never validity: a cut holds for every household at any
prices.
"""

from __future__ import annotations

import math
import time
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
from renewopt.optimiser.payments import Check, Paid, pay_for
from renewopt.optimiser.phases import PhaseMaster
from renewopt.optimiser.phase_tree import Node, PhaseTree
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.variables import Formulation
from renewopt.optimiser.restricted import Restricted, restrict
from renewopt.optimiser.whole_households import WholeHouseholds
from renewopt.problem import Problem, Tier
from renewopt.units import FEN_PER_WAN

IntArray = NDArray[np.int64]
CLASSES = 200
LOSS_WORTH_A_SPLIT = 0.9
"""Share of the loss of merging that splitting goes for."""
MONTHS_OF_FEE = 6.0
"""Choices that cost so many months' fee more than the best are left out of the later relaxations."""
ENOUGH = 1e-6
"""Share of the value below which what a schedule lacks is numerical noise."""
PROVE_EVERY = 40.0
"""Seconds of branching between two proofs."""
MASTER_SECONDS = 30.0
SEARCH_MARGIN_FEN = 50_000
"""Margin that the search for whole households leaves in every fund, so that payments can be rounded."""
PENALTY = 100.0
"""Yuan for a yuan that a schedule lacks, so that its prices say so."""
USED = 1e-4


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
    """The classes' relaxation, whole or restricted, and its engine."""

    classes: Classes
    f: Formulation
    model: LinearModel
    responses: Responses
    restricted: Restricted
    engine: Engine


@dataclass(eq=False)
class _Prices:
    """A solution of a relaxation: value without penalties, columns of the classes' model, prices of the whole model."""

    value: float
    lacking: float
    x: FloatArray
    y: FloatArray


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
        since = time.perf_counter()
        clock.tell("households, one by one")
        self.compact, _ = merge_needs(loosened(problem))
        self.f, self.model = self._formulate(self.compact, goal, tier_bounds, elastic=False)
        self.responses = Responses.of(self.f, self.model)
        self.linking = linking_rows(self.model)
        self.master = PhaseMaster(self.model, self.responses)
        self.bound = -math.inf
        self.best: Paid | None = None
        self.schedules: set[bytes] = set()
        clock.spend("build", since)

    @staticmethod
    def _formulate(
        problem: Problem, goal: str | Tier, bounds: tuple[TierBound, ...], *, elastic: bool
    ) -> tuple[Formulation, LinearModel]:
        tier = goal if isinstance(goal, Tier) else None
        name = None if isinstance(goal, Tier) else goal
        return formulate(problem, objective=name, goal=tier, tier_bounds=bounds, relaxed=True, elastic=elastic)

    def run(self) -> Found:
        """Solve; the bound holds for the problem as it is, household by household."""
        clock = self.clock
        relaxation = self._relax(classify(self.compact, CLASSES), None)
        clock.tell(f"{len(relaxation.classes.problem.claims)} classes of households")
        found = self._solve(relaxation)
        if found is None:
            return Found("time_limit", None, -math.inf)
        if found.lacking > ENOUGH * max(1.0, abs(found.value)):
            return Found("infeasible", None, -math.inf)
        center = found.y
        split = self._split(relaxation, center)
        relaxation = self._relax(relaxation.classes.of_claim if split is None else split, center)
        clock.tell(f"{len(relaxation.classes.problem.claims)} classes of households")
        found = self._solve(relaxation)
        if found is None:
            return Found("time_limit", None, -math.inf)
        clock.tell(f"relaxation {found.value:.0f}")
        return Found(self._alternate(relaxation, found), self.best, self.bound)

    def _relax(self, of_claim: IntArray, y: FloatArray | None) -> _Relaxation:
        """The relaxation of these classes; at prices y, only over choices that may pay."""
        since = time.perf_counter()
        classes = merge(self.compact, of_claim)
        tiers = {t.name: t for t in classes.problem.objective.tiers}
        bounds = tuple((tiers[t.name], most) for t, most in self.tier_bounds)
        goal = tiers[self.goal.name] if isinstance(self.goal, Tier) else self.goal
        f, model = self._formulate(classes.problem, goal, bounds, elastic=True)
        model = replace(model, cost=model.cost + PENALTY * lacking(f, model))
        responses = Responses.of(f, model)
        opened = np.ones(len(f.choices), dtype=np.bool_)
        if y is not None:
            choice, never = responses.reduced(admissible(carry_over(y, self.model, model), model))
            best = np.where(classes.problem.claims.deadline >= 0, np.inf, never)
            np.minimum.at(best, responses.claim, choice)
            fee = f.fee_fen.max(axis=1) / FEN_PER_WAN * np.maximum(classes.problem.claims.weight, 1.0)
            opened = choice - best[responses.claim] <= MONTHS_OF_FEE * fee[responses.claim]
        restricted = restrict(f, model, opened)
        engine = Engine(restricted.model)
        engine.set("solver", "ipm")
        engine.set("run_crossover", "off")
        self.clock.spend("build", since)
        return _Relaxation(classes, f, model, responses, restricted, engine)

    def _solve(
        self, relaxation: _Relaxation, bounds: tuple[FloatArray, FloatArray] | None = None
    ) -> _Prices | None:
        """Solve a relaxation, phases free or within bounds, and cut at its prices."""
        since = time.perf_counter()
        block = relaxation.model.columns["complete"]
        columns = relaxation.restricted.columns_of(block)
        whole_range = (relaxation.model.lower[block.index], relaxation.model.upper[block.index])
        lower, upper = bounds if bounds is not None else whole_range
        relaxation.engine.bound_columns(columns, lower, upper)
        raw = relaxation.engine.run(time_limit=self.clock.left)
        since = self.clock.spend("relaxation", since)
        if raw.x is None or raw.row_dual is None:
            return None
        x = relaxation.restricted.expand(raw.x)
        missing = float(lacking(relaxation.f, relaxation.model) @ x)
        y = carry_over(relaxation.restricted.duals(raw.row_dual), relaxation.model, self.model)
        self.master.add_cut(y)
        self.clock.spend("bound", since)
        return _Prices(raw.objective - PENALTY * missing, missing, x, y)

    def _values(self, responses: Responses, price: FloatArray) -> tuple[FloatArray, IntArray]:
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

    def _split(self, relaxation: _Relaxation, y: FloatArray) -> IntArray | None:
        """Split the classes whose members want different things at these prices; None if that gains nothing."""
        since = time.perf_counter()
        price = admissible(np.where(self.linking, y, 0.0), self.model)
        value, favourite = self._values(self.responses, price)
        theirs, _ = self._values(
            relaxation.responses, admissible(carry_over(price, self.model, relaxation.model), relaxation.model)
        )
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
        wish = np.where(favourite >= 0, offer * 1000 + self.f.choices.month[favourite] // 3, -1)
        label = np.where(np.isin(of_claim, chosen), wish, -2)
        _, result = np.unique(np.column_stack([of_claim, label]), axis=0, return_inverse=True)
        return result.ravel().astype(np.int64)

    def _alternate(self, relaxation: _Relaxation, found: _Prices) -> str:
        """Branch on phases for good schedules and prices, prove by the master; until the gap is closed."""
        clock = self.clock
        tight, _ = merge_needs(tightened(self.problem, SEARCH_MARGIN_FEN))
        f, model = self._formulate(tight, self.goal, self.tier_bounds, elastic=False)
        whole = WholeHouseholds(self.problem, f, model, self.responses)
        block = relaxation.model.columns["complete"]
        shape = (len(self.compact.phases), self.compact.calendar.months)
        tree = PhaseTree(
            relaxation.model.lower[block.index].reshape(shape), relaxation.model.upper[block.index].reshape(shape)
        )
        tree.root(found.value, found.x[block.index].reshape(shape))
        proven_at = clock.elapsed
        while True:
            node = tree.next(self.best.value * (1.0 - self.gap / 2) if self.best is not None else math.inf)
            if node is not None and clock.left > 0:
                self._branch(relaxation, whole, tree, node)
            if node is None or clock.left <= 0 or clock.elapsed - proven_at > PROVE_EVERY:
                outcome = self._prove(relaxation, whole, exhausted=node is None)
                if outcome is not None:
                    return outcome
                proven_at = clock.elapsed

    def _branch(self, relaxation: _Relaxation, whole: WholeHouseholds, tree: PhaseTree, node: Node) -> None:
        """Solve the two children of a node; a child with whole phases is a schedule."""
        for lower, upper in tree.children(node):
            if self.clock.left <= 0:
                return
            found = self._solve(relaxation, (lower.ravel(), upper.ravel()))
            if found is None or found.lacking > ENOUGH * max(1.0, abs(found.value)):
                continue
            state = found.x[relaxation.model.columns["complete"].index].reshape(lower.shape)
            self.clock.tell(f"phases: relaxation {found.value:.0f}")
            if not tree.add(found.value, state, lower, upper):
                self._try_schedule(relaxation, whole, tree.rounded(state))

    def _prove(self, relaxation: _Relaxation, whole: WholeHouseholds, *, exhausted: bool) -> str | None:
        """Bound by the master; a status when done, else None. Its schedule is tried too."""
        clock = self.clock
        since = time.perf_counter()
        low, proposed = self.master.solve(min(MASTER_SECONDS, max(clock.left, 5.0)))
        clock.spend("master", since)
        if math.isinf(low) and low > 0:
            return "infeasible" if self.best is None else "feasible"
        self.bound = max(self.bound, low)
        clock.tell(f"proof with {self.master.cuts} cuts", bound=self.bound)
        if self._done():
            return "feasible"
        if clock.left <= 0:
            return "time_limit"
        fresh = proposed is not None and self._try_schedule(relaxation, whole, proposed)
        if self._done():
            return "feasible"
        return "time_limit" if exhausted and not fresh else None

    def _try_schedule(self, relaxation: _Relaxation, whole: WholeHouseholds, complete: FloatArray) -> bool:
        """Cut at a schedule's prices, and make a whole plan of it if that may be the best; False if it is not new."""
        if complete.tobytes() in self.schedules:
            return False
        self.schedules.add(complete.tobytes())
        found = self._solve(relaxation, (complete, complete))
        if found is None:
            return False
        lacks = found.lacking > ENOUGH * max(1.0, abs(found.value))
        self.clock.tell(f"schedule {len(self.schedules)}: " + ("short of money" if lacks else f"{found.value:.0f}"))
        if lacks or (self.best is not None and found.value > self.best.value):
            return True
        since = time.perf_counter()
        price = admissible(np.where(self.linking, found.y, 0.0), self.model)
        cost, _ = self.responses.reduced(price)
        months = self.compact.calendar.months
        choices = relaxation.f.choices
        flow = np.zeros((len(relaxation.classes.problem.offers), months))
        flow[choices.offer, choices.month] = found.x[relaxation.f["settle"].index]
        used = flow[relaxation.classes.of_offer[self.f.choices.offer], self.f.choices.month]
        settled = whole.find(complete, cost, used, self.clock)
        since = self.clock.spend("whole households", since)
        if settled is not None:
            paid = pay_for(
                self.problem, *settled, goal=self.goal, tier_bounds=self.tier_bounds, check=self.check
            )
            self.clock.spend("payments", since)
            if paid is not None and (self.best is None or paid.value < self.best.value):
                self.best = paid
                self.clock.tell("whole plan", best=paid.value)
        return True

    def _done(self) -> bool:
        if self.best is None:
            return False
        return self.best.value - self.bound <= max(self.gap * abs(self.best.value), 1e-4)


def lacking(f: Formulation, model: LinearModel) -> FloatArray:
    """1 for columns that stand for what a plan may not lack: money, targets, households past their deadline."""
    cost = np.zeros(model.cost.size)
    cost[f["shortfall"].index] = 1.0
    cost[f["target_missed"].index] = 1.0
    claim, month = f["waiting"].keys
    late = (month == f.problem.calendar.months - 1) & (f.problem.claims.deadline[claim] >= 0)
    cost[f["waiting"].index[late]] = 100.0
    return cost
