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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from renewopt.optimiser.decomposition.pricing import RowPrices
from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.optimiser.progress import Progress, ProgressCallback, is_optimal, relative_gap
from renewopt.optimiser.solving import Solution, optimise
from renewopt.optimiser.starting import no_starts
from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.asked import (
    FIRST_GAP,
    FIRST_SHARE,
    Accepts,
    Begins,
    Change,
    Chosen,
    SearchOptions,
    unchanged,
)
from renewopt.optimiser.starts.asking import OpenModel
from renewopt.optimiser.starts.first_schedules import first_schedules
from renewopt.optimiser.starts.learnt import kept, named, read, starts_of
from renewopt.optimiser.starts.local_search import improved, relaxed_value
from renewopt.optimiser.starts.rounds import Rounds
from renewopt.optimiser.starts.weighing import MODEL_SHARE, RELAXATION_SHARE, TIED, Vector, Weighing
from renewopt.optimiser.starts.widening import OpenStarts, leave_open, open_choices, without_land
from renewopt.optimiser.warm_start import Key, WarmStart
from renewopt.problem import Problem, compile_problem
from renewopt.scenario.models import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, dated, faults, programme_delay, revenues
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import AUTO, Goal

LOCAL_SHARE = 0.25
"""Of the time that is left then, for small changes of schedules."""
MOST_CHOICES = 1_000_000
"""Choices (offer × month, copies included) up to which the model with open starts is built: some 3 GB."""
PROMISING = 3
"""Schedules of the local search that are planned for until one has a plan."""

Result = TypeVar("Result")


def by_rule(scenario: Scenario, programme: Programme) -> IntArray | None:
    """(A,) starts by rules of thumb, the cheapest in delay; None where none of them finds a schedule in order."""
    options = _Search(scenario, programme, SearchOptions()).what_may_start()
    return next(iter(first_schedules(programme, options)), None)


def choose(  # noqa: PLR0913 - all but the programme by name
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
    change: Change = unchanged,
    begin: Sequence[IntArray] = (),
    warm: WarmStart | None = None,
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
    change
        What else is asked of the problem of every schedule, the same for each: deadlines, offers or phases left out.
    begin
        (A,) each: schedules that a large programme begins with; those that are in order are tried first.
    warm
        From the solution of an earlier search for a similar programme: its starts are tried first, and what its outline
        was told proves as much as it can here.
    """
    asked = SearchOptions(gap, time_limit, objective, method, progress, accepts, starts, change, tuple(begin), warm)
    return _Search(scenario, programme, asked).run()


@dataclass(frozen=True, eq=False)
class _Planned:
    """A schedule that was planned for: yuan in all, proven bound, and the plan; infinite where there is none."""

    starts: IntArray
    value: float
    bound: float
    solution: Solution
    added: float
    rough: bool = False


class _Search:
    """One search: what has been planned for, and what is proven."""

    def __init__(self, scenario: Scenario, programme: Programme, asked: SearchOptions) -> None:
        self.scenario, self.programme, self.asked = scenario, programme, asked
        self.gap = asked.gap
        self.objective = asked.objective or scenario.objective.minimise
        self.began = time.perf_counter()
        self.ends = self.began + asked.time_limit
        self.seconds: dict[str, float] = {}
        self.planned: dict[Vector, _Planned] = {}
        self.interrupted = False
        self.known = -math.inf
        self.outline: dict[str, dict[Key, FloatArray]] = {}
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
            # Decided to a proof in any case: of schedules that are alike, the same is taken whatever was known.
            for starts in begin:
                if self.goes_on:
                    self.plan(starts)
        else:
            bound = self._timed("relaxation", lambda: model.relaxed(RELAXATION_SHARE * self.left))
            self.interrupted = model.interrupted
            self._report(bound)
            self._better(opened.options, [*self.known_starts(), *model.wishes(), *begin], bound)
        return self._answer(self._prove(model, bound))

    def _by_rounds(self) -> Chosen:
        """Where the model with open starts would not fit: the outline's bound, and plans for its best schedules."""
        opened = self._timed("build", self.opened)
        known = self.known_starts()
        begin = [*known, *self._timed("rules", lambda: first_schedules(self.programme, opened.options))]
        if begin and self.goes_on:
            # Who is stopped early has a plan: it is seldom the best one, so nothing much is spent on proving it.
            self.plan(begin[0], most=FIRST_SHARE * self.left, rough=not known)
        rounds = self._timed("build", lambda: Rounds(opened, Aim(self.objective), self.left))
        told = self._timed("relaxation", lambda: rounds.remember(self._told(opened.problem)))
        weighing = Weighing(
            self.gap,
            lambda: self.left,
            lambda: self.goes_on,
            lambda bound: self._done(min(bound, self._ruled_out(self._settled()))),
            lambda: math.inf if self.best is None else self.best.value,
            self._settled,
            lambda starts, most: self.plan(starts, most=most),
            self._report,
        )
        self._timed("relaxation", lambda: weighing.begin(rounds, begin, told))
        self._timed("rounds", lambda: weighing.go_on(rounds))
        self.interrupted = self.interrupted or rounds.interrupted
        self.outline = kept(rounds.told, opened.problem)
        bound = min(rounds.bound, self._ruled_out(self._settled()))
        return self._answer(bound)

    def _told(self, problem: Problem) -> list[RowPrices]:
        """Prices of an earlier search for the same objective."""
        warm = self.asked.warm
        return read(warm, problem, 0) if warm is not None and warm.goal == self.objective else []

    def known_starts(self) -> list[IntArray]:
        """Schedules to begin with that were given, as far as they are in order."""
        first = self.scenario.start.ordinal
        listed = [*self.asked.begin, *starts_of(self.asked.warm, self.programme, first)]
        return [each for each in listed if not faults(self.programme, self.programme.named(each))]

    def _settled(self) -> dict[Vector, bool]:
        """Schedules that were planned for to the end, and whether nothing better is left to be found for each."""
        return {key: self._done(each.bound) or each.bound == math.inf for key, each in self.planned.items()
                if not each.rough}  # fmt: skip

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

    def _ruled_out(self, out: dict[Vector, bool] | None = None) -> float:
        """The least bound of those that were planned for; of those that are `out`, where not all are."""
        return min((each.bound for key, each in self.planned.items() if out is None or out.get(key)), default=math.inf)

    def _done(self, bound: float) -> bool:
        """Whether the best plan is within the asked gap of a bound."""
        best = self.best
        return best is not None and (is_optimal(best.value, bound) or relative_gap(best.value, bound) <= self.gap)

    def plan(self, starts: IntArray, floor: float = -math.inf, most: float = math.inf, *, rough: bool = False) -> None:
        """Plan for a schedule, once; `floor`: a bound for it that is known already; `most`: seconds.

        One that was planned for roughly is planned for again where it is worth it.
        """
        key = tuple(starts.tolist())
        before = self.planned.get(key)
        if before is not None and not before.rough:
            return
        named = self.programme.named(starts)
        problem = self._timed("build", lambda: self._problem(starts))
        asked = self.asked
        solution = self._timed(
            "plan",
            lambda: optimise(
                problem,
                objective=self.objective,
                gap=max(FIRST_GAP, self.gap / 2) if rough else self.gap / 2,
                time_limit=max(min(self.left, most), 1.0),
                method=asked.method,
                check=None if asked.accepts is None else asked.accepts(problem),
                describe=False,
                starts=no_starts if asked.starts is None else asked.starts(problem),
                warm=asked.warm if before is None else before.solution.warm,
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
        found = _Planned(starts, value, bound, solution, added, rough and bound < math.inf)
        if before is not None and before.value < value:
            found = replace(before, bound=max(before.bound, bound), rough=False)
        self.planned[key] = found
        self._report()

    def _report(self, bound: float = -math.inf) -> None:
        """Tell the best plan and, once it is known, the proven bound."""
        if self.asked.progress is None:
            return
        best = None if self.best is None else self.best.value
        if math.isfinite(bound):
            self.known = bound
        known = self.known if math.isfinite(self.known) else None
        gap = None if best is None or known is None else relative_gap(best, known)
        elapsed = time.perf_counter() - self.began
        self.asked.progress(Progress("what starts when", best, known, gap, elapsed, self.asked.time_limit))

    def _problem(self, starts: IntArray) -> Problem:
        return self.asked.change(compile_problem(dated(self.scenario, self.programme.named(starts), self.programme)))

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
        return self.asked.change(compile_problem(dated(self.without_land, self.programme.named(starts))))

    def _learnt(self, best: _Planned) -> WarmStart | None:
        """For the search of a similar programme, where it takes more than a moment."""
        if best.solution.warm is None and not self.outline:
            return None
        warm = best.solution.warm or WarmStart.of_nothing(self.objective)
        return replace(
            warm,
            starts=named(self.programme, best.starts, self.scenario.start.ordinal),
            outline=self.outline,
        )

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
        elif math.isfinite(bound) and relative_gap(best.value, bound) <= max(self.gap, TIED):
            status = "feasible"
        elif self.interrupted:
            status = "interrupted"
        return Chosen(
            status,
            self.programme.named(best.starts),
            replace(best.solution, warm=self._learnt(best)),
            best.value,
            bound if math.isfinite(bound) else None,
            relative_gap(best.value, bound) if math.isfinite(bound) else None,
            added=best.added,
            tried=len(self.planned),
            seconds=self.seconds,
        )
