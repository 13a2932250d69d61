"""``python -m benchmarks.solver``."""

import importlib.util
import sys


def start() -> int:
    """Say what is not installed before hours of runs, not after them."""
    lacking = [name for name in ("matplotlib", "psutil", "scipy") if importlib.util.find_spec(name) is None]
    if lacking:
        sys.stderr.write(f"not installed: {', '.join(lacking)}; pip install -e '.[bench]'\n")
        return 2
    from benchmarks.solver.command import main

    return main()


if __name__ == "__main__":
    sys.exit(start())
