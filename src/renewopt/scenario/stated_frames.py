"""DataFrames where a scenario that is built in Python may list items: projects, funds, works, stages and the like."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["items_of", "with_items"]


def items_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Write a DataFrame as items, one for each row; an empty cell states nothing, a date its month.

    Examples
    --------
    >>> items_of(pd.DataFrame({"id": ["a", "b"], "deadline": [pd.Timestamp("2025-06-01"), None], "weight": [2, 1]}))
    [{'id': 'a', 'deadline': '2025-06', 'weight': 2}, {'id': 'b', 'weight': 1}]
    """
    rows: list[dict[Hashable, Any]] = frame.to_dict("records")
    return [{str(name): _plain(cell) for name, cell in row.items() if not _blank(cell)} for row in rows]


def _blank(cell: Any) -> bool:
    return cell is None or (pd.api.types.is_scalar(cell) and (pd.isna(cell) or cell == ""))


def _plain(cell: Any) -> Any:
    match cell:
        case pd.Timestamp() | pd.Period():
            return f"{cell.year:04d}-{cell.month:02d}"
        case np.bool_() | np.integer() | np.floating():
            return cell.item()
        case float() if cell.is_integer():
            # A column of whole numbers with a gap is one of floats.
            return int(cell)
        case _:
            return cell


def with_items(stated: Mapping[str, Any], but: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Write the DataFrames among what is stated as items, but for those of the tables `but`."""
    return {
        name: items_of(value) if isinstance(value, pd.DataFrame) and name not in but else value
        for name, value in stated.items()
    }
