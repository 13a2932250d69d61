"""A planner's YAML text becomes a tree of marked nodes, or findings that say what to mend.

The tree is built straight from the parser's events, so that nothing is resolved behind our back: no aliases, no
merge keys, no tags (but ``!remove`` inside ``variants``), no duplicate keys. Plain scalars follow the core schema of
YAML 1.2, in which ``yes``, ``no``, ``on``, ``off`` and ``2024-06`` are strings; one step stricter, so is ``007``,
which is more likely an id than a number.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.reader import ReaderError

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.nodes import Entry, Mapping, Mark, Node, Remove, Scalar, ScalarValue, Sequence

__all__ = ["MAX_BYTES", "MAX_DEPTH", "colon_hint", "decode", "read_bytes", "read_text"]

MAX_BYTES = 20_000_000
"""Largest YAML file read; longer lists belong in a table beside it."""
MAX_DEPTH = 100
"""Deepest nesting of mappings and lists."""
MAX_DIGITS = 300

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DIRECTIVE = re.compile(r"(\s*(?:#.*)?\n)*(%.*)")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """Read a file whole, with a finding instead of an operating system's error.

    Parameters
    ----------
    path : Path
    most : int, optional
        Largest size in bytes that is read.

    Raises
    ------
    ScenarioError
        If the file is missing, a folder, too large, or may not be read.
    """
    try:
        if most is None or path.stat().st_size <= most:
            return path.read_bytes()
        message, mend = f"the file is larger than {most // 1_000_000} MB", "put long lists into a table beside it"
    except FileNotFoundError:
        message, mend = "there is no such file", f"looked for it as {path.as_posix()}"
    except IsADirectoryError:
        message, mend = "this is a folder, a file was expected", "name the scenario's YAML file inside it"
    except (OSError, ValueError) as error:
        message, mend = f"the file cannot be read ({getattr(error, 'strerror', None) or error})", ""
    raise ScenarioError([Finding("error", path.name or str(path), None, "", message, mend)])


def decode(data: bytes, file: str) -> str:
    """Decode UTF-8, with or without a byte order mark.

    Raises
    ------
    ScenarioError
        If the bytes are not UTF-8; the finding names the encoding they are more likely in.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        finding = Finding("error", file, 1, "", "the file is UTF-16, UTF-8 was expected", "save it as UTF-8")
        raise ScenarioError([finding])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        guess = "the file is not UTF-8 text"
    else:
        guess = "the file is not UTF-8; it looks like GBK / GB18030"
    raise ScenarioError([Finding("error", file, line, "", guess, "save it as UTF-8 (另存为 UTF-8)")])


def read_text(text: str, file: str) -> Mapping:
    """Read a scenario's YAML text into a tree of marked nodes.

    Parameters
    ----------
    text : str
    file : str
        Name of the file in findings.

    Returns
    -------
    Mapping
        The document; its top level is a mapping.

    Raises
    ------
    ScenarioError
        With every finding up to the first fault of syntax.
    """
    builder = _Builder(file)
    text = text.removeprefix("\ufeff")
    directive = _DIRECTIVE.match(text)
    if directive is not None and directive[2].split() != ["%YAML", "1.2"]:
        line = text.count("\n", 0, directive.start(2)) + 1
        message = f"the directive {directive[2].strip()} is not supported: a scenario is YAML 1.2"
        raise ScenarioError([Finding("error", file, line, "", message, "delete the line")])
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if builder.take(event):
                break
    except (YAMLError, ValueError, AssertionError) as error:
        builder.findings.append(_syntax(error, text, file))
    root = builder.root
    if root is None and not builder.findings:
        builder.report(Mark(file, 1), "", "the file is empty", "run `renewopt init DIR` for a commented starter")
    elif root is not None and not isinstance(root, Mapping) and not builder.findings:
        mend = colon_hint(root) or "write `name: ...` and the other sections at the left margin"
        builder.report(root.mark, "", "a scenario is a mapping of keys to values at its top level", mend)
    if builder.findings or not isinstance(root, Mapping):
        raise ScenarioError(builder.findings)
    return root


def resolve(text: str) -> ScalarValue:
    """Type a plain scalar by the core schema of YAML 1.2; whole numbers with a leading zero stay text.

    Raises
    ------
    ValueError
        If it is not finite, or too long to be a number of anything.
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is not a number that can be planned with")
    if _INT.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"a number of {len(text)} digits is not plausible")
        padded = re.fullmatch(r"[-+]?0[0-9]+", text)
        return text if padded else int(text, 0)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(f"{text[:40]} is too large a number")
        return number
    return text


def colon_hint(node: Node) -> str:
    """Hint at a colon that YAML does not see, in a text that stands where a mapping was expected."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and not node.quoted:
        if "：" in node.value:
            return "use a half-width colon and a space (`name: 安置`), not the full-width `：`"
        if ":" in node.value:
            return "write a space after the colon"
    return ""


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


class _Builder:
    """Turns the parser's events into nodes, collecting findings; never recurses."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.documents = 0

    def report(self, mark: Mark, key: str, message: str, mend: str = "") -> None:
        """Collect an error at a mark."""
        self.findings.append(Finding("error", self.file, mark.line, key, message, mend))

    @property
    def path(self) -> str:
        """Dotted path of the place being read."""
        words = [level.key if level.is_mapping else str(len(level.items)) for level in self.stack]
        return ".".join(word for word in words if word)

    def take(self, event: Any) -> bool:
        """Take one event; return True when reading should stop."""
        mark = Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        match type(event).__name__:
            case "DocumentStartEvent":
                return self._document(mark)
            case "AliasEvent":
                message = f"aliases (`*{event.anchor}`) are not allowed in a scenario"
                self.report(mark, self.path, message, "write the value out, or use a variant")
                self._value(Scalar(mark, None, "", quoted=True))
            case "ScalarEvent":
                self._scalar(event, mark)
            case "MappingStartEvent" | "SequenceStartEvent" as kind:
                return self._open(event, mark, kind == "MappingStartEvent")
            case "MappingEndEvent" | "SequenceEndEvent":
                self._close()
        return False

    def _document(self, mark: Mark) -> bool:
        self.documents += 1
        if self.documents > 1:
            message = "a second document starts here (`---`); a scenario is one document"
            self.report(mark, "", message, "put it into a file of its own, or use `variants`")
            return True
        return False

    def _node_properties(self, event: Any, mark: Mark) -> bool:
        """Check anchor and tag of an event; return whether it is tagged ``!remove`` where that is allowed."""
        if event.anchor is not None:
            message = f"anchors (`&{event.anchor}`) are not allowed in a scenario"
            self.report(mark, self.path, message, "delete the anchor and write values out where they are used")
        tag = event.tag
        if tag is None:
            return False
        if tag == "!remove":
            if len(self.stack) > 2 and self.stack[0].key == "variants":
                return True
            self.report(mark, self.path, "`!remove` is only allowed inside `variants`", "delete the key itself")
            return False
        shown = str(tag).replace("tag:yaml.org,2002:", "!!")
        self.report(mark, self.path, f"the tag {shown} is not allowed in a scenario", "delete the tag")
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
        value: ScalarValue = event.value if quoted else self._resolve(event.value, mark)
        self._value(Scalar(mark, value, event.value, quoted))

    def _key(self, level: _Open, event: Any, mark: Mark) -> None:
        text = event.value
        level.key, level.key_mark, level.skip = text, mark, False
        plain = event.style in (None, "")
        if plain and text == "<<":
            self.report(mark, self._parent(), "merge keys (`<<`) are not allowed in a scenario", "write the keys out")
            level.skip = True
            return
        if plain and text in _NULL:
            self.report(mark, self._parent(), "a key is empty; a name was expected", "write a name before the colon")
            level.skip = True
            return
        first = level.entries.get(text)
        spelt = text
        if first is None and plain and _INT.fullmatch(text) and len(text) < MAX_DIGITS:
            spelt = level.numbers.setdefault(int(text), text)
            first = level.entries.get(spelt)
        if first is not None:
            message = f"duplicate key: `{spelt}` stands on line {first.key_mark.line} already"
            self.report(mark, self.path, message, "keep one of the two")
            level.skip = True

    def _parent(self) -> str:
        """Dotted path of the mapping whose key is being read."""
        level = self.stack[-1]
        key, level.key = level.key, None
        path = self.path
        level.key = key
        return path

    def _resolve(self, text: str, mark: Mark) -> ScalarValue:
        """Type a plain scalar; report a number that cannot be planned with."""
        try:
            return resolve(text)
        except ValueError as error:
            self.report(mark, self.path, str(error), "write a finite number")
            return None

    def _open(self, event: Any, mark: Mark, is_mapping: bool) -> bool:
        removes = self._node_properties(event, mark)
        level = self.stack[-1] if self.stack else None
        if level is not None and level.is_mapping and level.key is None:
            self.report(mark, self.path, "a key must be a plain name, not a list or a mapping", "write a name")
            level.key, level.key_mark, level.skip = "?", mark, True
            self.stack.append(_Open(mark, is_mapping, skip=True, key="" if not is_mapping else None))
            return True
        if len(self.stack) >= MAX_DEPTH:
            message = f"lists and mappings are nested more than {MAX_DEPTH} deep"
            self.report(mark, "", message, "a scenario needs fewer than 10 levels; check the brackets")
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
            self.report(node.mark, self.path, "an alias cannot be a key", "write a name")
            level.key, level.key_mark, level.skip = "*", node.mark, True
            return
        if not level.skip and level.key_mark is not None:
            level.entries[level.key] = Entry(level.key_mark, node)
        level.key = None


_FAULTS = (
    ("end of stream", "a quoted text{opened} never ends", "close the quotes"),
    (
        "expected ',' or",
        "a bracket{opened} is not closed, or a comma is missing",
        "close it with ] or }, or add the comma",
    ),
    (
        "mapping values are not allowed",
        "a second colon, or an indent that does not fit the line above",
        "align the key with its neighbours, or put the value in quotes if it holds `: `",
    ),
    ("could not find expected ':'", "`{near}` is neither `key: value` nor a list item", "write `key: value`"),
    ("cannot start any token", "a value cannot begin with {sign}", "put the value in quotes"),
    ("expected <block end>", "the indent of this line does not fit the block{opened}", "align it with its neighbours"),
)
"""The parser's problem, what it most likely means, and how to mend it."""


def _syntax(error: Exception, text: str, file: str) -> Finding:
    """Translate a fault of syntax into a finding with a hint."""
    if isinstance(error, ReaderError):
        position = int(error.position)
        line = text.count("\n", 0, position) + 1
        message = f"the character U+{ord(text[position]):04X} cannot stand in a YAML file"
        return Finding("error", file, line, "", message, "delete it (it may be invisible)")
    start = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or start
    line = 1 if mark is None else mark.line + 1
    if start is not None and "simple key" in str(getattr(error, "context", "")):
        line = start.line + 1
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    near = [*text.splitlines(), ""][line - 1]
    opened = "" if start is None else f" that opens on line {start.line + 1}"
    return Finding("error", file, line, "", *_explain(problem, near, opened))


def _explain(problem: str, near: str, opened: str) -> tuple[str, str]:
    """Say what a parser's problem on a line most likely means to a planner, and how to mend it."""
    indent = near[: len(near) - len(near.lstrip())]
    if "\\t" in problem or "\t" in indent:
        return "a tab stands where YAML expects spaces", "indent with spaces"
    if "：" in near and ":" not in near:
        return "this line has a full-width colon `：`", "write a half-width colon and a space, `name: 安置`"
    for sign, message, mend in _FAULTS:
        if sign in problem:
            token = problem.split()[2] if sign == "cannot start any token" else ""
            return message.format(opened=opened, near=near.strip()[:60], sign=token), mend
    return f"not valid YAML: {problem}", "check quotes, colons and indents on this line"
