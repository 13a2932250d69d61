"""Households housed, waiting and overdue, and how long they wait."""

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
