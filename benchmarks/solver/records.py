"""Runs as lines of JSON: each is written when it ends, so that an interrupted benchmark goes on where it stopped."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = ["Key", "Record", "append", "fingerprint", "read"]

Key = tuple[str, int, int, int, str]
"""Spec, size, seed, repeat, path."""


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes
    ----------
    spec, size, seed, repeat, path
        What was run.
    gap, time_limit, threads
        What was asked for; the limit in seconds.
    status
        ``solved`` (asked gap reached), ``stopped``, ``out of memory``, ``failed`` or ``infeasible``.
    said, message
        In the words of the solver; last words of a failure.
    seconds
        By step.
    finished
        Seconds from the compiled problem to the end.
    objective, bound
        Yuan; for a peer the value of the relaxation and its dual value.
    trace
        (seconds, best plan, bound); a peer's bounds before its end are what it states of itself.
    peak
        Bytes by step, children included.
    last
        Step in which it ended.
    shape
        Rows, columns, nonzeros of the full model, where there is one.
    scenario, code
        Fingerprints of the scenario and of renewopt's modules.
    versions, machine, started
        With what, where and when.
    """

    spec: str
    size: int
    seed: int
    repeat: int
    path: str
    gap: float
    time_limit: float
    threads: int
    status: str
    said: str
    message: str
    seconds: dict[str, float]
    finished: float
    objective: float | None
    bound: float | None
    trace: list[tuple[float, float | None, float | None]]
    peak: dict[str, int]
    last: str
    shape: tuple[int, ...] | None = None
    scenario: str = ""
    code: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    machine: str = ""
    started: str = ""

    @property
    def key(self) -> Key:
        """What tells it from other runs of the same benchmark."""
        return self.spec, self.size, self.seed, self.repeat, self.path

    @property
    def asked(self) -> tuple[float, float, int]:
        """Gap, seconds, threads."""
        return self.gap, self.time_limit, self.threads


def append(path: Path, record: Record) -> None:
    """Add a record; it is on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cut = path.exists() and path.stat().st_size > 0 and path.read_bytes()[-1:] != b"\n"
    with path.open("a", encoding="utf-8") as file:
        # A line that was cut off stays one of its own.
        file.write(("\n" if cut else "") + json.dumps(asdict(record), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Record]:
    """Read all records; a line that was cut off when the machine stopped counts as not run."""
    if not path.exists():
        return []
    return list(_records(path.read_text(encoding="utf-8").splitlines()))


def _records(lines: Iterable[str]) -> Iterable[Record]:
    for line in lines:
        try:
            stated = json.loads(line)
        except json.JSONDecodeError:
            continue
        stated["trace"] = [tuple(point) for point in stated["trace"]]
        stated["shape"] = tuple(stated["shape"]) if stated["shape"] else None
        yield Record(**stated)


def fingerprint(folder: Path, pattern: str) -> str:
    """Twelve hexadecimal digits that tell the content of a folder's files: all that match, at any depth."""
    total = hashlib.sha256()
    for file in sorted(each for each in folder.rglob(pattern) if each.is_file()):
        total.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:12]
