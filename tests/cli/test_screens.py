"""No figure is cut on any screen: what commands show at 80 columns and in a pipe, beside a screen of any width."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from renewopt.cli.main import main
from renewopt.wording import width

FIGURE = re.compile(r"\d[\d,.]*\d%?|\d%?")
PLENTY = 1000
TIME = re.compile(r"\d+\s+(s\b|min\b|秒|分钟)")
"""What a search took is another time each time."""

LINES = {
    "check": ["check", "own/district.yaml"],
    "households": ["check", "own/district.yaml", "--households"],
    "brief": ["brief", "plan"],
    "diff": ["diff", "wait", "plan"],
    "explain": ["explain", "plan", "N1"],
    "money": ["explain", "plan", "--money", "100000@2024-03"],
    "prices": ["prices", "plan", "--top", "5"],
    "plan": ["plan", "minimal.yaml", "--force", "--quiet", "--out", "again"],
    "compare": ["compare", "minimal.yaml", "--policies", "first-come", "--no-perfect", "--quiet", "--out", "compared"],
}
SLOW = {"prices", "plan", "compare"}


@pytest.fixture(scope="module")
def made(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screens")
    (folder / "minimal.yaml").write_bytes((repository / "scenarios" / "minimal.yaml").read_bytes())
    for line in (
        ["init", str(folder / "own")],
        ["plan", str(folder / "minimal.yaml"), "--quiet", "--out", str(folder / "plan")],
        ["plan", str(folder / "minimal.yaml"), "--quiet", "--policy", "wait-for-build", "--out", str(folder / "wait")],
    ):
        assert CliRunner().invoke(main, line).exit_code == 0
    return folder


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in LINES])
def test_every_figure_is_on_every_screen(
    name: str, lang: str, made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(made)

    def shown(columns: int | None) -> str:
        monkeypatch.setattr("sys.stdout.isatty", lambda: columns is not None, raising=False)
        monkeypatch.setenv("COLUMNS", str(columns or PLENTY))
        assert main([*LINES[name], "--lang", lang], standalone_mode=False) in (None, 0)
        return TIME.sub("", click.unstyle(capsys.readouterr().out))

    wide, narrow, piped = (shown(columns) for columns in (PLENTY, 80, None))
    figures = Counter(FIGURE.findall(wide))
    assert figures
    for screen in (narrow, piped):
        # Where a table is taken apart, its first columns are told again.
        assert not figures - Counter(FIGURE.findall(screen))
        assert "…" not in screen.replace("……", "")
    assert max(map(width, narrow.splitlines())) <= 80
    tables = [line for line in piped.splitlines() if len(re.findall(r"\S  +(?=\S)", line)) > 2]
    assert max(map(width, tables), default=0) <= 80
