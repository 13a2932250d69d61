"""Plans of programmes: what they tell of starts; read again, audited and refused as they should be."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML
from tests.results.made import random_plan
from tests.scheduling.scenarios import programme, sections

import renewopt
from renewopt.errors import ScenarioError
from renewopt.results.programme import Started, started, with_dates, with_starts
from renewopt.results.tying import ties
from renewopt.results.workbook_reading import read_tables
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme

FIXED: dict[str, Any] = {
    "projects__1__start": {"from": "2024-03", "to": "2024-03", "must": True},
    "works__0__start": {"from": "2024-08", "to": "2024-08", "must": True},
    "works__1__start": {"from": "2024-11", "to": "2024-11", "must": True},
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return programme(**FIXED)


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> renewopt.Plan:
    return renewopt.plan(scenario, gap=0.0)


def test_the_programme_is_told(plan: renewopt.Plan) -> None:
    assert plan.programme.values.tolist() == [
        ["New", "urban_village", "2024-03", "2024-05", "2024-06", 150_000.0, 2_500.0],
        ["Lane", "back_street", "2024-08", "2024-11", "", 300_000.0, 20_000.0],
        ["Pipe", "supporting", "2024-11", "2024-11", "", 0.0, 0.0],
    ]
    assert plan.starts == {"New": "2024-03", "Lane": "2024-08", "Pipe": "2024-11"}
    assert (plan.programme_delay, plan.not_started, plan.households) == (22_500.0, 0, 7)


def test_delay_is_part_of_the_objective(plan: renewopt.Plan) -> None:
    assert plan.objective is not None
    assert plan.transition_fees is not None
    assert plan.objective == pytest.approx(plan.transition_fees + 22_500.0)
    assert plan.bound == pytest.approx(plan.objective)
    assert plan.tiers[-1].value == plan.objective


def test_the_account_adds_up(plan: renewopt.Plan) -> None:
    totals = plan.account.groupby("total")["amount"].sum()
    assert round(totals["fiscal_cost"] - (plan.fiscal_cost or 0.0), 2) == 0
    assert round(totals["transition_fees"] - (plan.transition_fees or 0.0), 2) == 0
    land = plan.account.loc[plan.account["part"] == "land", "amount"]
    assert land.tolist() == [-5_000_000.0]


def test_it_is_written_read_and_audited_again(plan: renewopt.Plan, scenario: Scenario, tmp_path: Path) -> None:
    plan.write(tmp_path / "plan")
    again = renewopt.read_plan(tmp_path / "plan")
    assert again == plan
    assert renewopt.audit(scenario, again) == []
    assert (tmp_path / "plan" / "programme.csv").read_text("utf-8-sig").splitlines()[0] == (
        "item,kind,start,finish,cleared,cost,delay_cost"
    )
    assert read_tables(tmp_path / "plan" / "plan.xlsx")["programme"].values.tolist() == plan.programme.values.tolist()


def test_the_summary_tells_what_starts_when(plan: renewopt.Plan) -> None:
    text = plan.summary()
    assert "3 of 3 projects and works start" in text
    assert re.search(r"Lane +back streets +2024-08 +2024-11 +–", text)
    assert re.search(r"Pipe +supporting +2024-11", text)
    assert re.search(r"Lane +背街小巷改造 +2024-08", plan.summary("zh"))
    assert "What delay of the programme counts as, in what is minimised and in no fee: 22,500 yuan" in text
    assert "Minimised: transition fees and the delay of the programme" in text
    assert "启动计划" in plan.summary("zh")


def test_a_plan_whose_starts_break_a_rule_is_refused(plan: renewopt.Plan, scenario: Scenario) -> None:
    changed = replace(plan, starts={**plan.starts, "Pipe": "2024-10"})
    with pytest.raises(ScenarioError, match="Pipe"):
        renewopt.audit(scenario, changed)


def left_out(scenario: Scenario) -> Started:
    compiled = compile_programme(scenario)
    return with_starts(scenario, compiled, compiled.vector({}))


def test_households_of_what_is_left_out_are_told_apart() -> None:
    from renewopt.problem import compile_problem

    scenario = programme(projects__1__start={}, projects__1__land__deadline="2024-12")
    begun = left_out(scenario)
    made = renewopt.plan(begun.written, gap=0.0)
    told = begun.told(made, compile_problem(begun.written))
    rows = told.allocation[told.allocation["route"] == "not_started"]
    assert rows[["household", "project", "count"]].values.tolist() == [["N1", "New", 1], ["N2", "New", 5]]
    assert (told.not_started, told.households) == (6, 1)
    assert told.programme["start"].tolist() == ["", "", ""]
    assert "6 more belong to projects that are not started" in told.summary()
    assert told.programme["cost"].tolist() == [0.0, 0.0, 0.0]
    # Twelve months that are planned, and twelve after them; the land is late for thirteen of them.
    assert told.programme["delay_cost"].tolist() == [500 * 24 + 1000 * 13, 2000 * 24, 0]


def test_what_is_still_to_be_decided_is_named() -> None:
    with pytest.raises(ScenarioError, match=r"projects\.New\.start.*still to be decided"):
        started(programme())


def test_fixed_starts_that_break_a_rule_are_refused() -> None:
    changes = {**FIXED, "works__0__start": {"from": "2024-06", "to": "2024-06", "must": True}, "crews__1__per_month": 1}
    stated = sections(**changes)
    stated["works"][0]["crews"] = {"builders": 1}
    stated["works"][1] |= {"duration": 1, "crews": {"builders": 1}, "start": {"from": "2024-08", "to": "2024-08"}}
    stated["works"][1]["start"]["must"] = True
    stated["precedence"] = []
    with pytest.raises(ScenarioError, match="2 of crew builders are busy in 2024-08, where there is 1"):
        started(Scenario.from_tables(**stated))


def test_the_workbooks_totals_tie_out(plan: renewopt.Plan) -> None:
    idle = {"projects__1__start": {}, "projects__1__land": ..., "projects__1__delay_cost": 0, "works__0__delay_cost": 0}
    without = renewopt.plan(programme(**idle), gap=0.0)
    assert without.not_started == 6
    for each in (plan, without):
        assert {tie.key: tie.difference for tie in ties(each) if tie.difference} == {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programme as a file, and its plan."""
    folder = tmp_path_factory.mktemp("programme")
    with (folder / "programme.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(sections(**FIXED), file)
    renewopt.plan(folder / "programme.yaml", gap=0.0).write(folder / "plan")
    return folder


def test_what_is_reckoned_beside_a_plan_leaves_the_delay_out(folder: Path, plan: renewopt.Plan) -> None:
    plain = with_dates(plan)
    assert plain.objective == pytest.approx(plan.transition_fees)
    priced = renewopt.prices(renewopt.read_plan(folder / "plan"), top=1, whole=1)
    assert priced.objective == pytest.approx(plan.transition_fees)
    assert 0 <= priced.prices["whole"].iloc[0] <= priced.objective


def test_a_household_of_the_programme_is_explained(folder: Path) -> None:
    assert renewopt.read_plan(folder / "plan").explain("N1").summary().startswith("Why this offer")


def test_planned_anew_the_starts_stay(folder: Path, plan: renewopt.Plan) -> None:
    happened = [{"month": "2024-02", "what": "received", "fund": "budget", "amount": 100_000}]
    again = renewopt.replan(folder / "plan", actuals=pd.DataFrame(happened), month="2024-03")
    assert again.starts == plan.starts
    assert again.programme_delay == plan.programme_delay
    assert again.objective is not None
    assert again.objective >= (again.transition_fees or 0.0) + 22_500 - 0.01
    assert again.replanned is not None
    assert again.replanned.opening_objective == pytest.approx(plan.objective)
    again.write(folder / "again")
    assert renewopt.audit(folder / "programme.yaml", renewopt.read_plan(folder / "again")) == []


def test_the_report_draws_the_programme_and_adds_it_up(plan: renewopt.Plan) -> None:
    report = plan.report()
    assert 'id="programme"' in report
    assert 'data-chart="programme"' in report
    assert plan.plot.programme().data
    with pytest.raises(ValueError, match="left to start"):
        random_plan(1).plot.programme()
    assert 'id="programme"' not in random_plan(1).report()
