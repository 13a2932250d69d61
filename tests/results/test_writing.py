"""A plan's folder is the old plan or the new one, whole, whatever fails while it is written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.disk.faults import MODES, Faults, Killed, tree

from renewopt.disk import INSIDE, OutputError, OutputMovedError, claimed
from renewopt.results import contents, files
from renewopt.results.contents import KIND, Contents
from renewopt.results.files import save_plan, write_plan
from renewopt.results.planned import Plan
from renewopt.results.reading import read_plan

from .made import random_plan

PLACES = ("missing", "old", "worked in")
EACH = 13
"""One call of so many fails in the quick tests; in the slow ones each does."""


@pytest.fixture(scope="module")
def rendered() -> tuple[Contents, Contents]:
    """Two plans with all their files but the report."""
    return tuple(contents.render(random_plan(seed), "en", report=False) for seed in (1, 2))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def reported() -> tuple[Contents, Contents]:
    """Two plans with all their files."""
    return tuple(contents.render(random_plan(seed), "zh") for seed in (1, 2))  # type: ignore[return-value]


def laid(root: Path, place: str, old: Contents, patches: pytest.MonkeyPatch) -> Path:
    (root / "people.csv").write_text("mine")
    folder = root / "plan"
    if place != "missing":
        folder.mkdir()
        for name, content in old.within(folder).items():
            (folder / name).write_bytes(content)
    if place == "worked in":
        patches.chdir(folder)
    return folder


def fail_each(
    two: tuple[Contents, Contents], place: str, mode: str, root: Path, monkeypatch: pytest.MonkeyPatch, each: int
) -> int:
    """Write a plan again and again, with another call that fails each time; return how many times it was."""
    old, new = two
    monkeypatch.setattr(files, "render", lambda *_, **__: new)
    tried = 0
    for at in range(MODES.index(mode) % each, 1000, each):
        here = root / str(at)
        here.mkdir()
        with monkeypatch.context() as patches:
            folder = laid(here, place, old, patches)
            faults = Faults(patches, here)
            before = tree(folder) if folder.exists() else None
            failed = False
            with faults.armed(mode, at):
                try:
                    write_plan(new.plan, folder, force=True)
                except (OSError, OutputError, Killed):
                    failed = True
            if len(faults.met) <= at:
                assert tree(folder) == new.within(folder)
                return tried
            tried += 1
            where = f"{place}, {mode}, call {at}: {faults.met[at]}"
            found = _read(folder)
            assert found == (None if before is None and failed else (old if failed else new).plan) or (
                failed and found == new.plan
            ), where
            assert (here / "people.csv").read_text() == "mine", where
            with claimed(folder, KIND):
                pass
            left = {path.name for path in here.iterdir()} - {"people.csv", "plan"}
            assert left == set(), where
            if folder.exists():
                kept = tree(folder)
                assert kept in (before, new.within(folder)), where
                assert not set(kept) & INSIDE, where
        shutil.rmtree(here)
    raise AssertionError("the writing does not come to an end")


def _read(folder: Path) -> Plan | None:
    return read_plan(folder) if folder.exists() or any(folder.parent.glob(".*-old")) else None


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.slow
def test_whatever_fails_a_plan_is_whole(
    place: str,
    mode: str,
    rendered: tuple[Contents, Contents],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert fail_each(rendered, place, mode, tmp_path, monkeypatch, EACH) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("place", PLACES)
def test_each_call_that_fails_leaves_a_plan_whole(
    place: str,
    mode: str,
    rendered: tuple[Contents, Contents],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert fail_each(rendered, place, mode, tmp_path, monkeypatch, 1) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_a_plan_with_its_report_is_whole(
    mode: str,
    reported: tuple[Contents, Contents],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert fail_each(reported, "old", mode, tmp_path, monkeypatch, 4) >= 10


@pytest.mark.parametrize("mode", ["once", "full", "dead"])
@pytest.mark.parametrize("place", PLACES)
def test_a_plan_that_cannot_be_written_is_saved_elsewhere(
    place: str,
    mode: str,
    rendered: tuple[Contents, Contents],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = rendered
    monkeypatch.setattr(files, "render", lambda *_, **__: new)
    moved = 0
    (tmp_path / "home").mkdir()
    for at in range(MODES.index(mode), 1000, EACH):
        disk, home = tmp_path / f"disk {at}", tmp_path / "home" / str(at)
        disk.mkdir()
        home.mkdir()
        with monkeypatch.context() as patches:
            patches.chdir(home)
            patches.setenv("HOME", str(home))
            folder = laid(disk, place, old, patches)
            faults = Faults(patches, disk)
            before = tree(folder) if folder.exists() else None
            with claimed(folder, KIND) as claim:
                with faults.armed(mode, at):
                    trouble = save_plan(new.plan, claim, force=True, lang="en")
                met = len(faults.met)
            if met <= at:
                break
            if trouble is None:
                with claimed(folder, KIND):
                    pass
                assert tree(folder) == new.within(folder)
                continue
            moved += 1
            assert isinstance(trouble, OutputMovedError)
            assert str(trouble.saved) in str(trouble)
            assert read_plan(trouble.saved) == new.plan
            assert tree(trouble.saved) == new.within(trouble.saved)
            assert mode == "once" or trouble.saved.is_relative_to(home)
            with claimed(folder, KIND):
                assert (tree(folder) if folder.exists() else None) in (before, new.within(folder))
    assert moved >= 3


KILL = """
import os, pickle, signal, sys
from pathlib import Path
from renewopt.results import files
sys.path.insert(0, sys.argv[1])
folder, name, at = Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
new = pickle.loads(Path(sys.argv[5]).read_bytes())
files.render = lambda *_, **__: new
real, count = getattr(os, name), 0
def dying(*arguments, **options):
    global count
    count += 1
    if count == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **options)
setattr(os, name, dying)
if folder.name == "worked in":
    os.chdir(folder)
files.write_plan(new.plan, folder, force=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("place", ["plan", "worked in"])
@pytest.mark.parametrize(("name", "at"), [("write", 9), ("fsync", 11), ("rename", 1), ("rename", 2), ("unlink", 2)])
def test_a_process_that_is_killed_leaves_a_plan_whole(
    place: str, name: str, at: int, rendered: tuple[Contents, Contents], tmp_path: Path
) -> None:
    import pickle

    old, new = rendered
    folder = tmp_path / place
    folder.mkdir()
    for each, content in old.within(folder).items():
        (folder / each).write_bytes(content)
    (tmp_path / "new.pickle").write_bytes(pickle.dumps(new))
    command = [sys.executable, "-c", KILL, os.getcwd(), str(folder), name, str(at), str(tmp_path / "new.pickle")]  # noqa: PTH109
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    assert read_plan(folder) in (old.plan, new.plan)
    write_plan(new.plan, folder, force=True, report=False)
    assert read_plan(folder) == new.plan
    assert {path.name for path in tmp_path.iterdir()} == {place, "new.pickle"}
    assert not {path.name for path in folder.iterdir()} & INSIDE
