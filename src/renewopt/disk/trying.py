"""Whether something can be written into a folder, tried before long work, and where else it can go."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from renewopt.disk.claims import claimed
from renewopt.disk.failures import OutputUnwritableError, reason_of
from renewopt.disk.folders import again, discard
from renewopt.disk.places import Claim, Kind

__all__ = ["reserved", "spare_folders", "try_out"]


@contextmanager
def reserved(folder: Path, kind: Kind, size: int, reads: Iterable[Path] = ()) -> Iterator[Claim]:
    """Claim a folder as `claimed` does; that it cannot be done is told as `try_out` does.

    Raises
    ------
    OutputExistsError
        As `claimed` does.
    OutputBusyError
        If somebody else has it.
    OutputUnwritableError
        If nothing can be written there.
    """
    with ExitStack() as stack:
        try:
            claim = stack.enter_context(claimed(folder, kind, reads))
        except OSError as error:
            raise OutputUnwritableError(folder, reason_of(error), size) from error
        yield claim


def try_out(claim: Claim, kind: Kind, size: int, longest: str = "") -> None:
    """Write into a folder, for a try: as many bytes as there will be, under the longest name; and clear it away.

    Parameters
    ----------
    size
        Bytes, about.
    longest
        Path of what has the longest in the folder, if it is none of the kind's names.

    Raises
    ------
    OutputUnwritableError
        If it cannot be done, with the reason.
    """
    name = max(kind.names, key=len)
    new = claim.places.new
    made = False
    try:
        if not os.path.lexists(claim.real):
            os.mkdir(claim.real)
            again(os.rmdir, claim.real)
        os.mkdir(new)
        made = True
        _reserve(new / name, size)
        with suppress(FileNotFoundError):
            os.lstat(claim.real / (longest or name))
    except OSError as error:
        raise OutputUnwritableError(claim.folder, reason_of(error), size) from error
    finally:
        if made:
            discard(new, kind, whole=True)


def _reserve(path: Path, size: int) -> None:
    """Take that much of the disk; what is allowed to the user counts, not only what is free."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        os.write(file, b"\n")
        try:
            os.posix_fallocate(file, 0, max(size, 1))
        except (AttributeError, OSError) as error:
            if isinstance(error, OSError) and error.errno not in (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
            if shutil.disk_usage(path.parent).free < size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from None
    finally:
        os.close(file)


def spare_folders(folder: Path) -> Iterator[Path]:
    """Folders that are not there yet, for what cannot go into `folder`: beside it, here, at home, among temporaries."""
    real = Path(os.path.realpath(folder))
    name = (real.name or "output")[:40]
    parents = [real.parent, Path.cwd()]
    with suppress(RuntimeError):
        parents.append(Path.home())
    with suppress(FileNotFoundError):
        parents.append(Path(tempfile.gettempdir()))
    for parent in dict.fromkeys(parents):
        if parent.is_dir():
            yield next(path for path in _numbered(parent / f"{name}-saved") if not os.path.lexists(path))


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.name}-{number}")
        number += 1
