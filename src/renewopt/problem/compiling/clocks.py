"""Clocks: what the time since moving out makes of a fee (rules 3, 4, 6, 8, 15)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.curves import Curves
from renewopt.problem.compiling.exact import NEVER, UNKNOWN, Bools, Ints, combine
from renewopt.problem.compiling.households import Households
from renewopt.problem.fee_curves import PERMILLE
from renewopt.scenario.models import FeePolicy, OverdueStep, Scenario
from renewopt.units import scaled


@dataclass(frozen=True, eq=False)
class Clocks:
    """K distinct clocks, not yet written out by month.

    Attributes
    ----------
    clock
        (H,) clock of each claim.
    moved_out, overdue_from
        (K,) months; `NEVER` where there is none.
    policy
        (K,) fee policy; −1: no fee by rule.
    turnover
        (K,) lives in turnover housing.
    curve
        (K, C') overdue months of direct curves start at ...; −1 where the fee follows rules.
    """

    clock: Ints
    moved_out: Ints
    overdue_from: Ints
    policy: Ints
    turnover: Bools
    pattern: Ints


def find_clocks(households: Households, curves: Curves) -> Clocks:
    """Distinct combinations of month of moving out, term, policy and turnover housing.

    Moved out in month m with term n: months m … m + n − 1 are ordinary, m + n is overdue month 1 (rule 3).
    """
    by_rule = (households.curve < 0) & (households.fee_policy >= 0)
    moved = np.where(by_rule | (households.moved_out < NEVER), households.moved_out, NEVER)
    moved = np.where(households.curve >= 0, np.where(moved < NEVER, moved, 0), np.where(by_rule, moved, NEVER))
    known = by_rule & (moved < NEVER)
    overdue_from = np.where(known, moved + np.maximum(households.term, 0), NEVER)
    overdue_from = np.where(households.curve >= 0, curves.overdue_from, overdue_from)
    policy = np.where(by_rule, households.fee_policy, UNKNOWN)
    pattern = np.where(households.curve >= 0, curves.pattern, UNKNOWN)
    turnover = households.turnover & by_rule
    low = min(int(moved.min(initial=0)), int(overdue_from.min(initial=0)))
    code, first = combine(moved - low, overdue_from - low, policy, turnover.astype(np.int64), pattern)
    return Clocks(code, moved[first], overdue_from[first], policy[first], turnover[first], pattern[first])


def write_clocks(
    clocks: Clocks, scenario: Scenario, curves: Curves, months: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Multiplier in thousandths and overdue months of each clock, (K, C) each."""
    month = np.arange(months)[None, :]
    by_curve = clocks.pattern >= 0
    moved = clocks.moved_out[:, None]
    late = month - clocks.overdue_from[:, None]
    overdue = late >= 0
    overdue[by_curve] = curves.patterns(months)[clocks.pattern[by_curve]]
    steps = [_steps(policy) for policy in scenario.fee_policies]
    multiplier = np.zeros((clocks.moved_out.size, months), dtype=np.int32)
    for number, (ordinary, turnover) in enumerate(steps):
        for lives_there, words in ((False, ordinary), (True, turnover)):
            rows = (clocks.policy == number) & (clocks.turnover == lives_there)
            if rows.any():
                multiplier[rows] = _stepped(late[rows], words, 0 if lives_there else PERMILLE)
    multiplier[by_curve] = PERMILLE
    multiplier[(month < moved) & ~by_curve[:, None]] = 0
    return multiplier, overdue


def _steps(policy: FeePolicy) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    return _thousandths(policy.overdue), _thousandths(policy.turnover)


def _thousandths(steps: list[OverdueStep]) -> list[tuple[int, int]]:
    return sorted((step.after, scaled(step.multiplier, PERMILLE)) for step in steps)


def _stepped(late: Ints, steps: list[tuple[int, int]], ordinary: int) -> NDArray[np.int32]:
    """Multipliers: `ordinary` before the first step, a step `after` k from overdue month k + 1 on."""
    result = np.full(late.shape, ordinary, dtype=np.int32)
    for after, multiplier in steps:
        result[late >= after] = multiplier
    return result
