"""The library logs and never prints: each way to a solver, in a process of its own, for a banner comes but once."""

import subprocess
import sys
from pathlib import Path

import pytest

WAYS = {
    "plan": "renewopt.plan(scenario)",
    "the door to PuLP": "renewopt.to_pulp(scenario).plan()",
    "HiGHS through PuLP": "renewopt.plan(scenario, solver='pulp:HiGHS')",
    "CBC through PuLP": "renewopt.plan(scenario, solver='pulp:cbc')",
    "a solver object of PuLP": "renewopt.to_pulp(scenario).plan(pulp.HiGHS(msg=False, threads=1))",
    "brute force": "brute_force(tiny_problem(3))",
}
SOON = {"plan", "HiGHS through PuLP", "brute force"}
"""What the fast suite tries; CBC's way it tries as a command."""
PROGRAM = """\
import sys
import warnings
warnings.simplefilter("ignore")  # PuLP's on its next version
import pulp
import renewopt
from renewopt.testing.brute import brute_force
from renewopt.testing.tiny import tiny_problem
scenario = renewopt.load(sys.argv[1])
result = WAY
assert result is not None
"""


@pytest.mark.parametrize("way", [pytest.param(way, marks=() if way in SOON else pytest.mark.slow) for way in WAYS])
def test_nothing_is_printed(way: str, repository: Path) -> None:
    program = PROGRAM.replace("WAY", WAYS[way])
    command = [sys.executable, "-c", program, str(repository / "scenarios" / "minimal.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
