"""``renewopt replan``: what it tells, what it writes, its exit codes."""

import filecmp
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.conftest import REPOSITORY

import renewopt
from renewopt.cli.main import main


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["replan", *map(str, words)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("replan")
    plan = renewopt.plan(REPOSITORY / "scenarios" / "minimal.yaml", gap=0)
    return plan.write(at / "plan", report=False)


def test_what_is_late_is_told_and_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "late.csv").write_text("事项,月份,分期\n预计,2024-07,Meadow-1\n", encoding="utf-8")
    asked = (folder, "--actuals", tmp_path / "late.csv", "--month", "2024-03", "--promise-price", 500)
    told = run(*asked, "--out", tmp_path / "anew", "--quiet", "--lang", "zh")
    assert told.exit_code == 0, told.output
    assert "因情况变化增加：比原方案多 8800元" in told.stdout
    anew = renewopt.read_plan(tmp_path / "anew")
    assert anew.replanned is not None
    assert anew.promises["household"].tolist() == ["N1", "S1", "S2"]
    assert "届时尚无该房源" in (tmp_path / "anew" / "report.html").read_text(encoding="utf-8")
    again = run(*asked, "--out", tmp_path / "anew", "--quiet")
    assert again.exit_code == 5


def test_without_news_the_folder_is_copied(folder: Path, tmp_path: Path) -> None:
    told = run(folder, "--month", "2024-03", "--out", tmp_path / "same", "--quiet")
    assert told.exit_code == 0
    assert told.stdout.startswith("Nothing is new: the plan stays as it is, byte for byte")
    for name in ("allocation.csv", "decisions.csv", "funds.csv", "actuals.csv"):
        assert filecmp.cmp(folder / name, tmp_path / "same" / name, shallow=False)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--month", "2023-03"), "expected the first month that is not over, 2024-02 to 2024-08"),
        (("--month", "2024-03", "--promise-price", "-1"), "expected yuan from 0"),
        (("--month", "2024-03", "--actuals", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    told = run(folder, *words, "--out", tmp_path / "out", "--quiet")
    assert told.exit_code == 2
    assert says in told.stderr
    assert not (tmp_path / "out").exists()


def test_the_plan_itself_is_never_overwritten(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "late.csv").write_text("what,month,phase\nexpected,2024-07,Meadow-1\n", encoding="utf-8")
    told = run(folder, "--actuals", tmp_path / "late.csv", "--month", "2024-03", "--out", folder, "--force", "--quiet")
    assert told.exit_code == 5
    assert renewopt.read_plan(folder).replanned is None
