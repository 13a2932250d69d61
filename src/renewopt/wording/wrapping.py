"""Lines of a text that is wider than what it is written on: figures and words stay whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from renewopt.wording.visible import width

__all__ = ["ROOM", "fitted", "on_a_screen", "pieces", "room", "wrapped"]

ROOM = 80
"""Columns of the narrowest terminal that is usual, and of a table in a pipe or a notebook."""
LEAST = 10
"""Columns that are left to a line, however far it stands in."""
_ROOM: ContextVar[int] = ContextVar("room", default=ROOM)


def room() -> int:
    """Columns that a table may take."""
    return _ROOM.get()


@contextmanager
def on_a_screen(columns: int) -> Iterator[None]:
    """Tables within may be as wide as a screen of so many columns, and never need be narrower than `ROOM`."""
    before = _ROOM.set(max(columns, ROOM))
    try:
        yield
    finally:
        _ROOM.reset(before)


def fitted(text: str, columns: int) -> str:
    """Break the lines of a text that are wider than a terminal; what follows stands two columns further in.

    Examples
    --------
    >>> print(fitted("  one two three", 9))
      one two
        three
    """
    lines: list[str] = []
    for line in text.split("\n"):
        if width(line) <= columns:
            lines.append(line)
            continue
        inner = line.lstrip(" ")
        indent = len(line) - len(inner)
        first, *_ = wrapped(inner, max(columns - indent, LEAST)) or [""]
        rest = inner[len(first) :].lstrip(" ")
        lines.append(" " * indent + first)
        lines += [" " * (indent + 2) + more for more in wrapped(rest, max(columns - indent - 2, LEAST))]
    return "\n".join(lines)


def wrapped(text: str, columns: int) -> list[str]:
    """Break a text into lines: at spaces, and between Chinese signs but never before a closing one.

    Examples
    --------
    >>> wrapped("one two three", 8)
    ['one two', 'three']
    >>> wrapped("安置方案，写入", 8)
    ['安置方', '案，写入']
    """
    lines: list[str] = []
    line = ""
    for piece in pieces(text):
        if line and width((line + piece).rstrip()) > columns:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def pieces(text: str) -> list[str]:
    """Take a text apart where a line may end."""
    found: list[str] = []
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in "WF"
        closing = sign in "，。；：、）”！？》」』％"
        before = found[-1][-1] if found else ""
        opened = before in "（“《「『"
        after_wide = bool(before) and unicodedata.east_asian_width(before) in "WF"
        unit = sign == "元" and before in "万亿"
        joined = closing or opened or unit or not (wide or after_wide or before == " ")
        if found and joined:
            found[-1] += sign
        else:
            found.append(sign)
    return found
