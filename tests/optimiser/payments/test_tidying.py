"""Payments with the fewest movements: on random problems never worse, on planted ones the answer that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from tests.conftest import full_count

import renewopt
from renewopt import Scenario
from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise, tidied
from renewopt.optimiser.payments.sweeping import movements, swept
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.testing.tiny import tiny_problem


def no_worse(problem: Problem, before: Decisions) -> Callable[[Decisions], bool]:
    """Accept what the audit passes and what reaches as much."""
    reached = replay(problem, before)

    def accepts(decisions: Decisions) -> bool:
        books = replay(problem, decisions)
        tiers = zip(books.totals.tiers, reached.totals.tiers, strict=True)
        if books.objective() > reached.objective() or any(now > then for now, then in tiers):
            return False
        return not audit_decisions(problem, decisions, books)

    return accepts


def made_tidy(problem: Problem, decisions: Decisions) -> Decisions:
    goal = problem.objective.name
    return tidied(problem, decisions, goal=goal, accepts=no_worse(problem, decisions))


@pytest.mark.slow
def test_random_plans_are_never_worse_and_have_fewer_movements() -> None:
    before = after = 0
    for seed in range(full_count(40, 500)):
        problem = tiny_problem(seed)
        found = optimise(problem, gap=0, describe=False, check=lambda d, p=problem: not audit_decisions(p, d))
        if found.decisions is None:
            continue
        tidy = made_tidy(problem, found.decisions)
        assert audit_decisions(problem, tidy) == []
        assert replay(problem, tidy).objective() <= replay(problem, found.decisions).objective()
        assert movements(tidy) <= movements(found.decisions)
        assert np.array_equal(tidy.settle, found.decisions.settle)
        assert np.array_equal(tidy.complete, found.decisions.complete)
        before += movements(found.decisions).count
        after += movements(tidy).count
    assert after < 0.95 * before


def test_what_was_done_stays_to_the_letter() -> None:
    tidied_anew = 0
    for seed in range(full_count(15, 200)):
        problem = tiny_problem(seed)
        found = optimise(problem, gap=0, describe=False, check=lambda d, p=problem: not audit_decisions(p, d))
        if found.decisions is None:
            continue
        for now in range(1, problem.calendar.months):
            calendar = replace(problem.calendar, now=now)
            later = replace(problem, calendar=calendar, past=found.decisions.before(now))
            tidy = made_tidy(later, found.decisions)
            assert audit_decisions(later, tidy) == []
            assert movements(tidy) <= movements(found.decisions)
            for table in fields(Decisions):
                one, other = (getattr(each.before(now), table.name) for each in (found.decisions, tidy))
                assert np.array_equal(one[np.lexsort(one.T)], other[np.lexsort(other.T)]), table.name
            tidied_anew += movements(tidy) < movements(found.decisions)
    assert tidied_anew


def town(**stated: Any) -> Problem:
    """A household that waits for an estate of 600,000 yuan, two funds that may pay for anything."""
    rest: dict[str, Any] = {
        "name": "tidy",
        "start": "2024-01",
        "months": 12,
        "fee_policies": [{"id": "f", "rate": 10, "term": 48}],
        "projects": [{"id": "P", "moved_out": "2023-01"}],
        "households": [{"id": "A", "project": "P", "area": 100}],
        "estates": [
            {
                "id": "E",
                "projects": ["P"],
                "units": [{"type": "flat"}],
                "phases": [{"id": "E-1", "cost": 600_000, "earliest": "2024-07", "delivers": {"flat": 1}}],
            }
        ],
        "funds": [{"id": "first", "opening": 1_000_000}, {"id": "second", "opening": 1_000_000}],
    }
    return compile_problem(Scenario.from_tables(**rest | stated))


def best(problem: Problem) -> Decisions:
    found = optimise(problem, gap=0, check=lambda decisions: not audit_decisions(problem, decisions))
    assert found.decisions is not None
    return found.decisions


def halved(decisions: Decisions) -> Decisions:
    """Each payment by both funds, nearly half each."""
    rows = decisions.pay
    small = rows[:, 3] // 2 - 1
    other = rows.copy()
    other[:, 0], other[:, 3] = 1 - rows[:, 0], small
    kept = rows.copy()
    kept[:, 3] -= small
    both = np.concatenate([kept, other])
    return replace(decisions, pay=both[np.lexsort(both[:, :3].T[::-1])])


def test_one_fund_pays_where_one_would_do_the_first_before_the_second() -> None:
    problem = town()
    messy = halved(best(problem))
    assert audit_decisions(problem, messy) == []
    tidy = made_tidy(problem, messy)
    # Six fees and one payment for the estate, all of the first fund; and the building itself.
    assert tidy.pay[:, 0].tolist() == [0] * 7
    assert movements(tidy).count == 8
    assert sorted(tidy.pay[:, 3].tolist()) == [100_000] * 6 + [60_000_000]


def test_construction_is_split_only_where_no_fund_suffices() -> None:
    funds = [{"id": "first", "opening": 400_000}, {"id": "second", "opening": 700_000}]
    tidy = made_tidy(problem := town(funds=funds), halved(best(town(funds=funds))))
    building = tidy.pay[tidy.pay[:, 1] == int(problem.phases.need[0])]
    assert building[:, [0, 3]].tolist() == [[1, 60_000_000]]
    funds = [{"id": "first", "opening": 400_000}, {"id": "second", "opening": 300_000}]
    tidy = made_tidy(problem := town(funds=funds), best(town(funds=funds)))
    building = tidy.pay[tidy.pay[:, 1] == int(problem.phases.need[0])]
    assert len(building) == 2
    assert building[:, 3].sum() == 60_000_000


def test_transfers_are_made_at_their_limit_and_not_a_few_fen_below_it() -> None:
    problem = town(
        funds=[
            {"id": "source", "opening": 1_000_000, "uses": ["commitments"]},
            {"id": "works", "opening": 10_000},
        ],
        moves=[{"from": "source", "to": "works", "monthly_limit": 200_000}],
    )
    decisions = best(problem)
    # As a margin in the limit made them: 199,999.80 three times, then the rest.
    months = [0, 1, 2, 3]
    messy = replace(decisions, move=np.array([[0, m, 19_999_980 if m < 3 else 60] for m in months], dtype=np.int64))
    assert audit_decisions(problem, messy) == []
    tidy = made_tidy(problem, messy)
    assert len(tidy.move) == 3
    assert tidy.move[:, 2].max() == 20_000_000
    assert movements(tidy).dust == 0


# --- sweeping: dust that was planted, decision by decision ------------------------------------------------------------


def rows(*entries: tuple[int, ...]) -> np.ndarray:
    return np.array(entries, dtype=np.int64)


def test_a_fen_of_another_fund_goes_to_who_pays_the_rest() -> None:
    problem = town()
    decisions = best(problem)
    first = decisions.pay[0]
    need, month, fen = (int(value) for value in first[1:])
    dust = rows((0, need, month, fen - 1), (1, need, month, 1))
    messy = replace(decisions, pay=np.concatenate([dust, decisions.pay[1:]]))
    tidy = swept(problem, messy, no_worse(problem, messy))
    assert np.array_equal(tidy.pay, decisions.pay)


OWING = {"owing": [{"id": "o", "uses": ["fees"], "share": 0.5}]}


@pytest.mark.parametrize("owed", [1, 99, 5_000])
def test_small_arrears_are_paid_at_once(owed: int) -> None:
    problem = town(**OWING)
    decisions = made_tidy(problem, best(problem))
    fees = int(problem.bills.need[0])
    pay = decisions.pay.copy()
    at = np.flatnonzero(pay[:, 1] == fees)
    pay[at[0], 3] -= owed
    pay[at[1], 3] += owed
    messy = replace(decisions, pay=pay, owe=rows((fees, int(pay[at[0], 2]), owed)))
    assert audit_decisions(problem, messy) == []
    tidy = swept(problem, messy, no_worse(problem, messy))
    assert tidy.owe.size == 0
    assert np.array_equal(tidy.pay, decisions.pay)


def test_a_small_repayment_joins_the_payment_before_it() -> None:
    problem = town(**OWING)
    decisions = made_tidy(problem, best(problem))
    fees = int(problem.bills.need[0])
    pay = decisions.pay.copy()
    at = np.flatnonzero(pay[:, 1] == fees)
    last, after = int(pay[at[-1], 2]), int(pay[at[-1], 2]) + 1
    pay[at[-2], 3] -= 300_000 // 6
    pay[at[-1], 3] += 300_000 // 6 - 7
    messy = replace(
        decisions, pay=np.concatenate([pay, rows((0, fees, after, 7))]), owe=rows((fees, last - 1, 300_000 // 6))
    )
    assert audit_decisions(problem, messy) == []
    tidy = swept(problem, messy, no_worse(problem, messy))
    assert movements(tidy).dust == 0
    assert movements(tidy).count < movements(messy).count


def test_nothing_is_changed_that_is_not_accepted() -> None:
    problem = town()
    messy = halved(best(problem))
    assert tidied(problem, messy, goal="transition_fees", accepts=lambda _: False) is messy


def test_the_tidiest_so_far_stands_when_time_is_up() -> None:
    problem = town()
    messy = halved(best(problem))
    accepts = no_worse(problem, messy)
    counts = []
    for looks in (0, 1, 2, 4, 8, 1000):
        left = iter([60.0] * looks)
        found = tidied(problem, messy, goal="transition_fees", accepts=accepts, left=lambda left=left: next(left, 0.0))
        assert accepts(found)
        counts.append(movements(found).count)
    assert counts[0] == movements(swept(problem, messy, accepts)).count
    assert counts[-1] < counts[0]


def test_a_plan_is_tidy() -> None:
    scenario = Scenario.from_tables(
        name="tidy",
        start="2024-01",
        months=12,
        fee_policies=[{"id": "f", "rate": 10, "term": 48}],
        projects=[{"id": "P", "moved_out": "2023-01"}],
        households=[{"id": "A", "project": "P", "area": 100}],
        cash=[{"id": "C", "price": 1000, "start": "2024-04"}],
        funds=[{"id": "first", "opening": 60_000}, {"id": "second", "opening": 60_000}],
    )
    plan = renewopt.plan(scenario, gap=0)
    assert plan.decisions is not None
    # Three fees, and a price that needs both funds.
    assert movements(plan.decisions).count == 5
