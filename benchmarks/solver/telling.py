"""What a run tells while it goes on: lines of JSON, each written at once, so that a killed run has told all it knew."""

import contextlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

__all__ = ["BEFORE", "Teller", "high_water", "read_events"]

BEFORE = ("start", "load", "compile")
"""Steps before a path begins; the limit of time counts from there."""


def high_water() -> int | None:
    """Most bytes of memory that this process held since the last call; None where the system does not tell.

    Linux does. It counts what a look from outside, some times a second, may miss; children are not in it.
    """
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        words = next(line for line in lines if line.startswith("VmHWM:")).split()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        return int(words[1]) * 1024
    return None


class Teller:
    """Writes events: step, begin, best and bound, shape, end; each with its seconds (``at``).

    Those that end a step also tell the most memory held in it (``high``, bytes), where that is known.

    Parameters
    ----------
    file
        Where to.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._zero = time.perf_counter()
        self._known: tuple[float | None, float | None] = (None, None)

    @property
    def at(self) -> float:
        """Seconds since the path began (before that, since the process did)."""
        return time.perf_counter() - self._zero

    def step(self, name: str) -> None:
        """Say that a step begins; the one before it is over."""
        self._write({"step": name, "high": high_water()})

    def begin(self) -> None:
        """Say that the problem is ready: from here seconds are counted anew."""
        self._write({"begin": True, "high": high_water()})
        self._zero = time.perf_counter()

    def know(self, best: float | None, bound: float | None) -> None:
        """Say the best plan's objective and the bound (yuan), where one is better than what was said before."""
        old_best, old_bound = self._known
        if best is None or (old_best is not None and best >= old_best):
            best = old_best
        if bound is None or (old_bound is not None and bound <= old_bound):
            bound = old_bound
        if (best, bound) != self._known:
            self._known = (best, bound)
            self._write({"best": best, "bound": bound})

    def shape(self, rows: int, columns: int, nonzeros: int) -> None:
        """Say how large the model is."""
        self._write({"shape": (rows, columns, nonzeros)})

    def end(self, **said: Any) -> None:
        """Say how it ended."""
        self._write({"end": said, "high": high_water()})

    def _write(self, event: Mapping[str, Any]) -> None:
        self._file.write(json.dumps({**event, "at": round(self.at, 4)}) + "\n")
        self._file.flush()


def read_events(path: Path, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Read the events from a place in the file on: whole lines only, and the place to go on from."""
    with path.open("rb") as file:
        file.seek(offset)
        text = file.read()
    whole = text.rfind(b"\n") + 1
    return [json.loads(line) for line in text[:whole].splitlines()], offset + whole
