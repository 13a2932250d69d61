"""Whom a planner should look at, by hand."""

from pathlib import Path

import pytest
from tests.problem.dossiers.stating import stated

from renewopt.problem import compile_problem
from renewopt.problem.dossiers import Notice, last_months, notice_households


def notices(change: str, folder: Path) -> list[Notice]:
    scenario = stated(change, folder)
    return notice_households(compile_problem(scenario), scenario)


def test_nobody(tmp_path: Path) -> None:
    assert notices("estates: [{id: E, projects: [P], units: [{type: a, on_hand: 1}]}]", tmp_path) == []


def test_no_offer_by_reason_the_most_households_first(tmp_path: Path) -> None:
    found = notices(
        """
        households:
          - {id: A, routes: [voucher]}
          - {id: B, project: P, area: 10, routes: [cash]}
          - {id: C, project: P, area: 10, routes: [cash], count: 5}
          - {id: D, project: P, area: 10, homes: 2}
        estates: [{id: E, projects: [P], units: [{type: a, on_hand: 9}]}]
        """,
        tmp_path,
    )
    assert [(each.kind, each.households, each.count) for each in found] == [
        ("no_offer", ("B", "C"), 6),
        ("no_offer", ("A",), 1),
    ]
    assert found[0].reason == "it accepts only cash; no cash programme is open to project P"


def test_offers_none_of_which_can_be_had(tmp_path: Path) -> None:
    found = notices(
        """
        households: [{id: A}, {id: B, project: P, area: 10, homes: 2}]
        estates:
          - {id: E, projects: [P], units: [{type: a}, {type: b}, {type: c, arrivals: {2025-01: 4}}]}
        """,
        tmp_path,
    )
    assert [(each.kind, each.households, each.count) for each in found] == [("never", ("A", "B"), 2)]
    assert found[0].reason == (
        "E/a, E/b: too few homes are in stock or to come; E/c: its homes are there from 2025-01 on, later than it can "
        "be chosen for"
    )


BELOW = """
home_policies: [{{id: q, max_homes: 2, basis: person, per_basis: 50}}]
projects: [{{id: P, home_policy: q}}]
households: [{{id: A, persons: {persons}}}]
estates:
  - id: E
    projects: [P]
    units: [{{type: a, area: 60, on_hand: 5}}, {{type: b, area: 90, on_hand: 5}}, {{type: c, area: 120, on_hand: 1}}]
"""


@pytest.mark.parametrize(("persons", "below"), [(6, True), (5, True), (4, False), (1, False)])
def test_the_largest_home_is_smaller_than_what_is_due(persons: int, below: bool, tmp_path: Path) -> None:
    # One c only: at most 120 + 90 = 210 m².
    found = notices(BELOW.format(persons=persons), tmp_path)
    assert [(each.kind, each.households) for each in found] == ([("below", ("A",))] if below else [])


def test_an_entitlement_out_of_reach(tmp_path: Path) -> None:
    # 300 m² due to six persons, and two homes of at most 120 m² each.
    change = """
    home_policies:
      - id: q50
        basis: person
        per_basis: 50
        max_homes: 2
        within_price: 4000
        above: [{up_to: 15, yuan_per_m2: 4000}, {up_to: 30, yuan_per_m2: 6000}]
        maximum_above: 30
        into: f
    projects: [{id: P, home_policy: q50}]
    households: [{id: A, area: 300, persons: 6}, {id: B, project: P, area: 9, persons: 4}]
    estates:
      - id: E
        projects: [P]
        units: [{type: a, area: 60, on_hand: 5}, {type: b, area: 90, on_hand: 5}, {type: c, area: 120, on_hand: 5}]
    """
    assert [(each.kind, each.households) for each in notices(change, tmp_path)] == [("below", ("A",))]


def test_a_voucher_is_below_nothing(tmp_path: Path) -> None:
    assert notices(BELOW.format(persons=6) + "vouchers: [{id: V, price: 100}]", tmp_path) == []


@pytest.mark.parametrize(("months", "last"), [(12, 2), (10, 1), (36, 4), (60, 6), (1, 1), (120, 12)])
def test_the_last_months_are_a_tenth(months: int, last: int) -> None:
    assert last_months(months) == last


@pytest.mark.parametrize(("month", "late"), [("2024-10", False), ("2024-11", True), ("2024-12", True)])
def test_housed_in_the_last_months_at_the_earliest(month: str, late: bool, tmp_path: Path) -> None:
    found = notices(f"estates: [{{id: E, projects: [P], units: [{{type: a, arrivals: {{{month}: 1}}}}]}}]", tmp_path)
    assert [(each.kind, each.households) for each in found] == ([("late", ("A",))] if late else [])
