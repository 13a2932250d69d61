"""How long the command takes to plan five households, beside the import of pandas, which it cannot do without.

``python -m benchmarks.starting [PAIRS]`` plans ``scenarios/minimal.yaml`` by the command, in a process of its own, each
time after one that only imports pandas, and writes processor seconds of both and their ratio: with bytecode cached, and
with none cached of any module, renewopt's or another.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

__all__ = ["Pair", "told"]

SCENARIO = Path(__file__).parents[1] / "scenarios" / "minimal.yaml"
PEER = ("-c", "import pandas")
CACHED, BARE = "bytecode cached", "no bytecode cached"


@dataclass(frozen=True)
class Pair:
    """Processor seconds of the command, and of the import that ran just before it."""

    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        """Ours in those of the peer."""
        return self.ours / self.peer


def told(case: str, pairs: Sequence[Pair]) -> str:
    """Tell pairs in a line: the medians, and the ratios' median and spread."""
    ratios = sorted(pair.ratio for pair in pairs)
    ours, peer = median(pair.ours for pair in pairs), median(pair.peer for pair in pairs)
    return (
        f"{case}: plan {ours:.2f} s, import pandas {peer:.2f} s; "
        f"ratio {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}, {len(pairs)} pairs)"
    )


def _seconds(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _pair(environment: Mapping[str, str], folder: Path) -> Pair:
    peer = _seconds(PEER, environment)
    command = ("-m", "renewopt", "plan", str(SCENARIO), "--out", str(folder / "plan"), "--force", "--quiet")
    return Pair(_seconds(command, environment), peer)


def main() -> None:
    """Measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="?", type=int, default=9)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        cached = {**ours, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        bare = {**ours, "PYTHONPYCACHEPREFIX": str(folder / "none"), "PYTHONDONTWRITEBYTECODE": "1"}
        _pair(cached, folder)
        for case, environment in ((CACHED, cached), (BARE, bare)):
            print(told(case, [_pair(environment, folder) for _ in range(pairs)]))


if __name__ == "__main__":
    main()
