"""A tree that is still being put together: mappings and lists that can be added to, frozen into nodes at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from renewopt.scenario.nodes import Entry, Mapping, Mark, Node, Remove, Scalar, Sequence
from renewopt.scenario.workbook.paths import Item, Path, Position, write_path
from renewopt.wording import NOTHING, Wording, words

__all__ = ["Branch", "Items", "Part", "frozen", "items_at", "lay"]


@dataclass(slots=True)
class Branch:
    """A mapping that is still being put together."""

    mark: Mark
    entries: dict[str, tuple[Mark, Part]] = field(default_factory=dict)


@dataclass(slots=True)
class Items:
    """A list that is still being put together."""

    mark: Mark
    items: list[Part] = field(default_factory=list)


Part = Branch | Items | Scalar | Remove | Mapping | Sequence


def items_at(branch: Branch, path: tuple[str, ...], mark: Mark) -> Items | None:
    """Return the list under some keys, made where it is missing; None where something else stands there."""
    for step in path[:-1]:
        inner = branch.entries.setdefault(step, (mark, Branch(mark)))[1]
        if not isinstance(inner, Branch):
            return None
        branch = inner
    items = branch.entries.setdefault(path[-1], (mark, Items(mark)))[1]
    return items if isinstance(items, Items) else None


def frozen(part: Part) -> Node:
    """Return the nodes that a tree has become."""
    match part:
        case Branch():
            return Mapping(part.mark, {key: Entry(mark, frozen(inner)) for key, (mark, inner) in part.entries.items()})
        case Items():
            return Sequence(part.mark, tuple(map(frozen, part.items)))
        case _:
            return part


def lay(root: Branch, path: Path, node: Node, mark: Mark) -> Wording:
    """Lay a value over a tree at a path; return what is in its way, if anything."""
    part: Part = root
    for place, step in enumerate(path):
        following = path[place + 1] if place + 1 < len(path) else None
        if following is None:
            inner = _opened(node, mark)
        else:
            inner = Branch(mark) if isinstance(following, str) else Items(mark)
        found: Part | Wording
        if isinstance(step, str) and isinstance(part, Branch):
            found = _under_key(part, step, inner, mark, last=following is None)
        elif isinstance(step, Item) and isinstance(part, Items):
            found = _under_id(part, step.id, inner, mark, last=following is None)
        elif isinstance(step, Position) and isinstance(part, Items):
            found = _at_position(part, step.number, inner, last=following is None)
        else:
            found = words("the path does not lead on at {step}", step=write_path((step,)))
        if isinstance(found, Wording):
            return found
        part = found
    return NOTHING


def _under_key(branch: Branch, key: str, inner: Part, mark: Mark, *, last: bool) -> Part | Wording:
    found = branch.entries.get(key)
    if found is None or (isinstance(found[1], Scalar) and found[1].value is None):
        branch.entries[key] = (mark, inner)
        return inner
    return words("{name!r} is stated already", name=key) if last else found[1]


def _under_id(items: Items, name: str, inner: Part, mark: Mark, *, last: bool) -> Part | Wording:
    if last and isinstance(inner, Remove):
        items.items.append(Remove(mark, name))
        return inner
    item = next((each for each in items.items if _id(each) == name), None)
    if item is None:
        item = Branch(mark, {"id": (mark, Scalar(mark, name, name, quoted=True))})
        items.items.append(item)
    elif last:
        return words("{name!r} is stated already", name=name)
    if last:
        if not isinstance(inner, Branch):
            return words("{name!r} is an item with keys; a path to one of its keys was expected", name=name)
        assert isinstance(item, Branch)
        item.entries |= inner.entries
    return item


def _at_position(items: Items, number: int, inner: Part, *, last: bool) -> Part | Wording:
    following = len(items.items) + 1
    if not 1 <= number <= following:
        return words(
            "there is no item {number}; the next one to be stated is {following}", number=number, following=following
        )
    if number == following:
        items.items.append(inner)
    elif last:
        return words("item {number} is stated already", number=number)
    return items.items[number - 1]


def _id(part: Part) -> str | None:
    if isinstance(part, Remove):
        return part.id or None
    named = part.entries.get("id") if isinstance(part, Branch) else None
    return named[1].text if named is not None and isinstance(named[1], Scalar) else None


def _opened(node: Node, mark: Mark) -> Part:
    """Return a node that further paths may add to."""
    match node:
        case Mapping():
            return Branch(mark, {key: (mark, _opened(entry.node, mark)) for key, entry in node.entries.items()})
        case Sequence():
            return Items(mark, [_opened(item, mark) for item in node.items])
        case _:
            return node
