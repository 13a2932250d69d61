"""docs/prices.md: the worked question is answered as the page says."""

import re
from pathlib import Path

from tests.test_snippets import fenced

import renewopt


def test_the_worked_question(repository: Path) -> None:
    (told,) = fenced(repository / "docs" / "prices.md", "text")
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    answered = renewopt.prices(plan, whole=2).summary()
    # How long a search took is no matter of the page.
    assert re.sub(r", \d+ s\b", ", 0 s", answered) == told.rstrip("\n")
