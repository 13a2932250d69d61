"""The page on safety names tests that are there, and every promise has one."""

import re
from pathlib import Path

import pytest

PAGE = "docs/security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def rows(repository: Path) -> list[str]:
    lines = (repository / PAGE).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("| ") and not line.startswith(("| promise", "| ---"))]


def test_every_promise_names_its_test(repository: Path) -> None:
    assert len(rows(repository)) >= 15
    assert [row for row in rows(repository) if not NAMED.search(row)] == []


def test_the_tests_named_are_there(repository: Path) -> None:
    named = NAMED.findall((repository / PAGE).read_text(encoding="utf-8"))
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (repository / file).is_file()
        or (name and f"def {name}(" not in (repository / file).read_text(encoding="utf-8"))
    ]
    assert missing == []


@pytest.mark.parametrize("page", ["docs/index.md", "README.md"])
def test_it_is_found(repository: Path, page: str) -> None:
    assert "security.md" in (repository / page).read_text(encoding="utf-8")
