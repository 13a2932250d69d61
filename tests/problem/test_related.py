"""Which estates can take related households, and the limits that keep them in one."""

from collections.abc import Callable

import numpy as np
import pytest

from renewopt import Scenario
from renewopt.problem import Problem, compile_problem
from renewopt.problem.compiling.households import resolve
from renewopt.problem.compiling.order import in_order
from renewopt.problem.compiling.related import Group, find_groups

Build = Callable[[int | str], Problem]
CASE = """
households:
  - {id: H1, related: Li}
  - {id: H2, related: Li}
estates:
  - {id: E1, units: [{type: a, on_hand: 2}]}
  - {id: E2, projects: [], units: [{type: a, on_hand: 2}]}
  - {id: E3, projects: [], units: [{type: a, on_hand: 1}, {type: b, on_hand: 1}]}
"""


def groups(scenario: Scenario) -> tuple[Problem, list[Group]]:
    problem = compile_problem(scenario)
    return problem, find_groups(problem, resolve(in_order(scenario)).related)


def limits(problem: Problem) -> dict[str, int]:
    return dict(zip(problem.limits.id.tolist(), problem.limits.cap.tolist(), strict=True))


def edited(*edits: tuple[str, str]) -> str:
    text = CASE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def test_an_estate_with_a_home_for_each_can_take_them(scenario_of: Callable[[int | str], Scenario]) -> None:
    problem, (group,) = groups(scenario_of(CASE))
    # One home of E1 is kept for H1 and the other is open to H2; in E3 one takes a, the other b.
    assert (group.name, group.able, group.roomy) == ("Li", (0, 1), ("E1", "E2", "E3"))
    assert limits(problem) == {f"related/Li/{pair}/{place}": 1 for pair in ("H1+H2", "H2+H1") for place in group.roomy}
    assert all(sorted(set(some.tolist())) == some.tolist() for some in np.split(
        problem.limits.offers["offer"], problem.limits.offers.start[1:-1]))  # fmt: skip


def test_homes_are_closed_where_they_do_not_suffice_for_all(scenario_of: Callable[[int | str], Scenario]) -> None:
    problem, (group,) = groups(scenario_of(edited((", {type: b, on_hand: 1}", ""))))
    assert (group.roomy, group.lacking["E3"]) == (("E1", "E2"), ())
    assert limits(problem) == {"related/Li": 0, "related/Li/H1+H2/E1": 1, "related/Li/H1+H2/E2": 1}


@pytest.mark.parametrize(
    ("change", "roomy"),
    [
        ("surplus: 0", ("E2", "E3")),  # none is open to H2
        ("surplus: 1", ("E1", "E2", "E3")),
    ],
)
def test_homes_that_are_never_open_to_one_of_them(
    scenario_of: Callable[[int | str], Scenario], change: str, roomy: tuple[str, ...]
) -> None:
    text = edited(("E1, units: [{type: a, on_hand: 2}]", f"E1, units: [{{type: a, on_hand: 2, {change}}}]"))
    _, (group,) = groups(scenario_of(text))
    assert group.roomy == roomy


def test_homes_that_come_too_late_for_one_of_them(scenario_of: Callable[[int | str], Scenario]) -> None:
    text = edited(
        ("H1, related: Li", "H1, related: Li, deadline: 2024-03"),
        ("a, on_hand: 2}]}\n  - {id: E3", "a, arrivals: {2024-04: 2}}]}\n  - {id: E3"),
    )
    _, (group,) = groups(scenario_of(text))
    assert (group.roomy, group.lacking) == (("E1", "E3"), {"E1": (), "E2": (0,), "E3": ()})


def test_a_row_kept_together_needs_homes_for_all_of_it(scenario_of: Callable[[int | str], Scenario]) -> None:
    text = edited(
        ("H2, related: Li", "H2, count: 2, indivisible: true, related: Li"),
        ("on_hand: 2}]}\n  - {id: E3", "on_hand: 3}]}\n  - {id: E3"),
    )
    problem, (group,) = groups(scenario_of(text))
    assert group.roomy == ("E2",)
    assert limits(problem) == {"related/Li": 0}


def test_with_rows_kept_together_a_pair_is_as_many_as_the_larger(scenario_of: Callable[[int | str], Scenario]) -> None:
    text = edited(("H2, related: Li", "H2, count: 2, indivisible: true, related: Li"), ("on_hand: 2}", "on_hand: 9}"))
    problem, (group,) = groups(scenario_of(text))
    assert group.roomy == ("E1", "E2")
    assert limits(problem) == {"related/Li": 0, "related/Li/H1+H2/E1": 2, "related/Li/H1+H2/E2": 2}


def test_who_can_be_given_no_home_does_not_count(scenario_of: Callable[[int | str], Scenario]) -> None:
    text = edited(
        (
            "  - {id: H2, related: Li}",
            "  - {id: H2, related: Li}\n  - {id: H3, project: P1, area: 9, related: Li, routes: [cash]}",
        )
    )
    problem, (group,) = groups(scenario_of(text))
    assert (group.able, group.kept, len(group.homes)) == ((0, 1), True, 3)
    assert problem.claims.related.tolist() == ["Li"] * 3


@pytest.mark.parametrize("routes", ["[cash]", "[voucher, cash]"])
def test_one_who_can_be_given_a_home_is_no_group(scenario_of: Callable[[int | str], Scenario], routes: str) -> None:
    problem, (group,) = groups(scenario_of(edited(("H2, related: Li", f"H2, related: Li, routes: {routes}"))))
    assert (group.able, group.kept) == ((0,), False)
    assert (set(problem.claims.related), len(problem.limits)) == ({""}, 0)


def test_a_quote_of_homes_in_two_estates_is_closed(compiled: Build) -> None:
    text = (
        CASE
        + """
quotes:
  - {household: H1, route: transfer, label: both, price: 1, stock: "E1/a: 1; E2/a: 1"}
"""
    )
    problem = compiled(text)
    closed = problem.limits.offers.take(np.array([problem.limits.id.tolist().index("related/Li")]))["offer"]
    assert problem.offers.label[closed].tolist() == ["both"]


def test_words_of_other_groups_do_not_meet(compiled: Build) -> None:
    li, wu = "  - {id: H2, related: Li}\n", "  - {id: H%d, project: P1, area: 9, related: Wu}\n"
    text = edited((li, li + wu % 3 + wu % 4), ("on_hand: 2}", "on_hand: 9}"))
    problem = compiled(text)
    assert sorted(set(problem.claims.related)) == ["Li", "Wu"]
    for name, counted in zip(
        problem.limits.id, np.split(problem.limits.offers["offer"], problem.limits.offers.start[1:-1]), strict=True
    ):
        assert set(problem.claims.related[problem.offers.claim[counted]]) == {name.split("/")[1]}
