"""Faults of YAML syntax in the planner's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ruamel.yaml.reader import ReaderError

from renewopt.errors import Finding
from renewopt.wording import NOTHING, Wording, words

__all__ = ["explain_syntax"]


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a fault: the bracket or quote that is open, the line, the sign that cannot stand there."""

    opened: Wording
    near: str
    sign: str


_FAULTS: tuple[tuple[str, Callable[[Around], Wording], Wording], ...] = (
    (
        "end of stream",
        lambda at: words("a quoted text{opened} never ends", opened=at.opened),
        words("close the quotes"),
    ),
    (
        "expected ',' or",
        lambda at: words("a bracket{opened} is not closed, or a comma is missing", opened=at.opened),
        words("close it with ] or }}, or add the comma"),
    ),
    (
        "mapping values are not allowed",
        lambda _: words("a second colon, or an indent that does not fit the line above"),
        words("align the key with its neighbours, or put the value in quotes if it holds `: `"),
    ),
    (
        "could not find expected ':'",
        lambda at: words("`{near}` is neither `key: value` nor a list item", near=at.near),
        words("write `key: value`"),
    ),
    (
        "expected ' ', but found",
        lambda _: words("a tag is not allowed here"),
        words("delete the tag"),
    ),
    (
        "cannot start any token",
        lambda at: words("a value cannot begin with {sign}", sign=at.sign),
        words("put the value in quotes"),
    ),
    (
        "found unknown escape",
        lambda _: words("a backslash in double quotes begins an escape that YAML does not know"),
        words("write two backslashes, or single quotes"),
    ),
    (
        "expected <block end>",
        lambda at: words("the indent of this line does not fit the block{opened}", opened=at.opened),
        words("align it with its neighbours"),
    ),
)
"""The parser's problem, what it most likely means, and how to mend it."""


def explain_syntax(error: Exception, text: str, file: str) -> Finding:
    """Translate a fault of syntax into a finding with a hint."""
    if isinstance(error, ReaderError):
        position = int(error.position)
        line = text.count("\n", 0, position) + 1
        message = words("the character U+{code:04X} cannot stand in a YAML file", code=ord(text[position]))
        return Finding("error", file, line, "", message, words("delete it (it may be invisible)"))
    start = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or start
    line = 1 if mark is None else mark.line + 1
    if start is not None and "simple key" in str(getattr(error, "context", "")):
        line = start.line + 1
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    lines = [*text.splitlines(), ""]
    if line > 1 and _unseen_colon(lines[line - 2]) and not _unseen_colon(lines[line - 1]):
        line -= 1
    near = lines[line - 1]
    opened = NOTHING if start is None else words(" that opens on line {line}", line=start.line + 1)
    return Finding("error", file, line, "", *_explain(problem, near, opened))


def _unseen_colon(line: str) -> bool:
    """Whether a line has a full-width colon, which YAML does not see, and no other."""
    return "：" in line and ":" not in line


def _explain(problem: str, near: str, opened: Wording) -> tuple[Wording, Wording]:
    """Say what a parser's problem on a line most likely means to a planner, and how to mend it."""
    indent = near[: len(near) - len(near.lstrip())]
    if "\\t" in problem or "\t" in indent:
        return words("a tab stands where YAML expects spaces"), words("indent with spaces")
    if _unseen_colon(near):
        return words("this line has a full-width colon `：`"), words(
            "write a half-width colon and a space, `name: 安置`"
        )
    for sign, said, mend in _FAULTS:
        if sign in problem:
            token = problem.split()[2] if sign == "cannot start any token" else ""
            return said(Around(opened, near.strip()[:60], token)), mend
    return words("not valid YAML: {problem}", problem=problem), words("check quotes, colons and indents on this line")
