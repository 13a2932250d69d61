"""Start a run in a process of its own, measure what it and its children hold in memory, and stop it in time."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.solver.telling import read_events

__all__ = ["ResourceLimits", "WallClock", "Watched", "watch"]

POLL = 0.05
"""Seconds between two looks at a process."""
TAIL = 400
"""Characters of its last words that are kept."""


@dataclass(frozen=True)
class WallClock:
    """What the time of a run is read from.

    Attributes
    ----------
    now
        Gives seconds since any moment.
    sleep
        Waits so many seconds before the next look.
    """

    now: Callable[[], float] = time.perf_counter
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class ResourceLimits:
    """When a run is stopped.

    Attributes
    ----------
    seconds
        Of its path, loading and compiling left out.
    grace
        Seconds more, for a path that stops by itself at the limit to say what it has.
    before
        Seconds of loading and compiling.
    memory
        Bytes that it and its children may hold together.
    """

    seconds: float
    grace: float
    before: float
    memory: float


@dataclass
class Watched:
    """What was seen of a run.

    Attributes
    ----------
    end
        What it said when it ended; None where it did not get there.
    status
        Of a run that did not: ``stopped``, ``out of memory`` or ``failed``.
    message
        Its last words, of a failure.
    seconds
        By step, as far as it got; the last step up to its end.
    finished
        Seconds from the begin of the path to its end.
    trace
        (seconds, best plan, bound): yuan, None while unknown.
    peak
        Bytes by step, the most seen at a time.
    last
        Step in which it ended.
    shape
        Rows, columns and nonzeros of the model, where there is one.
    """

    end: dict[str, Any] | None = None
    status: str = "failed"
    message: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    finished: float = 0.0
    trace: list[tuple[float, float | None, float | None]] = field(default_factory=list)
    peak: dict[str, int] = field(default_factory=dict)
    last: str = "start"
    shape: tuple[int, ...] | None = None

    _since: float = 0.0
    _begun: bool = False

    def take(self, event: dict[str, Any]) -> None:
        """Take in one event."""
        at = float(event["at"])
        if event.get("high"):
            self.hold(event["high"])
        if "step" in event:
            self._close(at)
            self.last = event["step"]
        elif "begin" in event:
            self._close(at)
            self._begun, self._since, self.last = True, 0.0, "begin"
        elif "end" in event:
            self._close(at)
            self.end, self.finished = event["end"], at
        elif "shape" in event:
            self.shape = tuple(event["shape"])
        else:
            self.trace.append((at, event["best"], event["bound"]))

    @property
    def begun(self) -> bool:
        """Whether loading and compiling are over."""
        return self._begun

    def cut_off(self, at: float) -> None:
        """Close the step in which it was ended, so many seconds after the begin of the path."""
        self.finished = at
        if self._begun:
            self._close(max(at, self._since))

    def _close(self, at: float) -> None:
        self.seconds[self.last] = round(self.seconds.get(self.last, 0.0) + at - self._since, 4)
        self._since = at

    def hold(self, held: int) -> None:
        """Take in how many bytes are held."""
        self.peak[self.last] = max(self.peak.get(self.last, 0), held)


def watch(
    command: Sequence[str], events: Path, limits: ResourceLimits, folder: Path, clock: WallClock | None = None
) -> Watched:
    """Run a command to its end or to a limit.

    Parameters
    ----------
    command
        What to run.
    events
        File that it writes its events to.
    folder
        Where to run it.
    clock
        The machine's, if none is given.

    Returns
    -------
    Watched
        Whatever happens to the run; nothing of it is raised.
    """
    clock, seen, offset = clock or WallClock(), Watched(), 0
    processes: list[psutil.Process] = []
    with tempfile.TemporaryFile() as said:

        def start() -> None:
            processes.append(
                psutil.Popen(list(command), cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            )

        stopped = ""
        try:
            # In a thread, where no Ctrl-C comes between a process that has begun and our knowing of it.
            with ThreadPoolExecutor(1) as starter:
                starter.submit(start).result()
            (process,) = processes
            started = clock.now()
            begun: float | None = None
            while process.poll() is None and not stopped:
                clock.sleep(POLL)
                offset = _take_all(seen, events, offset)
                held = memory_of(process)
                seen.hold(held)
                now = clock.now()
                if begun is None and seen.begun:
                    begun = now
                stopped = _beyond(limits, held, now - started, None if begun is None else now - begun)
            ended = clock.now()
        finally:
            for each in processes:
                _end(each)
        _take_all(seen, events, offset)
        said.seek(0)
        words = said.read().decode("utf-8", errors="replace")
    if seen.end is None:
        seen.cut_off(0.0 if begun is None else ended - begun)
        seen.status = stopped or _reason(process.returncode, words)
        seen.message = words.strip()[-TAIL:] if seen.status == "failed" else ""
    return seen


def memory_of(process: psutil.Process) -> int:
    """Bytes that a process and its children hold, shared pages counted for each."""
    total = 0
    with contextlib.suppress(psutil.Error):
        for each in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += each.memory_info().rss
    return total


def _beyond(limits: ResourceLimits, held: int, running: float, solving: float | None) -> str:
    if held > limits.memory:
        return "out of memory"
    if solving is None:
        return "stopped" if running > limits.before else ""
    return "stopped" if solving > limits.seconds + limits.grace else ""


def _reason(code: int | None, words: str) -> str:
    """Tell from a process that ended without a word why: nobody here ended it."""
    if code == -9 or "MemoryError" in words or "bad_alloc" in words or "Unable to allocate" in words:
        return "out of memory"
    return "failed"


def _take_all(seen: Watched, events: Path, offset: int) -> int:
    if not events.exists():
        return offset
    found, offset = read_events(events, offset)
    for event in found:
        seen.take(event)
    return offset


def _end(process: psutil.Process) -> None:
    """End the process and its children, and wait for them."""
    family = []
    with contextlib.suppress(psutil.Error):
        family = process.children(recursive=True)
    for each in [process, *family]:
        with contextlib.suppress(psutil.Error):
            each.kill()
    psutil.wait_procs([process, *family], timeout=10)
