"""Where a scenario came from: its files, their hash, its variant, and the warnings met on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from renewopt.errors import Finding

__all__ = ["Source", "hash_files"]


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
    """

    path: Path | None = None
    variant: str | None = None
    variants: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sha256: str = ""
    warnings: tuple[Finding, ...] = ()
    allow_outside: bool = False


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
