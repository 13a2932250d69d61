"""What fails: by the policy, recorded and kept; by the machine, told of and done again by the next call."""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from tests.waiting import HANGS, eventually

import renewopt
from renewopt.comparison import running
from renewopt.comparison.blaming import broken_by, failed_at, named
from renewopt.policies import MadeOnce, PriorityRule, make_policy
from renewopt.problem import Decisions, Problem

POLICIES = """
import os
import time
from pathlib import Path
from renewopt.policies import PriorityRule

HERE = Path(__file__).parent


class Deadly(PriorityRule):
    name = "deadly"

    def order(self, candidates):
        if (HERE / "kill").exists():
            os._exit(9)
        return [candidates.moved_out]


class Slow(PriorityRule):
    name = "slow"

    def order(self, candidates):
        (HERE / f"begun-{os.getpid()}").touch()
        time.sleep(3600)
        return [candidates.moved_out]
"""
BESIDE = ["first-come", "units-first", "voucher-first", "urgent-first", "equal-shares"]


@pytest.fixture
def scenario(repository: Path, tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text((repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8"), "utf-8")
    return path


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module of one's own, which other processes can import."""
    (tmp_path / "policies_of_mine.py").write_text(POLICIES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("policies_of_mine")
    del sys.modules["policies_of_mine"]


def reasons_on_disk(folder: Path) -> list[str]:
    found = [json.loads(path.read_text(encoding="utf-8"))["row"] for path in (folder / "runs").glob("*.json")]
    return [row["reason"] for row in found if row["status"] == "failed"]


@pytest.mark.slow
def test_who_kills_its_worker_fails_alone_and_is_tried_again(scenario: Path, tmp_path: Path, mine: ModuleType) -> None:
    (tmp_path / "kill").touch()
    asked = {"policies": [*BESIDE[:2], mine.Deadly(), *BESIDE[2:]], "perfect": False, "out": tmp_path / "out"}
    runs = renewopt.compare(scenario, jobs=2, **asked).runs.set_index("policy")
    assert runs["status"].to_dict() == dict.fromkeys([*BESIDE, "wait-for-build"], "feasible") | {"deadly": "failed"}
    assert "BrokenProcessPool" in runs.loc["deadly", "reason"]
    assert reasons_on_disk(tmp_path / "out") == []
    (tmp_path / "kill").unlink()
    again = renewopt.compare(scenario, **asked).runs
    assert set(again["status"]) == {"feasible"}
    assert again.equals(renewopt.compare(scenario, **{**asked, "out": None}).runs)


@pytest.mark.slow
def test_who_kills_its_worker_on_a_cluster_fails_alone(scenario: Path, tmp_path: Path, mine: ModuleType) -> None:
    pytest.importorskip("distributed")
    (tmp_path / "kill").touch()
    code = (
        "import renewopt, sys, policies_of_mine as mine\n"
        "if __name__ == '__main__':\n"
        "    renewopt.compare(sys.argv[1], policies=['first-come', mine.Deadly(), 'units-first'], perfect=False,"
        " jobs=2, cluster='dask', out=sys.argv[2])\n"
    )
    command = [sys.executable, "-c", code, str(scenario), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=HANGS, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert reasons_on_disk(tmp_path / "out") == []
    assert len(list((tmp_path / "out" / "runs").glob("*.json"))) == 3


@pytest.mark.slow
def test_a_policy_that_no_worker_can_unpack_says_so(scenario: Path) -> None:
    class Here(PriorityRule):
        name = "here"

    runs = renewopt.compare(scenario, policies=[Here(), "first-come"], perfect=False, jobs=2).runs.set_index("policy")
    assert runs["status"].to_dict() == {"here": "failed", "first-come": "feasible", "wait-for-build": "feasible"}
    assert "Here" in runs.loc["here", "reason"]


@pytest.mark.slow
def test_where_no_process_can_be_started_that_is_said(scenario: Path) -> None:
    code = f"import renewopt\nrenewopt.compare({str(scenario)!r}, policies=['first-come'], jobs=2)\n"
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, check=False, timeout=HANGS)
    assert "no other process can be started from here" in done.stderr.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_leaves_no_process_behind(scenario: Path, tmp_path: Path, mine: ModuleType, times: int) -> None:
    code = (
        "import renewopt, sys, policies_of_mine as mine\n"
        "if __name__ == '__main__':\n"
        "    renewopt.compare(sys.argv[1], policies=[mine.Slow(), 'first-come'], perfect=False, jobs=2)\n"
    )
    command = [sys.executable, "-c", code, str(scenario)]
    running = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL, start_new_session=True)
    eventually(lambda: any(tmp_path.glob("begun-*")))
    for _ in range(times):
        running.send_signal(signal.SIGINT)
        time.sleep(0.1)
    running.wait(HANGS)
    # Nobody is left of its session.
    eventually(lambda: not alive(running.pid))


def alive(session: int) -> bool:
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("error", [FileNotFoundError("not here"), MemoryError("no more")])
def test_what_the_machine_failed_to_do_is_done_again(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    asked = {"policies": ["first-come", "optimal"], "out": tmp_path / "out"}
    with monkeypatch.context() as broken:
        broken.setattr(running, "load" if isinstance(error, OSError) else "replay", fails)
        broken.setattr(running, "_instances", {})
        runs = renewopt.compare(scenario, **asked).runs
    assert set(runs["status"]) == {"failed"}
    assert runs["reason"].str.contains(type(error).__name__).all()
    assert reasons_on_disk(tmp_path / "out") == []
    assert set(renewopt.compare(scenario, **asked).runs["status"]) == {"feasible"}


tried: list[object] = []


@dataclass(frozen=True)
class Wrong(MadeOnce):
    """Fails while it plans."""

    name: ClassVar[str] = "wrong"

    def decide(self, problem: Problem) -> Decisions:
        tried.append(problem)
        raise RuntimeError("no idea")


class Late(PriorityRule):
    """Fails while it decides."""

    name = "late"

    def order(self, candidates: object) -> list[object]:
        tried.append(candidates)
        raise RuntimeError("no idea")


@pytest.mark.parametrize("policy", [Wrong, Late])
def test_what_a_policy_fails_at_is_kept(
    scenario: Path, tmp_path: Path, policy: Callable[[], renewopt.PriorityRule]
) -> None:
    asked = {"policies": [policy()], "perfect": False, "out": tmp_path / "out"}
    first = renewopt.compare(scenario, **asked)
    assert reasons_on_disk(tmp_path / "out") == ["RuntimeError: no idea"]
    tried.clear()
    assert renewopt.compare(scenario, **asked).runs.equals(first.runs)
    assert not tried


BROKEN = """
from renewopt.policies import PriorityRule


class Broken(PriorityRule):
    name = "broken"

    def order(self, candidates):
        return [wanted(candidates)]


def wanted(candidates):
    return candidates.nobody_has_this
"""


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_policy_of_ones_own_that_fails_is_told_at_once_with_its_line(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    file = tmp_path / f"broken_{jobs}.py"
    file.write_text(BROKEN, "utf-8")
    monkeypatch.chdir(tmp_path)
    steps: list[renewopt.comparison.Step] = []
    name = f"broken_{jobs}:Broken"
    asked = {"policies": [name, "first-come"], "policy_modules": [f"broken_{jobs}"], "perfect": False, "jobs": jobs}
    runs = renewopt.compare(scenario, progress=steps.append, out=tmp_path / "out", **asked).runs.set_index("policy")
    line = BROKEN.splitlines().index("    return candidates.nobody_has_this") + 1
    (failed,) = [step.failed for step in steps if step.failed is not None]
    assert failed.policy == name
    assert failed.reason.startswith("AttributeError: ")
    assert failed.place == f"{file}:{line}"
    # In the tables the place is the same on every machine; the rest went on.
    assert runs["failed_at"].to_dict() == {name: f"broken_{jobs}.py:{line}", "first-come": "", "wait-for-build": ""}
    assert runs.loc["first-come", "status"] == "feasible"
    again = renewopt.compare(scenario, out=tmp_path / "out", **asked).runs.set_index("policy")
    assert again.equals(runs)


def test_one_that_ships_has_no_line_and_one_that_breaks_rules_has_that_of_its_method() -> None:
    assert broken_by(make_policy("first-come")) == ""
    assert broken_by(None) == ""
    assert named(broken_by(Late())).startswith("test_failing.py:")
    with pytest.raises(RuntimeError) as raised:
        Late().order(None)
    assert failed_at(raised.value, make_policy("first-come")) == ""
    assert failed_at(raised.value, None) == ""
    assert named(failed_at(raised.value, Late())).startswith("test_failing.py:")
