"""docs/replan.md: the worked question is answered as the page says."""

from pathlib import Path

from tests.test_snippets import fenced

import renewopt


def test_the_worked_question(repository: Path, tmp_path: Path) -> None:
    page = repository / "docs" / "replan.md"
    rows, told, _ = fenced(page, "text")
    (tmp_path / "late.csv").write_text(rows, encoding="utf-8")
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    anew = renewopt.replan(plan, actuals=tmp_path / "late.csv", month="2024-03", promise_price=500)
    assert told.rstrip("\n") in anew.summary()
