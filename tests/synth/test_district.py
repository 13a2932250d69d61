"""Districts drawn by chance: their sizes, sums and repeatability."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.problem import compile_problem
from renewopt.scenario import load
from renewopt.synth import synthesise, write
from renewopt.synth.figures import AREA_RANGE, PROJECTS, UNIT_SIZES
from renewopt.synth.households import COLUMNS
from renewopt.synth.supply import homes_due


def test_the_district_of_eight_projects_has_its_figures() -> None:
    table = synthesise(3_200, seed=5).households
    by_project = table.groupby("project")["area"]
    assert by_project.size().to_dict() == {f"P{j + 1}": each.households for j, each in enumerate(PROJECTS)}
    for (project, mean), each in zip(by_project.mean().items(), PROJECTS, strict=True):
        assert mean == pytest.approx(each.area, abs=0.005), project
    assert table["area"].sum() == pytest.approx(413_600, abs=1)
    assert tuple(table.columns) == COLUMNS


def test_households_differ() -> None:
    table = synthesise(3_200, seed=5).households
    assert table["area"].nunique() > 2_500
    assert table["area"].between(*AREA_RANGE).all()
    assert table["persons"].between(1, 6).all()
    assert table["id"].is_unique
    assert np.corrcoef(table["area"], table["persons"])[0, 1] > 0.1
    shares = table[["term_class", "turnover", "groups", "routes"]].ne("").mean()
    assert shares.between(0.001, 0.35).all(), shares


def test_nobody_of_a_new_project_has_moved_out_before_the_start() -> None:
    table = synthesise(3_200, seed=5).households
    assert table.loc[table["project"] == "P8", "moved_out"].min() == "2024-01"
    assert table.loc[table["project"] == "P4", "moved_out"].between("2020-07", "2020-12").all()


def test_a_seed_gives_the_same_district_and_another_seed_another() -> None:
    first, again, other = (synthesise(1_000, seed=seed) for seed in (3, 3, 4))
    assert first.csv() == again.csv()
    assert first.yaml() == again.yaml()
    assert first.csv() != other.csv()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"households": 3, "projects": 8}, "one for each"),
        ({"projects": 0}, "at least one"),
        ({"months": 12}, "at least 24"),
        ({"money": "plenty"}, "tight, loose"),
        ({"phases": 0}, "at least 1"),
        ({"start": "2024-13"}, "01 to 12"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        synthesise(**{"households": 100, **arguments})


@given(households=st.integers(8, 60), projects=st.integers(1, 8))
def test_every_project_has_a_household_and_none_is_lost(households: int, projects: int) -> None:
    district = synthesise(households, seed=1, projects=projects)
    sizes = district.households.groupby("project").size()
    assert sizes.sum() == households
    assert len(sizes) == projects


@pytest.mark.parametrize("phases", [None, 1, 5])
def test_estates_hold_the_homes_that_are_due(phases: int | None) -> None:
    district = synthesise(2_000, seed=9, phases=phases)
    due = homes_due(district.households["area"].to_numpy())
    owner = district.households["project"].to_numpy()
    for estate in district.document["estates"]:
        homes = due[owner == estate["projects"][0]].sum(axis=0)
        for number, size, unit in zip(homes, UNIT_SIZES, estate["units"], strict=True):
            built = sum(phase["delivers"].get(str(size), 0) for phase in estate.get("phases", []))
            stock = built + sum(unit.get("arrivals", {}).values())
            assert stock == max(number + unit["surplus"], 1)
        assert phases is None or len(estate.get("phases", [])) in {0, phases}


def test_money_grows_with_the_households_and_with_looseness() -> None:
    def inflow(households: int, money: str) -> float:
        funds = synthesise(households, seed=0, money=money).document["funds"]
        return funds[0]["inflow"]["monthly"]

    assert inflow(3_200, "tight") == 8_000_000
    assert inflow(32_000, "tight") == 80_000_000
    assert inflow(3_200, "loose") == 12_000_000
    assert inflow(3_200, "ample") == 40_000_000


@pytest.mark.slow
def test_money_is_scarce_in_fewer_months_the_more_there_is(tmp_path) -> None:
    values, scarce = [], []
    for money in ("tight", "loose", "ample"):
        district = synthesise(8, seed=1, months=24, money=money)
        model = formulate(compile_problem(load(write(tmp_path / money, district))), relaxed=True)[1]
        raw = Engine(model).run()
        assert raw.status == "optimal"
        values.append(raw.objective)
        scarce.append(int((np.abs(raw.row_dual[model.rows["fund"].index]) > 1e-9).sum()))
    assert values[0] > 1.05 * values[1] > 1.1 * values[2]
    assert min(scarce[:2]) > 3 * scarce[2] > 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"households": 1_000, "seed": 1},
        {"households": 400, "seed": 2, "projects": 11, "months": 24, "money": "loose", "phases": 4},
        {"households": 30, "seed": 3, "projects": 1},
    ],
)
def test_what_is_written_loads_and_compiles_without_findings(arguments: dict, tmp_path) -> None:
    district = synthesise(**arguments)
    scenario = load(write(tmp_path / "made", district))
    assert scenario.warnings == ()
    assert len(scenario.households) == arguments["households"]
    assert scenario.households["area"].sum() == pytest.approx(district.households["area"].sum())
    problem = compile_problem(scenario)
    offers = np.bincount(problem.offers.claim, minlength=len(problem.claims))
    assert len(problem.claims) == arguments["households"]
    # Those who accept nothing but a home of their own estate wait where none is finished within the months planned.
    without = scenario.households.set_index("id").loc[problem.claims.household[offers == 0]]
    assert set(without["routes"]) <= {("own_unit",)}
    for project in set(without["project"]):
        estates = [estate for estate in scenario.estates if project in estate.projects]
        assert all(phase.earliest >= scenario.start + scenario.months for e in estates for phase in e.phases)
    assert offers.mean() <= 8


def test_the_command_writes_the_same_district(tmp_path) -> None:
    command = [sys.executable, "-m", "renewopt.synth", "--households", "200", "--seed", "8", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(tmp_path / "district.yaml")
    assert (tmp_path / "households.csv").read_text(encoding="utf-8") == synthesise(200, seed=8).csv()


def test_the_command_refuses_in_words(tmp_path) -> None:
    command = [sys.executable, "-m", "renewopt.synth", "--households", "2", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "one for each" in done.stderr


def test_homes_due_are_the_cheapest_bundle_that_reaches_the_area() -> None:
    homes = homes_due(np.array([45.0, 60.0, 60.01, 90.0, 120.0, 120.01, 135.5, 180.0, 240.0, 300.0]))
    areas = homes @ np.array(UNIT_SIZES)
    assert areas.tolist() == [60, 60, 75, 90, 120, 135, 150, 180, 240, 240]
    assert homes.sum(axis=1).tolist() == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]


@pytest.mark.slow
@pytest.mark.long
def test_a_million_households() -> None:
    table = synthesise(1_000_000, seed=1).households
    assert len(table) == 1_000_000
    assert table["id"].is_unique
    assert isinstance(table, pd.DataFrame)
    assert table["area"].mean() == pytest.approx(413_600 / 3_200, abs=0.01)
