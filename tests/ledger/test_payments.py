"""Arrears, surcharges and repayments by hand."""

import pytest

from renewopt.ledger import replay

from .builder import Builder, decide


@pytest.fixture
def problem():
    build = Builder(months=4, books=4)
    build.fund(10**6)
    build.owing(surcharge_ppb=10_000_000)
    build.need("fees", owing=0, opening_arrears=150, fixed=1000)
    build.need("cash", fixed={0: 10})
    return build.build()


def test_arrears_bear_a_surcharge_and_are_repaid_by_what_is_paid_beyond_it(problem):
    decisions = decide(
        owe=[(0, 0, 400), (0, 1, 100)],
        # Surcharges: 1.5 → 2, 5.5 → 6, 6.5 → 7, 0.
        pay=[(0, 0, 0, 602), (0, 0, 1, 906), (0, 0, 2, 1000), (0, 0, 2, 657), (0, 0, 3, 1000), (0, 1, 0, 10)],
    )
    payments = replay(problem, decisions).payments
    assert payments.surcharge[0].tolist() == [2, 6, 7, 0]
    assert payments.arrears[0].tolist() == [550, 650, 0, 0]
    assert payments.repaid[0].tolist() == [0, 0, 650, 0]
    assert payments.owed[0].tolist() == [400, 100, 0, 0]
    assert not payments.imbalance.any()


def test_what_is_missing_or_too_much_is_the_imbalance(problem):
    decisions = decide(pay=[(0, 0, 0, 1001), (0, 0, 1, 2000), (0, 1, 0, 11)])
    payments = replay(problem, decisions).payments
    assert payments.imbalance[0].tolist() == [-1, 1000 - 2 - 150, -1000, -1000]
    assert payments.imbalance[1].tolist() == [1, 0, 0, 0]


def test_owing_without_a_rule_counts_for_nothing(problem):
    payments = replay(problem, decide(owe=[(1, 0, 10)])).payments
    assert payments.owed[1].tolist() == payments.arrears[1].tolist() == [0, 0, 0, 0]
    assert payments.imbalance[1].tolist() == [-10, 0, 0, 0]


def test_offset_and_shortfall_meet_a_need(problem):
    payments = replay(problem, decide(offset=[(1, 0, 4)], shortfall=[(1, 0, 6)])).payments
    assert not payments.imbalance[1].any()
    assert (payments.offset[1, 0], payments.shortfall[1, 0]) == (4, 6)
