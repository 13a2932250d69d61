"""What is minimised, deadlines, obligations and tiers (§4 of the model, rule 15)."""

from __future__ import annotations

import numpy as np

from renewopt.problem.claims import Claims
from renewopt.problem.compiling.bills import BillBook
from renewopt.problem.compiling.clocks import Clocks
from renewopt.problem.compiling.exact import NEVER, UNKNOWN, Bools, Ints
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.problem import Objective, Tier
from renewopt.scenario.models import Scenario, TierGoal
from renewopt.vocabulary import Goal
from renewopt.wording import words


def deadlines(scenario: Scenario, households: Households, clocks: Clocks) -> Ints:
    """(H,) last month in which a claim may be housed; −1: none.

    The earlier of the household's own (else its project's) and of the first month in which it would be overdue: where
    its project says `no_overdue`, and with `no_overdue_from`, there not before that month. A deadline after the last
    month of decision forces nobody now.
    """
    late = households.deadline.copy()
    late[late >= scenario.months] = UNKNOWN
    if scenario.objective.no_overdue_from is not None:
        late = _earlier(scenario, households, clocks, late, max(scenario.objective.no_overdue_from - scenario.start, 0))
    never = np.array([project.no_overdue for project in scenario.projects], dtype=bool)
    if never.any():
        late = np.where(never[households.project], _earlier(scenario, households, clocks, late, 0), late)
    return late


def _earlier(scenario: Scenario, households: Households, clocks: Clocks, late: Ints, from_month: int) -> Ints:
    """(H,) the deadline, or the first overdue month from a month on, whichever comes first."""
    ruled = np.maximum(clocks.overdue_from[clocks.clock], from_month)
    ruled = np.where(ruled < np.minimum(scenario.months, households.until), ruled, UNKNOWN)
    both = np.minimum(late, ruled)
    return np.where(both < 0, np.maximum(late, ruled), both)


def compile_claims(
    scenario: Scenario, households: Households, clocks: Clocks, bills: BillBook, due: Ints, refusals: Refusals
) -> Claims:
    """Write the claims out."""
    late = deadlines(scenario, households, clocks)
    if scenario.objective.minimise == Goal.FISCAL:
        refusals.refuse_rows(
            households.id,
            (late < 0) & (households.obligation < 0),
            "projects.obligation",
            words(
                "no deadline and no obligation (or no area to reckon it by) is stated; under fiscal_cost the cheapest "
                "plan would then leave them without a home"
            ),
            words("state obligation (yuan per m², building cost included) on the project, or a deadline"),
        )
    return Claims(
        household=households.id,
        part=households.label(),
        project=households.project.astype(np.int32),
        count=households.count,
        indivisible=households.indivisible,
        weight=households.weight,
        deadline=late.astype(np.int32),
        obligation=np.maximum(households.obligation, 0),
        bill=bills.bill.astype(np.int32),
        due=due,
        related=np.full(len(households), "", dtype=object),
        begins=np.maximum(households.since, 0).astype(np.int32),
        ends=np.where(households.until < NEVER, np.maximum(households.until, 0), -1).astype(np.int32),
    )


def compile_objective(scenario: Scenario, households: Households) -> Objective:
    """Write the objective out."""
    stated = scenario.objective
    return Objective(
        name=stated.minimise,
        discount_rate=float(stated.discount_rate),
        offset_value=float(stated.offset_value),
        shortfall_penalty=float(stated.shortfall_penalty),
        disutility_weight=float(stated.disutility_weight),
        waiting_cost=float(stated.waiting_cost),
        reserve_months=float(stated.reserve_months),
        tiers=tuple(Tier(tier.name, tier.goal, _members(scenario, households, tier)) for tier in stated.tiers),
    )


def _members(scenario: Scenario, households: Households, tier: TierGoal) -> Bools:
    """Claims whose fees count in a tier."""
    among = np.array([tier.projects == "all" or p.id in tier.projects for p in scenario.projects], dtype=bool)
    members: Bools = among[households.project]
    if tier.tags:
        tagged = np.array([not set(tags).isdisjoint(tier.tags) for tags in households.tag_sets], dtype=bool)
        members &= tagged[households.tags]
    return members
