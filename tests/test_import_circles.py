"""No module imports itself by way of others, be it for types only or within a function."""

import sys
from pathlib import Path

import grimp
import networkx as nx
import pytest


def circles(package: str) -> list[set[str]]:
    """Modules that import each other, circle by circle."""
    graph = grimp.build_graph(package, cache_dir=None)
    imports = nx.DiGraph(
        (module, found) for module in graph.modules for found in graph.find_modules_directly_imported_by(module)
    )
    return [circle for circle in nx.strongly_connected_components(imports) if len(circle) > 1]


@pytest.mark.parametrize("package", ["renewopt", "benchmarks"])
def test_no_module_imports_itself_by_way_of_others(package: str) -> None:
    assert [sorted(circle) for circle in circles(package)] == []


def test_a_circle_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "ringed"
    package.mkdir()
    texts = {
        "__init__": "",
        "one": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ringed.two\n",
        "two": "def later():\n    from ringed import three\n",
        "three": "from ringed.one import x\n",
        "four": "import ringed.one\n",
    }
    for name, text in texts.items():
        (package / f"{name}.py").write_text(text, "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert circles("ringed") == [{"ringed.one", "ringed.two", "ringed.three"}]
