"""The fee engine: fee policies compiled to fee curves in factors (rules 1, 2, 7, 8).

For each policy and each segment of the calendar, over all its households at once:

    basis = area (at least the floor, less what was delivered), persons or 1
    fee at multiplier 1 = min(max(basis × rate, household minimum), household maximum)
        + the highest uplift of each category

and what the time since moving out makes of it is the clock's (`renewopt.problem.compiling.clocks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.clocks import Clocks, write_clocks
from renewopt.problem.compiling.curves import Curves
from renewopt.problem.compiling.exact import AREA_SCALE, NEVER, Ints, grouped, times
from renewopt.problem.compiling.first_month import find_first_month
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.parts import Parts, add_parts, deduct
from renewopt.problem.compiling.rates import MICRO_YUAN, RATE_SCALE, Rate, Rates
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.compiling.uplifts import monthly_uplifts
from renewopt.problem.fee_curves import FeeTable
from renewopt.problem.offers import Offers
from renewopt.scenario.models import FeePolicy, Scenario
from renewopt.units import divide_half_up, scaled
from renewopt.vocabulary import RouteName
from renewopt.wording import words

_TO_MICRO = AREA_SCALE * RATE_SCALE // MICRO_YUAN


def compile_fees(
    scenario: Scenario,
    households: Households,
    curves: Curves,
    clocks: Clocks,
    parts: Parts | None,
    prepaid: Ints,
    calendar: Calendar,
) -> FeeTable:
    """Write the fee curves out over the calendar.

    Parameters
    ----------
    scenario, households, curves, clocks, parts
        What was resolved of the scenario.
    prepaid
        (H,) fen by which the fees from month 0 on are reduced.
    calendar
        Its curve months are the length of the curves.

    Returns
    -------
    FeeTable
    """
    months = calendar.curve_months
    firsts = segment_starts(scenario, households, curves, clocks, months)
    if parts is not None:
        firsts = np.union1d(firsts, segment_starts(scenario, parts.rows, parts.curves, parts.clocks, months))
    fees = _write_fees(scenario, households, curves, clocks, firsts, months)
    if parts is not None:
        fees = add_parts(
            fees, parts.claim, _write_fees(scenario, parts.rows, parts.curves, parts.clocks, firsts, months)
        )
    fees = replace(deduct(fees, prepaid), valued_until=valued_until(scenario, households, clocks))
    first = fees.first_month
    return fees if first is None or first.unpaid.any() else replace(fees, first_month=None)


def valued_until(scenario: Scenario, households: Households, clocks: Clocks) -> NDArray[np.int32] | None:
    """(H,) first month whose fee no longer counts for who has no choice: `own_clock` counts to the end of the term.

    Of such projects to A months after the later of the horizon and the last month of the term; of others to T + A.
    None where no project counts so.
    """
    own = np.array([project.own_clock for project in scenario.projects], dtype=bool)
    if not own.any():
        return None
    overdue_from = clocks.overdue_from[clocks.clock]
    begins = np.where(own[households.project] & (overdue_from < NEVER), overdue_from, 0)
    until: NDArray[np.int32] = np.maximum(begins, scenario.months) + scenario.objective.after_horizon_months
    return until.astype(np.int32)


def _write_fees(
    scenario: Scenario, households: Households, curves: Curves, clocks: Clocks, firsts: Ints, months: int
) -> FeeTable:
    segment = np.searchsorted(firsts, np.arange(months), side="right") - 1
    multiplier, overdue, runs = write_clocks(clocks, scenario, curves, months)
    ordinary = ordinary_fees(scenario, households, curves, clocks, firsts)
    times(ordinary.max(initial=0, axis=0), int(multiplier.max(initial=1000)), words("a fee of one household and month"))
    return FeeTable(
        segment=segment.astype(np.int32),
        ordinary=ordinary,
        clock=clocks.clock.astype(np.int32),
        multiplier=multiplier,
        overdue=overdue,
        moved_out=clocks.moved_out.astype(np.int32),
        stated_runs=runs,
        first_month=find_first_month(scenario, households, clocks, firsts, ordinary),
    )


def segment_starts(scenario: Scenario, households: Households, curves: Curves, clocks: Clocks, months: int) -> Ints:
    """First months of the segments: 0, and where a base rate, a part delivery or a direct curve changes (rule 2, 8).

    What comes after the end of a household is a segment, too.
    """
    changes = {0}
    used = set(np.unique(households.fee_policy[households.curve < 0]).tolist())
    for number, policy in enumerate(scenario.fee_policies):
        if number in used:
            for rates, _ in _by_rates(policy, scenario, clocks, np.flatnonzero(households.fee_policy == number)):
                changes |= rates.changes(months)
    parted = (households.curve < 0) & (households.part_month < NEVER)
    changes |= set(np.unique(households.part_month[parted]).tolist())
    changes |= set(np.unique(households.until[households.until < NEVER]).tolist())
    changes |= set(curves.changes().tolist())
    return np.array(sorted(month for month in changes if 0 <= month < months), dtype=np.int64)


def _by_rates(policy: FeePolicy, scenario: Scenario, clocks: Clocks, rows: Ints) -> Iterator[tuple[Rates, Ints]]:
    """Yield claims of a policy whose rates are the same, and these."""
    if policy.growth is None or policy.growth.clock == "calendar":
        yield Rates.of(policy, scenario, 0), rows
        return
    months, code = np.unique(clocks.begins[clocks.clock[rows]], return_inverse=True)
    for number, some in grouped(code.astype(np.int64)):
        yield Rates.of(policy, scenario, int(months[number])), rows[some]


def ordinary_fees(scenario: Scenario, households: Households, curves: Curves, clocks: Clocks, firsts: Ints) -> Ints:
    """(H, S) micro-yuan a month at multiplier 1, in the segments that begin in the months `firsts`."""
    ordinary = np.zeros((len(households), firsts.size), dtype=np.int64)
    by_rule = households.curve < 0
    for number, policy in enumerate(scenario.fee_policies):
        for rates, rows in _by_rates(
            policy, scenario, clocks, np.flatnonzero(by_rule & (households.fee_policy == number))
        ):
            fixed = ~(households.part_month[rows] < NEVER).any()
            known: dict[Rate, Ints] = {}
            for column, month in enumerate(firsts.tolist()):
                rate = rates.at(month)
                if not fixed or rate not in known:
                    known[rate] = _whole_household(policy, households, rows, rate, month)
                ordinary[rows, column] = known[rate]
    for column, month in enumerate(firsts.tolist()):
        ordinary[curves.claims, column] = curves.fee_in(month)
    # Nor has a household that is no more a tail, to which its clock is no bar.
    ended = np.flatnonzero(households.until < NEVER)
    ordinary[ended] = np.where(firsts < households.until[ended, None], ordinary[ended], 0)
    return ordinary


def _whole_household(policy: FeePolicy, households: Households, rows: Ints, rate: Rate, month: int) -> Ints:
    """Micro-yuan of each claim: the household's fee, divided equally over its claims."""
    base = divide_half_up(
        times(basis(policy, households, rows, month), rate.rate, words("a fee by {id}", id=policy.id)), _TO_MICRO
    )
    if rate.least >= 0:
        base = np.maximum(base, rate.least)
    if rate.most >= 0:
        base = np.minimum(base, rate.most)
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


def check_tails(scenario: Scenario, offers: Offers, households: Households, refusals: Refusals) -> None:
    """Refuse a tail at the multiplier in force where whole periods are paid in advance: most months have none."""
    in_force = (offers.tail > 0) & (offers.tail_multiplier < 0) & ~offers.stated_stream
    used = set(np.unique(households.fee_policy[offers.claim[in_force]]).tolist())
    for number, policy in enumerate(scenario.fee_policies):
        if number in used and policy.paid_ahead:
            message = words(
                "periods are paid in advance, so that the month of being housed has no multiplier for the tail"
            )
            refusals.refuse(
                f"fee_policies.{policy.id}.in_advance", message, words("state `tail_multiplier`, such as 1")
            )


def tail_months(scenario: Scenario, route: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Months of tail and its multiplier in thousandths (−1: in force), by fee policy; last: no policy (rule 5)."""
    months: list[int] = []
    multipliers: list[int] = []
    for policy in scenario.fee_policies:
        months.append(by_route(policy.tail, route))
        multipliers.append(tail_multiplier(policy.tail_multiplier))
    return np.array([*months, 0], dtype=np.int32), np.array([*multipliers, -1], dtype=np.int32)


def by_route(stated: int | Mapping[RouteName, int], route: str) -> int:
    """Look a number up that holds for all routes, or is stated by route: 0 for a route that is not named."""
    return stated if isinstance(stated, int) else {str(k): v for k, v in stated.items()}.get(route, 0)


def tail_multiplier(stated: Decimal | str) -> int:
    """Thousandths, or −1 for the one in force when housed."""
    return -1 if isinstance(stated, str) else scaled(stated, 1000)
