"""Nothing is overwritten that we did not write, that was changed since, or that a scenario reads."""

from collections.abc import Callable
from pathlib import Path

import pytest

from renewopt.disk import OutputExistsError, claimed, put_folder, refuse

from .conftest import KIND, NEW, OLD
from .faults import tree


def put(folder: Path) -> Path:
    with claimed(folder, KIND) as claim:
        put_folder(claim, KIND, OLD)
    return folder


def add(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text("mine")


def linked(folder: Path) -> None:
    (folder / "a.csv").rename(folder.parent / "a.csv")
    (folder / "a.csv").symlink_to(folder.parent / "a.csv")


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file of another name": (add("people.csv"), "people.csv"),
    "a file of a name of ours": (add("c.csv"), "c.csv"),
    "a hidden file": (add(".gitignore"), ".gitignore"),
    "a file of ours, changed": (add("b.csv"), "b.csv"),
    "the record, changed": (add("record.json"), "a.csv"),
    "the record, gone": (lambda folder: (folder / "record.json").unlink(), "a.csv"),
    "a folder": (lambda folder: (folder / "notes").mkdir(), "notes"),
    "a link in place of a file of ours": (linked, "a.csv"),
    "a link that leads nowhere": (lambda folder: (folder / "c.csv").symlink_to("nowhere"), "c.csv"),
}


@pytest.mark.parametrize("case", FOREIGN)
@pytest.mark.parametrize("force", [False, True])
def test_what_is_not_ours_is_left_alone(case: str, force: bool, tmp_path: Path) -> None:
    folder = put(tmp_path / "out")
    spoil, name = FOREIGN[case]
    spoil(folder)
    before = tree(tmp_path)
    with pytest.raises(OutputExistsError, match=name if force else "exists already") as told:
        refuse(folder, KIND, force=force)
    with pytest.raises(OutputExistsError), claimed(folder, KIND) as claim:
        put_folder(claim, KIND, NEW, force=force)
    assert tree(tmp_path) == before
    assert "\n" not in str(told.value)


def test_many_names_are_counted(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}").write_text("mine")
    with pytest.raises(OutputExistsError, match="'4', 4 more; choose"):
        refuse(tmp_path, KIND, force=True)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("way", ["itself", "below", "by a link", "from a linked folder"])
def test_what_a_scenario_reads_is_never_overwritten(way: str, force: bool, tmp_path: Path) -> None:
    folder = put(tmp_path / "out")
    reads = folder / "a.csv"
    if way == "below":
        (folder / "data").mkdir()
        reads = folder / "data" / "people.csv"
        reads.write_text("mine")
    elif way == "by a link":
        (tmp_path / "people.csv").symlink_to(reads)
        reads = tmp_path / "people.csv"
    elif way == "from a linked folder":
        (tmp_path / "link").symlink_to(folder)
        reads = tmp_path / "link" / "a.csv"
    before = tree(folder)
    with pytest.raises(OutputExistsError, match=r"holds what the scenario reads: '\w+\.csv'"):
        refuse(folder, KIND, force=force, reads=[tmp_path / "scenario.yaml", reads])
    assert tree(folder) == before


@pytest.mark.parametrize("force", [False, True])
def test_a_file_is_no_folder(force: bool, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputExistsError):
        refuse(tmp_path / "out", KIND, force=force)
