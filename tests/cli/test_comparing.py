"""``renewopt compare``: its table, its folder, its exit codes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from renewopt.cli.main import main


@pytest.fixture
def minimal(repository: Path) -> str:
    return str(repository / "scenarios" / "minimal.yaml")


def test_it_ranks_writes_and_resumes(minimal: str, tmp_path: Path) -> None:
    command = ["compare", minimal, "--policies", "optimal,first-come", "--out", str(tmp_path / "out")]
    first = CliRunner().invoke(main, command)
    assert first.exit_code == 0, first.output
    lines = first.stdout.splitlines()
    assert lines[0] == "minimal · future: as planned · objective, yuan"
    assert [line.split()[:2] for line in lines[2:5]] == [["1", "optimal"], ["2", "first-come"], ["3", "wait-for-build"]]
    assert "18,700" in lines[2]
    assert "of 4 runs done" in first.stderr
    again = CliRunner().invoke(main, command)
    assert (again.exit_code, again.stdout, again.stderr) == (0, first.stdout, "")
    chinese = CliRunner().invoke(main, [*command, "--lang", "zh", "--quiet"])
    assert "整体优化" in chinese.stdout
    assert chinese.stderr == ""
    assert "<h1>决策方式比较报告</h1>" in (tmp_path / "out" / "report.html").read_text("utf-8")
    CliRunner().invoke(main, [*command, "--measure", "fiscal_cost", "--quiet"])
    assert "Policies ranked: fiscal cost" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_rankings_pairs_and_parquet_stand_in_the_folder(minimal: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    words = ["compare", minimal, "--policies", "first-come", "--no-perfect", "--quiet", "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(main, [*words, "--parquet"]).exit_code == 0
    assert (tmp_path / "out" / "runs.parquet").exists()
    ranking = (tmp_path / "out" / "ranking.csv").read_text(encoding="utf-8-sig").splitlines()
    assert ranking[1].startswith("minimal,,as-planned,1,first-come,1,1.0,20300.00,")
    pairs = (tmp_path / "out" / "pairs.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[3:5] for line in pairs[1:]] == [
        ["first-come", "wait-for-build"],
        ["wait-for-build", "first-come"],
    ]


def test_exit_codes(minimal: str, tmp_path: Path) -> None:
    def code(*words: str) -> int:
        return CliRunner().invoke(main, ["compare", *words]).exit_code

    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    assert code(minimal, "--policies", "first-come", "--out", str(tmp_path / "full")) == 5
    out = str(tmp_path / "out")
    assert code(minimal, "--policies", "first-com", "--out", out) == 2
    assert code(minimal, "--measure", "status", "--out", out) == 2
    assert code(str(tmp_path / "none.yaml"), "--out", out) == 2


def test_a_shortfall_is_a_finding_and_no_error(minimal: str, tmp_path: Path) -> None:
    short = tmp_path / "short.yaml"
    lacks = "\nvariants:\n  runs-short:\n    commitments: [{id: road, by_month: {2024-02: 9亿元}}]\n"
    short.write_text(Path(minimal).read_text(encoding="utf-8") + lacks, encoding="utf-8")
    words = ["--variants", "runs-short", "--policies", "first-come", "--no-perfect", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, ["compare", str(short), *words])
    assert done.exit_code == 0, done.output
    assert "infeasible" in (tmp_path / "out" / "runs.csv").read_text(encoding="utf-8-sig")


def test_check_tells_policies_that_are_stated_wrongly(minimal: str, tmp_path: Path) -> None:
    path = tmp_path / "stated.yaml"
    wrong = "\npolicies:\n  - {id: a, policy: first-com}\n  - {id: b, policy: first-come, parameters: {hold: 1}}\n"
    path.write_text(Path(minimal).read_text(encoding="utf-8") + wrong, encoding="utf-8")
    done = CliRunner().invoke(main, ["check", str(path)])
    assert done.exit_code == 2
    assert "policies.a: unknown policy 'first-com'" in done.stderr
    assert "policies.b: policy 'first-come' has no parameter 'hold'" in done.stderr
