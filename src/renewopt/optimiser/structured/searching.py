"""The structured path: households in classes, branching on phases, whole households by restricted search.

1. Needs that are alike are merged; households become response classes, whose relaxation gives prices.
2. At these prices every household of the unmerged problem is asked for its best response: what the classes hide is
   the loss of merging, and classes that lose much are split.
3. Branching on phases: complete by a month, or not before the next. Every node's relaxation, less the loss of merging
   at its own prices, is a bound for the unmerged problem in that part of the schedules; the least of them is proven.
4. A node whose phases are whole is a schedule; its households are made whole, and paid for in fen.

The classes' relaxation is solved whole once; the nodes' relaxations price their columns on demand
(`renewopt.optimiser.structured.path_master`).
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.compact import merge_needs
from renewopt.optimiser.exact import Found
from renewopt.optimiser.formulation import TierBound, formulate
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.margins import loosened, tightened
from renewopt.optimiser.model import FloatArray, LinearModel, add_up
from renewopt.optimiser.payments import Check, Paid, pay_for
from renewopt.optimiser.prices import Prices, prices_from_duals
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.structured.bound import Responses as ClassResponses
from renewopt.optimiser.structured.bound import admissible, linking_rows
from renewopt.optimiser.structured.classes import Classes, classify, merge
from renewopt.optimiser.structured.coding import codes
from renewopt.optimiser.structured.kernel import Answers
from renewopt.optimiser.structured.path_master import ROUNDS, Centre, PathMaster, Relaxed
from renewopt.optimiser.structured.phase_tree import PhaseTree, in_pieces, parts_of, rounded
from renewopt.optimiser.structured.pricing import NO_GOAL, HouseholdPricing, RowPrices
from renewopt.optimiser.structured.whole_households import Shares, WholeHouseholds
from renewopt.optimiser.variables import Formulation
from renewopt.problem import Problem, Tier
from renewopt.units import FEN_PER_WAN

IntArray = NDArray[np.int64]
CLASSES = 200
LOSS_WORTH_A_SPLIT = 0.9
"""Share of the loss of merging that splitting goes for."""
MONTHS_OF_FEE = 0.05
"""Choices that cost no more than so many months' fee above the best are columns from the start."""
IN_USE = 1e-4
"""Households from which a choice is in use."""
REFINEMENTS = 4
"""Times that classes are split at the best schedule's prices and the phases branched on anew."""
HIDDEN = 0.5
"""Share of the asked gap that merging may hide before phases are branched on."""
SIDE_BY_SIDE = 2
"""Nodes solved at a time."""
PLUNGE_ROUNDS = 2
"""Rounds of pricing on the way to a first schedule."""
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
    """The classes' relaxation.

    Attributes
    ----------
    model
        What is lacking has its penalty, idle spending its small cost.
    plain
        Costs without these.
    masters
        Solve it by columns.
    """

    classes: Classes
    f: Formulation
    model: LinearModel
    plain: FloatArray
    responses: ClassResponses
    masters: list[PathMaster]

    def phase_bounds(self) -> tuple[FloatArray, FloatArray]:
        """(E, T) bounds of complete[e, t]."""
        block = self.model.columns["complete"]
        shape = (len(self.f.problem.phases), self.f.problem.calendar.months)
        return self.model.lower[block.index].reshape(shape), self.model.upper[block.index].reshape(shape)

    def state(self, x: FloatArray) -> FloatArray:
        """(E, T) of phases in a solution."""
        block = self.model.columns["complete"]
        return x[block.index].reshape(len(self.f.problem.phases), self.f.problem.calendar.months)

    def best(self, y: FloatArray) -> FloatArray:
        """(classes,) best value for one household at these duals."""
        choice, best = self.responses.reduced(y)
        np.minimum.at(best, self.responses.claim, choice)
        return best


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
    centre
        Duals of the classes' model that give the bound.
    prices
        The same duals by what the rows are about.
    own
        The households' best responses at these prices.
    of_class
        (classes,) the classes' best values for one household.
    """

    value: float
    bound: float
    lacking: float
    x: FloatArray
    centre: Centre
    prices: RowPrices
    own: Answers
    of_class: FloatArray

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
        self.pricing = HouseholdPricing(self.compact, self.goal, self.tier_bounds)
        tight, _ = merge_needs(tightened(self.problem, SEARCH_MARGIN_FEN))
        self.whole = WholeHouseholds(
            tight, HouseholdPricing(tight, self.goal, self.tier_bounds), self.goal, self.tier_bounds
        )
        clock.spend("build", since)
        relaxation = self._relax(classify(self.compact, CLASSES))
        found = self._solve_whole(relaxation)
        if found is None:
            return "time_limit"
        if found.lacks:
            if self._least_lacking(relaxation) > A_YUAN:
                return "infeasible"
            # As far as is proven nothing need be lacking: it may only have paid to lack something. Make it dearer.
            self.penalty *= 1000.0
            relaxation = self._relax(relaxation.classes.of_claim)
            found = self._solve_whole(relaxation)
            if found is None:
                return "time_limit"
        self._prove(found.bound)
        return self._refine(relaxation, found)

    def _refine(self, relaxation: _Relaxation, found: _Prices) -> str:
        """Split classes until merging hides little, find a first plan on the way, then branch; and again."""
        status = "time_limit"
        for _ in range(REFINEMENTS):
            split = self._split(relaxation, found)
            if split is not None:
                relaxation = self._relax(split)
                solved = self._solve_whole(relaxation)
                if solved is None:
                    return "time_limit"
                found = solved
                self._prove(found.bound)
            if self._done():
                return "feasible"
            self._plunge(relaxation, found)
            if self._done():
                return "feasible"
            hidden = found.value - found.bound
            if self.best is not None and split is not None and hidden > HIDDEN * self.gap * abs(found.value):
                continue
            status, found = self._branch(relaxation, found)
            if status != "time_limit" or split is None:
                break
        return status

    def _prove(self, bound: float) -> None:
        self.bound = max(self.bound, bound)
        self.clock.tell("relaxation", bound=self.bound)

    def _relax(self, of_claim: IntArray) -> _Relaxation:
        """The relaxation of these classes."""
        since = time.perf_counter()
        classes = merge(self.compact, of_claim)
        tiers = {t.name: t for t in classes.problem.objective.tiers}
        bounds = tuple((tiers[t.name], most) for t, most in self.tier_bounds)
        goal = tiers[self.goal.name] if isinstance(self.goal, Tier) else self.goal
        f, model = self._formulate(classes.problem, goal, bounds, elastic=True)
        plain = model.cost
        cost = plain + self.penalty * lacking(f, model)
        cost[f["build"].index] += IDLE_SPENDING
        model = replace(model, cost=cost)
        self.clock.spend("build", since)
        return _Relaxation(classes, f, model, plain, ClassResponses.of(f, model), [])

    def _open(self, relaxation: _Relaxation, found: _Prices) -> _Prices | None:
        """Masters by columns, with those in use in the relaxation and those that nearly pay; their first answer."""
        if not relaxation.masters:
            since = time.perf_counter()
            f, responses = relaxation.f, relaxation.responses
            choice, _ = responses.reduced(found.centre.y)
            fee = f.fee_fen.max(axis=1) / FEN_PER_WAN * np.maximum(f.problem.claims.weight, 1.0)
            opened = choice - found.of_class[responses.claim] <= MONTHS_OF_FEE * fee[responses.claim]
            opened |= found.x[f["settle"].index] * f.choices.unit > IN_USE
            relaxation.masters = [PathMaster(f, relaxation.model, responses, opened)]
            self.clock.spend("build", since)
        root = self._solve(relaxation, [relaxation.phase_bounds()], found.centre)[0]
        if root is not None:
            self._prove(root.bound)
            while len(relaxation.masters) < SIDE_BY_SIDE:
                relaxation.masters.append(relaxation.masters[0].twin())
        return root

    def _solve_whole(self, relaxation: _Relaxation) -> _Prices | None:
        """Solve a relaxation whole, by interior point: its prices are central.

        First as it is; where nothing is feasible, with what is lacking at a penalty.
        """
        since = time.perf_counter()
        raw = self._central(_strict(relaxation))
        if raw.status in ("infeasible", "unknown"):
            raw = self._central(relaxation.model)
        self.clock.spend("relaxation", since)
        self._stop_if_over(raw.status)
        if raw.x is None or raw.row_dual is None:
            return None
        self.prices = prices_from_duals(relaxation.f, relaxation.model, raw.row_dual)
        linking = linking_rows(relaxation.model)
        y = admissible(np.where(linking, raw.row_dual, 0.0), relaxation.model)
        small = raw.objective - float((relaxation.best(y) * relaxation.classes.problem.claims.count).sum())
        return self._prices(relaxation, Relaxed(raw.status, raw.objective, raw.objective, raw.x, Centre(y, small)))

    def _central(self, model: LinearModel) -> Raw:
        engine = Engine(model)
        engine.set("solver", "ipm")
        engine.set("run_crossover", "off")
        raw = engine.run(time_limit=self.clock.left)
        if raw.status in ("time_limit", "interrupted", "infeasible") or raw.row_dual is not None:
            return raw
        engine.set("solver", "simplex")
        return engine.run(time_limit=self.clock.left)

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
        loss = float((never * relaxation.classes.problem.claims.count).sum())
        free = HouseholdPricing(self.compact, NO_GOAL, self.tier_bounds)
        return raw.objective - loss + free.total(free.respond(self._row_prices(relaxation, y)))

    def _row_prices(self, relaxation: _Relaxation, y: FloatArray) -> RowPrices:
        return RowPrices.of(relaxation.classes.problem, relaxation.model, y, len(self.tier_bounds))

    def _stop_if_over(self, status: str) -> None:
        if status in ("time_limit", "interrupted"):
            self.status = status
            raise _StoppedError

    def _solve(
        self,
        relaxation: _Relaxation,
        parts: list[tuple[FloatArray, FloatArray]],
        centre: Centre,
        rounds: int = ROUNDS,
    ) -> list[_Prices | None]:
        """Solve a relaxation within each of the bounds on phases, side by side, near the centre."""
        since = time.perf_counter()
        masters = relaxation.masters[: len(parts)]
        left = self.clock.left
        with ThreadPoolExecutor(len(masters)) as pool:
            tasks = [pool.submit(m.solve, *part, centre, left, rounds) for m, part in zip(masters, parts, strict=True)]
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
        if answer.x is None or answer.centre is None:
            return None
        since = time.perf_counter()
        missing = float(lacking(relaxation.f, relaxation.model) @ answer.x)
        idle = IDLE_SPENDING * float(self.compact.phases.cost.sum()) / FEN_PER_WAN
        prices = self._row_prices(relaxation, answer.centre.y)
        own = self.pricing.respond(prices)
        bound = answer.centre.small + self.pricing.total(own) - idle
        self.clock.spend("bound", since)
        return _Prices(
            answer.value - self.penalty * missing, bound, missing, answer.x, answer.centre, prices, own,
            relaxation.best(answer.centre.y),
        )  # fmt: skip

    def _split(self, relaxation: _Relaxation, found: _Prices) -> IntArray | None:
        """Split the classes whose members want different things at these prices; None if that gains nothing."""
        of_claim, count = relaxation.classes.of_claim, self.compact.claims.count
        loss = found.of_class * relaxation.classes.problem.claims.count
        loss = loss - add_up(of_claim, found.own.best * count, loss.size)
        worst = np.argsort(-loss, kind="stable")
        share = np.cumsum(loss[worst]) / max(float(loss.sum()), 1e-12)
        chosen = worst[: int(np.searchsorted(share, LOSS_WORTH_A_SPLIT)) + 1]
        chosen = chosen[loss[chosen] > 0]
        if not chosen.size:
            return None
        offer = relaxation.classes.of_offer[found.own.offer]
        wish = np.where(found.own.offer >= 0, offer * 10_000 + found.own.month // 3, -1)
        return codes(of_claim, np.where(np.isin(of_claim, chosen), wish, -2))

    def _branch(self, relaxation: _Relaxation, known: _Prices) -> tuple[str, _Prices]:
        """Branch on phases until bound and plan meet; the status, and the best schedule's prices."""
        root = self._open(relaxation, known)
        if root is None:
            return "time_limit", known
        tree, best = PhaseTree(*relaxation.phase_bounds()), root
        if not tree.root(max(root.bound, known.bound), relaxation.state(root.x), root.centre):
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
        self.bound = max(self.bound, min(tree.least(), self._cutoff()))
        if self.best is None:
            return ("time_limit" if tree.closed else "infeasible"), best
        return ("feasible" if self._done() else "time_limit"), best

    def _plunge(self, relaxation: _Relaxation, known: _Prices) -> None:
        """A first schedule in few steps: what is nearly sure is fixed together, else the better of two parts is taken.

        It proves nothing.
        """
        found = self._open(relaxation, known)
        lower, upper = relaxation.phase_bounds()
        while found is not None:
            state = relaxation.state(found.x)
            if not in_pieces(state).any():
                self._try_schedule(relaxation, found, rounded(state))
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

    def _try_schedule(self, relaxation: _Relaxation, found: _Prices, complete: FloatArray) -> bool:
        """Make a whole plan of a schedule if it may be the best; whether it is."""
        clock = self.clock
        if found.value > self.tried * (1.0 - math.copysign(WORTH_A_TRY, self.tried)):
            return False
        clock.tell("a schedule of whole phases")
        since = time.perf_counter()
        classes, choices = relaxation.classes, relaxation.f.choices
        flow = np.zeros((len(classes.problem.offers), self.compact.calendar.months))
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


def _strict(relaxation: _Relaxation) -> LinearModel:
    """The relaxation in which nothing may be lacking."""
    model = relaxation.model
    upper = model.upper.copy()
    upper[lacking(relaxation.f, model) > 0] = 0.0
    return replace(model, cost=relaxation.plain, upper=upper)


def lacking(f: Formulation, model: LinearModel) -> FloatArray:
    """1 for columns that stand for what a plan may not lack: money, targets; 100 for households past a deadline."""
    cost = np.zeros(model.cost.size)
    cost[f["shortfall"].index] = 1.0
    cost[f["target_missed"].index] = 1.0
    claim, month = f["waiting"].keys
    late = (month == f.problem.calendar.months - 1) & (f.problem.claims.deadline[claim] >= 0)
    cost[f["waiting"].index[late]] = 100.0
    return cost
