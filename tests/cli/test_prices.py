"""`renewopt prices`: what it says in both languages, writes, and refuses."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import renewopt
from renewopt.cli.main import main

Run = Callable[..., Result]
QUICK = ("--whole", "0", "--no-differences", "--quiet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    folder = tmp_path_factory.mktemp("prices")
    shutil.copy(repository / "scenarios" / "minimal.yaml", folder)
    renewopt.plan(folder / "minimal.yaml", gap=0).write(folder / "plan", report=False)
    return folder


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *arguments: CliRunner().invoke(main, [*map(str, ("prices", folder / "plan", *arguments))])


def test_prices_are_printed_in_both_languages(run: Run) -> None:
    english, chinese = run(*QUICK), run(*QUICK, "--lang", "zh")
    assert english.exit_code == chinese.exit_code == 0, english.output
    assert "a million yuan in budget" in english.stdout
    assert "Differences" not in english.stdout
    assert "budget 资金 100万元" in chinese.stdout
    assert not english.stderr


def test_progress_tells_each_step(run: Run) -> None:
    result = run("--whole", 1, "--top", 1)
    assert result.exit_code == 0, result.output
    assert "whole plan: whole households" in result.stdout
    assert "Meadow-1 a month sooner" in result.stdout


def test_a_folder_is_written_once_and_replaced_only_if_it_is_ours(run: Run, tmp_path: Path, folder: Path) -> None:
    assert run(*QUICK, "--out", tmp_path / "p").exit_code == 0
    assert (tmp_path / "p" / "report.html").exists()
    assert run(*QUICK, "--out", tmp_path / "p").exit_code == 5
    assert run(*QUICK, "--out", tmp_path / "p", "--force").exit_code == 0
    assert run(*QUICK, "--out", folder / "plan", "--force").exit_code == 5


def test_what_is_wrong_is_said_and_how_to_mend_it(run: Run) -> None:
    for wrong, said in (
        (("--months", "2031-01"), "2024-01"),
        (("--force",), "--force goes with --out"),
        (("--scenario", "nowhere.yaml"), "nowhere.yaml"),
        (("--top", "0"), "0"),
    ):
        result = run(*QUICK, *wrong)
        assert result.exit_code == 2, (wrong, result.output)
        assert said in result.stderr
