"""A run is measured with its children, and stopped in time; whatever happens to it is told."""

import json
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from benchmarks.solver.watching import ResourceLimits, WallClock, Watched, watch
from tests.waiting import HANGS, eventually

from benchmarks.solver import watching

LAX = ResourceLimits(seconds=HANGS, grace=0, before=HANGS, memory=2**40)
IDLE = "import time; time.sleep(3600)"

TOLD = """
import json, sys, time
file = open(sys.argv[1], "a")
def tell(at, **event):
    file.write(json.dumps({**event, "at": at}) + "\\n"); file.flush()
tell(0.1, step="load"); tell(0.5, begin=True); tell(0.0, step="solve")
"""


def run(folder: Path, code: str, limits: ResourceLimits = LAX, clock: WallClock | None = None) -> Watched:
    events = folder / "events.jsonl"
    return watch([sys.executable, "-c", TOLD + code, str(events)], events, limits, folder, clock)


def clock_from(when: Callable[[], bool]) -> WallClock:
    """A clock that stands still until something is so, and goes on by a second at each look from then on."""
    time = 0.0

    def sleep(seconds: float) -> None:
        nonlocal time
        WallClock().sleep(seconds)
        time += when()

    return WallClock(lambda: time, sleep)


def test_what_a_run_tells_is_taken_in(tmp_path: Path) -> None:
    seen = run(
        tmp_path, "tell(1, shape=[5, 6, 7]); tell(1.5, best=None, bound=3.0); tell(2.0, end={'status': 'solved'})"
    )
    assert seen.end == {"status": "solved"}
    assert seen.finished == 2.0
    assert seen.trace == [(1.5, None, 3.0)]
    assert seen.shape == (5, 6, 7)
    assert seen.seconds == {"start": 0.1, "load": 0.4, "begin": 0.0, "solve": 2.0}


def test_a_failure_is_told_in_its_own_words(tmp_path: Path) -> None:
    seen = run(tmp_path, "raise ValueError('no such thing')")
    assert (seen.end, seen.status, seen.last) == (None, "failed", "solve")
    assert seen.message.endswith("ValueError: no such thing")


@pytest.mark.parametrize("code", ["raise MemoryError", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
def test_without_memory_is_no_failure_of_the_path(tmp_path: Path, code: str) -> None:
    seen = run(tmp_path, code)
    assert (seen.status, seen.message) == ("out of memory", "")


def test_a_run_out_of_time_is_ended_with_its_children(tmp_path: Path) -> None:
    code = f"""
import subprocess
child = subprocess.Popen([sys.executable, "-c", {IDLE!r}])
tell(0.1, best=None, bound=float(child.pid))
{IDLE}
"""
    events = tmp_path / "events.jsonl"
    clock = clock_from(lambda: events.exists() and "bound" in events.read_text())
    seen = run(tmp_path, code, ResourceLimits(seconds=2.5, grace=0.2, before=1e9, memory=2**40), clock)
    assert (seen.status, seen.end) == ("stopped", None)
    assert seen.finished == 3.0
    assert seen.seconds["solve"] == 3.0
    # Who was ended is gone once the system has taken note.
    eventually(lambda: not psutil.pid_exists(int(seen.trace[0][2] or 0)))


def test_a_run_that_does_not_begin_is_ended_too(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    clock = clock_from(lambda: True)
    seen = watch(
        [sys.executable, "-c", IDLE], events, ResourceLimits(1e9, 0, before=3.5, memory=2**40), tmp_path, clock
    )
    assert clock.now() == 4.0
    assert (seen.status, seen.finished) == ("stopped", 0.0)


def test_memory_counts_children_and_is_booked_on_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Run and child wait until a look has found what they hold.
    code = """
import os, subprocess
def looked(name):
    while not os.path.exists(name): time.sleep(0.01)
child = "import os, time\\nheld = b'x' * 150_000_000\\nwhile not os.path.exists('much'): time.sleep(0.01)"
subprocess.run([sys.executable, "-c", child])
tell(1.0, step="after")
looked("little")
tell(1.3, end={})
"""
    memory_of, events = watching.memory_of, tmp_path / "events.jsonl"
    looks: list[str] = []

    def looked_at(process: psutil.Process) -> int:
        held = memory_of(process)
        after = events.exists() and '"after"' in events.read_text()
        looks.append("little" if after else "much" if held > 150_000_000 else "none")
        # What is told as a look begins is booked by the next one at the latest.
        if looks[-2:] == [looks[-1]] * 2:
            (tmp_path / looks[-1]).touch()
        return held

    monkeypatch.setattr(watching, "memory_of", looked_at)
    seen = run(tmp_path, code)
    assert seen.end == {}, seen.message
    assert seen.peak["solve"] > 150_000_000
    assert seen.peak["after"] < 100_000_000


def test_too_much_memory_ends_a_run(tmp_path: Path) -> None:
    seen = run(tmp_path, f"held = b'x' * 300_000_000; {IDLE}", ResourceLimits(1e9, 0, 1e9, memory=2e8))
    assert seen.status == "out of memory"


def test_events_are_lines_of_json(tmp_path: Path) -> None:
    from benchmarks.solver.telling import Teller, read_events

    path = tmp_path / "events.jsonl"
    with path.open("w") as file:
        tell = Teller(file)
        tell.begin()
        tell.know(5.0, None)
        tell.know(6.0, 1.0)
        tell.know(5.5, 0.5)  # nothing better
        tell.know(None, 2.0)
        tell.end(status="solved")
        file.write('{"half')
    events, offset = read_events(path)
    known = [(event["best"], event["bound"]) for event in events if "best" in event]
    assert known == [(5.0, None), (5.0, 1.0), (5.0, 2.0)]
    assert events[-1]["end"] == {"status": "solved"}
    assert read_events(path, offset) == ([], offset)
    assert json.loads(path.read_bytes()[:offset].splitlines()[-1]) == events[-1]


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the system does not tell")
def test_a_short_peak_of_memory_is_not_missed() -> None:
    from benchmarks.solver.telling import high_water

    high_water()
    held = b"x" * 200_000_000
    del held
    most, after = high_water(), high_water()
    assert most is not None
    assert after is not None
    assert most > after + 150_000_000


def test_what_a_run_tells_of_its_memory_is_booked_on_the_step_that_ends(tmp_path: Path) -> None:
    seen = run(tmp_path, "tell(1.0, step='after', high=10**12); tell(2.0, end={}, high=10**11)")
    assert (seen.peak["solve"], seen.peak["after"]) == (10**12, 10**11)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a thread")
def test_ctrl_c_while_a_run_begins_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[psutil.Process] = []

    class Begun(psutil.Popen):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            begun.append(self)
            # The process is there, and nobody holds it yet.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    monkeypatch.setattr(watching.psutil, "Popen", Begun)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, IDLE)
    finally:
        signal.signal(signal.SIGINT, before)
    (process,) = begun
    eventually(lambda: not process.is_running())
