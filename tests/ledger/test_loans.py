"""Loans by hand."""

import pytest

from renewopt.ledger import replay

from .builder import Builder, decide


def run(borrow, repay=(), books=8, **loan):
    build = Builder(months=4, books=books)
    build.fund()
    for use in ("fees", "interest", "principal"):
        build.need(use)
    build.loan(0, 1, 2, **loan)
    return replay(build.build(), decide(borrow=borrow, repay=repay)).loans


def test_a_bullet_loan():
    loans = run([(0, 1, 600), (0, 1, 400), (0, 2, 50)], rate=0.12, term=3)
    assert loans.borrowed[0].tolist() == [0, 1000, 50, 0, 0, 0, 0, 0]
    assert loans.principal[0].tolist() == [0, 0, 0, 0, 1000, 50, 0, 0]
    assert loans.outstanding[0].tolist() == [0, 1000, 1050, 1050, 50, 0, 0, 0]
    # 10.5 is rounded up.
    assert loans.interest[0].tolist() == [0, 0, 10, 11, 11, 1, 0, 0]


def test_a_level_loan_is_repaid_in_parts_that_add_up():
    loans = run([(0, 0, 1000)], kind="level", grace=1, term=4)
    assert loans.principal[0].tolist() == [0, 0, 333, 334, 333, 0, 0, 0]
    assert loans.outstanding[0, -1] == 0


def test_a_flexible_loan_is_repaid_as_decided():
    loans = run([(0, 0, 1000)], [(0, 2, 300), (0, 5, 700)], kind="flexible", rate=0.012, term=6)
    assert loans.principal[0].tolist() == [0, 0, 300, 0, 0, 700, 0, 0]
    assert loans.interest[0].tolist() == [0, 1, 1, 1, 1, 1, 0, 0]


def test_repayments_of_a_dated_loan_are_not_decided():
    assert run([(0, 0, 10)], [(0, 1, 10)], term=2).principal[0].tolist() == [0, 0, 10, 0, 0, 0, 0, 0]


def test_principal_after_the_books_is_put_in_their_last_month():
    loans = run([(0, 3, 10)], books=5, term=2)
    assert loans.principal[0].tolist() == [0, 0, 0, 0, 10]
    assert loans.after_books == 10


@pytest.mark.parametrize(("outstanding", "interest"), [(200, 1), (199, 0), (599, 1), (600, 2)])
def test_interest_reads_the_rate_as_a_decimal(outstanding, interest):
    # 0.03 / 12 × 200 is exactly one half.
    assert run([(0, 0, outstanding)], rate=0.03).interest[0, 1] == interest
