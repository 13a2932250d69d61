"""Explanations as files: a family's page, and the next-best offers of all households."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from renewopt.disk import OutputExistsError, parents_made, write_whole
from renewopt.results.explanations.bulk import HEADER
from renewopt.wording import words

__all__ = ["refuse_file", "write_file"]

PAGE = b'<meta name="generator" content="renewopt '
LOOKED_AT = 2_000
"""Bytes at the beginning of a file by which ours are known."""


def refuse_file(path: Path, reads: Iterable[Path], *, force: bool) -> None:
    """Raise if an explanation may not be written into a file.

    Parameters
    ----------
    path
        As the user calls it.
    reads
        Files of the plan and its scenario.
    force
        Whether what `explain` wrote there before may be replaced.

    Raises
    ------
    OutputExistsError
        If it is a folder, a file that is read, one that `explain` did not write, or one that is to be kept.
    """
    if not os.path.lexists(path):
        return
    if path.is_dir():
        raise OutputExistsError(path, words("{file} is a folder; name a file", file=path))
    if any(each.exists() and path.exists() and each.samefile(path) for each in reads):
        raise OutputExistsError(path, words("the scenario reads {file}; name another file", file=path))
    if not force or not _is_ours(path):
        raise OutputExistsError(
            path,
            words(
                "{file} exists already; name another file (--force replaces what explain wrote, and nothing else)",
                file=path,
            ),
        )


def _is_ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        begin = file.read(LOOKED_AT)
    return begin.startswith(HEADER) or PAGE in begin


def write_file(path: Path, content: bytes | Iterator[bytes], reads: Iterable[Path] = (), *, force: bool) -> Path:
    """Write an explanation into a file, whole or not at all; raises as `refuse_file`, and OSError."""
    refuse_file(path, reads, force=force)
    with parents_made(Path(os.path.realpath(path)).parent):
        write_whole(path, content)
    return path
