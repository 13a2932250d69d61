"""Households are counted, not the homes that they are due: the same figures wherever a plan or a comparison tells them.

A is due two homes and gets both in 2024-01; the cohort B, three households due two homes each, gets them in 2024-03; C
is due one and gets none. That is 5 households of 9 homes, 4 of them settled. All moved out in 2023-01.
"""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import renewopt
from renewopt.results.planned import Plan

SCENARIO = """
name: Shared
start: 2024-01
months: 6
fee_policies: [{id: standard, rate: 10, term: 14, overdue: [{multiplier: 2}]}]
projects: [{id: P, moved_out: 2023-01, routes: [own_unit]}]
households:
  - {id: A, project: P, area: 900, homes: 2}
  - {id: B, project: P, area: 300, homes: 2, count: 3}
  - {id: C, project: P, area: 10}
estates: [{id: E, projects: [P], units: [{type: flat, on_hand: 2, arrivals: {2024-03: 6}}]}]
funds: [{id: budget, opening: 100万元}]
"""

WAITING = [4, 4, 1, 1, 1, 1]
"""At the close of each month of the horizon; from 2024-03 on they are overdue."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shared") / "shared.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def plan(scenario: Path) -> Plan:
    return renewopt.plan(scenario, gap=0)


def test_in_the_record_and_the_tables(plan: Plan, tmp_path: Path) -> None:
    record = json.loads((plan.write(tmp_path / "plan") / "plan.json").read_text("utf-8"))
    assert (record["households"], record["settled"]) == (5, 4)
    people = pd.read_csv(tmp_path / "plan" / "people.csv").iloc[:6]
    assert people["waiting"].tolist() == WAITING
    assert people["overdue"].tolist() == [0, 0, 1, 1, 1, 1]
    assert people["housed"].tolist() == [1, 0, 3, 0, 0, 0]
    assert plan.baseline["waiting"].tolist()[:6] == WAITING
    assert plan.allocation["count"].sum() == 5
    assert plan.claims["count"].sum() == 9
    assert renewopt.read_plan(tmp_path / "plan").settled == 4
    sheet = pd.read_excel(tmp_path / "plan" / "plan.xlsx", engine="calamine", header=None).astype(str)
    cells = {row[0]: row[1] for row in sheet.itertuples(index=False, name=None)}
    assert (cells["households"], cells["housed by the end of the horizon"]) == ("5", "4")
    assert (cells["households by route: own_unit"], cells["households by route: waiting"]) == ("4", "1")


def test_in_summary_work_summary_report_and_charts(plan: Plan) -> None:
    assert "4 of 5 households are housed by 2024-06" in plan.summary()
    assert "settled 4 of 5" in repr(plan)
    told = plan.work_summary(year=2024)
    assert "involves 1 project with 5 households, of which 4 are housed." in told
    assert (
        "By route: own estate 4. By the end 4 of 5 are housed (80.0%). 1 waits, 1 of them past the agreed term." in told
    )
    assert "| P | 5 | 4 | 4 | 1 | 1 |" in told
    page = " ".join(re.sub("<[^>]*>", " ", plan.report()).split())
    assert "Households housed by 2024-06 4 of 5" in page
    assert re.search(r"P 5 4 1 4 ", page), "households, settled, waiting, household-months overdue"
    waiting = [bar for bar in plan.plot.waiting().data if bar.x[0] is not None]
    assert [sum(counts) for counts in zip(*(bar.y for bar in waiting), strict=True)] == WAITING
    (flow,) = plan.plot.flow().data
    assert sum(flow.link.value) == 5 + 4


def test_in_a_comparison(scenario: Path) -> None:
    compared = renewopt.compare([scenario], policies=["optimal", "wait-for-build"])
    for run in compared.runs.to_dict("records"):
        assert (run["households"], run["settled"]) == (5, 4)
        # Months since 2023-01: A 12, three of B 14, C 18.
        assert (run["wait_mean"], run["wait_p90"], run["wait_longest"]) == (14.4, 18, 18)
    assert compared.settled["settled"].tolist() == [5 - waiting for waiting in WAITING] * 3
    waits = compared.waits[compared.waits["kind"] == "project"]
    assert waits["households"].tolist() == [5, 5, 5]
    assert waits["wait_mean"].tolist() == [14.4] * 3
