"""What other processes import: the caller's modules of policies, and nothing from the folder that is worked in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from renewopt.policies.modules import import_policy_modules

__all__ = ["NO_MODULES", "OwnModules", "nothing_from_here"]

SAFE_PATH = "PYTHONSAFEPATH"


@dataclass(frozen=True)
class OwnModules:
    """Modules that the caller has named. Where this is unpickled they are imported, before what stands behind it.

    Attributes
    ----------
    names
        As `renewopt.policies.modules.import_policy_modules` takes them.
    folder
        Where those lie that are not installed.
    """

    names: tuple[str, ...] = ()
    folder: str = ""

    def __reduce__(self) -> tuple[object, ...]:
        return _arrived, (self.names, self.folder)


NO_MODULES = OwnModules()


def _arrived(names: tuple[str, ...], folder: str) -> OwnModules:
    if names:
        import_policy_modules(names, Path(folder))
    return OwnModules(names, folder)


@contextmanager
def nothing_from_here() -> Iterator[None]:
    """Start Python processes within this so that they look for no module in the folder that is worked in.

    A process is started by ``python -c``, which looks there first, even for Python's own modules: a file
    ``multiprocessing.py`` beside somebody's scenario would be run. The caller's own search path is handed to it
    afterwards, whatever it holds.
    """
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(SAFE_PATH, None)
        else:
            os.environ[SAFE_PATH] = before
