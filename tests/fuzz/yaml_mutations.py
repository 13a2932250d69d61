"""Scenarios in YAML, mutated as trees and as texts.

Trees are written as flow YAML (JSON, apart from scalars that are to stand as they are), so that a mutation of the
structure is always read as such; mutations of the text break the syntax as people and transports do.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML
from tests.fuzz.seeds import TABLE, texts
from tests.fuzz.values import SIGNS, Raw, any_value

__all__ = ["mutated_text", "mutated_tree", "write_text", "write_tree"]

Slot = tuple[Any, Any]
"""A mapping or list, and a key or position in it."""


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node if isinstance(node, bool | int | str | type(None)) else Raw(node)


def _trees() -> list[Any]:
    return [
        _plain(YAML(typ="safe", pure=True).load(text))
        for text in (text.partition("\nvariants:")[0] for text in texts())
    ]


TREES: list[Any] = []


def _slots(node: Any, found: list[Slot], scalars: list[str]) -> None:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        found.append((node, key))
        if isinstance(value, dict | list):
            _slots(value, found, scalars)
        elif isinstance(value, str):
            scalars.append(value)


def _value(rng: Random, known: list[str]) -> Any:
    value = any_value(rng, known)
    return (
        Raw(value)
        if rng.random() < 0.5 and "\n" not in value and not set(value) & set("[]{},#&*!|>'\"%@`?:-")
        else value
    )


def _replace(rng: Random, slots: list[Slot], known: list[str]) -> None:
    node, key = rng.choice(slots)
    node[key] = _value(rng, known)


def _retype(rng: Random, slots: list[Slot], known: list[str]) -> None:
    node, key = rng.choice(slots)
    value = node[key]
    node[key] = rng.choice(
        [[value], {"id": value}, {str(value)[:20]: value}, [], {}, None, str(value), [value] * 3, [[value]], True]
    )


def _remove(rng: Random, slots: list[Slot], known: list[str]) -> None:
    node, key = rng.choice(slots)
    del node[key]


def _rename(rng: Random, slots: list[Slot], known: list[str]) -> None:
    node, key = rng.choice([slot for slot in slots if isinstance(slot[0], dict)])
    value = node.pop(key)
    node[any_value(rng, [*known, *(str(other) for _, other in slots)])] = value


def _duplicate(rng: Random, slots: list[Slot], known: list[str]) -> None:
    lists = [slot for slot in slots if isinstance(slot[0], list)]
    if lists:
        node, key = rng.choice(lists)
        node.insert(rng.randrange(len(node) + 1), copy.deepcopy(node[key]))


def _swap(rng: Random, slots: list[Slot], known: list[str]) -> None:
    (one, a), (two, b) = rng.choice(slots), rng.choice(slots)
    one[a], two[b] = copy.deepcopy(two[b]), copy.deepcopy(one[a])


def _graft(rng: Random, slots: list[Slot], known: list[str]) -> None:
    node, _ = rng.choice([slot for slot in slots if isinstance(slot[0], dict)])
    other, name = rng.choice(slots)
    node[str(name)] = copy.deepcopy(other[name])


def _variant(rng: Random, slots: list[Slot], known: list[str]) -> None:
    root = slots[0][0]
    other, name = rng.choice(slots)
    changes = rng.choice(
        [{str(name): copy.deepcopy(other[name])}, {str(name): Raw("!remove")}, {"funds": [Raw("!remove x")]}, 5, []]
    )
    root["variants"] = {any_value(rng): changes}


TREE: tuple[Callable[[Random, list[Slot], list[str]], None], ...] = (
    _replace, _replace, _replace, _replace, _retype, _remove, _rename, _duplicate, _swap, _graft, _variant,
)  # fmt: skip


def _written(node: Any) -> str:
    if isinstance(node, Raw):
        return str(node) or "~"
    if isinstance(node, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_written(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(_written, node)) + "]"
    return json.dumps(node, ensure_ascii=False)


def mutated_tree(rng: Random) -> str:
    """Return a scenario whose structure was changed in a few places."""
    if not TREES:
        TREES.extend(_trees())
    root = copy.deepcopy(rng.choice(TREES))
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        slots: list[Slot] = []
        known: list[str] = []
        _slots(root, slots, known)
        if slots:
            rng.choice(TREE)(rng, slots, known)
    return "\n".join(f"{json.dumps(key)}: {_written(value)}" for key, value in root.items()) + "\n"


def mutated_text(rng: Random) -> bytes:  # noqa: C901, PLR0912 - one branch for each way to break a line
    """Return a scenario whose text was changed in a few places: lines, indents, signs, bytes."""
    lines = rng.choice(texts()).splitlines()
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(lines))
        line = lines[at]
        inside = rng.randrange(len(line) + 1)
        key, _, value = line.partition(": ")
        change = rng.randrange(14)
        if change == 0:
            lines[at : at + rng.randrange(4)] = []
        elif change == 1:
            lines.insert(rng.randrange(len(lines) + 1), line)
        elif change == 2:
            lines[at] = " " * rng.randrange(6) + line.lstrip(rng.choice((" ", " -")))
        elif change == 3:
            lines[at] = line[:inside] + rng.choice(SIGNS) + line[inside:]
        elif change == 4:
            lines[at] = line[:inside] + rng.choice("[]{}\"'#&*!|>%@`?:-,") + line[inside:]
        elif change == 5:
            lines[at] = f"{key}: {any_value(rng)}"
        elif change == 6:
            lines[at] = f"{key}: {rng.choice(('!!int', '!x', '&a', '*a', '!remove', '!<x>', '|', '>-', '? '))} {value}"
        elif change == 7:
            lines[at] = f"{any_value(rng)}: {value}"
        elif change == 8:
            lines = lines[: at + 1]
        elif change == 9:
            lines.insert(
                at,
                rng.choice(
                    ("---", "...", "%YAML 1.1", "%TAG ! x:", "<<: {a: 1}", "\t", "- ", "? a", ": b", "variants:")
                ),
            )
        elif change == 10:
            other = rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif change == 11:
            lines[at] = line.replace("  ", "\t", 1)
        elif change == 12:
            lines[at] = line[:inside]
        else:
            lines[at] = line.translate({ord(":"): "：", ord(","): "，", ord('"'): "“"})
        lines = lines or [""]
    data = rng.choice(("\n", "\n", "\n", "\r\n", "\r", "\x85", "\u2028")).join(lines).encode("utf-8", "surrogatepass")
    chance = rng.random()
    if chance < 0.25 and data:
        changed = bytearray(data)
        for _ in range(rng.choice((1, 1, 3, 20))):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        data = bytes(changed)
    elif chance < 0.35:
        text = data.decode("utf-8", "replace")
        data = text.encode(
            rng.choice(("utf-16", "utf-16-le", "utf-32", "gb18030", "utf-8-sig", "utf-7", "big5")), "replace"
        )
    elif chance < 0.4:
        data = data[: rng.randrange(len(data) + 1)]
    return data


def _with_table(folder: Path, data: bytes) -> Path:
    (folder / "households.csv").write_bytes(TABLE)
    path = folder / "scenario.yaml"
    path.write_bytes(data)
    return path


def write_tree(rng: Random, folder: Path) -> Path:
    """Write a scenario with a changed structure."""
    return _with_table(folder, mutated_tree(rng).encode("utf-8", "surrogatepass"))


def write_text(rng: Random, folder: Path) -> Path:
    """Write a scenario with a changed text."""
    return _with_table(folder, mutated_text(rng))
