"""How soon help is there: for a quarter of the work that importing pandas takes.

Work is counted in calls of functions, which are as many on every machine; on a quiet one the time goes with them.
"""

import subprocess
import sys

COUNTED = """
import sys
calls = 0
def count(*_):
    global calls
    calls += 1
sys.setprofile(count)
try:
    {program}
finally:
    sys.setprofile(None)
    sys.stderr.write(str(calls))
"""


def calls(program: str, *arguments: str) -> int:
    """Calls of functions in a process of its own, after Python has started."""
    command = [sys.executable, "-c", COUNTED.format(program=program), *arguments]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stderr)


def test_help_is_there_for_a_quarter_of_the_work_that_importing_pandas_takes() -> None:
    told = calls("from renewopt.cli.main import main; main()", "--help")
    assert 0 < told <= 0.25 * calls("import pandas")
