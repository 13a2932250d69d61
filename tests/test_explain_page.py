"""docs/explain.md: the worked questions are answered as the page says."""

from pathlib import Path

from tests.test_snippets import fenced

import renewopt


def test_the_worked_questions(repository: Path) -> None:
    household, home = fenced(repository / "docs" / "explain.md", "text")
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    assert plan.explain("N1", exact=True, top=3).summary() == household.rstrip("\n")
    assert plan.next_for_home("Garden/flat", exact=True).summary() == home.rstrip("\n")
