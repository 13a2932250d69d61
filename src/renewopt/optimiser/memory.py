"""Memory that a search will take, estimated before it begins; what does not fit is refused, not tried.

The figures are measured (peak resident memory of whole searches on generated districts, less what the interpreter and
the problem held before); they err on the high side.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from renewopt.errors import RenewoptError
from renewopt.problem import Problem
from renewopt.vocabulary import EXACT, STRUCTURED
from renewopt.wording import words

GIB = 2**30
EXACT_BASE, EXACT_CHOICE = 0.4 * GIB, 4_000.0
"""Bytes of the exact path: at the least, and for each choice (offer × month)."""
STRUCTURED_BASE, STRUCTURED_CLASSES, STRUCTURED_CLAIM, STRUCTURED_OFFER = 0.5 * GIB, 1.0 * GIB, 1_500.0, 450.0
"""Bytes of the structured path: at the least, its relaxations over classes (all of it from `MANY` claims on), and its
arrays for each claim and offer."""
MANY = 10_000
SHARE = 0.9
"""Of the memory that is free, what a search may take."""


class OutOfMemoryError(RenewoptError):
    """A search would need more memory than there is."""


def needed(problem: Problem, method: str) -> float:
    """Bytes that a search by that method will take on top of what the problem takes, about."""
    if method == EXACT:
        return EXACT_BASE + EXACT_CHOICE * choices(problem)
    size = len(problem.claims)
    classes = STRUCTURED_CLASSES * min(1.0, size / MANY)
    return STRUCTURED_BASE + classes + STRUCTURED_CLAIM * size + STRUCTURED_OFFER * len(problem.offers)


def choices(problem: Problem, of: NDArray[np.bool_] | None = None) -> int:
    """Choices (offer × month), deadlines left aside; of some claims (H,), or of all."""
    offers = problem.offers
    span = np.maximum(offers.last.astype(np.int64) - offers.first + 1, 0)
    return int(span.sum() if of is None else span[of[offers.claim]].sum())


def free() -> float | None:
    """Bytes of memory that are free to this process; None where the system does not say."""
    found = [_of_group(), _of_machine()]
    known = [bytes_ for bytes_ in found if bytes_ is not None]
    return min(known) if known else None


def refuse_too_large(problem: Problem, method: str, *, otherwise: bool = True) -> None:
    """Raise if a search by that method would need more memory than is free.

    Parameters
    ----------
    otherwise
        Whether the structured path could be taken instead.

    Raises
    ------
    OutOfMemoryError
        It says how much is needed, how much there is, and what would fit.
    """
    there, wanted = free(), needed(problem, method)
    if there is None or wanted <= SHARE * there:
        return
    gib, gib_free, claims = f"{wanted / GIB:.1f}", f"{there / GIB:.1f}", f"{len(problem.claims):,}"
    if method == EXACT and otherwise and needed(problem, STRUCTURED) <= SHARE * there:
        raise OutOfMemoryError(
            words(
                "the exact path would take about {needed} GiB for {claims} {claims:household|households}, and "
                "{free} GiB are free; "
                "choose method structured, which takes far less",
                needed=gib,
                free=gib_free,
                claims=claims,
            )
        )
    raise OutOfMemoryError(
        words(
            "the search would take about {needed} GiB for {claims} {claims:household|households}, and {free} GiB "
            "are free; "
            "close other programmes, merge households that are alike into cohorts (count), or plan on a larger machine",
            needed=gib,
            free=gib_free,
            claims=claims,
        )
    )


def release_memory() -> None:
    """Hand freed memory back to the system.

    A search makes and drops large arrays of growing sizes; glibc keeps what is between those that live (at 10,000
    households a fifth of all that the process holds).
    """
    if sys.platform == "linux":
        # Other C libraries have no such function.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _of_machine() -> float | None:
    """Free memory of the machine: what Linux calls available, elsewhere free pages."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024.0
    except (OSError, ValueError):
        pass
    try:
        return float(os.sysconf("SC_AVPHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _of_group(folder: Path = Path("/sys/fs/cgroup")) -> float | None:
    """Free memory of the control group that a container runs in."""
    try:
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = (folder / "memory.current").read_text(encoding="ascii").strip()
        return None if limit == "max" else float(limit) - float(used)
    except (OSError, ValueError):
        return None
