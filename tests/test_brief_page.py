"""docs/brief.md: what is shown of the smallest scenario is what the program says, and every placeholder exists."""

import re
from pathlib import Path

from tests.test_snippets import fenced

import renewopt
from renewopt.results.briefing.telling import tell_brief
from renewopt.results.briefing.word import _context


def test_the_page_that_is_shown(repository: Path) -> None:
    (shown,) = fenced(repository / "docs" / "brief.md", "text")
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    assert plan.brief() == shown.rstrip("\n")
    listed = re.findall(r"{{ (\w+)[\w.]* }}", (repository / "docs" / "brief.md").read_text(encoding="utf-8"))
    known = set(_context(tell_brief(plan, "en")))
    assert set(listed) == known - {"sections", "money"}
