"""Fees: by hand, and against one household at a time in plain Python."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import renewopt.ledger.fees as fees_module
from renewopt.ledger import replay

from .builder import Builder, decide


def one_offer(**given):
    """One household at 100 fen, overdue (double) from month 2; T = 4, B = 8, A = 2."""
    build = Builder(months=4, books=8, after=2)
    build.clock(overdue_from=2)
    build.need("fees")
    build.fund(10**6)
    build.bill()
    build.claim(100)
    build.offer(**given)
    return build.build()


def monthly(books):
    return books.fees.ordinary[0].tolist(), books.fees.overdue[0].tolist()


def test_without_a_choice_fees_run_to_the_horizon_and_are_valued_after_it():
    books = replay(one_offer(), decide())
    assert monthly(books) == ([100, 100, 0, 0, 0, 0, 0, 0], [0, 0, 200, 200, 0, 0, 0, 0])
    assert books.fees.valued.tolist() == [400]
    assert books.fees.valued_overdue.tolist() == [400]


def test_no_fee_in_the_month_of_being_housed_without_a_tail():
    books = replay(one_offer(), decide(settle=[(0, 1, 1)]))
    assert monthly(books) == ([100, 0, 0, 0, 0, 0, 0, 0], [0] * 8)
    assert books.fees.valued.tolist() == [0]


def test_the_curve_runs_until_housed_and_beyond_the_horizon():
    books = replay(one_offer(housed_after=3), decide(settle=[(0, 3, 1)]))
    assert monthly(books) == ([100, 100, 0, 0, 0, 0, 0, 0], [0, 0, 200, 200, 200, 200, 0, 0])


def test_a_tail_keeps_the_multiplier_and_the_band_of_the_month_of_being_housed():
    books = replay(one_offer(housed_after=1, tail=2), decide(settle=[(0, 0, 1)]))
    assert monthly(books) == ([100, 100, 100, 0, 0, 0, 0, 0], [0] * 8)
    books = replay(one_offer(housed_after=1, tail=2), decide(settle=[(0, 1, 1)]))
    assert monthly(books) == ([100, 100, 0, 0, 0, 0, 0, 0], [0, 0, 200, 200, 0, 0, 0, 0])


def test_a_stated_multiplier_in_the_tail():
    books = replay(one_offer(tail=1, tail_multiplier=500), decide(settle=[(0, 2, 1)]))
    assert monthly(books) == ([100, 100, 0, 0, 0, 0, 0, 0], [0, 0, 50, 0, 0, 0, 0, 0])


def test_a_stated_stream_replaces_curve_and_tail():
    stated = one_offer(housed_after=2, tail=9, stream=[7, 8, 9, 10])
    books = replay(stated, decide(settle=[(0, 0, 1)]))
    # Housed in month 2, which is overdue: so is what follows.
    assert monthly(books) == ([7, 8, 0, 0, 0, 0, 0, 0], [0, 0, 9, 10, 0, 0, 0, 0])


def test_fees_past_the_books_are_put_in_the_last_month_and_reported():
    books = replay(one_offer(tail=5), decide(settle=[(0, 3, 1)]))
    assert books.fees.after_books == 0
    books = replay(one_offer(tail=6), decide(settle=[(0, 3, 1)]))
    assert books.fees.after_books == 200
    assert books.fees.overdue[0].tolist() == [0, 0, 200, 200, 200, 200, 200, 400]
    books = replay(one_offer(housed_after=7), decide(settle=[(0, 3, 1)]))
    assert books.fees.after_books == 400
    assert books.fees.overdue[0].tolist() == [0, 0, 200, 200, 200, 200, 200, 600]


def test_fees_between_the_books_and_the_end_of_the_curves():
    build = Builder(months=2, books=3, after=3)
    build.need("fees")
    build.fund()
    build.bill()
    build.claim(100)
    build.offer(housed_after=3)
    books = replay(build.build(), decide(settle=[(0, 1, 1)]))
    assert books.fees.ordinary[0].tolist() == [100, 100, 200]
    assert books.fees.after_books == books.dues.after_books == 100


def test_fees_go_to_the_bill_and_the_project_of_the_claim():
    build = Builder(months=1, books=1)
    build.fund()
    build.need("fees")
    build.need("fees", project=1)
    build.bill(project=0, need=0)
    build.bill(project=1, need=1)
    for fee, project in [(1, 1), (10, 0), (100, 1)]:
        build.claim(fee, project=project, bill=project)
    books = replay(build.build(), decide())
    assert books.fees.ordinary.tolist() == [[10], [101]]
    assert books.dues.due.tolist() == [[10], [101]]


# --- one household at a time --------------------------------------------------------------------


@dataclass
class Sums:
    ordinary: list
    overdue: list
    valued: int = 0
    valued_overdue: int = 0


def half_up(numerator, divisor):
    return (2 * numerator + divisor) // (2 * divisor)


def fees_of_one(problem, claim, offer, chosen):
    """Rule 2 for one household of `claim` that takes `offer` in month `chosen` (or nothing), month by month."""
    table, calendar, offers = problem.fees, problem.calendar, problem.offers
    clock = int(table.clock[claim])
    sums = Sums([0] * calendar.books, [0] * calendar.books)

    def curve(month):
        rate = int(table.ordinary[claim, table.segment[month]])
        return half_up(rate * int(table.multiplier[clock, month]), 10_000_000)

    def book(month, fen, late):
        (sums.overdue if late else sums.ordinary)[month] += fen

    if offer is None:
        for month in range(calendar.months):
            book(month, curve(month), table.overdue[clock, month])
        for month in range(calendar.months, calendar.months + calendar.after_horizon_months):
            sums.valued += curve(month)
            sums.valued_overdue += curve(month) if table.overdue[clock, month] else 0
        return sums
    housed = chosen + int(offers.housed_after[offer])
    for month in range(chosen):
        book(month, curve(month), table.overdue[clock, month])
    if offers.stated_stream[offer]:
        begin, end = offers.stream.start[offer : offer + 2]
        for later, fen in enumerate(offers.stream["fen"][begin:end].tolist()):
            month = chosen + later
            book(month, fen, table.overdue[clock, min(housed, month)])
        return sums
    for month in range(chosen, housed):
        book(month, curve(month), table.overdue[clock, month])
    factor = int(offers.tail_multiplier[offer])
    if factor < 0:
        factor = int(table.multiplier[clock, housed])
    for month in range(housed, housed + int(offers.tail[offer])):
        rate = int(table.ordinary[claim, table.segment[month]])
        book(month, half_up(rate * factor, 10_000_000), table.overdue[clock, housed])
    return sums


@st.composite
def districts(draw):
    build = Builder(months=draw(st.integers(1, 5)), books=14, after=draw(st.integers(0, 3)))
    months = build.calendar.months
    build.segment = [int(month >= 3) for month in range(build.calendar.curve_months)]
    build.fund()
    build.need("fees")
    for project in range(2):
        build.bill(project=project)
    for _ in range(2):
        build.clock(draw(st.integers(0, 8)), draw(st.integers(0, 3000)), draw(st.integers(-2, 4)))
    settle = []
    for claim in range(draw(st.integers(1, 5))):
        project = draw(st.integers(0, 1))
        count = draw(st.integers(1, 4))
        rates = draw(st.tuples(st.integers(0, 10**4), st.integers(0, 10**4)))
        build.claim(list(rates), count=count, project=project, bill=project, clock=draw(st.integers(0, 1)))
        left = count
        for _ in range(draw(st.integers(0, 2))):
            offer = build.offer(
                claim,
                housed_after=draw(st.integers(0, 4)),
                tail=draw(st.integers(0, 3)),
                tail_multiplier=draw(st.sampled_from([-1, 1500])),
                stream=draw(st.none() | st.lists(st.integers(0, 99), max_size=6)),
            )
            taken = draw(st.integers(0, left))
            left -= taken
            settle.append((offer, draw(st.integers(0, months - 1)), taken))
    return build.build(), settle


@given(districts(), st.sampled_from([1, 20, 1 << 19]))
def test_fees_equal_those_of_each_household_on_its_own(district, cells):
    problem, settle = district
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fees_module, "BLOCK_CELLS", cells)
        books = replay(problem, decide(settle=settle))
    ordinary = np.zeros((2, problem.calendar.books), dtype=np.int64)
    overdue = np.zeros_like(ordinary)
    for claim in range(len(problem.claims)):
        rows = [(o, t, n) for o, t, n in settle if problem.offers.claim[o] == claim]
        left = int(problem.claims.count[claim]) - sum(n for _, _, n in rows)
        total = late = valued = valued_late = 0
        for offer, month, households in [*rows, (None, 0, left)]:
            one = fees_of_one(problem, claim, offer, month)
            ordinary[problem.claims.project[claim]] += households * np.array(one.ordinary)
            overdue[problem.claims.project[claim]] += households * np.array(one.overdue)
            total += households * (sum(one.ordinary) + sum(one.overdue))
            late += households * sum(one.overdue)
            valued += households * one.valued
            valued_late += households * one.valued_overdue
        assert books.fees.claim[claim] == total
        assert books.fees.claim_overdue[claim] == late
        assert books.fees.valued[claim] == valued
        assert books.fees.valued_overdue[claim] == valued_late
    assert books.fees.ordinary.tolist() == ordinary.tolist()
    assert books.fees.overdue.tolist() == overdue.tolist()
    assert books.dues.due[0].tolist() == (ordinary + overdue).sum(axis=0).tolist()
    assert books.fees.after_books == 0
