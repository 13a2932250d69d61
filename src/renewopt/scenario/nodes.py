"""The tree of marked nodes that stands between a YAML text and the checked scenario.

Each node knows the file and line it came from, so that a finding of a later step (merging a variant, checking a
type, following a reference) still points at the planner's own line.
"""

from __future__ import annotations

from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

__all__ = [
    "Entry",
    "Mapping",
    "Mark",
    "Node",
    "Remove",
    "Scalar",
    "Sequence",
    "count_values",
    "dotted",
    "find",
    "from_plain",
    "plain",
]

ScalarValue = str | int | float | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Place in a text file: its name, line and column (both from 1); no line in Python."""

    file: str
    line: int | None
    column: int = 1


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; ``text`` is what the planner wrote, ``quoted`` whether it stood in quotes or a block."""

    mark: Mark
    value: ScalarValue
    text: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """The tag ``!remove``, alone or (in a list) with the id of the item that a variant takes away."""

    mark: Mark
    id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a mapping, with the place of its key."""

    key_mark: Mark
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys, in the order of the file, to entries."""

    mark: Mark
    entries: dict[str, Entry] = field(default_factory=dict)

    def get(self, key: str) -> Node | None:
        """Return the node under `key`, or None."""
        entry = self.entries.get(key)
        return None if entry is None else entry.node

    def without(self, *keys: str) -> Mapping:
        """Return the same mapping without some keys."""
        return replace(self, entries={key: entry for key, entry in self.entries.items() if key not in keys})


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items of a list."""

    mark: Mark
    items: tuple[Node, ...] = ()


Node = Scalar | Remove | Mapping | Sequence


def identity(node: Node) -> str | None:
    """Return the id of a list's item: the text of its key ``id``, or None if it has none."""
    if isinstance(node, Remove):
        return node.id or None
    if isinstance(node, Mapping):
        named = node.get("id")
        if isinstance(named, Scalar) and named.text:
            return named.text
    return None


def plain(node: Node) -> Any:
    """Return the value of a tree as dicts, lists and scalars.

    Parameters
    ----------
    node : Node

    Returns
    -------
    dict, list, str, int, float, bool or None
    """
    match node:
        case Scalar():
            return node.value
        case Mapping():
            return {key: plain(entry.node) for key, entry in node.entries.items()}
        case Sequence():
            return [plain(item) for item in node.items]
        case _:
            return None


def count_values(node: Node) -> int:
    """Count the single values of a tree.

    Examples
    --------
    >>> mark = Mark("a.yaml", 1)
    >>> count_values(Sequence(mark, (Scalar(mark, 1), Scalar(mark, 2))))
    2
    """
    match node:
        case Mapping():
            return sum(count_values(entry.node) for entry in node.entries.values())
        case Sequence():
            return sum(map(count_values, node.items))
        case _:
            return 1


def from_plain(value: Any, mark: Mark) -> Node:
    """Return the tree of dicts, lists and scalars, every node at the same mark."""
    match value:
        case dict():
            return Mapping(mark, {str(key): Entry(mark, from_plain(item, mark)) for key, item in value.items()})
        case list() | tuple() | set() | frozenset():
            return Sequence(mark, tuple(from_plain(item, mark) for item in value))
        case str() | int() | float() | Decimal() | None:
            return Scalar(mark, value, "" if value is None else str(value), quoted=isinstance(value, str))
        case _:
            return Scalar(mark, str(value), str(value), quoted=True)


def find(root: Node, location: AbstractSequence[str | int]) -> tuple[Node, Mark, list[str | int]]:
    """Follow a location through a tree as far as it goes.

    Steps that exist neither as a key nor as a position are passed over (pydantic puts the names of union members
    among the steps), except that a last one is kept: it names a key that is missing or not allowed.

    Parameters
    ----------
    root : Node
    location : sequence of str or int

    Returns
    -------
    node : Node
        The deepest node reached.
    mark : Mark
        Place of its key, or of the node itself where it has none.
    path : list of str or int
        The steps taken.
    """
    node, mark = root, root.mark
    path: list[str | int] = []
    for step in location:
        if isinstance(node, Mapping) and str(step) in node.entries:
            entry = node.entries[str(step)]
            node, mark = entry.node, entry.key_mark
            path.append(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            mark = node.mark
            path.append(step)
    return node, mark, path


def dotted(root: Node, path: AbstractSequence[str | int]) -> str:
    """Write a path with dots, list items by their id where they have one, else by position from 0.

    Examples
    --------
    >>> mark = Mark("a.yaml", 1)
    >>> item = Mapping(mark, {"id": Entry(mark, Scalar(mark, "P1", "P1"))})
    >>> dotted(Mapping(mark, {"projects": Entry(mark, Sequence(mark, (item,)))}), ["projects", 0, "id"])
    'projects.P1.id'
    """
    node: Node | None = root
    words: list[str] = []
    for step in path:
        if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            words.append(identity(node) or str(step))
        else:
            node = node.get(str(step)) if isinstance(node, Mapping) else None
            words.append(str(step))
    return ".".join(words)
