"""Better schedules by small changes, each judged by the relaxation of its plan.

A schedule is what becomes of *wishes*: months before which nothing is to start, or to be left out. Activities are put
in the order of their wishes, each in the first month from its own on that the rules of the programme allow, so that
every wish is a schedule in order. The relaxation of the plan for given starts takes a fraction of a second where the
model with open starts takes a minute; what money cannot pay is priced in it, so that bad schedules differ too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np

from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.memory import choices
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import IntArray
from renewopt.optimiser.model.start_options import CLOSED, StartOptions
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.starts.first_schedules import SEED, placed
from renewopt.problem import Problem
from renewopt.scheduling import NEVER_STARTS
from renewopt.units import YUAN_PER_WAN

STEPS = (1, 2, 3, 6, 12)
"""Months by which a wish is moved."""
PATIENCE = 3
"""Rounds over all activities in which nothing gets better, before the search ends."""
LARGE = 40_000
"""Choices (offer × month) above which a relaxation is solved by an interior point alone."""

Judge = Callable[[IntArray], float]
"""Yuan that starts come to at the least, all in all."""


def relaxed_value(problem: Problem, goal: str, time_limit: float) -> tuple[float, bool]:
    """Yuan of the relaxation of a plan, what cannot be paid at its penalty; infinite where nothing mends it.

    And whether Ctrl-C, or a wish to stop, ended it.
    """
    merged, _ = merge_needs(problem)
    priced = replace(merged, objective=replace(merged.objective, shortfall_priced=True))
    engine = Engine(formulate(priced, goal=goal, relaxed=True)[1])
    if choices(priced) > LARGE:
        # No corner is needed, and the way to one takes many times as long.
        engine.set("solver", "ipm")
        engine.set("run_crossover", "off")
    try:
        raw = engine.run(time_limit=time_limit)
    except SolverError:
        return math.inf, False
    value = raw.objective * YUAN_PER_WAN if raw.status == "optimal" else math.inf
    return value, raw.status == "interrupted"


def schedule_of(options: StartOptions, wish: IntArray) -> IntArray | None:
    """(A,) starts that come of wishes: months, `NEVER_STARTS` to leave an activity out."""
    late = np.where(wish == NEVER_STARTS, CLOSED, wish)
    order: list[int] = np.lexsort((options.last, late)).tolist()
    return placed(options, order, wish)


def improved(
    options: StartOptions,
    begin: list[IntArray],
    judge: Judge,
    goes_on: Callable[[], bool],
    enough: Callable[[float], bool] = lambda _: False,
) -> list[tuple[float, IntArray]]:
    """Schedules that were judged, the best first: those to begin with, and what small changes make of the best.

    Parameters
    ----------
    begin
        Schedules, or wishes.
    judge
        Asked once for each schedule.
    goes_on
        Whether there is time for another one.
    enough
        Whether so many yuan are so near the bound that nothing better is looked for.
    """
    known: dict[tuple[int, ...], float] = {}

    def value(wish: IntArray) -> tuple[float, IntArray | None]:
        starts = schedule_of(options, wish)
        if starts is None:
            return math.inf, None
        key = tuple(starts.tolist())
        if key not in known:
            known[key] = judge(starts)
        return known[key], starts

    best, least = None, math.inf
    for wish in begin:
        if goes_on() or best is None:
            came, starts = value(wish)
            if came < least:
                best, least = starts, came
    random, waited = Random(SEED), 0
    movable = [a for a in range(len(options)) if options.first[a] < CLOSED]
    while best is not None and waited < PATIENCE and movable and goes_on() and not enough(least):
        waited += 1
        random.shuffle(movable)
        for activity in movable:
            for wish in _changes(options, best, activity, random):
                if not goes_on() or enough(least):
                    break
                came, starts = value(wish)
                if came < least - 1.0 and starts is not None:
                    best, least, waited = starts, came, 0
    return sorted(((v, np.array(k, dtype=np.int64)) for k, v in known.items()), key=lambda each: each[0])


def _changes(options: StartOptions, starts: IntArray, activity: int, random: Random) -> list[IntArray]:
    """Wishes that differ from a schedule in one activity, and one in which two change places."""
    first, last, now = int(options.first[activity]), int(options.last[activity]), int(starts[activity])
    if now == NEVER_STARTS:
        months = {first, (first + last) // 2, random.randint(first, last), last}
    else:
        step = random.choice(STEPS)
        months = {max(now - step, first), min(now + step, last), random.randint(first, last)} - {now}
        if not options.must[activity]:
            months.add(NEVER_STARTS)
    result = []
    for month in sorted(months):
        wish = starts.copy()
        wish[activity] = month
        result.append(wish)
    other = random.randrange(len(options))
    if starts[other] != now and options.first[other] < CLOSED:
        wish = starts.copy()
        for one, month in ((activity, int(starts[other])), (other, now)):
            within = (
                NEVER_STARTS
                if month == NEVER_STARTS
                else min(max(month, int(options.first[one])), int(options.last[one]))
            )
            wish[one] = within
        result.append(wish)
    return result
