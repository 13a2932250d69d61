"""A scenario never runs code: whatever its policies name, in YAML or in a workbook, in every command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import renewopt
from renewopt.cli.main import main
from renewopt.policies import registry

Run = Callable[..., Result]

CODE = [
    "subprocess:check_output",
    "sys:exit",
    "os:system",
    "builtins:exec",
    "builtins:__import__",
    "os.path:exists",
    "renewopt.policies.rules:FirstCome",
    "renewopt.synth.__main__:main",
    "no.such.module:Rule",
    "hostile_module:Rule",
    ":exec",
    "os:",
    "hostile_module",
]
PARAMETERS = {
    "subprocess:check_output": "{args: [touch, PWNED]}",
    "sys:exit": "{}",
    "os:system": "{command: touch PWNED}",
    "builtins:exec": "{source: \"open('PWNED', 'w')\"}",
}
MODULE = """
from pathlib import Path
Path("PWNED").touch()
import renewopt
class Rule(renewopt.PriorityRule):
    name = "of-the-folder"
    def order(self, candidates):
        return [candidates.moved_out]
"""


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a module of its own, that is worked in and on Python's path, as it is in a notebook."""
    (tmp_path / "hostile_module.py").write_text(MODULE, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "hostile_module", raising=False)
    monkeypatch.setattr(registry, "_own", {})
    return tmp_path


def hostile(repository: Path, folder: Path, policy: str, kind: str) -> Path:
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text += f"\npolicies:\n  - id: mine\n    policy: '{policy}'\n    parameters: {PARAMETERS.get(policy, '{}')}\n"
    path = folder / "scenario.yaml"
    path.write_text(text, "utf-8")
    if kind == "xlsx":
        renewopt.write_workbook(path, folder / "book" / "scenario.xlsx")
        path = folder / "book" / "scenario.xlsx"
    return path


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
@pytest.mark.parametrize("policy", CODE)
def test_no_command_runs_what_a_file_names(run: Run, repository: Path, folder: Path, policy: str, kind: str) -> None:
    path = hostile(repository, folder, policy, kind)
    told = []
    for command in (
        ("check", path),
        ("plan", path, "--policy", "mine", "--out", "out"),
        ("compare", path, "--policies", "mine", "--out", "out2"),
    ):
        result = run(*command)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        told.append(next(line for line in result.stderr.splitlines() if "policies.mine" in line))
    assert "--policy-module" in told[0] if ":" in policy else "unknown policy" in told[0]
    assert len(set(told)) == 1
    assert not list(folder.rglob("PWNED"))
    assert not (folder / "out").exists()
    assert "hostile_module" not in sys.modules


@pytest.mark.parametrize("policy", CODE)
def test_nor_what_is_asked_for_without_its_module(run: Run, repository: Path, folder: Path, policy: str) -> None:
    minimal = repository / "scenarios" / "minimal.yaml"
    for command in (
        ("plan", minimal, "--policy", policy, "--out", "out"),
        ("compare", minimal, "--policies", policy, "--out", "out2"),
    ):
        assert run(*command).exit_code == 2
    with pytest.raises(ValueError, match="policy"):
        renewopt.plan(minimal, policy=policy)
    assert not list(folder.rglob("PWNED"))
    assert "hostile_module" not in sys.modules


def test_a_plan_by_another_policy_is_made_and_nothing_is_run(run: Run, repository: Path, folder: Path) -> None:
    path = hostile(repository, folder, "subprocess:check_output", "yaml")
    result = run("plan", path, "--policy", "wait-for-build", "--out", "out", "--quiet")
    assert result.exit_code == 0, result.output
    assert not list(folder.rglob("PWNED"))


def test_the_caller_names_the_module(run: Run, repository: Path, folder: Path) -> None:
    path = hostile(repository, folder, "hostile_module:Rule", "yaml")
    other = run("plan", path, "--policy", "mine", "--policy-module", "renewopt.policies", "--out", "out", "--quiet")
    assert (other.exit_code, (folder / "PWNED").exists()) == (2, False)
    for policy in ("mine", "hostile_module:Rule"):
        words = ("--policy", policy, "--policy-module", "hostile_module", "--out", f"out-{len(policy)}", "--quiet")
        result = run("plan", path, *words)
        assert result.exit_code == 0, result.output
    assert renewopt.read_plan(folder / "out-4").objective == renewopt.plan(path, policy="first-come").objective
    # To check never runs anything, and says so.
    checked = run("check", path)
    assert checked.exit_code == 2
    assert "--policy-module hostile_module" in checked.stderr


def test_check_has_no_such_option(run: Run, repository: Path) -> None:
    result = run("check", repository / "scenarios" / "minimal.yaml", "--policy-module", "os")
    assert result.exit_code == 2
    assert "no option --policy-module" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("cluster", [None, pytest.param("dask", marks=pytest.mark.xdist_group("dask"))])
def test_processes_and_a_cluster_get_the_callers_module(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: str | None
) -> None:
    (tmp_path / "my_own_rules.py").write_text(MODULE, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "my_own_rules", raising=False)
    compared = renewopt.compare(
        repository / "scenarios" / "minimal.yaml",
        policies=["my_own_rules:Rule"],
        policy_modules=["my_own_rules"],
        jobs=2,
        cluster=cluster,
        perfect=False,
    )
    assert set(compared.runs["status"]) == {"feasible"}, compared.runs["reason"].tolist()
    assert "my_own_rules:Rule" in set(compared.runs["policy"])


HIJACKED = [
    *("multiprocessing", "numpy", "pandas", "sitecustomize", "usercustomize", "click", "json", "pickle", "renewopt"),
    *(
        "rich",
        "pydantic",
        "ruamel",
        "highspy",
        "signal",
        "concurrent",
        "python_calamine",
        "encodings",
        "renewopt_plugin",
    ),
]


@pytest.mark.slow
def test_no_module_is_taken_from_the_folder_that_is_worked_in(repository: Path, tmp_path: Path) -> None:
    """Neither by the command nor by the processes that a comparison starts, which Python would let look there first."""
    command = shutil.which("renewopt", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("the command is not installed beside this Python")
    here = tmp_path / "hostile"
    here.mkdir()
    for name in HIJACKED:
        (here / f"{name}.py").write_text(f"open({str(here / f'PWNED-{name}')!r}, 'w').close()", "utf-8")
    (here / "renewopt_plugin-1.0.dist-info").mkdir()
    (here / "renewopt_plugin-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: renewopt_plugin\nVersion: 1.0\n", "utf-8"
    )
    (here / "renewopt_plugin-1.0.dist-info" / "entry_points.txt").write_text(
        "[renewopt.policies]\nfirst-come = renewopt_plugin:Rule\nplugged = renewopt_plugin:Rule\n", "utf-8"
    )
    shutil.copy(repository / "scenarios" / "minimal.yaml", here / "scenario.yaml")
    done = subprocess.run(
        [
            command,
            "compare",
            "scenario.yaml",
            "--policies",
            "first-come",
            "--no-perfect",
            "--jobs",
            "2",
            "--out",
            "out",
        ],
        cwd=here,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in here.glob("PWNED*")] == []
