"""Starts and a plan for them, with a proven bound: the programme decided.

Given starts make a plain scenario, whose best plan the optimiser finds and proves as ever. Which starts are worth it is
asked of one model in which they are open (`widening`): its optimum is a lower bound for all of them, and its starts are
the most promising ones. They are planned for, ruled out, and the model is asked again, until what is left cannot be
better than the best plan at hand (logic-based Benders decomposition, Hooker and Ottosson 2003). So the proof rests on
the plans of single schedules and on one relaxation, and the plan on neither.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.model.objective_steps import lifted
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.optimiser.progress import is_optimal, relative_gap
from renewopt.optimiser.solving import Solution, optimise
from renewopt.optimiser.starts.placing import orders, placed
from renewopt.optimiser.starts.widening import OpenStarts, leave_open
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.scenario.models import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, dated, faults, programme_delay
from renewopt.units import FEN_PER_YUAN, YUAN_PER_WAN
from renewopt.vocabulary import Goal

Result = TypeVar("Result")
Vector = tuple[int, ...]
"""Starts, in the order of the activities."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """The programme decided.

    Attributes
    ----------
    status
        As of a `Solution`, for starts and plan together.
    starts
        Month of each activity, None where it is left out; None if no schedule is in order.
    solution
        The plan for these starts; its figures are those of the plan alone, without what the programme adds.
    objective, bound, gap
        Of starts and plan together, in yuan: what the plan comes to, delay costs and land penalties, and under
        ``fiscal_cost`` less discounted land revenue.
    added
        What the starts add to the plan's objective, in yuan.
    tried
        Schedules that were planned for.
    seconds
        Time spent by phase.
    """

    status: str
    starts: dict[str, int | None] | None
    solution: Solution | None
    objective: float | None
    bound: float | None
    gap: float | None
    added: float = 0.0
    tried: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


Accepts = Callable[[Problem], Callable[[Decisions], bool]]
"""For the problem of given starts, what says whether decisions are acceptable: the ledger's audit."""


def choose(
    scenario: Scenario,
    programme: Programme,
    *,
    gap: float = 1e-3,
    time_limit: float = 600.0,
    objective: str | None = None,
    accepts: Accepts | None = None,
) -> Chosen:
    """Choose the starts of a programme together with the plan for them.

    Parameters
    ----------
    scenario, programme
        A scenario with its programme, and the tables of it.
    gap
        Stop at this relative gap; 0 asks for a proof of optimality.
    time_limit
        Seconds.
    objective
        ``transition_fees`` or ``fiscal_cost``; default: the scenario's own.
    accepts
        The audit of plans.
    """
    return _Search(scenario, programme, gap, time_limit, objective, accepts).run()


@dataclass(frozen=True, eq=False)
class _Planned:
    """A schedule that was planned for: yuan in all, proven bound, and the plan; infinite where there is none."""

    starts: IntArray
    value: float
    bound: float
    solution: Solution
    added: float


class _Search:
    """One search: what has been planned for, and what is proven."""

    def __init__(
        self,
        scenario: Scenario,
        programme: Programme,
        gap: float,
        time_limit: float,
        objective: str | None,
        accepts: Accepts | None,
    ) -> None:
        self.scenario, self.programme = scenario, programme
        self.gap, self.accepts = gap, accepts
        self.objective = objective or scenario.objective.minimise
        self.began = time.perf_counter()
        self.ends = self.began + time_limit
        self.seconds: dict[str, float] = {}
        self.planned: dict[Vector, _Planned] = {}
        self.without_land = self._without_land()

    @property
    def left(self) -> float:
        return self.ends - time.perf_counter()

    @property
    def best(self) -> _Planned | None:
        """The best schedule with a plan."""
        found = [each for each in self.planned.values() if math.isfinite(each.value)]
        return min(found, key=lambda each: each.value, default=None)

    def run(self) -> Chosen:
        opened = self._timed("build", lambda: leave_open(self.programme, self._open))
        for starts in self._timed("rules", lambda: first_schedules(self.programme, opened.options)):
            if self.left > 0:
                self.plan(starts)
        bound = self._prove(opened)
        return self._answer(bound)

    def _prove(self, opened: OpenStarts) -> float:
        """Ask the model with open starts until nothing can be better; return the proven bound in yuan."""
        model = _Model(opened, self.objective, self.gap)
        for each in self.planned.values():
            model.rule_out(each.starts)
        out = self._ruled_out()
        rest = -math.inf
        while self.left > 0:
            status, rest, starts = self._timed("solve", lambda: model.ask(self.left, self.best))
            if status == "infeasible" or self._done(min(rest, out)) or starts is None or self.left <= 0:
                break
            self.plan(starts, floor=rest)
            model.rule_out(starts)
            out = self._ruled_out()
        return min(rest, out)

    def _ruled_out(self) -> float:
        return min((each.bound for each in self.planned.values()), default=math.inf)

    def _done(self, bound: float) -> bool:
        """Whether the best plan is within the asked gap of a bound."""
        best = self.best
        return best is not None and (is_optimal(best.value, bound) or relative_gap(best.value, bound) <= self.gap)

    def plan(self, starts: IntArray, floor: float = -math.inf) -> None:
        """Plan for a schedule, once; `floor`: a bound for it that is known already."""
        key = tuple(starts.tolist())
        if key in self.planned:
            return
        named = self.programme.named(starts)
        problem = self._timed("build", lambda: compile_problem(dated(self.scenario, named, self.programme)))
        solution = self._timed("plan", lambda: optimise(
            problem, objective=self.objective, gap=self.gap / 2, time_limit=max(self.left, 1.0),
            check=None if self.accepts is None else self.accepts(problem), describe=False,
        ))  # fmt: skip
        added = programme_delay(self.programme, named) / FEN_PER_YUAN + self._revenue(problem, starts)
        value, bound = math.inf, floor
        if solution.status == "infeasible":
            bound = math.inf
        elif solution.objective is not None and not faults(self.programme, named):
            value = solution.objective + added
        if solution.bound is not None and solution.status != "infeasible":
            bound = max(floor, solution.bound + added)
        self.planned[key] = _Planned(starts, value, bound, solution, added)

    def _revenue(self, problem: Problem, starts: IntArray) -> float:
        """Discounted land revenue in yuan, negative: part of the fiscal cost, which a plan does not know of."""
        if self.objective != Goal.FISCAL:
            return 0.0
        each = self.programme.activities
        at = np.flatnonzero((starts != NEVER_STARTS) & (each.revenue_fund >= 0))
        month = (starts + each.ready + each.revenue_after)[at]
        return -float(each.revenue[at] @ problem.objective.discount(month)) / FEN_PER_YUAN

    def _open(self, starts: IntArray) -> Problem:
        return compile_problem(dated(self.without_land, self.programme.named(starts)))

    def _without_land(self) -> Scenario:
        """The scenario with phases that need no land: the model with open starts says itself when they get it."""
        estates = [
            estate.model_copy(
                update={"phases": [phase.model_copy(update={"land": [], "build_months": 0}) for phase in estate.phases]}
            )
            for estate in self.scenario.estates
        ]
        return self.scenario.model_copy(update={"estates": estates})

    def _timed(self, phase: str, work: Callable[[], Result]) -> Result:
        since = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[phase] = self.seconds.get(phase, 0.0) + time.perf_counter() - since

    def _answer(self, bound: float) -> Chosen:
        best = self.best
        known = bound if math.isfinite(bound) else None
        if best is None:
            proven = bound == math.inf
            some = next(iter(self.planned.values()), None)
            return Chosen(
                "infeasible" if proven else "time_limit",
                None if some is None else self.programme.named(some.starts),
                None if some is None else some.solution,
                None, known, None, tried=len(self.planned), seconds=self.seconds,
            )  # fmt: skip
        bound = min(bound, best.value)
        status = "time_limit"
        if is_optimal(best.value, bound):
            status = "optimal"
        elif math.isfinite(bound) and relative_gap(best.value, bound) <= self.gap:
            status = "feasible"
        return Chosen(
            status,
            self.programme.named(best.starts),
            best.solution,
            best.value,
            bound if math.isfinite(bound) else None,
            relative_gap(best.value, bound) if math.isfinite(bound) else None,
            added=best.added,
            tried=len(self.planned),
            seconds=self.seconds,
        )


DRAWN_ORDERS = 200
"""Orders that are drawn where only delay tells schedules apart."""


def first_schedules(programme: Programme, options: StartOptions) -> list[IntArray]:
    """Schedules to begin with: the cheapest in delay, all that can start, and only what must."""
    found: dict[Vector, float] = {}
    optional = frozenset(np.flatnonzero(~options.must).tolist())
    for left_out, drawn in ((frozenset[int](), DRAWN_ORDERS), (optional, 0)):
        for order in orders(options, drawn):
            starts = placed(options, order, left_out)
            if starts is not None and not faults(programme, programme.named(starts)):
                found[tuple(starts.tolist())] = delay_cost(options, starts)
    best = sorted(found, key=lambda key: found[key])
    return [np.array(key, dtype=np.int64) for key in best[:FIRST]]


FIRST = 2
"""Schedules of rules of thumb that are planned for."""


def delay_cost(options: StartOptions, starts: IntArray) -> float:
    """Fen that starts cost by delay."""
    begun = np.flatnonzero(starts != NEVER_STARTS)
    option = options.begin[begun] + starts[begun] - options.first[begun]
    return float(options.cost[option].sum() + options.idle[starts == NEVER_STARTS].sum())


class _Model:
    """The model with open starts, in HiGHS."""

    def __init__(self, opened: OpenStarts, objective: str, gap: float) -> None:
        problem, self.options = loosened(opened.problem), opened.options
        self.f, self.model = formulate(problem, goal=objective, starts=self.options)
        self.engine = Engine(self.model)
        self.engine.set("mip_rel_gap", max(gap / 2, 0.0))
        self.engine.set("mip_abs_gap", 2e-5)
        self.engine.set("mip_feasibility_tolerance", 1e-9)
        self.engine.set("primal_feasibility_tolerance", 1e-9)

    def ask(self, time_limit: float, best: _Planned | None) -> tuple[str, float, IntArray | None]:
        """Status, proven bound in yuan for all that is not ruled out, and the most promising starts."""
        raw = self.engine.run(time_limit=time_limit)
        if raw.status == "infeasible":
            return raw.status, math.inf, None
        bound = lifted(raw.bound, self.model) * YUAN_PER_WAN
        return raw.status, bound, None if raw.x is None else self.starts(raw.x)

    def starts(self, x: FloatArray) -> IntArray:
        """(A,) starts of a whole answer."""
        options = self.options
        result = np.full(len(options), NEVER_STARTS, dtype=np.int64)
        option = np.flatnonzero(x[self.f["start"].index] > 0.5)
        result[options.activity[option]] = options.month[option]
        return result

    def rule_out(self, starts: IntArray) -> None:
        """Leave one schedule out of the next answers."""
        options = self.options
        begun = np.flatnonzero(starts != NEVER_STARTS)
        never = np.flatnonzero((starts == NEVER_STARTS) & (options.first < options.last + 1) & ~options.must)
        option = options.begin[begun] + starts[begun] - options.first[begun]
        columns = np.concatenate([self.f["start"].index[option], self.f["begun"].index[options.begin[never + 1] - 1]])
        sign = np.concatenate([np.ones(begun.size), -np.ones(never.size)])
        self.engine.add_row(columns, sign, -math.inf, float(begun.size - 1))
