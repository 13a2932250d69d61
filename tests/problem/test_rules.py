"""Each rule shape of docs/rules.md, its snippet compiled and compared with numbers worked out by hand.

Months count from 2024-01. Without a change, H1 (P1, 100 m²) moved out in month −12 and costs 1,000 yuan a month, H2
(P2, 80 m²) moved out in month −6 and costs 800; both are in their agreed term for the whole year.
"""

from calendar import monthrange
from collections.abc import Callable

import numpy as np
import pytest

from renewopt import Plan, Scenario, ScenarioError, audit, plan
from renewopt.problem import LineKind, Problem, Route, compile_problem
from renewopt.problem.compiling.first_month import days_of
from renewopt.problem.fee_curves import PERMILLE
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


def test_parts_of_a_fee(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("Parts of a fee"))
    assert curve(problem, "H1") == [1600] * 3 + [2600] * 9  # 1,000, doubled from 2024-04 on, and 600
    assert curve(problem, "H2") == [1100] * 9 + [2200] * 3
    assert (overdue(problem, "H1"), overdue(problem, "H2")) == (3, 9)
    assert problem.fees.moved_out[problem.fees.clock[claim(problem, "H1")]] == -12
    rows, at = np.array([claim(problem, "H1")] * 2), np.array([2, 5])
    assert problem.fees.tail_fen(rows, at, at + 1, np.array([-1, -1])).tolist() == [2600_00, 2600_00]


SHOP = "{id: shop, rate: 30, term: 24, overdue: [{multiplier: 1.5}]"
PART = "fee_parts: [{household: H1, fee_policy: shop, area: 20"


def test_parts_have_their_own_month_and_term_and_are_divided_over_claims(compiled: Build) -> None:
    part = PART + ", moved_out: 2024-02-11, term: 3}]"
    problem = compiled(
        f"{{fee_policies: [{{id: standard}}, {SHOP}, first_month: by_day}}], {part}, "
        "households: [{id: H1, homes: 2, fee_policy: standard}, {id: H2, fee_policy: standard}]}"
    )
    both = problem.fees.fen(np.flatnonzero(problem.claims.household == "H1"), np.arange(12))
    # 600 × 19 / 29 days in February, and ×1.5 from May on.
    assert (both.sum(axis=0) / 100).tolist() == [1000, 1393.1, 1600, 1600] + [1900] * 8
    assert (both[0] / 100).tolist() == [500, 696.55, 800, 800] + [950] * 8
    assert curve(problem, "H2") == [800] * 12


def test_parts_of_a_household_in_turnover_housing(compiled: Build) -> None:
    change = f"""
        fee_policies: [{{id: standard}}, {SHOP}, moving_fee: {{per_m2: 100}}, uplifts: [{{group: g, once: 77}}]}}]
        {PART}}}, {{household: H1, fee_policy: shop, area: 5}}]
        households: [{{id: H1, turnover: true, groups: [g], fee_policy: standard}}, {{id: H2, fee_policy: standard}}]
    """
    problem = compiled(change)
    assert curve(problem, "H1") == [750] * 12  # its shop does not live in turnover housing
    assert overdue(problem, "H1") == 12
    assert [line[:2] for line in lines(problem, offers(problem, "H1")["E1/90"])] == [(0, 2500)]
    of, at = np.array([claim(problem, "H1")]), np.array([3])
    assert problem.fees.tail_fen(of, at, at + 1, np.array([-1])).tolist() == [750_00]  # a fee that runs goes on


def test_parts_are_due_with_the_running_period_and_recovered(compiled: Build) -> None:
    change = f"""
        start: 2024-03
        fee_policies: [{{id: standard, frequency: quarterly}}, {SHOP}, frequency: quarterly}}]
        {PART}}}]
        projects: [{{id: P1, fee_policy: standard}}, {{id: P2, fee_policy: standard}}]
        households: [{{id: H1, prepaid: 1500}}, {{id: H2, prepaid: 1700, count: 2}}]
    """
    problem = compiled(change)
    assert problem.needs.fixed[need(problem, "fees/P1"), 0] == 2 * 1600_00 - 1500_00
    assert not problem.needs.fixed[need(problem, "fees/P2")].any()  # 1,600 of 1,700 are used for January and February
    assert curve(problem, "H1", 2) == [1600, 1600]
    assert curve(problem, "H2", 2) == [700, 800]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (f"fee_policies: [{{id: standard}}, {SHOP}, frequency: quarterly}}], {PART}}}]", "falls due in other months"),
        (f"fee_policies: [{{id: standard}}, {SHOP}, tail: 2}}], {PART}}}]", None),
        (
            f"fee_policies: [{{id: standard, tail: 2, tail_multiplier: 1, term: 12}}, {SHOP}}}], {PART}}}]",
            "a stated multiplier holds for none of them",
        ),
        (f"fee_policies: [{{id: standard}}, {SHOP}}}], {PART}}}], fee_curves: [{{household: H1, fee: 5}}]",
         "given directly, so that no part"),
        (f"fee_policies: [{{id: standard}}, {SHOP}}}], fee_parts: [{{household: H9, area: 5}}]", "no household 'H9'"),
        (f"fee_policies: [{{id: standard}}, {SHOP}}}], fee_parts: [{{household: H1, fee_policy: shop}}]",
         "no area, but the fee is by area"),
        (
            "fee_policies: [{id: standard}, {id: shop, rate: 3, term: {low: 3}}], "
            + PART + "}], households: [{id: H1, term_class: high}]",
            "no agreed term is stated for a part",
        ),
    ],
)  # fmt: skip
def test_parts_that_cannot_be_added_are_refused(compiled: Build, change: str, message: str | None) -> None:
    own = "projects: [{id: P1, fee_policy: standard}, {id: P2, fee_policy: standard}]"
    if message is None:
        assert curve(compiled(f"{{{change}, {own}}}"), "H1", 1) == [1600]
        return
    with pytest.raises(ScenarioError, match=message):
        compiled(f"{{{change}, {own}}}")


def test_what_was_paid_too_much(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("Paid too much"))
    assert curve(problem, "H1") == [0, 0, 700] + [1000] * 9
    assert curve(problem, "H2") == [800] * 12


def test_what_was_paid_too_much_at_any_multiplier_rate_and_start_of_the_fee(compiled: Build) -> None:
    change = """
        fee_policies:
          - {id: standard, term: 13, overdue: [{multiplier: 1.375}], rate: [{yuan: 10}, {from: 2024-03, yuan: 12.34}]}
        households: [{id: H1, prepaid: 2500.03}, {id: H2, prepaid: 100000, moved_out: 2024-04}]
    """
    problem = compiled(change)
    # 1,000, then 1,375 when overdue, then 1,696.75.
    assert curve(problem, "H1", 4) == [0, 0, 1571.72, 1696.75]
    assert curve(problem, "H2") == [0] * 12


def test_what_was_paid_too_much_is_divided_over_claims_and_taken_off_direct_curves_and_fees_in_advance(
    compiled: Build,
) -> None:
    change = """
        households: [{id: H1, homes: 3, prepaid: 1100.01}, {id: H2, prepaid: 150}]
        fee_curves: [{household: H2, fee: 100}, {household: H2, from: 2024-03, fee: 50}]
    """
    problem = compiled(change)
    rows = np.flatnonzero(problem.claims.household == "H1")
    assert problem.fees.fen(rows, np.arange(3)).sum(axis=0).tolist() == [0, 99999 - 10002, 99999]
    assert curve(problem, "H2", 4) == [0, 50, 50, 50]
    change = """
        fee_policies: [{id: standard, frequency: quarterly, in_advance: true}]
        households: [{id: H1, prepaid: 3500}]
    """
    assert curve(compiled(change), "H1", 7) == [0, 0, 0, 2500, 0, 0, 3000]


@pytest.mark.parametrize("policy", ["optimal", "costliest-first"])
@pytest.mark.parametrize("heading", ["Parts of a fee", "Paid too much"])
def test_plans_with_fees_of_parts_and_paid_too_much_are_audited(
    scenario_of: Callable[[int | str], Scenario], page_snippet: Callable[[str], str], policy: str, heading: str
) -> None:
    later = "\nestates: [{id: E1, units: [{type: '90', area: 90, arrivals: {2024-05: 1, 2024-08: 1}}]}]\n"
    scenario = scenario_of(page_snippet(heading) + later)
    made = plan(scenario, policy=policy, gap=0)
    assert audit(scenario, made) == []
    # H1 waits four months and H2 seven, or the other way round.
    costs = {
        "Parts of a fee": (3 * 1600 + 2600 + 7 * 1100, 4 * 1100 + 3 * 1600 + 4 * 2600),
        "Paid too much": (1700 + 7 * 800, 4 * 800 + 4700),
    }
    assert made.objective == min(costs[heading])


def open_in(problem: Problem, household: str) -> dict[str, tuple[int, int]]:
    """First and last month of choice, by label of the offer."""
    table = problem.offers
    return {label: (int(table.first[row]), int(table.last[row])) for label, row in offers(problem, household).items()}


def test_the_end_of_a_household_and_a_split(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("The end of a household, and a split"))
    assert curve(problem, "H1") == [1000] * 3 + [2000] * 2 + [0] * 7
    assert curve(problem, "H3") == [0] * 5 + [1200] * 7
    assert curve(problem, "H4") == [0] * 5 + [800] * 7
    assert curve(problem, "H2") == [800] * 2 + [0] * 10
    assert (overdue(problem, "H1"), overdue(problem, "H3")) == (3, 5)
    late = problem.fees.overdue[problem.fees.clock[claim(problem, "H1")], :12]
    assert late.tolist() == [False] * 3 + [True] * 2 + [False] * 7
    assert open_in(problem, "H1") == {"E1/90": (0, 4)}
    assert open_in(problem, "H3") == {"E1/90": (5, 11)}
    assert open_in(problem, "H2") == {"E1/90": (0, 1)}


def test_a_split_before_the_start_keeps_what_the_first_one_states_and_not_its_own(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, first_month: by_day}, {id: other, rate: 7, term: 5}]
        projects: [{id: P1, fee_policy: standard}, {id: P2, fee_policy: standard}]
        households:
          - {id: H1, fee_policy: other, moved_out: 2024-02-10, term: 3}
          - {id: H3, project: P2, area: 10, split_from: H1}
          - {id: H4, project: P1, area: 10, split_from: H1, term: 9, fee_policy: standard, moved_out: 2024-01-31}
          - {id: H5, project: P1, area: 29, split_from: H1, fee_policy: standard}
    """
    problem = compiled(change)
    assert curve(problem, "H3", 3) == [0, 70, 70]
    assert curve(problem, "H4", 3) == [3.23, 100, 100]  # 100 / 31
    assert curve(problem, "H5", 3) == [0, 200, 290]  # 20 of 29 days
    assert [overdue(problem, each) for each in ("H1", "H3", "H4", "H5")] == [4, 4, 9, 4]


def test_what_a_household_that_ends_is_due_is_closed_by_all_routes(compiled: Build) -> None:
    change = """
        start: 2024-02
        fee_policies: [{id: standard, frequency: quarterly}]
        projects: [{id: P1, deadline: 2024-05, obligation: 3000}]
        cash: [{id: C, price: 4000, housed_after: 2}]
        quotes:
          - {household: H1, route: voucher, label: quoted, price: 1, housed_after: 1}
          - {household: H3, route: voucher, label: quoted, price: 1}
        households: [{id: H1, ends: 2024-05}, {id: H2, ends: 2024-01}, {id: H3, project: P1, area: 9, split_from: H1}]
        fee_curves: [{household: H3, fee: 55}]
    """
    problem = compiled(change)
    assert open_in(problem, "H1") == {"E1/90": (0, 2), "C": (0, 0), "quoted": (0, 1)}
    assert open_in(problem, "H3") == {"E1/90": (3, 11), "C": (3, 11), "quoted": (3, 11)}
    assert open_in(problem, "H2") == {}
    assert problem.claims.deadline[claim(problem, "H1")] == -1
    assert problem.claims.obligation[claim(problem, "H1")] == 0
    assert problem.claims.deadline[claim(problem, "H3")] == 3
    assert curve(problem, "H3", 5) == [0, 0, 0, 55, 55]
    assert problem.needs.fixed[need(problem, "fees/P1"), 1] == 1000_00  # of January, by H1


def test_a_split_goes_on_as_the_project_of_the_first_one_has_it(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, term: {low: 2, high: 9}}, {id: other, rate: 7, term: {low: 5, high: 6}}]
        projects:
          - {id: P1, fee_policy: other, moved_out: 2024-03, term_class: low}
          - {id: P2, fee_policy: standard, moved_out: 2023-07, term: 24}
        households:
          - {id: H1, ends: 2024-06}
          - {id: H3, project: P2, area: 10, split_from: H1}
          - {id: H4, project: P2, area: 10, split_from: H1, fee_policy: standard}
          - {id: H5, project: P2, area: 10, split_from: H1, term_class: high}
        fee_parts: [{household: H3, area: 5}]
    """
    problem = compiled(change)
    assert curve(problem, "H3", 7) == [0] * 5 + [105] * 2
    assert curve(problem, "H4", 7) == [0] * 5 + [100] * 2
    # Of P1, March and the class low; of H5 its own class.
    assert [overdue(problem, each) for each in ("H3", "H4", "H5")] == [7, 5, 8]


@pytest.mark.parametrize("moving", ["moved_out: 2024-03", "moved_out: 2024-03, moved_out_day: 11"])
def test_a_split_needs_no_month_that_its_own_project_does_not_have(compiled: Build, moving: str) -> None:
    change = f"""
        fee_policies: [{{id: standard, first_month: by_day}}]
        projects: [{{id: P1, {moving}}}, {{id: P2, moved_out: !remove }}]
        households:
          - {{id: H1, moved_out: 2024-03-11}}
          - {{id: H2, moved_out: 2023-07-01}}
          - {{id: H3, project: P2, area: 31, split_from: H1}}
    """
    assert curve(compiled(change), "H3", 4) == [0, 0, 210, 310]  # 21 of 31 days


def test_a_split_needs_no_fee_policy_that_its_own_project_does_not_have(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard}, {id: other, rate: 7, term: 5}]
        projects: [{id: P1, fee_policy: other}]
        households:
          - {id: H2, fee_policy: standard}
          - {id: H3, project: P2, area: 10, split_from: H1}
    """
    assert curve(compiled(change), "H3", 2) == [70, 70]


def test_who_ends_has_no_deadline_by_any_rule(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, term: 16}]    # P1 is overdue from 2024-05 on
        objective: {no_overdue_from: 2024-04}
        households: [{id: H1, ends: %s}]
    """
    for ends, deadline in (("2024-04", -1), ("2024-05", -1), ("2024-06", 4), ("2026-01", 4)):
        problem = compiled(change % ends)
        assert problem.claims.deadline[claim(problem, "H1")] == deadline


def test_who_ends_after_the_plan_is_still_to_be_housed_at_its_end(compiled: Build) -> None:
    change = "projects: [{id: P1, obligation: 3000}]\nhouseholds: [{id: H1, ends: %s}]"
    for ends, owed in (("2024-12", 0), ("2025-01", 0), ("2025-02", 300_000_00)):
        problem = compiled(change.replace("\\n", "\n") % ends)
        assert problem.claims.obligation[claim(problem, "H1")] == owed


@pytest.mark.parametrize("multiplier", ["in_force", "1.5"])
def test_a_tail_ends_with_the_household(compiled: Build, multiplier: str) -> None:
    change = f"""
        fee_policies: [{{id: standard, term: 14, overdue: [{{multiplier: 2}}], tail: 4, tail_multiplier: {multiplier}}}]
        households: [{{id: H1, ends: 2024-06}}]
        fee_parts: [{{household: H2, area: 20}}]
    """
    problem = compiled(change)
    row = claim(problem, "H1")
    months = np.arange(3, 7)
    stated = -1 if multiplier == "in_force" else 1500
    factor = 2 if multiplier == "in_force" else 1.5
    tail = problem.fees.tail_fen(np.full(4, row), np.full(4, 3), months, np.full(4, stated))
    assert tail.tolist() == [factor * 1000_00] * 2 + [0] * 2
    offer = int(np.flatnonzero(problem.offers.claim == row)[0])
    # Housed in the month of choice; the last fee is that of May.
    assert problem.fee_stops(np.full(3, offer), np.array([0, 1, 3])).tolist() == [4, 5, 5]


def test_no_home_is_kept_for_a_household_that_ends(compiled: Build) -> None:
    own = "{id: H3, project: P1, area: 60, count: 2}"
    assert surplus(compiled(f"households: [{own}]"), "E1/90") == 0  # of three, H1 and the two of H3 are due one each
    assert surplus(compiled(f"households: [{own}, {{id: H1, ends: 2024-12}}]"), "E1/90") == 1
    assert surplus(compiled(f"households: [{own}, {{id: H1, ends: 2025-01}}]"), "E1/90") == 0


def test_fees_in_advance_reach_to_the_end_and_begin_with_the_split(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, frequency: quarterly, in_advance: true}]
        households: [{id: H1, ends: 2024-06}, {id: H3, project: P1, area: 50, split_from: H1}]
    """
    problem = compiled(change)
    assert curve(problem, "H1", 7) == [3000, 0, 0, 2000, 0, 0, 0]
    assert curve(problem, "H3", 7) == [0, 0, 0, 0, 0, 500, 1500]


@pytest.mark.parametrize(
    ("households", "message"),
    [
        ("{id: H1, moved_out: 2024-05, ends: 2024-03}", "it ends before it moves out"),
        ("{id: H1, split_from: H1}", "it cannot be split from itself"),
        ("{id: H1, split_from: H2}, {id: H3, project: P1, area: 5, split_from: H1}", "split from another itself"),
        ("{id: H1, split_from: H8}", "no household 'H8'"),
    ],
)
def test_ends_and_splits_that_cannot_be_are_refused(compiled: Build, households: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        compiled(f"households: [{households}]")


@pytest.mark.parametrize("policy", ["optimal", "costliest-first"])
def test_plans_with_ends_and_splits_are_audited(
    scenario_of: Callable[[int | str], Scenario], page_snippet: Callable[[str], str], policy: str
) -> None:
    later = "\nestates: [{id: E1, units: [{type: '90', area: 90, arrivals: {2024-07: 1, 2024-08: 1}}]}]\n"
    scenario = scenario_of(page_snippet("The end of a household, and a split") + later)
    made = plan(scenario, policy=policy, gap=0)
    assert audit(scenario, made) == []
    assert made.objective == 3 * 1000 + 2 * 2000 + 1200 + 2 * 800 + 2 * 800  # H3 in 2024-07, H4 in 2024-08
    assert made.settled == 2


def test_growth_of_a_rate(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("Growth of a rate"))
    assert curve(problem, "H1") == [1200] + [1320] * 6 + [1440] * 5  # 120 × 10, 11 and, at most, 12
    assert curve(problem, "H3") == [1250] + [1375] * 6 + [1512.5] * 5  # the maximum grows by 10 %, too
    assert curve(problem, "H2") == [1600] + [1760] * 6 + [1936] * 5  # 2024-02 is its seventh month
    assert (overdue(problem, "H1"), overdue(problem, "H2")) == (12, 19)


def test_growth_goes_on_from_a_rate_that_is_stated_anew(compiled: Build) -> None:
    growth = "{by: 50%, every: 2, from: 2023-12}"
    rate = "[{yuan: 10}, {from: 2024-03, yuan: 8}, {from: 2024-06, yuan: 9}]"
    problem = compiled(f"fee_policies: [{{id: standard, rate: {rate}, growth: {growth}}}]")
    # Rises in December, February, April, June (in which a rate is stated) and August.
    assert curve(problem, "H1", 9) == [1500, 2250, 800, 1200, 1200, 900, 900, 1350, 1350]


def test_growth_by_the_first_rate_is_no_compound_growth(compiled: Build) -> None:
    growth = "{by: 10%, every: 3, clock: moving_out, compound: false}"
    problem = compiled(f"fee_policies: [{{id: standard, household_minimum: 1400, growth: {growth}}}]")
    assert curve(problem, "H1", 7) == [1400, 1400, 1400, 1500, 1500, 1500, 1600]  # five rises in 15 months
    growth = growth.replace("}", ", amounts: [household_minimum]}")
    problem = compiled(f"fee_policies: [{{id: standard, household_minimum: 1000, growth: {growth}}}]")
    assert curve(problem, "H2", 4) == [1200, 1200, 1200, 1300]


def test_growth_counts_from_the_first_month_with_a_fee_and_before_the_start(compiled: Build) -> None:
    growth = "{by: 10%, every: 1, clock: moving_out}"
    change = f"""
        start: 2024-03
        fee_policies: [{{id: standard, frequency: quarterly, first_month: next, growth: {growth}}}]
        projects: [{{id: P1, moved_out: 2023-11}}, {{id: P2, moved_out: 2024-03}}]
    """
    problem = compiled(change)
    assert problem.needs.fixed[need(problem, "fees/P1"), 0] == 1100_00 + 1210_00  # of January and February
    assert curve(problem, "H1", 2) == [1331, 1464.1]
    assert curve(problem, "H2", 4) == [0, 800, 880, 968]


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ("growth: {by: 10%}", "does not say in which month the rate rises first"),
        ("growth: {by: 10%, clock: moving_out, from: 2024-02}", "a month of the first is stated"),
        ("growth: {by: 10%, from: 2024-02, at_most: 9.5}", "may not grow beyond 9.5, and 10 is stated"),
        ("growth: {by: 10%, from: 2024-02, amounts: [household_maximum]}", "household_maximum is to grow"),
        ("growth: {by: 0, from: 2024-02}", "more than 0 was expected"),
        ("household_minimum: 900, household_maximum: 800", "the maximum 800 is below the minimum 900"),
    ],
)
def test_a_growth_that_contradicts_itself_is_refused(compiled: Build, terms: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        compiled(f"fee_policies: [{{id: standard, {terms}}}]")


def test_the_first_month(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("First month"))
    assert curve(problem, "H1") == [0] * 3 + [666.67] + [1000] * 8  # 1,000 × 20 / 30
    assert curve(problem, "H2") == [0] * 3 + [800] * 9
    assert overdue(problem, "H2") == 6
    assert problem.fees.moved_out[problem.fees.clock[claim(problem, "H2")]] == 2


def test_half_of_the_first_month_whatever_the_multiplier_and_the_rate(compiled: Build) -> None:
    change = """
        fee_policies:
          - id: standard
            first_month: half
            term: 0
            overdue: [{multiplier: 1.375}]
            rate: [{yuan: 10}, {from: 2024-04, yuan: 12}]
        projects: [{id: P1, moved_out: 2024-04}, {id: P2, moved_out: 2023-12}]
    """
    problem = compiled(change)
    assert curve(problem, "H1", 6) == [0, 0, 0, 825, 1650, 1650]  # 1,200 × 1.375 / 2
    assert curve(problem, "H2", 4) == [1100, 1100, 1100, 1320]  # its first month lies before the start


def test_days_of_every_month_of_the_calendar() -> None:
    months = np.arange(1900 * 12, 2400 * 12)
    assert days_of(months).tolist() == [monthrange(month // 12, month % 12 + 1)[1] for month in months.tolist()]


def test_days_of_the_first_month(compiled: Build) -> None:
    for day, yuan in (("2024-02-01", 800), ("2024-02-29", 27.59), ("2024/2/15", 413.79)):
        assert curve(compiled(f"{{{BY_DAY}, households: [{{id: H2, moved_out: {day}}}]}}"), "H2", 3) == [0, yuan, 800]
    by_project = compiled(f"{{{BY_DAY}, projects: [{{id: P2, moved_out: 2024-02, moved_out_day: 15}}]}}")
    assert curve(by_project, "H2", 3) == [0, 413.79, 800]  # 800 × 15 / 29
    own = "{id: P2, moved_out: 2024-02, moved_out_day: 15}], households: [{id: H2, moved_out_day: 29}]"
    assert curve(compiled(f"{{{BY_DAY}, projects: [{own}}}"), "H2", 3) == [0, 27.59, 800]


BY_DAY = "fee_policies: [{id: standard, first_month: by_day}]"


def test_part_of_the_first_month_of_a_period_that_runs_or_is_paid_in_advance(compiled: Build) -> None:
    change = """
        start: 2024-03
        fee_policies: [{id: standard, frequency: quarterly, first_month: by_day}]
        households: [{id: H2, moved_out: 2024-02-15}]
    """
    problem = compiled(change)
    assert problem.needs.fixed[need(problem, "fees/P2"), 0] == 413_79
    change = """
        fee_policies: [{id: standard, frequency: quarterly, first_month: half, in_advance: true}]
        households: [{id: H1, moved_out: 2024-02}, {id: H2, moved_out: 2024-04}]
    """
    problem = compiled(change)
    assert curve(problem, "H1", 6) == [0, 1500, 0, 3000, 0, 0]
    assert curve(problem, "H2", 6) == [0, 0, 0, 2000, 0, 0]


def test_a_day_is_asked_for_only_where_the_first_month_counts(compiled: Build) -> None:
    assert curve(compiled(BY_DAY), "H1", 1) == [1000]  # moved out in 2023-01
    for change in (
        "households: [{id: H2, moved_out: 2024-05}]",
        "projects: [{id: P2, moved_out: 2024-05-11}]",  # a project's month has no day of its own
        "projects: [{id: P2, moved_out: 2024-05, moved_out_day: 3}], households: [{id: H2, moved_out: 2024-05}]",
    ):
        with pytest.raises(ScenarioError, match="by day, and no day of moving out is stated"):
            compiled(f"{{{BY_DAY}, {change}}}")


def test_a_day_that_its_month_does_not_have_is_refused(compiled: Build) -> None:
    with pytest.raises(ScenarioError, match="H2: the month of moving out does not have that day"):
        compiled(f"{{{BY_DAY}, households: [{{id: H2, moved_out: 2024-02, moved_out_day: 30}}]}}")
    with pytest.raises(ScenarioError, match="a day of moving out without its month"):
        compiled(f"{{{BY_DAY}, projects: [{{id: P3, moved_out_day: 3}}]}}")


def test_periods_of_payment(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("Periods of payment"))
    bills = problem.bills
    ahead, standard = bills.project.tolist().index(0), bills.project.tolist().index(1)
    assert bills.due[standard, :12].tolist() == [0, 3, 3, 3, 6, 6, 6, 9, 9, 9, 12, 12]
    assert problem.needs.fixed[need(problem, "fees/P2"), :3].tolist() == [1600_00, 0, 0]  # of 2023-11 and 2023-12
    assert curve(problem, "H2") == [800] * 12
    # Six months from 2024-05 on, and six overdue ones from 2024-11 on; the period that runs at the start is paid for.
    assert curve(problem, "H1") == [0] * 4 + [6000] + [0] * 5 + [9000, 0]
    assert bills.due[ahead, :12].tolist() == list(range(12))
    assert not problem.needs.fixed[need(problem, "fees/P1")].any()


def test_months_before_the_start_are_due_with_the_calendar_period_that_runs(compiled: Build) -> None:
    change = """
        start: 2024-03
        fee_policies: [{id: standard, frequency: half_yearly, rate: [{yuan: 10}, {from: 2024-02, yuan: 11}]}]
        projects: [{id: P2, moved_out: 2024-02}]
        households: [{id: H2, count: 3}]
    """
    problem = compiled(change)
    assert problem.bills.due[0, 0] == 3  # 2024-06
    # H1: January at 10 and February at 11 yuan; three households like H2: February alone.
    assert problem.needs.fixed[need(problem, "fees/P1"), :5].tolist() == [0, 0, 0, 2100_00, 0]
    assert problem.needs.fixed[need(problem, "fees/P2"), :5].tolist() == [0, 0, 0, 3 * 880_00, 0]


def test_of_the_running_period_a_developer_pays_and_repays_its_part(compiled: Build) -> None:
    payer = "{developer: D1, advance: 40%, recovered: 50%, after: 3, into: treasury}"
    change = f"""
        start: 2024-02
        fee_policies: [{{id: standard, frequency: quarterly, paid_by: {payer}}}]
        developers: [{{id: D1}}]
        projects: [{{id: P2, moved_out: 2024-02}}]
    """
    problem = compiled(change)
    assert problem.needs.fixed[need(problem, "fees/P1")].nonzero()[0].tolist() == [1]
    assert problem.needs.fixed[need(problem, "fees/P1"), 1] == 400_00
    assert problem.funds.inflow[0].nonzero()[0].tolist() == [4]
    assert problem.funds.inflow[0, 4] == 200_00
    assert problem.needs.fixed.sum() == 400_00  # H2's fees begin with the plan


def test_running_periods_of_monthly_fees_and_fees_in_advance_owe_nothing(compiled: Build) -> None:
    for terms in ("frequency: monthly", "{frequency: yearly, in_advance: true}"):
        change = "{start: 2024-06, fee_policies: [{id: standard, " + terms.strip("{}") + "}]}"
        assert not compiled(change).needs.fixed.any()


def test_fees_in_advance_begin_with_moving_out_and_reach_past_the_horizon(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, frequency: quarterly, in_advance: true, term: 3, overdue: [{multiplier: 2}]}]
        projects: [{id: P1, moved_out: 2024-05}]
        households: [{id: H2, turnover: true, moved_out: 2024-03}]
        objective: {after_horizon_months: 2}
    """
    problem = compiled(change)
    # Calendar quarters: May and June when moving out; one ordinary and two overdue months; overdue quarters.
    assert curve(problem, "H1", 14) == [0] * 4 + [2000, 0, 5000, 0, 0, 6000, 0, 0, 6000, 0]
    # In turnover housing nothing in the agreed months March to May; ×1 from June on.
    assert curve(problem, "H2", 12) == [0, 0, 0, 800, 0, 0, 2400, 0, 0, 2400, 0, 0]


def test_a_tail_at_the_multiplier_in_force_is_refused_where_periods_are_paid_in_advance(compiled: Build) -> None:
    policy = "{id: standard, frequency: quarterly, in_advance: true, tail: {own_unit: 2}"
    with pytest.raises(ScenarioError, match=r"standard\.in_advance: periods are paid in advance"):
        compiled(f"fee_policies: [{policy}}}]")
    by_programme = """
        fee_policies: [{id: standard, frequency: quarterly, in_advance: true}]
        cash: [{id: C, price: 1, tail: 3}]
    """
    with pytest.raises(ScenarioError, match="periods are paid in advance"):
        compiled(by_programme)
    problem = compiled(f"fee_policies: [{policy}, tail_multiplier: 1}}]")
    assert problem.offers.tail[offers(problem, "H1")["E1/90"]] == 2


@pytest.mark.parametrize("policy", ["optimal", "costliest-first"])
def test_running_periods_and_fees_in_advance_are_planned_and_audited(
    scenario_of: Callable[[int | str], Scenario], page_snippet: Callable[[str], str], policy: str
) -> None:
    change = """
start: 2024-02
months: 8
estates: [{id: E1, units: [{type: "90", area: 90, arrivals: {2024-06: 1, 2024-08: 1}}]}]
funds: [{id: treasury, opening: 5000, inflow: {monthly: 5000}}]
"""
    scenario = scenario_of(page_snippet("Periods of payment") + change)
    made = plan(scenario, policy=policy, gap=0)
    assert audit(scenario, made) == []
    # H2 waits from 2024-02 to 2024-05, H1 is paid six months in 2024-05 and housed in 2024-08.
    assert made.objective == 4 * 800 + 6 * 1000
    paid = made.funds[made.funds["use"] == "fees"]
    assert dict(zip(paid["month"].astype(str), paid["amount"], strict=True)) == {
        "2024-04": -2400.0,  # of February to April
        "2024-05": -6000.0,
        "2024-07": -800.0,  # of May, in the period of May to July
    }


def test_a_stated_fee_falls_due_in_the_periods_of_its_policy(compiled: Build) -> None:
    problem = compiled("""
        start: 2024-01
        fee_policies: [{id: standard, frequency: quarterly, period_from: moving_out}]
        households: [{id: H1, moved_out: 2024-02}, {id: H2, moved_out: 2023-09}]
        fee_curves: [{household: H1, fee: 100}, {household: H2, fee: 200}]
    """)
    bills, label = problem.bills, problem.calendar.label
    due = {
        household: [label(int(month)) for month in bills.due[bill, :4]]
        for household, bill in zip(problem.claims.household, problem.claims.bill, strict=True)
    }
    # Periods from February and from December: of what accrued in December the period that runs at the start has 200.
    assert due["H1"] == ["2024-01", "2024-04", "2024-04", "2024-04"]
    assert due["H2"] == ["2024-02", "2024-02", "2024-05", "2024-05"]


def test_terms_of_payment_without_effect_are_warned_of(scenario_of: Callable[[int | str], Scenario]) -> None:
    for terms in ("in_advance: true", "period_from: moving_out"):
        scenario = scenario_of(f"fee_policies: [{{id: standard, {terms}}}]")
        assert [str(warning.message) for warning in scenario.warnings] == [
            "fees are paid monthly, so that it has no effect"
        ]


def moving(problem: Problem, household: str) -> dict[str, list[tuple[int, float]]]:
    """(months after the choice, yuan) of the moving fee, by label of the offer."""
    return {
        label: [(after, yuan) for after, yuan, need in lines(problem, row) if need.startswith("moving/")]
        for label, row in offers(problem, household).items()
    }


def test_the_moving_fee_by_route(compiled: Build, page_snippet: Callable[[str], str]) -> None:
    problem = compiled(page_snippet("Moving fee"))
    # 100 × 15 = 1,500 a move, 80 × 15 = 1,200, so 1,400 at least; a voucher is not named.
    assert moving(problem, "H1") == {"E1/90": [(0, 3000)], "V": [], "C": [(0, 1500)]}
    assert moving(problem, "H2") == {"E1/90": [(0, 2800)], "V": [], "C": [(0, 1400)]}


def test_a_moving_fee_by_route_is_divided_over_claims_and_due_when_housed(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, moving_fee: {per_household: 1000.01, times: {transfer: 3, cash: 1}}}]
        cash: [{id: C, price: 4000, housed_after: 2}]
        households: [{id: H2, homes: 2}]
    """
    problem = compiled(change)
    mine = np.flatnonzero(problem.claims.household == "H2")
    due = {
        (int(problem.claims.part[problem.offers.claim[row]]), Route(int(problem.offers.route[row])).name): [
            line[:2] for line in lines(problem, int(row))
        ]
        for row in np.flatnonzero(np.isin(problem.offers.claim, mine))
    }
    assert due == {
        (1, "transfer"): [(0, 1500.01)],
        (2, "transfer"): [(0, 1500.02)],
        (1, "cash"): [(2, 500)],
        (2, "cash"): [(2, 500.01)],
    }


def test_quotes_have_the_moving_fee_of_their_route(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, moving_fee: {per_household: 700, times: {voucher: 1, own_unit: 2}}}]
        quotes:
          - {household: H1, route: voucher, label: quoted, price: 1}
          - {household: H1, route: cash, label: paid, price: 1}
    """
    assert moving(compiled(change), "H1") == {"E1/90": [(0, 1400)], "quoted": [(0, 700)], "paid": []}


def test_a_moving_fee_that_no_route_is_paid_is_warned_of(scenario_of: Callable[[int | str], Scenario]) -> None:
    scenario = scenario_of("fee_policies: [{id: standard, moving_fee: {per_household: 700, times: {cash: 0}}}]")
    assert [str(warning.message) for warning in scenario.warnings] == ["no route is paid a moving fee"]


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
    # The home of 90 in E2 is dearer: H7 does not consent to so much, H8 does, and of it two of the four.
    assert list(offers(problem, "H7")) == ["E1/60"]
    assert list(offers(problem, "H8")) == ["E1/60", "E2/90"]
    dear = offers(problem, "H8")["E2/90"]
    assert lines(problem, dear) == [(0, -162_000, "treasury")]
    assert dict(zip(problem.limits.id, problem.limits.cap, strict=True)) == {"consent/H8": 2}
    assert problem.limits.offers["offer"].tolist() == [dear]


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
            maximum_below: 10
            within_price: 100
            bounds: [{persons_from: 3, persons_to: 3, minimum: 55, maximum: 70}]
            into: treasury
        projects: [{id: P1, home_policy: city}]
        estates:
          - id: E1
            units:
              - {type: "90", area: 90, on_hand: 1}
              - {type: "80", area: 80, on_hand: 1}
              - {type: "75", area: 75}
              - {type: "60", area: 60, on_hand: 1}
              - {type: "59", area: 59, on_hand: 1}
    """
    problem = compiled(change)
    assert list(offers(problem, "H1")) == ["E1/60", "E1/80"]  # 70 − 10 to 70 + 10; there is never one of 75
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
    assert dict(zip(problem.limits.id, problem.limits.cap, strict=True)) == {"switch/P1/cash": 2}
    counted = [cash, offers(problem, "H9", "cash")["C"]]
    assert problem.limits.offers["offer"].tolist() == counted
    # H1 is overdue in month 7 already; H2 falls overdue in month 10, before its project's deadline, month 11.
    assert problem.claims.deadline[[claim(problem, "H1"), claim(problem, "H2")]].tolist() == [7, 10]


@pytest.mark.parametrize(
    ("project", "household", "month"),
    [
        ("deadline: 2024-06", "deadline: 2024-03", 2),
        ("deadline: 2024-06", "deadline: 2024-09", 8),
        ("deadline: 2024-06", "area: 100", 5),
        ("moved_out: 2023-01", "deadline: 2024-09", 8),
        # A household that need not be housed within the plan, in a project that must.
        ("deadline: 2024-06", "deadline: 2025-06", -1),
    ],
)
def test_rule_15_a_household_s_deadline_takes_the_place_of_its_project_s(
    compiled: Build, project: str, household: str, month: int
) -> None:
    change = f"""
        projects: [{{id: P1, {project}}}]
        households: [{{id: H1, {household}}}]
    """
    problem = compiled(change)
    assert problem.claims.deadline[claim(problem, "H1")] == month


def test_rule_15_no_overdue_from_holds_beside_a_household_s_deadline(compiled: Build) -> None:
    change = """
        fee_policies: [{id: standard, term: 16}]
        projects: [{id: P1, deadline: 2024-03}]
        households: [{id: H1, deadline: 2024-11}]
        objective: {no_overdue_from: 2024-08}
    """
    problem = compiled(change)
    assert problem.claims.deadline[claim(problem, "H1")] == 7


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
    assert (set(funds.monthly_limit[subsidy]), funds.total_limit[subsidy]) == ({8 * WAN}, 50 * WAN)
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
    assert (set(moves.monthly_limit[0]), moves.total_limit[0]) == ({10 * WAN}, -1)
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


# --- limits that change -----------------------------------------------------------------------------------------


def held(problem: Problem, limit: int) -> tuple[str, int, int, int]:
    table = problem.limits
    return str(table.id[limit]), int(table.first[limit]), int(table.last[limit]), int(table.cap[limit])


def test_limits_by_span_of_months(page_snippet: Callable[[str], str], compiled: Build) -> None:
    problem = compiled(page_snippet("Limits by span of months"))
    assert [held(problem, limit) for limit in range(3)] == [
        ("casework 2024-01..2024-03", 0, 2, 20),
        ("casework 2024-04", 3, 3, 0),
        ("casework 2024-06..", 5, 11, 40),
    ]
    assert (problem.phases.monthly_limit[0] / WAN).tolist() == [5] * 2 + [30] * 10
    assert (problem.funds.monthly_limit[0] / WAN).tolist() == [-1 / WAN] * 11 + [10]


@pytest.mark.parametrize(
    ("stated", "limits"),
    [
        ("{..2024-02: 1, 2024-11..2025-03: 2}", [1, 1] + [-1] * 8 + [2, 2]),
        ("{2024-05: 7}", [-1] * 4 + [7] + [-1] * 7),
        ("{2023-06..2024-01: 3, 2024-02..: 0}", [3] + [0] * 11),
        ("9", [9] * 12),
    ],
)
def test_spans_are_cut_to_the_months_that_are_planned(stated: str, limits: list[int], compiled: Build) -> None:
    problem = compiled(f"moves: [{{from: treasury, to: other, monthly_limit: {stated}}}]\nfunds: [{{id: other}}]")
    yuan = [fen // FEN_PER_YUAN if fen >= 0 else -1 for fen in problem.moves.monthly_limit[0].tolist()]
    assert yuan == limits


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("{2024-01..2024-06: 20, 2024-06..: 40}", "overlap"),
        ("{2024-03: 20, ..2024-12: 40}", "overlap"),
        ("{2024-06..2024-01: 20}", "ends before it begins"),
        ("{2024-01..2024-01: 20}", "was expected as 2024-01"),
        ("{'..': 20}", "no span of months"),
        ("{first half: 20}", "is not a month"),
        ("{2024-01..2024-06: -1}", "negative"),
        ("{}", "empty"),
    ],
)
def test_spans_that_mean_nothing_or_two_things_are_refused(stated: str, said: str, compiled: Build) -> None:
    with pytest.raises(ScenarioError, match=said):
        compiled(f"throughput: [{{id: casework, per_month: {stated}}}]")


# --- money that lapses in part ----------------------------------------------------------------------------------


def test_carry_over_and_validity(page_snippet: Callable[[str], str], compiled: Build) -> None:
    funds = compiled(page_snippet("Carry-over and validity")).funds
    treasury, grant, two_years = range(3)
    assert funds.keeps[treasury].tolist() == [-1] * 11 + [20 * WAN]
    # At the close of March January's money lapses, at that of December October's.
    assert funds.valid_since[grant].tolist() == [-1, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    # Nothing lapses in 2024; the horizon ends with it.
    assert funds.valid_since[two_years].tolist() == [-1] * 12
    assert (funds.keeps[[grant, two_years]] == -1).all()
    assert (funds.valid_opening == 0).all()


def test_money_of_calendar_years_lapses_at_their_end(compiled: Build) -> None:
    funds = "funds: [{id: treasury, valid_years: 2}, {id: other, valid_years: 1}]"
    problem = compiled(f"start: 2024-03\nmonths: 36\n{funds}")
    ends = [9, 21, 33]
    for fund, since in ((0, [-1, 10, 22]), (1, [10, 22, 34])):
        assert problem.funds.valid_since[fund, ends].tolist() == since
        assert (np.delete(problem.funds.valid_since[fund], ends) == -1).all()


def test_all_that_is_kept_of_a_month_is_a_limit(compiled: Build) -> None:
    funds = compiled("funds: [{id: treasury, carry_over: month, carry_over_limit: 1万元, valid_months: 1}]").funds
    assert (funds.keeps == WAN).all()
    assert funds.valid_since[0].tolist() == list(range(1, 13))


# --- wishes for homes -------------------------------------------------------------------------------------------


def disutilities(problem: Problem, household: str) -> dict[str, float]:
    return {label: float(problem.offers.disutility[row]) for label, row in offers(problem, household).items()}


def test_ground_floor_for_the_elderly(page_snippet: Callable[[str], str], compiled: Build) -> None:
    problem = compiled(page_snippet("Ground floor for the elderly"))
    assert disutilities(problem, "H1") == {"E1/90": 5, "E1/90-low": 0, "E1/90-lift": 5}
    assert disutilities(problem, "H2") == {"E1/90-low": 0, "E1/90-lift": 0}
    assert disutilities(problem, "H3") == {"E1/90-lift": 0}


def limits(problem: Problem) -> dict[str, tuple[int, list[str]]]:
    """Cap of each limit by name, and what it counts, as "household: pool"."""
    table, offers = problem.limits, problem.offers
    counted = np.split(table.offers["offer"], table.offers.start[1:-1])
    return {
        name: (cap, [f"{problem.claims.household[offers.claim[o]]}: {offers.label[o]}" for o in some])
        for name, cap, some in zip(table.id.tolist(), table.cap.tolist(), counted, strict=True)
    }


def test_related_households(page_snippet: Callable[[str], str], scenario_of: Callable[[int | str], Scenario]) -> None:
    scenario = scenario_of(page_snippet("Related households"))
    problem = compile_problem(scenario)
    assert problem.claims.related.tolist() == ["Li", "Li", ""]
    assert limits(problem) == {
        "related/Li": (0, ["H1: E1/90", "H2: E1/90"]),  # E1 cannot take H2
        "related/Li/H1+H2/E2": (1, ["H1: E2/60", "H2: E3/60"]),
        "related/Li/H1+H2/E3": (1, ["H1: E3/60", "H2: E2/60"]),
    }
    # Both wait until 2024-03: 2 × 1,000 + 2 × 800; alone, H1 would have its own home in E1 at once.
    best = plan(scenario, gap=0)
    assert housed(best) == {"H1": ("E2/60", "2024-03"), "H2": ("E2/60", "2024-03"), "H3": ("E1/90", "2024-01")}
    assert (best.status, best.transition_fees) == ("optimal", 3_600)
    assert audit(scenario, best) == []


def housed(best: Plan) -> dict[str, tuple[str, str]]:
    return {row.household: (row.pool, row.month) for row in best.allocation.itertuples()}


def test_related_households_are_settled_apart_where_no_estate_can_take_them(
    page_snippet: Callable[[str], str], scenario_of: Callable[[int | str], Scenario]
) -> None:
    apart = page_snippet("Related households").replace("2024-03: 2", "2024-03: 1").replace("2024-06: 1, ", "")
    scenario = scenario_of(apart)
    problem = compile_problem(scenario)
    assert (set(problem.claims.related), len(problem.limits)) == ({""}, 0)
    best = plan(scenario, gap=0)
    assert housed(best) == {"H1": ("E1/90", "2024-01"), "H2": ("E2/60", "2024-03"), "H3": ("E1/90", "2024-01")}
    assert best.transition_fees == 1_600


UNITS = "units: [{type: A, on_hand: 2, area: 60}, {type: B, on_hand: 2, area: 60, tags: [lift, low]}]"
MEMBER = "households: [{id: H1, project: P1, area: 100, persons: 3, groups: [old, ill]}]"


@pytest.mark.parametrize(
    ("tags", "wishes", "found"),
    [
        # A tag of the estate is one of every home in it.
        ("[low]", "{id: w, groups: [old], tags: [low], only: true}", {"E1/A": 0, "E1/B": 0}),
        # Two wishes add up, each where it is not met.
        (
            "[]",
            "{id: w, groups: [old], types: [A], disutility: 2}, {id: v, groups: [ill], tags: [low], disutility: 0.5}",
            {"E1/A": 0.5, "E1/B": 2},
        ),
        # One that only asks for A, and one that only asks for a lift, leave nothing.
        (
            "[]",
            "{id: w, groups: [old], types: [A], only: true}, {id: v, groups: [ill], tags: [lift], only: true}",
            {},
        ),
        ("[]", "{id: w, groups: [ill, old], types: [A], tags: [lift], only: true}", {"E1/A": 0, "E1/B": 0}),
    ],
)
def test_wishes_of_groups(tags: str, wishes: str, found: dict[str, float], compiled: Build) -> None:
    change = f"{MEMBER}\nestates: [{{id: E1, tags: {tags}, {UNITS}}}]\nwishes: [{wishes}]\n"
    problem = compiled(change + "objective: {disutility_weight: 1}")
    assert disutilities(problem, "H1") == found


def test_of_a_bundle_one_home_meets_the_wish(compiled: Build) -> None:
    problem = compiled(f"""
        {MEMBER}
        estates: [{{id: E1, {UNITS}}}]
        home_policies: [{{id: h, max_homes: 2, maximum_above: 30}}]
        projects: [{{id: P1, home_policy: h}}]
        wishes: [{{id: w, groups: [old], tags: [low], disutility: 3}}]
        objective: {{disutility_weight: 1}}
    """)
    assert disutilities(problem, "H1") == {"E1/A;E1/A": 3, "E1/A;E1/B": 0, "E1/B;E1/B": 0}


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("{id: w, groups: [old], disutility: 1}", "neither `types` nor `tags`"),
        ("{id: w, groups: [old], types: [A]}", "neither `only` nor `disutility`"),
        ("{id: w, groups: [old], types: [A], only: true, disutility: 1}", "are not offered"),
        ("{id: w, groups: [young], types: [A], only: true}", "there is no household of the group 'young'"),
        ("{id: w, groups: [old], types: [C], only: true}", "there is no unit type 'C'"),
        ("{id: w, groups: [old], tags: [lo], only: true}", "did you mean 'low'"),
        ("{id: w, groups: [], types: [A], only: true}", "empty"),
    ],
)
def test_wishes_for_nothing_are_refused(wish: str, said: str, compiled: Build) -> None:
    with pytest.raises(ScenarioError, match=said):
        compiled(f"{MEMBER}\nestates: [{{id: E1, {UNITS}}}]\nwishes: [{wish}]")


def test_a_wish_that_no_objective_counts_is_warned_of(scenario_of: Callable[[int | str], Scenario]) -> None:
    change = f"{MEMBER}\nestates: [{{id: E1, {UNITS}}}]\nwishes: [{{id: w, groups: [old], types: [A], disutility: 1}}]"
    assert "no disutility counts in the objective" in str(scenario_of(change).warnings)
    counted = change + "\nobjective: {tiers: [{name: homes, goal: disutility}]}"
    assert "no disutility counts" not in str(scenario_of(counted).warnings)


def tail(problem: Problem, household: str, housed: int, month: int) -> int:
    row = np.flatnonzero(problem.claims.household == household)
    at = np.array([housed]), np.array([month])
    return int(problem.fees.tail_fen(row, *at, np.array([PERMILLE]))[0])


@pytest.mark.parametrize("terms", ["frequency: quarterly, in_advance: true, ", ""])
def test_a_tail_carries_on_a_fee_that_runs_also_where_nothing_accrues_in_the_month(compiled: Build, terms: str) -> None:
    change = f"""
        fee_policies: [{{id: standard, {terms}tail: 2, tail_multiplier: 1}}]
        households: [{{id: H1, prepaid: 2500}}, {{id: H2, moved_out: 2024-05}}]
    """
    problem = compiled(change)
    # H1 is housed in 2024-02: no fee falls due in it, by the quarter paid ahead or by what was paid too much.
    assert curve(problem, "H1", 3)[1] == 0
    assert tail(problem, "H1", 1, 3) == 100_000
    assert tail(problem, "H2", 1, 6) == 0  # before it moves out
    assert tail(problem, "H2", 5, 6) == 80_000
