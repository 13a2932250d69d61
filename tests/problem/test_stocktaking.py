"""The stock-taking, by hand, over the scenario of docs/rules.md."""

from collections.abc import Callable

import pytest

from renewopt import Scenario
from renewopt.problem import Inventory, compile_problem, take_stock


@pytest.fixture
def stock(scenario_of: Callable[[int | str], Scenario]) -> Callable[[str], Inventory]:
    def take(change: str) -> Inventory:
        scenario = scenario_of(change)
        return take_stock(compile_problem(scenario), scenario)

    return take


def test_homes_by_state(stock: Callable[[str], Inventory]) -> None:
    taken = stock("""
        estates:
          - id: E1
            units: [{type: "90", on_hand: 3, arrivals: {2024-01: 1, 2024-05: 2}}]
            phases:
              - {id: a, cost: 100, progress: 40%, delivers: {"90": 5}}
              - {id: b, cost: 100, delivers: {"90": 7}}
        developers: [{id: D1, homes: {on_hand: 9}}]
    """)
    row = taken.homes.iloc[0].to_dict()
    assert row == {
        "estate": "E1",
        "type": "90",
        "measure": "homes",
        "on_hand": 4,
        "arriving": 2,
        "under_construction": 5,
        "not_started": 7,
        "surplus": 17,
    }
    assert taken.homes["type"].tolist() == ["90", ""]
    assert taken.homes["surplus"].isna().tolist() == [False, True]
    assert taken.phases["progress"].tolist() == [0.4, 0]
    assert taken.phases["cost_left"].tolist() == [60, 100]


def test_households_by_overdue_band_count_once(stock: Callable[[str], Inventory]) -> None:
    taken = stock("""
        fee_policies: [{id: standard, term: 12}]
        households:
          - {id: H1, homes: 2}
          - {id: B, project: P1, area: 1, count: 5, moved_out: 2022-02}
          - {id: C, project: P1, area: 1, count: 7, moved_out: 2022-01}
          - {id: D, project: P1, area: 1, count: 11, moved_out: 2021-01}
          - {id: E, project: P1, area: 1, count: 13, moved_out: 2021-02}
    """)
    # H1 is in overdue month 1, B in month 12, C in month 13, E in month 24, D in month 25.
    assert taken.waiting.iloc[0].tolist() == ["P1", 0, 6, 20, 11, 37]
    assert taken.waiting.iloc[1].tolist() == ["P2", 1, 0, 0, 0, 1]


def test_fees_if_nothing_is_done(stock: Callable[[str], Inventory]) -> None:
    taken = stock("""
        months: 4
        fee_policies: [{id: standard, term: 14, overdue: [{multiplier: 1.5}]}]
        arrears: [{project: P2, amount: 99.5}]
    """)
    assert taken.series["month"].tolist() == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert taken.series["ordinary"].tolist() == [1800, 1800, 800, 800]
    assert taken.series["overdue"].tolist() == [0, 0, 1500, 1500]
    assert taken.series["growth"].tolist()[1:] == [0, 500, 0]
    assert taken.bill["total"].tolist() == [1000, 800]
    assert taken.arrears.to_dict("list") == {"need": ["fees/P2"], "owed": [99.5]}
    assert taken.money_runs_out is None


def test_the_month_in_which_money_runs_out(stock: Callable[[str], Inventory]) -> None:
    change = """
        funds:
          - {id: treasury, opening: 10000}
          - {id: works, opening: 500, uses: [commitments]}
        commitments: [{id: roads, by_month: {2024-02: 2900}}]
    """
    # 1,800 a month: 8,200; of 2,900 for roads, works pays 500: 4,000; 2,200; 400; then 1,400 are missing.
    taken = stock(change)
    assert taken.series["left"].tolist()[:5] == [8200, 4000, 2200, 400, 0]
    assert taken.series["short"].tolist()[:6] == [0, 0, 0, 0, 1400, 1800]
    assert taken.money_runs_out == "2024-05"


def test_money_that_lapses_and_a_developer_that_pays(stock: Callable[[str], Inventory]) -> None:
    taken = stock("""
        fee_policies: [{id: standard, frequency: quarterly, paid_by: {developer: D1, advance: 50%, recovered: 0}}]
        developers: [{id: D1}]
        funds: [{id: treasury, opening: 2000, carry_over: month, inflow: {monthly: 1000}}]
    """)
    assert taken.series["due"].tolist()[:6] == [0, 0, 2700, 0, 0, 2700]
    assert taken.series["left"].tolist()[:3] == [0, 0, 0]
    assert taken.money_runs_out == "2024-03"
