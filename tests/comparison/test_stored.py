"""A comparison's folder is data: a stored run or plan is what it should be, or it is done again; nothing is run."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renewopt
from renewopt.comparison.stored import check_mark, stored_plan, stored_run
from renewopt.results.failures import PlanFileError
from renewopt.stored import StoredError

ROW = {"status": "feasible", "reason": "", "start": "2024-01", "objective": 3.5, "clear_month": ""}
RUN = {"row": ROW, "settled": [0, 1], "waits": [{"kind": "project", "group": "P1", "households": 3}], "seconds": 0.1}
RUN |= {"drawn": [["phase_delay", "E-1", 3.0]], "failed_at": ""}


class Payload:
    """Runs when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.target,)


def test_a_run_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps(RUN), "utf-8")
    assert stored_run(path).row == ROW


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"3",
        b"[]",
        b"[" * 100_000,
        b"9" * 9_000,
        b"\x80\x04K\x03.",
        b"\xff\xfe",
        json.dumps({**RUN, "more": 1}).encode(),
        json.dumps({key: value for key, value in RUN.items() if key != "waits"}).encode(),
        *(
            json.dumps({**RUN, **changed}).encode()
            for changed in (
                {"row": "x"},
                {"row": {**ROW, "policy": "another"}},
                {"row": {**ROW, "seed": 7}},
                {"row": {**ROW, "objective": "cheap"}},
                {"row": {**ROW, "objective": True}},
                {"row": {**ROW, "objective": float("inf")}},
                {"row": {**ROW, "objective": [1]}},
                {"row": {**ROW, "status": "perfect"}},
                {"row": {**ROW, "reason": 3}},
                {"row": {**ROW, "start": "soon"}},
                {"row": {**ROW, "start": 2024}},
                {"settled": "x"},
                {"settled": ["1"]},
                {"settled": [1.5]},
                {"waits": {}},
                {"waits": [3]},
                {"waits": [{"scenario": "another"}]},
                {"waits": [{"group": 3}]},
                {"seconds": "1"},
                {"drawn": [["colour", "E-1", 3.0]]},
                {"drawn": [["phase_delay", "E-1"]]},
                {"drawn": [["phase_delay", "E-1", "3"]]},
                {"failed_at": None},
                {"seconds": float("nan")},
            )
        ),
    ],
)
def test_what_is_no_run_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r".*"):
        stored_run(path)


@pytest.mark.parametrize("content", ["", "{", "3", "[]", '{"format": "2"}', '{"format": null}', "[" * 100_000])
def test_a_mark_that_was_changed_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "comparison.json").write_text(content, "utf-8")
    with pytest.raises(PlanFileError, match=r"comparison\.json was changed"):
        check_mark(tmp_path / "comparison.json", 2)


def test_a_mark_of_another_format_is_told(tmp_path: Path) -> None:
    (tmp_path / "comparison.json").write_text('{"format": 99}', "utf-8")
    with pytest.raises(PlanFileError, match="format 99, but this version reads 2"):
        check_mark(tmp_path / "comparison.json", 2)


def compare(repository: Path, folder: Path) -> None:
    scenario = repository / "scenarios" / "minimal.yaml"
    renewopt.compare(scenario, policies=["optimal"], gap=0, perfect=False, out=folder)


@pytest.fixture(scope="module")
def compared(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a comparison."""
    folder = tmp_path_factory.mktemp("compared") / "out"
    compare(repository, folder)
    return folder


def spoil_plans(folder: Path, changed: dict[str, Any]) -> None:
    for path in (folder / "plans").glob("*.npz"):
        with np.load(path, allow_pickle=False) as found:
            whole = {name: found[name] for name in found.files}
        np.savez(path, **{**whole, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"settle": np.array([[Payload(Path("PWNED"))] * 3], dtype=object)},
        {"made_for": np.array(Payload(Path("PWNED")), dtype=object)},
        {"settle": np.zeros((1, 7), dtype=np.int64)},
        {"settle": np.zeros(3, dtype=np.int64)},
        {"settle": np.zeros((1, 3))},
        {"bound": np.zeros(3)},
        {"made": np.array("yes")},
        {"more": np.zeros(1)},
    ],
)
def test_what_is_no_plan_is_none(tmp_path: Path, changed: dict[str, Any], compared: Path) -> None:
    (tmp_path / "plans").mkdir()
    for path in (compared / "plans").glob("*.npz"):
        copy = tmp_path / "plans" / path.name
        copy.write_bytes(path.read_bytes())
        assert stored_plan(copy).decisions is not None
    spoil_plans(tmp_path, changed)
    for path in (tmp_path / "plans").glob("*.npz"):
        with pytest.raises(StoredError):
            stored_plan(path)
    assert not Path("PWNED").exists()


def test_spoilt_runs_and_plans_are_done_again(
    repository: Path, compared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {name: (compared / name).read_bytes() for name in ("runs.csv", "waits.csv", "ranking.csv")}
    for name in ("sitecustomize", "numpy", "runs", "plans"):
        (compared / f"{name}.py").write_text(f"open({str(compared / 'PWNED')!r}, 'w').close()", "utf-8")
    for path in (compared / "runs").glob("*.json"):
        path.write_bytes(pickle.dumps(Payload(compared / "PWNED")))
    spoil_plans(compared, {"settle": np.array([[Payload(compared / "PWNED")] * 3], dtype=object)})
    monkeypatch.chdir(compared)
    before = set(sys.modules)
    compare(repository, compared)
    assert {name: (compared / name).read_bytes() for name in tables} == tables
    assert not (compared / "PWNED").exists()
    assert {"runs", "plans"} & (set(sys.modules) - before) == set()
