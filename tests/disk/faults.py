"""Lets each call to the system fail in turn: once, from then on, or as if the process had been killed at that call.

What is patched are the calls themselves, and only for what lies below one folder: whoever writes past the room of
writing is met all the same. Nothing is written down to the disk: fsync is counted, and left out.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BY_PATH = ("mkdir", "rmdir", "unlink", "rename", "replace", "chmod")
BY_FILE = ("write", "fsync")
OPERATIONS = ("open", *BY_FILE, *BY_PATH)
MODES = ("once", "full", "dead", "killed")
"""Fails once; the disk is full from then on; nothing works any more; the process is gone."""
GROWING = {"open", "write", "fsync", "mkdir"}
ERRORS = {"once": errno.EIO, "full": errno.ENOSPC, "dead": errno.EIO}


class Killed(BaseException):
    """The process is gone: nothing that it would still do reaches the disk."""


class Faults:
    """Counts calls, and lets one fail.

    Parameters
    ----------
    monkeypatch
    root
        Only what lies below counts.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self.count = 0
        self.at: int | None = None
        self.mode = "once"
        self.failed = False
        self.met: list[str] = []
        self.trail: list[tuple[str, Path]] = []
        self._files: dict[int, Path] = {}
        self._real: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in (*OPERATIONS, "close")}
        monkeypatch.setattr(os, "open", self._open)
        monkeypatch.setattr(os, "close", self._close)
        for name in BY_FILE:
            monkeypatch.setattr(os, name, self._by_file(name))
        for name in BY_PATH:
            monkeypatch.setattr(os, name, self._by_path(name))

    @contextmanager
    def armed(self, mode: str, at: int) -> Iterator[None]:
        """Within, the call with number `at` (from 0) fails."""
        self.count, self.at, self.mode, self.failed, self.met, self.trail = 0, at, mode, False, [], []
        try:
            yield
        finally:
            self.at = None
            self.failed = False

    def _check(self, name: str, path: Any) -> None:
        if self.at is None:
            return
        self.trail.append((name, Path(path)))
        here, self.count = self.count, self.count + 1
        self.met.append(name)
        if self.failed and (self.mode == "dead" or (self.mode == "full" and name in GROWING)):
            raise OSError(ERRORS[self.mode], os.strerror(ERRORS[self.mode]))
        if self.failed and self.mode == "killed":
            raise Killed
        if here == self.at:
            self.failed = True
            if self.mode == "killed":
                raise Killed
            raise OSError(ERRORS[self.mode], os.strerror(ERRORS[self.mode]))

    def _below(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and (Path.cwd() / path).is_relative_to(self.root)

    def _open(self, path: Any, flags: int, *more: Any, **other: Any) -> int:
        if not self._below(path) or flags & os.O_NONBLOCK:  # what is only read fails by itself, elsewhere
            return int(self._real["open"](path, flags, *more, **other))
        self._check("open", path)
        file = int(self._real["open"](path, flags, *more, **other))
        self._files[file] = Path(path)
        return file

    def _close(self, file: int) -> None:
        self._files.pop(file, None)
        self._real["close"](file)

    def _by_file(self, name: str) -> Callable[..., Any]:
        def call(file: int, *more: Any) -> Any:
            if file not in self._files:
                return self._real[name](file, *more)
            self._check(name, self._files[file])
            return None if name == "fsync" else self._real[name](file, *more)

        return call

    def _by_path(self, name: str) -> Callable[..., Any]:
        def call(path: Any, *more: Any, **other: Any) -> Any:
            if self._below(path):
                self._check(name, path)
            return self._real[name](path, *more, **other)

        return call


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, every folder, and where links lead, by name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = os.fsencode(path.readlink())
        elif path.is_dir():
            found[f"{name}/"] = b""
        else:
            found[name] = path.read_bytes()
    return found
