"""The command line, and the order of the runs: all paths of a repeat one after another, each time another one first."""

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

import renewopt
from benchmarks.registry import SPECS
from benchmarks.solver.paths import CORES, OURS, PATHS
from benchmarks.solver.records import Key, Record, append, fingerprint, read
from benchmarks.solver.report import write
from benchmarks.solver.watching import ResourceLimits, Watched, watch

__all__ = ["FULL", "Sweep", "interleaved", "main"]

ROOT = Path(__file__).resolve().parents[2]
RUNS = "runs.jsonl"
GIB = 2**30


@dataclass(frozen=True)
class Sweep:
    """Runs of every spec × size × seed × repeat × path."""

    specs: tuple[str, ...]
    sizes: tuple[int, ...]
    paths: tuple[str, ...]
    seeds: tuple[int, ...] = (0,)
    repeats: int = 3


KINDS = ("tight", "loose", "ample", "few", "many")
GOOD_PEERS = ("simplex", "ipx", "hipo", "cbc")
FULL = (
    Sweep(KINDS, (1_000,), ("structured", *GOOD_PEERS)),
    Sweep(("tight",), (1_000,), ("exact", "glop", "pdlp"), repeats=1),
    Sweep(("tight", "ample", "many"), (2_500,), ("structured", *GOOD_PEERS)),
    Sweep(KINDS, (10_000,), ("structured",)),
    Sweep(("tight",), (10_000,), GOOD_PEERS),
    Sweep(("tight", "ample"), (50_000,), ("structured",)),
    Sweep(("tight", "ample"), (50_000,), GOOD_PEERS, repeats=1),
    Sweep(("tight", "ample"), (250_000,), ("structured",), repeats=2),
    Sweep(("tight",), (1_000_000,), ("structured",), repeats=1),
)
"""What ``--full`` runs, small sizes first."""


def interleaved(sweeps: Iterable[Sweep], seeds: Sequence[int] | None = None) -> list[Key]:
    """List the runs: by size, instance and repeat; the paths of one repeat stand together, each time turned by one."""
    groups: dict[tuple[int, str, int, int], list[str]] = {}
    for sweep in sweeps:
        for size in sweep.sizes:
            for spec in sweep.specs:
                for seed in seeds or sweep.seeds:
                    for repeat in range(sweep.repeats):
                        group = groups.setdefault((size, spec, seed, repeat), [])
                        group += [path for path in sweep.paths if path not in group]
    return [
        (spec, size, seed, repeat, path)
        for (size, spec, seed, repeat), paths in sorted(groups.items(), key=lambda item: (item[0][0],))
        for path in paths[repeat % len(paths) :] + paths[: repeat % len(paths)]
    ]


def main(words: Sequence[str] | None = None) -> int:
    """Run what the command line asks for and write the report; 2: it cannot be asked for, 130: interrupted."""
    asked = _arguments(words)
    place: Path = asked.out
    records = read(place / RUNS)
    try:
        sweeps = _sweeps(asked)
        _refuse_other(records, asked)
        keys = interleaved(sweeps, asked.seeds)
        if asked.list:
            _list(keys, asked.time_limit)
            return 0
        if not asked.report_only:
            done = {record.key for record in records}
            keys = [key for key in keys if key not in done]
            versions, missing = _available(sorted({key[4] for key in keys}), asked.interpreters)
            for path, reason in missing.items():
                _say(f"{path} is left out: {reason}")
            keys = [key for key in keys if key[4] not in missing]
    except ValueError as fault:
        _say(str(fault))
        return 2
    code = 0
    if not asked.report_only:
        try:
            for record in _run_all(keys, records, asked, versions):
                append(place / RUNS, record)
                records.append(record)
        except KeyboardInterrupt:
            _say("interrupted; the same command goes on from here")
            code = 130
    if not records:
        _say(f"{place} holds no runs")
    else:
        for file in write(asked.report or place, records):
            sys.stdout.write(f"{file}\n")
    return code


def _run_all(
    keys: Sequence[Key], records: Sequence[Record], asked: argparse.Namespace, versions: Mapping[str, dict[str, str]]
) -> Iterator[Record]:
    hopeless = {_place(record.key) for record in records if _hopeless(record)}
    with tempfile.TemporaryDirectory() as folder:
        for number, key in enumerate(keys, start=1):
            where = f"[{number}/{len(keys)}] {key[0]}, {key[1]:,} households, seed {key[2]}, repeat {key[3]}, {key[4]}"
            if _place(key) in hopeless and not asked.repeat_stopped:
                _say(f"{where}: not run again, it was stopped before")
                continue
            record = _run(key, asked, Path(folder), versions[key[4]])
            if _hopeless(record):
                hopeless.add(_place(key))
            _say(f"{where}: {_in_words(record)}")
            yield record


def _place(key: Key) -> tuple[str, int, int, str]:
    return key[0], key[1], key[2], key[4]


def _hopeless(record: Record) -> bool:
    """A peer that was stopped would be stopped again; how far ours gets in the time is worth another look."""
    return record.path != OURS and record.status in ("stopped", "out of memory")


def _run(key: Key, asked: argparse.Namespace, folder: Path, versions: dict[str, str]) -> Record:
    spec, size, seed, _, path = key
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    scenario = folder / f"{spec}-{size}-{seed}" / "district.yaml"
    if not scenario.exists():
        SPECS[spec].write(folder, size, seed)
    events, job = folder / "events.jsonl", folder / "job.json"
    events.unlink(missing_ok=True)
    stated = {"path": path, "scenario": str(scenario), "events": str(events), "gap": asked.gap,
              "time_limit": asked.time_limit, "threads": asked.threads}  # fmt: skip
    job.write_text(json.dumps(stated), encoding="utf-8")
    state = _code_state()
    limits = ResourceLimits(
        asked.time_limit, max(10.0, 0.02 * asked.time_limit), max(600.0, asked.time_limit), asked.memory_limit * GIB
    )
    interpreter = asked.interpreters.get(path, sys.executable)
    seen = watch([interpreter, "-m", "benchmarks.solver.child", str(job)], events, limits, ROOT)
    return _record(
        key, asked, seen, scenario=fingerprint(scenario.parent, "*"), code=state, versions=versions, started=started
    )


def _record(
    key: Key,
    asked: argparse.Namespace,
    seen: Watched,
    *,
    scenario: str,
    code: str,
    versions: dict[str, str],
    started: str,
) -> Record:
    end = seen.end or {}
    seconds = {step: spent for step, spent in seen.seconds.items() if step != "begin" or seen.last == "begin"}
    if end.get("seconds"):
        # Ours books its own steps; what it books on none of them is `other`.
        whole = seconds.pop("optimise")
        seconds |= end["seconds"]
        seconds["other"] = round(max(0.0, whole - sum(end["seconds"].values())), 4)
    spec, size, seed, repeat, path = key
    return Record(
        spec, size, seed, repeat, path, asked.gap, asked.time_limit, asked.threads,
        status=end.get("status", seen.status),
        said=end.get("said", ""),
        message=seen.message,
        seconds=seconds,
        finished=round(seen.finished, 4),
        objective=end.get("objective"),
        bound=end.get("bound"),
        trace=seen.trace,
        peak=seen.peak,
        last=seen.last,
        shape=seen.shape,
        scenario=scenario,
        code=code,
        versions=versions,
        machine=_machine(),
        started=started,
    )  # fmt: skip


def _machine() -> str:
    memory = psutil.virtual_memory().total / GIB
    return f"{platform.system()} {platform.machine()}, {CORES} cores, {memory:.0f} GB"


def _code_state() -> str:
    return fingerprint(Path(renewopt.__file__).parent, "*.py")


def _in_words(record: Record) -> str:
    most = max(record.peak.values(), default=0) / GIB
    words = f"{record.status} in {record.last} after {record.finished:.1f} s, {most:.2f} GB at the most"
    return f"{words}: {record.message.splitlines()[-1]}" if record.message else words


def _available(
    paths: Iterable[str], interpreters: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Versions for the paths that can run, and the reasons of the others."""
    versions, missing = {}, {}
    for path in paths:
        command = [interpreters.get(path, sys.executable), "-m", "benchmarks.solver.child", "--check", path]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        except OSError as fault:
            missing[path] = str(fault)
            continue
        if done.returncode:
            missing[path] = (done.stderr.strip().splitlines() or ["it does not start"])[-1]
            continue
        said = json.loads(done.stdout.splitlines()[-1])
        versions[path] = said["versions"]
        if said["unavailable"]:
            missing[path] = said["unavailable"]
    return versions, missing


def _sweeps(asked: argparse.Namespace) -> Sequence[Sweep]:
    if asked.full:
        chosen = asked.paths or PATHS
        cut = (replace(sweep, paths=tuple(path for path in sweep.paths if path in chosen)) for sweep in FULL)
        return [sweep for sweep in cut if sweep.paths]
    paths = tuple(asked.paths or ("structured", "simplex", "ipx"))
    return [Sweep(tuple(asked.specs), tuple(asked.sizes), paths, repeats=asked.repeats)]


def _refuse_other(records: Sequence[Record], asked: argparse.Namespace) -> None:
    """A folder holds one benchmark: one gap, limit and number of threads, one state of the code."""
    others = {record.asked for record in records} - {(asked.gap, asked.time_limit, asked.threads)}
    if others and not asked.report_only:
        gap, limit, threads = others.pop()
        raise ValueError(
            f"{asked.out} holds runs with --gap {gap} --time-limit {limit} --threads {threads}; "
            "ask for the same, or choose another folder with --out"
        )
    state = _code_state()
    if not asked.mixed and not asked.report_only and {record.code for record in records} - {state}:
        raise ValueError(
            f"{asked.out} holds runs of another state of renewopt; choose another folder with --out, "
            "or go on all the same with --mixed (the report says so)"
        )


def _list(keys: Sequence[Key], limit: float) -> None:
    for spec, size, seed, repeat, path in keys:
        sys.stdout.write(f"{spec} {size} seed {seed} repeat {repeat} {path}\n")
    sys.stdout.write(f"{len(keys)} runs, at the most {len(keys) * limit / 3600:.1f} hours of solving\n")


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def _interpreter(words: str) -> tuple[str, str]:
    path, _, program = words.partition("=")
    if path not in PATHS or not program:
        raise argparse.ArgumentTypeError(f"{words!r}: expected PATH=PROGRAM, such as hipo=/opt/other/bin/python")
    return path, program


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.solver",
        description="Time to a proven bound, and memory: renewopt beside general solvers.",
    )
    parser.add_argument("--specs", nargs="+", choices=list(SPECS), default=["tight"], help="default: tight")
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 300], help="households; default: 100 300")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0], help="one district for each; default: 0")
    parser.add_argument("--paths", nargs="+", choices=list(PATHS), help="default: structured simplex ipx")
    parser.add_argument("--repeats", type=int, default=2, help="of every instance; default: 2")
    parser.add_argument("--gap", type=float, default=1e-3, help="a fraction; default: 0.001")
    parser.add_argument("--time-limit", type=float, default=1800.0, help="seconds of each run; default: 1800")
    parser.add_argument("--threads", type=int, default=CORES, help="of the peers; default: all cores")
    parser.add_argument(
        "--memory-limit",
        type=float,
        default=round(0.85 * psutil.virtual_memory().total / GIB, 1),
        help="GiB of each run, children included; default: 85 %% of the machine's",
    )
    parser.add_argument(
        "--interpreter",
        dest="interpreters",
        metavar="PATH=PROGRAM",
        type=_interpreter,
        nargs="+",
        default=[],
        help="another Python for a path, such as one whose HiGHS has HiPO",
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="the large table, with specs, sizes and repeats of its own: days at the worst; --list shows it",
    )
    parser.add_argument("--list", action="store_true", help="show what would be run")
    parser.add_argument("--repeat-stopped", action="store_true", help="run again what was stopped in a repeat before")
    parser.add_argument("--mixed", action="store_true", help="go on though renewopt has changed since")
    parser.add_argument("--report-only", action="store_true", help="run nothing")
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks/solver"), help="folder of the runs")
    parser.add_argument("--report", type=Path, help="folder of tables and figures; default: --out")
    asked = parser.parse_args(words)
    asked.interpreters = dict(asked.interpreters)
    # The child runs in the repository's root.
    asked.interpreters = {path: os.path.abspath(program) for path, program in asked.interpreters.items()}  # noqa: PTH100
    if asked.repeats < 1 or min(asked.sizes) < 1 or not 0 < asked.gap < 1 or asked.time_limit <= 0:
        parser.error("sizes, repeats, gap and limit are greater than 0, the gap less than 1")
    return asked
