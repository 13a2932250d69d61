"""The folder of a comparison: nobody else's, nothing of others overwritten, every run kept whatever fails."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.disk.faults import MODES, Faults, Killed, tree

import renewopt
from renewopt.comparison import Comparison, comparing, folder
from renewopt.comparison.comparing import ComparisonElsewhereError
from renewopt.comparison.store import Store
from renewopt.disk import (
    INSIDE,
    OutputBusyError,
    OutputError,
    OutputExistsError,
    OutputMovedError,
    OutputUnwritableError,
    claimed,
)
from renewopt.results.failures import PlanFileError

EACH = 5
"""One call of so many fails in the quick tests; in the slow ones each does."""


@pytest.fixture(scope="module")
def scenario(repository: Path) -> Path:
    return repository / "scenarios" / "minimal.yaml"


@pytest.fixture(scope="module")
def done(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Comparison, Path]:
    """A comparison, and its folder; copied before it is changed."""
    out = tmp_path_factory.mktemp("done") / "out"
    found = renewopt.compare(scenario, policies=["first-come"], gap=0.1, out=out)
    return found, out


@pytest.fixture(scope="module")
def saved(done: tuple[Comparison, Path]) -> dict[str, bytes]:
    """Runs and plans as they are saved, by their names."""
    return {name: content for name, content in tree(done[1]).items() if "/" in name and not name.endswith("/")}


@pytest.fixture(scope="module")
def tables(done: tuple[Comparison, Path]) -> dict[str, bytes]:
    files, failure = done[0].contents("zh")
    assert failure is None
    return {name: content for name, content in files.items() if name != "report.html"}


def session(out: Path, saved: dict[str, bytes], tables: dict[str, bytes]) -> OutputError | None:
    """What a comparison does on disk."""
    with Store(out) as store:
        assert store.written is not None
        for name, content in saved.items():
            store.written.save(name, content)
        return store.written.finish(tables)


def old_tables(out: Path, tables: dict[str, bytes]) -> None:
    with claimed(out, folder.COMPARISON.kind) as claim:
        folder.write_tables(claim, {name: b"old " + content for name, content in tables.items()})


def fail_each(
    saved: dict[str, bytes],
    tables: dict[str, bytes],
    there: bool,
    mode: str,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    each: int,
) -> int:
    tried = 0
    for at in range(MODES.index(mode) % each, 2000, each):
        disk, home = root / f"disk {at}", root / f"home {at}"
        disk.mkdir()
        home.mkdir()
        with monkeypatch.context() as patches:
            patches.chdir(home)
            patches.setenv("HOME", str(home))
            patches.setattr("tempfile.gettempdir", lambda home=home: str(home))
            faults = Faults(patches, disk)
            out = disk / "out"
            if there:
                old_tables(out, tables)
            before = (
                {name: content for name, content in tree(out).items() if name in folder.COMPARISON.kind.names}
                if there
                else {}
            )
            trouble: BaseException | None = None
            with faults.armed(mode, at):
                try:
                    trouble = session(out, saved, tables)
                except (OSError, OutputUnwritableError, OutputBusyError, OutputExistsError, Killed) as error:
                    trouble = error
            if len(faults.met) <= at:
                assert trouble is None
                return tried
            tried += 1
            where = f"{mode}, call {at}: {faults.met[at]}"
            with claimed(out, folder.COMPARISON.kind):
                found = tree(out) if out.exists() else {}
            mine = {name: content for name, content in found.items() if name in folder.COMPARISON.kind.names}
            runs = {name: content for name, content in found.items() if name in saved}
            assert all(content == saved[name] for name, content in runs.items()), where
            of_new = {name for name in tables if mine.get(name) == tables[name]}
            assert of_new in (set(), set(tables)), where
            if not of_new and there:
                assert mine == before, where
            if trouble is None:
                assert (runs, of_new) == (saved, set(tables)), where
            if isinstance(trouble, OutputMovedError):
                other = tree(trouble.saved)
                assert {**other, **runs}.items() >= saved.items(), where
                assert other.items() >= tables.items(), where
            else:
                assert list(home.iterdir()) == [], where
            # The next comparison goes on, and clears away what was left.
            assert session(out, saved, tables) is None, where
            after = tree(out)
            assert {name for name in after if not name.endswith("/")} == {*saved, *tables, folder.COMPARISON.mark}, (
                where
            )
            assert {path.name for path in disk.iterdir()} <= {"out", "out-saved"}, where
    raise AssertionError("the writing does not come to an end")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("there", [False, True])
def test_whatever_fails_no_run_is_lost(
    there: bool,
    mode: str,
    saved: dict[str, bytes],
    tables: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert fail_each(saved, tables, there, mode, tmp_path, monkeypatch, EACH) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("there", [False, True])
def test_each_call_that_fails_loses_no_run(
    there: bool,
    mode: str,
    saved: dict[str, bytes],
    tables: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert fail_each(saved, tables, there, mode, tmp_path, monkeypatch, 1) >= 50


def test_two_at_once_are_told_apart(done: tuple[Comparison, Path], scenario: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "out"):
        with pytest.raises(OutputBusyError, match="another renewopt"), Store(tmp_path / "out"):
            pass
        with pytest.raises(OutputBusyError):
            renewopt.compare(scenario, policies=["first-come"], out=tmp_path / "out")
        with pytest.raises(OutputBusyError):
            done[0].write(tmp_path / "out")
    with Store(tmp_path / "out"):
        pass


def changed(name: str) -> Callable[[Path], Any]:
    return lambda out: (out / name).write_bytes(b"mine")


@pytest.mark.parametrize("name", ["runs.csv", "report.html", "ranking.csv", "runs.parquet"])
def test_a_table_that_was_changed_is_not_overwritten(
    name: str, done: tuple[Comparison, Path], scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = shutil.copytree(done[1], tmp_path / "out")
    changed(name)(out)
    before = tree(out)
    monkeypatch.setattr(comparing, "do", lambda *_: pytest.fail("it is told before anything is done"))
    with pytest.raises(OutputExistsError, match=f"'{name}'; choose another folder, or move it away"):
        renewopt.compare(scenario, policies=["first-come"], gap=0.1, out=out)
    with pytest.raises(OutputExistsError, match=name):
        done[0].write(out)
    assert tree(out) == before


@pytest.mark.parametrize(
    "mark", [None, "", "{", "[]", '{"format": 2}', '{"format": 2, "made_by": "a tailor"}', "[" * 9_000]
)
def test_a_folder_that_no_comparison_made_is_left_alone(
    mark: str | None, done: tuple[Comparison, Path], tmp_path: Path
) -> None:
    (tmp_path / "runs.csv").write_text("mine")
    if mark is not None:
        (tmp_path / "comparison.json").write_text(mark)
    before = tree(tmp_path)
    with pytest.raises(OutputExistsError), Store(tmp_path):
        pass
    with pytest.raises(OutputExistsError):
        done[0].write(tmp_path)
    assert tree(tmp_path) == before


def test_a_folder_of_another_version_is_told(tmp_path: Path) -> None:
    (tmp_path / "comparison.json").write_text('{"format": 1, "made_by": "renewopt compare"}')
    with pytest.raises(PlanFileError, match="format 1, but this version reads 2"), Store(tmp_path):
        pass


def test_files_of_others_stay(done: tuple[Comparison, Path], tmp_path: Path) -> None:
    out = shutil.copytree(done[1], tmp_path / "out")
    (out / "notes.txt").write_text("mine")
    done[0].write(out, lang="zh")
    assert (out / "notes.txt").read_text() == "mine"
    assert '<html lang="zh-Hans">' in (out / "report.html").read_text("utf-8")
    known = json.loads((out / "comparison.json").read_text())["files"]
    assert "report.html" in known
    assert not INSIDE & {path.name for path in out.iterdir()}


@pytest.mark.parametrize("name", ["runs", "plans"])
@pytest.mark.parametrize("linked", [False, True])
def test_no_link_leads_a_comparison_out_of_its_folder(
    linked: bool, name: str, done: tuple[Comparison, Path], tmp_path: Path
) -> None:
    out = shutil.copytree(done[1], tmp_path / "out")
    shutil.rmtree(out / name)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / f".{'0' * 16}.part").write_text("mine")
    if linked:
        (out / name).symlink_to(theirs)
    else:
        (out / name).write_text("mine")
    before = tree(tmp_path)
    with pytest.raises(OutputExistsError, match=f"did not write.*'{name}'"), Store(out):
        pass
    assert tree(tmp_path) == before


def test_a_run_takes_the_place_of_a_link_and_not_of_what_it_leads_to(
    done: tuple[Comparison, Path], saved: dict[str, bytes], tables: dict[str, bytes], tmp_path: Path
) -> None:
    out = shutil.copytree(done[1], tmp_path / "out")
    theirs = tmp_path / "precious.txt"
    theirs.write_text("mine")
    for name in saved:
        (out / name).unlink()
        (out / name).symlink_to(theirs)
    assert session(out, saved, tables) is None
    assert theirs.read_text() == "mine"
    assert tree(out).items() >= saved.items()
    assert not any((out / name).is_symlink() for name in saved)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["comparison.json", "runs.csv", ".renewopt-swap", "runs", "plans"])
def test_a_pipe_is_never_waited_for(name: str, done: tuple[Comparison, Path], tmp_path: Path) -> None:
    out = shutil.copytree(done[1], tmp_path / "out")
    if (out / name).is_dir():
        shutil.rmtree(out / name)
    else:
        (out / name).unlink(missing_ok=True)
    os.mkfifo(out / name)
    with pytest.raises(OutputExistsError), Store(out):
        pass
    assert (out / name).is_fifo()


def test_a_comparison_never_goes_where_a_scenario_lies(
    done: tuple[Comparison, Path], scenario: Path, tmp_path: Path
) -> None:
    out = shutil.copytree(done[1], tmp_path / "out")
    inner = out / "deep" / "minimal.yaml"
    inner.parent.mkdir()
    shutil.copy(scenario, inner)
    before = tree(out)
    with pytest.raises(OutputExistsError, match=r"reads: 'minimal\.yaml'"):
        renewopt.compare([scenario, inner], policies=["first-come"], out=out)
    assert tree(out) == before


def test_what_cannot_be_saved_is_told_with_the_comparison(
    done: tuple[Comparison, Path], scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "home")
    out = shutil.copytree(done[1], tmp_path / "disk" / "out")
    faults = Faults(monkeypatch, tmp_path / "disk")
    monkeypatch.setattr(
        comparing, "_tables", lambda *_: (faults.__dict__.update(at=0, mode="full", count=0), done[0])[1]
    )
    with pytest.raises(ComparisonElsewhereError, match="the disk is full; what is missing there was saved in") as told:
        renewopt.compare(scenario, policies=["first-come"], gap=0.1, out=out)
    faults.at = None
    assert told.value.comparison is done[0]
    assert (tmp_path / "home" / "out-saved" / "runs.csv").read_bytes() == (out / "runs.csv").read_bytes()
    assert tree(out) == tree(done[1])


def test_a_report_that_fails_loses_no_table(
    done: tuple[Comparison, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Comparison, "report", lambda *_: 1 / 0)
    with pytest.raises(renewopt.errors.RenewoptError, match=r"report\.html could not be made .*division"):
        done[0].write(tmp_path / "out")
    assert (tmp_path / "out" / "runs.csv").read_bytes() == (done[1] / "runs.csv").read_bytes()
