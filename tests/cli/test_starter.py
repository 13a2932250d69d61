"""A starter scenario is written whole, and never over work of the planner's."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.disk.faults import MODES, Faults, Killed, tree

from renewopt import load, write_workbook
from renewopt.cli import starter
from renewopt.cli.starter import STARTER, write_starter, write_starter_workbook
from renewopt.disk import INSIDE, OutputError, OutputExistsError, claimed
from renewopt.scenario.workbook import converting


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    return {lang: starter._book(None, Path("district.xlsx"), lang, allow_outside=False)[0] for lang in ("en", "zh")}  # type: ignore[arg-type]


def starters(tmp_path: Path) -> dict[str, dict[str, bytes]]:
    return {lang: dict(starter._packaged(lang)) for lang in ("en", "zh")}  # type: ignore[arg-type]


def each_fault(
    mode: str,
    there: bool,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: dict[str, bytes],
    write: Callable[[Path], object],
) -> list[tuple[int, Path, bool, dict[str, bytes]]]:
    """Let each call fail in turn; gives the folder, whether it failed, and what it held before."""
    tries = []
    for at in range(300):
        disk = root / str(at)
        disk.mkdir()
        folder = disk / "mine"
        if there:
            folder.mkdir()
            for name, content in old.items():
                (folder / name).write_bytes(content)
        failed = False
        with monkeypatch.context() as patches:
            faults = Faults(patches, disk)
            with faults.armed(mode, at):
                try:
                    write(folder)
                except (OSError, OutputError, Killed):
                    failed = True
            if len(faults.met) <= at:
                assert not failed
                return tries
        tries.append((at, folder, failed, old if there else {}))
    raise AssertionError("the writing does not come to an end")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("there", [False, True])
def test_whatever_fails_a_starter_scenario_is_whole(
    mode: str, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = starters(tmp_path)
    tries = each_fault(mode, there, tmp_path, monkeypatch, both["zh"], lambda to: write_starter(to, "en", force=True))
    assert len(tries) >= 12
    for at, folder, failed, before in tries:
        with claimed(folder, STARTER):
            pass
        found = tree(folder) if folder.exists() else {}
        assert found in (before, both["en"]), at
        assert failed or found == both["en"], at
        assert {path.name for path in folder.parent.iterdir()} <= {"mine"}, at


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("there", [False, True])
def test_whatever_fails_a_workbook_is_whole(
    mode: str, there: bool, books: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "_book", lambda _, __, lang, **___: (books[lang], {}))
    old = {"district.xlsx": books["zh"], "notes.txt": b"mine"}
    tries = each_fault(mode, there, tmp_path, monkeypatch, old, lambda to: write_starter_workbook(to, "en", force=True))
    assert len(tries) >= 10
    for at, folder, failed, before in tries:
        if folder.exists() or list(folder.parent.iterdir()):
            write_starter_workbook(folder, "en", force=True) if failed else None
        found = tree(folder) if folder.exists() else {}
        assert found.get("notes.txt") == before.get("notes.txt"), at
        assert found.get("district.xlsx", books["en"]) == books["en"], at
        if mode == "once":
            assert not set(found) & INSIDE, at


@pytest.mark.parametrize("mode", MODES)
def test_whatever_fails_a_converted_workbook_is_whole(
    mode: str, books: dict[str, bytes], repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(repository / "scenarios" / "minimal.yaml")
    monkeypatch.setattr(converting, "book_of", lambda *_, **__: (books["en"], {}, loaded))
    old = {"a.xlsx": b"old"}
    tries = each_fault(mode, True, tmp_path, monkeypatch, old, lambda to: write_workbook(loaded, to / "a.xlsx"))
    assert len(tries) >= 5
    for at, folder, failed, before in tries:
        found = {name: content for name, content in tree(folder).items() if not name.endswith(".part")}
        assert found in (before, {"a.xlsx": books["en"]}), at
        assert failed or found != before, at


@pytest.mark.parametrize("name", ["district.yaml", "households.csv", "notes.txt"])
def test_a_starter_scenario_that_was_changed_is_not_overwritten(name: str, tmp_path: Path) -> None:
    write_starter(tmp_path, "zh")
    write_starter(tmp_path, "en", force=True)
    with (tmp_path / name).open("a") as file:
        file.write("# mine\n")
    before = tree(tmp_path)
    with pytest.raises(OutputExistsError, match=name):
        write_starter(tmp_path, "en", force=True)
    assert tree(tmp_path) == before


def test_a_workbook_that_was_changed_is_not_overwritten(
    books: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "_book", lambda _, __, lang, **___: (books[lang], {}))
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputExistsError, match="exists already"):
        write_starter_workbook(tmp_path, "en")
    for lang in ("zh", "en", "en"):
        write_starter_workbook(tmp_path, lang, force=True)  # type: ignore[arg-type]
        assert (tmp_path / "district.xlsx").read_bytes() == books[lang]
    (tmp_path / "district.xlsx").write_bytes(books["en"] + b"mine")
    before = tree(tmp_path)
    with pytest.raises(OutputExistsError, match=r"district\.xlsx"):
        write_starter_workbook(tmp_path, "en", force=True)
    assert tree(tmp_path) == before


def test_a_workbook_is_not_written_over_the_scenario_it_is_of(repository: Path, tmp_path: Path) -> None:
    book = write_workbook(repository / "scenarios" / "minimal.yaml", tmp_path / "a.xlsx")
    (tmp_path / "link.xlsx").symlink_to("a.xlsx")
    before = book.read_bytes()
    for target in (book, tmp_path / "link.xlsx"):
        with pytest.raises(OutputExistsError, match="is what the scenario is read from"):
            write_workbook(book, target, lang="zh")
    assert book.read_bytes() == before
