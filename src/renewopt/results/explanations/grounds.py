"""What explanations of a plan rest on: its problem, its decisions, the values of all choices, and homes left by it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.reduced_costs.reduced import Choice, ReducedCosts, reduced_costs
from renewopt.policies import OPTIMAL
from renewopt.problem import Decisions, Problem
from renewopt.problem.easing import eased
from renewopt.results.explanations.record import Proof
from renewopt.results.programme import with_dates
from renewopt.results.reopening import decided
from renewopt.vocabulary import CASH, OWN_UNIT, ROUTES, TRANSFER, VOUCHER, WAITING
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress
    from renewopt.results.record import PlanRecord
    from renewopt.scenario import Scenario

__all__ = ["Grounds", "keep_problem", "open_grounds", "opened"]

ROUTE_NAMES = (OWN_UNIT, TRANSFER, VOUCHER, CASH)
assert set(ROUTE_NAMES) == set(ROUTES)

MOST_KEPT = 100_000
"""Claims up to which a plan that was just made keeps its problem at hand."""


@dataclass(frozen=True, eq=False)
class Grounds:
    """A plan, opened for questions."""

    plan: PlanRecord
    problem: Problem
    decisions: Decisions
    costs: ReducedCosts
    proof: Proof

    @cached_property
    def claims_of(self) -> dict[str, list[int]]:
        """Claims of each household."""
        found: dict[str, list[int]] = {}
        for claim, household in enumerate(self.problem.claims.household.tolist()):
            found.setdefault(str(household), []).append(claim)
        return found

    @cached_property
    def rows_of(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the settling table sorted by claim, and (H + 1,) where those of each claim begin."""
        claim = self.problem.offers.claim[self.decisions.settle[:, 0]].astype(np.int64)
        order = np.argsort(claim, kind="stable")
        return order, np.searchsorted(claim[order], np.arange(len(self.problem.claims) + 1))

    def settled(self, claim: int) -> list[tuple[Choice, int, int]]:
        """What the plan gives a claim: choice, households, row of the settling table (−1: they wait to the end)."""
        order, start = self.rows_of
        found = []
        for row in order[start[claim] : start[claim + 1]].tolist():
            offer, month, count = self.decisions.settle[row].tolist()
            found.append((Choice(offer, month), count, row))
        left = int(self.problem.claims.count[claim]) - sum(count for _, count, _ in found)
        return [*found, (Choice(-1, -1), left, -1)] if left > 0 else found

    def label(self, month: int) -> str:
        """``YYYY-MM``."""
        return self.problem.calendar.label(month)

    def route(self, choice: Choice) -> str:
        """Route of a choice."""
        return WAITING if choice.waits else ROUTE_NAMES[int(self.problem.offers.route[choice.offer])]

    def pool(self, choice: Choice) -> str:
        """Pool, programme or quote of a choice, as allocations name it."""
        return "" if choice.waits else str(self.problem.offers.label[choice.offer])

    def housed(self, choice: Choice) -> int:
        """Month in which a choice houses; beyond the books where it waits to the end."""
        if choice.waits:
            return self.problem.calendar.curve_months
        return choice.month + int(self.problem.offers.housed_after[choice.offer])

    @cached_property
    def homes_left(self) -> NDArray[np.int64]:
        """(P, B) hundredths of each pool's measure that the plan leaves empty at the close of each month."""
        return np.cumsum(self.homes_delivered - self._homes_taken, axis=1)

    @cached_property
    def homes_delivered(self) -> NDArray[np.int64]:
        """(P, B) hundredths that come into each pool in each month of the plan."""
        pools, phases = self.problem.pools, self.problem.phases
        coming = np.zeros((len(pools), self.problem.calendar.books), dtype=np.int64)
        inside = pools.arrivals["month"] < coming.shape[1]
        np.add.at(
            coming, (pools.arrivals.row[inside], pools.arrivals["month"][inside]), pools.arrivals["amount"][inside]
        )
        phase, month = self.decisions.complete.T
        made = phases.delivers.take(phase)
        np.add.at(coming, (made["pool"], month[made.row]), made["amount"])
        return coming

    @cached_property
    def _homes_taken(self) -> NDArray[np.int64]:
        offers = self.problem.offers
        offer, month, count = self.decisions.settle.T
        stock = offers.stock.take(offer)
        housed = np.minimum(month + offers.housed_after[offer], self.problem.calendar.books - 1)
        taken = np.zeros((len(self.problem.pools), self.problem.calendar.books), dtype=np.int64)
        np.add.at(taken, (stock["pool"], housed[stock.row]), stock["amount"] * count[stock.row])
        return taken


def keep_problem(plan: PlanRecord, problem: Problem) -> None:
    """Remember what a plan was made from, so that it need not be read again; it is no part of the plan.

    That of a city is let go of: its tables need more memory than the plan.
    """
    if len(problem.claims) <= MOST_KEPT:
        plan.__dict__["_problem"] = problem


def opened(
    plan: PlanRecord,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    *,
    allow_outside: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Grounds:
    """Open a plan as `open_grounds` does; what was opened last is kept for the next question."""
    kept = plan.__dict__.get("_grounds")
    if kept is None or kept[0] is not scenario:
        with plan.place.spoken():
            found = open_grounds(plan, scenario, allow_outside=allow_outside, progress=progress)
        kept = plan.__dict__["_grounds"] = scenario, found
    grounds: Grounds = kept[1]
    return grounds


def open_grounds(
    plan: PlanRecord,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    *,
    allow_outside: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Grounds:
    """Read what a plan was made from, compile it, and price every choice of every household.

    Parameters
    ----------
    scenario
        What the plan was made from; default: the file that the plan names.
    progress
        Receives `Progress` where a relaxation has to be solved.

    Raises
    ------
    ValueError
        If the scenario is another one or not known; if the plan keeps not every rule, or was replanned from a past.
    SolverError
        If the plan kept no prices, and none can be found.
    """
    if plan.objective is None:
        raise ValueError(
            words("there is no plan that keeps every rule: renewopt plan tells what is short, and which rules conflict")
        )
    made_from: Problem | None = plan.__dict__.get("_problem")
    if scenario is None and made_from is not None and plan.decisions is not None:
        problem, decisions = made_from, plan.decisions
    elif scenario is None and plan.scenario_path is None:
        raise ValueError(words("the plan was made in Python and names no scenario file: hand over its scenario"))
    else:
        problem, decisions = decided(scenario or plan.scenario_path, plan, allow_outside)  # type: ignore[arg-type]
    if problem.calendar.now > 0:
        raise ValueError(words("households of a plan that goes on from a past are not explained yet"))
    tiers = [tier.value for tier in plan.tiers[: len(problem.objective.tiers)]]
    if plan.policy != OPTIMAL:
        # A rule pursues no strict goals, and may miss deadlines: its plan is laid beside all plans that do as little.
        problem, tiers = replace(problem, objective=replace(problem.objective, tiers=())), []
        problem = eased(problem) or problem
    costs = reduced_costs(problem, decisions.settle, tiers=tiers, warm=plan.warm, progress=progress)
    plan = with_dates(plan)
    assert plan.objective is not None
    bound = max(costs.lagrangian, -np.inf if plan.bound is None else plan.bound)
    proof = Proof(problem.objective.name, plan.objective, min(bound, plan.objective), costs.stored)
    return Grounds(plan, problem, decisions, costs, proof)
