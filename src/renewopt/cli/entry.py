"""Where the command ``renewopt`` begins: signals are handled before anything heavy is imported."""

from __future__ import annotations

import gc
import os
import sys

from renewopt.cli import interrupting

__all__ = ["main"]

OBJECTS = (500_000, 1, 10)
"""New objects after which rings of them are looked for, and in how many such rounds among older ones too: imports and
the tables of a small plan make many objects, and hardly anything to be thrown away."""


def main() -> None:
    """Run the command line, and end with its exit code."""
    interrupting.listen()
    gc.set_threshold(*OBJECTS)
    # No plugin of it is ours; looking for them would read what every installed distribution offers.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Nothing here multiplies large matrices: threads of NumPy's would only wait, busily.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
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
    # The process ends: nobody needs the memory that a last look for rings would free.
    gc.freeze()
    sys.exit(interrupting.ended_by() or code)
