"""The right to write into a folder: one process has it at a time, and what a killed one left is put right first."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from renewopt import stopping
from renewopt.disk.failures import OutputBusyError
from renewopt.disk.folders import put_right
from renewopt.disk.ours import refuse_inputs
from renewopt.disk.places import Claim, Kind, beside, inside

__all__ = ["claimed", "parents_made", "settle_cut_off"]


@contextmanager
def claimed(folder: str | os.PathLike[str], kind: Kind, reads: Iterable[Path] = ()) -> Iterator[Claim]:
    """Claim a folder, whether it is there or not; its parents are made, and taken away again if they stay empty.

    Parameters
    ----------
    reads
        Files that a scenario reads: where one of them lies, nothing is put right, and nothing is written.

    Raises
    ------
    OutputExistsError
        If a scenario reads something from it, or a writer seems to have been cut off in it that was none of ours.
    OutputBusyError
        If another process, or another claim of this one, has it.
    OSError
        If nothing can be written there.
    """
    real = Path(os.path.realpath(folder))
    with parents_made(real.parent), _locked(Path(folder), real) as can_be_beside:
        refuse_inputs(Path(folder), reads)
        put_right(real, kind)
        yield Claim(Path(folder), real, can_be_beside)


def settle_cut_off(folder: Path, kind: Kind) -> None:
    """Put right what a writer left that was killed between two names, if there is anything; for those who read.

    Raises
    ------
    OutputBusyError
        If somebody is writing at this moment.
    OutputExistsError
        If a note lies there as of a writer, but nothing shows that it was one of ours.
    OSError
        If it cannot be put right.
    """
    real = Path(os.path.realpath(folder))
    if inside(real).swap.exists() or (beside(real).old.exists() and not (real / kind.record).exists()):
        with claimed(folder, kind):
            pass


@contextmanager
def parents_made(parent: Path) -> Iterator[None]:
    """Make a folder and those above it; what was made is taken away again if it stays empty."""
    made: list[Path] = []

    def take_away() -> None:
        for each in reversed(made):
            for _ in range(2):
                with suppress(OSError):  # something lies in it
                    os.rmdir(each)
                    break

    with stopping.undone_if_left(take_away):
        try:
            missing = [parent, *parent.parents]
            with stopping.tended():
                for each in reversed(missing[: next(n for n, path in enumerate(missing) if path.exists())]):
                    with suppress(FileExistsError):  # somebody else was quicker
                        os.mkdir(each)
                        made.append(each)
            yield
        finally:
            take_away()


@contextmanager
def _locked(folder: Path, real: Path) -> Iterator[bool]:
    """Hold the lock; it is the system's, so that a killed process leaves none. Gives whether it lies beside."""
    path, can_be_beside = beside(real).lock, True

    def take_away() -> None:
        # Away while it is held: who waits for it sees that it is another file by now. Once away it stays untouched,
        # for what bears the name then is the lock of whoever came next.
        for _ in range(2):
            with suppress(OSError):
                os.unlink(path)
                break

    with ExitStack() as until_left:
        with stopping.tended():
            try:
                file = _lock(path, folder)
            except OSError:
                if not real.is_dir():
                    raise
                path, can_be_beside = inside(real).lock, False
                file = _lock(path, folder)
            until_left.enter_context(stopping.undone_if_left(take_away))
        try:
            yield can_be_beside
        finally:
            try:
                take_away()
            finally:
                os.close(file)


def _lock(path: Path, folder: Path) -> int:
    while True:
        file, is_new = _opened(path)
        try:
            taken = _take(file)
            if taken is False or (taken is None and not is_new):
                raise OutputBusyError(folder, path if taken is None else None)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file), os.lstat(path)):
                    return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # whoever had it has just taken it away


def _opened(path: Path) -> tuple[int, bool]:
    """Open the file of a lock; whether it was not there before."""
    with suppress(FileExistsError):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), True
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666), False


if sys.platform == "win32":  # pragma: no cover

    def _take(file: int) -> bool | None:
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _take(file: int) -> bool | None:
        """Take the lock of an open file; None where the file system has none, and only the file itself can tell."""
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return False if error.errno in (errno.EAGAIN, errno.EACCES) else None
        return True
