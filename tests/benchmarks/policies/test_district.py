"""The district's comparison in the small: two parts, resumed, told by policy."""

from pathlib import Path

import pytest
from benchmarks.policies.__main__ import main

from benchmarks.policies import district

VARIANT = """
variants:
  poor:
    funds:
      - id: budget
        opening: 2万元
futures:
  - id: late
    delays: [{months: 2}]
"""


@pytest.mark.slow
def test_both_parts_are_done_and_resumed(repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "small.yaml"
    path.write_text((repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8") + VARIANT, "utf-8")
    words = ["district", "--scenario", str(path), "--jobs", "1", "--out", str(tmp_path / "out"), "--seeds", "1"]
    assert main(words) == 0
    first = capsys.readouterr()
    assert "**small, as-planned**" in first.out
    assert "**small, poor, late**" in first.out
    assert "| rolling | run | 4 |" in first.out
    assert "| optimal | plan | 2 |" in first.out
    assert main(words) == 0
    again = capsys.readouterr()
    assert again.out == first.out
    assert " of " not in again.err


def test_what_the_full_comparison_takes_in() -> None:
    assert (district.PARTS["base"].seeds, district.PARTS["base"].optimising_seeds) == (20, 5)
    assert (district.PARTS["variants"].seeds, district.PARTS["variants"].optimising_seeds) == (5, 1)
    hedged, rolling, other = district.chosen(["hedged", "rolling", "first-come"], 0.01)
    assert (rolling.every, rolling.gap, hedged.gap, other) == (12, 0.01, 0.01, "first-come")
