"""What in a folder is ours, and what must not be touched: what somebody else wrote, and what a scenario reads."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from renewopt.disk.failures import OutputExistsError
from renewopt.disk.files import read_plain
from renewopt.disk.places import INSIDE, SWAP, Kind
from renewopt.wording import Names, words

__all__ = ["digest", "foreign_files", "is_ours", "refuse", "refuse_foreign", "refuse_inputs"]

SHOWN = 5


def digest(content: bytes) -> str:
    """Digest by which a file of ours is known again."""
    return hashlib.sha256(content).hexdigest()


def is_ours(path: Path, digests: Iterable[str]) -> bool:
    """Whether a file is a plain file with one of these digests."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        return digest(read_plain(path)) in digests
    except OSError:
        return False  # another thing stands there by now, or nobody may read it


def foreign_files(folder: Path, kind: Kind) -> list[str]:
    """List what lies in a folder and was not written by us, or was changed since."""
    written = kind.written(folder) or {}
    names = sorted(name for name in os.listdir(folder) if name not in INSIDE)
    return [name for name in names if name not in written or not is_ours(folder / name, written[name])]


def refuse(folder: Path, kind: Kind, *, force: bool, reads: Iterable[Path] = ()) -> None:
    """Raise if a folder may not be written: it exists, holds what is not ours, or what a scenario reads.

    Parameters
    ----------
    folder
        As the user calls it; need not exist.
    force
        Whether what we wrote into it earlier may be replaced.
    reads
        Files that the scenario reads.

    Raises
    ------
    OutputExistsError
        With the names that stand in the way.
    """
    if not os.path.lexists(folder):
        return
    refuse_inputs(folder, reads)
    if not folder.is_dir():
        if folder.is_symlink() and not folder.exists():
            return  # what a link is to lead to is made
        raise OutputExistsError(folder)
    if not force and any(name not in INSIDE for name in os.listdir(folder)):
        raise OutputExistsError(folder)
    if not (folder / SWAP).exists():  # a writer was cut off: who claims the folder puts it right, and asks again
        refuse_foreign(folder, foreign_files(folder, kind))


def refuse_foreign(folder: Path, names: list[str]) -> None:
    """Raise if there are names of what is not ours.

    Raises
    ------
    OutputExistsError
        With these names.
    """
    if names:
        raise OutputExistsError(
            folder,
            words(
                "{folder} holds what renewopt did not write, or what was changed since: {names}; "
                "choose another folder, or move it away",
                folder=folder,
                names=_some(names),
            ),
        )


def refuse_inputs(folder: Path, reads: Iterable[Path]) -> None:
    """Raise if a scenario reads something from a folder.

    Raises
    ------
    OutputExistsError
        With the names of what it reads there.
    """
    if not folder.is_dir():
        return
    # The same folder by other ways too: links, mounts, names in other letters.
    here = folder.stat()
    held = [
        path.name
        for path in reads
        if any(os.path.samestat(each.stat(), here) for each in Path(os.path.realpath(path)).parents if each.exists())
    ]
    if held:
        raise OutputExistsError(
            folder,
            words(
                "{folder} holds what the scenario reads: {names}; choose another folder",
                folder=folder,
                names=_some(held),
            ),
        )


def _some(names: list[str]) -> Names:
    more = [words("{count} more", count=len(names) - SHOWN)] if len(names) > SHOWN else []
    return Names([*map(repr, names[:SHOWN]), *more])
