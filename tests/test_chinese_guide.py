"""docs/zh: what the screens of the Chinese guide show is what the commands print, one after the other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.test_snippets import ROOT

from renewopt.cli.main import main

PAGES = ("checking", "planning", "report", "explaining", "comparing", "workbook")
"""In the order in which they are worked through."""
SHOWN = re.compile(r"(?ms)^```sh\n((?:(?!^```).)*?)^```\n\n```text\n(.*?)^```")
GAP = "……"
TIMES = re.compile(r"\d+ 秒")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chinese_guide")]


def slip_of(page: str, before: int) -> tuple[str, str] | None:
    """What the page says is written wrongly, where it says so right before a command."""
    found = re.findall(r"把 `([^`]+)` 误写为 `([^`]+)`", page[:before].rsplit("```", 1)[-1])
    return found[-1] if found else None


def printed(command: str) -> str:
    done = CliRunner().invoke(main, shlex.split(command)[1:])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    """By page: what it shows, and what was printed."""
    shown: dict[str, list[tuple[str, str]]] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path_factory.mktemp("guide"))
        for name in PAGES:
            page = (ROOT / "docs" / "zh" / f"{name}.md").read_text("utf-8")
            for match in SHOWN.finditer(page):
                slip, district = slip_of(page, match.start()), Path("我的区", "district.yaml")
                right = district.read_text("utf-8") if slip else ""
                if slip:
                    assert slip[0] in right
                    district.write_text(right.replace(*slip), "utf-8")
                outputs = [printed(line) for line in match[1].splitlines() if line.startswith("renewopt ")]
                if slip:
                    district.write_text(right, "utf-8")
                shown.setdefault(name, []).append((match[2], outputs[-1]))
        work = Path("我的区", "方案", "work-summary.md").read_text("utf-8")
        page = (ROOT / "docs" / "zh" / "report.md").read_text("utf-8").partition("## 工作总结")[2]
        shown["report"] += [(block, work) for block in re.findall(r"(?ms)^```text\n(.*?)^```", page)]
    return shown


@pytest.mark.parametrize("name", PAGES)
def test_screens_are_what_is_printed(name: str, screens: dict[str, list[tuple[str, str]]]) -> None:
    assert screens[name]
    for shown, output in screens[name]:
        at = 0
        for part in shown.split(f"{GAP}\n"):
            if part.strip():
                wanted, found = (TIMES.sub("s", text) for text in (part.strip("\n"), output))
                at = found.find(wanted, at)
                assert at >= 0, f"{wanted}\n--- is not what was printed ---\n{found}"
