"""Where the command ``renewopt`` begins: signals are handled before anything heavy is imported."""

from __future__ import annotations

import sys

from renewopt.cli import interrupting

__all__ = ["main"]


def main() -> None:
    """Run the command line, and end with its exit code."""
    interrupting.listen()
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
