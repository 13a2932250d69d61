"""Where in a policy's own code it failed: file and line, for whoever wrote it."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

from renewopt.policies import Policy
from renewopt.policies.registry import INSTALLED

__all__ = ["broken_by", "failed_at", "named"]

OURS = Path(__file__).resolve().parents[1]
STEPS = ("order", "phase_order", "decide", "steer")
"""Methods in which a policy says what it does."""


def failed_at(error: BaseException, policy: Policy | None) -> str:
    """File and line, ``FILE:LINE``, of the last step within the caller's own code; "" where none was taken there.

    Parameters
    ----------
    error
        With its traceback.
    policy
        Whose code it may have been; None: the optimiser's.
    """
    if policy is None:
        return ""
    files = {_file(kind) for kind in _own_kinds(policy)}
    if not files:
        return ""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        own = not path.is_relative_to(OURS) and not any(path.is_relative_to(folder) for folder in INSTALLED)
        if own or frame.filename in files:
            return f"{frame.filename}:{frame.lineno}"
    return ""


def broken_by(policy: Policy | None) -> str:
    """File and line at which a policy of the caller's own begins to decide; "" for one that ships."""
    for kind in () if policy is None else _own_kinds(policy):
        for step in STEPS:
            code: Any = getattr(vars(kind).get(step), "__code__", None)
            if code is not None:
                return f"{code.co_filename}:{code.co_firstlineno}"
    return ""


def named(place: str) -> str:
    """Write a place without its folder, which is another one on every machine."""
    file, _, line = place.rpartition(":")
    return f"{Path(file).name}:{line}" if file else ""


def _own_kinds(policy: Policy) -> list[type]:
    known = {"renewopt", *sys.stdlib_module_names}
    return [kind for kind in type(policy).__mro__ if kind.__module__.partition(".")[0] not in known]


def _file(kind: type) -> str:
    return str(getattr(sys.modules.get(kind.__module__), "__file__", None) or "")
