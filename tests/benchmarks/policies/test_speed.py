"""Seconds of the rules, told by rule and future."""

from pathlib import Path

import pytest
from benchmarks.policies.__main__ import main
from benchmarks.policies.speed import Timed, markdown

from renewopt.policies import RULES


@pytest.mark.slow
def test_every_rule_is_timed_in_every_future(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- speed -->\n<!-- end of speed -->\n", encoding="utf-8")
    scenario = str(repository / "scenarios" / "uncertain.yaml")
    assert main(["speed", "--scenario", scenario, "--repeats", "1", "--page", str(page)]) == 0
    text = capsys.readouterr().out
    assert "| CPU seconds | as-planned | rough | late | lean |" in text
    for rule in RULES:
        assert f"| {rule} | " in text
    assert "| CPU seconds | as-planned |" in page.read_text(encoding="utf-8")


def test_the_quickest_repeat_counts_whole() -> None:
    runs = [Timed("a", "one", 0.1, 0.02, 0.01), Timed("a", "two", 0.3, 0.02, 0.01)]
    assert markdown(runs).splitlines()[-1] == "| a | 0.13 | 0.33 |"
