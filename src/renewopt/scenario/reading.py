"""A planner's YAML text becomes a tree of marked nodes, or findings that say what to mend.

The tree is built straight from the parser's events: no aliases, no merge keys, no tags (but ``!remove`` inside
``variants``), no duplicate keys.
"""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.events import TreeBuilder
from renewopt.scenario.nodes import Mapping, Mark
from renewopt.scenario.scalars import colon_hint
from renewopt.scenario.syntax import explain_syntax
from renewopt.wording import NOTHING, words

__all__ = ["MAX_BYTES", "decode", "read_bytes", "read_text"]

MAX_BYTES = 20_000_000
"""Largest YAML file read; longer lists belong in a table beside it."""
_REMOVE = re.compile(r"((?<=[:,\[-] )!remove)(?=[,}\]])")
"""``{key: !remove}``: YAML 1.2 ends the tag at the bracket, the parser only at a space."""
_DIRECTIVE = re.compile(r"([ \t]*(?:#.*)?\n)*(%.*)")


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
        message, mend = (
            words("the file is larger than {megabytes} MB", megabytes=most // 1_000_000),
            words("put long lists into a table beside it"),
        )
    except FileNotFoundError:
        message, mend = words("there is no such file"), words("looked for it as {path}", path=path.as_posix())
    except IsADirectoryError:
        message, mend = words("this is a folder, a file was expected"), words("name the scenario's YAML file inside it")
    except (OSError, ValueError) as error:
        message, mend = (
            words("the file cannot be read ({reason})", reason=getattr(error, "strerror", None) or error),
            NOTHING,
        )
    raise ScenarioError([Finding("error", path.name or str(path), None, "", message, mend)])


def decode(data: bytes, file: str) -> str:
    """Decode UTF-8, with or without a byte order mark.

    Raises
    ------
    ScenarioError
        If the bytes are not UTF-8; the finding names the encoding they are more likely in.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        finding = Finding(
            "error", file, 1, "", words("the file is UTF-16, UTF-8 was expected"), words("save it as UTF-8")
        )
        raise ScenarioError([finding])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        guess = words("the file is not UTF-8 text")
    else:
        guess = words("the file is not UTF-8; it looks like GBK / GB18030")
    raise ScenarioError([Finding("error", file, line, "", guess, words("save it as UTF-8 (另存为 UTF-8)"))])


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
    builder = TreeBuilder(file)
    text = text.removeprefix("\ufeff")
    directive = _DIRECTIVE.match(text)
    if directive is not None and directive[2].split() != ["%YAML", "1.2"]:
        line = text.count("\n", 0, directive.start(2)) + 1
        message = words(
            "the directive {directive} is not supported: a scenario is YAML 1.2", directive=directive[2].strip()
        )
        raise ScenarioError([Finding("error", file, line, "", message, words("delete the line"))])
    try:
        for event in YAML(typ="safe", pure=True).parse(_REMOVE.sub(r"\1 ", text)):
            if builder.take(event):
                break
    except (YAMLError, ValueError, AssertionError) as error:
        builder.findings.append(explain_syntax(error, text, file))
    root = builder.root
    if root is None and not builder.findings:
        builder.report(
            Mark(file, 1), "", words("the file is empty"), words("run `renewopt init DIR` for a commented starter")
        )
    elif root is not None and not isinstance(root, Mapping) and not builder.findings:
        mend = colon_hint(root) or words("write `name: ...` and the other sections at the left margin")
        builder.report(root.mark, "", words("a scenario is a mapping of keys to values at its top level"), mend)
    if builder.findings or not isinstance(root, Mapping):
        raise ScenarioError(builder.findings)
    return root
