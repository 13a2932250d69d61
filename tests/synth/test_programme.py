"""Synthetic programmes: repeatable, right in all that they state, of the size asked for."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from renewopt.scenario.loading import load
from renewopt.scheduling import compile_programme, dated
from renewopt.synth import synthesise_programme, write
from renewopt.synth.__main__ import main
from renewopt.synth.programme import PROJECTS, WORKS


@pytest.mark.parametrize("households", [1_000, 2_345])
def test_a_third_of_the_households_belong_to_projects_that_may_start(households: int) -> None:
    programme = synthesise_programme(households, seed=3)
    table = programme.households
    starting = {project["id"] for project in programme.document["projects"] if "start" in project}
    assert len(starting) == sum(count for _, count in PROJECTS.values())
    assert table["count"].sum() == households
    assert table.loc[table["project"].isin(starting), "count"].sum() == households // 3
    assert table["id"].is_unique
    assert (table["count"] > 0).all()


def test_the_same_seed_draws_the_same() -> None:
    first, again, other = (synthesise_programme(1_000, seed=seed) for seed in (1, 1, 2))
    assert (first.yaml(), first.csv()) == (again.yaml(), again.csv())
    assert first.yaml() != other.yaml()


def test_too_few_households_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1,000"):
        synthesise_programme(999)


def test_what_is_written_is_a_scenario_without_a_warning_in_every_variant(tmp_path: Path) -> None:
    path = write(tmp_path / "p", synthesise_programme(1_000, seed=1))
    for variant in (None, "all-as-wished", "compliant", "housed-in-time", "lean-land-market"):
        scenario = load(path, variant=variant)
        assert not scenario.warnings
        programme = compile_programme(scenario)
        assert len(programme) == sum(count for _, count in PROJECTS.values()) + sum(works.count for works in WORKS)
        assert programme.start_only_if_housed is (variant == "housed-in-time")
        projects = ~programme.activities.is_work
        assert programme.activities.must[projects].all() == (variant == "all-as-wished")
        plain = dated(scenario, dict.fromkeys(programme.activities.id.tolist()), programme)
        assert plain.households["count"].sum() == 1_000 - 1_000 // 3


def test_the_command_writes_one(tmp_path: Path) -> None:
    asked = ["--programme", "--households", "1000", "--seed", "1", "--out", str(tmp_path / "p")]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "p" / "programme.yaml").read_text("utf-8") == synthesise_programme(1_000, seed=1).yaml()


def test_the_programme_that_ships_is_the_one_that_its_heading_names(repository: Path) -> None:
    shipped = repository / "scenarios" / "programme"
    drawn = synthesise_programme(seed=1)
    assert (shipped / "programme.yaml").read_text("utf-8") == drawn.yaml()
    assert (shipped / "households.csv").read_text("utf-8") == drawn.csv()
