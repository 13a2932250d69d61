"""Digests of what a run depends on: tables, policies with their code, and the package itself.

Code counts as it is parsed: an edited comment, docstring or layout changes nothing, edited logic does.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import sys
import sysconfig
from collections import deque
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

__all__ = ["digest", "key_of", "own_code", "policy_words"]

PACKAGE = "renewopt"
ROOMS = ("policies", "futures", "ledger", "problem", "optimiser", "comparison", "scenario", "scheduling")
PARTS = (
    *(f"{room}/**/*.py" for room in ROOMS),
    "results/choosing.py",
    "results/programme.py",
    "results/savings.py",
    "results/starting.py",
    "units.py",
    "vocabulary.py",
)
"""Parts of the package that a run's result comes from."""
STANDARD = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib")})
WRAPPED = ("__func__", "__wrapped__", "func", "fget", "fset", "fdel")
"""What static and class methods, properties and other wrappers hold."""


def key_of(**inputs: Any) -> str:
    """Short hash of named inputs, written as JSON."""
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@functools.cache
def own_code(*more: str) -> str:
    """Hash of the package's code: runs made by other code are not resumed.

    Parameters
    ----------
    *more
        Parts of the package that a result comes from besides, as in `PARTS`.
    """
    root = Path(__file__).parents[1]
    paths = sorted(path for part in (*PARTS, *more) for path in root.glob(part))
    return digest([(path.relative_to(root).as_posix(), _code(path.read_bytes())) for path in paths])


def policy_words(policy: Any) -> str:
    """Name a policy with its parameters and code; code that ships counts by its name, since `own_code` has it."""
    kind = type(policy)
    return f"{policy.name} {kind.__module__}.{kind.__qualname__} {digest(policy)}"


def digest(thing: Any) -> str:
    """SHA-256 of a thing, of all that it refers to and of the code behind it; the same in every process."""
    total, met, later = hashlib.sha256(), dict[int, tuple[int, Any]](), deque[Any]()

    def add(one: Any) -> None:
        said: object = type(one).__name__
        if one is None or isinstance(one, str | bytes | int | float | complex | np.generic):
            said = said, one
        elif isinstance(one, np.ndarray):
            said = said, str(one.dtype), one.shape, one.tolist() if one.dtype == object else None
            total.update(b"" if one.dtype == object else np.ascontiguousarray(one).tobytes())
        elif id(one) in met:
            said = said, met[id(one)][0]
        else:
            # What was met is kept, so that no other thing gets its id; functions that call functions would go too deep.
            met[id(one)] = len(met), one
            later.append(one) if isinstance(one, type | FunctionType | ModuleType) else add_parts(one)
        total.update(f"{said!r}\0".encode())

    def add_parts(one: Any) -> None:
        parts = _parts(one)
        total.update(f"{len(parts)}\0".encode())
        for part in parts:
            add(part)

    add(thing)
    while later:
        add_parts(later.popleft())
    return total.hexdigest()


def _parts(thing: Any) -> list[Any]:  # noqa: PLR0911 - one for each kind
    """What a thing consists of, in an order that is the same in every process."""
    if isinstance(thing, ModuleType):
        return [thing.__name__] if _ships(thing.__name__) else [thing.__name__, _text(thing), *_held(thing)]
    if isinstance(thing, type | FunctionType):
        name, module = f"{thing.__module__}.{thing.__qualname__}", sys.modules.get(thing.__module__)
        if _ships(thing.__module__):
            return [name]
        return [name, module, *(_of_class(thing) if isinstance(thing, type) else _of_function(thing, _text(module)))]
    if isinstance(thing, CodeType):
        return [thing.co_code, thing.co_consts, thing.co_names, thing.co_varnames, thing.co_freevars, thing.co_cellvars]
    if isinstance(thing, dict):
        return list(thing.items())
    if isinstance(thing, list | tuple):
        return list(thing)
    if isinstance(thing, set | frozenset):
        return sorted(map(digest, thing))
    if is_dataclass(thing):
        # Fields that do not make two of them differ do not count; what is remembered (cached_property) follows.
        kind, no_input = type(thing), {f.name for f in fields(thing) if not f.compare}
        names = sorted(({f.name for f in fields(thing)} | set(getattr(thing, "__dict__", ()))) - no_input)
        count = [n for n in names if not isinstance(getattr(kind, n, None), functools.cached_property)]
        return [kind, *((name, getattr(thing, name)) for name in count if hasattr(thing, name))]
    try:
        found = (thing.cell_contents,) if isinstance(thing, CellType) else thing.__reduce_ex__(4)
    except Exception:  # noqa: BLE001 - an empty cell, an open file, a lock: what is in it is no input
        found = (type(thing),)
    reduced = (found,) if isinstance(found, str) else found
    parts = [list(each) if isinstance(each, Iterator) else each for each in reduced]
    return [*parts, *(getattr(thing, name, None) for name in WRAPPED)]


def _ships(module: str | None) -> bool:
    return (module or "").partition(".")[0] in (PACKAGE, "builtins")


def _of_class(kind: type) -> list[Any]:
    own = [(n, value) for n, value in vars(kind).items() if not n.startswith("__") or isinstance(value, FunctionType)]
    return [*kind.__mro__[1:], *sorted(own, key=lambda pair: pair[0])]


def _of_function(function: FunctionType, text: str) -> list[Any]:
    """What it closes over; where no text tells its code, as in a notebook, that code and the values that it names."""
    parts: list[Any] = [function.__defaults__, function.__kwdefaults__, function.__closure__]
    if text:
        return parts
    code, known = function.__code__, function.__globals__
    if code.co_consts[:1] == (function.__doc__,):
        code = code.replace(co_consts=(None, *code.co_consts[1:]))
    return [*parts, code, *((name, known[name]) for name in sorted(_names(code)) if name in known)]


def _names(code: CodeType) -> set[str]:
    """Names that a function looks up, and those that the functions within it do."""
    return set(code.co_names).union(*(_names(each) for each in code.co_consts if isinstance(each, CodeType)))


def _is_library(path: Path) -> bool:
    return str(path).startswith(STANDARD) or not {"site-packages", "dist-packages"}.isdisjoint(path.parts)


def _text(module: ModuleType | None) -> str:
    path = Path(getattr(module, "__file__", None) or "")
    if path.suffix != ".py" or not path.is_file():
        return ""
    content = path.read_bytes()
    return hashlib.sha256(content).hexdigest() if _is_library(path) else _code(content)


def _held(module: ModuleType) -> list[ModuleType]:
    """Modules that one holds, or whose classes and functions it holds; libraries are not looked into any further."""
    if not _text(module) or _is_library(Path(str(module.__file__))):
        return []
    held = [each for each in vars(module).values() if isinstance(each, type | FunctionType | ModuleType)]
    names = {each.__name__ if isinstance(each, ModuleType) else str(each.__module__) for each in held}
    return [sys.modules[name] for name in sorted(names) if name in sys.modules]


@functools.cache
def _code(content: bytes) -> str:
    """Hash of a module's code without strings that stand by themselves: docstrings, words about a constant."""
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(body := getattr(node, "body", None), list):
            body[:] = [one for one in body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()
