"""Lots that anybody can draw again: a digest of the seed and of the name, and nothing else.

They depend on no library, on no order of rows and on nobody else's taking part: the lot of a name is the SHA-256 of the
text ``seed:name`` in UTF-8 (`printf '%s' '2024:N1' | sha256sum`), and the smaller digest, as it is written, goes first.
"""

from __future__ import annotations

import hashlib

__all__ = ["lot"]


def lot(seed: int, name: str) -> str:
    """Lot of a name: 64 hexadecimal digits.

    Examples
    --------
    >>> lot(2024, "N1")[:12]
    '9290abe9207d'
    """
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()
