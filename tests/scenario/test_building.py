import pandas as pd
import pytest
from pydantic import ValidationError

from renewopt.errors import ScenarioError
from renewopt.scenario import Scenario, load, models
from renewopt.units import Month

HOUSEHOLDS = pd.DataFrame({"户号": ["a", "b"], "项目": "P", "面积": [50.0, 60.5]})


def sections(**changes):
    stated = {
        "name": "x",
        "start": Month.parse("2024-01"),
        "months": 12,
        "projects": [models.Project(id="P", moved_out=Month.parse("2020-01"))],
        "fee_policies": [{"id": "F", "rate": 10, "term": 24}],
        "funds": (models.Fund.model_validate({"id": "f", "inflow": {"monthly": "100万元"}}),),
        "households": HOUSEHOLDS,
    }
    return {key: value for key, value in {**stated, **changes}.items() if value is not ...}


def refusal(build=Scenario.from_tables, **changes):
    with pytest.raises(ScenarioError) as raised:
        build(**sections(**changes))
    return [str(finding) for finding in raised.value.findings]


def test_objects_and_frames_make_a_scenario():
    scenario = Scenario.from_tables(**sections())
    assert list(scenario.households["area"]) == [50.0, 60.5]
    assert scenario.funds[0].inflow.monthly == 1_000_000
    assert (scenario.path, scenario.files, scenario.warnings, scenario.variants) == (None, (), (), ())


LISTED = {
    "projects": [{"id": "P", "moved_out": "2020-01", "deadline": "2024-11"}, {"id": "Q", "moved_out": "2021-05"}],
    "fee_policies": [{"id": "F", "rate": 10, "term": 24, "overdue": [{"after": 0, "multiplier": 1.5}]}],
    "estates": [
        {"id": "E", "projects": ["P"], "units": [{"type": "flat", "on_hand": 2}, {"type": "studio", "area": 40}]}
    ],
    "funds": [{"id": "f", "opening": "100万元"}, {"id": "g", "uses": ["fees"]}],
    "vouchers": [
        {"id": "v", "price": 5000, "instalments": [{"after": 0, "share": "30%"}, {"after": 6, "share": "70%"}]}
    ],
    "futures": [{"id": "rough", "delays": [{"months": 6}], "take_up": [{"share": 0.8}, {"share": 0.6}]}],
    "works": [{"id": "W", "cost": 9000, "stages": [{"after": 0, "share": 1}], "uses": ["cash"], "duration": 2}],
    "commitments": [{"id": "c", "monthly": 5}],
}


def framed(value):
    """The same, with every list of items as a DataFrame."""
    if isinstance(value, dict):
        return {key: framed(item) for key, item in value.items()}
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return pd.DataFrame([framed(item) for item in value])
    return value


@pytest.mark.parametrize("name", LISTED)
def test_frames_stand_wherever_items_are_listed(name):
    stated = LISTED[name]
    plain, frames = sections(**{name: stated}), sections(**{name: framed(stated)})
    assert isinstance(frames[name], pd.DataFrame)
    built = [
        Scenario.from_tables(**plain), Scenario.from_tables(**frames), Scenario(**plain), Scenario(**frames),
    ]  # fmt: skip
    assert len({scenario.sha256 for scenario in built}) == 1


def test_whole_frames_make_a_scenario():
    stated = {name: framed(items) for name, items in LISTED.items()}
    scenario = Scenario.from_tables(**sections(**stated))
    assert [fund.id for fund in scenario.funds] == ["f", "g"]
    assert scenario.projects[1].deadline is None


def test_a_fault_in_a_frame_is_said_as_in_a_list():
    items = [{"id": "f", "opening": -5, "colour": "red"}]
    assert refusal(funds=items) == refusal(funds=pd.DataFrame(items))


def test_rows_and_frames_make_the_same_scenario():
    rows = [{"id": "a", "project": "P", "area": 50}, {"id": "b", "project": "P", "area": 60.5}]
    built = [
        Scenario.from_tables(**sections()),
        Scenario.from_tables(**sections(households=rows)),
        Scenario(**sections(start="2024-01")),
        Scenario(**sections(households=rows)),
    ]
    assert len({scenario.sha256 for scenario in built}) == 1


def test_a_built_scenario_equals_the_loaded_one(tmp_path):
    built = Scenario.from_tables(**sections())
    (tmp_path / "h.csv").write_text(HOUSEHOLDS.to_csv(index=False), "utf-8")
    (tmp_path / "x.yaml").write_text(
        "name: x\nstart: 2024-01\nmonths: 12\nprojects: [{id: P, moved_out: 2020-01}]\n"
        "fee_policies: [{id: F, rate: 10, term: 24}]\nfunds: [{id: f, inflow: {monthly: 100万元}}]\n"
        "households: {file: h.csv}\n",
        "utf-8",
    )
    loaded = load(tmp_path / "x.yaml")
    pd.testing.assert_frame_equal(built.households, loaded.households)
    assert built.model_dump(exclude={"households"}) == loaded.model_dump(exclude={"households"})


def test_a_dumped_scenario_builds_itself_again():
    scenario = Scenario.from_tables(**sections())
    dumped = scenario.model_dump(by_alias=True, exclude_unset=True)
    assert Scenario.from_tables(**dumped).sha256 == scenario.sha256
    assert Scenario.model_validate(dumped).sha256 == scenario.sha256


def test_findings_name_rows_of_the_frame():
    wrong = pd.DataFrame({"户号": ["a", "b"], "项目": ["P", "Q"], "面积": [50.0, -1]})
    assert refusal(households=wrong) == [
        "households DataFrame row 1 column 面积: -1 is negative; a number from 0 was expected",
        "households DataFrame row 1 column 项目: there is no project 'Q'; known: P",
    ]
    assert "row 1 column 面积" in refusal(Scenario, households=wrong)[0]


@pytest.mark.parametrize("build", [Scenario, Scenario.from_tables])
def test_references_and_meaning_are_checked_either_way(build):
    assert "no project 'Q'" in refusal(build, households=HOUSEHOLDS.assign(项目="Q"))[0]
    project = models.Project(id="P", moved_out=Month.parse("2020-01"), deadline=Month.parse("2021-01"))
    assert "projects.P.deadline: 2021-01 lies before the start" in refusal(build, projects=[project])[0]


def test_warnings_are_kept_either_way():
    funds = [models.Fund.model_validate({"id": "f", "opening": 7})]
    for build in (Scenario, Scenario.from_tables):
        assert [finding.key for finding in build(**sections(funds=funds)).warnings] == ["funds.f.opening"]


def test_every_fault_is_said_together():
    found = refusal(months=0, households=HOUSEHOLDS.assign(面积=-1), colour="red")
    assert found[0].startswith("<python>  colour: unknown key 'colour'")
    assert found[1] == "<python>  months: 0 is out of range; 1 or more was expected"
    assert len(found) == 4


def test_what_is_no_table():
    assert refusal(households="rows.csv")[0] == "<python>  households: a DataFrame or a list of rows was expected"
    with pytest.raises(ValidationError, match="a DataFrame or a list of rows"):
        Scenario(**sections(households="rows.csv"))


def test_tables_that_are_none_are_not_stated():
    assert Scenario.from_tables(**sections(quotes=None)).quotes is None
    assert Scenario(**sections(quotes=None)).quotes is None


def test_quotes_and_curves_are_checked():
    quotes = pd.DataFrame({"household": ["a", "z"], "route": "cash", "price": 5})
    assert "no household 'z'" in refusal(Scenario, quotes=quotes)[0]
    curves = [{"household": "a", "fee": 5}, {"household": "a", "fee": 6}]
    assert "fee_curves.1.from" in refusal(fee_curves=curves)[0]
