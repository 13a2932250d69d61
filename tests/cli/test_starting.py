"""How soon help is there: within a quarter of the time that Python takes to import pandas."""

import statistics
import subprocess
import sys
import time

REPEATS = 7


def seconds(program: str, *arguments: str) -> float:
    """Median time of a process."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def test_help_is_there_in_a_quarter_of_the_time_that_importing_pandas_takes() -> None:
    # What Python itself takes to start is part of both.
    started = seconds("pass")
    pandas = seconds("import pandas") - started
    help_ = seconds("from renewopt.cli.main import main; main()", "--help") - started
    assert help_ <= pandas / 4, f"help {help_:.3f} s, pandas {pandas:.3f} s"
