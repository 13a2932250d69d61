"""docs/brief.md: what is shown of the smallest scenario is what the program says, and every placeholder exists."""

import re
from pathlib import Path

from tests.test_snippets import fenced

import renewopt
from renewopt.results.briefing.telling import tell_brief
from renewopt.results.briefing.word import _context


def test_the_page_that_is_shown(repository: Path) -> None:
    shown, _in_futures = fenced(repository / "docs" / "brief.md", "text")
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    assert plan.brief() == shown.rstrip("\n")
    listed = re.findall(r"{{ (\w+)[\w.]* }}", (repository / "docs" / "brief.md").read_text(encoding="utf-8"))
    known = set(_context(tell_brief(plan, "en")))
    assert set(listed) == known - {"sections", "money"}


def test_what_is_shown_of_futures(repository: Path) -> None:
    """The sentences are those of this version; what the plan comes to there, which takes seconds, stands as it was."""
    _, shown = fenced(repository / "docs" / "brief.md", "text")
    plan = renewopt.plan(repository / "scenarios" / "uncertain.yaml", policy="first-come")
    told = [line for line in plan.brief().splitlines() if "repairs" in line]
    figures = re.compile(r"[\d.,]+(?: million)? yuan|20\d\d-\d\d|\d+ of \d+|\d+(?=\))")
    assert len(told) == 3
    assert {figures.sub("#", line) for line in shown.splitlines()} & {figures.sub("#", line) for line in told}
