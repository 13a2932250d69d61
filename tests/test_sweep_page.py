"""docs/sweep.md: the worked question is answered as the page says."""

from pathlib import Path

from tests.test_snippets import fenced

import renewopt


def test_the_worked_question(repository: Path) -> None:
    (told,) = fenced(repository / "docs" / "sweep.md", "text")
    values = {"funds.bond.inflow.monthly": "10万元..30万元"}
    swept = renewopt.sweep(repository / "scenarios" / "minimal.yaml", values, points=5, gap=0)
    assert swept.summary() == told.rstrip("\n")
