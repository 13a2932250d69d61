"""Arguments of the public functions: of the kind that was asked for, or refused in words before anything is done."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from decimal import Decimal
from numbers import Real
from typing import Any

from renewopt.wording import LANGUAGES, Names, Wording, words

__all__ = [
    "GAP",
    "a_call",
    "a_gap",
    "a_language",
    "a_path",
    "a_text",
    "is_gap",
    "is_number",
    "one_of",
    "texts",
    "yes_or_no",
]

GAP = words("a fraction from 0 to less than 1, such as 0.01")
"""What a gap may be."""


def _wrong(name: str, value: object, expected: Wording) -> TypeError:
    return TypeError(
        words("{name} {value}: expected {expected}", name=name, value=repr(value)[:100], expected=expected)
    )


def a_path(name: str, value: object) -> None:
    """Refuse what is no path.

    Raises
    ------
    TypeError
    """
    if not isinstance(value, str | os.PathLike):
        raise _wrong(name, value, words("a path"))


def a_text(name: str, value: object, expected: Wording, *, none: bool = True) -> None:
    """Refuse what is neither a text nor, where that may be, None.

    Raises
    ------
    TypeError
    """
    if not (isinstance(value, str) or (none and value is None)):
        raise _wrong(name, value, expected)


def texts(name: str, value: object, expected: Wording, *, also: str = "") -> None:
    """Refuse what is neither a text, nor None, nor a list of texts and Nones (or of what has the method `also`).

    Raises
    ------
    TypeError
    """
    if value is None or isinstance(value, str):
        return
    if not isinstance(value, Iterable) or isinstance(value, bytes):
        raise _wrong(name, value, expected)
    for item in value if isinstance(value, list | tuple | set | frozenset) else ():
        if not (isinstance(item, str) or (item is None and not also) or (also and callable(getattr(item, also, None)))):
            raise _wrong(name, item, expected)


def is_number(value: object) -> bool:
    """Whether a value is a number: no text of one, no yes or no."""
    return isinstance(value, Real | Decimal) and not isinstance(value, bool)


def a_language(value: object) -> None:
    """Refuse what is no language.

    Raises
    ------
    ValueError
    """
    one_of("lang", value, LANGUAGES)


def one_of(name: str, value: object, known: Collection[str]) -> None:
    """Refuse what is no word of a closed list.

    Raises
    ------
    ValueError
    """
    if not isinstance(value, str) or value not in known:
        raise ValueError(
            words("{name} {value}: expected one of {names}", name=name, value=repr(value)[:100], names=Names(known))
        )


def is_gap(value: Any) -> bool:
    """Whether a value is a gap at which a search may stop."""
    return is_number(value) and bool(0 <= value < 1)


def a_gap(value: object) -> None:
    """Refuse what is no gap.

    Raises
    ------
    ValueError
    """
    if not is_gap(value):
        raise ValueError(words("gap {value}: expected {expected}", value=repr(value)[:100], expected=GAP))


def yes_or_no(name: str, value: object) -> None:
    """Refuse what is neither True nor False.

    Raises
    ------
    TypeError
    """
    if not isinstance(value, bool):
        raise _wrong(name, value, words("True or False"))


def a_call(name: str, value: object) -> None:
    """Refuse what can neither be called nor is None.

    Raises
    ------
    TypeError
    """
    if value is not None and not callable(value):
        raise _wrong(name, value, words("a function, or None"))
