"""Whether a folder can be written is known beforehand, and nothing remains of the try."""

import errno
import os
from pathlib import Path

import pytest

from renewopt.disk import OutputUnwritableError, claimed, reserved, spare_folders, try_out, trying

from .conftest import KIND
from .faults import Faults, tree


@pytest.mark.parametrize("there", [False, True])
def test_a_try_leaves_nothing(there: bool, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "out"
    if there:
        folder.mkdir(parents=True)
    before = tree(tmp_path)
    with reserved(folder, KIND, 10_000_000) as claim:
        try_out(claim, KIND, 10_000_000)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("there", [False, True])
def test_whatever_fails_is_told_and_nothing_remains(there: bool, tmp_path: Path, faults: Faults) -> None:
    tried = 0
    for at in range(60):
        root = tmp_path / str(at)
        folder = root / "a" / "out"
        (folder if there else root).mkdir(parents=True)
        before = tree(root)
        refused = ""
        with faults.armed("once", at):
            try:
                with reserved(folder, KIND, 1000) as claim:
                    try_out(claim, KIND, 1000)
            except OutputUnwritableError as error:
                refused = str(error)
        if len(faults.met) <= at:
            assert refused == ""
            break
        tried += 1
        # Clearing away is tried twice; and where a lock cannot lie beside the folder, it lies within.
        if faults.met[at] in ("unlink", "rmdir") or (there and at == 0):
            assert refused == "", (at, faults.met)
        else:
            assert refused.startswith(f"nothing can be written into {folder}: the disk reports a fault"), faults.met
        assert tree(root) == before, (at, faults.met)
    assert tried > 4


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("file/out", "a file stands where a folder was expected"),
        ("a" * 300, "too long"),
        ("/".join(["a" * 200] * 30), "too long"),
        (("区" * 80 + "/") * 20 + "out", "too long"),
    ],
)
def test_paths_that_cannot_be_are_refused(folder: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputUnwritableError, match=reason), reserved(tmp_path / folder, KIND, 0) as claim:
        try_out(claim, KIND, 0)
    assert tree(tmp_path) == {"file": b"mine"}


def test_too_little_room_is_told_with_what_is_needed(tmp_path: Path) -> None:
    free = os.statvfs(tmp_path)
    more = 2 * free.f_blocks * free.f_frsize
    full = pytest.raises(OutputUnwritableError, match=r"the disk is full \(about \d+ MB are needed\)")
    with full, claimed(tmp_path / "out", KIND) as claim:
        try_out(claim, KIND, more)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", [errno.EOPNOTSUPP, errno.EINVAL, None])
def test_where_the_system_keeps_no_room_the_room_is_counted(
    code: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(*_: int) -> None:
        raise OSError(code, "no")

    if code is None:
        monkeypatch.delattr(trying.os, "posix_fallocate")
    else:
        monkeypatch.setattr(trying.os, "posix_fallocate", without)
    with claimed(tmp_path / "out", KIND) as claim:
        try_out(claim, KIND, 1)
        with pytest.raises(OutputUnwritableError, match="disk is full"):
            try_out(claim, KIND, 10**18)


def test_spare_folders_are_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    first = next(iter(spare_folders(tmp_path / "out")))
    assert first == tmp_path / "out-saved"
    first.mkdir()
    found = list(spare_folders(tmp_path / "out"))
    assert found[:2] == [tmp_path / "out-saved-2", tmp_path / "here" / "out-saved"]
    assert len(found) == 3, "no home here, and then the folder of temporaries"
