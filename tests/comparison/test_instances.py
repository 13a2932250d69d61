"""What is compared: scenarios as they are given, each by a name of its own, nothing twice."""

from pathlib import Path

import pytest

import renewopt

VARIANTS = """
variants:
  poor:
    funds:
      - id: budget
        opening: 2万元
"""
ASKED = {"policies": ["first-come"], "perfect": False}


@pytest.fixture
def text(repository: Path) -> str:
    return (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8") + VARIANTS


@pytest.fixture
def file(text: str, tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def without_opening(scenario: renewopt.Scenario) -> renewopt.Scenario:
    funds = [fund.model_copy(update={"opening": 0}) for fund in scenario.funds]
    return scenario.model_copy(update={"funds": funds})


def fees(comparison: renewopt.Comparison) -> dict[str, float]:
    mine = comparison.runs[comparison.runs["policy"] == "first-come"]
    return dict(zip(mine["scenario"], mine["transition_fees"], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_changed_scenario_is_compared_as_it_is(file: Path, tmp_path: Path, jobs: int) -> None:
    loaded = renewopt.load(file)
    changed = without_opening(loaded)
    planned = [renewopt.plan(one, policy="first-come").transition_fees for one in (loaded, changed)]
    assert planned[0] != planned[1]
    found = fees(renewopt.compare([loaded, changed], jobs=jobs, out=tmp_path / "out", **ASKED))
    assert found == {"small": planned[0], loaded.name: planned[1]}
    # It has a key of its own: what is kept of the file is not taken for it, nor the other way round.
    assert fees(renewopt.compare(changed, out=tmp_path / "out", **ASKED)) == {loaded.name: planned[1]}
    assert fees(renewopt.compare(file, out=tmp_path / "out", **ASKED)) == {"small": planned[0]}


def test_a_scenario_whose_file_is_gone_or_changed_is_compared_as_it_was_loaded(file: Path) -> None:
    loaded = renewopt.load(file)
    before = list(fees(renewopt.compare(loaded, **ASKED)).values())
    file.write_text(file.read_text(encoding="utf-8") + "# noted\n", encoding="utf-8")
    assert list(fees(renewopt.compare(loaded, **ASKED)).values()) == before
    file.unlink()
    assert list(fees(renewopt.compare(loaded, **ASKED)).values()) == before


def test_a_scenario_that_was_loaded_as_a_variant_is_compared_as_that(file: Path) -> None:
    poor = renewopt.load(file, variant="poor")
    runs = renewopt.compare(poor, **ASKED).runs
    assert set(runs["variant"]) == {"poor"}
    assert set(renewopt.compare(poor, variants="base, poor", **ASKED).runs["variant"]) == {"", "poor"}
    with pytest.raises(ValueError, match="cannot take variant 'poor': it was built or changed"):
        renewopt.compare(without_opening(renewopt.load(file)), variants=["poor"], **ASKED)


def test_files_of_one_name_are_told_apart_by_their_folders(text: str, tmp_path: Path) -> None:
    files = [tmp_path / folder / "town.yaml" for folder in ("x", "y")]
    for path, inflow in zip(files, ("10.5万元", "25万元"), strict=True):
        path.parent.mkdir()
        path.write_text(text.replace("monthly: 10.5万元", f"monthly: {inflow}"), encoding="utf-8")
    alone = [fees(renewopt.compare(path, **ASKED))["town"] for path in files]
    assert alone[0] != alone[1]
    assert fees(renewopt.compare(files, **ASKED)) == {"x/town": alone[0], "y/town": alone[1]}


def test_the_same_scenario_twice_is_refused(file: Path, tmp_path: Path) -> None:
    changed = without_opening(renewopt.load(file))
    for twice in ([file, file], [file, tmp_path], [renewopt.load(file), file], [changed, changed]):
        with pytest.raises(ValueError, match="more than one scenario by this name"):
            renewopt.compare(twice, **ASKED)
