"""Which homes a plan gives: one by one, bundles, cohorts, parts, and quotes whatever they are called."""

from pathlib import Path

import pandas as pd
import pytest

import renewopt
from renewopt.results.rosters.choosing import choosers_of

QUOTES = """\
name: Quoted
start: 2024-01
months: 3
projects: [{id: P, moved_out: 2023-01, routes: []}]
fee_policies: [{id: f, rate: 10, term: 6}]
households:
  - {id: H1, project: P, area: 80}
  - {id: H2, project: P, area: 80}
  - {id: H3, project: P, area: 160}
  - {id: H4, project: P, area: 80, count: 2}
estates:
  - {id: E, projects: [P], units: [{type: a, area: 80, on_hand: 6}, {type: b, area: 60, on_hand: 1}]}
  - {id: M, projects: [P], measure: m2, units: [{type: a, area: 80, on_hand: 160}]}
quotes:
  - {household: H1, route: own_unit, label: special, price: 0, stock: "M/a:80"}
  - {household: H2, route: own_unit, price: 0, stock: "E/b:1"}
  - {household: H3, route: own_unit, label: two, price: 0, stock: "E/a:2"}
  - {household: H4, route: own_unit, price: 0, stock: "E/a:1"}
funds: [{id: b, opening: 10万元, uses: all}]
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> renewopt.Scenario:
    path: Path = tmp_path_factory.mktemp("quoted") / "quoted.yaml"
    path.write_text(QUOTES, encoding="utf-8")
    return renewopt.load(path)


def test_each_home_of_the_plan_has_a_chooser(scenario: renewopt.Scenario) -> None:
    plan = renewopt.plan(scenario, gap=0)
    assert plan.settled == 5
    found = [(each.name, each.estate, each.type) for each in choosers_of(plan, scenario, None)]
    assert found == [
        ("H1", "M", "a"),
        ("H2", "E", "b"),
        ("H3#1", "E", "a"),
        ("H3#2", "E", "a"),
        ("H4#1", "E", "a"),
        ("H4#2", "E", "a"),
    ]
    homes = pd.DataFrame({"id": list("pqrstu"), "estate": list("EEEEEM"), "type": list("aaaaba")})
    roster = renewopt.roster(plan, homes=homes, scenario=scenario)
    assert roster.complete
    assert sorted(roster.table["home"]) == list("pqrstu")
    assert roster.table.set_index("home").loc[["t", "u"], "household"].tolist() == ["H2", "H1"]
