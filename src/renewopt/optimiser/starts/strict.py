"""Starts and a plan for them under strict goals or limits, goal by goal.

As in `choosing`, one model with open starts proposes schedules and proves bounds, and a plan of the schedule itself is
what counts. Here it is built anew for each goal: with the goal as what is minimised, and the goals before it held to
what they were reached with. A schedule that was planned for is known in all its goals, and ruled out from then on.
Where that model would be too large for a proof, rounds of the outline take its place (`weighing`), each goal in its
share of the time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.optimiser.progress import is_optimal, relative_gap
from renewopt.optimiser.solving import Solution, TierOutcome, most_of_tier, optimise
from renewopt.optimiser.starting import no_starts
from renewopt.optimiser.starts.aim import SHADE, Aim, Level, floor_of, same_of, slack_of, unit_of
from renewopt.optimiser.starts.asked import FIRST_GAP, FIRST_SHARE, Accepts, Begins, Change, Chosen, unchanged
from renewopt.optimiser.starts.asking import fits
from renewopt.optimiser.starts.first_schedules import first_schedules
from renewopt.optimiser.starts.goal_model import GoalModel
from renewopt.optimiser.starts.learnt import kept, read, starts_of
from renewopt.optimiser.starts.learnt import named as named_by_month
from renewopt.optimiser.starts.rounds import Rounds
from renewopt.optimiser.starts.weighing import Vector, Weighing
from renewopt.optimiser.starts.widening import OpenStarts, leave_open, open_choices, without_land
from renewopt.optimiser.warm_start import Key, WarmStart
from renewopt.problem import Problem, compile_problem
from renewopt.scenario.models import Scenario
from renewopt.scheduling import (
    Programme,
    StartGoal,
    dated,
    delay_fen,
    faults,
    goal_value,
    revenues,
)
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import AUTO, Goal

__all__ = ["choose_strictly"]


@dataclass(frozen=True, eq=False)
class _Planned:
    """A schedule: what each goal comes to and is proven to, ∞ where no plan keeps to the limits; and its plan."""

    starts: IntArray
    values: tuple[float, ...]
    bounds: tuple[float, ...]
    solution: Solution
    rough: bool = False


def choose_strictly(  # noqa: PLR0913 - all but the programme by name
    scenario: Scenario,
    programme: Programme,
    *,
    gap: float = 1e-3,
    time_limit: float = 600.0,
    method: str = AUTO,
    change: Change = unchanged,
    first: StartGoal | None = None,
    limits: Sequence[float] = (),
    accepts: Accepts | None = None,
    starts: Begins | None = None,
    begin: Sequence[IntArray] = (),
    warm: WarmStart | None = None,
) -> Chosen:
    """Choose starts and a plan, the strict goals of the scenario before its objective.

    Parameters
    ----------
    scenario, programme, gap, time_limit, method, accepts, starts, begin, warm
        As of `renewopt.optimiser.starts.choosing.choose`.
    change
        What else is asked of the problem of every schedule, the same for each: deadlines, offers or phases that are
        left out, a goal of the plan before all others. Where the model with open starts is large, all goals of the plan
        are such as `renewopt.optimiser.starts.aim.PRICED` lists.
    first
        A goal of starts before all others.
    limits
        As of `optimise`: what the first of all goals may come to at the most; they are only kept.

    Returns
    -------
    Chosen
        Its solution's tiers are the goals of the plan that were minimised, without what starts add to them, with what
        is proven of them over all schedules.
    """
    return _Search(
        scenario, programme, gap, time_limit, method, change, first, tuple(limits), accepts, starts,
        tuple(begin), warm,
    ).run()  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Search:
    """One search, as `choose_strictly` says."""

    scenario: Scenario
    programme: Programme
    gap: float
    time_limit: float
    method: str
    change: Change
    first: StartGoal | None
    limits: tuple[float, ...]
    accepts: Accepts | None
    starts: Begins | None
    begin: tuple[IntArray, ...]
    warm: WarmStart | None
    outline: dict[str, dict[Key, FloatArray]] = field(default_factory=dict)
    planned: dict[Vector, _Planned] = field(default_factory=dict)
    began: float = field(default_factory=time.perf_counter)

    @property
    def left(self) -> float:
        return self.time_limit - (time.perf_counter() - self.began)

    @cached_property
    def whole(self) -> bool:
        """Whether the model with open starts is small enough for a proof."""
        return fits(open_choices(self.programme, self._open))

    def _open(self, starts: IntArray) -> Problem:
        plain = without_land(self.scenario)
        return self.change(compile_problem(dated(plain, self.programme.named(starts))))

    def run(self) -> Chosen:
        opened = leave_open(self.programme, self._open)
        levels = self._levels(opened.problem)
        known = [*self.begin, *starts_of(self.warm, self.programme, self.scenario.start.ordinal)]
        begin = [*known, *first_schedules(self.programme, opened.options)]
        if self.whole:
            for starts in begin[len(known) :]:
                self._plan(starts, levels)
        elif begin:
            self._plan(begin[0], levels, FIRST_SHARE * self.left, rough=not known)
        outcomes: list[tuple[float, float]] = []
        over = False
        for place in range(len(self.limits), len(levels)):
            if self.whole:
                bound, over = self._prove(opened, levels, place)
            else:
                bound, over = self._weigh(opened, levels, place, begin)
            best = self._best(levels)
            if best is None:
                return self._none(proven=not over)
            outcomes.append((best.values[place], min(bound, best.values[place])))
        best = self._best(levels)
        assert best is not None
        return self._answer(best, levels, outcomes, over)

    def _levels(self, problem: Problem) -> list[Level]:
        """All goals in order, the objective at last; those of the plan as in the tables with open starts."""
        tiers = list(problem.objective.tiers)
        stated = list(self.programme.goals)
        # What `change` puts before all others is a goal of the plan that the scenario does not state.
        more: list[StartGoal | None] = [None] * (len(tiers) - stated.count(None))
        before = [] if self.first is None else [self.first]
        levels: list[Level] = [*before, *(goal or tiers.pop(0) for goal in (*more, *stated))]
        return [*levels, problem.objective.name]

    def _prove(self, opened: OpenStarts, levels: list[Level], place: int) -> tuple[float, bool]:
        """What is proven of a goal, given those before it; and whether it ended before it was proven."""
        held = self._held(levels, place)
        model = GoalModel(opened, self.programme, levels[place], held)
        for each in self.planned.values():
            model.rule_out(each.starts)
        rest = -math.inf
        while True:
            if self._proven(levels, place, rest):
                return min(rest, self._ruled_out(levels, place)), False
            if self.left <= 0:
                return min(rest, self._ruled_out(levels, place)), True
            status, bound, starts = model.ask(self.left)
            if status == "interrupted":
                raise KeyboardInterrupt
            rest = max(rest, bound)
            if status == "infeasible":
                rest = math.inf
            if starts is None:
                if rest < math.inf:
                    return min(rest, self._ruled_out(levels, place)), True
                continue
            if self._proven(levels, place, rest):
                continue
            before = self._best(levels)
            self._plan(starts, levels)
            if place and self._best(levels) is not before:
                # What a goal before was reached with is the same but for its slack; it is held anew.
                model = GoalModel(opened, self.programme, levels[place], self._held(levels, place))
                for each in self.planned.values():
                    model.rule_out(each.starts)
            else:
                model.rule_out(starts)

    def _weigh(self, opened: OpenStarts, levels: list[Level], place: int, begin: list[IntArray]) -> tuple[float, bool]:
        """As `_prove`, by rounds of the outline, in a share of the time that is left."""
        goal = levels[place]
        spared = self.left * (1.0 - 1.0 / (len(levels) - place))
        limited, aim = Aim.of(opened, self.programme, goal, self._held(levels, place))
        rounds = Rounds(limited, aim, self.left - spared)

        def settled() -> dict[Vector, bool]:
            return {key: self._is_out(each, levels, place) for key, each in self.planned.items() if not each.rough}

        def bound(others: float) -> float:
            proven = min(others, self._ruled_out(levels, place, {key for key, out in settled().items() if out}))
            return max(proven, floor_of(goal))

        def value() -> float:
            best = self._best(levels)
            return math.inf if best is None else best.values[place]

        weighing = Weighing(
            self.gap,
            lambda: self.left - spared,
            lambda: self.left > spared,
            lambda others: self._proven(levels, place, bound(others)),
            value,
            settled,
            lambda starts, most: self._plan(starts, levels, most),
            lambda _: None,
        )
        told = False
        if self.warm is not None and self.warm.goal == goal:
            told = rounds.remember(read(self.warm, opened.problem, len(aim.most)))
        weighing.begin(rounds, begin, told)
        weighing.go_on(rounds)
        if rounds.interrupted:
            raise KeyboardInterrupt
        if isinstance(goal, str):
            self.outline.update(kept(rounds.told, opened.problem))
        return bound(rounds.bound), not self._proven(levels, place, bound(rounds.bound))

    def _is_out(self, each: _Planned, levels: list[Level], place: int) -> bool:
        """Whether a schedule is proven to be no better than the best, in this goal or in one before."""
        best = self._best(levels)
        if best is None:
            return each.bounds[place] == math.inf
        return not self._is_alike(each, best, levels, place) or self._proven(levels, place, each.bounds[place])

    def _proven(self, levels: list[Level], place: int, rest: float) -> bool:
        best = self._best(levels)
        if best is None:
            return rest == math.inf
        value = best.values[place]
        bound = min(rest, self._ruled_out(levels, place)) if self.whole else rest
        goal = levels[place]
        if isinstance(goal, StartGoal):
            near = not self.whole and relative_gap(value, bound) <= self.gap
            return near or self._is_least(goal, value, bound)
        return is_optimal(value, bound) or relative_gap(value, bound) <= self.gap

    def _is_least(self, goal: StartGoal, value: float, bound: float) -> bool:
        """Whether a goal of starts is as small as it can be."""
        return value - bound <= max(same_of(goal), 0.0 if self.whole else SHADE * abs(value))

    def _ruled_out(self, levels: list[Level], place: int, these: set[Vector] | None = None) -> float:
        """Proven of the schedules that were planned for (of `these`) and are as good in all goals before."""
        best = self._best(levels)
        if best is None:
            return math.inf
        alike = [
            each
            for key, each in self.planned.items()
            if (these is None or key in these) and self._is_alike(each, best, levels, place)
        ]
        return min((each.bounds[place] for each in alike), default=math.inf)

    def _is_alike(self, each: _Planned, best: _Planned, levels: list[Level], place: int) -> bool:
        """Whether a schedule may be as good as the best in all goals before one."""
        before = zip(levels[:place], each.bounds, best.values, strict=False)
        return all(
            bound <= value + slack_of(goal, value)
            for k, (goal, bound, value) in enumerate(before)
            if k >= len(self.limits)
        )

    def _best(self, levels: list[Level]) -> _Planned | None:
        """The best schedule with a plan: goal by goal, what differs by no more than its slack being alike."""
        best: _Planned | None = None
        for each in self.planned.values():
            if math.isfinite(each.values[-1]) and (best is None or self._better(each, best, levels)):
                best = each
        return best

    def _better(self, one: _Planned, other: _Planned, levels: list[Level]) -> bool:
        for k in range(len(self.limits), len(levels)):
            slack = 0.0 if k == len(levels) - 1 else slack_of(levels[k], other.values[k])
            if abs(one.values[k] - other.values[k]) > slack:
                return one.values[k] < other.values[k]
        return False

    def _held(self, levels: list[Level], place: int) -> list[tuple[Level, float]]:
        """What the goals before one may come to, as the model counts."""
        best = self._best(levels)
        held: list[tuple[Level, float]] = []
        for k, goal in enumerate(levels[:place]):
            assert not isinstance(goal, str), "the objective is the last goal"
            unit = unit_of(goal)
            if k < len(self.limits):
                held.append((goal, self.limits[k] / unit))
            elif best is not None:
                value = best.values[k]
                most = value + same_of(goal) if isinstance(goal, StartGoal) else None
                held.append((goal, most_of_tier(value / unit) if most is None else most / unit))
        return held

    def _plan(self, starts: IntArray, levels: list[Level], most: float = math.inf, *, rough: bool = False) -> None:
        """Plan for a schedule, once, in so many seconds; again where it was planned for roughly."""
        key = tuple(starts.tolist())
        named = self.programme.named(starts)
        known = key in self.planned and not self.planned[key].rough
        if known or self.left <= 0 or faults(self.programme, named):
            return
        problem = self.change(compile_problem(dated(self.scenario, named, self.programme)))
        limits, within = [], True
        for goal, limit in zip(levels, self.limits, strict=False):
            if isinstance(goal, StartGoal):
                within = within and goal_value(self.programme, goal, starts) <= limit + same_of(goal)
            else:
                limits.append(limit - self._adds(problem, starts, goal))
        if not within:
            nothing = (math.inf,) * len(levels)
            self.planned[key] = _Planned(starts, nothing, nothing, Solution("infeasible", None, None, None, None))
            return
        solution = optimise(
            problem,
            objective=problem.objective.name,
            gap=max(FIRST_GAP, self.gap / 2) if rough else self.gap / 2,
            time_limit=max(min(self.left, most), 1.0),
            method=self.method,
            check=None if self.accepts is None else self.accepts(problem),
            describe=False,
            limits=limits,
            starts=no_starts if self.starts is None else self.starts(problem),
            warm=None if self.whole else self.warm,
        )
        if solution.status == "interrupted":
            raise KeyboardInterrupt
        self.planned[key] = replace(
            self._judged(starts, levels, problem, solution), rough=rough and solution.status != "infeasible"
        )

    def _judged(self, starts: IntArray, levels: list[Level], problem: Problem, solution: Solution) -> _Planned:
        """Each goal of a schedule that was planned for: what its plan comes to, and what no plan of it comes below."""
        values, bounds = [], []
        reached = list(solution.tiers)
        kept = 0
        for k, goal in enumerate(levels):
            if isinstance(goal, StartGoal):
                value = bound = goal_value(self.programme, goal, starts)
            elif k < len(self.limits):
                kept += 1
                value = bound = 0.0
            else:
                adds = self._adds(problem, starts, goal)
                found: Solution | TierOutcome | None = solution if isinstance(goal, str) else None
                if found is None and reached:
                    found = reached.pop(0)
                told = None if found is None else found.objective if isinstance(found, Solution) else found.value
                proven = None if found is None else found.bound
                value = math.inf if told is None else told + adds
                bound = -math.inf if proven is None else proven + adds
            values.append(value)
            bounds.append(bound)
        if solution.status == "infeasible":
            values[-1], bounds = math.inf, [math.inf] * len(levels)
        if solution.objective is None:
            values[-1] = math.inf
        return _Planned(starts, tuple(values), tuple(bounds), solution)

    def _adds(self, problem: Problem, starts: IntArray, goal: Level) -> float:
        """Yuan that starts add to a goal of the plan."""
        added = 0.0
        if isinstance(goal, str):
            added += int(delay_fen(self.programme, starts).sum()) / FEN_PER_YUAN
        if (goal if isinstance(goal, str) else goal.goal) == Goal.FISCAL:
            came = revenues(self.programme, starts)
            added -= sum(fen * float(problem.objective.discount(month)) for _, month, fen in came) / FEN_PER_YUAN
        return added

    def _none(self, *, proven: bool) -> Chosen:
        some = next(iter(self.planned.values()), None)
        return Chosen(
            "infeasible" if proven else "time_limit",
            None if some is None else self.programme.named(some.starts),
            None if some is None else some.solution,
            None, None, None, tried=len(self.planned), seconds={"strict": self.time_limit - self.left},
        )  # fmt: skip

    def _answer(self, best: _Planned, levels: list[Level], outcomes: list[tuple[float, float]], over: bool) -> Chosen:
        tiers, own, least = [], list(best.solution.tiers), []
        shown = levels[len(self.limits) : -1]
        for goal, value, (_, bound) in zip(shown, best.values[len(self.limits) : -1], outcomes[:-1], strict=True):
            if isinstance(goal, StartGoal):
                least.append(value if self._is_least(goal, value, bound) else bound)
                continue
            tier = own.pop(0)
            proven = bound - (value - tier.value)
            known = min(proven, tier.value) if math.isfinite(proven) else None
            gap = None if known is None else relative_gap(tier.value, known)
            tiers.append(replace(tier, bound=known, gap=gap))
        value, bound = outcomes[-1]
        known = bound if math.isfinite(bound) else None
        status = "feasible" if not over else "time_limit"
        if not over and known is not None and is_optimal(value, known):
            status = "optimal"
        return Chosen(
            status,
            self.programme.named(best.starts),
            replace(best.solution, tiers=tuple(tiers), warm=self._learnt(best, levels)),
            value,
            known,
            None if known is None else relative_gap(value, known),
            added=value - (best.solution.objective or 0.0),
            tried=len(self.planned),
            seconds={"strict": self.time_limit - self.left},
            least=tuple(least),
        )

    def _learnt(self, best: _Planned, levels: list[Level]) -> WarmStart | None:
        if best.solution.warm is None and not self.outline:
            return None
        warm = best.solution.warm or WarmStart.of_nothing(str(levels[-1]))
        first = self.scenario.start.ordinal
        return replace(warm, starts=named_by_month(self.programme, best.starts, first), outline=self.outline)
