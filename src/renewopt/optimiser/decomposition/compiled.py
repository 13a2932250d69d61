"""Numba's compiler, imported so that no file in the working directory can configure it.

Numba takes settings from a file ``.numba_config.yaml`` in the current folder, the folder of its cache among them, and
unpickles what lies in that cache. A scenario's folder, in which commands are started, comes from anybody.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

__all__ = ["njit"]


def _compiler() -> Any:
    """Import numba without PyYAML, without which it reads no such file; it looks again at each compilation."""
    taken = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "yaml"}
    sys.modules["yaml"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            # It warns that it cannot read the file.
            warnings.simplefilter("ignore")
            import numba
            from numba.core import config
    finally:
        del sys.modules["yaml"]
        sys.modules.update(taken)
    config._config_fname = os.devnull
    return numba.njit


njit = _compiler()
