"""Progress: quiet lines in a pipe, one live line on a terminal."""

from dataclasses import dataclass

import pytest

from renewopt.cli import showing
from renewopt.cli.showing import LiveShower, PlainShower, Shower, line, progress_shower


@dataclass
class Told:
    step: str = "search"
    best: float | None = None
    bound: float | None = None
    gap: float | None = None
    elapsed: float = 0.0
    limit: float = 600.0


def test_a_line_says_what_is_known() -> None:
    assert line(Told(), "en") == "search · elapsed 0 / 600 s"
    told = Told(best=20_000, bound=19_000, gap=0.05, elapsed=3)
    assert line(told, "en") == "search · best 20,000 yuan · bound 19,000 yuan · gap 5.000% · elapsed 3 / 600 s"
    assert line(told, "zh").startswith("搜索 · 最好 2.00万元")
    assert line(Told(step="untold"), "zh").startswith("untold · ")


def test_plain_lines_are_few(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainShower("en", seconds=10) as shower:
        for second in range(25):
            shower(Told(elapsed=second))
        shower(Told(step="rounding", elapsed=25))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [text.split(" · ")[0] for text in shown.err.splitlines()] == ["search"] * 3 + ["rounding"]


def test_live_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(showing, "LIVE_SECONDS", 0.0)
    with LiveShower("en") as shower:
        shower(Told())
        shower(Told(step="[rounding]"))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "[rounding]" in shown.err


def test_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(progress_shower("en", quiet=True)) is Shower
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert type(progress_shower("en", quiet=False)) is PlainShower
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert type(progress_shower("en", quiet=False)) is LiveShower
    with progress_shower("en", quiet=True) as shower:
        shower(Told())
