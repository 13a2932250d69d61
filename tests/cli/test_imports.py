"""What `plan` of a scenario file imports: nothing that only other commands, or other ways of it, need."""

import subprocess
import sys
from pathlib import Path

UNUSED = {
    "networkx": "chains of what comes first",
    "plotly": "figures in notebooks",
    "pulp": "other solvers",
    "python_calamine": "workbooks as scenarios",
    "renewopt.comparison": "`compare`",
    "renewopt.synth": "drawn districts",
    "renewopt.testing": "tests",
    "renewopt.tradeoffs": "`frontier`, `sweep` and `alternatives`",
    "rich": "terminals",
    "scipy": "many entries, and statistics",
}
"""Packages, and what would need them."""


def test_a_plan_imports_what_it_uses(tmp_path: Path, repository: Path) -> None:
    scenario, folder = repository / "scenarios" / "minimal.yaml", tmp_path / "plan"
    command = [sys.executable, "-X", "importtime", "-m", "renewopt", "plan", str(scenario), "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")}
    assert {"pandas", "renewopt.results.planning"} <= imported
    assert not imported & set(UNUSED)
