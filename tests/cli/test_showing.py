"""Progress: quiet lines in a pipe, one live line on a terminal."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from renewopt.cli import showing
from renewopt.cli.showing import (
    STAGES,
    LiveShower,
    Pace,
    PlainShower,
    Shower,
    line,
    megabytes,
    progress_shower,
    stage_line,
)
from renewopt.results.texts import known


@dataclass
class Told:
    step: str = "search"
    best: float | None = None
    bound: float | None = None
    gap: float | None = None
    elapsed: float = 0.0
    limit: float = 600.0


def test_a_line_says_what_is_known() -> None:
    assert line(Told(), "en", 0) == "search · 0 s so far · at most 10 min left"
    told = Told(best=20_000, bound=19_000, gap=0.05, elapsed=3)
    assert line(told, "en", 500) == (
        "search · best 20,000 yuan · bound 19,000 yuan · gap 5.000% · 8 min so far · at most 100 s left"
    )
    assert line(told, "zh", 3).startswith("搜索 · 最好 2.00万元")
    assert line(Told(step="untold"), "zh", 0).startswith("untold · ")


def test_steps_outside_of_a_search_tell_about_how_long_they_will_take() -> None:
    assert stage_line("loading", 2, 12, "en") == "loading the scenario · 2 s so far · about 10 s left"
    assert stage_line("writing", 2, 2.5, "en") == "writing the plan · 2 s so far"
    assert stage_line("writing", 2, None, "zh") == "写出方案 · 已用 2 秒"
    for step in STAGES:
        assert known(f"step.{step}")


def test_the_pace_is_that_of_the_loading(tmp_path: Path) -> None:
    (tmp_path / "district.yaml").write_text("households: {file: homes.csv}\n")
    (tmp_path / "homes.csv").write_bytes(b"x" * 3_000_000)
    (tmp_path / "unused.csv").write_bytes(b"x" * 1_000_000)
    assert megabytes(tmp_path / "district.yaml") == pytest.approx(3.0, abs=0.001)
    assert megabytes(tmp_path) == pytest.approx(3.0, abs=0.001)
    assert megabytes(tmp_path / "missing.yaml") == 0
    pace = Pace()
    assert pace.expected("writing") is None
    pace.size = 3.0
    before = pace.expected("writing")
    assert before is not None
    pace.done("loading", 2 * (pace.expected("loading") or 0))
    assert pace.expected("writing") == pytest.approx(2 * before)


def test_a_long_step_is_spoken_of_and_a_short_one_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "LIVE_SECONDS", 0.01)
    monkeypatch.setattr(showing, "PATIENCE", 0.2)
    with PlainShower("en") as shower:
        shower.begin("compiling")
        shower.begin("writing")
        time.sleep(0.6)
        shower.pause()
        time.sleep(0.3)
    shown = capsys.readouterr().err.splitlines()
    assert [text.split(" · ")[0] for text in shown] == ["writing the plan"]


def test_the_clock_of_a_silent_search_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "LIVE_SECONDS", 0.01)
    with PlainShower("en", seconds=0.2) as shower:
        shower.begin("compiling")
        shower(Told())
        time.sleep(0.7)
    assert len(capsys.readouterr().err.splitlines()) >= 3


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
