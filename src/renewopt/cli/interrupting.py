"""Ctrl-C: once to finish with the best plan so far, twice to stop at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from renewopt.cli.exits import INTERRUPTED
from renewopt.cli.speaking import tell
from renewopt.results.texts import Language, say

__all__ = ["graceful"]


@contextmanager
def graceful(lang: Language) -> Iterator[None]:
    """Within it the first Ctrl-C raises `KeyboardInterrupt` (which ends a search), the second ends the process.

    The second one does not wait for a solver that is deep in a step; nothing is written then.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = 0

    def press(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1:
            os._exit(INTERRUPTED)
        tell(say(lang, "interrupting"), err=True)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
