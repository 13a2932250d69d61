"""SIGINT (Ctrl-C), SIGTERM and SIGHUP: what each of them ends, and how.

A handler here raises nothing. Where nothing is at stake the process says a sentence and ends, whatever it was doing;
where a plan is at hand, files are written or workers are at work, the wish is noted, and what runs comes to its end by
itself (`renewopt.stopping`). The exit code is 128 and the signal's number in any case.

This module imports nothing heavy: the handlers are to stand before anything else is imported.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from renewopt import stopping

__all__ = ["ended_by", "listen", "listening", "searching", "speak"]

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
HANGUP = getattr(signal, "SIGHUP", None)
"""Windows has none."""
STANDARD_OUT, STANDARD_ERROR = 1, 2
CLEAN_LINE = b"\r\x1b[K\x1b[?25h"
"""Takes a line of progress away and shows the cursor again."""
FIRST_WORDS = "Interrupted (已中断)"
"""Said as long as the language is not known."""


class _Ending:
    """What is known of the end that was asked for."""

    def __init__(self) -> None:
        self.listening = False
        self.number = 0
        self.at_hand = False
        self.last_words = FIRST_WORDS
        self.finishing_words = FIRST_WORDS
        self.terminals: tuple[int, ...] = ()

    def hear(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        first, self.number = not self.number, self.number or number
        if number == HANGUP:
            self._leave_terminal()
        if stopping.is_tended():
            stopping.ask()
        elif not self.at_hand or (number == signal.SIGINT and not first):
            self.leave()
        else:
            stopping.ask()
            if first:
                _say(self.finishing_words)

    def leave(self) -> NoReturn:
        """Say a sentence and end the process as it is: nothing is unwound that could fail in doing so."""
        stopping.undo()
        _say(self.last_words)
        os._exit(128 + self.number)

    def _leave_terminal(self) -> None:
        """Write nowhere from now on: the terminal is gone, and a line of progress must not end the search."""
        for descriptor in self.terminals:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, descriptor)
            os.close(nowhere)


_ending = _Ending()


def _say(words: str) -> None:
    """Write a line on stderr, past Python's own buffers: they may be in the midst of being written to."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    line = (words + "\n").encode(encoding, errors="replace")
    try:
        os.write(STANDARD_ERROR, (CLEAN_LINE if os.isatty(STANDARD_ERROR) else b"") + line)
    except OSError:
        return


def listen() -> dict[int, Any]:
    """Handle signals from now on, but those that this process was told to ignore (``nohup``, a job in the background).

    Returns
    -------
    dict
        Handlers of before, by signal.
    """
    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    _ending.__init__()  # type: ignore[misc]
    _ending.listening = True
    _ending.terminals = tuple(each for each in (STANDARD_OUT, STANDARD_ERROR) if os.isatty(each))
    stopping.begin(_ending.leave)
    return {number: signal.signal(number, _ending.hear) for number in heard}


@contextmanager
def listening() -> Iterator[None]:
    """Handle signals within, unless they are handled already or this is no place for it (another thread)."""
    if _ending.listening:
        yield
        return
    try:
        before = listen()
    except ValueError:
        # Only the main thread may handle signals.
        _ending.listening = False
        stopping.begin()
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _ending.listening = _ending.at_hand = False
        stopping.begin()


def speak(last: str, finishing: str | None = None) -> None:
    """Choose what is said from now on where a signal ends the process at once, or else where it finishes first."""
    _ending.last_words = last
    _ending.finishing_words = last if finishing is None else finishing


def ended_by() -> int:
    """Exit code for the signal that was heard; 0: none was."""
    return 128 + _ending.number if _ending.number else 0


def ended() -> None:
    """Ignore signals from now on: all is done, and the interpreter is about to end."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def searching(show: Callable[[Any], None]) -> Iterator[Callable[[Any], None]]:
    """Within it a signal ends the search as soon as there is a plan, and the process as long as there is none.

    Parameters
    ----------
    show
        Receives what a search tells of itself.

    Yields
    ------
    callable
        To be told instead.
    """

    def watch(progress: Any) -> None:
        if progress.best is not None:
            _ending.at_hand = True
        show(progress)

    try:
        yield watch
    finally:
        _ending.at_hand = False
