"""Totals by hand: both objectives, tiers, discount and weights."""

import numpy as np
import pytest

from renewopt.ledger import replay
from renewopt.problem import Objective, Tier

from .builder import Builder, decide


def district(weights=(1.0, 1.0), **objective):
    build = Builder(months=2, books=4, after=1)
    build.clock(overdue_from=1)
    build.objective = objective
    build.fund(10**6)
    build.owing(surcharge_ppb=10**8)
    build.developer(10**6)
    build.need("fees", owing=0)
    build.need("voucher", developer=0)
    build.need("commitments", fixed={0: 9}, developer=0)
    build.need("interest")
    build.need("principal")
    build.loan(0, 3, 4, term=1, rate=0.12)
    build.bill()
    build.claim(10, weight=weights[0], count=2, obligation=1000)
    build.claim(100, weight=weights[1], obligation=5000)
    build.offer(0, price=500, price_need=1, disutility=1.5, lines=[(0, -3, -1, 0)])
    build.offer(1, price=800, price_need=1, disutility=4.0)
    return build.build()


DECISIONS = decide(
    settle=[(0, 1, 1), (1, 1, 1)],
    owe=[(0, 0, 20)],
    # Month 0: fees 120, of which 20 are owed; month 1: 20 and a surcharge of 2; then surcharges of 2.
    pay=[
        *[(0, 0, 0, 100), (0, 2, 0, 9), (0, 0, 1, 22), (0, 1, 1, 1000), (0, 0, 2, 2), (0, 0, 3, 2)],
        *[(0, 3, 1, 1), (0, 4, 1, 100)],
    ],
    offset=[(1, 1, 300)],
    borrow=[(0, 0, 100)],
)


def test_transition_fees():
    totals = replay(district(), DECISIONS).totals
    assert (totals.fees, totals.valued, totals.surcharges) == (120 + 20, 20, 6)
    assert totals.transition_fees == 166
    assert totals.objective("transition_fees") == 166
    assert isinstance(totals.objective("transition_fees"), int)
    assert totals.disutility == 5.5


def test_the_fiscal_cost_counts_what_is_paid_less_what_comes_back():
    books = replay(district(), DECISIONS)
    paid = 100 + 22 + 1000 + 2 + 2 + 1
    assert books.totals.fiscal_cost == paid + 300 - 3 + 20 + (1000 + 20)
    assert isinstance(books.totals.fiscal_cost, int)


def test_the_fiscal_cost_is_discounted():
    books = replay(district(discount_rate=0.05, offset_value=0.25, name="fiscal_cost"), DECISIONS)
    monthly = [100, 22 + 1000 + 1 + 0.25 * 300 - 3, 2 + 1020, 2 + 20]
    expected = sum(amount * 1.05 ** (-month / 12) for month, amount in enumerate(monthly))
    assert books.totals.fiscal_cost == pytest.approx(expected, rel=1e-14)
    assert books.objective() == books.totals.fiscal_cost


def test_weights_disutility_and_penalty_enter_the_objective():
    problem = district(weights=(2.0, 3.0), disutility_weight=0.5, shortfall_penalty=10.0)
    totals = replay(problem, decide(settle=DECISIONS.settle.tolist(), shortfall=[(0, 0, 7)])).totals
    # Claim 0: 20 in month 0, 20 in month 1, 20 valued; claim 1: 100. Half a yuan for each of 5.5 units.
    assert totals.weighted_fees == 2 * 60 + 3 * 100
    assert (totals.shortfall, totals.penalty, totals.disutility_cost) == (7, 70, 275)
    assert totals.objective("transition_fees") == 420 + 275 + 70
    assert isinstance(totals.objective("transition_fees"), int)


def test_broken_weights_give_floats():
    totals = replay(district(weights=(0.5, 1.1), shortfall_penalty=0.5), decide(shortfall=[(0, 0, 7)])).totals
    assert totals.weighted_fees == pytest.approx(0.5 * (2 * 50) + 1.1 * 500)
    assert totals.penalty == 3.5


def test_an_unknown_objective():
    with pytest.raises(ValueError, match="objective 'fees': expected one of"):
        replay(district(), decide()).objective("fees")


def test_arrears_and_what_is_unsettled_stand_at_the_end():
    problem = district(discount_rate=1.0)
    totals = replay(problem, decide()).totals
    expected = (2 * (1000 + 20) + 5000 + 200) * 2 ** (-2 / 12)
    assert totals.fiscal_cost == pytest.approx(expected, rel=1e-14)
    # Nothing was paid: that is an imbalance, not arrears.
    assert replay(problem, decide()).payments.arrears.sum() == 0


@pytest.mark.parametrize(
    ("goal", "claims", "expected"),
    [
        ("transition_fees", [True, True], 160),
        ("transition_fees", [True, False], 60),
        ("overdue_fees", [True, True], 40),
        ("overdue_fees", [False, True], 0),
        ("disutility", [True, True], 5.5),
        ("disutility", [False, True], 4.0),
        ("fiscal_cost", [False, False], 1127 + 300 - 3 + 20 + 1020),
    ],
)
def test_tiers(goal, claims, expected):
    tiers = (Tier("first", goal, np.array(claims)),)
    totals = replay(district(weights=(7.5, 2.0), tiers=tiers, disutility_weight=9.0), DECISIONS).totals
    assert totals.tiers == (expected,)


def test_a_horizon_without_books_beyond_it():
    build = Builder(months=1, books=1, after=1)
    build.objective = {"discount_rate": 0.1}
    build.fund()
    build.need("fees")
    build.bill()
    build.claim(12)
    assert replay(build.build(), decide()).totals.fiscal_cost == pytest.approx(12 * 1.1 ** (-1 / 12))
    assert Objective().discount(0) == 1.0
