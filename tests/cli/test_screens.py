"""Commands at 80 columns, in a pipe, and as wide as they like: no figure is cut, no row takes more than two lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import docx
import pytest
from click.testing import CliRunner
from tests.wording.prose import bare_months, prose_of

from renewopt.cli.main import main
from renewopt.results import aligning
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
    "sweep": ["sweep", "minimal.yaml", "--set", "months=8,9", "--quiet", "--out", "swept"],
    "frontier": [
        *("frontier", "minimal.yaml", "--x", "longest_wait", "--y", "transition_fees", "--points", "3"),
        *("--quiet", "--out", "traced"),
    ],
    "alternatives": ["alternatives", "plan", "--within", "40%", "--quiet", "--out", "varied"],
}
SLOW = {"prices", "plan", "compare", "sweep", "frontier", "alternatives"}


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
    heights: dict[bool, int] = {}
    lay_out = aligning._row

    def measured(cells: Sequence[str], *form: Any, title: bool) -> list[str]:
        lines = lay_out(cells, *form, title=title)
        if max(map(width, cells)) <= 2 * aligning.LONGEST:
            heights[title] = max(heights.get(title, 0), len(lines))
        return lines

    monkeypatch.setattr(aligning, "_row", measured)

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
    assert heights.get(False, 0) <= 2
    assert heights.get(True, 0) <= 3
    if lang == "zh":
        assert bare_months(wide) == []
    assert max(map(width, narrow.splitlines())) <= 80
    tables = [line for line in piped.splitlines() if len(re.findall(r"\S  +(?=\S)", line)) > 2]
    assert max(map(width, tables), default=0) <= 80


def test_months_are_written_as_such_in_every_chinese_file(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made)
    for line in (
        ["plan", "minimal.yaml", "--quiet", "--lang", "zh", "--out", "方案"],
        ["diff", "wait", "方案", "--lang", "zh", "--out", "对比"],
        ["explain", "方案", "N1", "--page", "--lang", "zh", "--out", "告知单.html"],
    ):
        assert CliRunner().invoke(main, line).exit_code == 0
    pages = [made / "方案" / "report.html", made / "对比" / "report.html", made / "告知单.html"]
    told = {path.name: bare_months(prose_of(path.read_text("utf-8"))) for path in pages}
    for name in ("brief.docx", "work-summary.docx"):
        document = docx.Document(str(made / "方案" / name))
        told[name] = bare_months("\n".join(paragraph.text for paragraph in document.paragraphs))
    assert set().union(*told.values()) == set(), told
    assert "2024年5月" in prose_of(pages[0].read_text("utf-8"))


LATE = "what,month,phase\nexpected,2024-07,Meadow-1\n"


@pytest.mark.slow
def test_months_are_written_as_such_where_rules_conflict_and_where_the_rest_is_planned_anew(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made)
    (made / "late.csv").write_text(LATE, "utf-8")
    text = (made / "minimal.yaml").read_text("utf-8")
    (made / "short.yaml").write_text(
        text.replace("moved_out: 2022-04", "deadline: 2024-02\n    moved_out: 2022-04"), "utf-8"
    )
    for line, code, said in (
        (["plan", "short.yaml", "--out", "不足"], 3, "须在2024年2月底前安置"),
        (
            ["replan", "plan", "--actuals", "late.csv", "--month", "2024-03", "--out", "重排"],
            0,
            "自2024年3月起重新安排",
        ),
    ):
        done = CliRunner().invoke(main, [*line, "--quiet", "--lang", "zh"])
        assert done.exit_code == code, done.output
        assert said in done.stdout
        assert bare_months(done.stdout) == []
        assert bare_months(prose_of((made / line[-1] / "report.html").read_text("utf-8"))) == []
