"""Arrays in a file that anybody may have written: looked at before they are unpacked, never unpickled."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from renewopt.wording import words

__all__ = ["SPACE", "StoredError", "read_arrays"]

SPACE = 64_000_000
"""Bytes that the arrays of one file may take when unpacked, unless the caller knows of more."""
_END = ".npy"


class StoredError(ValueError):
    """A file of arrays is not what it should be. Its sentence never tells what is in them."""


def read_arrays(
    path: Path, expected: Mapping[str, tuple[str, int]], *, most: int = SPACE, later: frozenset[str] = frozenset()
) -> dict[str, NDArray[Any]]:
    """Read a file of numpy arrays (.npz).

    The sizes that its directory states are added up before anything is unpacked, and no more than they say is
    unpacked; a header is believed only where it tells the very size of what follows.

    Parameters
    ----------
    path
    expected
        Name of each array to the kind of its numbers or texts (as in `numpy.dtype.kind`, several in a row where one of
        them will do) and its dimensions. There may be no other.
    most
        Bytes that they may take in all.
    later
        Arrays that earlier versions did not write: all of them may be missing.

    Raises
    ------
    OSError
        If there is no such file, or it may not be read.
    StoredError
        If it is no such file.
    """
    if not path.is_file():
        path.stat()
        raise StoredError(words("it is no plain file"))
    try:
        with zipfile.ZipFile(path) as packed:
            return _read(packed, expected, most, later)
    except StoredError:
        raise
    except Exception:  # noqa: BLE001 - what a damaged archive raises is a wide field, and all of it means the same
        raise StoredError(words("it is no archive of arrays, or damaged")) from None


def _read(
    packed: zipfile.ZipFile, expected: Mapping[str, tuple[str, int]], most: int, later: frozenset[str]
) -> dict[str, NDArray[Any]]:
    listed = packed.infolist()
    names = [info.filename.removesuffix(_END) for info in listed]
    if sorted(names) not in (sorted(expected), sorted(expected.keys() - later)):
        raise StoredError(words("it holds other arrays than were expected"))
    if sum(info.file_size for info in listed) > most:
        raise StoredError(words("its arrays take more than {megabytes} MB", megabytes=most // 1_000_000))
    found = {}
    for name, info in zip(names, listed, strict=True):
        with packed.open(info) as file:
            found[name] = _array(name, file, info.file_size, *expected[name])
    return found


def _array(name: str, file: IO[bytes], size: int, kinds: str, dimensions: int) -> NDArray[Any]:
    data = file.read(size)
    head = BytesIO(data)
    try:
        read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[npy.read_magic(head)]
        shape, fortran, dtype = read_header(head)
    except Exception:  # noqa: BLE001 - a header is a text of somebody else's: whatever its parsers make of it
        raise StoredError(words("its array {name} has no header", name=name)) from None
    count = 1
    for length in shape:
        count *= length
    if dtype.hasobject or dtype.kind not in kinds or len(shape) != dimensions or min(shape, default=0) < 0:
        raise StoredError(words("its array {name} is of another kind or shape than was expected", name=name))
    if count * dtype.itemsize != len(data) - head.tell() or (count and not dtype.itemsize):
        raise StoredError(words("its array {name} is not as long as it says", name=name))
    flat = np.frombuffer(data, dtype=dtype, count=count, offset=head.tell()) if count else np.zeros(0, dtype)
    array: NDArray[Any] = flat.reshape(shape, order="F" if fortran else "C")
    return array.astype(dtype.newbyteorder("="))
