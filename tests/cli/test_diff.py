"""``renewopt diff``: its table, its folder, its exit codes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.results.made import random_plan

import renewopt
from renewopt.cli.main import main


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, words)])


@pytest.fixture
def plans(tmp_path: Path) -> tuple[Path, Path]:
    one, other = (random_plan(seed).write(tmp_path / f"plan{seed}", report=False) for seed in (3, 4))
    return one, other


def test_it_prints_and_with_out_it_writes(plans: tuple[Path, Path], tmp_path: Path) -> None:
    told = run(*plans)
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout == renewopt.diff(*plans).summary() + "\n"
    assert told.stdout.startswith("From plan3 to plan4\n")
    out = tmp_path / "out"
    written = run(*plans, "--out", out, "--lang", "zh")
    assert written.exit_code == 0
    assert written.stdout.startswith("方案对比：plan3 → plan4\n")
    assert written.stdout.endswith(f"已写入 {out}；请先打开其中的 report.html\n")
    assert '<html lang="zh-Hans">' in (out / "report.html").read_text("utf-8")


def test_no_difference_is_no_error(plans: tuple[Path, Path], tmp_path: Path) -> None:
    told = run(plans[0], plans[0], "--out", tmp_path / "out")
    assert told.exit_code == 0
    assert "No difference" in told.stdout
    assert "No difference" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_exit_codes(plans: tuple[Path, Path], tmp_path: Path) -> None:
    one, other = plans
    out = tmp_path / "out"
    missing = run(one, tmp_path / "none")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "holds no plan.json" in missing.stderr
    assert run(one).exit_code == 2
    assert run(one, other, "--force").exit_code == 2
    assert run(one, other, "--out", out).exit_code == 0
    again = run(one, other, "--out", out)
    assert (again.exit_code, again.stdout) == (5, "")
    assert run(one, other, "--out", out, "--force").exit_code == 0
    (out / "letter.txt").write_text("dear")
    kept = run(one, other, "--out", out, "--force")
    assert kept.exit_code == 5
    assert "letter.txt" in kept.stderr
    record = (one / "plan.json").read_bytes()
    assert run(one, other, "--out", one, "--force").exit_code == 5
    assert (one / "plan.json").read_bytes() == record
