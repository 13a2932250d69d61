"""docs/compare.md: the worked question is answered as the page says."""

from pathlib import Path

import pytest
from tests.test_snippets import fenced

import renewopt


@pytest.mark.slow
def test_the_worked_question(repository: Path) -> None:
    """Without the hedged plan, which takes long; the futures, and what the others do in them, are the same."""
    told = fenced(repository / "docs" / "compare.md", "text")[0].splitlines()
    scenario = repository / "scenarios" / "uncertain.yaml"
    found = renewopt.compare(scenario, policies=["optimal", "finish-nearest"], seeds=30, gap=0.05, perfect=False)
    first, waiting, _nearest, reserve, counts, apart = found.message
    assert [first, waiting, reserve] == [told[0], told[1], told[3]]
    assert counts == told[4].replace(" hedged 26,", "")
    assert (apart[:14], found.tell_breaks()[0]) == (told[5][:14], told[8])
