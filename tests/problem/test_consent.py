"""Who pays more than it must: only households that consent, and of a right to switch only those who use it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from tests.conftest import full_count
from tests.problem.test_offers_tables import all_homes, consenting, districts, least_paid

from renewopt import Scenario, load, plan
from renewopt.problem import LineKind, Problem, compile_problem

CASES = Path(__file__).parent / "cases"

BASE: dict[str, Any] = {
    "name": "Consent",
    "start": "2024-01",
    "months": 12,
    "fee_policies": [{"id": "p", "rate": 10, "term": 24, "overdue": [{"multiplier": 2}]}],
    "home_policies": [{"id": "q", "above": [{"yuan_per_m2": 1000}], "into": "f"}],
    "projects": [{"id": "P", "moved_out": "2021-01", "home_policy": "q", "routes": ["own_unit", "transfer"]}],
    "households": [{"id": "A", "project": "P", "area": 50}],
    "estates": [
        {"id": "E", "projects": ["P"], "units": [{"type": "50", "area": 50, "on_hand": 1}]},
        {"id": "F", "open_to": "all", "units": [{"type": "60", "area": 60, "on_hand": 9}]},
    ],
    "funds": [{"id": "f", "opening": 1_000_000}],
}


def offered(problem: Problem, household: str = "A") -> list[str]:
    mine = problem.claims.household[problem.offers.claim] == household
    return [str(label) for label in problem.offers.label[mine]]


def compiled(**sections: Any) -> Problem:
    return compile_problem(Scenario.model_validate({**BASE, **sections}))


def household(**cells: Any) -> dict[str, Any]:
    return {"households": [{"id": "A", "project": "P", "area": 50, **cells}]}


def with_estate(**keys: Any) -> dict[str, Any]:
    return {"estates": [{**BASE["estates"][0], **keys}, BASE["estates"][1]]}


def test_no_household_is_moved_past_its_own_free_home_to_pay_for_another() -> None:
    scenario = load(CASES / "topup_as_lever.yaml")
    problem = compile_problem(scenario)
    assert offered(problem, "LowIncome") == ["E/45", "V"]
    found = plan(scenario, gap=0)
    waits = found.allocation.set_index("household")["route"]
    assert waits["Big"] == "waiting"
    assert (found.funds["amount"][found.funds["use"] == "homes"] <= 0).all()
    assert not (problem.offers.lines["kind"] == LineKind.top_up).any()
    frame = scenario.households.copy()
    frame.at[int(np.flatnonzero(frame["id"] == "LowIncome")[0]), "routes"] = ("own_unit", "transfer")
    found = plan(scenario.model_copy(update={"households": frame}), gap=0)
    assert found.allocation.set_index("household")["pool"].to_dict() == {"LowIncome": "E/45", "Big": ""}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ["E/50"]),
        ({"pays_up_to": 9_999.99}, ["E/50"]),
        ({"pays_up_to": 10_000}, ["E/50", "F/60"]),
        ({"pays_up_to": 10_000, "consent_share": 0.99}, ["E/50"]),
        ({"pays_up_to": 10_000, "count": 3, "consent_share": 0.3}, ["E/50"]),
        ({"pays_up_to": 10_000, "count": 3, "consent_share": 0.34}, ["E/50", "F/60"]),
        ({"pays_up_to": 10_000, "count": 3, "consent_share": 0.34, "indivisible": True}, ["E/50", "F/60"]),
        ({"unit_types": "60"}, ["F/60"]),
        ({"estates": "F"}, ["F/60"]),
    ],
)
def test_dearer_homes_are_offered_to_those_who_consent(cells: dict[str, Any], expected: list[str]) -> None:
    assert offered(compiled(**household(**cells))) == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ({"on_hand": 0}, ["F/60"]),
        ({"on_hand": 0, "arrivals": {"2024-12": 1}}, ["E/50"]),
        ({"on_hand": 0, "arrivals": {"2025-01": 1}}, ["F/60"]),
    ],
)
def test_what_never_comes_sets_no_measure(unit: dict[str, Any], expected: list[str]) -> None:
    assert offered(compiled(**with_estate(units=[{"type": "50", "area": 50, **unit}]))) == expected


def test_homes_may_come_after_the_horizon_for_those_who_are_housed_then() -> None:
    units = [{"type": "50", "area": 50, "arrivals": {"2025-02": 1}}]
    assert offered(compiled(**with_estate(units=units, housed_after=1))) == ["F/60"]
    sections = with_estate(units=units, housed_after=2)
    assert offered(compiled(**sections)) == ["E/50"]
    found = plan(Scenario.model_validate({**BASE, **sections}), gap=0)
    assert found.allocation["month"].tolist() == ["2024-12"]


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ({}, ["E/50"]),
        ({"earliest": "2025-01"}, ["F/60"]),
        ({"handover_lag": 11}, ["E/50"]),
        ({"handover_lag": 12}, ["F/60"]),
        ({"monthly_limit": 10, "handover_lag": 2}, ["E/50"]),  # ten months of paying, the last in 2024-10
        ({"monthly_limit": 10, "handover_lag": 3}, ["F/60"]),
    ],
)
def test_a_phase_counts_where_it_can_be_finished_within_the_horizon(phase: dict[str, Any], expected: list[str]) -> None:
    units = [{"type": "50", "area": 50}]
    built = {"id": "1", "cost": 100, "delivers": {"50": 1}, **phase}
    assert offered(compiled(**with_estate(units=units, phases=[built]))) == expected


def test_a_home_that_transfer_may_not_take_sets_no_measure() -> None:
    # The cheap home is another project's own, and all of them are due to it.
    sections = {
        "projects": [*BASE["projects"], {"id": "Q", "moved_out": "2021-01", "home_policy": "q"}],
        "households": [{"id": "A", "project": "P", "area": 50}, {"id": "B", "project": "Q", "area": 50}],
        "estates": [
            {"id": "E", "projects": ["Q"], "units": [{"type": "50", "area": 50, "on_hand": 1}]},
            {"id": "F", "projects": ["P"], "units": [{"type": "60", "area": 60, "on_hand": 9}]},
        ],
    }
    assert offered(compiled(**sections)) == ["F/60", "E/50"]
    sections["estates"][0]["units"][0]["on_hand"] = 2
    assert offered(compiled(**sections)) == ["E/50"]


def test_consent_by_the_home_policy_holds_where_the_row_says_nothing() -> None:
    policy = {**BASE["home_policies"][0], "pays_up_to": 10_000}
    assert offered(compiled(home_policies=[policy])) == ["E/50", "F/60"]
    assert offered(compiled(home_policies=[policy], **household(pays_up_to=0))) == ["E/50"]


def test_of_a_cohort_no_more_than_consent_pay_more() -> None:
    sections = household(pays_up_to=10_000, count=10, consent_share=0.35)
    found = plan(Scenario.model_validate({**BASE, **sections}), gap=0)
    counts = found.allocation.groupby("pool")["count"].sum().to_dict()
    assert counts == {"": 6, "E/50": 1, "F/60": 3}


def test_quotes_are_the_planners_word() -> None:
    quotes = [{"household": "A", "route": "own_unit", "label": "villa", "price": 0}]
    assert offered(compiled(quotes=quotes)) == ["E/50", "villa"]


RIGHT = {"after_overdue": 2, "routes": ["transfer"]}


def switching(**keys: Any) -> dict[str, Any]:
    project = {**BASE["projects"][0], "routes": ["own_unit"], "switch_rights": [{**RIGHT, **keys}]}
    return {"projects": [project], **household(count=5, area=60), **with_estate(units=[{"type": "e", "area": 60}])}


@pytest.mark.parametrize(("share", "most"), [(0, 0), (0.19, 0), (0.2, 1), (0.5, 2), (1, 5)])
def test_rights_to_switch_are_used_by_the_stated_share(share: float, most: int) -> None:
    found = plan(Scenario.model_validate({**BASE, **switching(switch_share=share)}), gap=0)
    assert found.settled == most


def test_a_right_that_nobody_says_is_used_is_warned_of() -> None:
    scenario = Scenario.model_validate({**BASE, **switching()})
    assert offered(compile_problem(scenario)) == []
    said = [str(warning) for warning in scenario.warnings if "switch_rights" in warning.key]
    assert len(said) == 1
    assert "no household is expected to use this right" in said[0]
    for stated in (switching(switch_share=0), {**switching(), **household(routes="own_unit;transfer")}):
        quiet = Scenario.model_validate({**BASE, **stated})
        assert not [warning for warning in quiet.warnings if "switch_rights" in warning.key]


def test_a_cheaper_home_by_a_right_sets_no_measure_for_those_who_do_not_use_it() -> None:
    project = {**BASE["projects"][0], "routes": ["own_unit"], "switch_rights": [{**RIGHT, "switch_share": 0.5}]}
    dear = {"id": "E", "projects": ["P"], "units": [{"type": "70", "area": 70, "on_hand": 9}]}
    problem = compiled(projects=[project], estates=[dear, BASE["estates"][1]], **household(count=4))
    assert offered(problem) == ["E/70", "F/60"]


@pytest.mark.slow
@settings(max_examples=full_count(30, 500))
@given(districts())
def test_no_plan_charges_more_than_the_least_without_consent(district: dict[str, Any]) -> None:
    scenario = Scenario.model_validate(district)
    found = plan(scenario, gap=0.05)
    rows = {row["id"]: row for row in district["households"]}
    homes = all_homes(district)
    least = {key: least_paid(district, rows[key[0]], key[1]) for key in homes}
    more: dict[tuple[str, int], int] = {}
    names = ("household", "part", "route", "pool", "count")
    for name, part, route, pool, count in zip(*(found.claims[each] for each in names), strict=True):
        key = (name, int(part or 1) - 1)
        label = tuple(sorted(str(pool).split(";")))
        home = next((h for h in homes[key] if (h.route, h.label) == (route, label)), None)
        assert home is not None or route not in ("own_unit", "transfer")
        if home is not None and home.pays > least[key]:
            more[key] = more.get(key, 0) + count
    for key, count in more.items():
        assert count <= consenting(rows[key[0]])


@pytest.mark.parametrize(
    ("sections", "says"),
    [
        ({**household(pays_up_to=1), "projects": [{"id": "P", "moved_out": "2021-01"}]}, "no home policy holds for it"),
        (household(consent_share=0.5), "nothing says how much the households consent to pay"),
        ({"home_policies": [{**BASE["home_policies"][0], "round_up": False, "choice_above": 9}]}, "has no effect"),
        (household(consent_share=0.5, pays_up_to=1), None),
        ({**household(consent_share=0.5), "home_policies": [{**BASE["home_policies"][0], "pays_up_to": 1}]}, None),
    ],
)
def test_consent_without_effect_is_warned_of(sections: dict[str, Any], says: str | None) -> None:
    keys = {"pays_up_to", "consent_share", "choice_above"}
    scenario = Scenario.model_validate({**BASE, **sections})
    found = [str(warning) for warning in scenario.warnings if any(key in warning.key for key in keys)]
    assert len(found) == (says is not None)
    assert all(str(says) in text for text in found)


def test_what_is_paid_is_what_the_lines_say() -> None:
    problem = compiled(**household(pays_up_to=10_000))
    lines = problem.offers.lines
    assert lines["fen"].tolist() == [-1_000_000]
    assert np.array_equal(lines["kind"], [LineKind.top_up])
