"""Homes that meet an entitlement: what is listed, how near they come, and several homes that count as one household."""

from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt import Scenario, ScenarioError, load, plan
from renewopt.problem import LineKind, Problem, compile_problem
from renewopt.problem.compiling.portions import sizes_together

CASES = Path(__file__).parent / "cases"


def made(**changes: Any) -> Problem:
    """A household of 150 m² due, homes of 60, 90 and 120 m² in one estate."""
    policy = {"id": "q", "above": [{"yuan_per_m2": 1000}], "into": "f", **changes.pop("policy", {})}
    household = {"id": "A", "project": "P", "area": 150, **changes.pop("household", {})}
    units = [{"type": name, "area": int(name), "on_hand": 5} for name in changes.pop("types", ("60", "90", "120"))]
    sections = {
        "name": "Entitlement",
        "start": "2024-01",
        "months": 12,
        "fee_policies": [{"id": "p", "rate": 10, "term": 24}],
        "home_policies": [policy],
        "projects": [{"id": "P", "moved_out": "2021-01", "home_policy": "q", "routes": ["own_unit"]}],
        "households": [household],
        "estates": [{"id": "E", "projects": ["P"], "units": units}],
        "funds": [{"id": "f", "opening": 1_000_000}],
        **changes,
    }
    return compile_problem(Scenario.model_validate(sections))


def labels(problem: Problem) -> list[str]:
    return [str(label).replace("E/", "").replace(";", "+") for label in problem.offers.label]


def top_ups(problem: Problem) -> list[float]:
    lines = problem.offers.lines
    paid = np.zeros(len(problem.offers))
    np.subtract.at(paid, lines.row, np.where(lines["kind"] == LineKind.top_up, lines["fen"], 0))
    return (paid / 100).tolist()


def case(name: str) -> Problem:
    return compile_problem(load(CASES / f"{name}.yaml"))


# --- bounds


@pytest.mark.parametrize(
    "bound", [{"persons_from": 1}, {"persons_to": 9}, {"minimum_per_person": 1}, {"maximum_per_person": 99}]
)
def test_persons_are_needed_only_where_a_bound_depends_on_them(bound: dict[str, Any]) -> None:
    limits = {"minimum": 160, "maximum": 180}
    for area, due in ((150, 160), (170, 170), (200, 180)):
        problem = made(household={"area": area}, policy={"bounds": [limits]})
        assert problem.claims.due.tolist() == [due * 10_000]
    with pytest.raises(ScenarioError, match="no persons are stated, by which the home policy q sets bounds"):
        made(policy={"bounds": [{**limits, **bound}]})
    made(policy={"bounds": [{**limits, **bound}]}, household={"area": 150, "persons": 3})
    made(policy={"bounds": [{**limits, **bound}]}, household={"area": 150, "entitlement": 150})


# --- what is listed


def test_a_type_that_never_comes_is_not_listed() -> None:
    assert labels(case("unlisted_bundle")) == ["c+c"]


@pytest.mark.parametrize(
    ("small", "large", "expected"),
    [
        ({"on_hand": 2}, {"on_hand": 1}, ["a+a"]),
        ({"on_hand": 1}, {"on_hand": 1}, ["b"]),  # one home of a is no pair of them
        ({"on_hand": 1, "arrivals": {"2024-12": 1}}, {"on_hand": 1}, ["a+a"]),
        ({"on_hand": 1, "arrivals": {"2025-01": 1}}, {"on_hand": 1}, ["b"]),
        ({}, {"arrivals": {"2024-12": 1}}, ["b"]),
        ({"on_hand": 1}, {}, ["a"]),  # below: there is nothing larger
        ({}, {}, []),
    ],
)
def test_the_smallest_that_is_in_stock_or_to_come_is_offered(
    small: dict[str, Any], large: dict[str, Any], expected: list[str]
) -> None:
    units = [{"type": "a", "area": 25, **small}, {"type": "b", "area": 70, **large}]
    estates = [{"id": "E", "projects": ["P"], "units": units}]
    assert labels(made(household={"area": 50}, policy={"max_homes": 2}, estates=estates)) == expected


def test_where_no_home_is_allowed_nothing_is_offered() -> None:
    assert labels(case("no_offer_no_word")) == []


# --- how near homes come


def test_what_no_listed_home_reaches_is_the_largest_there_is_and_the_tables_say_so() -> None:
    problem = case("entitlement_out_of_reach")
    assert labels(problem) == ["c+c"]
    assert (problem.claims.due.tolist(), problem.offers.given.tolist()) == ([3_000_000], [2_400_000])
    assert not (problem.offers.lines["kind"] == LineKind.refund).any()


def test_what_it_lacks_is_refunded_as_stated() -> None:
    problem = made(policy={"refund": 2000}, household={"area": 200})
    assert labels(problem) == ["120"]
    assert problem.offers.lines["fen"].tolist() == [80 * 2000_00]
    assert problem.offers.lines["kind"].tolist() == [LineKind.refund]


def test_a_home_below_goes_where_another_estate_has_one_that_reaches() -> None:
    estates = [
        {"id": name, "projects": ["P"], "units": [{"type": "t", "area": size, "on_hand": 1}]}
        for name, size in (("E", 140), ("F", 155), ("G", 130))
    ]
    assert labels(made(estates=estates)) == ["F/t"]
    assert labels(made(estates=[estates[0], estates[2]])) == ["t"]
    assert labels(made(estates=estates, policy={"maximum_below": 10})) == ["t", "F/t"]


def test_without_rounding_up_no_home_is_offered_below_the_entitlement_unless_a_range_is_stated() -> None:
    assert labels(case("below_entitlement")) == ["a+b"]
    free = {"round_up": False, "max_homes": 2, "pays_up_to": 1_000_000}
    assert labels(made(policy=free)) == ["60+90", "60+120", "90+90", "90+120", "120+120"]
    assert labels(made(policy={**free, "maximum_above": 30})) == ["60+90", "60+120", "90+90"]
    ranged = {**free, "maximum_above": 30, "maximum_below": 30}
    assert labels(made(policy=ranged)) == ["120", "60+60", "60+90", "60+120", "90+90"]
    assert labels(made(policy={**ranged, "maximum_below": 29.9999})) == ["60+90", "60+120", "90+90"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"max_homes": 2}, ["60+90"]),
        ({"max_homes": 2, "choice_above": 29}, ["60+90"]),
        ({"max_homes": 2, "choice_above": 30}, ["60+90"]),  # dearer, and it does not consent
        ({"max_homes": 2, "choice_above": 30, "pays_up_to": 30_000}, ["60+90", "60+120", "90+90"]),
        ({"max_homes": 2, "choice_above": 30, "above": []}, ["60+90", "60+120", "90+90"]),  # for nothing
        ({"max_homes": 2, "choice_above": 60, "above": [], "maximum_above": 30}, ["60+90", "60+120", "90+90"]),
        ({"max_homes": 1, "choice_above": 30, "above": []}, ["120"]),
    ],
)
def test_the_household_may_choose_any_home_up_to_so_much_above(policy: dict[str, Any], expected: list[str]) -> None:
    assert labels(made(policy=policy)) == expected


@pytest.mark.parametrize(
    ("homes", "due", "expected"),
    [
        (3, 170, ["60+60+60"]),
        (3, 400, ["120+120+120"]),
        (4, 390, ["60+90+120+120", "90+90+90+120"]),
        (4, 475, ["120+120+120+120"]),
    ],
)
def test_bundles_of_up_to_four(homes: int, due: int, expected: list[str]) -> None:
    found = labels(made(policy={"max_homes": homes}, household={"area": due}))
    assert set(expected) <= set(found)
    sizes = {sum(int(size) for size in label.split("+")) for label in found}
    assert len(sizes) == 1
    assert all(label.count("+") < homes for label in found)


def test_no_bundle_takes_more_homes_than_there_are() -> None:
    units = [{"type": "60", "area": 60, "on_hand": 3}]
    estates = [{"id": "E", "projects": ["P"], "units": units}]
    assert labels(made(estates=estates, policy={"max_homes": 4}, household={"area": 230})) == ["60+60+60"]


def test_many_bundles_for_many_households() -> None:
    units = [{"type": f"t{n}", "area": 40 + 3.7 * n, "on_hand": 500} for n in range(14)]
    households = [{"id": f"H{n}", "project": "P", "area": 100 + (n % 60)} for n in range(3_000)]
    problem = made(
        estates=[{"id": "E", "projects": ["P"], "units": units}], policy={"max_homes": 4}, households=households
    )
    assert len(np.unique(problem.offers.claim)) == 3_000


# --- several homes of one household


def test_several_homes_count_as_one_household_in_the_bands() -> None:
    scenario = load(CASES / "bands_by_claim.yaml")
    problem = compile_problem(scenario)
    assert labels(problem) == ["b", "b", "b"]
    assert sum(top_ups(problem)) == 1_090_000
    assert problem.claims.due.sum() == 2_500_000
    found = plan(scenario, gap=0)
    assert found.settled == 1


@pytest.mark.parametrize(
    ("due", "homes", "above", "expected", "paid"),
    [
        # 230 m²: three of 90 would be 270, and too large; 240 is there.
        (230, 3, 30, ["60", "90", "90"], 10 * 1000),
        (230, 3, 5, ["60", "60", "90"], 0),  # 210: nothing within 5 m² above
        (185, 2, 30, ["90", "120"], 15 * 1000 + 10 * 2000),
        (300, 2, 30, ["120", "120"], 0),
        (100, 2, 30, ["60", "60"], 15 * 1000 + 5 * 2000),
        (480, 4, 0, ["120"] * 4, 0),
    ],
)
def test_their_sizes_together_come_nearest_to_what_is_due(
    due: int, homes: int, above: int, expected: list[str], paid: int
) -> None:
    bands = [{"up_to": 15, "yuan_per_m2": 1000}, {"up_to": 30, "yuan_per_m2": 2000}]
    problem = made(policy={"above": bands, "maximum_above": above}, household={"area": due, "homes": homes})
    assert problem.offers.claim.tolist() == list(range(homes))
    assert labels(problem) == expected
    assert sum(top_ups(problem)) == paid
    assert problem.claims.due.sum() == due * 10_000


def test_consent_is_of_all_homes_together() -> None:
    # Two homes, 120 m² due: 60 each for nothing in E; 90 each in F cost 60 × 1,000 together.
    estates = [
        {"id": name, "projects": ["P"], "units": [{"type": "t", "area": size, "on_hand": 5}]}
        for name, size in (("E", 60), ("F", 90))
    ]
    for yuan, expected in ((59_999, ["t", "t"]), (60_000, ["t", "F/t", "t", "F/t"])):
        problem = made(estates=estates, household={"area": 120, "homes": 2, "pays_up_to": yuan})
        assert labels(problem) == expected


def test_homes_of_equal_parts_where_nothing_is_listed() -> None:
    problem = made(household={"homes": 4}, policy={"maximum_above": 5}, types=("300",))
    assert problem.claims.due.tolist() == [375_000] * 4
    assert labels(problem) == []


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True),
    st.integers(1, 4),
    st.integers(1, 260),
    st.integers(0, 40),
)
def test_sizes_are_the_nearest_of_all(sizes: list[int], homes: int, due: int, above: int) -> None:
    sizes.sort()
    (found,) = sizes_together(np.array(sizes, dtype=np.int64), homes, [due], [due + above])
    every = list(combinations_with_replacement(sizes, homes))
    assert found is not None
    assert tuple(found) in every
    reaching = [sum(each) for each in every if due <= sum(each) <= due + above]
    below = [sum(each) for each in every if sum(each) < due]
    best = min(reaching) if reaching else max(below, default=homes * sizes[0])
    assert sum(found) == best
    # Each home is the smallest of its size that reaches its part of what is due.
    if reaching:
        for size in found:
            part = Fraction(due * size, best)
            assert min(each for each in sizes if each >= part) == size


def test_where_there_are_too_many_sums_homes_are_of_equal_parts() -> None:
    sizes = np.unique(np.random.default_rng(1).integers(300_000, 2_000_000, 3_000))
    assert sizes_together(sizes, 6, [5_000_000], [6_000_000]) == [None]
