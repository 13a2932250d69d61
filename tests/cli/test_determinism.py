"""The same input and version give the same files, byte for byte, whatever the machine: but for what says seconds."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import renewopt
from renewopt.results.work_summary.blocks import Heading
from renewopt.results.work_summary.word import as_word

COMMAND = (
    "import os, sys\n"
    "if __name__ == '__main__':\n"
    "    if hasattr(os, 'sched_setaffinity'):\n"
    "        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:int(sys.argv[1])])\n"
    "    sys.argv[:2] = ['renewopt']\n"
    "    from renewopt.cli.entry import main\n"
    "    main()\n"
)
ONE = {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "NUMBA_NUM_THREADS": "1"}
OTHER = {"PYTHONHASHSEED": "4711", "TZ": "Asia/Shanghai", "LC_ALL": "en_US.UTF-8", "NUMBA_NUM_THREADS": "2"}


def run(folder: Path, *arguments: str, cores: int, environment: dict[str, str], expected: int = 0) -> None:
    folder.mkdir()
    script = folder / "run.py"
    script.write_text(COMMAND, encoding="utf-8")
    command = [sys.executable, str(script), str(cores), *arguments, "--quiet", "--out", str(folder / "out")]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == expected, done.stderr


def contents(folder: Path) -> dict[str, object]:
    """Files of a folder, without the seconds that they tell."""
    return {path.relative_to(folder).as_posix(): content(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def content(path: Path) -> object:
    if path.name == "plan.json" or path.parent.name == "runs":
        text = path.read_text("utf-8")
        record = json.loads(text)
        assert record.pop("seconds") is not None
        # What is left is compared as it is written, too.
        return record, re.sub(r'"seconds": (\{[^}]*\}|[0-9.e-]+)', "", text)
    if path.name == "comparison.json":
        # It vouches for the times, too, which are told apart.
        record = json.loads(path.read_text("utf-8"))
        assert record["files"].pop("timings.csv")
        return record
    if path.parent.name == "plans":
        with np.load(path, allow_pickle=False) as found:
            return {name: found[name].tobytes() for name in found.files if name != "seconds"}
    return b"" if path.name == "timings.csv" else path.read_bytes()


def alike(tmp_path: Path, *arguments: str, other: tuple[str, ...] = (), expected: int = 0) -> dict[str, object]:
    """Run a command twice in other surroundings; what both have written."""
    run(tmp_path / "one", *arguments, cores=1, environment=ONE, expected=expected)
    run(tmp_path / "other", *arguments, *other, cores=2, environment=OTHER, expected=expected)
    one, another = contents(tmp_path / "one" / "out"), contents(tmp_path / "other" / "out")
    assert list(one) == list(another)
    assert [name for name in one if one[name] != another[name]] == []
    return one


def synthetic(folder: Path, *options: str) -> str:
    command = [sys.executable, "-m", "renewopt.synth", *options, "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return str(folder)


def test_a_word_document_tells_no_time(tmp_path: Path) -> None:
    document = as_word([Heading(1, "Work of the year")], "en")
    (tmp_path / "document.docx").write_bytes(document)
    with zipfile.ZipFile(tmp_path / "document.docx") as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.testzip() is None
        assert parts.namelist()[0] == "[Content_Types].xml"
        assert not re.search(rb"20\d\d-\d\d-\d\dT", b"".join(parts.read(name) for name in parts.namelist()))


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["optimal", "rolling"])
def test_a_plan_of_the_exact_search(repository: Path, tmp_path: Path, policy: str) -> None:
    written = alike(tmp_path, "plan", str(repository / "scenarios" / "minimal.yaml"), "--policy", policy, "--gap", "0")
    assert {"plan.json", "plan.xlsx", "report.html", "work-summary.docx", "allocation.csv"} <= set(written)


@pytest.mark.slow
@pytest.mark.long
def test_a_plan_of_the_structured_search(tmp_path: Path) -> None:
    district = synthetic(
        tmp_path / "district", "--households", "80", "--months", "24", "--projects", "3", "--seed", "3"
    )
    searched = ("--method", "structured", "--gap", "0.05", "--time-limit", "100000")
    written = alike(tmp_path, "plan", district, *searched)
    assert "warm-start.npz" in written
    assert renewopt.read_plan(tmp_path / "one" / "out").status == "feasible"


@pytest.mark.slow
def test_a_comparison_however_many_processes(repository: Path, tmp_path: Path) -> None:
    uncertain = str(repository / "scenarios" / "uncertain.yaml")
    asked = ("--policies", "first-come,optimal", "--no-perfect", "--parquet")
    written = alike(tmp_path, "compare", uncertain, *asked, other=("--jobs", "2"))
    assert {"runs.csv", "runs.parquet", "report.html"} <= set(written)
    assert any(name.startswith("plans/") for name in written)
