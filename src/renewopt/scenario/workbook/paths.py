"""The sheet ``more``: keys that fit no other sheet, as readable paths and values.

``variants.low-funds.funds[budget].inflow.monthly`` with the value ``90000`` means what the same keys mean in a YAML
file: dots lead into a section, brackets to an item of a list, by its id or (from 1) by its position. A name that holds
dots, brackets or nothing but digits stands in double quotes. Values are written as in YAML: ``9万元``,
``[fees, cash]``, ``{distribution: uniform, low: 0, high: 6}``, ``!remove``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from renewopt.errors import ScenarioError
from renewopt.scenario.nodes import Entry, Mapping, Mark, Node, Remove, Scalar, Sequence, identity
from renewopt.scenario.reading import read_text
from renewopt.scenario.scalars import resolve
from renewopt.wording import words

__all__ = ["Item", "Path", "Position", "leaves", "parse_path", "parse_value", "write_path"]


@dataclass(frozen=True, slots=True)
class Item:
    """Item of a list, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Position:
    """Item of a list, by its position from 1."""

    number: int


Step = str | Item | Position
Path = tuple[Step, ...]

_STEP = re.compile(r'"(?:[^"\\]|\\.)*"|[^.\[\]"]+')
_BRACKET = re.compile(r'\[\s*("(?:[^"\\]|\\.)*"|[^\[\]"]+?)\s*\]')
_BARE = re.compile(r"[^\s.\[\]\"'{},:#&*!|>%@`-][^.\[\]\"'{},:#\n\r\t]*")


def write_path(path: Path) -> str:
    """Write a path.

    Examples
    --------
    >>> write_path(("funds", Item("a.b"), "inflow", Position(2), "monthly"))
    'funds["a.b"].inflow[2].monthly'
    """
    text = ""
    for step in path:
        match step:
            case Item(id=name):
                text += f"[{_name(name)}]"
            case Position(number=number):
                text += f"[{number}]"
            case str():
                text += ("." if text else "") + _name(step)
    return text


def _name(name: str) -> str:
    bare = re.fullmatch(r'[^.\[\]"\s]+(?: [^.\[\]"\s]+)*', name) and not name.isdigit()
    return name if bare else json.dumps(name, ensure_ascii=False)


def parse_path(text: str) -> Path:
    """Read a path.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> parse_path('variants.lean.funds["a.b"].inflow')
    ('variants', 'lean', 'funds', Item(id='a.b'), 'inflow')
    """
    steps: list[Step] = []
    place, text = 0, text.strip()
    while place < len(text):
        match = _STEP.match(text, place)
        if match is None:
            break
        steps.append(_plain(match[0]))
        place = match.end()
        while bracket := _BRACKET.match(text, place):
            word = bracket[1]
            steps.append(Position(int(word)) if word.isdigit() else Item(_plain(word)))
            place = bracket.end()
        if place < len(text):
            if text[place] != "." or place + 1 == len(text):
                break
            place += 1
    if not steps or place < len(text):
        raise ValueError(
            words("{text!r} is not a path; one such as funds[budget].inflow.monthly was expected", text=text)
        )
    return tuple(steps)


def _plain(word: str) -> str:
    return str(json.loads(word)) if word.startswith('"') else word.strip()


def leaves(node: Node, path: Path) -> Iterator[tuple[Path, str | int | float]]:
    """Every value below a node, with its path, in cells that mean it."""
    match node:
        case Mapping() if node.entries:
            for key, entry in node.entries.items():
                yield from leaves(entry.node, (*path, key))
        case Sequence() if any(not isinstance(item, Scalar) for item in node.items):
            names = [identity(item) for item in node.items]
            by_id = None not in names and len(set(names)) == len(names)
            for number, item in enumerate(node.items, start=1):
                step = Item(str(names[number - 1])) if by_id else Position(number)
                inner = item.without("id") if by_id and isinstance(item, Mapping) else item
                yield from leaves(inner, (*path, step))
        case Scalar(value=int() | float() as value) if not isinstance(value, bool) and _exact(value):
            yield path, value
        case _:
            yield path, _flow(node)


def _exact(value: float) -> bool:
    return float(f"{value:.16G}") == value


def _flow(node: Node) -> str:
    """Write a value as YAML does on one line."""
    match node:
        case Remove():
            return "!remove"
        case Mapping():
            inner = (f"{_text(key)}: {_flow(entry.node)}" for key, entry in node.entries.items())
            return "{" + ", ".join(inner) + "}"
        case Sequence():
            return "[" + ", ".join(map(_flow, node.items)) + "]"
        case Scalar(value=None):
            return "null"
        case Scalar(value=bool() as value):
            return str(value).lower()
        case Scalar(value=str() as value):
            return _text(value)
        case Scalar(value=value):
            return format(value, "f") if isinstance(value, Decimal) else repr(value)


def _text(text: str) -> str:
    """Write a text so that it is read as one."""
    safe = _BARE.fullmatch(text) and text == text.strip() and isinstance(_resolved(text), str)
    return text if safe and text.isprintable() else json.dumps(text, ensure_ascii=True)


def _resolved(text: str) -> object:
    try:
        return resolve(text)
    except ValueError:
        return None


def parse_value(text: str, mark: Mark) -> Node:
    """Read a value written as in YAML.

    Raises
    ------
    ValueError
        If it is none; its text says why.
    """
    if text.strip() == "!remove":
        return Remove(mark)
    try:
        root = read_text(f"value: {text}\n", mark.file)
    except ScenarioError as error:
        raise ValueError(error.findings[0].message) from None
    if list(root.entries) != ["value"]:
        raise ValueError(words("{text!r} is more than one value", text=text))
    return _marked(root.entries["value"].node, mark)


def _marked(node: Node, mark: Mark) -> Node:
    """Return a tree with every node at one mark."""
    match node:
        case Mapping():
            return Mapping(mark, {key: Entry(mark, _marked(entry.node, mark)) for key, entry in node.entries.items()})
        case Sequence():
            return Sequence(mark, tuple(_marked(item, mark) for item in node.items))
        case Scalar():
            return Scalar(mark, node.value, node.text, node.quoted)
        case Remove():
            return Remove(mark, node.id)
