"""Files written whole: on disk to the last byte, or not there at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

__all__ = ["PART", "sync", "write_new", "write_whole"]

PART = ".part"
"""How the name of a file ends that is being written."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""What file systems say that cannot make a folder's entries last by themselves."""


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, down to the disk.

    Raises
    ------
    OSError
        FileExistsError if it is there, a link that leads nowhere included.
    """
    file = os.open(path, _NEW, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    finally:
        os.close(file)


def write_whole(path: str | os.PathLike[str], content: bytes | str) -> None:
    """Write a file, or put another in its place; at every instant the old one or the new one is there whole.

    Parameters
    ----------
    path
        Of a link, what it leads to is written.
    content
        Text is written in UTF-8, its ends of lines as they are.

    Raises
    ------
    OSError
        If it cannot be written; the old file is as it was then.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".{secrets.token_hex(8)}{PART}")
    try:
        write_new(part, content.encode() if isinstance(content, str) else content)
        with suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(target.stat().st_mode))
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
