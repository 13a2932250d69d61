"""`renewopt roster`: what it says in both languages, writes, and refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.results.rosters.riverside import HOMES, WISHES, planned, write

from renewopt.cli.main import main

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("riverside"), homes=HOMES, wishes=WISHES)
    planned(folder).write(folder / "plan", report=False)
    return folder


@pytest.fixture
def run(folder: Path) -> Run:
    def go(*arguments: object) -> Result:
        tables = ("--homes", folder / "homes.csv", "--wishes", folder / "wishes.csv")
        return CliRunner().invoke(main, [*map(str, ("roster", folder / "plan", *tables, *arguments)), "--quiet"])

    return go


def test_who_is_without_a_home_is_named_and_the_roster_written(run: Run, tmp_path: Path) -> None:
    result = run("--out", tmp_path / "r")
    assert result.exit_code == 3, result.output
    assert "Homes given: 5; homes left: 1" in result.stdout
    assert "H3         E       flat  2024-01   no home left that is ready in time" in result.stdout
    assert {path.name for path in (tmp_path / "r").iterdir()} == {
        "roster.html", "roster.csv", "roster.json", "office.csv", "open.csv", "left.csv",
    }  # fmt: skip
    again = run("--out", tmp_path / "r")
    assert again.exit_code == 5
    assert run("--out", tmp_path / "r", "--force").exit_code == 3
    assert run("--out", tmp_path / "r" / "roster.csv").exit_code == 5


def test_the_same_command_writes_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("--out", tmp_path / name, "--mode", "lottery", "--seed", 9, "--lang", "zh").exit_code == 3
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_chinese_is_chinese(run: Run, tmp_path: Path) -> None:
    result = run("--out", tmp_path / "r", "--mode", "lottery", "--seed", 20240618, "--lang", "zh")
    assert "按抽签顺序选房，种子数 20240618" in result.stdout
    assert "没有届时可入住的剩余房源" in result.stdout
    page = (tmp_path / "r" / "roster.html").read_text(encoding="utf-8")
    assert "<h1>选房结果公示：Riverside</h1>" in page
    assert "任何人都可以复核签号" in page
    assert "household" not in page.split("<body>")[1].split("<script>")[0]
    refused = run("--out", tmp_path / "r2", "--mode", "lottery", "--lang", "zh")
    assert refused.exit_code == 2
    assert "抽签须有种子数" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--seed", "-1"), "-1"),
        (("--mode", "lots"), "lots"),
        (("--mode", "fit", "--seed", "1"), "leave out the seed"),
        (("--homes", "nowhere.csv"), "there is no such file"),
    ],
)
def test_what_cannot_be_is_refused(run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run("--out", tmp_path / "r", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "r").exists()


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["roster", str(tmp_path), "--out", str(tmp_path / "r")])
    assert result.exit_code == 2
    assert "holds no plan.json" in result.stderr
