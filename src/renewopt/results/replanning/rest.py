"""The rest of a plan: what was announced has a price, the plan before is where the search begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from renewopt.policies.remaining import Remaining
from renewopt.problem import Decisions, Problem, Tier
from renewopt.problem.promises import with_promises
from renewopt.problem.subsets import position
from renewopt.problem.supply import UNBUILT
from renewopt.results.replanning.happening import Past
from renewopt.results.replanning.promises import announced_of, feasible_of, kept_of
from renewopt.results.replanning.searching import Found, best_rest, carried_on
from renewopt.vocabulary import Goal
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress

__all__ = ["Rest", "find_rest"]

Ints = NDArray[np.int64]

KEPT_PRICE = 200_000.0
"""Yuan for a promise, where as many as can be are to be kept: about what a small home costs."""


@dataclass(frozen=True, eq=False)
class Rest:
    """The best rest that was found, in rows of the whole problem.

    Attributes
    ----------
    found
        What the search found; its figures are those of what is left, less the price of every promise.
    decisions
        Of all months; None: no rest was found.
    announced
        (n, 3) offer, month, households.
    feasible, kept
        (n,) households of each whose homes are there by then, as `feasible_of` counts, and those that get just that.
    factor
        What a yuan of the objective of what is left is in that of the whole: its discount.
    keeping
        Finds out by how much the objective would rise if as many promises as can be were kept, how many these are, and
        to which gap that was searched; None: not found out.
    """

    found: Found
    decisions: Decisions | None
    announced: Ints
    feasible: Ints
    kept: Ints
    factor: float
    keeping: Callable[[], tuple[float | None, int | None, float | None]]


def find_rest(
    past: Past,
    planned: Decisions,
    now: int,
    *,
    price: float,
    options: Mapping[str, Any],
    objective: float,
    progress: Callable[[Progress], None] | None,
    fewest_changes: int | None = None,
) -> Rest:
    """Plan what is left.

    Parameters
    ----------
    planned
        The plan before.
    price
        Yuan for a change of what it announced.
    options
        ``gap``, ``time_limit`` and ``method``, as of a plan.
    objective
        Of the plan before.
    fewest_changes
        Place among the strict goals, from 1 on, at which as few households as can be get something else than was
        announced; None: that is no goal.

    Raises
    ------
    ValueError
        If promises have a price and disutility is a strict goal: they are weighed in the same column. If changes are
        to be few, and nothing was announced.
    """
    problem, rest = past.problem, past.lived.remaining
    factor = float(problem.objective.discount(now)) if problem.objective.name == Goal.FISCAL else 1.0
    left = _weighed(rest.problem, factor)
    if price and any(tier.goal == Goal.DISUTILITY for tier in left.objective.tiers):
        raise ValueError(words("a price of promises and a strict goal of disutility do not go together"))
    announced = announced_of(problem, planned.settle, past.lived.state.waiting, now)
    if fewest_changes is not None:
        if not len(announced):
            raise ValueError(words("nothing was announced for this month or later: there is nothing to change"))
        left = _with_few_changes(left, fewest_changes)
    row_of = position(rest.offers, len(problem.offers))
    mine = np.column_stack([row_of[announced[:, 0]], announced[:, 1] - now, announced[:, 2]])
    handover = _handovers(planned, rest, now)
    search = partial(best_rest, options=options, progress=progress, objective=objective)
    # Of a project that has not begun by then nothing can be kept, which is a change all the same.
    possible = _open_then(left, mine)
    promised = with_promises(left, possible, price / factor)
    start = carried_on(promised, _rest_of(planned, rest, row_of, handover, now))
    found = search(promised, start=start)
    if found.decisions is None:
        none = np.zeros(len(announced), dtype=np.int64)
        return Rest(found, None, announced, none, none, factor, lambda: (None, None, None))
    settle = promised.stated(found.decisions.settle)
    decisions = _joined(past.lived.past, rest.whole(replace(found.decisions, settle=settle)))
    kept = kept_of(mine, settle)
    feasible = feasible_of(rest.problem, mine, kept, _sooner(handover, found.decisions.complete))
    # What the objective is without what promises count as.
    own = None if found.objective is None else found.objective + price / factor * promised.taken(
        found.decisions.settle)  # fmt: skip
    keeping = partial(_keeping, left, mine, feasible, kept, own, found, factor, search)
    return Rest(found, decisions, announced, feasible, kept, factor, keeping)


def _open_then(left: Problem, announced: Ints) -> Ints:
    """Those of what was announced that can be chosen in its month."""
    offers, month = left.offers, announced[:, 1]
    return announced[(offers.first[announced[:, 0]] <= month) & (month <= offers.last[announced[:, 0]])]


def _keeping(
    left: Problem,
    announced: Ints,
    feasible: Ints,
    kept: Ints,
    own: float | None,
    found: Found,
    factor: float,
    search: Callable[..., Found],
) -> tuple[float | None, int | None, float | None]:
    """By how much the objective rises if as many promises as can be are kept, how many these are, and the gap."""
    if (kept >= feasible).all():
        return 0.0, int(kept.sum()), found.gap
    if found.status == "interrupted" or found.easier or own is None:
        return None, None, None
    price = KEPT_PRICE / factor
    dear = with_promises(left, _open_then(left, announced), price)
    # The rows are those of the first search: what it found is a plan of this one.
    other = search(dear, start=found.decisions, easier=False, warm=found.warm)
    if other.decisions is None or other.objective is None:
        return None, None, None
    settle = other.decisions.settle
    kept_then = int(kept_of(announced, dear.stated(settle)).sum())
    return round((other.objective + price * dear.taken(settle) - own) * factor, 2), kept_then, other.gap


def _handovers(planned: Decisions, rest: Remaining, now: int) -> Ints:
    """(E,) month in which each phase was to be handed over, as far as that can still be; `UNBUILT`: not at all."""
    month = dict(planned.complete.tolist())
    then = np.array([month.get(phase, UNBUILT + now) - now for phase in rest.phases.tolist()], dtype=np.int64)
    return np.maximum(np.maximum(then, rest.problem.phases.soonest), 0)


def _sooner(handover: Ints, complete: Ints) -> Ints:
    """(E,) month of each phase by either plan, the earlier one."""
    months = handover.copy()
    np.minimum.at(months, complete[:, 0], complete[:, 1])
    return months


def _rest_of(planned: Decisions, rest: Remaining, row_of: Ints, handover: Ints, now: int) -> Decisions:
    """What a plan decides for the months that are left, in rows of what is left; phases as they can be now."""
    phase_of = position(rest.phases, int(max(rest.phases.max(initial=-1), planned.build[:, 0].max(initial=-1))) + 1)
    tables = {}
    for name, column in Decisions.MONTH_COLUMN.items():
        rows = getattr(planned, name)
        rows = rows[rows[:, column] >= now].copy()
        rows[:, column] -= now
        tables[name] = rows
    settle, build = tables["settle"], tables["build"]
    settle[:, 0], build[:, 0] = row_of[settle[:, 0]], phase_of[build[:, 0]]
    months = rest.problem.calendar.months
    complete = [(phase, month) for phase, month in enumerate(handover.tolist()) if month < months]
    return Decisions(
        **{
            **tables,
            "settle": settle[settle[:, 0] >= 0],
            "build": build[build[:, 0] >= 0],
            "complete": np.array(complete, dtype=np.int64).reshape(-1, 2),
        }
    )


def _with_few_changes(left: Problem, place: int) -> Problem:
    """The problem with one more strict goal, at that place of them."""
    tiers = left.objective.tiers
    most = len(tiers) + 1
    if not 1 <= place <= most:
        raise ValueError(
            words(
                "fewest_changes {place}: expected a place among the strict goals, 1 to {most}", place=place, most=most
            )
        )
    goal = Tier(Goal.CHANGES, Goal.CHANGES, np.ones(len(left.claims), dtype=np.bool_))
    listed = (*tiers[: place - 1], goal, *tiers[place - 1 :])
    return replace(left, objective=replace(left.objective, tiers=listed))


def _weighed(rest: Problem, factor: float) -> Problem:
    """Weigh what is not discounted as the whole problem does: the remaining one reckons from its own month 0."""
    if factor == 1.0:
        return rest
    objective = rest.objective
    return replace(
        rest,
        objective=replace(
            objective,
            shortfall_penalty=objective.shortfall_penalty / factor,
            disutility_weight=objective.disutility_weight / factor,
            waiting_cost=objective.waiting_cost / factor,
        ),
    )


def _joined(past: Decisions, later: Decisions) -> Decisions:
    return Decisions(
        **{name: np.concatenate([getattr(past, name), getattr(later, name)]) for name in Decisions.COLUMNS}
    )
