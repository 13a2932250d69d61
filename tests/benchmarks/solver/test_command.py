"""The benchmark runs from the root of a clone, keeps every run and goes on where it was stopped."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psutil
import pytest
from benchmarks.solver.command import Sweep, interleaved
from benchmarks.solver.paths import PATHS
from benchmarks.solver.records import read
from tests.waiting import HANGS, eventually

from benchmarks.solver import command


def test_it_runs_from_the_root_of_a_clone(repository: Path, tmp_path: Path) -> None:
    line = [sys.executable, "-m", "benchmarks.solver", "--sizes", "8", "--repeats", "1", "--paths", "ipx", "--list"]
    done = subprocess.run([*line, "--out", str(tmp_path)], cwd=repository, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "tight 8 seed 0 repeat 0 ipx\n1 runs, at the most 0.5 hours of solving\n"


@pytest.mark.slow
def test_a_tiny_benchmark_and_its_continuation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_code_state", lambda: "as it is")
    out = tmp_path / "made"
    words = ["--sizes", "8", "--paths", "structured", "simplex", "--repeats", "1", "--out", str(out)]
    # Ours may or may not come to its end by then; a peer takes a hundredth of it.
    words += ["--time-limit", "20", "--gap", "0.2"]
    assert command.main(words) == 0
    said = capsys.readouterr()
    records = read(out / "runs.jsonl")
    assert [record.path for record in records] == ["structured", "simplex"]
    our, peer = records
    assert (peer.status, peer.said, peer.last) == ("solved", "optimal", "solve")
    assert set(peer.seconds) == {"start", "load", "compile", "build", "hand_over", "solve"}
    assert peer.finished >= sum(peer.seconds[s] for s in ("build", "hand_over", "solve")) - 1e-3
    assert peer.objective is not None
    assert our.status in {"solved", "stopped"}, our.message
    assert our.seconds["load"] > 0
    assert our.peak["optimise"] > 50_000_000
    assert our.scenario == peer.scenario != ""
    assert {"python", "renewopt", "highspy"} <= set(our.versions)
    page = (out / "solver.md").read_text(encoding="utf-8")
    assert "| tight | 8 | simplex | 1 |" in page
    assert said.out.split() == [str(out / name) for name in ("solver.md", "bound-against-time.svg", "growth.svg")]

    assert command.main(words) == 0
    assert capsys.readouterr().err == ""
    assert read(out / "runs.jsonl") == records
    lines = (out / "runs.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (out / "runs.jsonl").write_text(lines[0], encoding="utf-8")
    assert command.main(words) == 0
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert [record.path for record in read(out / "runs.jsonl")] == ["structured", "simplex"]

    assert command.main([*words, "--gap", "0.1"]) == 2
    assert "--gap 0.2" in capsys.readouterr().err
    monkeypatch.setattr(command, "_code_state", lambda: "changed")
    assert command.main(words) == 2
    assert "another state of renewopt" in capsys.readouterr().err


@pytest.mark.slow
def test_too_little_memory_ends_a_run_and_is_not_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Less than any interpreter can do with.
    words = ["--sizes", "8", "--paths", "simplex", "ipx", "--repeats", "2", "--memory-limit", "0.01"]
    assert command.main([*words, "--out", str(tmp_path)]) == 0
    records = read(tmp_path / "runs.jsonl")
    assert [(record.path, record.repeat, record.status) for record in records] == [
        ("simplex", 0, "out of memory"),
        ("ipx", 0, "out of memory"),
    ]
    assert capsys.readouterr().err.count("not run again") == 2


def interpreter(folder: Path, does: str) -> Path:
    """A Python that answers when it is asked what it has, and does something else when it is to run."""
    program = folder / "python"
    program.write_text(f'#!/bin/sh\ncase "$3" in --check) exec {sys.executable} "$@";; *) {does};; esac\n')
    program.chmod(0o755)
    return program


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Python is a shell script")
def test_a_path_that_breaks_is_recorded_and_stops_no_other(tmp_path: Path) -> None:
    broken = interpreter(tmp_path, 'echo "no luck" >&2; exit 3')
    words = ["--sizes", "8", "--paths", "ipx", "simplex", "--repeats", "1", "--time-limit", str(HANGS)]
    assert command.main([*words, "--interpreter", f"ipx={broken}", "--out", str(tmp_path / "out")]) == 0
    records = read(tmp_path / "out" / "runs.jsonl")
    assert [(record.path, record.status, record.message) for record in records] == [
        ("ipx", "failed", "no luck"),
        ("simplex", "solved", ""),
    ]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Python is a shell script")
@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_benchmark_leaves_no_process_and_no_half_run(repository: Path, tmp_path: Path) -> None:
    idle = interpreter(tmp_path, "exec sleep 3600")
    line = [sys.executable, "-m", "benchmarks.solver", "--sizes", "8", "--repeats", "1", "--paths", "ipx"]
    line += ["--interpreter", f"ipx={idle}", "--out", str(tmp_path / "out")]
    with psutil.Popen(line, cwd=repository, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        sleeping: list[psutil.Process] = []

        def begun() -> bool:
            sleeping[:] = [child for child in process.children(recursive=True) if child.name() == "sleep"]
            return bool(sleeping)

        eventually(begun)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=HANGS)
    assert process.returncode == 130
    assert "interrupted; the same command goes on from here" in said
    assert sleeping
    # Who was ended is gone once its parent, or the system in its place, has taken note.
    eventually(lambda: not any(child.is_running() for child in sleeping))
    assert read(tmp_path / "out" / "runs.jsonl") == []


def test_a_path_that_is_not_installed_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--sizes", "8", "--paths", "ipx", "--interpreter", f"ipx={tmp_path / 'none'}", "--out", str(tmp_path)]
    assert command.main(words) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("ipx is left out: ")
    assert said[1:] == [f"{tmp_path} holds no runs"]
    assert not (tmp_path / "runs.jsonl").exists()


@pytest.mark.parametrize("words", [("--sizes", "0"), ("--gap", "0"), ("--repeats", "0"), ("--interpreter", "x=y")])
def test_what_cannot_be_asked_for_is_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        command.main(words)
    assert refused.value.code == 2
    assert words[0] in capsys.readouterr().err


def test_pairs_stand_together_and_take_turns() -> None:
    keys = interleaved([Sweep(("tight",), (10, 5), ("a", "b", "c"), repeats=2), Sweep(("tight",), (5,), ("c", "d"))])
    small = [(repeat, path) for _, size, _, repeat, path in keys if size == 5]
    assert small == [(0, p) for p in "abcd"] + [(1, p) for p in "bcda"] + [(2, p) for p in "cd"]
    assert keys.index(("tight", 5, 0, 2, "c")) < keys.index(("tight", 10, 0, 0, "a"))
    assert len(set(keys)) == len(keys)
    assert {key[2] for key in interleaved([Sweep(("tight",), (5,), ("a",))], [7, 8])} == {7, 8}


def test_the_full_benchmark_covers_kinds_and_sizes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert command.main(["--full", "--list", "--out", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    runs = [line.split() for line in lines[:-1]]
    assert {run[0] for run in runs} == {"tight", "loose", "ample", "few", "many"}
    assert {int(run[1]) for run in runs} == {1_000, 2_500, 10_000, 50_000, 250_000, 1_000_000}
    assert {run[-1] for run in runs} == set(PATHS)
    assert max(Counter(map(tuple, runs)).values()) == 1
    assert lines[-1].startswith(f"{len(runs)} runs, at the most ")
    pairs = {(run[0], run[1], run[-1]) for run in runs}
    assert all((spec, size, "structured") in pairs for spec, size, _ in pairs)
    assert command.main(["--full", "--list", "--paths", "ipx", "--out", str(tmp_path)]) == 0
    assert {line.split()[-1] for line in capsys.readouterr().out.splitlines()[:-1]} == {"ipx"}


def test_every_spec_draws_a_district_that_loads(tmp_path: Path) -> None:
    from benchmarks.registry import SPECS

    from renewopt import load

    phases = {}
    for name, spec in SPECS.items():
        assert spec.name == name
        scenario = load(spec.write(tmp_path, 60, 1))
        assert len(scenario.households) == 60
        phases[name] = sum(len(estate.get("phases", [])) for estate in spec.draw(60, 1).document["estates"])
    assert phases["few"] < phases["tight"] < phases["many"]
