"""Frontier: how little of one goal is had for how much of another, by limits on the one between its two ends."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pandas as pd

from renewopt.asked import a_path, one_of
from renewopt.charts.labels import Locale
from renewopt.comparison.agenda import Step
from renewopt.comparison.instances import instances_of
from renewopt.comparison.running import Instance
from renewopt.problem import compile_problem
from renewopt.results.choosing import with_objective
from renewopt.results.programme import started
from renewopt.results.starting import check_starts
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme, dated
from renewopt.tradeoffs.doing import Point, do
from renewopt.tradeoffs.naming import amount_of_goal, goal_word
from renewopt.tradeoffs.record import Asked, points_table, tables_of
from renewopt.tradeoffs.records import SAME
from renewopt.tradeoffs.solving import LEAST, Answer, Limit, PointTask
from renewopt.tradeoffs.store import PointStore
from renewopt.tradeoffs.sweeping import BYTES_OF_POINT, a_count, basis, check_search, finish, key_of_point
from renewopt.tradeoffs.telling import locale_of
from renewopt.tradeoffs.traced import LAYOUT, LEFT_OUT, Frontier
from renewopt.vocabulary import AUTO, OBJECTIVES, X_GOALS, Goal, StartsGoal
from renewopt.wording import Language, words

__all__ = ["frontier"]

MOST_POINTS = 200


def frontier(  # noqa: PLR0913 - each is an option of its own
    scenario: Scenario | str | os.PathLike[str],
    *,
    x: str = Goal.FISCAL,
    y: str = Goal.FEES,
    points: int = 12,
    variant: str | None = None,
    gap: float = 5e-3,
    time_limit: float = 600.0,
    method: str = AUTO,
    jobs: int = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    lang: Language = "en",
    progress: Callable[[Step], None] | None = None,
    allow_outside: bool = False,
) -> Frontier:
    """Trace what one goal costs in another: plans of which none is better in both.

    First `y` is minimised whatever `x` comes to, then `x`, and `y` at the least `x`. Between these two ends `y` is
    minimised under evenly spaced limits on `x` (the ε-constraint method: Haimes, Lasdon and Wismer, 1971).

    Parameters
    ----------
    scenario, variant, time_limit, method, jobs, cluster, lang, progress, allow_outside
        As of `renewopt.sweep`.
    x
        What is limited: ``fiscal_cost``, ``transition_fees`` or ``overdue_fees`` (as a strict goal counts them: never
        weighted, without surcharges), ``disutility``, ``longest_wait`` or ``wait_spread`` (months), or
        ``programme_delay`` (of what is still to be started).
    y
        What is minimised: ``transition_fees`` or ``fiscal_cost``, as the objective of that name.
    points
        Limits that are tried, the two ends among them.
    gap
        Proven gap at which each search ends.
    out
        Folder in which each point is saved when it is done; a second call does only what is missing.

    Returns
    -------
    Frontier

    Raises
    ------
    ScenarioError
        If the scenario is not right, or leaves out what ``fiscal_cost`` needs.
    ValueError
        If an argument is not one of the above.
    OutputExistsError, OutputBusyError, OutputUnwritableError
        If `out` cannot be written; this is tried first.
    OutputError
        If it could not be written in the end; it says where the frontier lies.
    """
    check_search(gap, time_limit, method, jobs, cluster, progress, lang, allow_outside)
    one_of("x", x, X_GOALS)
    one_of("y", y, OBJECTIVES)
    if x == y:
        raise ValueError(words("x and y are both {goal}: two different goals are traded off", goal=x))
    a_count("points", points, 2)
    if points > MOST_POINTS:
        raise ValueError(
            words("{count:,} {count:point|points}; at most {most:,} are tried", count=points, most=MOST_POINTS)
        )
    if not isinstance(scenario, Scenario):
        a_path("scenario", scenario)
    if out is not None:
        a_path("out", out)
    ((instance, loaded),) = instances_of(
        [scenario], None if variant is None else [variant], y, allow_outside=allow_outside
    )
    # What a plan of either goal needs is asked for before anything is searched.
    stated = with_objective(loaded, Goal.FISCAL if Goal.FISCAL in (x, y) else y)
    check_starts(stated, (x,))
    programme = compile_programme(stated)
    if x == StartsGoal.DELAY and programme.fixed:
        raise ValueError(words("x is {goal}, and nothing is left to decide that starts", goal=x))
    compile_problem(started(stated).written if programme.fixed else dated(stated, {}, programme))
    asked = Asked.of(instance, loaded, float(gap))
    tracer = _Tracer(instance, x, y, float(gap), float(time_limit), method, locale_of(asked, lang))
    with PointStore(
        LAYOUT, None if out is None else Path(out), size=BYTES_OF_POINT * points, reads=loaded.read_paths
    ) as store:
        found = tracer.trace(store, points, jobs, cluster, progress)
        traced = _frontier(asked, x, found)
        if store.written is not None:
            finish(store, traced.contents(lang), Path(str(out)))
    return traced


@dataclass(frozen=True)
class _Tracer:
    """Points of a frontier, from both ends towards the middle."""

    instance: Instance
    x: str
    y: str
    gap: float
    time_limit: float
    method: str
    say: Locale

    def trace(
        self,
        store: PointStore,
        points: int,
        jobs: int,
        cluster: str | None,
        progress: Callable[[Step], None] | None,
    ) -> list[tuple[float, Answer]]:
        """Limits, the loosest first, with the answers."""

        def done(listed: Sequence[Point]) -> list[Answer]:
            return do(listed, store, jobs, cluster, progress)

        free = self._point(math.inf, None)
        tightest = self._point(None, None)
        loosest, other = done([free, tightest])
        ends = [(math.inf, loosest), (other.held if other.held is not None else -math.inf, other)]
        least = other.held if other.held is not None else math.nan
        most = loosest.held if loosest.held is not None else math.nan
        if not most > least + SAME * abs(least):
            return ends
        limits = self._between(least, most, points)
        # Half of them begin at the loose end, half at the tight one: two can be done at a time.
        half = (len(limits) + 1) // 2
        chain = self._chain(limits[:half], free)
        other_way = self._chain(limits[half:][::-1], tightest)
        answers = done([*chain, *other_way])
        ordered = [*answers[:half], *reversed(answers[half:])]
        return [ends[0], *zip(limits, ordered, strict=True), *ends[1:]]

    def _between(self, least: float, most: float, points: int) -> list[float]:
        """Limits between the ends, the loosest first: whole yuan and months, of what is finer hundredths."""
        count = points - 1
        digits = 2 if self.x in (Goal.WAIT_SPREAD, Goal.DISUTILITY) else 0
        steps = dict.fromkeys(round(most + (least - most) * k / count, digits) for k in range(1, count))
        return [float(step) for step in steps if least < step < most]

    def _chain(self, limits: Sequence[float], first: Point) -> list[Point]:
        """Points that begin with each other, the first one with a point that is there."""
        made = [first]
        for limit in limits:
            made.append(self._point(limit, made[-1].key))
        return made[1:]

    def _point(self, most: float | None, first: str | None) -> Point:
        limit = Limit(self.x, most)
        key = key_of_point(basis(self.instance, self.gap, self.time_limit, self.method), (), limit, first)
        task = PointTask(self.instance, (), limit, self.gap, self.time_limit, self.method)
        return Point(key, self._label(most), task, first)

    def _label(self, most: float | None) -> str:
        """What is minimised at an end, or the limit."""
        x = goal_word(self.x, self.say)
        if most is None:
            return x
        if most == math.inf:
            return goal_word(self.y, self.say)
        return self.say("frontier.point", x=x, most=amount_of_goal(most, self.x, self.say))


def _frontier(asked: Asked, x: str, found: list[tuple[float, Answer]]) -> Frontier:
    """The plans that no other one is better than in both, by rising `x`; and what is left out."""
    proven = _with_shared_bounds(found)
    planned = [
        (limit, each) for limit, each in proven if each.held is not None and each.row.get("objective") is not None
    ]
    planned.sort(key=lambda pair: (pair[1].held or 0.0, pair[1].row["objective"]))
    shown: list[tuple[float, Answer]] = []
    left = [
        (limit, str(each.row["status"]), math.nan, math.nan)
        for limit, each in proven
        if each.row.get("objective") is None
    ]
    for limit, each in planned:
        if shown and (each.held, each.row["objective"]) == (shown[-1][1].held, shown[-1][1].row["objective"]):
            continue  # the same plan under another limit
        if shown and each.row["objective"] >= shown[-1][1].row["objective"]:
            left.append((limit, "dominated", float(each.held or 0.0), float(each.row["objective"])))
        else:
            shown.append((limit, each))
    answers = [each for _, each in shown]
    x_values = [float(each.held or 0.0) for each in answers]
    y_values = [float(each.row["objective"]) for each in answers]
    columns = {
        "limit": [limit for limit, _ in shown],
        "x": x_values,
        "y": y_values,
        "rate": [math.nan, *_rates(x_values, y_values)][: len(answers)],
    }
    phases, routes, timings = tables_of(answers)
    left_out = pd.DataFrame(left, columns=list(LEFT_OUT))
    seconds = sum(each.seconds for _, each in found)
    x_bound = max((float(each.row.get(LEAST, -math.inf)) for _, each in found), default=-math.inf)
    table = points_table(answers, columns)
    # What a goal counts is never less than nothing; only what is paid may be less than what comes in.
    bound = math.nan if not math.isfinite(x_bound) else x_bound if x == Goal.FISCAL else max(x_bound, 0.0)
    return Frontier(asked, x, table, phases, routes, left_out, timings, seconds, bound)


def _with_shared_bounds(found: list[tuple[float, Answer]]) -> list[tuple[float, Answer]]:
    """What no plan comes below under a loose limit none does under a tighter one."""
    shared: list[tuple[float, Answer]] = []
    best = -math.inf
    for limit, each in sorted(found, key=lambda pair: -pair[0]):
        bound = each.row.get("bound")
        best = max(best, -math.inf if bound is None else bound)
        value = each.row.get("objective")
        row = dict(each.row)
        if value is not None and best > -math.inf:
            row["bound"] = min(best, value)
            row["gap"] = (value - row["bound"]) / max(abs(value), 1.0)
        shared.append((limit, replace(each, row=row)))
    return shared


def _rates(x: Sequence[float], y: Sequence[float]) -> list[float]:
    """What one more of `x` saves of `y` on the way from the plan before."""
    ends = zip(x, y, strict=True)
    return [(y0 - y1) / (x1 - x0) if x1 > x0 else math.nan for (x0, y0), (x1, y1) in pairwise(ends)]
