"""Tables in plain text, no wider than a page of a terminal: titles and texts are broken at words, figures never."""

from __future__ import annotations

from collections.abc import Sequence

from renewopt.wording import width
from renewopt.wording.wrapping import pieces, wrapped
from renewopt.wording.wrapping import room as room_here

__all__ = ["align"]

GAP = 2
"""Columns between two columns of a table, and before the first one."""
LONGEST = 36
"""Columns of a text, such as a name, that are not too many to stand beside others."""
CELL, TITLE = 2, 3
"""Lines that a text and a title take at the most, unless they are very long."""
KEYS = 2
"""Columns that are told again where a table is taken apart, at most."""


def align(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = (), room: int | None = None
) -> list[str]:
    r"""Lines of a table in plain text, its columns as wide as they must be.

    What is wider than the room is made narrower: texts take two lines, and titles three; where that is not enough,
    the columns stand in several blocks below each other, each with the first column or two.

    Parameters
    ----------
    head
        Titles of the columns.
    rows
        Cells, one for each title.
    numbers
        Columns to be set flush right: their cells stay whole.
    room
        Columns that a line may take; default: those of the screen, 80 where there is none.

    Examples
    --------
    >>> print("\n".join(align(["fund", "left in the end"], [["budget", "1,000"]], numbers=(1,), room=17)))
              left in
      fund    the end
      budget    1,000
    """
    room = room or room_here()
    columns = list(zip(head, *rows, strict=True))
    flush = set(numbers)
    least = [_least(column, figures=place in flush) for place, column in enumerate(columns)]
    keys = _keys(least, flush, room)
    lines: list[str] = []
    for block in _blocks(least, keys, room):
        widths = _widths([columns[place] for place in block], [least[place] for place in block], room)
        right = [place in flush for place in block]
        lines += [""] if lines else []
        for number, row in enumerate([head, *rows]):
            lines += _row([row[place] for place in block], widths, right, title=number == 0)
    return lines


def _least(column: Sequence[str], *, figures: bool) -> int:
    """Columns that a column takes at the least."""
    title, *cells = column
    return max([_narrow(title, TITLE), *(width(cell) if figures else _narrow(cell, CELL) for cell in cells)])


def _narrow(text: str, lines: int) -> int:
    """Columns of a text in so many lines, words whole; of a very long one `LONGEST`, however many lines that takes."""
    all_of_it = width(text)
    longest = max((width(piece.rstrip()) for piece in pieces(text)), default=0)
    found = max(longest, -(-all_of_it // lines))
    while found < min(all_of_it, LONGEST) and len(wrapped(text, found)) > lines:
        found += 1
    return min(found, LONGEST)


def _keys(least: Sequence[int], flush: set[int], room: int) -> list[int]:
    """Columns that say what a row is about: the texts that come first, as far as they leave half the room."""
    keys = [0]
    while len(keys) < KEYS and len(keys) < len(least) and len(keys) not in flush:
        keys.append(len(keys))
    return keys if _taken([least[place] for place in keys]) <= room // 2 else keys[:1]


def _taken(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * len(widths)


def _blocks(least: Sequence[int], keys: Sequence[int], room: int) -> list[list[int]]:
    """Which columns stand beside each other."""
    blocks = [list(range(min(len(keys), len(least))))]
    for place in range(len(keys), len(least)):
        if len(blocks[-1]) > len(keys) and _taken([least[other] for other in [*blocks[-1], place]]) > room:
            blocks.append(list(keys))
        blocks[-1].append(place)
    return blocks


def _widths(columns: Sequence[Sequence[str]], least: Sequence[int], room: int) -> list[int]:
    """Columns of each column: as it would have them, the widest made narrower until all have room."""
    widths = [max(width(text) for text in column) for column in columns]
    while _taken(widths) > room:
        able = [place for place, most in enumerate(widths) if most > least[place]]
        if not able:
            break
        widths[max(able, key=lambda place: widths[place])] -= 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], *, title: bool) -> list[str]:
    """Lines of a row; titles stand as low as they can."""
    broken = [_broken(cell, space) for cell, space in zip(cells, widths, strict=True)]
    height = max(len(lines) for lines in broken)
    filled = [
        [""] * (height - len(lines)) + lines if title else lines + [""] * (height - len(lines)) for lines in broken
    ]
    return [
        "".join(
            " " * GAP + (" " * (space - width(text)) + text if flush else text + " " * (space - width(text)))
            for text, space, flush in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in zip(*filled, strict=True)
    ]


def _broken(text: str, space: int) -> list[str]:
    """Lines of a cell; a word that is too long for one goes on in the next."""
    if width(text) <= space:
        return [text]
    parts: list[str] = []
    for line in wrapped(text, space):
        rest = line
        while width(rest) > space:
            end = next(end for end in range(len(rest), 0, -1) if width(rest[:end]) <= space or end == 1)
            parts.append(rest[:end])
            rest = rest[end:]
        parts.append(rest)
    return parts
