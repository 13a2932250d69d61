"""Where a scenario came from: its files, their hash, its variant, and the warnings met on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from renewopt.errors import Finding

__all__ = ["Source", "hash_content", "hash_files"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a scenario came from.

    Parameters
    ----------
    path : Path or None
        The YAML file; None for a scenario built in Python.
    variant : str or None
        Name of the variant that was merged in.
    variants : tuple of str
        Names of all variants that the file states.
    files : tuple of str
        Every file read, relative to the YAML file's folder, in the order of reading.
    sha256 : str
        Hash over every file read.
    warnings : tuple of Finding
    allow_outside : bool
        Whether its tables were allowed to lie outside of its folder.
    content : str
        Hash over what the scenario said when it was loaded or built: tables and lists can be changed in place.
    """

    path: Path | None = None
    variant: str | None = None
    variants: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sha256: str = ""
    warnings: tuple[Finding, ...] = ()
    allow_outside: bool = False
    content: str = ""


def hash_content(sections: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the SHA-256 over what a scenario says, quick also for a million rows.

    Parameters
    ----------
    sections : str
        All but the tables, as JSON.
    tables : mapping of str to DataFrame
    """
    total = hashlib.sha256(sections.encode("utf-8", "surrogatepass"))
    for name in sorted(tables):
        frame = tables[name]
        total.update(f"\0{name}\0{len(frame)}\0".encode())
        for column, values in frame.items():
            total.update(f"\0{column}\0{values.dtype}\0".encode("utf-8", "surrogatepass"))
            total.update(_bytes(values))
    return total.hexdigest()


def _bytes(values: pd.Series) -> bytes:
    """Content of a column."""
    if values.dtype.kind in "iufb":
        return np.ascontiguousarray(values.to_numpy()).tobytes()
    cells = values.tolist()
    try:
        text = "\0".join(cells)
    except TypeError:
        text = repr(cells)
    return text.encode("utf-8", "surrogatepass")


def hash_files(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over names and contents of files, whatever their order.

    Parameters
    ----------
    files : mapping of str to bytes
        Relative name to content.
    """
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()
