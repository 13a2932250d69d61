"""Where writing takes place: kinds of folders, and the places that are needed in between."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["INSIDE", "SWAP", "Claim", "Kind", "Places", "beside", "inside"]


@dataclass(frozen=True)
class Kind:
    """What is written into a folder: a plan, a comparison, a starter scenario.

    Parameters
    ----------
    names
        All files that may be written into it.
    record
        The one among them that says what it is; without it the others are nothing.
    written
        Tells digests (see `renewopt.disk.digest`) of what was written into a folder, one or several by name; None if
        nothing shows that it was written by us.
    """

    names: frozenset[str]
    record: str
    written: Callable[[Path], Mapping[str, Collection[str]] | None]

    def ordered(self, names: Collection[str]) -> list[str]:
        """Sort names, the record last."""
        return sorted(names, key=lambda name: (name == self.record, name))


@dataclass(frozen=True)
class Places:
    """What writing needs in between: a lock, the new files, the old ones, and a note of what is being moved."""

    lock: Path
    new: Path
    old: Path
    swap: Path


SWAP = ".renewopt-swap"
INSIDE = frozenset({".renewopt-lock", ".renewopt-new", ".renewopt-old", SWAP})


def inside(real: Path) -> Places:
    """Places in the folder itself."""
    return Places(*(real / f".renewopt-{name}" for name in ("lock", "new", "old", "swap")))


def beside(real: Path) -> Places:
    """Places beside the folder; their names stay short, and differ where those of the folders do."""
    stem = f".{real.name[:16]}-{hashlib.sha256(os.fsencode(real.name)).hexdigest()[:8]}.renewopt"
    return Places(*(real.parent / f"{stem}-{name}" for name in ("lock", "new", "old", "swap")))


@dataclass(frozen=True)
class Claim:
    """A folder that nobody else writes into.

    Attributes
    ----------
    folder, real
        As the user calls it, and where links lead.
    beside
        Whether something can be put beside it.
    """

    folder: Path
    real: Path
    beside: bool

    @property
    def places(self) -> Places:
        """Where new files are built: beside the folder, or in it where the folder itself has to stay.

        The folder that somebody works in stays, for a shell would go on in one that is no more.
        """
        try:
            worked_in = Path(os.getcwd()).is_relative_to(self.real)
        except FileNotFoundError:
            worked_in = False
        return beside(self.real) if self.beside and not worked_in else inside(self.real)
