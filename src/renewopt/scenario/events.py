"""The parser's events become nodes, without recursion and without anything resolved behind our back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from renewopt.errors import Finding
from renewopt.scenario.limits import MAX_DEPTH, MAX_DIGITS, MAX_FINDINGS, MAX_FUNDS, MAX_ITEMS, MAX_VALUES
from renewopt.scenario.nodes import Entry, Mapping, Mark, Node, Remove, Scalar, ScalarValue, Sequence
from renewopt.scenario.scalars import NULLS, resolve
from renewopt.scenario.table_specs import TABLES
from renewopt.wording import NOTHING, Wording, worded, words

__all__ = ["TreeBuilder"]

_NUMBER = re.compile(r"[+-]?[0-9]+")


@dataclass(slots=True)
class _Open:
    """A mapping or list that is still being read."""

    mark: Mark
    is_mapping: bool
    removes: bool = False
    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    key: str | None = None
    key_mark: Mark | None = None
    skip: bool = False
    numbers: dict[int, str] = field(default_factory=dict)


class TreeBuilder:
    """Turns the parser's events into nodes, collecting findings; never recurses."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.documents = 0
        self.values = 0

    def report(self, mark: Mark, key: str, message: Wording, mend: Wording = NOTHING) -> None:
        """Collect an error at a mark."""
        self.findings.append(Finding("error", self.file, mark.line, key, message, mend))

    @property
    def path(self) -> str:
        """Dotted path of the place being read; list items by their id once it was read."""
        words: list[str] = []
        for level, inner in zip_longest(self.stack, self.stack[1:]):
            if level.is_mapping:
                words += [level.key] if level.key else []
            else:
                named = inner.entries.get("id") if inner is not None else None
                text = named.node.text if named is not None and isinstance(named.node, Scalar) else ""
                words.append(text or str(len(level.items)))
        return ".".join(words)

    def take(self, event: Any) -> bool:
        """Take one event; return True when reading should stop."""
        mark = Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        return self._take(event, mark) or self._too_much(mark)

    def _take(self, event: Any, mark: Mark) -> bool:
        match type(event).__name__:
            case "DocumentStartEvent":
                return self._document(mark)
            case "AliasEvent":
                message = words("aliases (`*{anchor}`) are not allowed in a scenario", anchor=event.anchor)
                self.report(mark, self.path, message, words("write the value out, or use a variant"))
                self._value(Scalar(mark, None, "", quoted=True))
            case "ScalarEvent":
                self._scalar(event, mark)
            case "MappingStartEvent" | "SequenceStartEvent" as kind:
                return self._open(event, mark, kind == "MappingStartEvent")
            case "MappingEndEvent" | "SequenceEndEvent":
                self._close()
        return False

    def _too_much(self, mark: Mark) -> bool:
        """Stop at more values, items or findings than anybody has use for."""
        self.values += 1
        if self.values > 2 * MAX_VALUES:  # events: beginnings and ends count apart
            message = words("more than {most:,} {most:value|values} up to here", most=MAX_VALUES)
            self.report(mark, "", message, words("put long lists into a table beside it"))
            return True
        if len(self.findings) >= MAX_FINDINGS:
            message = words(
                "{count:,} {count:problem|problems} up to here; what follows was not read", count=len(self.findings)
            )
            self.report(mark, "", message, words("mend these first"))
            return True
        level = self.stack[-1] if self.stack else None
        if level is None or max(len(level.items), len(level.entries)) <= MAX_FUNDS:
            return False
        keys = [each.key for each in self.stack if each.is_mapping]
        section = keys[2] if keys[0] == "variants" and len(keys) > 2 else keys[0]
        most = MAX_FUNDS if section == "funds" and len(self.stack) == 2 else MAX_ITEMS
        if section in TABLES or max(len(level.items), len(level.entries)) <= most:
            return False
        message = words("more than {most:,} {most:entry|entries} stand here", most=most)
        self.report(mark, self.path, message, words("check whether they are all needed; long lists belong in a table"))
        return True

    def _document(self, mark: Mark) -> bool:
        self.documents += 1
        if self.documents > 1:
            message = words("a second document starts here (`---`); a scenario is one document")
            self.report(mark, "", message, words("put it into a file of its own, or use `variants`"))
            return True
        return False

    def _node_properties(self, event: Any, mark: Mark) -> bool:
        """Check anchor and tag of an event; return whether it is tagged ``!remove`` where that is allowed."""
        if event.anchor is not None:
            message = words("anchors (`&{anchor}`) are not allowed in a scenario", anchor=event.anchor)
            self.report(mark, self.path, message, words("delete the anchor and write values out where they are used"))
        tag = event.tag
        if tag is None:
            return False
        if tag == "!remove":
            if len(self.stack) > 2 and self.stack[0].key == "variants":
                return True
            self.report(
                mark, self.path, words("`!remove` is only allowed inside `variants`"), words("delete the key itself")
            )
            return False
        shown = str(tag).replace("tag:yaml.org,2002:", "!!")
        self.report(
            mark, self.path, words("the tag {tag} is not allowed in a scenario", tag=shown), words("delete the tag")
        )
        return False

    def _scalar(self, event: Any, mark: Mark) -> None:
        level = self.stack[-1] if self.stack else None
        removes = self._node_properties(event, mark)
        if level is not None and level.is_mapping and level.key is None:
            self._key(level, event, mark)
            return
        if removes:
            self._value(Remove(mark, event.value.strip()))
            return
        quoted = event.style not in (None, "")
        text = self._whole(event.value, mark) if quoted else event.value
        value: ScalarValue = text if quoted else self._resolve(text, mark)
        self._value(Scalar(mark, value, text, quoted))

    def _key(self, level: _Open, event: Any, mark: Mark) -> None:
        text = self._whole(event.value, mark)
        level.key, level.key_mark, level.skip = text, mark, False
        plain = event.style in (None, "")
        if plain and text == "<<":
            self.report(
                mark,
                self._parent(),
                words("merge keys (`<<`) are not allowed in a scenario"),
                words("write the keys out"),
            )
            level.skip = True
            return
        if plain and text in NULLS:
            self.report(
                mark,
                self._parent(),
                words("a key is empty; a name was expected"),
                words("write a name before the colon"),
            )
            level.skip = True
            return
        first = level.entries.get(text)
        spelt = text
        if first is None and plain and _NUMBER.fullmatch(text) and len(text) <= MAX_DIGITS:
            spelt = level.numbers.setdefault(int(text), text)
            first = level.entries.get(spelt)
        if first is not None:
            message = words(
                "duplicate key: `{spelt}` stands on line {line} already", spelt=spelt, line=first.key_mark.line
            )
            self.report(mark, self.path, message, words("keep one of the two"))
            level.skip = True

    def _parent(self) -> str:
        """Dotted path of the mapping whose key is being read."""
        level = self.stack[-1]
        key, level.key = level.key, None
        path = self.path
        level.key = key
        return path

    def _whole(self, text: str, mark: Mark) -> str:
        r"""Join the halves of characters that were written as two escapes (``\ud83c\udfe0``)."""
        if not any("\ud800" <= sign <= "\udfff" for sign in text):
            return text
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.report(
                mark, self.path, words("an escape gives half of a character"), words("write the character itself")
            )
            return ""

    def _resolve(self, text: str, mark: Mark) -> ScalarValue:
        """Type a plain scalar; report a number that cannot be planned with."""
        try:
            return resolve(text)
        except ValueError as error:
            self.report(mark, self.path, worded(error), words("write a finite number"))
            return None

    def _open(self, event: Any, mark: Mark, is_mapping: bool) -> bool:
        removes = self._node_properties(event, mark)
        level = self.stack[-1] if self.stack else None
        if level is not None and level.is_mapping and level.key is None:
            self.report(
                mark, self.path, words("a key must be a plain name, not a list or a mapping"), words("write a name")
            )
            level.key, level.key_mark, level.skip = "?", mark, True
            self.stack.append(_Open(mark, is_mapping, skip=True, key="" if not is_mapping else None))
            return True
        if len(self.stack) >= MAX_DEPTH:
            message = words("lists and mappings are nested more than {most} deep", most=MAX_DEPTH)
            self.report(mark, "", message, words("a scenario needs fewer than 10 levels; check the brackets"))
            return True
        self.stack.append(_Open(mark, is_mapping, removes))
        return False

    def _close(self) -> None:
        level = self.stack.pop()
        node: Node
        node = Mapping(level.mark, level.entries) if level.is_mapping else Sequence(level.mark, tuple(level.items))
        if level.removes:
            named = node.get("id") if isinstance(node, Mapping) else None
            node = Remove(level.mark, named.text if isinstance(named, Scalar) else "")
        self._value(node)

    def _value(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        level = self.stack[-1]
        if not level.is_mapping:
            level.items.append(node)
            return
        if level.key is None:
            self.report(node.mark, self.path, words("an alias cannot be a key"), words("write a name"))
            level.key, level.key_mark, level.skip = "*", node.mark, True
            return
        if not level.skip and level.key_mark is not None:
            level.entries[level.key] = Entry(level.key_mark, node)
        level.key = None
