"""How long a step of a command will take, about: by the size of the files, and by how long the loading of them took."""

from __future__ import annotations

from pathlib import Path

STAGES: dict[str, tuple[float, float]] = {
    "loading": (1.0, 0.6),
    "compiling": (0.6, 0.6),
    "taking stock": (0.2, 0.3),
    "deciding": (0.5, 6.5),
    "auditing": (0.1, 0.4),
    "saving": (0.5, 2.2),
    "trying futures": (3.0, 0.0),
    "writing": (1.5, 6.0),
}
"""Seconds that a step takes at all, and for each MB of the scenario's tables: generated districts of 30,000 and 100,000
households, planned by a rule, on two cores. What a step really takes is scaled by how long the loading took."""


UNBOUNDED = frozenset({"rules that cannot hold together", "a plan with the least shortfall"})
"""Steps after a search, which its limit does not end and nobody knows the length of."""


def megabytes(scenario: Path) -> float:
    """Size of a scenario: its file, and the tables beside it that it names."""
    try:
        file = scenario if scenario.is_file() else next(iter(sorted(scenario.glob("*.y*ml"))))
        text = file.read_bytes()
        tables = [other for other in file.parent.iterdir() if other.name.encode() in text and other.is_file()]
        return (len(text) + sum(other.stat().st_size for other in tables)) / 1e6
    except (OSError, StopIteration):
        return 0.0


class Pace:
    """How long each step will take, about."""

    def __init__(self) -> None:
        self.size = 0.0
        self.factor = 1.0

    def expected(self, step: str) -> float | None:
        """Seconds that a step will take in all; None where nothing is known."""
        if step not in STAGES or not self.size:
            return None
        fixed, each = STAGES[step]
        return self.factor * (fixed + each * self.size)

    def done(self, step: str, seconds: float) -> None:
        """Learn from the loading how fast this machine is now."""
        expected = self.expected(step)
        if step == "loading" and expected:
            self.factor = min(max(seconds / expected, 0.3), 10.0)
