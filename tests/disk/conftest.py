"""A small kind of folder, whose record knows its files again, and faults below the test's own folder."""

import json
from pathlib import Path

import pytest

from renewopt.disk import Kind, digest

from .faults import Faults


def contents(word: str, *names: str) -> dict[str, bytes]:
    files = {name: f"{name} of {word}\n".encode() * 10 for name in (names or ("a.csv", "b.csv"))}
    record = {name: digest(content) for name, content in files.items()}
    return {**files, "record.json": json.dumps(record).encode()}


def written(folder: Path) -> dict[str, list[str]] | None:
    try:
        content = (folder / "record.json").read_bytes()
        return {**{name: [known] for name, known in json.loads(content).items()}, "record.json": [digest(content)]}
    except (OSError, ValueError):
        return None


KIND = Kind(frozenset({"a.csv", "b.csv", "c.csv", "record.json"}), "record.json", written)
OLD, NEW = contents("old", "a.csv", "b.csv"), contents("new", "a.csv", "c.csv")


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Faults:
    return Faults(monkeypatch, tmp_path)
