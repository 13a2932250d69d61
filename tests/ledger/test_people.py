"""Households housed, waiting and overdue, and how long they wait."""

import numpy as np
import pytest

from renewopt.ledger import replay

from .builder import Builder, decide


@pytest.fixture
def build():
    build = Builder(months=4, books=6)
    build.clock(overdue_from=1)
    build.clock(overdue_from=3, moved_out=-5)
    build.fund()
    build.need("fees")
    build.bill()
    build.bill(project=1)
    build.claim(count=3)
    build.claim(count=2, project=1, bill=1, clock=1)
    build.offer(0, housed_after=1)
    build.offer(1)
    build.offer(1, housed_after=9)
    return build


def test_counts_by_project_and_month(build):
    books = replay(build.build(), decide(settle=[(0, 0, 2), (1, 2, 1), (2, 3, 1)]))
    assert books.people.housed.tolist() == [[0, 2, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]]
    assert books.people.waiting.tolist() == [[3, 1, 1, 1, 1, 1], [2, 2, 1, 1, 1, 1]]
    assert books.people.overdue.tolist() == [[0, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]]
    assert books.people.unsettled.tolist() == [1, 0]
    assert (books.households, books.settled) == (5, 3)


def test_waits_run_from_moving_out_to_being_housed_or_the_horizon(build):
    waits = replay(build.build(), decide(settle=[(0, 0, 2), (1, 2, 2)])).waits()
    assert waits.tolist() == [(0, 0, 2, 1, True), (1, 1, 2, 7, True), (0, 0, 1, 4, False)]


@pytest.fixture
def shared():
    """A household due two homes, a cohort of three due two each, and a household of its own."""
    build = Builder(months=4, books=6)
    build.clock(overdue_from=2, moved_out=-1)
    build.fund()
    build.need("fees")
    build.bill()
    for household, part, count in (("B", "1", 3), ("A", "1", 1), ("C", "", 1), ("B", "2", 3), ("A", "2", 1)):
        build.offer(build.claim(household=household, part=part, count=count))
        build.offer(len(build.rows["claim"]) - 1, housed_after=5)
    return build


def test_a_household_of_several_claims_is_one_household_and_waits_for_the_last(shared):
    nobody = replay(shared.build(), decide())
    assert (nobody.households, nobody.settled) == (5, 0)
    assert nobody.people.waiting[0].tolist() == [5] * 6
    assert sorted(nobody.waits().tolist()) == [(0, 0, 3, 5, False), (1, 0, 1, 5, False), (2, 0, 1, 5, False)]
    # A: 0 and 3; B: 0, 1 and 1 beside 2, 2 and never; C: after the horizon.
    settle = [(2, 0, 1), (8, 3, 1), (0, 0, 1), (0, 1, 2), (6, 2, 2), (5, 0, 1)]
    books = replay(shared.build(), decide(settle=settle))
    assert (books.households, books.settled) == (5, 3)
    assert books.people.housed[0].tolist() == [0, 0, 2, 1, 0, 1]
    assert books.people.waiting[0].tolist() == [5, 5, 3, 2, 2, 1]
    assert books.people.overdue[0].tolist() == [0, 0, 3, 2, 2, 1]
    assert books.people.unsettled.tolist() == [0, 0, 0, 1, 0]
    # The two of B that are housed fall into pieces where a row of any of their claims ends.
    waits = [(0, 0, 1, 3, True), (0, 0, 1, 3, True), (0, 0, 1, 5, False), (1, 0, 1, 4, True), (2, 0, 1, 6, True)]
    assert sorted(books.waits().tolist()) == waits


def test_claims_housed_out_of_the_order_of_their_choice_are_the_same_households(shared):
    # B, first claim: housed in 5 and 1; second: in 2 and 5. The first of both are one household, housed in 2.
    books = replay(shared.build(), decide(settle=[(1, 0, 1), (0, 1, 1), (6, 2, 1), (7, 0, 1)]))
    assert books.people.housed[0].tolist() == [0, 0, 1, 0, 0, 1]


@pytest.mark.parametrize("taken", [-1, 0, 4])
def test_what_cannot_be_is_replayed_all_the_same(shared, taken):
    books = replay(shared.build(), decide(settle=[(0, 0, taken), (6, 0, 3)]))
    assert books.settled == max(taken, 0)


def test_households_agree_with_a_count_one_by_one(shared):
    random = np.random.default_rng(5)
    problem = shared.build()
    for _ in range(50):
        rows, left = [], problem.claims.count.copy()
        for _ in range(12):
            offer = int(random.integers(len(problem.offers)))
            number = int(random.integers(0, left[problem.offers.claim[offer]] + 1))
            left[problem.offers.claim[offer]] -= number
            rows.append((offer, int(random.integers(4)), number))
        books = replay(problem, decide(settle=rows))
        dates = [sorted(m + (o % 2) * 5 for o, m, n in rows if o // 2 == claim for _ in range(n)) for claim in range(5)]
        dates = [mine + [99] * (int(problem.claims.count[c]) - len(mine)) for c, mine in enumerate(dates)]
        alone = [*map(max, zip(dates[0], dates[3], strict=True)), max(dates[1] + dates[4]), *dates[2]]
        assert books.people.waiting[0].tolist() == [sum(month > now for month in alone) for now in range(6)]
        assert books.settled == sum(month < 4 for month in alone)
        waits = sorted(months for _, _, n, months, _ in books.waits().tolist() for _ in range(n))
        assert waits == sorted((4 if month == 99 else month) + 1 for month in alone)


def test_nobody_waits_before_moving_out():
    build = Builder()
    build.clock(moved_out=3)
    build.fund()
    build.need("fees")
    build.bill()
    build.claim()
    build.offer()
    assert replay(build.build(), decide(settle=[(0, 1, 1)])).waits()["months"].tolist() == [0]


@pytest.mark.parametrize(
    ("settle", "clear", "everybody"),
    [
        ([], None, None),
        ([(0, 0, 3), (1, 3, 2)], 0, 3),
        ([(0, 1, 3), (1, 3, 2)], 2, 3),
        ([(0, 1, 3), (1, 2, 1)], None, None),
        ([(0, 3, 3), (1, 0, 2)], None, None),
        ([(0, 0, 3), (1, 0, 2)], 0, 1),
    ],
)
def test_clear_and_all_settled_months(build, settle, clear, everybody):
    books = replay(build.build(), decide(settle=settle))
    assert books.clear_month == clear
    assert books.all_settled_month == everybody
