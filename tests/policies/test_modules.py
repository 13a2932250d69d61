"""Code runs at the caller's word alone: modules that the caller names, and in them nothing but classes of policies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from typing import Any

import pytest

from renewopt.policies import PriorityRule, make_policy, policy_names, registry
from renewopt.policies.modules import import_policy_modules, module_names
from renewopt.policies.registry import check_policy

RULES = """
from subprocess import check_output
from pathlib import Path
import renewopt

CALLED = []

@renewopt.register
class Largest(renewopt.PriorityRule):
    name = "largest"

    def order(self, candidates):
        return [-candidates.fee]

class Smallest(Largest):
    name = "smallest"

def made(**parameters):
    CALLED.append(parameters)
    return Largest()

class Helper:
    def __init__(self, **parameters):
        CALLED.append(parameters)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A module of one's own in the folder that is worked in, which is not on Python's path."""
    name = f"rules_{abs(hash(request.node.nodeid))}"
    (tmp_path / f"{name}.py").write_text(RULES, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registry, "_own", {})
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


def test_a_module_is_imported_at_the_callers_word(module: str) -> None:
    path = list(sys.path)
    assert import_policy_modules(f"{module}, {module}") == (module,)
    assert sys.path == path
    assert isinstance(make_policy("largest"), PriorityRule)
    assert make_policy(f"{module}:Smallest", modules=[module]).name == "smallest"


def test_without_that_word_an_imported_module_is_not_looked_into_either(module: str) -> None:
    import_policy_modules(module)
    with pytest.raises(ValueError, match=f"--policy-module {module}"):
        make_policy(f"{module}:Smallest")
    with pytest.raises(ValueError, match=f"--policy-module {module}"):
        make_policy(f"{module}:Smallest", modules=[f"{module}.other", "renewopt"])


@pytest.mark.parametrize(
    "attribute",
    [
        "check_output",
        "made",
        "Helper",
        "Path",
        "CALLED",
        "renewopt",
        "__builtins__",
        "__doc__",
        "",
        "x.y",
        "Largest.order",
    ],
)
def test_nothing_in_a_module_is_called_but_classes_of_policies(module: str, attribute: str) -> None:
    import_policy_modules(module)
    with pytest.raises(ValueError, match="no class"):
        make_policy(f"{module}:{attribute}", {"args": ["touch", "PWNED"]}, modules=[module])
    assert sys.modules[module].CALLED == []
    assert not Path("PWNED").exists()


@pytest.mark.parametrize(
    "given", ["", "a b", "../x", "x.py", ".x", "a..b", "os;x", "my-rules", [3], [""], ["a,b"], [None]]
)
def test_what_is_no_name_of_a_module_is_told(given: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"expected (the name of a|names of) Python module"):
        module_names(given)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "No module named"),
        ("import sys; sys.exit()", "ends the process"),
        ("raise SystemExit(0)", "ends the process"),
        ("1 / 0", "division by zero"),
        ("def", "invalid syntax"),
        ("import no_such_module_at_all", "no_such_module_at_all"),
        ("raise KeyError('x')", "'x'"),
    ],
)
def test_a_module_that_cannot_be_imported_is_told(
    text: str | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"broken_{abs(hash(reason))}_{len(text or '')}"
    if text is not None:
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    with pytest.raises(ValueError, match=f"{name}' cannot be imported: .*{reason}"):
        import_policy_modules([name])
    assert sys.path == path
    assert name not in sys.modules


def test_what_is_installed_is_not_hidden_by_a_file_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("wave", "renewopt"):
        (tmp_path / f"{name}.py").write_text("open('PWNED', 'w').close()", "utf-8")
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    import_policy_modules("wave,renewopt")
    assert not Path("PWNED").exists()


class Packaged(Distribution):
    """A package that lies in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read_text(self, filename: str) -> str | None:
        return "Metadata-Version: 2.1\nName: packaged\nVersion: 1\n" if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        return self.folder / path


def announced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("packaged", "packaged_rules:Rule", registry.ENTRY_POINTS)._for(Packaged(folder))
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group == registry.ENTRY_POINTS else [])


def test_a_folder_that_is_only_worked_in_announces_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, site = tmp_path / "here", tmp_path / "site"
    for folder in (here, site):
        folder.mkdir()
        (folder / "packaged_rules.py").write_text("open('PWNED', 'w').close()", "utf-8")
    monkeypatch.chdir(here)
    announced(here, monkeypatch)
    assert "packaged" not in policy_names()
    for use in (check_policy, make_policy):
        with pytest.raises(ValueError, match="unknown policy 'packaged'"):
            use("packaged")
    announced(site, monkeypatch)
    assert "packaged" in policy_names()
    monkeypatch.setattr(registry, "INSTALLED", {str(here)})
    announced(here, monkeypatch)
    assert "packaged" in policy_names()
    assert not (here / "PWNED").exists()


def test_to_check_a_policy_imports_and_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was run")

    monkeypatch.setattr(registry, "_own", {"registered": refuse})
    monkeypatch.setattr(EntryPoint, "load", refuse)
    point = EntryPoint("packaged", "packaged_rules:Rule", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group == registry.ENTRY_POINTS else [])
    check_policy("registered", {"any": 1})
    check_policy("packaged", {"any": 1})
    check_policy("first-come", {"hold_months": 3})
    with pytest.raises(ValueError, match="no parameter 'hold'"):
        check_policy("first-come", {"hold": 3})
    with pytest.raises(ValueError, match="--policy-module os"):
        check_policy("os:system", {"command": "true"})


def _ends(**_: object) -> None:
    raise SystemExit(0)


def _breaks(**_: object) -> None:
    raise KeyError("gone")


@pytest.mark.parametrize(
    ("factory", "told"),
    [
        (_ends, ""),
        (_breaks, "gone"),
        (lambda: 3, "no policy"),
        (lambda **_: {"name": "x"}, "no policy"),
        (dict, "no policy"),
    ],
)
@pytest.mark.parametrize("packaged", [False, True])
def test_whatever_somebody_elses_code_does_is_told(
    factory: Callable[..., Any], told: str, packaged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_own", {} if packaged else {"theirs": factory})
    monkeypatch.setattr(EntryPoint, "load", lambda _: factory)
    point = EntryPoint("theirs", "x:y", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if packaged and group else [])
    with pytest.raises(ValueError, match=f"policy 'theirs'.*{told}"):
        make_policy("theirs")


def test_a_package_that_cannot_be_loaded_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("theirs", "no_such_module_at_all:Rule", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group else [])
    with pytest.raises(ValueError, match="'theirs' cannot be loaded: No module named"):
        make_policy("theirs")


@pytest.mark.parametrize("name", ["rolling", "hedged"])
@pytest.mark.parametrize("parameter", ["first", "futures"])
def test_what_a_comparison_gives_is_no_parameter(name: str, parameter: str) -> None:
    with pytest.raises(ValueError, match=f"no parameter '{parameter}'"):
        make_policy(name, {parameter: None})
