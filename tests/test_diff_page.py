"""docs/diff.md: the worked question is answered as the page says."""

from pathlib import Path

from tests.test_snippets import fenced, laid_over

import renewopt


def test_the_worked_question(repository: Path, tmp_path: Path) -> None:
    page = repository / "docs" / "diff.md"
    base = tmp_path / "minimal.yaml"
    base.write_bytes((repository / "scenarios" / "minimal.yaml").read_bytes())
    (snippet,) = fenced(page, "yaml")
    scenario = laid_over(base, snippet)
    (told,) = fenced(page, "text")
    folders = [
        renewopt.plan(scenario, variant=variant, gap=0).write(tmp_path / name, report=False)
        for name, variant in (("base", None), ("slow", "slow"))
    ]
    assert renewopt.diff(*folders).summary() == told.rstrip("\n")
