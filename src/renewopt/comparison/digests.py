"""Hashes of what a run depends on."""

from __future__ import annotations

import functools
import hashlib
import json
import sys
import sysconfig
from collections import deque
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

__all__ = ["digest", "key_of", "own_code", "policy_words"]

PACKAGE = "renewopt"
ROOMS = ("policies", "futures", "ledger", "problem", "optimiser", "comparison", "scenario")
PARTS = (
    *(f"{room}/**/*.py" for room in ROOMS),
    "results/choosing.py",
    "results/savings.py",
    "units.py",
    "vocabulary.py",
)
"""Parts of the package that a run's result comes from."""
LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def digest(thing: Any) -> str:
    """SHA-256 of tables: dataclasses, arrays, mappings, lists and plain values."""
    total = hashlib.sha256()
    _feed(total, thing)
    return total.hexdigest()


def _feed(total: Any, thing: Any) -> None:
    if is_dataclass(thing) and not isinstance(thing, type):
        for f in fields(thing):
            total.update(f.name.encode())
            _feed(total, getattr(thing, f.name))
    elif isinstance(thing, np.ndarray):
        total.update(f"{thing.dtype}{thing.shape}".encode())
        total.update(repr(thing.tolist()).encode() if thing.dtype == object else np.ascontiguousarray(thing).tobytes())
    elif isinstance(thing, dict):
        for key, value in thing.items():
            total.update(str(key).encode())
            _feed(total, value)
    elif isinstance(thing, list | tuple):
        total.update(f"[{len(thing)}]".encode())
        for item in thing:
            _feed(total, item)
    else:
        total.update(repr(thing).encode())


def key_of(**inputs: Any) -> str:
    """Short hash of named inputs, written as JSON."""
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@functools.cache
def own_code() -> str:
    """Hash of the package's own text, so that another state of it resumes nothing."""
    total = hashlib.sha256()
    root = Path(__file__).parents[1]
    for path in sorted(path for part in PARTS for path in root.glob(part)):
        total.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def policy_words(policy: Any) -> str:
    """Say which policy it is: its name, its parameters, and the code that it consists of.

    What ships is known by its name here, since `own_code` stands for its text.
    """
    total = _Inputs()
    total.add(policy)
    kind = type(policy)
    return f"{policy.name} {kind.__module__}.{kind.__qualname__} {total.hexdigest()}"


class _Inputs:
    """A hash of objects and of the code behind them, the same in every process: no address is in it.

    Classes count with their bases, methods and attributes, functions with what they close over; both with the whole
    text of their module. Objects count by what would be pickled.
    """

    def __init__(self) -> None:
        self._total = hashlib.sha256()
        self._met: dict[int, tuple[int, Any]] = {}
        self._later: deque[Any] = deque()
        self._texts: dict[str | None, str] = {}

    def hexdigest(self) -> str:
        """Hash of everything that was added, and of the code behind it."""
        while self._later:
            self._add_new(self._later.popleft())
        return self._total.hexdigest()

    def add(self, thing: Any) -> None:
        """Add a thing and what it refers to."""
        self._say(type(thing).__name__)
        if thing is None or isinstance(thing, str | bytes | int | float | complex | np.generic):
            self._say(repr(thing))
        elif isinstance(thing, np.ndarray):
            self._say(digest(thing))
        elif id(thing) in self._met:
            self._say(self._met[id(thing)][0])
        else:
            # What was met is kept, so that no other thing gets its id.
            self._met[id(thing)] = len(self._met), thing
            if isinstance(thing, type | FunctionType | ModuleType):
                # Functions that call functions would go deeper than Python can.
                self._later.append(thing)
            else:
                self._add_new(thing)

    def _say(self, word: object) -> None:
        self._total.update(f"{word}\0".encode())

    def _add_new(self, thing: Any) -> None:
        if isinstance(thing, CodeType):
            self._add_code(thing)
        elif isinstance(thing, type):
            self._add_class(thing)
        elif isinstance(thing, FunctionType):
            self._add_function(thing)
        elif isinstance(thing, ModuleType):
            self._say(thing.__name__)
            self._add_text(thing.__name__)
        elif isinstance(thing, BuiltinFunctionType):
            self._say(f"{thing.__module__}.{thing.__qualname__}")
        elif isinstance(thing, staticmethod | classmethod):
            self.add(thing.__func__)
        elif isinstance(thing, property):
            self._add_all((thing.fget, thing.fset, thing.fdel))
        elif isinstance(thing, dict):
            self._add_all(part for pair in thing.items() for part in pair)
        elif isinstance(thing, list | tuple):
            self._add_all(thing)
        elif isinstance(thing, set | frozenset):
            self._add_all(sorted(map(_alone, thing)))
        elif is_dataclass(thing):
            self._add_state(thing)
        else:
            self._add_object(thing)

    def _add_all(self, things: Iterable[Any]) -> None:
        listed = list(things)
        self._say(len(listed))
        for thing in listed:
            self.add(thing)

    def _add_state(self, thing: Any) -> None:
        """Add a dataclass: its fields but those that do not make two of them differ, and other attributes."""
        kind = type(thing)
        no_input = {f.name for f in fields(thing) if not f.compare}
        names = {f.name for f in fields(thing)} | set(getattr(thing, "__dict__", ()))
        self.add(kind)
        for name in sorted(names - no_input):
            # What is remembered (cached_property) follows from the rest.
            if hasattr(thing, name) and not isinstance(getattr(kind, name, None), functools.cached_property):
                self._add_all((name, getattr(thing, name)))

    def _add_object(self, thing: Any) -> None:
        try:
            parts = thing.__reduce_ex__(4)
        except Exception:  # noqa: BLE001 - an open file, a lock: what is in it is no input
            self.add(type(thing))
            return
        if isinstance(parts, str):
            self._say(parts)
            self.add(getattr(thing, "__wrapped__", None))
            return
        self._add_all(parts[:3])
        self._add_all(parts[3] or () if len(parts) > 3 else ())
        self._add_all(parts[4] or () if len(parts) > 4 else ())

    def _add_class(self, kind: type) -> None:
        self._say(f"{kind.__module__}.{kind.__qualname__}")
        if _ships(kind.__module__) or kind.__module__ == "builtins":
            return
        self._add_text(kind.__module__)
        self._add_all(kind.__mro__[1:])
        for name, value in sorted(vars(kind).items()):
            if not name.startswith("__") or isinstance(value, FunctionType):
                self._add_all((name, value))

    def _add_function(self, function: FunctionType) -> None:
        self._say(f"{function.__module__}.{function.__qualname__}")
        if _ships(function.__module__):
            return
        self.add(function.__code__)
        self._add_all((function.__defaults__, function.__kwdefaults__))
        self._add_all(_content(cell) for cell in function.__closure__ or ())
        told = self._add_text(function.__module__)
        if _installed(function.__module__):
            return
        # The text of a module has its values; what it only imports, and what is written in a notebook, has none.
        for name in sorted(_names(function.__code__) & function.__globals__.keys()):
            value = function.__globals__[name]
            if not told or isinstance(value, type | FunctionType | ModuleType):
                self._add_all((name, value))

    def _add_code(self, code: CodeType) -> None:
        self._say(code.co_code.hex())
        self._add_all((code.co_consts, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars))

    def _add_text(self, module: str | None) -> bool:
        """Add the text of a module; whether it has one."""
        if module not in self._texts:
            path = _file(module)
            self._texts[module] = "" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()
        self._say(self._texts[module])
        return self._texts[module] != ""


def _alone(thing: Any) -> str:
    total = _Inputs()
    total.add(thing)
    return total.hexdigest()


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _names(code: CodeType) -> set[str]:
    """Names that a function looks up, and those that the functions within it do."""
    inner = (_names(each) for each in code.co_consts if isinstance(each, CodeType))
    return set(code.co_names).union(*inner)


def _ships(module: str | None) -> bool:
    return (module or "").partition(".")[0] == PACKAGE


def _file(module: str | None) -> Path | None:
    found = getattr(sys.modules.get(module or ""), "__file__", None)
    path = None if found is None else Path(found)
    return path if path is not None and path.suffix == ".py" and path.is_file() else None


def _installed(module: str | None) -> bool:
    """Whether a module belongs to Python or to a library, which is not looked into any further."""
    path = _file(module)
    return path is not None and str(path).startswith(LIBRARIES)
