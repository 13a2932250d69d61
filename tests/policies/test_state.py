"""The account of a rule policy: tables that change on the way are taken over as if they had always been so."""

import numpy as np
import pytest
from benchmarks.policies.fair import ROUGH

from renewopt.futures import draw_future
from renewopt.policies import RULES
from renewopt.policies.state import SimulationState
from renewopt.problem import Problem
from renewopt.testing.tiny import tiny_problem


@pytest.mark.parametrize("seed", range(3000, 3030))
def test_fees_and_limits_are_the_same_as_if_all_choices_were_booked_anew(seed: int) -> None:
    problem = tiny_problem(seed)
    future = draw_future(problem, ROUGH, seed)
    account = SimulationState(future.planned, future.answers, certain=False)
    steering = RULES["voucher-first"]().steer(problem)
    for month in range(problem.calendar.books):
        known = future.known(month, account)
        if known is not account.problem:
            account.adopt(known)
            anew = rebooked(account, known)
            assert np.array_equal(account.booked_fees(), anew.booked_fees())
            assert np.array_equal(account.limit_counts, anew.limit_counts)
        account.open(month)
        steering(account)
        account.close()


def rebooked(account: SimulationState, known: Problem) -> SimulationState:
    """An account that knew these tables from the beginning, with the same choices."""
    anew = SimulationState(known)
    for now in range(account.month + 1):
        anew.open(now)
        for offer, _, households in (row for row in account.rows["settle"] if row[1] == now):
            anew.settle(np.array([offer]), np.array([households]))
    return anew


def test_curves_differ_only_where_something_is_changed() -> None:
    problem = tiny_problem(3001)
    fees = problem.fees
    assert not fees.differs(fees).any()
    for seed in range(3000, 3040):
        problem = tiny_problem(seed)
        truth = draw_future(problem, ROUGH, seed).truth
        every = slice(0, problem.fees.months)
        claims = np.arange(len(problem.claims))
        otherwise = (problem.fees.fen(claims, every) != truth.fees.fen(claims, every)).any(axis=1)
        # A curve that differs in factors only is looked at as well; one that differs in money always.
        assert not (otherwise & ~problem.fees.differs(truth.fees)).any()
