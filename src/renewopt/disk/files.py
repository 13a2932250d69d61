"""Files written whole: on disk to the last byte, or not there at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

__all__ = ["MOST", "PART", "read_plain", "sync", "write_new", "write_whole"]

PART = ".part"
"""How the name of a file ends that is being written."""
MOST = 4_000_000_000
"""Bytes that are read of a file at most, where nobody says less: no file of ours is larger."""
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""What file systems say that cannot make a folder's entries last by themselves."""


def read_plain(path: Path, most: int = MOST) -> bytes:
    """Read a plain file; what would never end, such as a pipe, a device or a link to one, is not waited for.

    Parameters
    ----------
    most
        Bytes that it may hold.

    Raises
    ------
    OSError
        If it cannot be read, is no plain file, or holds more.
    """
    file = os.open(path, _READ)
    with open(file, "rb") as opened:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
        content = opened.read(most + 1)
    if len(content) > most:  # it grew meanwhile
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def write_new(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file that is not there yet, down to the disk; in pieces, where all of it would not fit into memory.

    Raises
    ------
    OSError
        FileExistsError if it is there, a link that leads nowhere included.
    """
    file = os.open(path, _NEW, 0o666)
    try:
        for piece in (content,) if isinstance(content, bytes) else content:
            left = memoryview(piece)
            while left:
                left = left[os.write(file, left) :]
        os.fsync(file)
    finally:
        os.close(file)


def write_whole(path: str | os.PathLike[str], content: bytes | str | Iterable[bytes], *, follow: bool = True) -> None:
    """Write a file, or put another in its place; at every instant the old one or the new one is there whole.

    Parameters
    ----------
    content
        Text is written in UTF-8, its ends of lines as they are; pieces one after the other.
    follow
        Whether of a link what it leads to is written; else the file takes the place of the link itself.

    Raises
    ------
    OSError
        If it cannot be written; the old file is as it was then.
    """
    named = Path(path)
    target = Path(os.path.realpath(named)) if follow else Path(os.path.realpath(named.parent)) / named.name
    part = target.with_name(f".{secrets.token_hex(8)}{PART}")
    try:
        write_new(part, content.encode() if isinstance(content, str) else content)
        with suppress(FileNotFoundError):
            if stat.S_ISREG(mode := target.lstat().st_mode):
                part.chmod(stat.S_IMODE(mode))
        os.replace(part, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise
    sync(target.parent)


def sync(folder: Path) -> None:
    """Make the entries of a folder last, as far as its file system can."""
    if os.name == "nt":  # pragma: no cover - Windows opens no folders
        return
    try:
        opened = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except PermissionError:
        return  # it may be written but not read
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(opened)
