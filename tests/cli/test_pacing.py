"""How long a step will take is reckoned from how long the loading took."""

from pathlib import Path

import pytest

from renewopt.cli.pacing import Pace, megabytes


def test_the_pace_is_that_of_the_loading(tmp_path: Path) -> None:
    (tmp_path / "district.yaml").write_text("households: {file: homes.csv}\n")
    (tmp_path / "homes.csv").write_bytes(b"x" * 3_000_000)
    (tmp_path / "unused.csv").write_bytes(b"x" * 1_000_000)
    assert megabytes(tmp_path / "district.yaml") == pytest.approx(3.0, abs=0.001)
    assert megabytes(tmp_path) == pytest.approx(3.0, abs=0.001)
    assert megabytes(tmp_path / "missing.yaml") == 0
    pace = Pace()
    assert pace.expected("writing") is None
    pace.size = 3.0
    before = pace.expected("writing")
    assert before is not None
    pace.done("loading", 2 * (pace.expected("loading") or 0))
    assert pace.expected("writing") == pytest.approx(2 * before)
