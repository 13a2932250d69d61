"""The benchmark of explanations: rows that can be gone on with, and figures that are none above the re-solved ones."""

import sys
from pathlib import Path

import pytest

import renewopt
from benchmarks import explanations
from renewopt.results.explanations.grounds import open_grounds


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["explanations", *map(str, arguments)])
    explanations.main()


def test_it_goes_on_where_it_was_stopped(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0).write(tmp_path / "plan")
    out = tmp_path / "rows.csv"
    run(monkeypatch, tmp_path / "plan", "--out", out, "--households", 2, "--gap", 0)
    before = out.read_text(encoding="utf-8")
    run(monkeypatch, tmp_path / "plan", "--out", out, "--households", 4, "--gap", 0)
    after = out.read_text(encoding="utf-8")
    assert after.startswith(before)
    assert len(after.splitlines()) > len(before.splitlines())
    assert "quick figures above the re-solved ones: 0" in capsys.readouterr().out


def test_the_draw_is_its_seeds(repository: Path) -> None:
    grounds = open_grounds(renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0))
    assert explanations.drawn(grounds, 3, 5) == explanations.drawn(grounds, 3, 5)
    assert sorted(explanations.drawn(grounds, 99, 5)) == sorted(grounds.claims_of)


def test_a_figure_above_is_counted() -> None:
    row = explanations.Row("N1", "voucher", "v", "2024-01", 20.0, 5.0, 10.0, 0.1, 1.0)
    assert "quick figures above the re-solved ones: 1" in explanations.told([row])
