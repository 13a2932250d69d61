"""Quotes: offers given directly, laid over the scenario of docs/rules.md."""

from collections.abc import Callable

import numpy as np
import pytest

from renewopt import ScenarioError
from renewopt.problem import Problem, Route

Build = Callable[[int | str], Problem]


def quoted(problem: Problem, label: str) -> int:
    return problem.offers.label.tolist().index(label)


def build(compiled: Build, quotes: str, more: str = "") -> Problem:
    """Only quotes: no project accepts a route, so that rules give no offers."""
    closed = "projects: [{id: P1, routes: []}, {id: P2, routes: []}]"
    return compiled(f"{closed}\nquotes:\n{quotes}\n{more}")


def test_a_full_quote(compiled: Build) -> None:
    quote = """
  - household: H1
    route: transfer
    label: two homes
    price: 1234.56
    instalments: 0:30%;6:70%
    stock: "E1/90:1.5"
    first: 2024-03
    last: 2024-06
    housed_after: 2
    tail: 4
    tail_multiplier: 1.5
    use: cash
    developer: D1
    disutility: 3
"""
    problem = build(compiled, quote, "developers: [{id: D1}]")
    offers, row = problem.offers, quoted(problem, "two homes")
    assert len(offers) == 1
    assert (offers.first[row], offers.last[row], offers.housed_after[row]) == (2, 5, 2)
    assert (offers.tail[row], offers.tail_multiplier[row], offers.disutility[row]) == (4, 1500, 3)
    assert offers.price[row] == 123_456
    assert problem.needs.id[offers.price_need[row]] == "cash/P1/D1"
    parts = offers.instalments.take(offers.schedule[[row]])
    assert (parts["after"].tolist(), parts["cumulative_ppm"].tolist()) == ([0, 6], [300_000, 1_000_000])
    assert (offers.stock["pool"].tolist(), offers.stock["amount"].tolist()) == ([0], [150])
    assert Route(int(offers.route[row])) is Route.transfer


@pytest.mark.parametrize(
    ("route", "need"), [("own_unit", "units"), ("transfer", "units"), ("voucher", "voucher"), ("cash", "cash")]
)
def test_use_of_the_price_by_route(compiled: Build, route: str, need: str) -> None:
    problem = build(compiled, f"  - {{household: H2, route: {route}, price: 5}}")
    assert problem.needs.id[problem.offers.price_need].tolist() == [f"{need}/P2"]
    assert problem.offers.label.tolist() == [route]


def test_prices_by_month_are_exact_and_split_at_holes(compiled: Build) -> None:
    prices = "2024-01:99999999.99;2024-02:0.01;2024-05:7;2030-01:5"
    problem = build(compiled, f"  - {{household: H1, route: cash, label: c, price_by_month: '{prices}'}}")
    offers = problem.offers
    assert list(zip(offers.first.tolist(), offers.last.tolist(), strict=True)) == [(0, 1), (4, 4)]
    assert offers.price_fen(np.array([0, 0, 1]), np.array([0, 1, 4])).tolist() == [9_999_999_999, 1, 700]


def test_amounts_are_fixed_lines_not_a_price(compiled: Build) -> None:
    problem = build(compiled, "  - {household: H1, route: voucher, label: v, instalments: '0:8;13:96.5'}")
    offers, row = problem.offers, 0
    assert (offers.price[row], offers.price_need[row]) == (0, -1)
    assert offers.lines["after"].tolist() == [0, 13]
    assert offers.lines["fen"].tolist() == [800, 9650]
    assert problem.needs.id[offers.lines["need"]].tolist() == ["voucher/P1"] * 2
    assert problem.calendar.books == 11 + 13 + 1


def test_amounts_that_are_not_the_price_are_refused(compiled: Build) -> None:
    with pytest.raises(ScenarioError, match="H1: instalments in yuan leave no room for another price"):
        build(compiled, "  - {household: H1, route: voucher, price: 100, instalments: '0:8;13:96.5'}")


def test_a_stated_stream_replaces_curve_and_tail(compiled: Build) -> None:
    rows = """
  - {household: H1, route: voucher, label: v, price: 1, stream: "100;50.25;0", tail: 9}
  - {household: H2, route: voucher, label: w, price: 1, stream: ""}
"""
    problem = build(compiled, rows)
    offers = problem.offers
    assert offers.stated_stream.tolist() == [True, False]
    assert offers.stream["fen"].tolist() == [10_000, 5025, 0]
    assert offers.fee_stops_after().tolist() == [3, 0]
    assert problem.calendar.books == 14  # the last fee of a choice in month 11 is in month 13


def test_quotes_join_the_offers_of_the_rules(compiled: Build) -> None:
    problem = compiled("quotes: [{household: H1, route: cash, label: extra, price: 3}]")
    first = np.flatnonzero(problem.offers.claim == 0)
    assert problem.offers.label[first].tolist() == ["E1/90", "extra"]


def test_quotes_for_claims_of_a_split_household(compiled: Build) -> None:
    more = "households: [{id: H1, homes: 2}]"
    rows = """
  - {household: H1, route: cash, label: both, price: 1}
  - {household: H1, claim: '2', route: cash, label: second, price: 1}
"""
    problem = build(compiled, rows, more)
    assert list(zip(problem.offers.claim.tolist(), problem.offers.label.tolist(), strict=True)) == [
        (0, "both"),
        (1, "both"),
        (1, "second"),
    ]
    with pytest.raises(ScenarioError, match="H1 has no claim '3'"):
        build(compiled, "  - {household: H1, claim: '3', route: cash, price: 1}", more)


def test_a_developer_without_stated_homes_has_no_limit(compiled: Build) -> None:
    more = "developers: [{id: D1, homes: {measure: m2, on_hand: 50}}, {id: D2}]"
    rows = """
  - {household: H1, route: voucher, developer: D1, price: 1, stock: "D1:80"}
  - {household: H2, route: voucher, developer: D2, price: 1, stock: "D2:80"}
"""
    problem = build(compiled, rows, more)
    assert problem.offers.label.tolist() == ["D1", "D2"]
    assert (problem.offers.stock.row.tolist(), problem.offers.stock["amount"].tolist()) == ([0], [8000])


def test_the_moving_fee_is_due_whatever_the_offer(compiled: Build) -> None:
    more = "fee_policies: [{id: standard, moving_fee: {per_household: 800, times: 2}, tail: {cash: 2}}]"
    problem = build(compiled, "  - {household: H1, route: cash, price: 1, housed_after: 3}", more)
    assert (problem.offers.lines["after"].tolist(), problem.offers.lines["fen"].tolist()) == ([3], [160_000])
    assert problem.offers.tail.tolist() == [2]  # by the policy, where the quote states none


def test_the_quotes_of_the_page(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("Quotes"))
    offers = problem.offers
    mine = np.flatnonzero(offers.claim == 1)
    assert offers.label[mine].tolist() == ["shared home", "cash", "cash"]
    assert list(zip(offers.first[mine].tolist(), offers.last[mine].tolist(), strict=True)) == [(1, 5), (0, 1), (5, 5)]
    assert offers.fee_stops_after()[mine].tolist() == [3, 0, 0]
    assert offers.price_fen(mine, np.array([1, 1, 5])).tolist() == [20_000_000, 8_500_000, 8_000_000]


def test_the_fee_curves_of_the_page(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("Fee curves"))
    fen = problem.fees.fen(np.array([0, 1]), np.array([0, 5, 6, 11]))
    assert (fen / 100).tolist() == [[1000] * 4, [1000, 1000, 640, 640]]
    assert problem.fees.overdue_from[problem.fees.clock].tolist() == [12, 6]
