"""Files that are small to send and large to read are refused in words, before they take the machine.

Each is read in a process of its own that may not take much: 20 processor seconds and 2 GB of addresses are a net, not a
measure; what refusing takes is bounded by the memory that was touched. No test looks at a clock.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fuzz.bombs import BOMBS, DUDS
from tests.fuzz.running import complaints

# Names stand beside each other, however long their lines.
# ruff: noqa: E501

MEGABYTES = 300
QUICK = (
    "list items of a section", "nesting", "a long quoted text", "billion laughs", "money with a huge exponent in quotes",
    "months: a thousand million", "a cohort of 10^12", "a device without end", "a pipe that nobody writes", "a socket",
    "a table that is of the system", "a table with a hole of terabytes", "a million columns",
    "a cell at the far end, in a table", "a size that lies high, as the scenario", "entities that explode, in a table",
    "an xls of chains, in a table", "a product of vouchers and developers",
)  # fmt: skip
"""One of each kind, for the fast tests."""


class Reader:
    """A process that reads files and lives on."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.fuzz.child"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self, path: Path) -> dict[str, object]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def hold(name: str, folder: Path, reader: Reader) -> None:
    answer = reader.read(BOMBS[name](folder))
    assert complaints(answer) == []
    assert answer["outcome"] == "refused" or name.partition(",")[0] in DUDS
    assert answer["megabytes"] <= MEGABYTES


@pytest.mark.xdist_group("bombs")
@pytest.mark.parametrize("name", QUICK)
@pytest.mark.slow
def test_a_bomb_of_each_kind_is_refused_in_words(name: str, tmp_path: Path, reader: Reader) -> None:
    hold(name, tmp_path, reader)


@pytest.mark.slow
@pytest.mark.xdist_group("bombs")
@pytest.mark.parametrize("name", [name for name in BOMBS if name not in QUICK])
def test_every_other_bomb_is_refused_in_words(name: str, tmp_path: Path, reader: Reader) -> None:
    hold(name, tmp_path, reader)


@pytest.mark.slow
def test_a_file_that_ends_its_reader_is_told_of() -> None:
    """The net itself: a process that dies over a file is no answer that passes."""
    assert complaints({"outcome": "died: SIGABRT", "findings": []}) == ["died: SIGABRT"]
    assert complaints({"outcome": "refused", "findings": []}) == ["refused without an error"]
