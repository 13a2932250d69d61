"""What comes of late phases: by hand on the smallest scenario, and in general on random ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.results.made import frame, random_books

import renewopt
from renewopt import Plan
from renewopt.ledger import Books, audit_decisions, replay
from renewopt.policies.waiting import WaitForBuild
from renewopt.results.briefing import delays
from renewopt.results.briefing.delays import DELAYS, reckon_delays
from renewopt.results.briefing.free_money import FreeMoney
from renewopt.results.planning import _filled, _Stopwatch
from renewopt.testing.tiny import tiny_problem

seeds = st.integers(0, 400)


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)


def waiting(seed: int) -> Books:
    """Books of a plan that keeps the rules of stock: everybody waits for the own estate."""
    problem = tiny_problem(seed)
    return replay(problem, WaitForBuild().decide(problem))


def test_a_late_phase_of_the_smallest_scenario(minimal: Plan) -> None:
    # Meadow-1 is handed over in 2024-05 to three households, two of them of South; the plan ends in 2024-08.
    assert [(each.phase, each.months) for each in minimal.delayed] == [("Meadow-1", months) for months in DELAYS]
    three, *_, never = minimal.delayed
    assert {each.households for each in minimal.delayed} == {3}
    assert three.clear_month == "2024-08"
    assert never.clear_month == ""
    assert 0 < three.fees < never.fees
    # 521,300 yuan of the budget are never needed: nothing is missing.
    assert [(each.missing, each.first_short) for each in minimal.delayed] == [(0.0, "")] * len(DELAYS)


def test_fees_of_a_delay_are_those_of_the_ledger(minimal: Plan, repository: Path) -> None:
    from renewopt.results.reopening import decided

    problem, decisions = decided(repository / "scenarios" / "minimal.yaml", minimal, False)
    books = replay(problem, decisions)
    late = decisions.complete + np.array([0, 3])
    at = np.flatnonzero(books.choices.housed == decisions.complete[0, 1])
    settle = decisions.settle.copy()
    settle[at, 1] += 3
    then = replay(problem, replace(decisions, complete=late, settle=settle))
    assert minimal.delayed[0].fees == (then.totals.transition_fees - books.totals.transition_fees) / 100


@settings(max_examples=full_count(40, 2000), deadline=None)
@given(seeds, st.integers(1, 8))
def test_nobody_moves_into_a_home_that_is_not_there(seed: int, months: int) -> None:
    books = waiting(seed)
    problem, decisions = books.problem, books.decisions
    phases = np.unique(decisions.complete[:, 0])
    if not phases.size or any(each.code.startswith("pool") for each in audit_decisions(problem, decisions, books)):
        return
    complete = decisions.complete + np.array([0, months])
    complete = complete[complete[:, 1] < problem.calendar.books]
    settle, moved = delays._settled_later(books, complete, phases)
    then = replay(problem, replace(decisions, complete=complete, settle=settle))
    left = np.cumsum(then.stock.arrived + then.stock.delivered - then.stock.taken, axis=1)
    assert left.min(initial=0) >= 0
    # Those who are not late come as planned, none comes earlier, and none is lost or made.
    count = np.zeros((2, len(problem.claims)), dtype=np.int64)
    for row, each in enumerate((books, then)):
        np.add.at(count[row], each.choices.claim, each.choices.households)
    assert (count[1] <= count[0]).all()
    assert (count[0] - count[1] <= moved).all()
    assert (moved <= count[0]).all()
    first = [each.choices.housed.min(initial=10**6) for each in (books, then)]
    assert first[1] >= first[0]


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(seeds)
def test_a_plan_is_told_its_delays_once(seed: int) -> None:
    books = random_books(seed)
    found = reckon_delays(books)
    assert len({(each.phase, each.months) for each in found}) == len(found)
    for each in found:
        assert each.households > 0
        assert each.missing >= 0
        assert bool(each.first_short) == (each.missing > 0)
        assert each.held_back >= 0
    plan = _filled(frame(books.problem), books, _Stopwatch())
    assert plan.delayed == found


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(seeds)
def test_nothing_is_missing_where_nothing_changes(seed: int) -> None:
    books = waiting(seed)
    if audit_decisions(books.problem, books.decisions, books):
        return
    assert not delays._missing(books, books).any()


def test_cities_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    books = next(books for books in map(waiting, range(100)) if reckon_delays(books))
    monkeypatch.setattr(delays, "MOST_CLAIMS", len(books.problem.claims) - 1)
    assert reckon_delays(books) == ()


@settings(max_examples=full_count(40, 2000), deadline=None)
@given(seeds, st.data())
def test_free_money_is_never_spent_twice(seed: int, data: st.DataObject) -> None:
    books = waiting(seed)
    funds, months = books.funds.closing.shape
    if not funds or books.funds.closing.min() < 0:
        return
    money = FreeMoney(books)
    month = data.draw(st.integers(0, months - 1))
    fund = data.draw(st.integers(0, funds - 1))
    free = money.free(fund, month)
    money.pay(np.array([fund]), month, free)
    assert not money.missing.any()
    assert money._closing.min() >= 0
    assert money.free(fund, month) == 0
    paid_in_vain = data.draw(st.integers(1, 10**6))
    money.pay(np.array([], dtype=np.int64), month, paid_in_vain)
    assert money.missing[month] == paid_in_vain


@settings(max_examples=full_count(40, 2000), deadline=None)
@given(seeds, st.data())
def test_what_a_fund_loses_is_missing_in_the_end_but_for_what_it_had_free(seed: int, data: st.DataObject) -> None:
    books = waiting(seed)
    funds, months = books.funds.closing.shape
    if not funds or books.funds.closing.min() < 0:
        return
    money = FreeMoney(books)
    month, fund = data.draw(st.integers(0, months - 1)), data.draw(st.integers(0, funds - 1))
    later = books.funds.closing[fund, month:] + np.cumsum(books.funds.lapsed[fund, month:])
    lost = data.draw(st.integers(1, 10**9))
    money.lose(fund, month, lost)
    assert money.missing.sum() == max(lost - later.min(), 0)
    assert money._closing.min() >= 0
    assert not money.missing[:month].any()
