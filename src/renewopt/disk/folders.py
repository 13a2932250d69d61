"""Folders that change all at once.

A new folder is built beside and takes the place of the old one by two renamings; in between the old one stands beside
under another name, and whoever comes next puts it back. Where the folder itself has to stay (it is worked in, it is a
mount point, nothing can be put beside it), its files are exchanged one after another: a note says which, so that
whoever comes next can put them back as they were. Either way the old files are deleted last, by name.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from renewopt.disk.failures import OutputExistsError
from renewopt.disk.files import PART, read_plain, sync, write_new
from renewopt.disk.ours import foreign_files, is_ours, refuse, refuse_foreign
from renewopt.disk.places import INSIDE, Claim, Kind, beside, inside
from renewopt.wording import visible

__all__ = ["again", "discard", "put_folder", "put_inside", "put_right"]

LOG = logging.getLogger(__name__)
LONGEST_NOTE = 100_000
"""Bytes of a note: two lists of names."""
_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}


def put_folder(
    claim: Claim, kind: Kind, contents: Mapping[str, bytes], *, force: bool = False, reads: Iterable[Path] = ()
) -> None:
    """Write files as the whole content of a folder; what we wrote into it earlier goes.

    Parameters
    ----------
    contents
        By name; the kind's record among them.
    force, reads
        As in `renewopt.disk.refuse`.

    Raises
    ------
    OutputExistsError
        If the folder may not be written; nothing is changed then.
    OSError
        If it cannot be written; the folder is as it was then.
    """
    refuse(claim.folder, kind, force=force, reads=reads)
    places = claim.places
    if places == beside(claim.real):
        try:
            _fill(places.new, kind, contents)
            if _exchange(claim, kind):
                return
        finally:
            discard(places.new, kind, whole=True)
    old = [name for name in os.listdir(claim.real) if name not in INSIDE]
    put_inside(claim.real, kind, contents, old)


def _fill(folder: Path, kind: Kind, contents: Mapping[str, bytes]) -> None:
    os.mkdir(folder)
    for name in kind.ordered(contents):
        write_new(folder / name, contents[name])
    sync(folder)


def _exchange(claim: Claim, kind: Kind) -> bool:
    """Let the new folder take its place; False if this one cannot be renamed, and nothing has happened."""
    real, places = claim.real, beside(claim.real)
    if os.path.lexists(places.old):
        return False  # something that is no plan of ours has come in place of it; it is left for a human eye
    was_empty = real.is_dir() and not os.listdir(real)
    if real.is_dir():
        with suppress(OSError):
            os.chmod(places.new, stat.S_IMODE(real.stat().st_mode))
    try:
        if real.is_dir() and not was_empty:
            os.rename(real, places.old)
            # Looked at again under its other name: nobody puts anything into it unseen.
            refuse_foreign(claim.folder, foreign_files(places.old, kind))
        os.rename(places.new, real)
        sync(real.parent)
    except BaseException as error:
        untouched = not places.old.exists() and places.new.exists()
        again(_back, claim)
        if was_empty and not real.exists():
            os.mkdir(real)
        if untouched and isinstance(error, OSError):
            if error.errno in _TAKEN:
                raise OutputExistsError(claim.folder) from None
            if real.is_dir():
                return False
        raise
    discard(places.old, kind)
    return True


def _back(claim: Claim) -> None:
    """Undo an exchange as far as it has come."""
    real, places = claim.real, beside(claim.real)
    if not places.new.exists() and real.exists():
        os.rename(real, places.new)
    if places.old.exists():
        os.rename(places.old, real)


def put_inside(real: Path, kind: Kind, contents: Mapping[str, bytes], old: Collection[str]) -> None:
    """Exchange files within a folder, which must be claimed; others in it stay.

    Parameters
    ----------
    contents
        New files by name.
    old
        Names of the files that go: ours, as the caller has made sure.

    Raises
    ------
    OutputExistsError
        If a file of somebody else's has come between.
    OSError
        If it cannot be written; the folder is as it was then.
    """
    places = inside(real)
    try:
        _fill(places.new, kind, contents)
        os.mkdir(places.old)
        note = places.new / f"swap{PART}"
        write_new(note, json.dumps({"old": sorted(old), "new": sorted(contents)}).encode())
        os.rename(note, places.swap)
        sync(real)
        # The record goes first and comes last: without it what lies there is nothing.
        for name in reversed(kind.ordered(old)):
            os.rename(real / name, places.old / name)
        for name in kind.ordered(contents):
            if os.path.lexists(real / name):
                refuse_foreign(real, [name])
            os.rename(places.new / name, real / name)
        sync(real)
        os.unlink(places.swap)
    except BaseException:
        again(_take_back, real, kind)
        raise
    with suppress(OSError):
        sync(real)
    again(_put_right_inside, real, kind)


def _take_back(real: Path, kind: Kind) -> None:
    """Undo an exchange of our own as far as it has come, the last step of it included."""
    places = inside(real)
    record, there = places.new / kind.record, real / kind.record
    if places.swap.exists() and not os.path.lexists(record) and os.path.lexists(there):
        os.rename(there, record)
    _put_right_inside(real, kind)


def put_right(real: Path, kind: Kind) -> None:
    """Put right what a killed writer left: an exchange that was cut off is undone, what is over is cleared away.

    The folder must be claimed.
    """
    places = beside(real)
    if places.old.is_dir() and not places.old.is_symlink():
        if not real.exists() or (real.is_dir() and not os.listdir(real)):
            os.rename(places.old, real)
            sync(real.parent)
        elif kind.written(real) is not None:
            discard(places.old, kind)
    discard(places.new, kind, whole=True)
    if real.is_dir():
        _put_right_inside(real, kind)


def _put_right_inside(real: Path, kind: Kind) -> None:
    places = inside(real)
    if any(path.is_symlink() for path in (places.new, places.old, places.swap)):
        refuse_foreign(real, [path.name for path in (places.new, places.old, places.swap) if path.is_symlink()])
    noted = _noted(places.swap, kind)
    if noted is not None:
        _undo(real, kind, *noted)
        sync(real)
        os.unlink(places.swap)
    discard(places.new, kind, whole=True)
    discard(places.old, kind)


def _undo(real: Path, kind: Kind, old: list[str], new: list[str]) -> None:
    """Put the old files back, unless the new ones are all in place.

    Anybody can lay a note into a folder. So what lies in place goes only if the new record, which stays aside until
    everything else is in place, knows it by its digest; and nothing goes where a record lies in place.
    """
    places = inside(real)
    if not os.path.lexists(places.new / kind.record):
        if not os.path.lexists(real / kind.record):
            refuse_foreign(real, [places.swap.name])
        return
    away = [name for name in kind.ordered(set(new) - set(old)) if not os.path.lexists(places.new / name)]
    back = [name for name in kind.ordered(old) if os.path.lexists(places.old / name)]
    going = [name for name in (*away, *back) if os.path.lexists(real / name)]
    if going:
        known = kind.written(places.new) or {}
        foreign = {name for name in going if not is_ours(real / name, known.get(name, ()))}
        if os.path.lexists(real / kind.record):
            foreign.add(kind.record)
        refuse_foreign(real, [*sorted(foreign), places.swap.name] if foreign else [])
    for name in away:
        if name in going:
            os.unlink(real / name)
    for name in back:
        os.replace(places.old / name, real / name)


def _noted(note: Path, kind: Kind) -> tuple[list[str], list[str]] | None:
    """What a writer was about to exchange; a note that no writer of ours wrote is refused."""
    if not os.path.lexists(note):
        return None
    try:
        found = json.loads(read_plain(note, LONGEST_NOTE))
        old, new = list(found["old"]), list(found["new"])
        if kind.names.issuperset([*old, *new]) and kind.record in new:
            return old, new
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        pass
    refuse_foreign(note.parent, [note.name])
    return None


def discard(folder: Path, kind: Kind, *, whole: bool = False) -> None:
    """Delete a folder of our own making.

    Parameters
    ----------
    whole
        Every file in it, for one that was never anything else; else our files by name, the record last, and the
        folder only if nothing else lies in it.
    """
    if not folder.is_dir() or folder.is_symlink():
        return
    try:
        again(_delete, folder, kind, whole)
    except OSError as error:
        LOG.warning("%s stays: %s", visible(str(folder), keep=""), visible(str(error), keep=""))


def _delete(folder: Path, kind: Kind, whole: bool) -> None:
    for name in kind.ordered(os.listdir(folder)):
        if whole or name in kind.names or name in INSIDE or name.endswith(PART):
            os.unlink(folder / name)
    os.rmdir(folder)


def again(do: Any, *arguments: Any) -> None:
    """Do what must not be left half done, and once more if it fails; it takes up where it was left."""
    try:
        do(*arguments)
    except OSError:
        do(*arguments)
