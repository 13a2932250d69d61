"""Templates are compiled once, and anew whenever that is not certainly right."""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest

from renewopt.results.reporting.compiled import KeptBytecode

NAME = "page.html.j2"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / NAME).write_text("Hello {{ name }}", "utf-8")
    return tmp_path


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"__pycache__/{Path(NAME).stem}.*.pyc"))


def compiled(folder: Path, monkeypatch: pytest.MonkeyPatch, options: str = "") -> list[str]:
    """Say hello, in an environment of its own; return what had to be compiled, and what was said."""
    work: list[str] = []
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), bytecode_cache=KeptBytecode(folder, options), autoescape=True
    )
    compile_ = environment.compile
    monkeypatch.setattr(environment, "compile", lambda source, *rest: [work.append(source), compile_(source, *rest)][1])
    return [*work, environment.get_template(NAME).render(name="A & B"), *work]


def test_a_template_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled(folder, monkeypatch) == ["Hello A &amp; B", "Hello {{ name }}"]
    assert len(kept(folder)) == 1
    assert compiled(folder, monkeypatch) == ["Hello A &amp; B"]


def test_another_text_or_other_options_are_compiled_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled(folder, monkeypatch)
    (folder / NAME).write_text("Goodbye {{ name }}", "utf-8")
    assert compiled(folder, monkeypatch) == ["Goodbye A &amp; B", "Goodbye {{ name }}"]
    assert compiled(folder, monkeypatch, "trimmed")[1:] == ["Goodbye {{ name }}"]


@pytest.mark.parametrize("left", [0, 1, 20, 60, -1])
def test_what_is_damaged_is_compiled_anew(folder: Path, monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    compiled(folder, monkeypatch)
    (file,) = kept(folder)
    file.write_bytes(file.read_bytes()[:left])
    assert compiled(folder, monkeypatch) == ["Hello A &amp; B", "Hello {{ name }}"]


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled(folder, monkeypatch)[0] == "Hello A &amp; B"
    assert kept(folder) == []


def test_a_folder_that_cannot_be_written_is_no_trouble(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "__pycache__").write_text("in the way")
    assert compiled(folder, monkeypatch)[0] == "Hello A &amp; B"
