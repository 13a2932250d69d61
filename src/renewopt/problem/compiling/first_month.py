"""The month of moving out: what part of its fee is paid (rule 8)."""

from __future__ import annotations

import numpy as np

from renewopt.problem.compiling.clocks import Clocks, monthly_multipliers
from renewopt.problem.compiling.exact import NEVER, UNKNOWN, Bools, Ints, times
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.fee_curves import FirstMonth
from renewopt.scenario.models import Scenario
from renewopt.wording import words

IN_PART = ("half", "by_day")
"""Rules of the first month by which a part of it is paid."""

MONTHS_OF_DAYS = 12 * 400
"""Months after which the calendar's days repeat."""


def days_of(ordinal: Ints) -> Ints:
    """Days of each calendar month, counted from January of year 0."""
    # As months of the 400 years from 2000 on, counted from 1970.
    known = ordinal % MONTHS_OF_DAYS + 12 * 30
    first, after = known.astype("datetime64[M]"), (known + 1).astype("datetime64[M]")
    days: Ints = (after.astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    return days


def in_part(scenario: Scenario, households: Households) -> Bools:
    """(H,) whether less than a whole month is paid in the first."""
    part = np.array([policy.first_month in IN_PART for policy in scenario.fee_policies] + [False])
    paid: Bools = part[households.fee_policy] & (households.curve < 0)
    return paid


def first_shares(scenario: Scenario, households: Households) -> tuple[Ints, Ints]:
    """(H,) numerator and denominator of the part of the first month that is paid.

    By day: of n days those from the day of moving out on, which is one of them; the whole month where no day is known.
    """
    partly = in_part(scenario, households)
    by_day = np.array([policy.first_month == "by_day" for policy in scenario.fee_policies] + [False])
    daily = partly & by_day[households.fee_policy] & (households.moved_out_day != UNKNOWN)
    days = days_of(scenario.start.ordinal + households.moved_out)
    half = partly & ~by_day[households.fee_policy]
    numerator = np.where(daily, days - households.moved_out_day + 1, 1)
    return np.maximum(numerator, 0), np.where(daily, days, np.where(half, 2, 1))


def find_first_month(
    scenario: Scenario, households: Households, clocks: Clocks, firsts: Ints, ordinary: Ints
) -> FirstMonth | None:
    """Find what is not paid of the month of moving out; None where no policy pays a part of it.

    Parameters
    ----------
    firsts
        (S,) first months of the segments.
    ordinary
        (H, S) micro-yuan at multiplier 1.
    """
    if all(policy.first_month not in IN_PART for policy in scenario.fee_policies):
        return None
    begins = clocks.begins[clocks.clock]
    rows = np.flatnonzero(in_part(scenario, households) & (begins >= 0) & (begins < NEVER))
    numerator, denominator = (each[rows] for each in first_shares(scenario, households))
    whole = ordinary[rows, np.searchsorted(firsts, begins[rows], side="right") - 1]
    times(whole, 2 * int(denominator.max(initial=1)), words("a fee of one household and month"))
    unpaid = np.zeros(len(households), dtype=np.int64)
    unpaid[rows] = whole - (2 * whole * numerator + denominator) // (2 * denominator)
    alone = monthly_multipliers(clocks, scenario, clocks.begins[:, None])[:, 0]
    return FirstMonth(unpaid, clocks.begins.astype(np.int32), alone)


def check_days(scenario: Scenario, households: Households, refusals: Refusals) -> None:
    """Refuse days that their month does not have, and rows that need one and have none."""
    by_day = np.array([policy.first_month == "by_day" for policy in scenario.fee_policies] + [False])
    period = np.array([1 if policy.in_advance else policy.period for policy in scenario.fee_policies] + [1])
    # Only in a period that runs at the start is a month before it due.
    counts = (households.moved_out > -period[households.fee_policy]) & (households.moved_out < NEVER)
    refusals.refuse_rows(
        households.id,
        by_day[households.fee_policy] & counts & (households.curve < 0) & (households.moved_out_day == UNKNOWN),
        "households.moved_out_day",
        words("the fee of the first month is by day, and no day of moving out is stated"),
        words("write a date into `moved_out`, such as 2024-06-15, or add `moved_out_day`"),
    )
    days = days_of(scenario.start.ordinal + households.moved_out)
    refusals.refuse_rows(
        households.id,
        by_day[households.fee_policy] & (households.moved_out_day > days),
        "households.moved_out_day",
        words("the month of moving out does not have that day"),
        words("mend the date"),
    )
