"""Snippets of the guide: YAML loads over a scenario that ships, shell lines are commands that parse.

``>>>`` snippets are run by doctest; those of rules.md, rules-elsewhere.md and scenario.md have tests of their own
(tests/problem/test_rules.py, tests/scenarios/test_rules_elsewhere.py, tests/test_reference.py).
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

import renewopt
from renewopt.cli.main import main
from renewopt.cli.starter import write_starter
from renewopt.wording import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "benchmarks" / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "zh").glob("*.md")),
]
ELSEWHERE = ("rules.md", "rules-elsewhere.md", "scenario.md")
"""Pages whose YAML snippets have tests of their own."""


def fenced(page: Path, language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"))


def cases(language: str, *but: str) -> list[object]:
    return [
        pytest.param(text, id=f"{page.parent.name}-{page.stem}-{number}")
        for page in PAGES
        if page.name not in but
        for number, text in enumerate(fenced(page, language), start=1)
    ]


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Scenarios that a snippet may be laid over, in folders of their own."""
    found = []
    for lang in LANGUAGES:
        starter = tmp_path_factory.mktemp(f"starter_{lang}")
        write_starter(starter, lang, force=True)
        found.append(starter / "district.yaml")
    for name in ("minimal", "uncertain"):
        folder = tmp_path_factory.mktemp(name)
        (folder / "base.yaml").write_bytes((ROOT / "scenarios" / f"{name}.yaml").read_bytes())
        found.append(folder / "base.yaml")
    # What is said of a programme needs one.
    folder = tmp_path_factory.mktemp("programme") / "programme"
    shutil.copytree(ROOT / "scenarios" / "programme", folder)
    found.append((folder / "programme.yaml").rename(folder / "base.yaml"))
    return found


def laid_over(base: Path, snippet: str) -> Path:
    """A scenario with the snippet merged into it: its own variants, and what else it states as one more."""
    sections = re.split(r"(?m)^(?=\w)", snippet)
    variants = [part for part in sections if part.startswith("variants:")]
    rest = "".join(part for part in sections if not part.startswith("variants:"))
    text = base.read_text(encoding="utf-8")
    if "\nvariants:" not in text:
        text += "\nvariants:\n"
    added = "".join(part.partition("\n")[2] for part in variants)
    if rest.strip():
        added += "  snippet:\n" + re.sub(r"(?m)^(?=.)", "    ", rest)
    at = text.index("\nvariants:\n") + len("\nvariants:\n")
    written = base.with_name("snippet.yaml")
    written.write_text(text[:at] + added + text[at:], encoding="utf-8")
    return written


@pytest.mark.parametrize("snippet", cases("yaml", *ELSEWHERE))
def test_yaml_loads(snippet: str, bases: list[Path], tmp_path: Path) -> None:
    if re.search(r"(?m)^name:", snippet):
        (tmp_path / "whole.yaml").write_text(snippet, encoding="utf-8")
        renewopt.load(tmp_path / "whole.yaml")
        return
    faults = []
    for base in bases:
        path = laid_over(base, snippet)
        try:
            scenario = renewopt.load(path)
            for variant in (
                "snippet",
                *re.findall(r"(?m)^  ([\w-]+):$", snippet if snippet.startswith("variants") else ""),
            ):
                if variant in scenario.variants:
                    renewopt.load(path, variant=variant)
        except renewopt.ScenarioError as error:
            faults.append(f"{base.parent.name}: {error}")
        else:
            return
    pytest.fail("\n".join(faults))


@pytest.mark.parametrize("snippet", cases("sh"))
def test_shell_lines_are_commands(snippet: str) -> None:
    assert subprocess.run(["bash", "-n"], input=snippet, text=True, check=False).returncode == 0
    for part in re.split(r"\n|&&|\$\(|\)\"", snippet.replace("\\\n", " ")):
        words = shlex.split(part.partition(" > ")[0], comments=True) if "renewopt " in part else []
        if not words or Path(words[0]).name != "renewopt":
            continue
        command = main.commands.get(words[1], main)
        arguments = words[2:] if command is not main else words[1:]
        if "--help" not in arguments:
            command.make_context(words[1], arguments, parent=click.Context(main, info_name="renewopt"))


def test_the_guide_has_snippets_of_each_kind() -> None:
    assert len(cases("yaml", *ELSEWHERE)) > 10
    assert len(cases("sh")) > 10
