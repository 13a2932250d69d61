"""Where the command ``renewopt`` begins: signals are handled before anything heavy is imported."""

from __future__ import annotations

import gc
import sys

from renewopt.cli import interrupting

__all__ = ["main"]

OBJECTS = 50_000
"""New objects after which rings of them are looked for: imports make many objects, and nothing to be thrown away."""


def main() -> None:
    """Run the command line, and end with its exit code."""
    interrupting.listen()
    gc.set_threshold(OBJECTS)
    from renewopt.cli.main import main as commands

    code: int | str | None = 0
    try:
        commands()
    except SystemExit as end:
        code = end.code
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # Whoever read it is gone.
            code = code or 1
    interrupting.ended()
    sys.exit(interrupting.ended_by() or code)
