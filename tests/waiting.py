"""Waiting for what another process does, however slow the machine: the one place in which a test waits by the clock."""

import time
from collections.abc import Callable

HANGS = 600.0
"""Seconds after which what is waited for is held to hang. No result depends on them: what comes, comes long before."""

UNHURRIED = 1e6
"""Seconds for a search that is to come to its end by itself."""


def eventually(true: Callable[[], object]) -> None:
    """Return as soon as something is true."""
    limit = time.monotonic() + HANGS
    while not true():
        assert time.monotonic() < limit, f"still not so after {HANGS:.0f} s"
        time.sleep(0.01)
