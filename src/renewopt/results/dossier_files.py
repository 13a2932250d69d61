"""The dossier as a file: CSV in the manner of a plan's tables, or a workbook."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from renewopt.disk import OutputExistsError, parents_made, write_whole
from renewopt.problem.dossiers import CLAIM_COLUMNS, OFFER_COLUMNS, Dossier
from renewopt.results.failures import OutputError, PlanFileError
from renewopt.results.spreadsheets import ENCODING, joined
from renewopt.results.workbook import table_workbook_bytes
from renewopt.results.workbook_reading import read_tables
from renewopt.wording import Language, words

__all__ = ["refuse_file", "write_dossier"]

KINDS = {**CLAIM_COLUMNS, **OFFER_COLUMNS}
HEADER = (",".join(KINDS) + "\r\n").encode(ENCODING)
MOST_SHEET_ROWS = 1_048_575
"""Rows below the header of a sheet."""
_CLAIMS = 50_000
"""Claims that are written at a time."""


def refuse_file(path: Path, reads: Iterable[Path], *, force: bool) -> None:
    """Raise if the dossier may not be written into a file.

    Parameters
    ----------
    path
        As the user calls it.
    reads
        Files that the scenario reads.
    force
        Whether another dossier may be replaced.

    Raises
    ------
    OutputExistsError
        If it is a folder, a file that the scenario reads or that holds no dossier, or one that is to be kept.
    """
    if not os.path.lexists(path):
        return
    if path.is_dir():
        raise OutputExistsError(path, words("{file} is a folder; name a file", file=path))
    if any(each.exists() and path.exists() and each.samefile(path) for each in reads):
        raise OutputExistsError(path, words("the scenario reads {file}; name another file", file=path))
    if not force or not _is_dossier(path):
        raise OutputExistsError(
            path,
            words("{file} exists already; name another file (--force replaces a dossier, and nothing else)", file=path),
        )


def _is_dossier(path: Path) -> bool:
    """Whether a file holds a dossier."""
    if not path.is_file():
        return False
    if _is_workbook(path):
        try:
            return "dossier" in read_tables(path)
        except PlanFileError:
            return False
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() == ".xlsx"


def write_dossier(
    dossier: Dossier, path: Path, *, title: str, lang: Language = "en", reads: Iterable[Path] = (), force: bool = False
) -> Path:
    """Write a dossier into a file: a workbook where its name ends in ``.xlsx``, else CSV.

    Parameters
    ----------
    dossier
    path
        Its folder is made where it does not exist.
    title, lang
        Of a workbook: its title, and the language of its headers and labels; those of CSV are English.
    reads, force
        As of `refuse_file`.

    Raises
    ------
    OutputExistsError
        As `refuse_file`.
    OutputError
        If it has more rows than a sheet.
    OSError
        If it cannot be written.
    """
    refuse_file(path, reads, force=force)
    content: bytes | Iterator[bytes]
    if not _is_workbook(path):
        content = _csv(dossier)
    elif (rows := int(dossier.start[-1])) > MOST_SHEET_ROWS:
        raise OutputError(
            words(
                "{rows:,} {rows:row|rows} {rows:is|are} more than a sheet holds; name a file that ends in .csv",
                rows=rows,
            )
        )
    else:
        content = table_workbook_bytes("dossier", dossier.frame(), KINDS, title, lang)
    with parents_made(Path(os.path.realpath(path)).parent):
        write_whole(path, content)
    return path


def _csv(dossier: Dossier) -> Iterator[bytes]:
    """Pieces of the file: the cells of a claim are put into one text, which its offers share."""
    yield HEADER
    for low in range(0, len(dossier), _CLAIMS):
        claims = slice(low, min(low + _CLAIMS, len(dossier)))
        rows = slice(int(dossier.start[claims.start]), int(dossier.start[claims.stop]))
        left = joined(dossier.claims, CLAIM_COLUMNS, claims)
        right = joined(dossier.offers, OFFER_COLUMNS, rows)
        of = np.repeat(np.arange(len(left)), np.diff(dossier.start[claims.start : claims.stop + 1])).tolist()
        lines = [f"{left[claim]},{offer}\r\n" for claim, offer in zip(of, right, strict=True)]
        yield "".join(lines).encode()
