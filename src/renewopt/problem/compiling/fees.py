"""The fee engine: fee policies compiled to fee curves in factors (rules 1, 2, 7, 8).

For each policy and each segment of the calendar, over all its households at once:

    basis = area (at least the floor, less what was delivered), persons or 1
    fee at multiplier 1 = max(basis × rate, household minimum) + the highest uplift of each category

and what the time since moving out makes of it is the clock's (`renewopt.problem.compiling.clocks`).
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.clocks import Clocks, write_clocks
from renewopt.problem.compiling.curves import MICRO_YUAN, Curves
from renewopt.problem.compiling.exact import AREA_SCALE, NEVER, Ints, times
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.compiling.uplifts import monthly_uplifts
from renewopt.problem.fee_curves import FeeTable
from renewopt.scenario.models import FeePolicy, RateStep, Scenario
from renewopt.units import divide_half_up, scaled
from renewopt.wording import words

_RATE_SCALE = 10_000
"""Rates are held in 1/10,000 yuan, so that area × rate is exact."""
_TO_MICRO = AREA_SCALE * _RATE_SCALE // MICRO_YUAN


def compile_fees(
    scenario: Scenario, households: Households, curves: Curves, clocks: Clocks, calendar: Calendar
) -> FeeTable:
    """Write the fee curves out over the calendar.

    Parameters
    ----------
    scenario, households, curves, clocks
        What was resolved of the scenario.
    calendar
        Its curve months are the length of the curves.

    Returns
    -------
    FeeTable
    """
    months = calendar.curve_months
    firsts = segment_starts(scenario, households, curves, months)
    segment = np.searchsorted(firsts, np.arange(months), side="right") - 1
    multiplier, overdue = write_clocks(clocks, scenario, curves, months)
    ordinary = ordinary_fees(scenario, households, curves, firsts)
    times(ordinary.max(initial=0, axis=0), int(multiplier.max(initial=1000)), words("a fee of one household and month"))
    return FeeTable(
        segment=segment.astype(np.int32),
        ordinary=ordinary,
        clock=clocks.clock.astype(np.int32),
        multiplier=multiplier,
        overdue=overdue,
        moved_out=clocks.moved_out.astype(np.int32),
    )


def segment_starts(scenario: Scenario, households: Households, curves: Curves, months: int) -> Ints:
    """First months of the segments: 0, and where a base rate, a part delivery or a direct curve changes (rule 2, 8)."""
    changes = {0}
    used = set(np.unique(households.fee_policy[households.curve < 0]).tolist())
    for number, policy in enumerate(scenario.fee_policies):
        if number in used:
            changes |= {since for since, _ in rate_steps(policy, scenario)}
    parted = (households.curve < 0) & (households.part_month < NEVER)
    changes |= set(np.unique(households.part_month[parted]).tolist())
    changes |= set(curves.changes().tolist())
    return np.array(sorted(month for month in changes if 0 <= month < months), dtype=np.int64)


def ordinary_fees(scenario: Scenario, households: Households, curves: Curves, firsts: Ints) -> Ints:
    """(H, S) micro-yuan a month at multiplier 1, in the segments that begin in the months `firsts`."""
    ordinary = np.zeros((len(households), firsts.size), dtype=np.int64)
    by_rule = households.curve < 0
    for number, policy in enumerate(scenario.fee_policies):
        rows = np.flatnonzero(by_rule & (households.fee_policy == number))
        if not rows.size:
            continue
        steps = rate_steps(policy, scenario)
        fixed = ~(households.part_month[rows] < NEVER).any()
        known: dict[int, Ints] = {}
        for column, month in enumerate(firsts.tolist()):
            rate = rate_in(steps, month)
            if not fixed or rate not in known:
                known[rate] = _whole_household(policy, households, rows, rate, month)
            ordinary[rows, column] = known[rate]
    for column, month in enumerate(firsts.tolist()):
        ordinary[curves.claims, column] = curves.fee_in(month)
    return ordinary


def _whole_household(policy: FeePolicy, households: Households, rows: Ints, rate: int, month: int) -> Ints:
    """Micro-yuan of each claim: the household's fee, divided equally over its claims."""
    base = divide_half_up(
        times(basis(policy, households, rows, month), rate, words("a fee by {id}", id=policy.id)), _TO_MICRO
    )
    if policy.household_minimum is not None:
        base = np.maximum(base, scaled(policy.household_minimum, MICRO_YUAN))
    fee = base + monthly_uplifts(policy, households, rows, base)
    part, parts = households.part[rows], households.parts[rows]
    divided: Ints = fee * (part + 1) // parts - fee * part // parts
    return divided


def basis(policy: FeePolicy, households: Households, rows: Ints, month: int) -> Ints:
    """Return what the rate is multiplied by, in 1/10,000 (rule 1).

    A part delivery shrinks it and ends the floor (rule 8).
    """
    if policy.basis == "household":
        return np.full(rows.size, AREA_SCALE, dtype=np.int64)
    if policy.basis == "person":
        return np.maximum(households.persons[rows], 0) * AREA_SCALE
    area = np.maximum(households.area[rows], 0)
    delivered = households.part_month[rows] <= month
    floor = 0 if policy.area_floor is None else scaled(policy.area_floor, AREA_SCALE)
    left = np.maximum(area - households.part_area[rows], 0)
    return np.where(delivered, left, np.maximum(area, floor))


def rate_steps(policy: FeePolicy, scenario: Scenario) -> list[tuple[int, int]]:
    """(month, rate in 1/10,000 yuan), increasing; a step without a month holds from before any other (rule 2)."""
    stated = policy.rate if isinstance(policy.rate, list) else [RateStep(yuan=policy.rate)]
    steps = [
        (-NEVER if step.since is None else step.since - scenario.start, scaled(step.yuan, _RATE_SCALE))
        for step in stated
    ]
    return sorted(steps, key=lambda step: step[0])


def rate_in(steps: list[tuple[int, int]], month: int) -> int:
    """Rate in force in a month; 0 before the first step."""
    return next((rate for since, rate in reversed(steps) if since <= month), 0)


def check_fees(scenario: Scenario, households: Households, refusals: Refusals) -> None:
    """Refuse what the fee table cannot hold, and households whose moving fee cannot be told."""
    for number, policy in enumerate(scenario.fee_policies):
        if policy.moving_fee is not None and policy.moving_fee.per_m2 > 0:
            rows = (households.fee_policy == number) & (households.area < 0)
            message = words("no area is stated, which the moving fee of {id} needs", id=policy.id)
            refusals.refuse_rows(households.id, rows, "households.area", message, words("add area"))
        for name in ("overdue", "turnover"):
            for step in getattr(policy, name):
                if step.multiplier * 1000 != int(step.multiplier * 1000):
                    key = f"fee_policies.{policy.id}.{name}"
                    refusals.refuse(
                        key,
                        words("the multiplier {multiplier} is finer than thousandths", multiplier=step.multiplier),
                        words("round it"),
                    )


def tail_months(scenario: Scenario, route: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Months of tail and its multiplier in thousandths (−1: in force), by fee policy; last: no policy (rule 5)."""
    months: list[int] = []
    multipliers: list[int] = []
    for policy in scenario.fee_policies:
        tail = (
            policy.tail if isinstance(policy.tail, int) else {str(k): v for k, v in policy.tail.items()}.get(route, 0)
        )
        months.append(tail)
        multipliers.append(tail_multiplier(policy.tail_multiplier))
    return np.array([*months, 0], dtype=np.int32), np.array([*multipliers, -1], dtype=np.int32)


def tail_multiplier(stated: Decimal | str) -> int:
    """Thousandths, or −1 for the one in force when housed."""
    return -1 if isinstance(stated, str) else scaled(stated, 1000)
