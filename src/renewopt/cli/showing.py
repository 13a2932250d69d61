"""Progress on stderr: one line that changes on a terminal, now and then a plain line in a pipe.

A search tells itself how far it is. Everything else (loading, compiling, auditing, writing) is watched from here: a
thread shows how long it has taken, and about how much longer it will, reckoned from the size of the files and from how
long the loading of them took on this machine.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from renewopt.cli.pacing import STAGES, UNBOUNDED, Pace, megabytes
from renewopt.cli.speaking import tell
from renewopt.wording import Language, place, visible
from renewopt.wording.amounts import yuan
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["progress_shower"]

PLAIN_SECONDS = 10.0
"""Seconds between two plain lines of one step."""
LIVE_SECONDS = 0.25
clock: Callable[[], float] = time.monotonic
"""What the time of commands is read from; tests put a clock of their own here."""
PATIENCE = 1.5
"""Seconds that a step other than a search may take before it is spoken of."""


class Told(Protocol):
    """What is shown of a `renewopt.optimiser.progress.Progress`, which is too heavy to import here."""

    @property
    def step(self) -> str:
        """What is being done."""
        ...

    @property
    def best(self) -> float | None:
        """Objective of the best plan, yuan."""
        ...

    @property
    def bound(self) -> float | None:
        """Proven bound, yuan."""
        ...

    @property
    def gap(self) -> float | None:
        """As a fraction."""
        ...

    @property
    def elapsed(self) -> float:
        """Seconds."""
        ...

    @property
    def limit(self) -> float:
        """Seconds."""
        ...

    @property
    def said(self) -> Mapping[str, str]:
        """What is to be heard at once, by language."""
        ...


class Shower(AbstractContextManager["Shower"]):
    """Shows nothing."""

    def __call__(self, progress: Told) -> None:
        """Show progress."""

    def begin(self, step: str, scenario: Path | None = None) -> None:
        """Say that a step begins; the loading of `scenario` sets the pace for those that follow."""

    def pause(self) -> None:
        """Make room for other lines until the next step begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the showing."""


def line(progress: Told, lang: Language, elapsed: float) -> str:
    """Progress of a search in one line, `elapsed` seconds after it began."""
    parts = [_name(progress.step, lang)]
    if progress.best is not None:
        parts.append(f"{say(lang, 'progress.best')} {yuan(lang, progress.best)}")
    if progress.bound is not None:
        parts.append(f"{say(lang, 'progress.bound')} {yuan(lang, progress.bound)}")
    if progress.gap is not None:
        parts.append(f"{say(lang, 'progress.gap')} {progress.gap:.3%}")
    parts.append(say(lang, "progress.elapsed", time=duration(elapsed, lang)))
    left = progress.limit - elapsed
    if left < 0.5:
        parts.append(say(lang, "progress.over"))
    elif left < math.inf:
        parts.append(say(lang, "progress.at_most", time=duration(left, lang)))
    return " · ".join(parts)


def stage_line(step: str, elapsed: float, expected: float | None, lang: Language) -> str:
    """Progress of another step in one line; `expected`: seconds that it will take in all, about."""
    parts = [_name(step, lang), say(lang, "progress.elapsed", time=duration(elapsed, lang))]
    if expected is not None and expected - elapsed >= 1:
        parts.append(say(lang, "progress.about", time=duration(expected - elapsed, lang)))
    return " · ".join(parts)


def duration(seconds: float, lang: Language) -> str:
    """Write a time in seconds, or in minutes where there are many.

    Examples
    --------
    >>> duration(59.6, "en"), duration(600, "en"), duration(200, "zh")
    ('60 s', '10 min', '3 分钟')
    """
    return (
        say(lang, "minutes", count=round(seconds / 60))
        if seconds >= 120
        else say(lang, "seconds", count=round(seconds))
    )


def _name(step: str, lang: Language) -> str:
    return word(lang, "step", step)


class _Watching(Shower):
    """Watches steps in a thread of its own.

    Parameters
    ----------
    lang
        Language of the lines.
    now
        The clock: seconds since any moment.
    """

    def __init__(self, lang: Language, now: Callable[[], float] = time.monotonic) -> None:
        self._lang = lang
        self._now = now
        self._pace = Pace()
        self._step: str | None = None
        self._began = 0.0
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._told: Told | None = None
        self._place = place()

    def begin(self, step: str, scenario: Path | None = None) -> None:
        """Say that a step begins."""
        with self._lock:
            self._end_step()
            if scenario is not None:
                self._pace.size = megabytes(scenario)
            self._step, self._began, self._told, self._place = step, self._now(), None, place()
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, daemon=True, name="progress")
            self._thread.start()

    def pause(self) -> None:
        """Make room for other lines."""
        with self._lock:
            self._end_step()
            self.clear()

    def _end_step(self) -> None:
        if self._step is not None:
            self._pace.done(self._step, self._now() - self._began)
        self._step = self._told = None

    def _watch(self) -> None:
        while not self._over.wait(LIVE_SECONDS):
            self.look()

    def look(self) -> None:
        """Show what is going on now, if it has lasted: the thread does so every `LIVE_SECONDS`."""
        with self._lock, self._place.spoken():
            step, elapsed = self._step, self._now() - self._began
            if step is not None and elapsed >= PATIENCE:
                self.show(step, elapsed, stage_line(step, elapsed, self._pace.expected(step), self._lang))
            elif self._told is not None:
                # A solver deep in a step tells nothing: the clock goes on all the same.
                self._show_told(elapsed)

    def __call__(self, progress: Told) -> None:
        """Show progress of a search, or that another step begins; what is to be heard at once stays on the screen."""
        if progress.said:
            self.pause()
            with suppress(OSError):
                tell(progress.said[self._lang], err=True, fg="yellow")
        if progress.step in STAGES or progress.step in UNBOUNDED:
            self.begin(progress.step)
            return
        # The place is that of the step: a solver's thread, which may call, knows of none.
        with self._lock, self._place.spoken():
            self._end_step()
            self._told, self._began = progress, self._now()
            self._show_told(0.0)

    def _show_told(self, since: float) -> None:
        assert self._told is not None
        elapsed = self._told.elapsed + since
        self.show(self._told.step, elapsed, line(self._told, self._lang, elapsed))

    def show(self, step: str, elapsed: float, text: str) -> None:
        """Show a line."""
        raise NotImplementedError

    def clear(self) -> None:
        """Take the line away."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the showing."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self.clear()


class PlainShower(_Watching):
    """Plain lines: one for each new step, and one now and then while it lasts."""

    def __init__(
        self, lang: Language, seconds: float = PLAIN_SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(lang, now)
        self._seconds = seconds
        self._shown: str | None = None
        self._next = 0.0

    def show(self, step: str, elapsed: float, text: str) -> None:
        """Show a line, unless the same step was shown a moment ago."""
        if step == self._shown and elapsed < self._next:
            return
        self._shown, self._next = step, elapsed + self._seconds
        with suppress(OSError):
            # A reader who is gone must not end the search.
            tell(text, err=True)


class LiveShower(_Watching):
    """One line on a terminal, kept up to date."""

    def __init__(self, lang: Language, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(lang, now)
        from rich.console import Console

        self._status = Console(stderr=True).status("")
        self._started = False
        self._last = -math.inf

    def show(self, step: str, elapsed: float, text: str) -> None:  # noqa: ARG002 - as lines need them
        """Put a text into the line, unless it has just changed."""
        from rich.text import Text

        now = self._now()
        if now - self._last < LIVE_SECONDS / 2:
            return
        self._last = now
        self._status.update(Text(visible(text)))
        if not self._started:
            self._status.start()
            self._started = True

    def clear(self) -> None:
        """Take the line away."""
        if self._started:
            self._status.stop()
            self._started = False


def progress_shower(lang: Language, *, quiet: bool) -> Shower:
    """Choose what shows progress here: nothing if `quiet`, a live line on a terminal, plain lines elsewhere."""
    if quiet:
        return Shower()
    return LiveShower(lang, now=clock) if sys.stderr.isatty() else PlainShower(lang, now=clock)
