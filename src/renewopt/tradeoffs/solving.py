"""One point: a scenario with its values and limits, searched from what a neighbour's search has learnt, and audited.

A pure function of its inputs, for whatever worker does it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from renewopt.comparison.measures import measure, with_programme
from renewopt.comparison.running import Instance, begun_as
from renewopt.ledger import Books, audit_decisions, replay
from renewopt.policies.starting import plans_of_rules
from renewopt.problem import Problem, Tier, compile_problem
from renewopt.problem.subsets import subset
from renewopt.results.choosing import with_objective
from renewopt.results.failures import AuditError
from renewopt.results.programme import Started
from renewopt.results.starting import StartsAim, started_by_search
from renewopt.scenario import Scenario, load
from renewopt.scenario.changing import Setting, changed
from renewopt.scheduling import Programme, StartGoal, compile_programme
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import DEARER, ROUTES, UNMONEYED, Goal, StartsGoal
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.optimiser.solving import Solution
    from renewopt.optimiser.warm_start import WarmStart

__all__ = ["Answer", "Limit", "PointTask", "answer_of", "solve", "stated_in"]

SHARE_OF_LEAST = 0.8
"""Share of the time that the search for the least of a goal may take: all limits of a frontier stand on it, and under
so tight a limit little more is proven of the other goal however long it takes."""
LEAST = "least"
"""In a row: what the goal that is held is proven to come to at the least, where that is searched for; in its unit."""
HELD = "goal that is held"
"""Name of the tier that a limit is put on."""


@dataclass(frozen=True)
class Limit:
    """What a goal may come to.

    Attributes
    ----------
    goal
        As in a tier of the objective.
    most
        Yuan (waits: months; disutility: in its own unit). Infinity: whatever it comes to, which is told. None: as
        little as there can be, which is found first.
    """

    goal: str
    most: float | None


@dataclass(frozen=True)
class PointTask:
    """A search.

    Attributes
    ----------
    instance
        The scenario.
    settings
        Values in it that are set.
    limit
        On another goal than the objective.
    gap, time_limit, method
        As of `renewopt.plan`.
    warm
        What a neighbour's search has learnt.
    without
        Phases that are not built and routes that are not taken: kind (``phase``, ``route``) and name of each.
    enough
        Yuan of the objective that a plan is asked for up to; the search ends once every plan is proven to be dearer.
        With starts to be decided it goes on to its gap.
    """

    instance: Instance
    settings: tuple[Setting, ...]
    limit: Limit | None
    gap: float
    time_limit: float
    method: str
    warm: WarmStart | None = None
    without: tuple[tuple[str, str], ...] = ()
    enough: float = math.inf


@dataclass(frozen=True, eq=False)
class Answer:
    """What a search came to.

    Attributes
    ----------
    row
        ``status`` of the plan (or ``dearer``, ``failed``) with ``reason``, what is proven, and the measures of a
        comparison.
    phases
        Month in which each phase is handed over, by id; "" where it never is.
    routes
        Households by route.
    held
        What the goal with a limit comes to, in its unit.
    seconds
        Of the processor.
    warm
        For the searches that begin here.
    """

    row: dict[str, Any]
    phases: dict[str, str]
    routes: dict[str, int]
    held: float | None
    seconds: float
    warm: WarmStart | None = None


def stated_in(instance: Instance, settings: Iterable[Setting] = ()) -> Scenario:
    """The scenario of an instance, with values set and its objective chosen.

    Raises
    ------
    ScenarioError
        If it is not right.
    ValueError
        If its files have changed since.
    """
    scenario = instance.scenario
    if scenario is None:
        scenario = load(Path(str(instance.path)), variant=instance.variant, allow_outside=instance.allow_outside)
    if scenario.sha256 != instance.sha256:
        raise ValueError(words("{path} has changed while it was searched; begin anew", path=instance.path))
    settings = tuple(settings)
    return with_objective(changed(scenario, settings) if settings else scenario, instance.objective)


def solve(task: PointTask) -> Answer:
    """Search, audit and measure; an error of the search becomes an answer with its reason.

    Raises
    ------
    Exception
        What the machine did not let be done.
    KeyboardInterrupt
        If the search was interrupted: the best so far is no answer that could be had again.
    """
    from renewopt.optimiser.memory import OutOfMemoryError

    since = time.process_time()
    try:
        found = _solve(task)
    except Exception as error:
        if isinstance(error, MemoryError | OSError | ImportError | OutOfMemoryError):
            raise
        row = {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
        found = Answer(row, {}, {}, None, 0.0, task.warm)
    return replace(found, seconds=time.process_time() - since)


def _solve(task: PointTask) -> Answer:
    from renewopt.optimiser import optimise

    scenario = stated_in(task.instance, task.settings)
    programme = compile_programme(scenario)
    if task.instance.starts is None and not programme.fixed:
        return _with_starts(task, scenario, programme)
    begun = begun_as(scenario, task.instance.starts)
    problem = compile_problem(begun.written)
    problem, limits = _limited(without(problem, task.without), task.limit)
    if task.limit is not None:
        limits = tuple(most - _land(begun, problem, task.limit.goal) for most in limits)
    solution = optimise(
        problem,
        gap=task.gap,
        time_limit=task.time_limit,
        method=task.method,
        threads=1,
        describe=False,
        warm=task.warm,
        check=lambda decisions: not audit_decisions(problem, decisions),
        starts=partial(plans_of_rules, problem),
        limits=limits,
        # An end of a frontier is of use if both goals have been searched for.
        share=SHARE_OF_LEAST if task.limit is not None and task.limit.most is None else 1.0,
        enough=task.enough - _added(begun, problem),
    )
    if solution.status == "interrupted":
        raise KeyboardInterrupt
    answer = _told(task, begun, problem, solution)
    if task.limit is not None and task.limit.most is None and solution.tiers and solution.tiers[0].bound is not None:
        answer.row[LEAST] = solution.tiers[0].bound + _land(begun, problem, task.limit.goal)
    return answer


def _added(begun: Started, problem: Problem) -> float:
    """What starts add to the objective, in yuan."""
    return begun.adds(problem.objective, problem.objective.name) if len(begun.programme) else 0.0


def _with_starts(task: PointTask, scenario: Scenario, programme: Programme) -> Answer:
    """Search with what starts when still open: starts and plan are decided together."""
    limit, goal = task.limit, None
    if limit is not None and limit.goal == StartsGoal.DELAY:
        goal = _delay(programme)

    def change(problem: Problem) -> Problem:
        problem = without(problem, task.without)
        return problem if goal is not None else _limited(problem, limit)[0]

    limits = () if limit is None or limit.most is None else (limit.most,)
    plain = limit is None or limit.most == math.inf
    begun, solution = started_by_search(
        scenario, gap=task.gap, time_limit=task.time_limit, solver="highs", method=task.method, warm=task.warm,
        asked=StartsAim(change) if plain else StartsAim(change, limited=True, first=goal, limits=limits),
    )  # fmt: skip
    if solution is None:
        row = {"status": "infeasible", "reason": "", "lacking": None, "bound": None}
        return Answer(row, {}, {}, None, 0.0, task.warm)
    if solution.status == "interrupted":
        raise KeyboardInterrupt
    return _told(task, begun, change(compile_problem(begun.written)), solution)


def _delay(programme: Programme) -> StartGoal:
    """What everything that may start costs by delay, as a goal."""
    return StartGoal(HELD, StartsGoal.DELAY, np.ones(len(programme), dtype=np.bool_))


def _told(task: PointTask, begun: Started, problem: Problem, solution: Solution) -> Answer:
    """What a solution comes to, once it is audited."""
    warm = solution.warm or task.warm
    row: dict[str, Any] = {"status": solution.status, "reason": "", "lacking": solution.lacking or None}
    if solution.decisions is None:
        # Only a search for given starts ends so.
        added = _added(begun, problem) if solution.status == DEARER else 0.0
        bound = None if solution.bound is None else solution.bound + added
        return Answer({**row, "bound": bound}, {}, {}, None, 0.0, warm)
    books = replay(problem, solution.decisions)
    violations = audit_decisions(problem, solution.decisions, books)
    limit = task.limit
    value = None if limit is None else _held_value(books, limit.goal, begun)
    beyond = limit is not None and limit.most is not None and value is not None and (
        value > limit.most + _allowed(limit, limit.most)
    )  # fmt: skip
    if violations or beyond:
        raise AuditError(violations or [words("the plan goes beyond a limit that it was to keep")])
    return replace(answer_of(books, row, solution.bound, begun), held=value, warm=warm)


def answer_of(books: Books, row: dict[str, Any], bound: float | None, begun: Started) -> Answer:
    """What the books of a plan tell.

    Parameters
    ----------
    row
        What is known of it besides.
    bound
        Proven, in yuan, without what starts add.
    begun
        What starts when.
    """
    objective = books.problem.objective
    row = {**row, **measure(books, [])}
    if len(begun.programme):
        row = with_programme(row, begun, objective)
        bound = None if bound is None else bound + _added(begun, books.problem)
    bound = None if bound is None else min(bound, row["objective"])
    gap = None if bound is None else (row["objective"] - bound) / max(abs(row["objective"]), 1.0)
    return Answer({**row, "bound": bound, "gap": gap}, _phases(books), _routes(books), None, 0.0)


def without(problem: Problem, left_out: Iterable[tuple[str, str]]) -> Problem:
    """The problem without some phases and routes: what plans it has are plans of the whole one."""
    listed = list(left_out)
    phases = {name for kind, name in listed if kind == "phase"}
    routes = [number for number, route in enumerate(ROUTES) if ("route", route) in listed]
    if phases:
        never = np.isin(problem.phases.id.astype(str), sorted(phases))
        earliest = np.where(never, problem.calendar.months, problem.phases.earliest).astype(np.int32)
        problem = replace(problem, phases=replace(problem.phases, earliest=earliest))
    if routes:
        every = np.arange(len(problem.claims), dtype=np.int64)
        problem, _ = subset(problem, every, ~np.isin(problem.offers.route, routes))
    return problem


def _allowed(limit: Limit, most: float) -> float:
    """What a solver's tolerance may add to a limit: a yuan (of what is no money a millionth), or a billionth."""
    return max(1e-6 if limit.goal in UNMONEYED else 1.0, 1e-9 * abs(most))


def _limited(problem: Problem, limit: Limit | None) -> tuple[Problem, tuple[float, ...]]:
    """The problem that is searched, and the limits of its first tiers."""
    if limit is None or limit.most == math.inf:
        return problem, ()
    return _with_goal(problem, limit.goal), () if limit.most is None else (limit.most,)


def _with_goal(problem: Problem, goal: str) -> Problem:
    """The problem with a goal before all others."""
    tier = Tier(HELD, goal, np.ones(len(problem.claims), dtype=np.bool_))
    return replace(problem, objective=replace(problem.objective, tiers=(tier, *problem.objective.tiers)))


def _held_value(books: Books, goal: str, begun: Started) -> float:
    """What a goal comes to, whether it was held or not."""
    if goal == StartsGoal.DELAY:
        return begun.delay
    value = float(replay(_with_goal(books.problem, goal), books.decisions).totals.tiers[0])
    if goal in UNMONEYED:
        return value
    return value / FEN_PER_YUAN + _land(begun, books.problem, goal)


def _land(begun: Started, problem: Problem, goal: str) -> float:
    """Land revenue in yuan that a goal counts and a plan with given dates does not know of."""
    return begun.land(problem.objective) if goal == Goal.FISCAL and len(begun.programme) else 0.0


def _phases(books: Books) -> dict[str, str]:
    problem = books.problem
    label = problem.calendar.label
    month = {int(phase): label(int(at)) for phase, at in books.decisions.complete}
    return {str(name): month.get(number, "") for number, name in enumerate(problem.phases.id.tolist())}


def _routes(books: Books) -> dict[str, int]:
    problem, choices = books.problem, books.choices
    counts = np.bincount(
        problem.offers.route[choices.offer].astype(np.int64), weights=choices.households, minlength=len(ROUTES)
    )
    return {route: int(count) for route, count in zip(ROUTES, counts.tolist(), strict=True)}
