"""What is left of a problem when some households' choices are settled: the others, and what is left for them.

Money that the settled ones take or bring, and their fees, become dated amounts; the homes and the places under limits
that they take are taken from the rows of the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.choices import list_choices, releases, stock_taken, transfers
from renewopt.optimiser.formulation import TierBound, formulate
from renewopt.optimiser.model import FloatArray, LinearModel, add_up
from renewopt.optimiser.structured.restricted import Restricted, restrict
from renewopt.optimiser.variables import Layout, lookup
from renewopt.optimiser.whole import WholeChoices, assess, settle_choices, whole_goal
from renewopt.problem import Problem, Ragged, Tier
from renewopt.problem.decisions import IntTable
from renewopt.problem.subsets import subset

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Remaining:
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
    restricted: Restricted

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
    opened: NDArray[np.bool_],
    *,
    goal: str | Tier,
    tier_bounds: tuple[TierBound, ...],
) -> Remaining:
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
    own = replace(
        own,
        needs=replace(own.needs, fixed=own.needs.fixed + whole.due),
        funds=replace(own.funds, inflow=own.funds.inflow + whole.received),
    )
    tiers = {mine.name: (mine, other) for mine, other in zip(own.objective.tiers, rest.objective.tiers, strict=True)}
    bounds = []
    for tier, most in tier_bounds:
        mine, other = tiers[tier.name]
        bounds.append((mine, most - whole_goal(rest, whole, other)))
    wanted: Tier | None = None
    other_goal: str | Tier = goal
    if isinstance(goal, Tier):
        wanted, other_goal = tiers[goal.name]
    choices = list_choices(own)
    f, model = formulate(
        own,
        objective=goal if isinstance(goal, str) else None,
        goal=wanted,
        tier_bounds=bounds,
        relaxed=True,
        choices=choices.take(opened[choices.offer, choices.month]),
    )
    model = replace(_less(problem, settled, model), offset=model.offset + whole_goal(rest, whole, other_goal))
    layout = f.layout()
    return Remaining(offer, layout, model, restrict(layout, model, np.ones(len(f.choices), dtype=np.bool_)))


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
        at = lookup(block, (int(block.keys[0].max()) + 1, int(block.keys[1].max()) + 1))[row, month]
        used = add_up(at, amount, lower.size)
        lower[:] -= used
        upper[:] -= used

    taken = stock_taken(problem, choices)
    take("stock", taken.target, taken.month, taken.fen / 100.0 * choices.unit[taken.choice])
    for amounts, sign in ((transfers(problem, choices), 1.0), (releases(problem, choices), -1.0)):
        take("reservation", amounts.target, amounts.month, sign * (amounts.fen / 100.0) * choices.unit[amounts.choice])
    member = problem.limits.offers
    by_offer = Ragged.build(len(problem.offers), member["offer"], limit=member.row).take(choices.offer)
    limit, choice = by_offer["limit"], by_offer.row
    month = np.where(problem.limits.monthly[limit], choices.month[choice], 0)
    take("limit", limit, month, choices.unit[choice].astype(np.float64))
    return replace(model, row_lower=lower, row_upper=upper)
