"""Characters that are not seen: what they are, and how they are made visible before a text leaves for a terminal.

A terminal obeys some of them (escape sequences move the cursor, change the title, hide what was written), and a reader
is misled by others (marks that reverse the direction of writing, spaces of no width).
"""

from __future__ import annotations

import unicodedata

__all__ = ["all_seen", "unseen", "visible", "width"]

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories: controls, formats (among them marks of direction, spaces of no width), surrogates, line separators."""
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Signs that count as letters or marks and show nothing."""


def unseen(sign: str) -> bool:
    r"""Whether a character is not seen, or not what it seems.

    Examples
    --------
    >>> [unseen(sign) for sign in ("a", "中", " ", "\u3000", "\x1b", "\u202e", "\u200b", "\n")]
    [False, False, False, False, True, True, True, True]
    """
    return sign in _BLANKS or unicodedata.category(sign) in _UNSEEN


def all_seen(text: str) -> bool:
    """Whether a text holds no character that is not seen."""
    return not _BLANKS.intersection(text) and (text.isprintable() or not any(map(unseen, text)))


def visible(text: str, *, keep: str = "\n") -> str:
    r"""Write out the characters of a text that are not seen, as Python would.

    Parameters
    ----------
    text
    keep
        Those that stay.

    Examples
    --------
    >>> print(visible("P\x1b[31m1\u202e"))
    P\x1b[31m1\u202e
    """
    rest = text.translate(dict.fromkeys(map(ord, keep)))
    if rest.isprintable() and not _BLANKS.intersection(rest):
        return text
    return "".join(_written(sign) if unseen(sign) and sign not in keep else sign for sign in text)


def width(text: str) -> int:
    """Columns that a text takes on a terminal and in a sheet: two for each Chinese sign."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _written(sign: str) -> str:
    return repr(sign)[1:-1] if not sign.isprintable() else f"\\u{ord(sign):04x}"
