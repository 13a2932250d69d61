"""Rows of related households that contradict themselves, or to which their word makes no difference."""

from pathlib import Path

import pandas as pd
import pytest

import renewopt
from renewopt.scenario.limits import MAX_RELATED

BASE = """
name: Case
start: 2024-01
months: 6
fee_policies: [{id: p, rate: 10, term: 24}]
projects: [{id: P, moved_out: 2023-01}]
households: HOUSEHOLDS
estates: [{id: E, projects: [P], units: [{type: a, on_hand: 50}]}]
funds: [{id: f, opening: 100万元}]
"""


def loaded(folder: Path, *rows: str) -> renewopt.Scenario:
    path = folder / "case.yaml"
    path.write_text(BASE.replace("HOUSEHOLDS", f"[{', '.join(rows)}]"), encoding="utf-8")
    return renewopt.load(path)


def warned(scenario: renewopt.Scenario) -> list[str]:
    return [str(warning.message) for warning in scenario.warnings]


def row(name: str, **given: object) -> str:
    cells = {"id": name, "project": "P", "area": 80, "related": "Li"} | given
    return "{" + ", ".join(f"{key}: {value}" for key, value in cells.items()) + "}"


def test_a_word_that_two_share_is_taken_as_it_is(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, row("A"), row("B", count=3, indivisible="true"), row("C", related="''"))
    assert scenario.households["related"].tolist() == ["Li", "Li", ""]
    assert warned(scenario) == []


def test_a_word_of_one_household_has_no_effect(tmp_path: Path) -> None:
    assert warned(loaded(tmp_path, row("A"), row("B", related="L"))) == [
        "no other household is related by the word 'Li', so that it has no effect",
        "no other household is related by the word 'L', so that it has no effect",
    ]


def test_several_homes_of_one_household_may_lie_in_one_estate(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, row("A", homes=2))
    assert warned(scenario) == []
    assert renewopt.problem.compile_problem(scenario).claims.related.tolist() == ["Li", "Li"]


def test_a_row_whose_households_may_be_parted_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        renewopt.ScenarioError, match="settled one by one, so that they cannot be kept together"
    ) as said:
        loaded(tmp_path, row("A"), row("B", count=3))
    assert "households.B.related" in str(said.value)


@pytest.mark.parametrize("homes", [MAX_RELATED - 1, MAX_RELATED])
def test_so_many_homes_and_no_more(tmp_path: Path, homes: int) -> None:
    if homes < MAX_RELATED:
        loaded(tmp_path, row("A"), row("B", homes=homes))
        return
    with pytest.raises(renewopt.ScenarioError, match="21 homes are due to those related by the word 'Li'; 20 or fewer"):
        loaded(tmp_path, row("A"), row("B", homes=homes))


def test_a_register_calls_it_by_its_chinese_name(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("户号,项目,面积,亲属组\nA,P,80,李\nB,P,90,李\nC,P,90,\n", encoding="utf-8")
    path = tmp_path / "case.yaml"
    path.write_text(BASE.replace("HOUSEHOLDS", "{file: h.csv}"), encoding="utf-8")
    scenario = renewopt.load(path)
    assert scenario.households["related"].tolist() == ["李", "李", ""]
    again = renewopt.load(path)
    pd.testing.assert_frame_equal(again.households, scenario.households)
