"""Clocks: what the time since moving out makes of a fee (rules 3, 4, 6, 8, 15)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.curves import Curves
from renewopt.problem.compiling.exact import NEVER, UNKNOWN, Bools, Ints, combine
from renewopt.problem.compiling.households import Households
from renewopt.problem.fee_curves import PERMILLE
from renewopt.scenario.models import OverdueStep, Scenario
from renewopt.units import scaled


@dataclass(frozen=True, eq=False)
class Clocks:
    """K distinct clocks, not yet written out by month.

    Attributes
    ----------
    clock
        (H,) clock of each claim.
    moved_out, begins, overdue_from
        (K,) months: of moving out, the first with a fee, the first overdue one; `NEVER` where there is none.
    since, until
        (K,) first month in which the household is, and first in which it is no more.
    policy
        (K,) fee policy; −1: no fee by rule.
    turnover
        (K,) lives in turnover housing.
    pattern
        (K,) pattern of overdue months of direct curves; −1 where the fee follows rules.
    anchor
        (K,) month in which some period of payment begins.
    """

    clock: Ints
    moved_out: Ints
    begins: Ints
    overdue_from: Ints
    since: Ints
    until: Ints
    policy: Ints
    turnover: Bools
    pattern: Ints
    anchor: Ints

    def living(self, month: Ints) -> Bools:
        """(K, months) whether the household is in these months."""
        result: Bools = (month >= self.since[:, None]) & (month < self.until[:, None])
        return result

    def take(self, rows: Ints) -> Clocks:
        """Take some of the clocks, each its own."""
        return Clocks(
            np.arange(rows.size),
            self.moved_out[rows],
            self.begins[rows],
            self.overdue_from[rows],
            self.since[rows],
            self.until[rows],
            self.policy[rows],
            self.turnover[rows],
            self.pattern[rows],
            self.anchor[rows],
        )


def find_clocks(scenario: Scenario, households: Households, curves: Curves, anchor: Ints | None = None) -> Clocks:
    """Distinct combinations of month of moving out, term, policy and turnover housing.

    Moved out in month m with term n: months m … m + n − 1 are ordinary, m + n is overdue month 1 (rule 3); a month
    later where the first month's fee is that of the next.

    Parameters
    ----------
    anchor
        (H,) month in which some period of payment begins, if it is not their own.
    """
    by_rule = (households.curve < 0) & (households.fee_policy >= 0)
    moved = np.where(by_rule | (households.moved_out < NEVER), households.moved_out, NEVER)
    moved = np.where(households.curve >= 0, np.where(moved < NEVER, moved, 0), np.where(by_rule, moved, NEVER))
    known = by_rule & (moved < NEVER)
    next_month = np.array([each.first_month == "next" for each in scenario.fee_policies] + [False])
    begins = np.where(known, moved + next_month[households.fee_policy], moved)
    overdue_from = np.where(known, begins + np.maximum(households.term, 0), NEVER)
    overdue_from = np.where(households.curve >= 0, curves.overdue_from, overdue_from)
    policy = np.where(by_rule, households.fee_policy, UNKNOWN)
    pattern = np.where(households.curve >= 0, curves.pattern, UNKNOWN)
    turnover = households.turnover & by_rule
    # A stated curve falls due as the fee policy says, too.
    anchor = period_anchor(scenario, households.fee_policy, begins) if anchor is None else anchor
    low = min(int(moved.min(initial=0)), int(overdue_from.min(initial=0)))
    life = combine(households.since + NEVER, households.until)[0]
    code, first = combine(
        moved - low,
        overdue_from - low,
        policy,
        turnover.astype(np.int64),
        pattern,
        life,
        anchor - anchor.min(initial=0),
    )
    life_span = households.since, households.until
    every = Clocks(code, moved, begins, overdue_from, *life_span, policy, turnover, pattern, anchor)
    return replace(every.take(first), clock=code)


def write_clocks(
    clocks: Clocks, scenario: Scenario, curves: Curves, months: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.bool_] | None]:
    """(K, C) multiplier of clocks in thousandths, overdue months and, where periods are paid ahead, running fees."""
    month = np.arange(months)
    by_curve = clocks.pattern >= 0
    overdue = month >= clocks.overdue_from[:, None]
    overdue[by_curve] = curves.patterns(months)[clocks.pattern[by_curve]]
    overdue &= clocks.living(month)
    multiplier = monthly_multipliers(clocks, scenario, month)
    runs = multiplier > 0 if any(policy.paid_ahead for policy in scenario.fee_policies) else None
    for number, policy in enumerate(scenario.fee_policies):
        rows = np.flatnonzero(clocks.policy == number)
        if policy.paid_ahead and rows.size:
            ahead = monthly_multipliers(clocks.take(rows), scenario, np.arange(months + policy.period))
            multiplier[rows] = _in_advance(
                ahead, np.maximum(clocks.begins, clocks.since)[rows], clocks.anchor[rows], policy.period
            )
    return multiplier, overdue, runs


def monthly_multipliers(clocks: Clocks, scenario: Scenario, month: Ints) -> NDArray[np.int32]:
    """(K, months) thousandths of the fee that accrue in the given months, which may lie before the start."""
    late = month - clocks.overdue_from[:, None]
    multiplier = np.zeros(late.shape, dtype=np.int32)
    for number, policy in enumerate(scenario.fee_policies):
        for lives_there, steps in ((False, policy.overdue), (True, policy.turnover)):
            rows = (clocks.policy == number) & (clocks.turnover == lives_there)
            if rows.any():
                multiplier[rows] = _stepped(late[rows], _thousandths(steps), 0 if lives_there else PERMILLE)
    multiplier[month < clocks.begins[:, None]] = 0
    multiplier[clocks.pattern >= 0] = PERMILLE
    multiplier[~clocks.living(month)] = 0
    return multiplier


def period_anchor(scenario: Scenario, policy: Ints, begins: Ints) -> Ints:
    """Month in which some period of payment begins: one of the calendar's year, or the first with a fee.

    Parameters
    ----------
    policy, begins
        Fee policy (−1: none) and first month with a fee (`NEVER`: none), in arrays of one shape.
    """
    own = np.array([each.period_from == "moving_out" for each in scenario.fee_policies] + [False])
    return np.where(own[policy] & (begins < NEVER), begins, -scenario.start.ordinal)


def _in_advance(multiplier: NDArray[np.int32], begins: Ints, anchor: Ints, period: int) -> NDArray[np.int32]:
    """Put what accrues in each period into its first month; `multiplier` is known for a period more than is asked."""
    month = np.arange(multiplier.shape[1] - period)
    since = (month - anchor[:, None]) % period
    total = np.concatenate([np.zeros((begins.size, 1), np.int64), multiplier.cumsum(axis=1, dtype=np.int64)], axis=1)
    due = np.take_along_axis(total, month + period - since, axis=1) - total[:, : month.size]
    first = begins[:, None]
    return np.where((month == first) | ((since == 0) & (month > first)), due, 0).astype(np.int32)


def _thousandths(steps: list[OverdueStep]) -> list[tuple[int, int]]:
    return sorted((step.after, scaled(step.multiplier, PERMILLE)) for step in steps)


def _stepped(late: Ints, steps: list[tuple[int, int]], ordinary: int) -> NDArray[np.int32]:
    """Multipliers: `ordinary` before the first step, a step `after` k from overdue month k + 1 on."""
    result = np.full(late.shape, ordinary, dtype=np.int32)
    for after, multiplier in steps:
        result[late >= after] = multiplier
    return result
