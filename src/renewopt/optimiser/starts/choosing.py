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
from functools import partial
from typing import TypeVar

import numpy as np

from renewopt.optimiser.model.linear import IntArray
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.optimiser.progress import Progress, ProgressCallback, is_optimal, relative_gap
from renewopt.optimiser.solving import Solution, optimise
from renewopt.optimiser.starting import Starts, no_starts
from renewopt.optimiser.starts.asking import OpenModel
from renewopt.optimiser.starts.first_schedules import first_schedules
from renewopt.optimiser.starts.local_search import improved, relaxed_value
from renewopt.optimiser.starts.rounds import Rounds
from renewopt.optimiser.starts.widening import OpenStarts, leave_open, open_choices, without_land
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.scenario.models import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, dated, faults, programme_delay, revenues
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import AUTO, Goal

RELAXATION_SHARE = 0.5
"""Of the time, at the most, for the relaxation of a large model with open starts."""
LOCAL_SHARE = 0.25
"""Of the time that is left then, for small changes of schedules."""
MODEL_SHARE = 0.7
"""Of the time that is left, for each answer of such a model: its starts are then to be planned for."""
MOST_CHOICES = 1_000_000
"""Choices (offer × month, copies included) up to which the model with open starts is built: some 3 GB."""
FIRST_SHARE, FIRST_GAP = 0.25, 0.02
"""Of the time, at the most, for a first plan by a rule of thumb's schedule, and the gap at which it ends."""
FIRST_PLAN = 0.1
"""Of the time that is left, what is learnt of schedules before one is planned for."""
PLAN_SHARE = 0.5
"""Of the time that is left, for the plan of one schedule where all schedules are still being weighed."""
PROMISING = 3
"""Schedules of the local search that are planned for until one has a plan."""

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


Begins = Callable[[Problem], Starts]
"""For the problem of given starts, what makes plans for it in another way."""


@dataclass(frozen=True, eq=False)
class Asked:
    """How the search is to be made; see `choose`."""

    gap: float = 1e-3
    time_limit: float = 600.0
    objective: str | None = None
    method: str = AUTO
    progress: ProgressCallback | None = None
    accepts: Accepts | None = None
    starts: Begins | None = None


def by_rule(scenario: Scenario, programme: Programme) -> IntArray | None:
    """(A,) starts by rules of thumb, the cheapest in delay; None where none of them finds a schedule in order."""
    options = _Search(scenario, programme, Asked()).what_may_start()
    return next(iter(first_schedules(programme, options)), None)


def choose(
    scenario: Scenario,
    programme: Programme,
    *,
    gap: float = 1e-3,
    time_limit: float = 600.0,
    objective: str | None = None,
    method: str = AUTO,
    progress: ProgressCallback | None = None,
    accepts: Accepts | None = None,
    starts: Begins | None = None,
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
    method
        Of the plan for given starts, as of `optimise`.
    progress
        Receives `Progress`.
    accepts
        The audit of plans.
    starts
        Makes plans for given starts in another way, such as by rules of thumb.
    """
    asked = Asked(gap, time_limit, objective, method, progress, accepts, starts)
    return _Search(scenario, programme, asked).run()


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

    def __init__(self, scenario: Scenario, programme: Programme, asked: Asked) -> None:
        self.scenario, self.programme, self.asked = scenario, programme, asked
        self.gap = asked.gap
        self.objective = asked.objective or scenario.objective.minimise
        self.began = time.perf_counter()
        self.ends = self.began + asked.time_limit
        self.seconds: dict[str, float] = {}
        self.planned: dict[Vector, _Planned] = {}
        self.interrupted = False
        self.told = -math.inf
        self.without_land = without_land(scenario)

    @property
    def left(self) -> float:
        return self.ends - time.perf_counter()

    @property
    def goes_on(self) -> bool:
        """Whether there is time, and nobody asks for an end."""
        return self.left > 0 and not self.interrupted

    @property
    def best(self) -> _Planned | None:
        """The best schedule with a plan."""
        found = [each for each in self.planned.values() if math.isfinite(each.value)]
        return min(found, key=lambda each: each.value, default=None)

    def run(self) -> Chosen:
        if self._timed("build", lambda: open_choices(self.programme, self._open)) > MOST_CHOICES:
            return self._by_rounds()
        opened = self._timed("build", self.opened)
        model = OpenModel(opened, self.objective, self.gap)
        bound = -math.inf
        begin = self._timed("rules", lambda: first_schedules(self.programme, opened.options))
        if model.whole:
            for starts in begin:
                if self.goes_on:
                    self.plan(starts)
        else:
            bound = self._timed("relaxation", lambda: model.relaxed(RELAXATION_SHARE * self.left))
            self.interrupted = model.interrupted
            self._report(bound)
            self._better(opened.options, [*model.wishes(), *begin], bound)
        return self._answer(self._prove(model, bound))

    def _by_rounds(self) -> Chosen:
        """Where the model with open starts would not fit: the outline's bound, and plans for its best schedules."""
        opened = self._timed("build", self.opened)
        begin = self._timed("rules", lambda: first_schedules(self.programme, opened.options))
        if begin and self.goes_on:
            # Who is stopped early has a plan: it is seldom the best one, so nothing much is spent on proving it.
            self.plan(begin[0], most=FIRST_SHARE * self.left, gap=FIRST_GAP)
        rounds = self._timed("build", lambda: Rounds(opened, self.objective, self.left))
        known = self._timed("relaxation", lambda: rounds.begin(RELAXATION_SHARE * self.left))
        for schedule in begin[:1] if known else begin:
            if self._learning(rounds):
                self._timed("rounds", partial(rounds.look_at, schedule))
        learnt, planning = 0.0, 0.0
        while self._learning(rounds) and not self._done(rounds.bound):
            since = time.perf_counter()
            if not rounds.ended:
                self._timed("rounds", lambda: rounds.go_on(self.gap / 4, MODEL_SHARE * self.left))
            self._report(rounds.bound)
            learnt += time.perf_counter() - since
            starts = self._next(rounds)
            late = self.best is None and self.left < (1.0 - MODEL_SHARE) * self.asked.time_limit
            if starts is None and rounds.ended:
                break
            # As much time for plans as for learning where they are worth it; the first one comes in time.
            if starts is not None and (rounds.ended or late or learnt > max(planning, FIRST_PLAN * self.left)):
                since = time.perf_counter()
                self.plan(starts, most=self.left if self.best is None else PLAN_SHARE * self.left)
                planning += time.perf_counter() - since
        return self._answer(rounds.bound if rounds.possible or self.best is not None else math.inf)

    def _learning(self, rounds: Rounds) -> bool:
        self.interrupted = self.interrupted or rounds.interrupted
        return self.goes_on

    def _next(self, rounds: Rounds) -> IntArray | None:
        """The best schedule that was not planned for, if it can be better than the best plan."""
        most = math.inf if self.best is None else self.best.value * (1.0 - self.gap / 4)
        open_ = {key: value for key, value in rounds.values.items() if key not in self.planned and value < most}
        return np.array(min(open_, key=lambda key: open_[key]), dtype=np.int64) if open_ else None

    def _better(self, options: StartOptions, begin: list[IntArray], bound: float) -> None:
        """Search near schedules of rules of thumb, and plan for the most promising of what is found."""
        fewest = np.where(options.must, options.first, NEVER_STARTS)
        until = time.perf_counter() + LOCAL_SHARE * self.left
        found = self._timed(
            "local search",
            lambda: improved(
                options,
                [*begin, fewest],
                self._judged,
                lambda: self.goes_on and time.perf_counter() < until,
                lambda value: relative_gap(value, bound) <= self.gap / 2,
            ),
        )
        for _, starts in found[:PROMISING]:
            if self.best is None and self.goes_on:
                self.plan(starts)

    def _judged(self, starts: IntArray) -> float:
        """Yuan that the relaxation of the plan for given starts comes to, and what they add."""
        self._report()
        problem = self._problem(starts)
        least, interrupted = relaxed_value(problem, self.objective, self.left)
        self.interrupted = self.interrupted or interrupted
        return least + self._added(problem, starts)

    def opened(self) -> OpenStarts:
        """The problem with open starts."""
        return leave_open(self.programme, self._open)

    def what_may_start(self) -> StartOptions:
        """What may start when, without the problem."""
        return leave_open(self.programme, self._open, copies=False).options

    def _prove(self, model: OpenModel, rest: float) -> float:
        """Ask the model with open starts until nothing can be better; return the proven bound in yuan.

        Parameters
        ----------
        rest
            What is proven for all schedules already.
        """
        out = self._ruled_out()
        model_share = 1.0 if model.whole else MODEL_SHARE
        if self.best is not None:
            model.close_dear(self.best.value)
        if model.whole:
            for each in self.planned.values():
                model.rule_out(each.starts)
        elif self.best is not None:
            # Where it is not ruled out, it is what the model begins with.
            model.begin_with(self.best.starts)
        chosen = self.scenario.objective
        if self.best is not None and self.objective == Goal.FEES and chosen.disutility_weight == 0:
            model.no_later(self.best.value)
        while self.goes_on and not self._done(min(rest, out)):
            status, bound, starts = self._timed("solve", lambda: model.ask(self.left * model_share))
            rest = max(rest, bound)
            self.interrupted = self.interrupted or status == "interrupted"
            self._report(min(rest, out))
            if status == "infeasible" or self._done(min(rest, out)) or starts is None or not self.goes_on:
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

    def plan(
        self, starts: IntArray, floor: float = -math.inf, most: float = math.inf, gap: float | None = None
    ) -> None:
        """Plan for a schedule, once; `floor`: a bound for it that is known already; `most`: seconds."""
        key = tuple(starts.tolist())
        if key in self.planned:
            return
        named = self.programme.named(starts)
        problem = self._timed("build", lambda: self._problem(starts))
        asked = self.asked
        solution = self._timed(
            "plan",
            lambda: optimise(
                problem,
                objective=self.objective,
                gap=self.gap / 2 if gap is None else max(gap, self.gap / 2),
                time_limit=max(min(self.left, most), 1.0),
                method=asked.method,
                check=None if asked.accepts is None else asked.accepts(problem),
                describe=False,
                starts=no_starts if asked.starts is None else asked.starts(problem),
            ),
        )
        added = self._added(problem, starts)
        self.interrupted = self.interrupted or solution.status == "interrupted"
        value, bound = math.inf, floor
        if solution.status == "infeasible":
            bound = math.inf
        elif solution.objective is not None and not faults(self.programme, named):
            value = solution.objective + added
        if solution.bound is not None and solution.status != "infeasible":
            bound = max(floor, solution.bound + added)
        self.planned[key] = _Planned(starts, value, bound, solution, added)
        self._report()

    def _report(self, bound: float = -math.inf) -> None:
        """Tell the best plan and, once it is known, the proven bound."""
        if self.asked.progress is None:
            return
        best = None if self.best is None else self.best.value
        if math.isfinite(bound):
            self.told = bound
        known = self.told if math.isfinite(self.told) else None
        gap = None if best is None or known is None else relative_gap(best, known)
        elapsed = time.perf_counter() - self.began
        self.asked.progress(Progress("what starts when", best, known, gap, elapsed, self.asked.time_limit))

    def _problem(self, starts: IntArray) -> Problem:
        return compile_problem(dated(self.scenario, self.programme.named(starts), self.programme))

    def _added(self, problem: Problem, starts: IntArray) -> float:
        """Yuan that starts add to the objective of the plan for them."""
        delay = programme_delay(self.programme, self.programme.named(starts))
        return delay / FEN_PER_YUAN + self._revenue(problem, starts)

    def _revenue(self, problem: Problem, starts: IntArray) -> float:
        """Discounted land revenue in yuan, negative: part of the fiscal cost, which a plan does not know of."""
        if self.objective != Goal.FISCAL:
            return 0.0
        came = revenues(self.programme, starts)
        return -sum(fen * float(problem.objective.discount(month)) for _, month, fen in came) / FEN_PER_YUAN

    def _open(self, starts: IntArray) -> Problem:
        return compile_problem(dated(self.without_land, self.programme.named(starts)))

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
                "interrupted" if self.interrupted else "infeasible" if proven else "time_limit",
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
        elif self.interrupted:
            status = "interrupted"
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
