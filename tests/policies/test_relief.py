"""What a choice saves of the fees: what the bills of an account come down by when the household chooses."""

from dataclasses import replace

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.policies.relief import accrued_by, fees_ended
from renewopt.policies.state import SimulationState
from renewopt.problem import Problem
from renewopt.testing.tiny import tiny_problem
from renewopt.units import PPM


def bills_come_down(problem: Problem, offer: int, now: int, months: np.ndarray) -> np.ndarray:
    """What the government's fee bills due by each month come down by when one household takes an offer."""
    waiting, chosen = SimulationState(problem), SimulationState(problem)
    waiting.month = chosen.month = now
    before = waiting.dues()
    costs = chosen.costs(np.array([offer]))
    chosen.settle(np.array([offer]), np.array([1]))
    after = chosen.dues()
    np.subtract.at(after, (costs.need, costs.month), costs.fen)
    saved = (before - after).sum(axis=0)
    return np.array([saved[: month + 1].sum() for month in months])


@pytest.mark.parametrize("seed", seeds(range(5000, 5060), fast=30))
def test_it_is_what_the_bills_come_down_by(seed: int) -> None:
    problem = tiny_problem(seed)
    account = SimulationState(problem)
    for now in range(problem.calendar.months):
        months = np.arange(now, problem.calendar.books)
        table = problem.offers
        offers = np.flatnonzero((table.first <= now) & (now <= table.last))
        if not offers.size:
            continue
        found = fees_ended(problem, account.waiting_fees, offers, now, accrued_by(problem.bills, months))
        for offer, saved in zip(offers.tolist(), found, strict=True):
            truly = bills_come_down(problem, offer, now, months)
            if problem.bills.paid_ppm[problem.claims.bill[table.claim[offer]]] == PPM:
                assert saved.tolist() == truly.tolist()
            else:
                # A fen each month may be lost to rounding; nothing is told that is not saved.
                assert (saved <= truly).all()
                assert (truly - saved <= 2 * (months - now + 1)).all()


def test_where_a_developer_pays_everything_no_bill_comes_down_and_none_is_rounded() -> None:
    """A fen a month for rounding would have to be paid by funds that may be empty: nobody could be housed."""
    for seed in range(5000, 5010):
        problem = tiny_problem(seed)
        bills = replace(problem.bills, paid_ppm=np.zeros_like(problem.bills.paid_ppm))
        problem = replace(problem, bills=bills)
        waiting, offers = SimulationState(problem).waiting_fees, np.arange(len(problem.offers))
        found = fees_ended(problem, waiting, offers, 0, accrued_by(bills, np.arange(problem.calendar.books)))
        assert found.shape == (offers.size, problem.calendar.books)
        assert not found.any()


def test_tails_streams_and_shares_are_among_them() -> None:
    """The seeds above have every kind of offer in them."""
    problems = [tiny_problem(seed) for seed in range(5000, 5060)]
    assert any((problem.offers.tail > 0).any() for problem in problems)
    assert any(problem.offers.stated_stream.any() for problem in problems)
    assert any((problem.bills.paid_ppm != PPM).any() for problem in problems)
    assert any((problem.offers.housed_after > 0).any() for problem in problems)
    assert any(
        (problem.bills.due[:, : problem.calendar.months] != np.arange(problem.calendar.months)).any()
        for problem in problems
    )
