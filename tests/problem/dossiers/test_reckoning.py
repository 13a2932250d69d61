"""How the area due was reckoned, by hand."""

from pathlib import Path

import pytest
from tests.problem.dossiers.stating import stated

from renewopt.problem.dossiers import dossier

HOMES = "estates: [{id: E, projects: [P], units: [{type: a, area: 70, on_hand: 9}]}]\n"
OF = "projects: [{{id: P, home_policy: h}}]\nhome_policies: [{{id: h, {rules}}}]\nhouseholds: [{{id: A, {row}}}]\n"

CASES = {
    # no home policy: the area given up
    ("", "area: 80.5"): (80.5, "80.5 m² given up", "被征收面积 80.5㎡"),
    ("basis: area", "area: 80"): (80, "80 m² given up", "被征收面积 80㎡"),
    ("per_basis: 1.2", "area: 80"): (96, "80 m² given up × 1.2 = 96 m²", "被征收面积 80㎡ × 1.2 = 96㎡"),
    ("basis: person, per_basis: 45", "persons: 3"): (
        135,
        "3 × 45 m² a person = 135 m²",
        "3人 × 每人45㎡ = 135㎡",
    ),
    ("basis: person, per_basis: 45", "persons: 3, entitlement: 100"): (100, "100 m² as stated", "已写明 100㎡"),
    ("per_basis: 1.2, bounds: [{maximum_per_person: 45}]", "area: 120, persons: 3"): (
        135,
        "120 m² given up × 1.2 = 144 m², at most 45 m² a person × 3 = 135 m²",
        "被征收面积 120㎡ × 1.2 = 144㎡，不超过每人45㎡ × 3人 = 135㎡",
    ),
    ("bounds: [{maximum_per_person: 45, maximum: 100}]", "area: 120, persons: 3"): (
        100,
        "120 m² given up, at most 100 m²",
        "被征收面积 120㎡，不超过 100㎡",
    ),
    ("bounds: [{minimum: 45}]", "area: 30, persons: 1"): (
        45,
        "30 m² given up, at least 45 m²",
        "被征收面积 30㎡，不少于 45㎡",
    ),
    # for everybody: persons need not be stated
    ("bounds: [{minimum: 45}]", "area: 30"): (45, "30 m² given up, at least 45 m²", "被征收面积 30㎡，不少于 45㎡"),
    ("bounds: [{minimum: 27, maximum: 28}]", "area: 60"): (
        28,
        "60 m² given up, at most 28 m²",
        "被征收面积 60㎡，不超过 28㎡",
    ),
    ("bounds: [{minimum: 45, minimum_per_person: 25}]", "area: 30, persons: 2"): (
        50,
        "30 m² given up, at least 25 m² a person × 2 = 50 m²",
        "被征收面积 30㎡，不少于每人25㎡ × 2人 = 50㎡",
    ),
    # only the bound of its size, and only where it acts
    (
        (
            "bounds: [{persons_from: 4, minimum: 99}, {persons_to: 2, minimum: 90}, "
            "{persons_from: 3, persons_to: 3, maximum: 70}]"
        ),
        "area: 80, persons: 3",
    ): (
        70,
        "80 m² given up, at most 70 m²",
        "被征收面积 80㎡，不超过 70㎡",
    ),
    ("bounds: [{minimum: 50, maximum: 70}]", "area: 60, persons: 3"): (60, "60 m² given up", "被征收面积 60㎡"),
    # bounds that cross: the lower one holds
    ("bounds: [{minimum: 65, maximum_per_person: 50}]", "area: 80, persons: 1"): (
        65,
        "80 m² given up, at most 65 m²",
        "被征收面积 80㎡，不超过 65㎡",
    ),
}


@pytest.mark.parametrize(("rules", "row"), CASES)
def test_how_it_was_reckoned(rules: str, row: str, tmp_path: Path) -> None:
    due, english, chinese = CASES[rules, row]
    change = HOMES + (OF.format(rules=rules, row=row) if rules else f"households: [{{id: A, {row}}}]\n")
    scenario = stated(change, tmp_path)
    for lang, text in (("en", english), ("zh", chinese)):
        told = dossier(scenario, lang=lang).iloc[0]  # type: ignore[arg-type]
        assert (told["entitled_m2"], told["reckoned"]) == (due, text)


def test_homes_of_one_household_are_reckoned_one_by_one(tmp_path: Path) -> None:
    table = dossier(stated(f"{HOMES}households: [{{id: A, area: 141, homes: 2}}]", tmp_path))
    told = table.drop_duplicates("part")
    assert told["part"].tolist() == ["1", "2"]
    assert told["entitled_m2"].tolist() == [70.5, 70.5]
    assert told["reckoned"].tolist() == [f"141 m² given up; home {n} of 2: 70.5 m²" for n in (1, 2)]


def test_what_is_not_stated_is_unknown(tmp_path: Path) -> None:
    change = HOMES + "households: [{id: B, project: P}]\nfee_policies: [{id: p, basis: household}]"
    told = dossier(stated(change, tmp_path)).set_index("household").loc["B"]
    assert told["reckoned"] == "unknown: the area given up is not stated"
    assert told["entitled_m2"] != told["entitled_m2"]
