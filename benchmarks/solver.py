"""Time load, compile, build, solve and decode on generated districts.

    python -m benchmarks.solver --sizes 300 1000 3000 --time-limit 120 --out out/benchmarks/solver.csv

One run for each spec × size × seed; one row of the table for each of its phases.
"""

import argparse
import csv
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import renewopt
from benchmarks.registry import SPECS, Spec
from renewopt.optimiser import optimise
from renewopt.problem import compile_problem

__all__ = ["Row", "main", "measure"]

FIRST_PHASES = ("load", "compile")
"""Before the optimiser, whose own phases follow; ``other`` is what it books on none, ``total`` the sum of all."""


@dataclass(frozen=True)
class Row:
    """One phase of one run; `objective`, `bound` in yuan, `gap` a fraction, those of the run."""

    spec: str
    size: int
    seed: int
    method: str
    phase: str
    seconds: float
    status: str
    objective: float | None
    bound: float | None
    gap: float | None


def measure(
    spec: Spec, size: int, seed: int, folder: Path, *, gap: float, time_limit: float, method: str
) -> Iterator[Row]:
    """Run one district and yield a row for each phase."""
    path = spec.write(folder, size, seed)
    clock = [time.perf_counter()]
    scenario = renewopt.load(path)
    clock.append(time.perf_counter())
    problem = compile_problem(scenario)
    clock.append(time.perf_counter())
    found = optimise(problem, gap=gap, time_limit=time_limit, method=method)
    clock.append(time.perf_counter())
    seconds = {phase: after - before for phase, before, after in zip(FIRST_PHASES, clock, clock[1:], strict=False)}
    seconds |= found.seconds
    seconds["other"] = max(0.0, clock[-1] - clock[-2] - sum(found.seconds.values()))
    seconds["total"] = clock[-1] - clock[0]
    for phase, spent in seconds.items():
        yield Row(
            spec.name,
            size,
            seed,
            method,
            phase,
            round(spent, 3),
            found.status,
            found.objective,
            found.bound,
            found.gap,
        )


def table(rows: Sequence[Row]) -> str:
    """Runs as lines, phases as columns, in seconds."""
    phases = [*dict.fromkeys(row.phase for row in rows if row.phase != "total"), "total"]
    runs: dict[tuple[str, int, int], dict[str, Row]] = {}
    for row in rows:
        runs.setdefault((row.spec, row.size, row.seed), {})[row.phase] = row
    lines = [["spec", "households", "seed", *phases, "status", "gap"]]
    for (spec, size, seed), found in runs.items():
        one = found["total"]
        times = [f"{found[phase].seconds:.2f}" if phase in found else "" for phase in phases]
        shown = "" if one.gap is None else f"{one.gap:.3%}"
        lines.append([spec, f"{size:,}", str(seed), *times, one.status, shown])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def save(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.solver", description="Time the solver by phase.")
    parser.add_argument("--specs", nargs="+", choices=list(SPECS), default=["tight"], help="default: tight")
    parser.add_argument("--sizes", nargs="+", type=int, default=[300, 1000, 3000], help="households")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--time-limit", type=float, default=300.0, help="seconds of search for each run")
    parser.add_argument("--gap", type=float, default=1e-3, help="a fraction")
    parser.add_argument("--method", choices=["auto", "exact", "structured"], default="auto")
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks/solver.csv"), help="CSV file")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> None:
    """Run what the command line asks for; the CSV is written anew after each run, so that none is lost."""
    asked = arguments(words)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.specs:
            for size in asked.sizes:
                for seed in asked.seeds:
                    print(f"{name}, {size:,} households, seed {seed}", file=sys.stderr, flush=True)
                    rows += measure(
                        SPECS[name],
                        size,
                        seed,
                        Path(folder),
                        gap=asked.gap,
                        time_limit=asked.time_limit,
                        method=asked.method,
                    )
                    save(asked.out, rows)
    print(f"renewopt {renewopt.__version__}, Python {platform.python_version()}, {platform.machine()}; seconds")
    print(table(rows))


if __name__ == "__main__":
    main()
