"""What `plan` of a scenario file imports: nothing that only other commands, or other ways of it, need."""

import subprocess
import sys
from pathlib import Path

UNUSED = {
    "docxtpl": "an office's own template of the brief",
    "networkx": "chains of what comes first",
    "plotly": "figures in notebooks",
    "pulp": "other solvers",
    "python_calamine": "workbooks as scenarios",
    "renewopt.comparison": "`compare`",
    "renewopt.problem.dossiers": "`check --households`",
    "renewopt.results.conflicts": "districts without a plan",
    "renewopt.results.reading": "plans that were written before",
    "renewopt.results.workbook_reading": "the same, out of a workbook",
    "renewopt.synth": "drawn districts",
    "renewopt.scenario.opening": "workbooks as scenarios",
    "renewopt.testing": "tests",
    "renewopt.tradeoffs": "`frontier`, `sweep` and `alternatives`",
    "renewopt.wording.chinese": "messages in Chinese",
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


def test_the_command_leaves_what_it_has_made_to_the_end_of_the_process() -> None:
    # A last look for rings among all that was imported and planned takes longer than small plans do.
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: sys.stderr.write(str(gc.get_freeze_count() > 0)))\n"
        "from renewopt.cli.entry import main\n"
        "sys.argv = ['renewopt', '--version']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "True"
