"""The brief as a file of its own."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

from renewopt.disk import OutputExistsError, parents_made, write_whole
from renewopt.wording import words

__all__ = ["refuse_document", "write_document"]

MARK = b"renewopt"
"""Remark of the zip of a document by which ours are known, whatever template they came from."""


def refuse_document(path: Path, reads: Iterable[Path], *, force: bool) -> None:
    """Raise if a brief may not be written into a file.

    Parameters
    ----------
    path
        As the user calls it.
    reads
        Files of the plan, its scenario and the template.
    force
        Whether a brief that was written there before may be replaced.

    Raises
    ------
    OutputExistsError
        If it is a folder, a file that is read, one that is no brief of ours, or one that is to be kept.
    """
    if not os.path.lexists(path):
        return
    if path.is_dir():
        raise OutputExistsError(path, words("{file} is a folder; name a file", file=path))
    if any(each.exists() and path.exists() and each.samefile(path) for each in reads):
        raise OutputExistsError(path, words("it is read for the brief: {file}; name another file", file=path))
    if not force or not _is_ours(path):
        raise OutputExistsError(
            path,
            words(
                "{file} exists already; name another file (--force replaces what brief wrote, and nothing else)",
                file=path,
            ),
        )


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as parts:
            return parts.comment == MARK
    except (zipfile.BadZipFile, OSError):
        return False


def write_document(path: Path, content: bytes, reads: Iterable[Path] = (), *, force: bool) -> Path:
    """Write a brief into a file, whole or not at all; raises as `refuse_document`, and OSError."""
    refuse_document(path, reads, force=force)
    with parents_made(Path(os.path.realpath(path)).parent):
        write_whole(path, _marked(content))
    return path


def _marked(document: bytes) -> bytes:
    import io

    marked = io.BytesIO(document)
    with zipfile.ZipFile(marked, "a") as parts:
        parts.comment = MARK
    return marked.getvalue()
