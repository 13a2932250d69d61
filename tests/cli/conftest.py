"""Commands in this process tell their progress by a clock that stands still: on no machine does a step take long."""

import pytest

from renewopt.cli import showing


@pytest.fixture(autouse=True)
def _still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "clock", lambda: 0.0)
