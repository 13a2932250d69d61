"""A planner's YAML text becomes a tree of marked nodes, or findings that say what to mend.

The tree is built straight from the parser's events: no aliases, no merge keys, no tags (but ``!remove`` inside
``variants``), no duplicate keys.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.events import TreeBuilder
from renewopt.scenario.limits import MAX_SCALAR, MAX_TEXT_BYTES, MAX_VALUES
from renewopt.scenario.nodes import Mapping, Mark
from renewopt.scenario.scalars import colon_hint
from renewopt.scenario.syntax import explain_syntax
from renewopt.wording import NOTHING, Wording, words

__all__ = ["decode", "read_bytes", "read_text"]

_REMOVE = re.compile(r"((?<=[:,\[-] )!remove)(?=[,}\]])")
"""``{key: !remove}``: YAML 1.2 ends the tag at the bracket, the parser only at a space."""
_DIRECTIVE = re.compile(r"(?:[ \t]*+(?:#.*+)?\n)*+(%.*)")
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*")
_BETWEEN = (",", ": ", ":\n", "- ", "-\n", "? ")
"""What stands between two values."""


def read_bytes(path: Path, most: int = MAX_TEXT_BYTES) -> bytes:
    """Read a file whole, with a finding instead of an operating system's error.

    Nothing is read of what is no plain file (a device or a pipe may never end), and never more than the file was long
    when it was opened: what the system makes up while it is read, as below ``/proc``, is empty to us.

    Parameters
    ----------
    path : Path
    most : int
        Largest size in bytes that is read.

    Raises
    ------
    ScenarioError
        If the file is missing, a folder or no plain file, too large, or may not be read.
    """
    mend: Wording = NOTHING
    try:
        with open(path, "rb", opener=_opened) as file:
            # Asked of the open file: a name may come to mean another file in between.
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                message, mend = _no_file()
            elif status.st_size > most:
                message = words("the file is larger than {megabytes} MB", megabytes=most // 1_000_000)
                mend = words("put long lists into a table beside it") if most == MAX_TEXT_BYTES else _SPLIT
            else:
                return file.read(status.st_size)
    except FileNotFoundError:
        message, mend = words("there is no such file"), words("looked for it as {path}", path=path.as_posix())
    except IsADirectoryError:
        message, mend = words("this is a folder, a file was expected"), words("name the scenario's YAML file inside it")
    except (OSError, ValueError, MemoryError) as error:
        if getattr(error, "errno", None) == errno.ENXIO:  # a socket
            message, mend = _no_file()
        else:
            message = words("the file cannot be read ({reason})", reason=getattr(error, "strerror", None) or error)
    raise ScenarioError([Finding("error", path.name or str(path), None, "", message, mend)])


_SPLIT = words("leave out rows and columns that are not needed")


def _opened(path: str, flags: int) -> int:
    """Open a file without waiting for somebody who writes into a pipe, and without taking over a terminal."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


def _no_file() -> tuple[Wording, Wording]:
    return words("this is no plain file (a device, a pipe or a socket)"), words("copy its content into a file")


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


def _refuse_many(text: str, file: str) -> None:
    """Refuse a text of more values than are read, by what stands between them, before it is parsed.

    Raises
    ------
    ScenarioError
        Saying how many there are.
    """
    count, at = sum(map(text.count, _BETWEEN)), _long(text)
    if at >= 0:
        message = words(
            "more than {most:,} {most:character|characters} without a new value begin here", most=MAX_SCALAR
        )
        line = text.count("\n", 0, at) + 1
        raise ScenarioError([Finding("error", file, line, "", message, words("check quotes; shorten it"))])
    if count > MAX_VALUES:
        bare = _COMMENT.sub("", text)
        count = sum(map(bare.count, _BETWEEN))
    if count > MAX_VALUES:
        message = words("about {count:,} {count:value|values}; at most {most:,} are read", count=count, most=MAX_VALUES)
        mend = words("put long lists into a table beside it")
        raise ScenarioError([Finding("error", file, None, "", message, mend)])


def _long(text: str) -> int:
    """Return where a stretch without a new value begins that is longer than any text may be; −1: nowhere."""
    for start in range(0, len(text) - MAX_SCALAR, MAX_SCALAR):
        end = start + MAX_SCALAR
        if all(text.find(sign, start, end) < 0 for sign in _BETWEEN):
            return start
    return -1


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
    _refuse_many(text, file)
    directive = _DIRECTIVE.match(text)
    if directive is not None and directive[1].split() != ["%YAML", "1.2"]:
        line = text.count("\n", 0, directive.start(1)) + 1
        message = words(
            "the directive {directive} is not supported: a scenario is YAML 1.2", directive=directive[1].strip()
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
