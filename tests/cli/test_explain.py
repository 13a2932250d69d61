"""`renewopt explain`: what it says in both languages, writes, and refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import renewopt
from renewopt.cli.main import main

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    return plan.write(tmp_path_factory.mktemp("explained") / "plan", report=False)


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *words: CliRunner().invoke(main, ["explain", str(folder), *map(str, words), "--quiet"])


def test_a_household_is_explained_in_both_languages(run: Run) -> None:
    told = run("N1")
    assert told.exit_code == 0, told.output
    assert "By the plan: transfer Meadow/flat, chosen 2024-05" in told.stdout
    assert "every home of Garden/flat that there is by 2024-01 goes to others (1 in all)" in told.stdout
    assert "no home of Meadow/flat before 2024-05" in told.stdout
    chinese = run("N1", "--lang", "zh")
    assert "方案安排：调安 Meadow/flat，2024年5月办理" in chinese.stdout
    assert "Meadow/flat 在2024年5月之前没有房源" in chinese.stdout
    exact = run("N1", "--exact", "--top", "1")
    assert "re-solved" in exact.stdout


def test_the_other_way_round(run: Run) -> None:
    home = run("--home", "Garden/flat", "--exact")
    assert home.exit_code == 0, home.output
    assert "One more home of Garden/flat from 2024-01" in home.stdout
    assert "Re-solved: the best plan with it saves" in home.stdout
    money = run("--money", "50万元@2024-02", "--fund", "budget")
    assert "500,000 yuan more in budget in 2024-02" in money.stdout


def test_files_are_written_and_never_put_over_others(run: Run, folder: Path, tmp_path: Path) -> None:
    page, table = tmp_path / "n1.html", tmp_path / "why.csv"
    assert run("N1", "--page", "--out", page).exit_code == 0
    assert "<h1>Your household: N1</h1>" in page.read_text("utf-8")
    assert run("--all", "--out", table).exit_code == 0
    assert table.read_bytes().startswith(b"\xef\xbb\xbfhousehold,part,")
    assert run("--all", "--out", table).exit_code == 5
    assert run("--all", "--out", table, "--force").exit_code == 0
    assert run("N1", "--page", "--out", page, "--force").exit_code == 0
    mine = tmp_path / "mine.csv"
    mine.write_text("my own", "utf-8")
    assert run("--all", "--out", mine, "--force").exit_code == 5
    assert mine.read_text("utf-8") == "my own"
    assert run("--all", "--out", folder / "plan.json", "--force").exit_code == 5
    assert run("--all", "--out", tmp_path, "--force").exit_code == 5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), ["name a household"]),
        (("N1", "--home", "Garden/flat", "--force"), ["name a household", "--force goes with --out"]),
        (("--month", "2024-02", "--all"), ["--month goes with --home", "need --out FILE"]),
        (("--home", "Garden/flat", "--page", "--fund", "budget"), ["--page goes", "--fund goes"]),
        (("N1", "--out", "x.csv"), ["--out goes with"]),
        (("--all", "--out", "x.csv", "--exact", "--gap", "0.1"), ["--exact goes with", "--gap goes with"]),
        (("--money", "much@2024-01"), ["is not an amount of money"]),
        (("--money", "5万元@2050-01"), ["month 2050-01: expected"]),
        (("N7",), ["no household 'N7'"]),
    ],
)
def test_what_does_not_go_together_is_refused_at_once(run: Run, words: tuple[str, ...], told: list[str]) -> None:
    refused = run(*words)
    assert refused.exit_code == 2
    assert all(part in refused.stderr for part in told), refused.stderr
