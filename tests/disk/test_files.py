"""A file is the old one or the new one, whole, whatever fails."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from renewopt.disk import write_whole

from .faults import MODES, Faults, Killed, tree


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("there", [False, True])
def test_whatever_fails_a_file_is_whole(mode: str, there: bool, tmp_path: Path, faults: Faults) -> None:
    tried = 0
    for at in range(40):
        root = tmp_path / str(at)
        root.mkdir()
        before = {"a.csv": b"old"} if there else {}
        if there:
            (root / "a.csv").write_bytes(b"old")
        failed = False
        with faults.armed(mode, at):
            try:
                write_whole(root / "a.csv", b"new" * 100)
            except (OSError, Killed):
                failed = True
        if len(faults.met) <= at:
            break
        tried += 1
        found = {name: content for name, content in tree(root).items() if not name.endswith(".part")}
        assert found in (before, {"a.csv": b"new" * 100})
        assert failed or found != before
        if mode in ("once", "full"):
            assert not list(root.glob(".*.part"))
    assert tried >= 5


def test_pieces_are_one_file_or_none(tmp_path: Path) -> None:
    def pieces(last: bytes | None) -> Iterator[bytes]:
        yield b"a"
        yield b""
        if last is None:
            raise ValueError("no more")
        yield last

    write_whole(tmp_path / "a.csv", pieces(b"bc"))
    assert tree(tmp_path) == {"a.csv": b"abc"}
    with pytest.raises(ValueError, match="no more"):
        write_whole(tmp_path / "a.csv", pieces(None))
    assert tree(tmp_path) == {"a.csv": b"abc"}


def test_rights_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "real.csv").chmod(0o640)
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_whole(tmp_path / "link.csv", "新\n")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == "新\n".encode()
    assert stat.S_IMODE((tmp_path / "real.csv").stat().st_mode) == 0o640
