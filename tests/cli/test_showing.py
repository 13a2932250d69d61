"""Progress: quiet lines in a pipe, one live line on a terminal."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from tests.waiting import HANGS

from renewopt.cli import showing
from renewopt.cli.pacing import STAGES
from renewopt.cli.showing import PATIENCE, LiveShower, PlainShower, Shower, line, progress_shower, stage_line
from renewopt.wording import LANGUAGES
from renewopt.wording.phrases import known


@dataclass
class Told:
    step: str = "search"
    best: float | None = None
    bound: float | None = None
    gap: float | None = None
    elapsed: float = 0.0
    limit: float = 600.0
    said: Mapping[str, str] = field(default_factory=dict)


def test_a_line_says_what_is_known() -> None:
    assert line(Told(), "en", 0) == "search · 0 s so far · search ends within 10 min"
    told = Told(best=20_000, bound=19_000, gap=0.05, elapsed=3)
    assert line(told, "en", 500) == (
        "search · best 20,000 yuan · bound 19,000 yuan · gap 5.000% · 8 min so far · search ends within 100 s"
    )
    assert line(told, "zh", 3).startswith("搜索 · 最好 2.00万元")
    assert line(Told(limit=float("inf")), "en", 5) == "search · 5 s so far"
    assert line(told, "en", 700).endswith(" · 12 min so far · time is up, finishing")
    assert line(Told(step="untold"), "zh", 0).startswith("untold · ")


def test_what_is_to_be_heard_at_once_stays_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(step="auditing", said={"en": "No plan.\n  5 yuan short", "zh": "无可行方案"})
    for lang in LANGUAGES:
        with PlainShower(lang, now=Clock()) as shower:
            shower(told)
    assert capsys.readouterr().err == "No plan.\n  5 yuan short\n无可行方案\n"


def test_steps_outside_of_a_search_tell_about_how_long_they_will_take() -> None:
    assert stage_line("loading", 2, 12, "en") == "loading the scenario · 2 s so far · about 10 s left"
    assert stage_line("writing", 2, 2.5, "en") == "writing the plan · 2 s so far"
    assert stage_line("writing", 2, None, "zh") == "写出方案 · 已用 2 秒"
    for step in STAGES:
        assert known(f"step.{step}")


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    time: float = 1_000_000.0

    def __call__(self) -> float:
        return self.time


def test_a_long_step_is_spoken_of_and_a_short_one_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with PlainShower("en", now=clock) as shower:
        for step, seconds in (("compiling", PATIENCE - 0.1), ("writing", PATIENCE)):
            shower.begin(step)
            clock.time += seconds
            shower.look()
        shower.pause()
        clock.time += 100
        shower.look()
    shown = capsys.readouterr().err.splitlines()
    assert [text.split(" · ")[0] for text in shown] == ["writing the plan"]


def test_the_clock_of_a_silent_search_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with PlainShower("en", seconds=10, now=clock) as shower:
        shower.begin("compiling")
        shower(Told(elapsed=1))
        for _ in range(60):
            clock.time += 0.5
            shower.look()
    shown = [text.split(" · ")[1] for text in capsys.readouterr().err.splitlines()]
    assert shown == ["1 s so far", "11 s so far", "21 s so far", "31 s so far"]


@pytest.mark.parametrize("told", [None, Told()], ids=["a step", "a search"])
def test_a_thread_looks_by_itself(monkeypatch: pytest.MonkeyPatch, told: Told | None) -> None:
    monkeypatch.setattr(showing, "LIVE_SECONDS", 0.001)
    clock, seen = Clock(), threading.Event()

    class Seen(PlainShower):
        def show(self, step: str, elapsed: float, text: str) -> None:  # noqa: ARG002 - as lines need them
            if elapsed >= 100:
                seen.set()

    with Seen("en", now=clock) as shower:
        shower.begin("compiling")
        if told is not None:
            shower(told)
        clock.time += 100
        assert seen.wait(HANGS)


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
    clock = Clock()
    with LiveShower("en", now=clock) as shower:
        shower(Told())
        shower(Told(step="[too soon]"))
        clock.time += 1
        shower(Told(step="[rounding]"))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "[rounding]" in shown.err
    assert "[too soon]" not in shown.err


def test_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(progress_shower("en", quiet=True)) is Shower
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert type(progress_shower("en", quiet=False)) is PlainShower
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert type(progress_shower("en", quiet=False)) is LiveShower
    with progress_shower("en", quiet=True) as shower:
        shower(Told())
