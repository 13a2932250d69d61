"""The notebooks of the guide: made from their sources, and their outputs are what the cells show today."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

from renewopt.policies import registry

NAMES = ("first_day", "own_policy")
TOLD = "run python docs/make_notebooks.py"
MOST = 300_000
"""Bytes of a notebook that code hosts still show at once."""


@pytest.fixture(scope="module")
def script(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_notebooks", repository / "docs" / "make_notebooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def policies_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Policies that a notebook registers are gone afterwards."""
    monkeypatch.setattr(registry, "_own", dict(registry._own))


def kept(script: ModuleType, name: str) -> Any:
    return nbformat.read(script.NOTEBOOKS / f"{name}.ipynb", as_version=4)


def test_every_source_is_a_notebook(script: ModuleType, repository: Path) -> None:
    assert script.names() == sorted(NAMES) == sorted(path.stem for path in script.NOTEBOOKS.glob("*.ipynb"))
    index = (repository / "docs" / "index.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"(notebooks/{name}.ipynb)" not in index] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_made_from_its_source(script: ModuleType, name: str) -> None:
    notebook = kept(script, name)
    nbformat.validate(notebook)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == script.cells(name), TOLD
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_small_and_holds_nothing_of_a_machine(script: ModuleType, repository: Path, name: str) -> None:
    path = script.NOTEBOOKS / f"{name}.ipynb"
    assert path.stat().st_size < MOST
    text = path.read_text(encoding="utf-8")
    shown = [*kept(script, name).cells]
    pictures = [output for cell in shown for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    assert len(pictures) >= 2
    assert [word for word in (str(repository), str(Path.home()), "/tmp/", "<script") if word in text] == []
    assert all(not cell.metadata for cell in shown)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("policies_as_before")
def test_outputs_are_what_the_cells_show(script: ModuleType, name: str) -> None:
    code = [cell for cell in kept(script, name).cells if cell.cell_type == "code"]
    searched = False
    for cell, found in zip(code, script.texts(name), strict=True):
        # A later optimiser may find another plan within the same gap: then figures differ, but not what is shown.
        searched = searched or "gap=" in cell.source
        expected = [
            output.text if output.output_type == "stream" else output.data["text/plain"] for output in cell.outputs
        ]
        if searched:
            assert [words(text) for text in found] == [words(text) for text in expected], TOLD
            assert [fees(text) for text in found] == [pytest.approx(fees(text), rel=0.05) for text in expected], TOLD
        else:
            assert found == expected, TOLD


def words(text: str) -> list[str]:
    """Words of an output, whatever its figures and the order of its rows."""
    return sorted(re.findall(r"[^\W\d_]{2,}", text))


def fees(text: str) -> list[float]:
    """What a plan costs, where it says so."""
    return [float(number.replace(",", "")) for number in re.findall(r"transition_fees=([\d,.]+) yuan", text)]
