"""What a search over open starts minimises, and what it holds other goals to: the same for each of its models."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from renewopt.optimiser.decomposition.pricing import NO_GOAL
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.formulation import TierBound, formulate
from renewopt.optimiser.model.linear import FloatArray, IntArray, LinearModel
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.optimiser.solving import most_of_tier, units_of_tier
from renewopt.optimiser.starts.widening import OpenStarts
from renewopt.problem import Problem, Tier
from renewopt.scheduling import NEVER_STARTS, Programme, StartGoal, goal_of_each
from renewopt.units import FEN_PER_WAN, YUAN_PER_WAN
from renewopt.vocabulary import Goal, StartsGoal

PRICED = (Goal.FEES, Goal.OVERDUE, Goal.FISCAL, Goal.DISUTILITY)
"""Goals of a plan that are sums over households and money, so that prices say what one household adds to them."""

SAME = 1e-6
"""What a limit on a goal of starts may be exceeded by."""
SHADE = 2e-6
"""Share of a goal by which the outline's bound lies below what is so."""
SAME_YUAN, SAME_NUMBER = 0.005, 0.5
"""Two schedules have the same delay, or the same number, within this."""
EXCESS = 100.0
"""Price of a unit beyond a limit where a relaxation may exceed it: what is proven rests on no such price."""


Level = StartGoal | Tier | str
"""A goal of starts, one of the plan, or the objective by its name."""


def unit_of(goal: Level) -> float:
    """What a goal is told in, of one of the model's: yuan, or what it is counted in."""
    if isinstance(goal, StartGoal):
        return YUAN_PER_WAN if goal.goal == StartsGoal.DELAY else 1.0
    return units_of_tier(goal) if isinstance(goal, Tier) else YUAN_PER_WAN


def floor_of(goal: Level) -> float:
    """What a goal is never below: neither delay and numbers nor fees are negative."""
    never = isinstance(goal, StartGoal) or (isinstance(goal, Tier) and goal.goal in (Goal.FEES, Goal.OVERDUE))
    return 0.0 if never else -math.inf


def same_of(goal: StartGoal) -> float:
    """Within what two schedules are alike in a goal of starts."""
    return SAME_YUAN if goal.goal == StartsGoal.DELAY else SAME_NUMBER


def slack_of(goal: Level, value: float) -> float:
    """How much more of a goal counts as the same."""
    if isinstance(goal, StartGoal):
        return same_of(goal)
    if isinstance(goal, str):
        return 0.0
    unit = units_of_tier(goal)
    return (most_of_tier(value / unit) - value / unit) * unit


@dataclass(frozen=True, eq=False)
class StartCost:
    """A goal that starts alone decide, in the model's unit (万元, or a number).

    Attributes
    ----------
    each
        (n,) what each option adds to it, beside what it comes to where nothing starts.
    constant
        That.
    """

    each: FloatArray
    constant: float

    @classmethod
    def of(cls, options: StartOptions, programme: Programme, goal: StartGoal) -> StartCost:
        """Of a goal of starts."""
        each = np.zeros(options.month.size)
        never = goal_of_each(programme, goal, np.full(len(options), NEVER_STARTS, dtype=np.int64))
        for month in np.unique(options.month).tolist():
            at = np.flatnonzero(options.month == month)
            value = goal_of_each(programme, goal, np.full(len(options), month, dtype=np.int64))
            each[at] = (value - never)[options.activity[at]]
        scale = FEN_PER_WAN if goal.goal == StartsGoal.DELAY else 1
        return cls(each / scale, float(never.sum()) / scale)

    def value(self, options: StartOptions, starts: IntArray) -> float:
        """What starts (A,) come to."""
        return self.constant + float(self.each[options.month == starts[options.activity]].sum())


@dataclass(frozen=True, eq=False)
class Aim:
    """What is minimised over all starts and plans, under limits; in the model's units.

    Attributes
    ----------
    goal
        The objective's name, a goal of starts, or None: the tier of the problem that follows those with a limit.
    most
        What the problem's first tiers may come to.
    held
        Goals of starts, and what each may come to.
    unit
        What one is told in: yuan, households, works.
    """

    goal: str | StartCost | None
    most: tuple[float, ...] = ()
    held: tuple[tuple[StartCost, float], ...] = ()
    unit: float = YUAN_PER_WAN

    @classmethod
    def of(
        cls, opened: OpenStarts, programme: Programme, goal: Level, held: Sequence[tuple[Level, float]]
    ) -> tuple[OpenStarts, Aim]:
        """A goal, with those before it held to what they may come to; and the problem with open starts for it."""
        options = opened.options

        def cost(of_starts: StartGoal) -> StartCost:
            return StartCost.of(options, programme, of_starts)

        limited = [(tier, most) for tier, most in held if isinstance(tier, Tier)]
        of_starts = tuple((cost(each), most) for each, most in held if isinstance(each, StartGoal))
        tiers = [tier for tier, _ in limited]
        minimised: str | StartCost | None = goal if isinstance(goal, str) else None
        if isinstance(goal, Tier):
            tiers.append(goal)
        elif isinstance(goal, StartGoal):
            minimised = cost(goal)
        aim = cls(minimised, tuple(most for _, most in limited), of_starts, unit_of(goal))
        problem = opened.problem
        return replace(opened, problem=replace(problem, objective=replace(problem.objective, tiers=tuple(tiers)))), aim

    def limits(self, problem: Problem) -> tuple[TierBound, ...]:
        """Limits on goals of a problem's plans."""
        return tuple(zip(problem.objective.tiers, self.most, strict=False))

    def of_households(self, problem: Problem) -> str | Tier:
        """What counts of households."""
        if self.goal is None:
            return problem.objective.tiers[len(self.most)]
        return self.goal if isinstance(self.goal, str) else NO_GOAL

    def is_kept(self, options: StartOptions, starts: IntArray) -> bool:
        """Whether starts (A,) keep the limits on goals of starts."""
        return all(cost.value(options, starts) <= most + SAME for cost, most in self.held)

    def formulate(
        self, problem: Problem, options: StartOptions, *, elastic: bool = False, without_households: bool = False
    ) -> tuple[Formulation, LinearModel]:
        """Build the model of a problem with open starts for it, all but the limits on goals of starts.

        Parameters
        ----------
        elastic
            Its linear relaxation, in which limits on goals of plans may be exceeded, at a price.
        """
        goal, limits = self.of_households(problem), self.limits(problem)
        f, model = formulate(
            problem,
            goal=goal or problem.objective.name,
            tier_bounds=limits,
            relaxed=elastic,
            starts=options,
            without_households=without_households,
        )
        penalty = problem.objective.shortfall_penalty
        cost, offset = model.cost, model.offset
        if isinstance(self.goal, StartCost):
            cost, offset = np.zeros(cost.size), self.goal.constant
            cost[f["start"].index] = self.goal.each
        if not isinstance(self.goal, str) and "shortfall" in model.columns:
            cost[f["shortfall"].index] += penalty
        model = replace(model, cost=cost, offset=offset)
        return f, exceedable(model, (f"tier_{k}" for k in range(len(limits))), EXCESS) if elastic else model


def exceedable(model: LinearModel, rows: Iterable[str], penalty: float) -> LinearModel:
    """The model with a column for each of some rows that takes off what is too much of it, at a penalty."""
    row = np.array([model.rows[name].start for name in rows], dtype=np.int64)
    if not row.size:
        return model
    size = model.cost.size
    matrix = sparse.csr_array(
        (
            np.concatenate([model.value, -np.ones(row.size)]),
            (np.concatenate([model.entry_rows(), row]), np.concatenate([model.index, size + np.arange(row.size)])),
        ),
        shape=(model.row_lower.size, size + row.size),
    )
    return replace(
        model,
        cost=np.concatenate([model.cost, np.full(row.size, penalty)]),
        lower=np.concatenate([model.lower, np.zeros(row.size)]),
        upper=np.concatenate([model.upper, np.full(row.size, np.inf)]),
        integer=np.concatenate([model.integer, np.zeros(row.size, dtype=np.bool_)]),
        start=matrix.indptr.astype(np.int64),
        index=matrix.indices.astype(np.int64),
        value=matrix.data,
    )
