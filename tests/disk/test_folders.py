"""Folders change all at once, whatever fails and whenever the process is gone."""

import errno
import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from renewopt.disk import (
    INSIDE,
    Kind,
    OutputError,
    OutputExistsError,
    claimed,
    put_folder,
    put_inside,
    read_plain,
    refuse,
    reserved,
    settle_cut_off,
)

from .conftest import KIND, NEW, OLD, contents
from .faults import MODES, Faults, Killed, tree

MOST = 400
"""Calls of one writing, at most."""
PLACES = ("missing", "deep", "empty", "old", "worked in", "worked in and empty", "not to be renamed")


def laid(root: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder before it is written, beside a file of somebody else's."""
    (root / "people.csv").write_text("mine")
    folder = root / "a" / "b" / "out" if place == "deep" else root / "out"
    if place not in ("missing", "deep"):
        folder.mkdir()
        if "empty" not in place:
            for name, content in OLD.items():
                (folder / name).write_bytes(content)
    if place.startswith("worked in"):
        monkeypatch.chdir(folder)
    return folder


def write(folder: Path) -> None:
    with claimed(folder, KIND) as claim:
        put_folder(claim, KIND, NEW, force=True)


def unmovable(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """As a mount point is."""
    rename = os.rename

    def refuse(one: Path, two: Path) -> None:
        if folder in (Path(one), Path(two)):
            raise OSError(errno.EBUSY, "Device or resource busy")
        rename(one, two)

    monkeypatch.setattr(os, "rename", refuse)


def held(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in tree(folder).items() if name.strip("/").split("/")[0] not in INSIDE}


@pytest.mark.parametrize("place", PLACES)
def test_the_new_files_are_all_there_is(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = laid(tmp_path, place, monkeypatch)
    if place == "not to be renamed":
        unmovable(monkeypatch, folder)
    before = folder.stat().st_ino if folder.exists() else None
    write(folder)
    assert tree(folder) == NEW
    assert {path.name for path in tmp_path.iterdir()} == {"people.csv", "a" if place == "deep" else "out"}
    if place.startswith(("worked in", "not")):
        assert folder.stat().st_ino == before


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("place", PLACES)
def test_whatever_fails_the_old_or_the_new_is_whole(
    place: str, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0
    for at in range(MOST):
        root = tmp_path / str(at)
        root.mkdir()
        with monkeypatch.context() as patches:
            folder = laid(root, place, patches)
            faults = Faults(patches, root)
            if place == "not to be renamed":
                unmovable(patches, folder)
            before = tree(folder) if folder.exists() else None
            failed = False
            with faults.armed(mode, at):
                try:
                    write(folder)
                except (OSError, OutputError, Killed):
                    failed = True
                met = len(faults.met)
            if met <= at:  # nothing was left to fail
                assert not failed
                assert tree(folder) == NEW
                break
            tried += 1
            where = f"{place}, {mode}, call {at}: {faults.met[at]}"
            settle_cut_off(folder, KIND)
            found = held(folder) if folder.exists() else None
            assert found in (before, NEW, *([{}, None] if "empty" in place else [])), where
            if not failed:
                assert found == NEW, where
            assert (root / "people.csv").read_text() == "mine", where
            if mode == "once" and faults.met[at] not in ("unlink", "rmdir"):
                assert {path.name for path in root.iterdir()} <= {"people.csv", "out", "a"}, where
                assert not folder.exists() or not set(INSIDE) & {path.name for path in folder.iterdir()}, where
            # Whoever writes next clears away all that was left.
            if not (folder.exists() and any(folder.iterdir())) or failed:
                write(folder)
            else:
                with claimed(folder, KIND):
                    pass
            assert tree(folder) == NEW, where
            assert {path.name for path in root.iterdir()} == {"people.csv", "a" if place == "deep" else "out"}, where
    else:
        pytest.fail("the writing does not come to an end")
    assert tried > 15


@pytest.mark.parametrize("place", ["old", "worked in", "missing"])
def test_a_power_cut_finds_the_old_or_the_new_on_the_disk(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: Faults
) -> None:
    """What is written reaches the disk before it is named, and the name before the old is deleted."""
    folder = laid(tmp_path, place, monkeypatch)
    with faults.armed("once", MOST):
        write(folder)
    trail = [(name, path.name, path.parent) for name, path in faults.trail]
    moves = [number for number, (name, *_) in enumerate(trail) if name == "rename"]
    for file in NEW:
        (down,) = [number for number, (name, what, _) in enumerate(trail) if (name, what) == ("fsync", file)]
        assert down < moves[0]
    of_new = [number for number, (name, what, _) in enumerate(trail) if name == "fsync" and what.endswith("-new")]
    assert of_new[0] < moves[0]
    holder = folder if place == "worked in" else tmp_path
    of_holder = [number for number, (name, what, _) in enumerate(trail) if (name, what) == ("fsync", holder.name)]
    assert any(number > moves[-1] for number in of_holder)
    deleted = [n for n, (name, what, of) in enumerate(trail) if name == "unlink" and of.name.endswith("-old")]
    assert len(deleted) == (0 if place == "missing" else len(OLD))
    assert all(min(number for number in of_holder if number > moves[-1]) < each for each in deleted)
    if place == "worked in":
        # The note is on the disk before anything is moved, and off it before the old files are deleted.
        noted = next(number for number in of_holder if number > moves[0])
        assert noted < moves[1]
        off = trail.index(("unlink", ".renewopt-swap", folder))
        assert any(off < number < deleted[0] for number in of_holder)


def test_who_writes_next_puts_right_what_a_killed_one_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = laid(tmp_path, "worked in", monkeypatch)
    with monkeypatch.context() as patches:
        faults = Faults(patches, tmp_path)
        at = 0
        while "record.json" in tree(folder):
            with faults.armed("killed", at), pytest.raises(Killed):
                write(folder)
            at += 1
    with pytest.raises(OutputExistsError, match="exists already"):
        refuse(folder, KIND, force=False)
    refuse(folder, KIND, force=True)
    with claimed(folder, KIND):
        assert tree(folder) == OLD
    write(folder)
    assert tree(folder) == NEW


def test_files_of_others_stay_where_ours_are_exchanged(tmp_path: Path) -> None:
    for name, content in OLD.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "notes.txt").write_text("mine")
    with claimed(tmp_path, KIND) as claim:
        put_inside(claim.real, KIND, NEW, list(OLD))
    assert tree(tmp_path) == {**NEW, "notes.txt": b"mine"}


@pytest.mark.parametrize("place", ["old", "worked in"])
def test_what_somebody_puts_there_in_the_meantime_stays(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = laid(tmp_path, place, monkeypatch)
    rename = os.rename

    def quick(one: Path, two: Path) -> None:
        if Path(one) == folder or Path(one).parent == folder:
            (folder / "c.csv").write_text("mine")
            monkeypatch.setattr(os, "rename", rename)
        rename(one, two)

    monkeypatch.setattr(os, "rename", quick)
    with pytest.raises(OutputExistsError, match=r"c\.csv"):
        write(folder)
    assert tree(folder) == {**OLD, "c.csv": b"mine"}
    assert {path.name for path in tmp_path.iterdir()} == {"people.csv", "out"}


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("elsewhere/out")
    for words in (OLD, NEW):
        with claimed(tmp_path / "link", KIND) as claim:
            put_folder(claim, KIND, words, force=True)
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "elsewhere" / "out") == NEW


def test_the_rights_of_the_folder_stay(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir(0o750)
    for words in (OLD, NEW):
        with claimed(folder, KIND) as claim:
            put_folder(claim, KIND, words, force=True)
        assert folder.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("name", sorted(INSIDE - {".renewopt-lock"}))
def test_a_folder_from_elsewhere_leads_nobody_out_of_it(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.csv").write_text("mine")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).symlink_to(tmp_path / "mine", target_is_directory=True)
    with pytest.raises((OutputExistsError, IsADirectoryError)):
        write(folder)
    assert tree(tmp_path / "mine") == {"a.csv": b"mine"}


@pytest.mark.parametrize(
    "note", ["{", "[]", '{"old": ["../mine.csv"], "new": []}', '{"old": [], "new": ["notes.txt"]}', "[" * 9_000]
)
def test_a_note_of_somebody_else_moves_nothing(note: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / ".renewopt-swap").write_text(note)
    with pytest.raises(OutputExistsError, match="renewopt-swap"), claimed(folder, KIND):
        pass
    assert (folder / "notes.txt").read_text() == "mine"


FORGED: dict[str, tuple[dict[str, bytes], dict[str, bytes]]] = {
    "nothing vouches": ({}, {}),
    "a record that does not know them": ({}, contents("forged", "a.csv", "b.csv")),
    "old files to put in their place": (contents("forged", "a.csv", "b.csv"), {}),
    "both": (contents("forged", "a.csv", "b.csv"), contents("forged", "a.csv", "c.csv")),
    "a record that knows them": ({}, {"record.json": OLD["record.json"]}),
}
"""What lies aside with a forged note: old files, and new ones."""


@pytest.mark.parametrize("case", FORGED)
@pytest.mark.parametrize("there", ["theirs", "theirs and a record", "ours"])
@pytest.mark.parametrize("named", [["a.csv"], ["a.csv", "record.json"], ["a.csv", "b.csv", "c.csv", "record.json"]])
def test_a_forged_note_deletes_and_replaces_nothing(named: list[str], there: str, case: str, tmp_path: Path) -> None:
    mine = {"a.csv": b"mine", "b.csv": b"mine"}
    before = {"theirs": mine, "theirs and a record": {**mine, "record.json": b"{}"}, "ours": OLD}[there]
    for old in ([], named):
        folder = tmp_path / f"out {len(old)}"
        aside = dict(zip((".renewopt-old", ".renewopt-new"), FORGED[case], strict=True))
        for place, files in {".": before, **aside}.items():
            (folder / place).mkdir(exist_ok=True)
            for name, content in files.items():
                (folder / place / name).write_bytes(content)
        (folder / ".renewopt-swap").write_text(json.dumps({"old": old, "new": named}))
        with suppress(OutputExistsError):
            settle_cut_off(folder, KIND)
        with suppress(OutputExistsError), claimed(folder, KIND):
            pass
        assert held(folder).items() >= before.items()


def test_nothing_is_put_right_where_a_scenario_reads(tmp_path: Path) -> None:
    """Not even where a forged record knows the digest of what is read."""
    (tmp_path / "a.csv").write_bytes(NEW["a.csv"])
    (tmp_path / ".renewopt-new").mkdir()
    (tmp_path / ".renewopt-new" / "record.json").write_bytes(NEW["record.json"])
    (tmp_path / ".renewopt-swap").write_text(json.dumps({"old": [], "new": ["a.csv", "record.json"]}))
    before = tree(tmp_path)
    reads = [tmp_path / "a.csv"]
    for claim in (claimed(tmp_path, KIND, reads), reserved(tmp_path, KIND, 1, reads)):
        with pytest.raises(OutputExistsError, match=r"the scenario reads: 'a\.csv'"), claim:
            pass
    assert tree(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("what", ["pipe", "device", "folder"])
@pytest.mark.parametrize("name", [".renewopt-swap", "record.json", "a.csv"])
def test_what_is_no_plain_file_is_foreign_and_never_waited_for(name: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / name
    {"pipe": os.mkfifo, "device": lambda path: path.symlink_to("/dev/zero"), "folder": os.mkdir}[what](path)
    with pytest.raises(OSError, match=r"plain|Invalid|levels|directory"):
        read_plain(path)
    kind = Kind(KIND.names, KIND.record, lambda _: {key: [""] for key in KIND.names})
    with pytest.raises(OutputExistsError, match=name), claimed(tmp_path, kind) as claim:
        put_folder(claim, kind, NEW, force=True)
    assert os.path.lexists(path)


def test_the_longest_name_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / ("区" * 85)
    for words in (OLD, NEW):
        with claimed(folder, KIND) as claim:
            put_folder(claim, KIND, words, force=True)
    assert tree(folder) == NEW
    assert len(list(tmp_path.iterdir())) == 1


def test_folders_with_names_alike_do_not_meddle(tmp_path: Path) -> None:
    one, two = tmp_path / ("plan" * 10), tmp_path / ("plan" * 11)
    with claimed(one, KIND) as first, claimed(two, KIND) as second:
        put_folder(first, KIND, OLD)
        put_folder(second, KIND, contents("two"))
    assert tree(one) == OLD
    assert tree(two) == contents("two")
