"""Sweeps: each point is the plan of the scenario with that value, whatever is killed and however it is done."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tests.waiting import eventually

import renewopt
from renewopt.disk import OutputExistsError
from renewopt.tradeoffs import doing

ADDRESS = "funds.bond.inflow.monthly"
VALUES = {ADDRESS: "10万元..30万元"}


def files(folder: Path) -> dict[str, bytes]:
    """What a sweep wrote, but for times."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name not in ("timings.csv", "sweep.json")
    }


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Path:
    return repository / "scenarios" / "minimal.yaml"


@pytest.fixture(scope="module")
def swept(minimal: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[renewopt.Sweep, Path]:
    folder = tmp_path_factory.mktemp("sweep") / "out"
    return renewopt.sweep(minimal, VALUES, points=5, gap=0, out=folder), folder


@pytest.mark.slow
def test_each_point_is_the_plan_at_its_value(swept: tuple[renewopt.Sweep, Path], minimal: Path, tmp_path: Path) -> None:
    sweep, _ = swept
    assert sweep.points[ADDRESS].tolist() == ["10万元", "15万元", "20万元", "25万元", "30万元"]
    text = minimal.read_text("utf-8")
    for row in sweep.points.to_dict("records"):
        scenario = tmp_path / "minimal.yaml"
        scenario.write_text(text.replace("monthly: 25万元", f"monthly: {row[ADDRESS]}"), "utf-8")
        plan = renewopt.plan(scenario, gap=0)
        assert row["status"] == "optimal"
        assert (row["objective"], row["bound"]) == (plan.objective, plan.bound)
        assert row["clear_month"] == (plan.clear_month or "")


def test_where_the_answer_changes_in_kind(swept: tuple[renewopt.Sweep, Path]) -> None:
    changes = swept[0].changes
    assert set(zip(changes["from"], changes["to"], strict=True)) == {(3, 4)}
    assert set(zip(changes["what"], changes["item"], changes["change"], strict=True)) == {
        ("clear", "", "appears"),
        ("phase", "Meadow-1", "appears"),
        ("route", "transfer", "appears"),
    }


def test_tables_are_read_back(swept: tuple[renewopt.Sweep, Path]) -> None:
    sweep, folder = swept
    read = pd.read_csv(folder / "points.csv", encoding="utf-8-sig")
    assert read["objective"].tolist() == sweep.points["objective"].tolist()
    assert set(files(folder)) == {"points.csv", "phases.csv", "routes.csv", "changes.csv", "report.html"}


def test_a_second_call_does_nothing_again(
    swept: tuple[renewopt.Sweep, Path], minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep, folder = swept
    before = files(folder)
    monkeypatch.setattr(doing, "solve", lambda _: pytest.fail("it is done"))
    again = renewopt.sweep(minimal, VALUES, points=5, gap=0, out=folder)
    pd.testing.assert_frame_equal(again.points, sweep.points)
    assert files(folder) == before


@pytest.mark.slow
def test_kill_9_loses_nothing(swept: tuple[renewopt.Sweep, Path], minimal: Path, tmp_path: Path) -> None:
    code = (
        "import renewopt, sys, threading\n"
        "def hold(step):\n"
        "    if step.done == 2:\n"
        "        threading.Event().wait()\n"  # until it is killed
        f"renewopt.sweep(sys.argv[1], {VALUES!r}, points=5, gap=0, out=sys.argv[2], progress=hold)\n"
    )
    out = tmp_path / "killed"
    running = subprocess.Popen([sys.executable, "-c", code, str(minimal), str(out)])
    runs = out / "runs"
    eventually(lambda: running.poll() is not None or len(list(runs.glob("*.json"))) >= 2)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    kept = {path: path.read_bytes() for path in runs.glob("*.json")}
    assert len(kept) == 2
    steps = []
    renewopt.sweep(minimal, VALUES, points=5, gap=0, out=out, progress=steps.append)
    assert steps[-1].total == 3
    assert {path: path.read_bytes() for path in kept} == kept
    assert files(out) == files(swept[1])


def test_a_spoilt_point_is_done_again(swept: tuple[renewopt.Sweep, Path], minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    renewopt.sweep(minimal, {ADDRESS: "25万元,30万元"}, gap=0, out=out)
    before = files(out)
    first, second = sorted((out / "runs").iterdir())
    first.write_text("{", "utf-8")
    found = json.loads(second.read_text("utf-8"))
    second.write_text(json.dumps({**found, "phases": {"Meadow-1": "soon"}}), "utf-8")
    steps = []
    renewopt.sweep(minimal, {ADDRESS: "25万元,30万元"}, gap=0, out=out, progress=steps.append)
    assert steps[-1].total == 2
    assert files(out) == before


@pytest.mark.slow
def test_processes_find_the_same(swept: tuple[renewopt.Sweep, Path], minimal: Path) -> None:
    sweep = renewopt.sweep(minimal, VALUES, points=5, gap=0, jobs=2)
    pd.testing.assert_frame_equal(sweep.points, swept[0].points)


@pytest.mark.slow
def test_the_structured_path_hands_on_what_it_has_learnt(minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sweep = renewopt.sweep(minimal, {ADDRESS: "25万元,30万元"}, gap=0.2, out=out, method="structured")
    assert sweep.points["objective"].notna().all()
    assert len(list((out / "plans").glob("*.npz"))) == 2
    # One point is lost: what its neighbour has learnt is read back, and the same is found.
    before = files(out)
    for path in (out / "runs").iterdir():
        if json.loads(path.read_text("utf-8"))["row"]["objective"] == sweep.points["objective"].iloc[1]:
            path.unlink()
    renewopt.sweep(minimal, {ADDRESS: "25万元,30万元"}, gap=0.2, out=out, method="structured")
    assert files(out) == before


def test_no_plan_is_told(minimal: Path) -> None:
    sweep = renewopt.sweep(minimal, {"objective.no_overdue_from": "2024-02,2024-06"})
    assert sweep.points["status"].tolist() == ["infeasible", "optimal"]
    assert sweep.changes[["what", "change"]].to_numpy().tolist() == [["plan", "appears"]]
    assert "2024-02: no plan keeps every rule" in sweep.summary()
    assert "2024年2月：没有满足全部条件的方案" in sweep.summary("zh")
    assert "<html" in sweep.report()


def test_all_wrong_values_are_told_before_anything_is_done(
    minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doing, "solve", lambda _: pytest.fail("nothing is done"))
    values = {ADDRESS: "25万元,much", "funds.budget.opening": "-1,10万元", "funds.bnd.opening": "1,2"}
    with pytest.raises(renewopt.ScenarioError) as caught:
        renewopt.sweep(minimal, values, out=tmp_path / "out")
    told = str(caught.value)
    assert "=much" in told
    assert "=-1" in told
    assert "did you mean 'bond'" in told
    assert not (tmp_path / "out").exists()


def test_the_folder_of_somebody_else_is_refused(minimal: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputExistsError):
        renewopt.sweep(minimal, {ADDRESS: "25万元"}, out=tmp_path)
    with pytest.raises(OutputExistsError):
        renewopt.sweep(minimal, {ADDRESS: "25万元"}, out=minimal.parent)


def test_it_is_written_elsewhere_too(swept: tuple[renewopt.Sweep, Path], tmp_path: Path) -> None:
    sweep, folder = swept
    assert files(sweep.write(tmp_path / "other")) == files(folder)
    assert "<html" in (sweep.write(tmp_path / "other", lang="zh") / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"points": 0}, ValueError),
        ({"jobs": 0}, ValueError),
        ({"gap": 2}, ValueError),
        ({"time_limit": 0}, ValueError),
        ({"method": "best"}, ValueError),
        ({"cluster": "slurm"}, ValueError),
        ({"values": 5}, TypeError),
        ({"values": [5]}, TypeError),
        ({"values": []}, ValueError),
        ({"lang": "fr"}, ValueError),
    ],
)
def test_arguments_that_are_none(minimal: Path, more: dict, error: type[Exception]) -> None:
    asked = {"values": {ADDRESS: "25万元"}, **more}
    with pytest.raises(error):
        renewopt.sweep(minimal, asked.pop("values"), **asked)
