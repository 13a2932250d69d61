"""One process has a folder at a time; nobody waits for one that is gone."""

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from renewopt.disk import OutputBusyError, OutputError, claimed, claims, put_folder

from .conftest import KIND, NEW, OLD, contents
from .faults import tree


def test_the_second_is_told_and_may_when_the_first_is_done(tmp_path: Path) -> None:
    with claimed(tmp_path / "out", KIND):
        with pytest.raises(OutputBusyError, match="another renewopt"), claimed(tmp_path / "out", KIND):
            pass
        (tmp_path / "link").symlink_to(tmp_path / "out")
        with pytest.raises(OutputBusyError), claimed(tmp_path / "link", KIND):
            pass
    with claimed(tmp_path / "out", KIND) as claim:
        put_folder(claim, KIND, NEW)
    assert {path.name for path in tmp_path.iterdir()} == {"out", "link"}


def test_a_lock_that_was_left_holds_nobody_up(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with claimed(folder, KIND):
        (lock,) = tmp_path.iterdir()
    for place in (lock, folder / ".renewopt-lock"):
        place.parent.mkdir(exist_ok=True)
        place.write_text("left")
        with claimed(folder, KIND) as claim:
            put_folder(claim, KIND, NEW, force=True)
        assert tree(tmp_path) == {"out/": b"", **{f"out/{name}": content for name, content in NEW.items()}}


def test_where_the_system_has_no_locks_the_file_itself_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_take", lambda _: None)
    with claimed(tmp_path / "out", KIND) as claim:
        with pytest.raises(OutputBusyError, match=r"if there is none, delete .*lock"), claimed(tmp_path / "out", KIND):
            pass
        put_folder(claim, KIND, NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_lock_of_whoever_comes_next_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    unlink, following = claims.os.unlink, ExitStack()

    def then_another_comes(path: Path) -> None:
        unlink(path)
        monkeypatch.setattr(claims.os, "unlink", unlink)
        following.enter_context(claimed(folder, KIND))

    with claimed(folder, KIND):
        monkeypatch.setattr(claims.os, "unlink", then_another_comes)
    with following, pytest.raises(OutputBusyError), claimed(folder, KIND):
        pass
    assert list(tmp_path.iterdir()) == []


def test_many_at_once_never_mix(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    kinds = [contents(f"writer {number}", *("a.csv", "b.csv", "c.csv")[: 1 + number % 3]) for number in range(6)]
    told: list[str] = []
    wrong: list[BaseException] = []

    def write(files: dict[str, bytes]) -> None:
        for _ in range(25):
            try:
                with claimed(folder, KIND) as claim:
                    # Nobody else writes now: what lies there is one writer's work, whole.
                    assert not folder.exists() or tree(folder) in kinds
                    put_folder(claim, KIND, files, force=True)
                    assert tree(folder) == files
            except OutputError as error:
                told.append(str(error))
            except BaseException as error:  # noqa: BLE001 - told by the test
                wrong.append(error)

    threads = [threading.Thread(target=write, args=(each,)) for each in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert all("another renewopt" in each for each in told)
    assert tree(folder) in kinds
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_parents_are_made_and_go_if_nothing_comes_of_it(tmp_path: Path) -> None:
    with claimed(tmp_path / "a" / "b" / "out", KIND):
        assert (tmp_path / "a" / "b").is_dir()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OSError), claimed(tmp_path / "file" / "b" / "out", KIND):  # noqa: PT011 - of which kind, the system says
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_whose_parent_cannot_be_written_is_written_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    opened = claims.os.open

    def refuse(path: Path, flags: int, *more: int) -> int:
        if Path(path).parent == tmp_path and flags & claims.os.O_CREAT:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, *more)

    with monkeypatch.context() as patches:
        patches.setattr(claims.os, "open", refuse)
        for words in (OLD, NEW):
            with claimed(folder, KIND) as claim:
                assert not claim.beside
                put_folder(claim, KIND, words, force=True)
            assert tree(folder) == words
