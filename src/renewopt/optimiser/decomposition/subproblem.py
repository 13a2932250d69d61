"""The subproblem of the remaining households, once the choices of the others are settled.

Money that the settled ones take or bring, and their fees, become dated amounts; the homes and the places under limits
that they take are taken from the rows of the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.decomposition.restricting import RestrictedModel, restrict
from renewopt.optimiser.model.choices import counted, list_choices, releases, stock_taken, transfers
from renewopt.optimiser.model.columns import Layout
from renewopt.optimiser.model.fairness import waits_of_projects
from renewopt.optimiser.model.formulation import TierBound, formulate
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, LinearModel, add_up
from renewopt.optimiser.payments.settled import WholeChoices, assess, settle_choices, whole_goal, with_dated
from renewopt.problem import Problem, Tier
from renewopt.problem.decisions import IntTable
from renewopt.problem.subsets import subset
from renewopt.vocabulary import Goal


@dataclass(frozen=True, eq=False)
class Subproblem:
    """The remaining households' model.

    Attributes
    ----------
    offer
        (remaining offers,) offer of the whole problem.
    f, model
        Columns of the open choices only.
    restricted
        The model with waiting joined.
    """

    offer: IntArray
    f: Layout
    model: LinearModel
    restricted: RestrictedModel

    def settled(self, x: FloatArray) -> IntTable:
        """Whole choices in x as a settling table of the whole problem."""
        count = np.rint(x).astype(np.int64) * self.f.choices.unit
        at = np.flatnonzero(count)
        choices = self.f.choices
        return np.column_stack([self.offer[choices.offer[at]], choices.month[at], count[at]]).astype(np.int64)


def remaining(
    problem: Problem,
    settled: IntTable,
    claims: IntArray,
    opened: BoolArray,
    *,
    goal: str | Tier,
    tier_bounds: tuple[TierBound, ...],
) -> Subproblem:
    """State the model of the listed claims; all others are settled as the table says, or wait to the end.

    Parameters
    ----------
    settled
        (n, 3) offer, month, households; of no listed claim.
    claims
        Claims that are left, ascending.
    opened
        (offers of these claims, T) bool: choices that are open to them.
    """
    own, offer = subset(problem, claims)
    rest, whole = _others(problem, settled, claims)
    own = with_dated(own, whole)
    tiers = {
        mine.name: (_with_others(mine, other, rest, whole), other)
        for mine, other in zip(own.objective.tiers, rest.objective.tiers, strict=True)
    }
    bounds = []
    for tier, most in tier_bounds:
        mine, other = tiers[tier.name]
        bounds.append((mine, most - _settled_goal(rest, whole, other)))
    wanted, other_goal = tiers[goal.name] if isinstance(goal, Tier) else (goal, goal)
    choices = list_choices(own)
    f, model = formulate(
        own,
        goal=wanted,
        tier_bounds=bounds,
        relaxed=True,
        choices=choices.take(opened[choices.offer, choices.month]),
    )
    model = replace(_less(problem, settled, model), offset=model.offset + _settled_goal(rest, whole, other_goal))
    layout = f.layout()
    return Subproblem(offer, layout, model, restrict(layout, model, np.ones(len(f.choices), dtype=np.bool_)))


def _with_others(mine: Tier, other: Tier, rest: Problem, whole: WholeChoices) -> Tier:
    """A goal of equal waits with what the other claims wait; other goals add up."""
    if mine.goal != Goal.WAIT_SPREAD:
        return mine
    chosen = settle_choices(rest, whole.settle)
    return replace(mine, others=waits_of_projects(rest, chosen.claim, chosen.unit, chosen.housed, whole.still, other))


def _settled_goal(rest: Problem, whole: WholeChoices, other: str | Tier) -> float:
    """What the other claims' choices add to a goal."""
    equal = isinstance(other, Tier) and other.goal == Goal.WAIT_SPREAD
    return 0.0 if equal else whole_goal(rest, whole, other)


def _others(problem: Problem, settled: IntTable, claims: IntArray) -> tuple[Problem, WholeChoices]:
    """The other claims' problem, and what their choices cause."""
    listed = np.zeros(len(problem.claims), dtype=np.bool_)
    listed[claims] = True
    rest, offer = subset(problem, np.flatnonzero(~listed))
    mine = settled.copy()
    mine[:, 0] = np.searchsorted(offer, settled[:, 0])
    return rest, assess(rest, mine)


def _less(problem: Problem, settled: IntTable, model: LinearModel) -> LinearModel:
    """The model with homes and places taken off its rows."""
    choices = settle_choices(problem, settled)
    lower, upper = model.row_lower.copy(), model.row_upper.copy()

    def take(name: str, row: IntArray, month: IntArray, amount: FloatArray) -> None:
        if name not in model.rows or not row.size:
            return
        block = model.rows[name]
        # What is taken after the last month that the remaining ones see is missing in that month already.
        month = np.minimum(month, block.keys[1].max())
        used = add_up(block.find(row, month), amount, lower.size)
        lower[:] -= used
        upper[:] -= used

    taken = stock_taken(problem, choices)
    take("stock", taken.target, taken.month, taken.fen / 100.0 * choices.unit[taken.choice])
    for amounts, sign in ((transfers(problem, choices), 1.0), (releases(problem, choices), -1.0)):
        take("reservation", amounts.target, amounts.month, sign * (amounts.fen / 100.0) * choices.unit[amounts.choice])
    limit, choice, month = counted(problem, choices)
    take("limit", limit, month, choices.unit[choice].astype(np.float64))
    return replace(model, row_lower=lower, row_upper=upper)
