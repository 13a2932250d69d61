"""The wheel holds what the installed package needs beside its modules, and nothing of the repository around it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import renewopt


@pytest.fixture(scope="module")
def names(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(repository)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    assert wheel.name == f"renewopt-{renewopt.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_is_typed_and_licensed(names: set[str]) -> None:
    assert "renewopt/py.typed" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_it_holds_the_starter_scenario_in_both_languages(names: set[str]) -> None:
    starter = "renewopt/cli/starter"
    files = ("district.en.yaml", "district.zh.yaml", "households.en.csv", "households.zh.csv")
    assert {f"{starter}/{file}" for file in files} <= names


def test_it_holds_the_templates_of_reports(names: set[str], repository: Path) -> None:
    templates = "renewopt/results/reporting/templates"
    files = {f"{templates}/{path.name}" for path in (repository / "src" / templates).iterdir() if path.is_file()}
    assert len(files) >= 8
    assert files <= names
    # What they are compiled to is made anew on each machine.
    assert not [name for name in names if "__pycache__" in name]


def test_it_holds_every_module_and_nothing_else(names: set[str], repository: Path) -> None:
    source = repository / "src"
    modules = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    assert {name.split("/")[0] for name in names} == {"renewopt", f"renewopt-{renewopt.__version__}.dist-info"}
