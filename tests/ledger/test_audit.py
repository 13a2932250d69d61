"""Every rule of the accounts, kept and broken."""

from dataclasses import fields, replace

import numpy as np
import pytest

from renewopt.ledger import CHECKS, audit_decisions, replay
from renewopt.problem import Decisions, Route

from .builder import Builder, decide


def audit(district, /, **tables):
    """Code, found and expected of every violation."""
    problem = district.build()
    violations = audit_decisions(problem, decide(**tables))
    for violation in violations:
        assert violation.message("zh")
        assert violation.rule in CHECKS
    return [(v.code, v.found, v.expected) for v in violations]


def clean(district, /, **tables):
    assert audit(district, **tables) == []


def poor(months=4, books=6, **given):
    """A district whose fees cost nothing, with a rich fund."""
    build = Builder(months=months, books=books, **given)
    build.fund(10**9)
    build.need("fees")
    build.bill()
    return build


# --- household and deadline ---------------------------------------------------------------------


@pytest.fixture
def homes():
    build = poor()
    build.claim(0, count=3, household="Li", part="b", deadline=-1)
    build.offer(first=1, last=2, label="cash")
    return build


def test_household_settled_at_most_once(homes):
    clean(homes, settle=[(0, 1, 2), (0, 2, 1)])
    assert audit(homes, settle=[(0, 1, 2), (0, 2, 2)]) == [("household.count", 4, 3)]


def test_household_within_the_months_of_the_offer(homes):
    clean(homes, settle=[(0, 0, 0)])
    assert audit(homes, settle=[(0, 0, 1)]) == [("household.window", "2024-01", "2024-02 … 2024-03")]
    assert audit(homes, settle=[(0, 3, 1)]) == [("household.window", "2024-04", "2024-02 … 2024-03")]
    text = str(audit_decisions(homes.build(), decide(settle=[(0, 3, 1)]))[0])
    assert text == ("broken rule (household): Li/b chooses cash in 2024-04; expected a month in 2024-02 … 2024-03")


def test_an_indivisible_claim_is_settled_whole():
    build = poor()
    build.claim(0, count=3, indivisible=True)
    build.offer()
    clean(build, settle=[(0, 1, 3)])
    clean(build)
    assert audit(build, settle=[(0, 1, 2)]) == [("household.indivisible", 2, 3)]
    assert [code for code, *_ in audit(build, settle=[(0, 1, 2), (0, 1, 1)])] == ["household.indivisible"] * 2


def test_related_households_have_homes_in_one_estate():
    build = poor()
    build.claim(0, household="A", related="Li")
    build.claim(0, household="B", related="Li")
    build.claim(0, household="C")
    here, there = (build.pool(id=f"{name}/a", estate=name, arrivals=[(0, 300)]) for name in ("E1", "E2"))
    for claim in range(3):
        build.offer(claim, Route.own_unit, stock=[(here, 100)])
        build.offer(claim, Route.transfer, stock=[(there, 100)])
        build.offer(claim, Route.voucher, stock=[(there, 100)])
    clean(build, settle=[(0, 0, 1), (3, 2, 1), (7, 0, 1)])
    clean(build, settle=[(0, 0, 1), (5, 0, 1)])  # a voucher binds nobody
    clean(build, settle=[(4, 0, 1), (0, 0, 0)])
    assert audit(build, settle=[(0, 0, 1), (4, 2, 1)]) == [("related.parted", "E1, E2", 1)]
    (violation,) = audit_decisions(build.build(), decide(settle=[(0, 0, 1), (4, 2, 1)]))
    assert str(violation) == (
        "broken rule (related): related households Li are given homes in E1, E2; expected 1 estate"
    )


def test_one_household_alone_may_have_homes_of_two_estates_by_its_quote():
    build = poor()
    build.claim(0, related="Li")
    build.claim(0, related="Li")
    pools = [build.pool(id=f"{name}/a", estate=name, arrivals=[(0, 300)]) for name in ("E1", "E2")]
    both = build.offer(0, Route.transfer, stock=[(pool, 100) for pool in pools])
    one = build.offer(1, Route.transfer, stock=[(pools[0], 100)])
    clean(build, settle=[(both, 0, 1)])
    assert audit(build, settle=[(both, 0, 1), (one, 0, 1)]) == [("related.parted", "E1, E2", 1)]


def test_a_missed_deadline_is_a_finding():
    build = poor()
    build.claim(0, count=3, deadline=2)
    build.offer(housed_after=1)
    clean(build, settle=[(0, 1, 3)])
    assert audit(build, settle=[(0, 1, 1), (0, 2, 1)]) == [("deadline.missed", 2, 0)]
    assert {v.kind for v in audit_decisions(build.build(), decide())} == {"finding"}


# --- stock, reservation, limits -----------------------------------------------------------------


def test_stock_is_taken_when_it_has_arrived():
    build = poor()
    build.claim(0, count=9)
    works = build.need("construction")
    build.pool(arrivals=[(0, 100), (1, 150)])
    build.phase(0, works, delivers=[(0, 100)])
    build.offer(stock=[(0, 100)], housed_after=1)
    clean(build, settle=[(0, 0, 2)])
    assert audit(build, settle=[(0, 0, 3)]) == [("stock.overdrawn", 300, 250)]
    clean(build, settle=[(0, 1, 3)], complete=[(0, 2)])
    assert audit(build, settle=[(0, 1, 3)], complete=[(0, 3)]) == [("stock.overdrawn", 300, 250)]


def test_stock_counts_for_those_housed_after_the_horizon():
    build = poor(months=2, books=2)
    build.claim(0)
    build.pool(arrivals=[(5, 100)])
    build.offer(stock=[(0, 100)], housed_after=4)
    clean(build, settle=[(0, 1, 1)])
    assert audit(build, settle=[(0, 0, 1)]) == [("stock.overdrawn", 100, 0)]


def test_transfers_take_the_surplus_and_what_own_households_free():
    build = poor()
    build.claim(0, count=9)
    build.claim(0, count=9)
    build.pool(arrivals=[(0, 10**6)], surplus=100, released=[(1, 100)])
    build.pool(arrivals=[(0, 10**6)])
    build.offer(0, Route.transfer, stock=[(0, 100)], housed_after=2)
    build.offer(0, Route.transfer, stock=[(1, 100)])
    build.offer(1, Route.own_unit, stock=[(0, 100)])
    build.offer(1, Route.voucher)
    clean(build, settle=[(0, 0, 1), (1, 0, 8), (2, 0, 5)])
    assert audit(build, settle=[(0, 0, 1), (2, 0, 1), (0, 1, 1)]) == [("reservation.overdrawn", 200, 100)]
    clean(build, settle=[(3, 1, 1), (0, 1, 2)])
    assert audit(build, settle=[(3, 2, 1), (0, 1, 2)]) == [("reservation.overdrawn", 200, 100)]


def test_limits_by_month_and_in_all():
    build = poor()
    build.claim(0, count=9)
    for _ in range(3):
        build.offer()
    build.limit(2, [0, 1])
    build.limit(3, [1, 2], monthly=False)
    clean(build, settle=[(0, 0, 2), (0, 1, 1), (1, 1, 1), (2, 3, 2)])
    assert audit(build, settle=[(0, 1, 2), (1, 1, 1)]) == [("limits.monthly", 3, 2)]
    assert audit(build, settle=[(1, 0, 1), (2, 1, 1), (2, 3, 2)]) == [("limits.total", 4, 3)]


def test_a_limit_holds_in_its_months_alone():
    build = poor()
    build.claim(0, count=9)
    build.offer()
    build.limit(2, [0], first=1, last=2)
    build.limit(0, [0], first=3, last=3)
    clean(build, settle=[(0, 0, 3), (0, 1, 2), (0, 2, 2)])
    assert audit(build, settle=[(0, 0, 9)]) == []
    assert audit(build, settle=[(0, 1, 3)]) == [("limits.monthly", 3, 2)]
    assert audit(build, settle=[(0, 3, 1)]) == [("limits.monthly", 1, 0)]


# --- construction -------------------------------------------------------------------------------


@pytest.fixture
def site():
    build = poor()
    works = build.need("construction")
    build.phase(100, works, lag=1, earliest=2, monthly_limit=60)
    build.phase(0, works, lag=3)
    return build


def paid(*spending):
    return {
        "build": [(0, month, fen) for month, fen in spending],
        "pay": [(0, 1, month, fen) for month, fen in spending],
    }


def test_construction_paid_in_time(site):
    clean(site, complete=[(0, 2)], **paid((0, 60), (1, 40)))
    clean(site, **paid((3, 60)))
    assert audit(site, complete=[(0, 2)], **paid((0, 60), (2, 40))) == [("construction.unpaid", 60, 100)]
    assert audit(site, complete=[(0, 3)], **paid((1, 60), (2, 39))) == [("construction.unpaid", 99, 100)]


def test_a_pace_of_building_that_differs_by_month(site):
    site.rows["phase"][0]["monthly_limit"] = {0: 70, 1: -1, 2: 0}
    clean(site, **paid((0, 70), (1, 30)))
    clean(site, **paid((1, 100)))
    assert audit(site, **paid((0, 71))) == [("construction.monthly", 71, 70)]
    assert audit(site, **paid((2, 1))) == [("construction.monthly", 1, 0)]


def test_a_phase_without_cost_needs_no_money(site):
    clean(site, complete=[(1, 0)])


def test_construction_once_and_in_its_months(site):
    spending = paid((0, 60), (1, 40))
    assert audit(site, complete=[(0, 2), (0, 3)], **spending) == [("construction.twice", 2, 1)]
    assert audit(site, complete=[(0, 4)], **spending) == [("construction.window", "2024-05", "2024-03 … 2024-04")]
    site.rows["phase"][0]["lag"] = 0
    assert audit(site, complete=[(0, 1)], **spending) == [("construction.window", "2024-02", "2024-03 … 2024-04")]


def test_a_handover_before_any_month_that_could_pay_it(site):
    site.rows["phase"][0] |= {"earliest": 0, "lag": 3}
    assert audit(site, complete=[(0, 2)], **paid((0, 60), (1, 40))) == [("construction.unpaid", 0, 100)]


def test_construction_keeps_to_cost_limit_and_horizon(site):
    assert audit(site, **paid((0, 60), (1, 41))) == [("construction.overspent", 101, 100)]
    assert audit(site, **paid((0, 61))) == [("construction.monthly", 61, 60)]
    assert audit(site, **paid((4, 60))) == [("construction.late", "2024-05", "2024-04")]


# --- needs, owing, offset -----------------------------------------------------------------------


def test_a_need_is_met_exactly_by_funds_that_may_pay_it():
    build = poor()
    build.fund(100)
    build.need("cash", fixed={1: 50}, funds=[0])
    clean(build, pay=[(0, 1, 1, 20), (0, 1, 1, 30)])
    assert audit(build, pay=[(0, 1, 1, 49)]) == [("need.underpaid", 49, 50)]
    assert audit(build, pay=[(0, 1, 1, 51)]) == [("need.overpaid", 51, 50)]
    assert audit(build, pay=[(1, 1, 1, 50)]) == [("need.fund", 50, 0)]
    clean(build, pay=[(0, 1, 1, 50), (1, 1, 1, 0)])


def test_a_shortfall_is_a_finding():
    build = poor()
    build.need("cash", fixed={1: 50})
    violations = audit_decisions(build.build(), decide(pay=[(0, 1, 1, 20)], shortfall=[(1, 1, 30)]))
    assert [(v.code, v.found, v.kind) for v in violations] == [("need.shortfall", 30, "finding")]


def owing(**rule):
    build = poor()
    build.owing(**rule)
    build.need("cash", fixed={0: 100, 1: 100}, owing=0)
    build.need("voucher", fixed={0: 20}, owing=0)
    build.need("construction", fixed={0: 10}, owing=0)
    build.need("moving", fixed={0: 10})
    return build


def pay(**changes):
    """All that is fixed in `owing`, less or more by need and month (``n1m0=-30``)."""
    amounts = {"n1m0": 100, "n1m1": 100, "n2m0": 20, "n3m0": 10, "n4m0": 10}
    for key, change in changes.items():
        amounts[key] = amounts.get(key, 0) + change
    return [(0, int(key[1]), int(key[3]), fen) for key, fen in amounts.items()]


def test_what_may_be_left_owing():
    build = owing()
    clean(build, pay=pay(n1m0=-30), owe=[(1, 0, 30)])
    clean(build, pay=pay(n1m0=-30, n1m1=20, n1m5=10), owe=[(1, 0, 30)])
    assert audit(build, pay=pay(n1m0=-30, n1m1=31), owe=[(1, 0, 30)]) == [("need.overpaid", 131, 130)]
    assert audit(build, pay=pay(n3m0=-10), owe=[(3, 0, 10)]) == [("owing.never", 10, 0)]
    assert audit(build, pay=pay(), owe=[(4, 0, 10)]) == [("owing.never", 10, 0)]
    assert audit(build, pay=pay(n1m0=-100), owe=[(1, 0, 101)]) == [("need.overpaid", 0, -1), ("owing.bill", 101, 100)]


def test_the_share_left_owing_is_of_the_bills_of_the_rule():
    # 100 + 20 + 10 fall due under the rule.
    build = owing(share_ppm=255_000)
    clean(build, pay=pay(n1m0=-33), owe=[(1, 0, 33)])
    assert audit(build, pay=pay(n1m0=-34), owe=[(1, 0, 34)]) == [("owing.share", 34, 33)]
    assert audit(build, pay=pay(n1m0=-30, n2m0=-4), owe=[(1, 0, 30), (2, 0, 4)]) == [("owing.share", 34, 33)]


def test_the_stock_of_arrears_is_limited():
    build = owing(stock_limit=50)
    clean(build, pay=pay(n1m0=-30, n2m0=-20), owe=[(1, 0, 30), (2, 0, 20)])
    over = audit(build, pay=pay(n1m0=-50, n1m1=-1, n1m3=1), owe=[(1, 0, 50), (1, 1, 1)])
    assert over == [("owing.stock", 51, 50)] * 2


def test_first_owed_is_repaid_in_time():
    build = owing(latest=2)
    clean(build, pay=pay(n1m0=-30, n1m2=30), owe=[(1, 0, 30)])
    clean(build, pay=pay(n1m0=-30, n1m1=-10, n1m2=30, n1m3=10), owe=[(1, 0, 30), (1, 1, 10)])
    late = audit(build, pay=pay(n1m0=-30, n1m2=29, n1m3=1), owe=[(1, 0, 30)])
    assert late == [("owing.latest", 29, 30)]


def test_opening_arrears_count_as_owed_in_the_month_before_the_first():
    build = owing(latest=2)
    build.rows["need"][1]["opening_arrears"] = 40
    clean(build, pay=pay(n1m1=40))
    assert audit(build, pay=pay(n1m2=40)) == [("owing.latest", 0, 40)]
    build.rows["owing"][0]["latest"] = 0
    assert audit(build, pay=pay(n1m1=40)) == [("owing.latest", 0, 40)]


def debts(**developer):
    build = poor()
    build.owing(surcharge_ppb=500_000_000)
    build.developer(**({"debt_due": {0: 50, 2: 100}} | developer))
    build.need("voucher", fixed={0: 60, 1: 60, 2: 60}, developer=0, owing=0)
    build.need("cash", fixed={0: 5})
    return build


def settled(*offsets):
    """Each month's 60 of the voucher need, met by offsets (month, fen) and cash; the cash need in cash."""
    cash = [(0, 1, month, 60 - sum(fen for at, fen in offsets if at == month)) for month in range(3)]
    return {"pay": [*cash, (0, 2, 0, 5)], "offset": [(1, month, fen) for month, fen in offsets]}


def test_offset_up_to_the_debt_fallen_due():
    build = debts()
    clean(build, **settled((0, 30), (1, 20), (2, 60)))
    assert audit(build, **settled((0, 51))) == [("offset.debt", 51, 50)]
    assert audit(build, **settled((0, 30), (1, 21))) == [("offset.debt", 51, 50)]


def test_offset_only_of_what_a_developer_is_owed():
    build = debts(debt_due=10**6)
    over = audit(build, pay=[(0, 1, 1, 60), (0, 1, 2, 60), (0, 2, 0, 5)], offset=[(1, 0, 61)])
    assert over == [("need.overpaid", 61, 60), ("offset.bill", 61, 60)]
    in_cash = [row for row in settled()["pay"] if row != (0, 2, 0, 5)]
    assert audit(build, pay=in_cash, offset=[(2, 0, 5)]) == [("offset.developer", 5, 0)]


def test_a_surcharge_is_due_in_cash():
    build = debts(debt_due=10**6)
    # 20 are owed: month 1 bears a surcharge of 10, and its bill of 60 and the arrears of 20 may be set off.
    clean(build, pay=[(0, 1, 0, 40), (0, 1, 1, 10), (0, 1, 2, 60), (0, 2, 0, 5)], offset=[(1, 1, 80)], owe=[(1, 0, 20)])
    over = audit(
        build, pay=[(0, 1, 0, 40), (0, 1, 1, 9), (0, 1, 2, 60), (0, 2, 0, 5)], offset=[(1, 1, 81)], owe=[(1, 0, 20)]
    )
    assert over == [("offset.bill", 81, 80)]


def test_a_missed_target_is_a_finding():
    build = debts(target=[(1, 40)])
    clean(build, **settled((0, 20), (1, 20)))
    assert audit(build, **settled((0, 20), (1, 19), (2, 1))) == [("offset.target", 39, 40)]
    violations = audit_decisions(build.build(), decide(**settled()))
    assert [v.kind for v in violations] == ["finding"]


# --- funds, release, reserve --------------------------------------------------------------------


def test_a_fund_never_closes_below_zero():
    build = Builder()
    build.fund(10, inflow={1: 20}, id="tax")
    build.need("cash", fixed={0: 10, 1: 20})
    clean(build, pay=[(0, 0, 0, 10), (0, 0, 1, 20)])
    build.rows["need"][0]["fixed"] = {0: 11, 1: 20}
    over = decide(pay=[(0, 0, 0, 11), (0, 0, 1, 20)])
    assert [str(v) for v in audit_decisions(build.build(), over)] == [
        "broken rule (fund): fund tax closes 2024-01 with -0.01 yuan; expected at least 0.00 yuan"
    ]


def test_what_leaves_a_fund_is_limited():
    build = Builder()
    build.fund(100, monthly_limit=30, total_limit=50)
    build.fund(0)
    build.need("cash", fixed={0: 20})
    build.move(0, 1)
    clean(build, pay=[(0, 0, 0, 20)], move=[(0, 0, 10), (0, 1, 20)])
    assert audit(build, pay=[(0, 0, 0, 20)], move=[(0, 0, 11)]) == [("fund.monthly", 31, 30)]
    assert audit(build, pay=[(0, 0, 0, 20)], move=[(0, 1, 20), (0, 2, 11)]) == [("fund.total", 51, 50)]


def test_what_leaves_a_fund_is_limited_in_some_months():
    build = Builder()
    build.fund(100, monthly_limit={0: 30, 1: -1, 2: 10})
    build.fund(0)
    build.move(0, 1, monthly_limit={0: -1, 1: 25, 2: -1})
    clean(build, move=[(0, 0, 30), (0, 1, 25), (0, 2, 10)])
    assert audit(build, move=[(0, 0, 31)]) == [("fund.monthly", 31, 30)]
    assert audit(build, move=[(0, 1, 26)]) == [("moves.monthly", 26, 25)]
    assert audit(build, move=[(0, 2, 11)]) == [("fund.monthly", 11, 10)]


def released(lent):
    """800 to be released, a quarter upfront, with two phases of 600 and 400, of which 100 are built."""
    build = Builder(months=4, books=4)
    works = build.need("construction")
    build.fund(0 if lent else 10**6, release_upfront_ppm=250_000, release_total=800, release_phases=[(0,), (1,)])
    build.fund(10**6)
    build.move(0, 1)
    build.phase(500, works, total_cost=600)
    build.phase(400, works)
    if lent:
        for use in ("interest", "principal"):
            build.need(use)
        build.loan(0, 1, 2, term=3)
    return build


def test_release_by_progress_of_payments_and_moves():
    # Upfront 200, and 600 × 100 / 1000 = 60 for what was built before; 199 spent give 119.4 more.
    build = released(lent=False)
    clean(build, move=[(0, 0, 260)])
    assert audit(build, move=[(0, 0, 261)]) == [("release.drawn", 261, 260)]
    spending = {"build": [(0, 0, 199)], "pay": [(0, 0, 0, 199)]}
    clean(build, **spending, move=[(0, 0, 61), (0, 1, 119)])
    assert audit(build, **spending, move=[(0, 0, 61), (0, 1, 120)]) == [("release.drawn", 380, 379)]
    assert audit(build, **spending, move=[(0, 0, 62), (0, 1, 120)]) == [("release.drawn", 261, 260)]


def test_release_by_progress_of_a_loan():
    build = released(lent=True)
    clean(build, borrow=[(0, 0, 260)], pay=[(0, 2, 3, 260)])
    assert audit(build, borrow=[(0, 0, 261)], pay=[(0, 2, 3, 261)]) == [("release.drawn", 261, 260)]


def test_release_without_anything_to_build():
    build = Builder()
    build.fund(10**6, release_upfront_ppm=0, release_total=800)
    build.need("cash", fixed={0: 800})
    clean(build, pay=[(0, 0, 0, 800)])
    build.rows["need"][0]["fixed"] = {0: 801}
    assert audit(build, pay=[(0, 0, 0, 801)]) == [("release.drawn", 801, 800)]


def test_the_reserve_is_held_by_funds_that_may_pay_fees():
    build = Builder(months=2, books=3)
    build.objective = {"reserve_months": 1.1}
    build.fund(31)
    build.fund(1000)
    build.need("fees", fixed={0: 10}, funds=[0])
    build.need("cash", funds=[1])
    clean(build, pay=[(0, 0, 0, 10)])
    build.rows["fund"][0]["opening"] = 20
    assert audit(build, pay=[(0, 0, 0, 10)]) == [("reserve.low", 10, 11)]
    build.rows["need"][0]["fixed"] = {0: 9}
    # 1.1 × 9 = 9.9: ten fen are enough.
    build.rows["fund"][0]["opening"] = 19
    clean(build, pay=[(0, 0, 0, 9)])
    build.rows["fund"][0]["opening"] = 18
    assert audit(build, pay=[(0, 0, 0, 9)]) == [("reserve.low", 9, 10)]


# --- loans and moves ----------------------------------------------------------------------------


def lending(**loan):
    build = poor(books=8)
    for use in ("interest", "principal"):
        build.need(use)
    build.loan(0, 1, 2, **({"limit": 100, "first": 1, "last": 3, "term": 2} | loan))
    return build


def test_a_loan_is_drawn_in_its_months():
    build = lending()
    clean(build, borrow=[(0, 1, 10)], pay=[(0, 2, 3, 10)])
    assert audit(build, borrow=[(0, 0, 10)], pay=[(0, 2, 2, 10)]) == [("loans.window", "2024-01", "2024-02 … 2024-04")]


def test_a_loan_is_limited_in_all_or_in_what_is_outstanding():
    tables = {"borrow": [(0, 1, 100), (0, 3, 1)], "pay": [(0, 2, 3, 100), (0, 2, 5, 1)]}
    assert audit(lending(), **tables) == [("loans.limit", 101, 100)]
    build = lending(revolving=True)
    clean(build, **tables)
    assert audit(build, borrow=[(0, 1, 100), (0, 2, 1)], pay=[(0, 2, 3, 100), (0, 2, 4, 1)]) == [
        ("loans.outstanding", 101, 100)
    ]


def test_what_is_repaid_within_a_month_makes_no_room_for_a_larger_draw():
    build = lending(kind="flexible", revolving=True)
    clean(build, borrow=[(0, 1, 100)], repay=[(0, 1, 50), (0, 2, 50)], pay=[(0, 2, 1, 50), (0, 2, 2, 50)])
    assert audit(build, borrow=[(0, 1, 101)], repay=[(0, 1, 50), (0, 2, 51)], pay=[(0, 2, 1, 50), (0, 2, 2, 51)]) == [
        ("loans.outstanding", 101, 100)
    ]


def test_a_flexible_loan_is_repaid_in_time_and_not_beyond():
    build = lending(kind="flexible")
    clean(build, borrow=[(0, 1, 10)], repay=[(0, 2, 4), (0, 3, 6)], pay=[(0, 2, 2, 4), (0, 2, 3, 6)])
    assert audit(build, borrow=[(0, 1, 10)], repay=[(0, 3, 9), (0, 4, 1)], pay=[(0, 2, 3, 9), (0, 2, 4, 1)]) == [
        ("loans.late", 9, 10)
    ]
    assert audit(build, borrow=[(0, 1, 10)], repay=[(0, 3, 11)], pay=[(0, 2, 3, 11)]) == [("loans.overpaid", -1, 0)]


def test_a_dated_loan_is_not_repaid_by_decision():
    build = lending()
    assert audit(build, borrow=[(0, 1, 10)], repay=[(0, 2, 10)], pay=[(0, 2, 3, 10)]) == [("loans.dated", 10, 0)]


def test_moves_keep_to_their_limits():
    build = poor()
    build.fund(0)
    build.move(0, 1, monthly_limit=30, total_limit=50)
    build.move(1, 0)
    clean(build, move=[(0, 0, 30), (0, 1, 20), (1, 1, 40)])
    assert audit(build, move=[(0, 0, 31)]) == [("moves.monthly", 31, 30)]
    assert audit(build, move=[(0, 0, 30), (0, 5, 21)]) == [("moves.total", 51, 50)]


# --- the record ---------------------------------------------------------------------------------


def test_nothing_is_negative(homes):
    homes.fund()
    homes.move(0, 1)
    assert audit(homes, move=[(0, 0, 5), (0, 0, -2)]) == [("amounts.negative", -2, 0)]
    assert audit(homes, settle=[(0, 1, 2), (0, 1, -1)]) == [("amounts.negative", -1, 0)]
    text = str(audit_decisions(homes.build(), decide(move=[(0, 0, 5), (0, 0, -2)]))[0])
    assert text == "broken rule (amounts): move, row 1: -0.02 is negative; expected at least 0.00"


def test_the_past_is_repeated():
    build = poor(now=2)
    build.claim(0, count=3)
    build.offer()
    works = build.need("construction")
    build.phase(0, works)
    # Month 2 is not past, whatever the past says of it.
    build.past = decide(settle=[(0, 0, 1), (0, 0, 1), (0, 2, 1)], complete=[(0, 1)])
    clean(build, settle=[(0, 0, 2)], complete=[(0, 1)])
    clean(build, settle=[(0, 0, 2), (0, 3, 1)], complete=[(0, 1)])
    assert audit(build, settle=[(0, 0, 1)], complete=[(0, 1)]) == [("past.changed", 1, 2)]
    assert audit(build, settle=[(0, 0, 2), (0, 1, 1)], complete=[(0, 1)]) == [("past.changed", 1, 0)]
    assert audit(build, settle=[(0, 0, 2)]) == [("past.changed", 0, 1)]
    text = str(audit_decisions(build.build(), decide(settle=[(0, 0, 2)]))[0])
    assert text == "broken rule (past): complete phase 0 in 2024-02: 0 decided, but the past says 1"


# --- one fen ------------------------------------------------------------------------------------


def everything():
    """A district with every kind of money decision, and decisions that keep all its rules with nothing to spare."""
    build = Builder(months=4, books=6, now=0)
    build.objective = {"reserve_months": 0.5}
    build.fund(10**4, inflow=500)
    build.fund(0, inflow={0: 300})
    build.move(1, 0)
    build.owing(surcharge_ppb=10**7, latest=2)
    build.developer(debt_due={0: 150})
    fees = build.need("fees", owing=0)
    voucher = build.need("voucher", developer=0)
    works, interest, principal, given = (
        build.need(use) for use in ("construction", "interest", "principal", "commitments")
    )
    build.rows["need"][given]["fixed"] = {1: 77}
    build.loan(0, interest, principal, rate=0.12, kind="flexible", term=2)
    build.phase(200, works, delivers=[(0, 100)])
    build.pool()
    build.bill(need=fees)
    build.claim(100)
    build.claim(100)
    build.offer(0, price=1000, price_need=voucher)
    build.offer(1, Route.own_unit, stock=[(0, 100)])
    decisions = decide(
        settle=[(0, 1, 1), (1, 2, 1)],
        complete=[(0, 2)],
        build=[(0, 0, 150), (0, 1, 50)],
        pay=[
            *[(0, fees, 0, 150), (0, fees, 1, 101), (0, fees, 2, 51)],
            *[(0, voucher, 1, 900), (0, works, 0, 150), (0, works, 1, 50), (0, given, 1, 77)],
            *[(0, interest, 1, 2), (0, interest, 2, 1), (0, principal, 1, 80), (0, principal, 2, 120)],
        ],
        offset=[(voucher, 1, 100)],
        owe=[(fees, 0, 50)],
        move=[(0, 0, 300)],
        borrow=[(0, 0, 200)],
        repay=[(0, 1, 80), (0, 2, 120)],
    )
    return build.build(), decisions


MONEY = ("build", "pay", "offset", "owe", "borrow", "repay")


def test_everything_is_clean_and_the_books_balance():
    problem, decisions = everything()
    books = replay(problem, decisions)
    assert audit_decisions(problem, decisions, books) == []
    rows = books.fund_rows()
    assert rows["amount"].sum() == books.funds.closing[:, -1].sum()
    assert (books.settled, books.all_settled_month, books.clear_month) == (2, 2, 0)


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("table", MONEY)
def test_one_fen_is_caught(table, by):
    problem, decisions = everything()
    rows = getattr(decisions, table)
    for row in range(rows.shape[0]):
        changed = rows.copy()
        changed[row, -1] += by
        assert audit_decisions(problem, replace(decisions, **{table: changed})), (table, row)


def test_every_table_of_money_is_put_to_the_test():
    _, decisions = everything()
    filled = {field.name for field in fields(Decisions) if getattr(decisions, field.name).size}
    # A move of one fen between rich funds, and who is settled, break no rule by themselves.
    assert filled == {*MONEY, "move", "settle", "complete"}
    assert np.all(decisions.pay[:, -1] > 0)
