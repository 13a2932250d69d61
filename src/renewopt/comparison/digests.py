"""Hashes of what a run depends on."""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

__all__ = ["digest", "key_of", "policy_words"]


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


def policy_words(policy: Any) -> str:
    """Say which policy it is, with its parameters and, where it can be read, its code."""
    kind = type(policy)
    try:
        code = hashlib.sha256(inspect.getsource(kind).encode()).hexdigest()
    except (OSError, TypeError):
        code = ""
    shown = repr(policy) if is_dataclass(policy) else repr(sorted(vars(policy).items()))
    return f"{kind.__module__}.{kind.__qualname__} {shown} {code}"


def key_of(**inputs: Any) -> str:
    """Short hash of named inputs, written as JSON."""
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
