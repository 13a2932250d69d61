"""Runs are kept one by one, and read back as they were."""

from pathlib import Path

from benchmarks.solver.records import append, fingerprint, read

from .made_runs import ours, peer


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    runs = [ours(), peer(message="gap ≥ 1")]
    for run in runs:
        append(tmp_path / "deep" / "runs.jsonl", run)
    assert read(tmp_path / "deep" / "runs.jsonl") == runs
    assert read(tmp_path / "none.jsonl") == []


def test_a_line_that_was_cut_off_loses_no_other(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    append(path, ours())
    append(path, peer())
    path.write_bytes(path.read_bytes()[:-20])
    assert read(path) == [ours()]
    append(path, peer(repeat=1))
    assert read(path) == [ours(), peer(repeat=1)]


def test_a_fingerprint_tells_content_and_names(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "b.txt").write_text("2")
    first = fingerprint(tmp_path, "*.py")
    (tmp_path / "b.txt").write_text("3")
    assert fingerprint(tmp_path, "*.py") == first
    (tmp_path / "a.py").write_text("2")
    assert fingerprint(tmp_path, "*.py") != first
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "a.py").rename(tmp_path / "c.py")
    assert fingerprint(tmp_path, "*.py") != first
