"""``renewopt sweep``, ``frontier`` and ``alternatives``: what is told, where it goes, how it ends."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from renewopt.cli.main import main


@pytest.fixture(scope="module")
def minimal(repository: Path) -> str:
    return str(repository / "scenarios" / "minimal.yaml")


def run(*arguments: object):
    return CliRunner().invoke(main, [str(each) for each in arguments])


def test_a_sweep_is_told_and_written(minimal: str, tmp_path: Path) -> None:
    asked = ("sweep", minimal, "--set", "funds.bond.inflow.monthly=20万元,25万元", "--out", tmp_path / "out")
    done = run(*asked, "--lang", "zh")
    assert done.exit_code == 0, done.output
    assert "参数变动分析：funds.bond.inflow.monthly" in done.stdout
    assert "开始建设 Meadow-1" in done.stdout
    assert "2 / 2" in done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    again = run(*asked, "--quiet")
    assert again.exit_code == 0
    assert again.stderr == ""
    assert "phase Meadow-1 is built" in again.stdout


def test_no_plan_anywhere_ends_with_3(minimal: str, tmp_path: Path) -> None:
    done = run("sweep", minimal, "--set", "objective.no_overdue_from=2024-01,2024-02", "--out", tmp_path / "out")
    assert done.exit_code == 3
    assert "2024-01: no plan keeps every rule" in done.stdout


def test_a_frontier_is_told_and_written(minimal: str, tmp_path: Path) -> None:
    done = run("frontier", minimal, "--x", "longest_wait", "--points", 2, "--out", tmp_path / "out", "--quiet")
    assert done.exit_code == 0, done.output
    assert "Transition fees against longest wait" in done.stdout
    assert (tmp_path / "out" / "left_out.csv").exists()


def test_alternatives_are_told_and_written(minimal: str, tmp_path: Path) -> None:
    assert run("plan", minimal, "--gap", 0, "--out", tmp_path / "plan", "--quiet").exit_code == 0
    done = run("alternatives", tmp_path / "plan", "--within", "40%", "--out", tmp_path / "out", "--quiet")
    assert done.exit_code == 0, done.output
    assert "To be done in any case: Meadow-1" in done.stdout
    assert (tmp_path / "out" / "parts.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--set", "funds.bond"), 2, "expected ADDRESS=VALUES"),
        (("--set", "funds.bnd.opening=1万元"), 2, "did you mean 'bond'?"),
        (("--set", "funds.bond.opening=1..2万元"), 2, "with the same unit"),
        ((), 2, "--set"),
    ],
)
def test_what_is_wrong_is_told(minimal: str, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    done = run("sweep", minimal, *arguments, "--out", tmp_path / "out")
    assert done.exit_code == code
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_not_ours_is_left_alone(minimal: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = run("sweep", minimal, "--set", "funds.bond.opening=1万元,2万元", "--out", tmp_path)
    assert done.exit_code == 5
    assert (tmp_path / "mine.txt").read_text() == "mine"
