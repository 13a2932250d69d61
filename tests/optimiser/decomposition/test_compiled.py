"""Numba and the folder that is worked in."""

import os
import subprocess
import sys
from pathlib import Path

ASK = """
from renewopt.optimiser.decomposition.kernel import PPM
from numba.core import config
first = config.CACHE_DIR
config.reload_config()
print([first, config.CACHE_DIR, config.DISABLE_JIT])
"""


def test_no_file_of_the_folder_that_is_worked_in_sets_numba(tmp_path: Path) -> None:
    (tmp_path / ".numba_config.yaml").write_text("cache_dir: ./cache\ndisable_jit: 1\n")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['', '', 0]"
    assert done.stderr == ""
    assert not (tmp_path / "cache").exists()
