"""The benchmark runs from the root of a clone, prints a table and writes a row for each phase."""

import csv
import subprocess
import sys
from pathlib import Path


def test_a_tiny_run(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "rows.csv"
    command = [sys.executable, "-m", "benchmarks.solver", "--sizes", "60", "--time-limit", "2"]
    done = subprocess.run(
        [*command, "--out", str(out)], cwd=repository, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "tight, 60 households, seed 0\n"
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seconds = {row["phase"]: float(row["seconds"]) for row in rows}
    assert {"load", "compile", "build", "other", "total"} <= set(seconds)
    parts = sum(spent for phase, spent in seconds.items() if phase != "total")
    assert abs(parts - seconds["total"]) < 0.1
    assert {(row["spec"], row["size"], row["seed"], row["method"]) for row in rows} == {("tight", "60", "0", "auto")}
    head, line = done.stdout.splitlines()[1:]
    assert head.split() == ["spec", "households", "seed", *seconds, "status", "gap"]
    assert line.split()[:3] == ["tight", "60", "0"]


def test_every_spec_draws_a_district_that_loads(repository: Path, tmp_path: Path) -> None:
    code = (
        "import pathlib, sys, renewopt\n"
        "from benchmarks.registry import SPECS\n"
        "for name, spec in SPECS.items():\n"
        "    assert spec.name == name\n"
        "    assert len(renewopt.load(spec.write(pathlib.Path(sys.argv[1]), 60, 1)).households) == 60\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=repository, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
