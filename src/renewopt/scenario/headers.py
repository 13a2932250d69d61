"""Headers of tables: which column a planner's header means, in English or Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from renewopt.scenario.table_specs import TABLES, Column

__all__ = ["HEADERS", "canonical", "folded"]

_UNIT = re.compile(r"\s*[(\[].*[)\]]\s*$")

HEADERS: dict[str, dict[str, tuple[str, ...]]] = {
    table: {name: (name, *column.headers) for name, column in columns.items()} for table, columns in TABLES.items()
}
"""Table, then column, to every header understood for it."""


def folded(header: str) -> str:
    """Return a header without its unit, its case and its spacing.

    Examples
    --------
    >>> folded(" Moved out ")
    'moved_out'
    >>> folded("面积（㎡）")
    '面积'
    """
    plain = unicodedata.normalize("NFKC", header).strip()
    plain = _UNIT.sub("", plain).strip("*:_ ").casefold()
    return re.sub(r"[\s_\-]+", "_", plain)


def canonical(header: str, columns: Mapping[str, Column]) -> str | None:
    """Return the column that a header names, or None.

    A column's own name goes before the synonyms of another.

    Parameters
    ----------
    header : str
    columns : mapping of str to Column
        By name.
    """
    word = folded(header)
    if word in columns:
        return word
    for name, column in columns.items():
        if any(word == folded(synonym) for synonym in column.headers):
            return name
    return None
