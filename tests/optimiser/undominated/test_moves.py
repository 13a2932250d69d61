"""The order of urgency: strict goals, weight, first overdue month, month of moving out."""

from dataclasses import replace

import numpy as np

from renewopt.optimiser.undominated.moves import urgency
from renewopt.problem import Tier
from renewopt.testing.tiny import tiny_problem


def test_a_strict_goal_comes_before_weight_and_weight_before_dates() -> None:
    problem = next(p for p in map(tiny_problem, range(60)) if len(p.claims) >= 3)
    size = len(problem.claims)
    weight = np.arange(size, dtype=np.float64)
    claims = np.arange(size) == 0
    heavier = replace(problem, claims=replace(problem.claims, weight=weight))
    tiers = (Tier("first", "transition_fees", claims),)
    assert urgency(replace(heavier, objective=replace(problem.objective, tiers=()))).argsort().tolist() == [
        *reversed(range(size))
    ]
    first, *rest = urgency(replace(heavier, objective=replace(problem.objective, tiers=tiers))).argsort().tolist()
    assert first == 0
    assert rest == [*reversed(range(1, size))]


def test_who_is_overdue_sooner_is_more_urgent_and_equals_share_a_place() -> None:
    problem = next(p for p in map(tiny_problem, range(60)) if len(p.claims) >= 2)
    size = len(problem.claims)
    fees = problem.fees
    overdue = np.zeros((2, fees.months), dtype=np.bool_)
    overdue[1, 1:] = True
    clock = np.zeros(size, dtype=np.int32)
    clock[-1] = 1
    fees = replace(
        fees,
        clock=clock,
        overdue=overdue,
        multiplier=np.ones((2, fees.months), dtype=np.int32),
        moved_out=np.zeros(2, dtype=np.int32),
    )
    alike = replace(
        problem,
        fees=fees,
        claims=replace(problem.claims, weight=np.ones(size)),
        objective=replace(problem.objective, tiers=()),
    )
    assert urgency(alike).tolist() == [1] * (size - 1) + [0]
