"""Commands that are ended at random moments: whatever the moment, the same must hold.

A plan's folder is whole or not there, a comparison goes on where it ended, nobody is left behind, and what is said is a
sentence. Nothing here depends on how long anything takes: the moments are drawn as shares of a run that was watched, or
follow what the command shows, and a kill that comes too late is a run like any other.
"""

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from tests.conftest import full_count
from tests.waiting import HANGS

import renewopt

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc"),
    pytest.mark.usefixtures("interruptible"),
]

FEW, PARTS, IN_A_PART = 6, 4, full_count(12, 60)
"""Kills of the fast test; of the slow one: parts, and kills in each of them."""
SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
ENDS = (*SIGNALS, signal.SIGKILL)
UGLY = re.compile(r"Traceback|Exception ignored|terminate called|Fatal|Aborted|core dumped|Error\b|Errno")
COMMAND = "import sys; from renewopt.cli.entry import main; sys.argv[0] = 'renewopt'; main()"
START = 0.4
"""Of the moments, those drawn from the time in which libraries are imported."""
PATIENCE = HANGS
"""Seconds after which a process that was told to end counts as left behind."""
LONG_AGO = 2.0
"""Seconds: a first look at how long a command takes, before one has been watched to its end."""


@dataclass(frozen=True)
class Case:
    name: str
    arguments: tuple[str, ...]
    writes: str


def cases(repository: Path, hard: Path) -> list[Case]:
    minimal = str(repository / "scenarios" / "minimal.yaml")
    by_rule = "first-come,units-first"
    alike = ("--no-perfect", "--policies", by_rule)
    return [
        Case("check", ("check", minimal), ""),
        Case("rule", ("plan", minimal, "--policy", "wait-for-build"), "plan"),
        Case("optimal", ("plan", minimal), "plan"),
        Case("search", ("plan", str(hard), "--method", "exact", "--gap", "0", "--time-limit", "3"), "plan"),
        Case("through PuLP", ("plan", minimal, "--solver", "pulp:cbc"), "plan"),
        Case("compare", ("compare", minimal, *alike), "compare"),
        Case("side by side", ("compare", minimal, *alike, "--jobs", "2"), "compare"),
    ]


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district with a plan at once, and a proof that takes long."""
    folder = tmp_path_factory.mktemp("hard")
    made = "--households 12 --months 24 --projects 2 --phases 1 --seed 1 --out"
    command = [sys.executable, "-m", "renewopt.synth", *made.split(), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


class Killed:
    """A command that is running, and what it has said."""

    def __init__(self, case: Case, folder: Path) -> None:
        out = ["--out", str(folder / "out")] if case.writes else []
        command = [sys.executable, "-c", COMMAND, *case.arguments, *out]
        environment = {**os.environ, "RENEWOPT_LANG": "en", "PYTHONUNBUFFERED": "1"}
        self.said = b""
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, env=environment
        )

    def listens(self) -> bool:
        """Whether its handlers stand; before that Python itself answers."""
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            caught = re.search(r"SigCgt:\s*([0-9a-f]+)", status)
            return caught is not None and bool(int(caught[1], 16) >> (signal.SIGHUP - 1) & 1)
        return False

    def runs(self) -> bool:
        return self.process.poll() is None

    def hear(self, seconds: float) -> None:
        """Take in what it says for a while."""
        assert self.process.stderr is not None
        if select.select([self.process.stderr], [], [], max(seconds, 0.0))[0]:
            self.said += os.read(self.process.stderr.fileno(), 65536)

    def until(self, true: object, seconds: float = PATIENCE) -> None:
        """Take in what it says until something is true, or it has ended, or time is up."""
        limit = time.monotonic() + seconds
        while self.runs() and not (callable(true) and true()) and time.monotonic() < limit:
            self.hear(0.005)

    def send(self, number: int, *, to_all: bool) -> None:
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if to_all else os.kill)(self.process.pid, number)

    def end(self) -> int:
        """Wait for its end, and that of all that it has started; its exit code."""
        limit = time.monotonic() + PATIENCE
        while self.runs():
            assert time.monotonic() < limit, "still running"
            self.hear(0.02)
        while self.others():
            assert time.monotonic() < limit, f"left behind: {self.others()}"
            time.sleep(0.02)
        assert self.process.stderr is not None
        self.said += self.process.stderr.read()
        self.process.stderr.close()
        return self.process.returncode

    def others(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@dataclass
class Moments:
    """Draws when a command is to be ended, by how long the last one of its kind took."""

    random: Random
    seconds: dict[str, float]

    def wait_for_one(self, case: Case, running: Killed, folder: Path) -> None:
        running.until(running.listens)
        took = self.seconds.get(case.name, LONG_AGO)
        kind = self.random.choice(["any", "start", "line", "file"] if case.writes else ["any", "start"])
        after = self.random.random()
        if kind == "line":
            lines = self.random.randint(1, 4)
            running.until(lambda: running.said.count(b"\n") >= lines, took)
            after *= 0.1
        elif kind == "file":
            running.until(lambda: any(folder.iterdir()), took * 2)
            after *= 0.2
        elif kind == "start":
            after *= START
        running.until(None, after * took)


def kills(listed: Sequence[Case], seed: int, number: int, tmp_path: Path) -> Iterator[str]:
    """Run commands and end them; what became of each."""
    random = Random(seed)
    moments = Moments(random, {})
    for turn in range(number):
        case, end = listed[turn % len(listed)], random.choice(ENDS)
        twice, to_all = random.random() < 0.15, random.random() < 0.5
        folder = tmp_path / f"{seed}-{turn}"
        folder.mkdir()
        running = Killed(case, folder)
        moments.wait_for_one(case, running, folder)
        running.send(end, to_all=to_all)
        if twice and end != signal.SIGKILL:
            running.until(None, random.random() * 0.1)
            running.send(signal.SIGINT, to_all=to_all)
        code = running.end()
        if code == 0:
            moments.seconds[case.name] = time.monotonic() - running.began
        said = running.said.decode()
        where = f"{seed}-{turn} {case.name} {end!r} twice={twice} all={to_all}: {code}\n{said}"
        check_end(case, end, code, twice, said, where)
        check_left(case, folder, end, code, twice, said, where)
        yield f"{case.name} {code}"


def in_no_time(case: Case) -> tuple[int, ...]:
    """Exit code of a search whose seconds were over before it had a plan, as on a machine with much else to do."""
    return (4,) if case.name == "search" else ()


def check_end(case: Case, end: int, code: int, twice: bool, said: str, where: str) -> None:
    """Exit code and words."""
    assert not UGLY.search(said), where
    if end == signal.SIGKILL:
        assert code in (0, -signal.SIGKILL), where
        return
    assert code in (0, SIGNALS[end], *((130,) if twice else ()), *in_no_time(case)), where
    if code and "finishing" not in said and case.writes != "plan":
        assert "nterrupted" in said, where


def check_left(case: Case, folder: Path, end: int, code: int, twice: bool, said: str, where: str) -> None:
    """What is on the disk."""
    out = folder / "out"
    if end != signal.SIGKILL:
        assert {each.name for each in folder.iterdir()} <= {"out"}, where
        assert not [each.name for each in out.rglob("*") if "part" in each.name], where
    if case.writes == "plan":
        if out.exists():
            plan = renewopt.read_plan(out)
            assert plan.feasible, where
            assert end == signal.SIGKILL or (out / "report.html").exists(), where
            assert "nothing was written" not in said, where
        else:
            assert code != 0, where
            assert end == signal.SIGKILL or code in in_no_time(case) or "nterrupted" in said, where
            assert twice or "finishing" not in said, where
    elif case.writes:
        check_resumes(case, out, where)
    else:
        assert not any(folder.iterdir()), where


whole: dict[str, bytes] = {}
"""Table of runs of each comparison that was not disturbed."""


def check_resumes(case: Case, out: Path, where: str) -> None:
    """A comparison that was ended goes on to the same tables."""
    for path in out.glob("runs/[!.]*.json"):
        assert json.loads(path.read_text("utf-8"))["row"]["status"] == "feasible", where
    asked = {"policies": case.arguments[4], "perfect": False}
    if "table" not in whole:
        renewopt.compare(case.arguments[1], **asked, out=out.with_name("whole"))
        whole["table"] = (out.with_name("whole") / "runs.csv").read_bytes()
    renewopt.compare(case.arguments[1], **asked, out=out)
    assert (out / "runs.csv").read_bytes() == whole["table"], where


@pytest.mark.slow
def test_whatever_the_moment_a_command_ends_in_order(repository: Path, tmp_path: Path) -> None:
    cheap = [case for case in cases(repository, tmp_path) if case.name in ("check", "rule")]
    assert len(list(kills(cheap, 1, FEW, tmp_path))) == FEW


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_many_moments(repository: Path, hard: Path, tmp_path: Path, part: int) -> None:
    ends = list(kills(cases(repository, hard), 100 + part, IN_A_PART, tmp_path))
    # Not one and the same thing over and over.
    assert len(set(ends)) > IN_A_PART // 6, ends


@pytest.mark.slow
@pytest.mark.parametrize("end", SIGNALS)
def test_the_best_plan_so_far_is_written(hard: Path, tmp_path: Path, end: int) -> None:
    endless = Case("search", ("plan", str(hard), "--method", "exact", "--gap", "0", "--time-limit", "600"), "plan")
    running = Killed(endless, tmp_path)
    running.until(lambda: b"best" in running.said)
    running.send(end, to_all=False)
    assert running.end() == SIGNALS[signal.Signals(end)]
    assert "finishing with the best plan so far" in running.said.decode()
    plan = renewopt.read_plan(tmp_path / "out")
    assert plan.status == "interrupted"
    assert renewopt.audit(hard, plan) == []
