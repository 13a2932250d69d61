"""What a plain scalar of YAML means: the core schema of YAML 1.2, one step stricter.

``yes``, ``no``, ``on``, ``off`` and ``2024-06`` are strings; so is ``007``, which is more likely an id than a number.
"""

from __future__ import annotations

import math
import re

from renewopt.scenario.limits import MAX_DIGITS
from renewopt.scenario.nodes import Node, Scalar, ScalarValue
from renewopt.wording import NOTHING, Wording, words

__all__ = ["NULLS", "colon_hint", "resolve"]

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def resolve(text: str) -> ScalarValue:
    """Type a plain scalar by the core schema of YAML 1.2; whole numbers with a leading zero stay text.

    Raises
    ------
    ValueError
        If it is not finite, or too long to be a number of anything.
    """
    if text in NULLS:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(words("{text} is not a number that can be planned with", text=text))
    if _INT.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(words("a number of {count} {count:digit|digits} is not plausible", count=len(text)))
        padded = re.fullmatch(r"[-+]?0[0-9]+", text)
        return text if padded else int(text, 0)
    if _FLOAT.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(words("a number of {count} {count:digit|digits} is not plausible", count=len(text)))
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(words("{text} is too large a number", text=text[:40]))
        return number
    return text


def colon_hint(node: Node) -> Wording:
    """Hint at a colon that YAML does not see, in a text that stands where a mapping was expected."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and not node.quoted:
        if "：" in node.value:
            return words("use a half-width colon and a space (`name: 安置`), not the full-width `：`")
        if ":" in node.value:
            return words("write a space after the colon")
    return NOTHING
