"""Progress on stderr: one line that changes on a terminal, now and then a plain line in a pipe."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import click

from renewopt.results.texts import Language, known, say, yuan

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["progress_shower"]

PLAIN_SECONDS = 10.0
"""Seconds between two plain lines of one step."""
LIVE_SECONDS = 0.1


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


class Shower(AbstractContextManager["Shower"]):
    """Shows nothing."""

    def __call__(self, progress: Told) -> None:
        """Show progress."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the showing."""


def line(progress: Told, lang: Language) -> str:
    """Progress in one line."""
    key = f"step.{progress.step}"
    parts = [say(lang, key) if known(key) else progress.step]
    if progress.best is not None:
        parts.append(f"{say(lang, 'progress.best')} {yuan(lang, progress.best)}")
    if progress.bound is not None:
        parts.append(f"{say(lang, 'progress.bound')} {yuan(lang, progress.bound)}")
    if progress.gap is not None:
        parts.append(f"{say(lang, 'progress.gap')} {progress.gap:.3%}")
    parts.append(f"{say(lang, 'progress.elapsed')} {progress.elapsed:.0f} / {progress.limit:.0f} s")
    return " · ".join(parts)


class PlainShower(Shower):
    """Plain lines: one for each new step, and one now and then while it lasts."""

    def __init__(self, lang: Language, seconds: float = PLAIN_SECONDS) -> None:
        self._lang = lang
        self._seconds = seconds
        self._step: str | None = None
        self._next = 0.0

    def __call__(self, progress: Told) -> None:
        """Show progress."""
        if progress.step == self._step and progress.elapsed < self._next:
            return
        self._step, self._next = progress.step, progress.elapsed + self._seconds
        click.echo(line(progress, self._lang), err=True)


class LiveShower(Shower):
    """One line on a terminal, kept up to date."""

    def __init__(self, lang: Language) -> None:
        from rich.console import Console

        self._lang = lang
        self._console = Console(stderr=True)
        self._status = self._console.status("")
        self._started = False
        self._last = 0.0

    def __call__(self, progress: Told) -> None:
        """Show progress."""
        from rich.text import Text

        now = time.monotonic()
        if now - self._last < LIVE_SECONDS:
            return
        self._last = now
        self._status.update(Text(line(progress, self._lang)))
        if not self._started:
            self._status.start()
            self._started = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the showing."""
        if self._started:
            self._status.stop()


def progress_shower(lang: Language, *, quiet: bool) -> Shower:
    """Choose what shows progress here: nothing if `quiet`, a live line on a terminal, plain lines elsewhere."""
    if quiet:
        return Shower()
    return LiveShower(lang) if sys.stderr.isatty() else PlainShower(lang)
