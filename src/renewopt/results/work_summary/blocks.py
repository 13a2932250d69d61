"""A text as headings, paragraphs and tables, before it becomes Markdown or a Word document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Block", "Heading", "Paragraph", "Table", "as_markdown"]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (title) or 2."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a quiet one is a remark on the others."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its first column holds names, the others figures; the last row is the total."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Table

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_markdown(blocks: Iterable[Block]) -> str:
    r"""Write blocks as Markdown; what a planner has written is shown, never run.

    Examples
    --------
    >>> print(as_markdown([Heading(1, "A*b"), Table("t", ("a", "b"), (("x|y", "1"),))]))
    # A\*b
    <BLANKLINE>
    **t**
    <BLANKLINE>
    | a | b |
    | --- | ---: |
    | x\|y | 1 |
    <BLANKLINE>
    """
    parts = []
    for block in blocks:
        match block:
            case Heading(level, text):
                parts.append(f"{'#' * level} {_escaped(text)}")
            case Paragraph(text, quiet):
                parts.append(f"> {_escaped(text)}" if quiet else _escaped(text))
            case Table(title, head, rows):
                lines = [_row(head), _row(("---", *("---:" for _ in head[1:])), raw=True), *map(_row, rows)]
                parts.append(f"**{_escaped(title)}**\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _row(cells: Iterable[str], *, raw: bool = False) -> str:
    return "| " + " | ".join(cell if raw else _escaped(cell) for cell in cells) + " |"


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
