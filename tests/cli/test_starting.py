"""How soon help is there: within a quarter of the time that Python takes to import pandas."""

import statistics
import subprocess
import sys
import time

ROUNDS = 9
PROGRAMS = {
    "pandas": ["import pandas"],
    "help": ["from renewopt.cli.main import main; main()", "--help"],
}


def seconds(program: str, *arguments: str) -> float:
    """Time of a whole process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def test_help_is_there_in_a_quarter_of_the_time_that_importing_pandas_takes() -> None:
    # In turn, so that a busy machine slows both; the start of Python is part of both.
    rounds = [{name: seconds(*program) for name, program in PROGRAMS.items()} for _ in range(ROUNDS)]
    ratio = statistics.median(times["help"] / times["pandas"] for times in rounds)
    assert ratio <= 0.25, rounds
