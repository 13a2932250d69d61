"""Each rule shape of docs/rules.md, its snippet compiled and compared with numbers worked out by hand.

Months count from 2024-01. Without a change, H1 (P1, 100 m²) moved out in month −12 and costs 1,000 yuan a month, H2
(P2, 80 m²) moved out in month −6 and costs 800; both are in their agreed term for the whole year.
"""

from collections.abc import Callable

import numpy as np
import pytest

from renewopt import ScenarioError
from renewopt.problem import LineKind, Problem, Route
from renewopt.units import FEN_PER_YUAN

Build = Callable[[int | str], Problem]
WAN = 10_000 * FEN_PER_YUAN
HOME = 100


def claim(problem: Problem, household: str) -> int:
    return problem.claims.household.tolist().index(household)


def curve(problem: Problem, household: str, months: int = 12) -> list[float]:
    """Yuan by month."""
    fen = problem.fees.fen(np.array([claim(problem, household)]), np.arange(months))
    return (fen[0] / FEN_PER_YUAN).tolist()


def overdue(problem: Problem, household: str) -> int:
    """First overdue month."""
    return int(problem.fees.overdue_from[problem.fees.clock[claim(problem, household)]])


def offers(problem: Problem, household: str, route: str | None = None) -> dict[str, int]:
    """Label to row of the offers of a household's first claim."""
    table = problem.offers
    mine = table.claim == claim(problem, household)
    if route is not None:
        mine &= table.route == Route[route]
    return {str(table.label[row]): int(row) for row in np.flatnonzero(mine)}


def need(problem: Problem, name: str) -> int:
    return problem.needs.id.tolist().index(name)


def fund(problem: Problem, name: str) -> int:
    return problem.funds.id.tolist().index(name)


def payers(problem: Problem, name: str) -> list[str]:
    return problem.funds.id[problem.needs.payable_by[need(problem, name)]].tolist()


def price(problem: Problem, row: int, month: int) -> float:
    return int(problem.offers.price_fen(np.array([row]), np.array([month]))[0]) / FEN_PER_YUAN


def lines(problem: Problem, row: int) -> list[tuple[int, float, str]]:
    """(months after the choice, yuan, need or fund) of an offer's lines."""
    entries = problem.offers.lines.take(np.array([row]))
    return [
        (int(after), fen / FEN_PER_YUAN, str(problem.needs.id[n] if n >= 0 else problem.funds.id[f]))
        for after, fen, n, f in zip(*(entries[c] for c in ("after", "fen", "need", "fund")), strict=True)
    ]


def stock(problem: Problem, row: int) -> dict[str, float]:
    entries = problem.offers.stock.take(np.array([row]))
    taken: dict[str, float] = {}
    for pool, amount in zip(entries["pool"], entries["amount"], strict=True):
        name = str(problem.pools.id[pool])
        taken[name] = taken.get(name, 0) + amount / HOME
    return taken


def surplus(problem: Problem, pool: str) -> float | None:
    found = int(problem.pools.surplus[problem.pools.id.tolist().index(pool)])
    return None if found < 0 else found / HOME


# --- fees -------------------------------------------------------------------------------------------------------


def test_rule_01_basis(compiled: Build) -> None:
    problem = compiled(1)
    assert curve(problem, "H1") == [1000] * 12  # 100 × 10
    assert curve(problem, "H2") == [900] * 12  # max(85 × 10, 900)


def test_rule_01_basis_person(compiled: Build) -> None:
    problem = compiled("fee_policies: [{id: standard, basis: person, rate: 1200.55}]")
    assert curve(problem, "H1", 1) == [3601.65]
    assert curve(problem, "H2", 1) == [2401.10]


def test_rule_01_basis_household(compiled: Build) -> None:
    problem = compiled("fee_policies: [{id: standard, basis: household, rate: 1500}]")
    assert curve(problem, "H1", 1) == curve(problem, "H2", 1) == [1500]


def test_rule_01_fees_are_rounded_half_up_to_fen(compiled: Build) -> None:
    change = "{fee_policies: [{id: standard, rate: 10.01}], households: [{id: H1, area: 86.5}]}"
    assert curve(compiled(change), "H1", 1) == [865.87]  # 865.865


def test_rule_02_rate_series(compiled: Build) -> None:
    problem = compiled(2)
    assert curve(problem, "H1") == [1000] * 3 + [1250] * 9
    assert curve(problem, "H2") == [320] * 12
    assert problem.fees.ordinary.shape[1] == 2


def test_rule_03_overdue_steps(compiled: Build) -> None:
    problem = compiled(3)
    assert overdue(problem, "H1") == 0
    assert curve(problem, "H1") == [1500] * 6 + [2000] * 6
    assert curve(problem, "H2") == [800] * 6 + [1200] * 6  # overdue from 2024-07 on
    assert overdue(problem, "H2") == 6


def test_rule_03_a_first_step_after_some_months(compiled: Build) -> None:
    change = "fee_policies: [{id: standard, term: 12, overdue: [{after: 4, multiplier: 1.25}]}]"
    problem = compiled(change)
    assert curve(problem, "H1") == [1000] * 4 + [1250] * 8
    assert overdue(problem, "H1") == 0  # overdue months are counted, though they cost no more


def test_rule_03_steps_may_fall(compiled: Build) -> None:
    change = "fee_policies: [{id: standard, term: 12, overdue: [{multiplier: 2}, {after: 3, multiplier: 0.5}]}]"
    assert curve(compiled(change), "H1") == [2000] * 3 + [500] * 9


def test_rule_03_half_yearly_steps_with_a_cap(compiled: Build) -> None:
    steps = ", ".join(f"{{after: {6 * k}, multiplier: {min(1 + 0.25 * (k + 1), 1.5)}}}" for k in range(3))
    problem = compiled(f"{{months: 18, fee_policies: [{{id: standard, term: 12, overdue: [{steps}]}}]}}")
    assert curve(problem, "H1", 18) == [1250] * 6 + [1500] * 12


def test_rule_04_agreed_term(compiled: Build) -> None:
    problem = compiled(4)
    curve_months = problem.calendar.curve_months
    assert problem.fees.moved_out[problem.fees.clock[claim(problem, "H1")]] == -12
    assert overdue(problem, "H1") == 12  # 24 months after 2023-01
    assert overdue(problem, "H2") == curve_months == 24  # 2026-07, after all months in view
    assert overdue(problem, "H3") == 4  # 10 months after 2023-07


def test_rule_04_household_before_project_before_policy(compiled: Build) -> None:
    change = """
        projects: [{id: P1, term: 15}]
        households: [{id: H1}, {id: H7, project: P1, area: 50, term: 13}]
    """
    problem = compiled(change)
    assert (overdue(problem, "H1"), overdue(problem, "H7"), overdue(problem, "H2")) == (3, 1, 18)


def test_rule_05_tail(compiled: Build) -> None:
    problem = compiled(5)
    table = problem.offers
    by_route = {
        Route(int(table.route[row])).name: (int(table.tail[row]), int(table.tail_multiplier[row]))
        for row in offers(problem, "H1").values()
    }
    assert by_route == {"own_unit": (3, 1000), "voucher": (6, 1000), "cash": (1, -1)}
    # A voucher chosen in the last month, 11, has its last fee six months later: month 16.
    assert problem.calendar.books == 17
    voucher = offers(problem, "H1", "voucher")["V"]
    assert table.fee_stops_after()[voucher] == 6


def test_rule_06_turnover_housing(compiled: Build) -> None:
    problem = compiled(6)
    assert curve(problem, "H1") == [0, 0] + [1000] * 10  # ×1 once overdue, not ×2
    assert curve(problem, "H2") == [800] * 8 + [1600] * 4


def test_rule_06_turnover_steps_of_a_policy(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, term: 12, turnover: [{after: 2, multiplier: 1}, {after: 5, multiplier: 1.5}]}]
        households: [{id: H1, turnover: true}]
    """
    assert curve(compiled(change), "H1") == [0, 0] + [1000] * 3 + [1500] * 7


def test_rule_07_uplifts(compiled: Build) -> None:
    problem = compiled(7)
    # 1,000 + the higher of 20 % and 300 + 10 %
    assert curve(problem, "H1", 1) == [1400]
    assert curve(problem, "H2", 1) == [800]
    assert lines(problem, offers(problem, "H1")["E1/90"]) == [(0, 5000, "cash/P1")]


def test_rule_07_uplifts_are_multiplied_like_the_fee(compiled: Build) -> None:
    change = """
        fee_policies:
          - {id: standard, term: 12, overdue: [{multiplier: 2}], uplifts: [{group: ill, monthly: 150}]}
        households: [{id: H1, groups: [ill]}]
    """
    assert curve(compiled(change), "H1", 1) == [2300]


def test_rule_07_a_category_of_lump_sums_and_monthly_uplifts_is_refused(compiled: Build) -> None:
    uplifts = "[{group: a, once: 100}, {group: b, monthly: 10}]"
    with pytest.raises(ScenarioError, match="category group mixes lump sums with monthly uplifts"):
        compiled(f"fee_policies: [{{id: standard, uplifts: {uplifts}}}]")


def test_rule_08_later_moves_and_part_deliveries(compiled: Build) -> None:
    problem = compiled(8)
    assert curve(problem, "H1") == [1200] * 2 + [600] * 10  # floor of 120 m², then 100 − 40
    assert curve(problem, "H2") == [0] * 4 + [1200] * 8
    assert offers(problem, "H2", "transfer")  # may be settled before it moves out


def test_rule_09_frequency_and_payer(compiled: Build) -> None:
    problem = compiled(9)
    bills = problem.bills
    quarterly, enterprise = bills.project.tolist().index(0), bills.project.tolist().index(1)
    assert bills.due[quarterly, :12].tolist() == [2, 2, 2, 5, 5, 5, 8, 8, 8, 11, 11, 11]
    assert bills.due[enterprise, :12].tolist() == list(range(12))
    assert (bills.paid_ppm[quarterly], bills.recovered_ppm[quarterly]) == (1_000_000, 0)
    assert (bills.paid_ppm[enterprise], bills.recovered_ppm[enterprise]) == (400_000, 500_000)
    assert (bills.recovered_after[enterprise], bills.recovered_into[enterprise]) == (3, fund(problem, "treasury"))
    assert problem.needs.id[bills.need].tolist() == ["fees/P1", "fees/P2"]
    assert problem.calendar.books == 15  # the fees of month 11 are recovered in month 14


def test_rule_09_periods_follow_the_calendar(compiled: Build) -> None:
    problem = compiled("{start: 2024-02, months: 3, fee_policies: [{id: standard, frequency: half_yearly}]}")
    assert problem.bills.due[0, :7].tolist() == [4, 4, 4, 4, 4, 4, 4]  # 2024-06; later months are only valued
    assert problem.calendar.books == 5


# --- offers -----------------------------------------------------------------------------------------------------


def test_rule_10_eligibility(compiled: Build) -> None:
    problem = compiled(10)
    assert list(offers(problem, "H1")) == ["E1/90"]  # own estate, type 90
    assert list(offers(problem, "H2")) == ["E1/60", "E1/90"]  # by transfer, only where the school is
    assert set(offers(problem, "H2", "transfer")) == {"E1/60", "E1/90"}


def test_rule_10_estates_named_by_the_household(compiled: Build) -> None:
    change = """
        estates: [{id: E2, units: [{type: a, on_hand: 1}]}, {id: E3, open_to: [P1], units: [{type: a, on_hand: 1}]}]
        households: [{id: H1, estates: [E2, E3]}]
    """
    problem = compiled(change)
    assert list(offers(problem, "H1")) == ["E2/a", "E3/a"]
    assert list(offers(problem, "H2")) == ["E1/90", "E2/a"]


def test_rule_11_entitlement_and_bands(compiled: Build) -> None:
    problem = compiled(11)
    # H1: 3 persons, 100 m² within 54 … 120: the smallest that reaches 100 is two of 60, 120 m², 20 above.
    assert list(offers(problem, "H1")) == ["E1/60;E1/60"]
    row = offers(problem, "H1")["E1/60;E1/60"]
    assert stock(problem, row) == {"E1/60": 2}
    assert lines(problem, row) == [(0, -(15 * 4000 + 5 * 6000), "treasury")]
    # H4: 2 persons, 50 m²: one of 60, 10 m² above at cost price.
    assert lines(problem, offers(problem, "H4")["E1/60"]) == [(0, -40_000, "treasury")]
    # H2 has no home policy: every type is an offer.
    assert list(offers(problem, "H2")) == ["E1/60", "E1/75"]


def test_rule_11_areas_due_and_given_stand_with_claims_and_offers(compiled: Build) -> None:
    problem = compiled(11)
    due = dict(zip(problem.claims.household, problem.claims.due, strict=True))
    assert (due["H1"], due["H4"]) == (100 * 10_000, 50 * 10_000)
    assert problem.offers.given[offers(problem, "H1")["E1/60;E1/60"]] == 120 * 10_000
    assert problem.offers.given[offers(problem, "H2")["E1/75"]] == 75 * 10_000


def test_fixed_amounts_say_what_they_are(compiled: Build) -> None:
    change = """
        home_policies: [{id: city, refund: 3000}]
        projects: [{id: P1, home_policy: city}]
        fee_policies: [{id: standard, moving_fee: {per_household: 500}, uplifts: [{group: ill, once: 100}]}]
        households: [{id: H1, groups: [ill]}]
    """
    problem = compiled(change)
    rows = problem.offers.lines.row == offers(problem, "H1")["E1/90"]
    assert dict(zip(problem.offers.lines["kind"][rows], problem.offers.lines["fen"][rows], strict=True)) == {
        LineKind.refund: 3_000_000,
        LineKind.moving: 50_000,
        LineKind.lump_sum: 10_000,
    }
    problem = compiled(11)
    rows = problem.offers.lines.row == offers(problem, "H4")["E1/60"]
    assert problem.offers.lines["kind"][rows].tolist() == [LineKind.top_up]


def test_rule_11_refund_where_no_home_is_large_enough(compiled: Build) -> None:
    change = """
        home_policies: [{id: city, refund: 3000}]
        projects: [{id: P1, home_policy: city}]
    """
    problem = compiled(change)
    row = offers(problem, "H1")["E1/90"]  # 90 of 100 m²
    assert lines(problem, row) == [(0, 30_000, "cash/P1")]
    assert payers(problem, "cash/P1") == ["treasury"]


def test_rule_11_bounds_by_size_and_choice_up_to_a_maximum(compiled: Build) -> None:
    change = """
        home_policies:
          - id: city
            round_up: false
            maximum_above: 10
            within_price: 100
            bounds: [{persons_from: 3, persons_to: 3, minimum: 55, maximum: 70}]
            into: treasury
        projects: [{id: P1, home_policy: city}]
        estates:
          - {id: E1, units: [{type: "90", area: 90}, {type: "80", area: 80, on_hand: 1}, {type: "60", area: 60}]}
    """
    problem = compiled(change)
    assert list(offers(problem, "H1")) == ["E1/60", "E1/80"]  # 70 + 10 at most
    assert lines(problem, offers(problem, "H1")["E1/80"]) == [(0, -7000, "treasury")]
    assert lines(problem, offers(problem, "H1")["E1/60"]) == [(0, -6000, "treasury")]


def test_rule_11_several_homes_split_into_claims(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, moving_fee: {per_household: 1000, per_m2: 10, minimum: 1999.99, times: 1}}]
        home_policies: [{id: city}]
        projects: [{id: P1, home_policy: city}]
        households: [{id: H1, homes: 3, entitlement: 240}]
    """
    problem = compiled(change)
    rows = np.flatnonzero(problem.claims.household == "H1")
    assert problem.claims.part[rows].tolist() == ["1", "2", "3"]
    fees = problem.fees.fen(rows, np.array([0]))[:, 0]
    assert fees.tolist() == [33333, 33333, 33333]  # of 1,000.00: fees are rounded claim by claim
    assert problem.fees.ordinary[rows, 0].sum() == 1_000_000_000  # and exact before that
    due = [lines(problem, int(row)) for row in np.flatnonzero(np.isin(problem.offers.claim, rows))]
    assert due == [[(0, 666.66, "moving/P1")], [(0, 666.67, "moving/P1")], [(0, 666.67, "moving/P1")]]
    assert all(list(stock(problem, int(row))) == ["E1/90"] for row in np.flatnonzero(problem.offers.claim == rows[0]))


def test_rule_11_homes_in_m2_and_persons(compiled: Build) -> None:
    change = """
        estates:
          - {id: E2, measure: m2, units: [{type: any, on_hand: 500, price: 2000}]}
          - {id: E3, measure: persons, units: [{type: any, on_hand: 9}]}
        households: [{id: H1, area: 87.355}]
    """
    problem = compiled(change)
    row = offers(problem, "H1")["E2/any"]
    assert stock(problem, row) == {"E2/any": 87.36}
    assert price(problem, row, 0) == 174_720
    assert problem.needs.id[problem.offers.price_need[row]] == "units/P1"
    assert stock(problem, offers(problem, "H1")["E3/any"]) == {"E3/any": 3}


def test_rule_12_voucher_bonus_and_take_up(compiled: Build) -> None:
    problem = compiled(12)
    rows = offers(problem, "H1", "voucher")
    assert set(rows) == {"V/D1", "V/D2"}
    first = rows["V/D1"]
    assert (problem.offers.first[first], problem.offers.last[first]) == (1, 6)
    assert [price(problem, first, month) for month in range(1, 7)] == [600_000] * 3 + [580_000] * 2 + [500_000]
    assert {price(problem, rows["V/D2"], month) for month in range(1, 7)} == {550_000}
    assert stock(problem, first) == {"D1": 1}
    assert stock(problem, rows["V/D2"]) == {}
    assert problem.needs.id[problem.offers.price_need[first]] == "voucher/P1/D1"
    # P1: 60 % of H1 and the four of H5 is 3; P2: 60 % of H2 is none.
    caps = dict(zip(problem.limits.id, problem.limits.cap, strict=True))
    assert caps == {"take_up/V/P1": 3, "take_up/V/P2": 0}
    assert not problem.limits.monthly.any()
    counted = problem.limits.offers.take(np.array([0]))["offer"]
    assert counted.tolist() == sorted([*rows.values(), *offers(problem, "H5", "voucher").values()])


def test_rule_12_face_by_entitlement_and_area_below(compiled: Build) -> None:
    change = """
        vouchers: [{id: V, price: 5000.5, base: entitlement, area_below: 100}]
        home_policies: [{id: city, basis: person, per_basis: 30}]
        projects: [{id: P2, home_policy: city}]
    """
    problem = compiled(change)
    assert offers(problem, "H1", "voucher") == {}
    assert price(problem, offers(problem, "H2", "voucher")["V"], 0) == 300_030


def test_rule_12_programme_that_began_before_the_start(compiled: Build) -> None:
    bonus = "[{months: 3, share: 20%}, {months: 6, share: 10%}]"
    problem = compiled(f"vouchers: [{{id: V, start: 2023-12, months: 8, price: 1000, bonus: {bonus}}}]")
    row = offers(problem, "H1", "voucher")["V"]
    assert (problem.offers.first[row], problem.offers.last[row]) == (0, 6)
    prices = [price(problem, row, month) for month in range(7)]
    assert prices == [120_000] * 2 + [110_000] * 3 + [100_000] * 2


def test_rule_12_validity_shorter_than_the_wait_is_refused(compiled: Build) -> None:
    with pytest.raises(ScenarioError, match="valid"):
        compiled("vouchers: [{id: V, price: 1000, valid: 3, housed_after: 4}]")


def test_rule_13_instalments(compiled: Build) -> None:
    problem = compiled(13)
    voucher, cash = offers(problem, "H1", "voucher")["V/D1"], offers(problem, "H1", "cash")["C"]
    parts = problem.offers.instalments.take(problem.offers.schedule[[voucher, cash]])
    assert parts["after"].tolist() == [0, 6, 12, 0, 2]
    assert parts["cumulative_ppm"].tolist() == [300_000, 600_000, 1_000_000, 500_000, 1_000_000]
    assert problem.offers.housed_after[[voucher, cash]].tolist() == [0, 2]
    assert problem.calendar.books == 24  # 11 + 12, the last instalment
    assert problem.needs.id[problem.offers.price_need[cash]] == "cash/P1/when_settled"


def test_rule_13_settled_when_paid_may_not_be_owed(compiled: Build) -> None:
    change = """
        cash: [{id: C, price: 4000, settled_when_paid: true}]
        vouchers: [{id: V, price: 4000}]
        owing: [{id: deferral, uses: [cash, voucher], share: 50%}]
    """
    problem = compiled(change)
    assert problem.needs.owing[need(problem, "cash/P1/when_settled")] == -1
    assert problem.owing.id[problem.needs.owing[need(problem, "voucher/P1")]] == "deferral/voucher"


def test_rule_14_reservation(compiled: Build) -> None:
    problem = compiled(14)
    assert surplus(problem, "E1/90") == 2  # 3 less the one due to H1
    assert surplus(problem, "E2/any") == 200
    assert problem.pools.measure.tolist() == ["homes", "m2"]
    released = problem.pools.released.take(np.array([0]))
    assert (released["claim"].tolist(), released["amount"].tolist()) == ([claim(problem, "H1")], [HOME])
    assert problem.pools.released.take(np.array([1]))["claim"].size == 0
    assert problem.claims.indivisible.tolist() == [False, False, True]
    assert problem.claims.count.tolist() == [1, 1, 8]


def test_rule_14_never_below_none_and_phases_count(compiled: Build) -> None:
    change = """
        estates:
          - id: E1
            release: true
            units: [{type: "90", on_hand: 1, arrivals: {2024-03: 2}}]
            phases: [{id: E1-1, cost: 100, delivers: {"90": 4}}]
        households: [{id: H9, project: P1, area: 50, count: 9}]
    """
    problem = compiled(change)
    assert surplus(problem, "E1/90") == 0  # 7 to come, 10 due
    # H1 is first in the rows and has its home; H9's ten are not all housed here, so none of its homes is freed.
    assert problem.pools.released["claim"].tolist() == [claim(problem, "H1")]


def test_rule_14_homes_due_spill_over_to_the_next_own_pool(compiled: Build) -> None:
    change = """
        estates:
          - {id: E1, units: [{type: "90", on_hand: 3}, {type: "60", on_hand: 3}]}
          - {id: E2, projects: [P1], units: [{type: a, on_hand: 3}]}
        households: [{id: H9, project: P1, area: 50, count: 4}]
    """
    problem = compiled(change)
    assert [surplus(problem, pool) for pool in ("E1/90", "E1/60", "E2/a")] == [0, 1, 3]


def test_rule_14_an_estate_without_a_project_reserves_nothing(compiled: Build) -> None:
    problem = compiled("estates: [{id: E2, units: [{type: a, on_hand: 1}]}]")
    assert surplus(problem, "E2/a") is None


def test_rule_15_switch_rights_and_deadlines(compiled: Build) -> None:
    problem = compiled(15)
    cash = offers(problem, "H1", "cash")["C"]
    assert (problem.offers.first[cash], problem.offers.last[cash]) == (6, 11)  # overdue from 4 on, month 3 of it is 6
    assert problem.offers.first[offers(problem, "H2", "cash")["C"]] == 0
    # H1 is overdue in month 7 already; H2 falls overdue in month 10, before its project's deadline, month 11.
    assert problem.claims.deadline[[claim(problem, "H1"), claim(problem, "H2")]].tolist() == [7, 10]


def test_rule_15_the_earliest_deadline_counts(compiled: Build) -> None:
    change = """
        projects: [{id: P1, deadline: 2024-06}, {id: P2, deadline: 2024-06}]
        households: [{id: H1, deadline: 2024-03}, {id: H2, deadline: 2024-09}]
    """
    assert compiled(change).claims.deadline.tolist() == [2, 5]


def test_rule_15_a_deadline_after_the_horizon_bars_only_what_is_ready_too_late(compiled: Build) -> None:
    change = """
        households: [{id: H1, deadline: 2025-02}]
        cash: [{id: C, price: 1000, housed_after: 5}]
    """
    problem = compiled(change)
    assert problem.claims.deadline.tolist() == [-1, -1]
    assert problem.offers.last[offers(problem, "H1", "cash")["C"]] == 8
    assert problem.offers.last[offers(problem, "H1", "own_unit")["E1/90"]] == 11


def test_rule_16_throughput(compiled: Build) -> None:
    problem = compiled(16)
    assert dict(zip(problem.limits.id, problem.limits.cap, strict=True)) == {"casework": 20, "transfers": 5}
    assert problem.limits.monthly.all()
    assert problem.limits.offers.take(np.array([0]))["offer"].tolist() == [0, 1]
    assert problem.limits.offers.take(np.array([1]))["offer"].tolist() == list(offers(problem, "H2").values())


# --- money ------------------------------------------------------------------------------------------------------


def test_rule_17_funds(compiled: Build) -> None:
    problem = compiled(17)
    subsidy, bond = fund(problem, "subsidy"), fund(problem, "bond")
    funds = problem.funds
    assert (funds.inflow[subsidy, :12] / WAN).tolist() == [10] * 6 + [0, 0, 5, 0, 0, 0]
    assert np.flatnonzero(funds.lapses[subsidy]).tolist() == [11]
    assert not funds.lapses[bond].any()
    assert (funds.monthly_limit[subsidy], funds.total_limit[subsidy]) == (8 * WAN, 50 * WAN)
    assert payers(problem, "fees/P1") == ["treasury"]
    assert payers(problem, "fees/P2") == ["treasury", "subsidy"]
    assert payers(problem, "construction/E1-1") == ["treasury", "bond"]
    assert funds.release_upfront_ppm.tolist() == [-1, -1, 200_000]
    assert funds.release_total[bond] == 80 * WAN
    assert funds.release_phases.take(np.array([bond]))["phase"].tolist() == [0]
    phases = problem.phases
    assert (phases.cost[0], phases.total_cost[0], phases.lag[0]) == (75 * WAN, 100 * WAN, 1)
    assert phases.delivers["amount"].tolist() == [2 * HOME]


def test_rule_17_inflow_ends_with_the_horizon_unless_stated(compiled: Build) -> None:
    change = """
        cash: [{id: C, price: 1000, instalments: [{after: 0, share: 50%}, {after: 3, share: 50%}]}]
        funds:
          - {id: treasury, inflow: {monthly: 1万元}}
          - {id: tax, inflow: {monthly: 2万元, from: 2024-12, until: 2025-02}, carry_over: month}
    """
    problem = compiled(change)
    assert problem.calendar.books == 15
    assert (problem.funds.inflow / WAN).tolist() == [[1] * 12 + [0] * 3, [0] * 11 + [2, 2, 2, 0]]
    assert problem.funds.lapses[1].all()


def test_rule_18_loans(compiled: Build) -> None:
    problem = compiled(18)
    loans = problem.loans
    assert (loans.fund[0], loans.limit[0], loans.rate[0]) == (fund(problem, "bank"), 500 * WAN, 0.03)
    assert (loans.kind[0], loans.grace[0], loans.term[0], loans.revolving[0]) == ("level", 6, 18, False)
    assert (loans.first[0], loans.last[0]) == (0, 9)
    assert problem.needs.id[[loans.interest_need[0], loans.principal_need[0]]].tolist() == [
        "interest/bank",
        "principal/bank",
    ]
    assert payers(problem, "principal/bank") == ["treasury", "bank"]
    assert problem.calendar.books == 28  # drawn in month 9, last served in month 27
    interest = problem.needs.fixed[need(problem, "interest/old")] / FEN_PER_YUAN
    principal = problem.needs.fixed[need(problem, "principal/old")] / FEN_PER_YUAN
    assert interest[:4].tolist() == [600, 400, 200, 0]  # 0.5 % a month of 120,000, 80,000, 40,000
    assert principal[:4].tolist() == [40_000, 40_000, 40_000, 0]


def test_rule_18_opening_loans_round_half_up_and_keep_their_grace(compiled: Build) -> None:
    change = """
        opening_loans:
          - {id: level, amount: 100, rate: 5%, months_left: 4, grace: 1}
          - {id: bullet, amount: 1000.01, rate: 6%, repayment: bullet, months_left: 2}
    """
    problem = compiled(change)
    fixed = {name: problem.needs.fixed[need(problem, name)][:4].tolist() for name in problem.needs.id[-4:]}
    assert fixed == {
        "interest/level": [42, 42, 28, 14],
        "principal/level": [0, 3333, 3334, 3333],
        "interest/bullet": [500, 500, 0, 0],
        "principal/bullet": [0, 100_001, 0, 0],
    }


def test_rule_19_owing(compiled: Build) -> None:
    problem = compiled(19)
    rules = problem.owing
    assert rules.id.tolist() == ["deferral/fees", "deferral/voucher"]
    assert rules.share_ppm.tolist() == [200_000] * 2
    assert rules.stock_limit.tolist() == [3 * WAN] * 2
    assert rules.surcharge_ppb.tolist() == [5_000_000] * 2
    assert rules.latest.tolist() == [6, 6]
    owing = dict(zip(problem.needs.id, problem.needs.owing, strict=True))
    assert owing == {"fees/P1": 0, "fees/P2": -1, "voucher/P1": 1, "voucher/P2": -1}
    arrears = dict(zip(problem.needs.id, problem.needs.opening_arrears / WAN, strict=True))
    assert arrears == {"fees/P1": 2, "fees/P2": 1, "voucher/P1": 0, "voucher/P2": 0}
    assert problem.calendar.books == 18  # what is owed in month 11 is paid by month 17


@pytest.mark.parametrize("use", ["construction", "interest", "principal"])
def test_rule_19_what_is_never_owed_is_refused(compiled: Build, use: str) -> None:
    with pytest.raises(ScenarioError, match="never owed"):
        compiled(f"owing: [{{id: deferral, uses: [{use}], share: 20%}}]")


def test_rule_20_moves_and_commitments(compiled: Build) -> None:
    problem = compiled(20)
    moves = problem.moves
    assert problem.funds.id[[moves.source[0], moves.target[0]]].tolist() == ["land_sales", "treasury"]
    assert (moves.monthly_limit[0], moves.total_limit[0]) == (10 * WAN, -1)
    fixed = problem.needs.fixed[need(problem, "commitments/old_communities")] / WAN
    assert fixed.tolist() == [0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0, 7]
    assert payers(problem, "commitments/old_communities") == ["land_sales"]  # though the treasury may pay any use


def test_rule_21_debt_offset(compiled: Build) -> None:
    problem = compiled(21)
    developers = problem.developers
    assert (developers.debt_due[0] / WAN).tolist() == [0, 0, 30, 0, 0, 20, 0, 0, 0, 0, 0, 0]
    target = developers.offset_target
    assert (target["month"].tolist(), target["fen"].tolist()) == ([11], [25 * WAN])
    developer = dict(zip(problem.needs.id, problem.needs.developer, strict=True))
    assert developer == {"fees/P1": -1, "fees/P2": -1, "voucher/P1/D1": 0, "voucher/P2/D1": 0}


def test_rule_21_homes_bought_of_a_developer(compiled: Build) -> None:
    change = """
        developers: [{id: D1}, {id: D2, debts: [{due: 2023-05, amount: 1万元}]}]
        estates: [{id: E1, developer: D2, units: [{type: "90", price: 60万元}]}]
    """
    problem = compiled(change)
    row = offers(problem, "H1")["E1/90"]
    assert price(problem, row, 0) == 600_000
    assert problem.needs.id[problem.offers.price_need[row]] == "units/P1/D2"
    assert problem.developers.debt_due[1, 0] == WAN  # overdue debt can be set off from the start


def test_rule_22_reserve(compiled: Build) -> None:
    assert compiled(22).objective.reserve_months == 1.5
