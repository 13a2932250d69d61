"""The skeleton: what README, CI and package metadata promise one another."""

import importlib.metadata
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import settings

import renewopt._version


@pytest.fixture(scope="module")
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text(encoding="utf-8")


def test_version_is_stated_once_and_agrees(repository: Path):
    version = renewopt._version.__version__
    assert importlib.metadata.version("renewopt") == version
    assert f"\nversion: {version}\n" in (repository / "CITATION.cff").read_text(encoding="utf-8")


def test_typed_marker_lies_in_the_package():
    assert Path(renewopt._version.__file__).with_name("py.typed").is_file()


def test_readme_holds_one_test_command_for_ci(readme: str):
    found = re.findall(r"<!-- test-command -->\n```sh\n(.+)\n```\n<!-- end -->", readme)
    assert len(found) == 1
    assert found[0].startswith("python3 -m venv .venv && ")
    assert ".venv/bin/pytest" in found[0]


def test_readme_links_lead_somewhere(readme: str, repository: Path):
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", readme) if "://" not in link]
    assert links
    assert [link for link in links if not (repository / link).exists()] == []


def test_ci_script_is_executable_and_parses(repository: Path):
    script = repository / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("container", ["renewopt", "renewopt.optimiser"])
def test_every_room_has_its_place_in_the_import_rules(repository: Path, container: str):
    configuration = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract.get("containers") == [container]]
    placed = set(re.findall(r"\w+", " ".join(layers)))
    present = {
        path.stem
        for path in (repository / "src" / container.replace(".", "/")).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert present - placed - {"__init__", "__main__", "_version"} == set()


def test_hypothesis_repeats_itself_in_ci():
    assert settings.get_profile("ci").derandomize
    assert settings.get_profile("ci").deadline is None
    assert settings.get_profile("default").deadline is None
