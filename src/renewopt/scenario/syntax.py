"""Faults of YAML syntax in the planner's words."""

from __future__ import annotations

from ruamel.yaml.reader import ReaderError

from renewopt.errors import Finding

__all__ = ["explain_syntax"]

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
    ("expected ' ', but found", "a tag is not allowed here", "delete the tag"),
    ("cannot start any token", "a value cannot begin with {sign}", "put the value in quotes"),
    ("expected <block end>", "the indent of this line does not fit the block{opened}", "align it with its neighbours"),
)
"""The parser's problem, what it most likely means, and how to mend it."""


def explain_syntax(error: Exception, text: str, file: str) -> Finding:
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
    lines = [*text.splitlines(), ""]
    if line > 1 and _unseen_colon(lines[line - 2]) and not _unseen_colon(lines[line - 1]):
        line -= 1
    near = lines[line - 1]
    opened = "" if start is None else f" that opens on line {start.line + 1}"
    return Finding("error", file, line, "", *_explain(problem, near, opened))


def _unseen_colon(line: str) -> bool:
    """Whether a line has a full-width colon, which YAML does not see, and no other."""
    return "：" in line and ":" not in line


def _explain(problem: str, near: str, opened: str) -> tuple[str, str]:
    """Say what a parser's problem on a line most likely means to a planner, and how to mend it."""
    indent = near[: len(near) - len(near.lstrip())]
    if "\\t" in problem or "\t" in indent:
        return "a tab stands where YAML expects spaces", "indent with spaces"
    if _unseen_colon(near):
        return "this line has a full-width colon `：`", "write a half-width colon and a space, `name: 安置`"
    for sign, message, mend in _FAULTS:
        if sign in problem:
            token = problem.split()[2] if sign == "cannot start any token" else ""
            return message.format(opened=opened, near=near.strip()[:60], sign=token), mend
    return f"not valid YAML: {problem}", "check quotes, colons and indents on this line"
