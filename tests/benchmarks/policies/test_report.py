"""The tables of docs/benchmarks/policies.md are written by the program."""

from pathlib import Path

import pytest
from benchmarks.policies.__main__ import main

import renewopt
from benchmarks.policies import report
from renewopt.policies import SHIPPED


@pytest.mark.slow
def test_tables_stand_between_the_marks(repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    begin, end = report.marks(report.TABLES)
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    scenario = str(repository / "scenarios" / "minimal.yaml")
    words = ["shipped", "--scenarios", scenario, "--policies", "optimal,first-come", "--out", str(tmp_path / "out")]
    assert main([*words, "--page", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{begin}\n\n**minimal, as-planned**")
    assert text.endswith(f"{end}\nafter\n")
    assert "| 1 | optimal | 1 | 100% | 0.019 |  | 0.000 | 100% |" in text
    assert "old" not in text
    assert "| 1 | optimal |" in capsys.readouterr().out
    with pytest.raises(ValueError, match="has no lines"):
        report.renew(repository / "README.md", "")


@pytest.mark.slow
def test_where_there_is_no_plan_a_table_says_nothing(repository: Path, tmp_path: Path) -> None:
    text = (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    short = tmp_path / "short.yaml"
    short.write_text(text.replace("opening: 10万元", "opening: 0").replace("monthly: 10.5万元", "monthly: 0"), "utf-8")
    comparison = renewopt.compare(short, policies=["optimal", "wait-for-build"], out=tmp_path / "out")
    table = report.markdown(comparison)
    assert "| 2 | optimal | 1 | 0% |  |  |  | 0% |" in table
    assert "nan" not in table


def test_fair_play_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fair", "--problems", "2"]) == 0
    assert "0 unfair" in capsys.readouterr().out


def test_the_page_has_its_marks(repository: Path) -> None:
    page = (repository / "docs" / "benchmarks" / "policies.md").read_text(encoding="utf-8")
    for name in (report.TABLES, "speed", "tardiness", "fair"):
        begin, end = report.marks(name)
        assert page.index(begin) < page.index(end)


def test_the_pages_tell_of_every_policy(repository: Path) -> None:
    for name in ("policies.md", "policies-shipped.md"):
        page = (repository / "docs" / name).read_text(encoding="utf-8")
        assert [policy for policy in SHIPPED if f"`{policy}`" not in page] == []
