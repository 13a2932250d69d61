"""Tables in an order of their own: where a row stands in a file says nothing, so it changes nothing.

Households stand by id, numbers in it by size (H2 before H10); quotes and steps of fee curves by household, then by all
that they say. Everything after this, ties in a rule of thumb among it, goes by that order. Lists of a scenario's file
(projects, estates, funds …) keep theirs: a planner may mean something by it.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from renewopt.problem.compiling.households import table
from renewopt.scenario.models import Scenario

__all__ = ["in_order", "natural"]

_NUMBER = re.compile(r"\d+")
DIGITS = 20
"""Longer numbers in ids are compared sign by sign."""


def in_order(scenario: Scenario) -> Scenario:
    """Return a scenario whose tables are in their own order; the given one if they are."""
    update = {
        name: _sorted(table(frame), by)
        for name, frame, by in (
            ("households", scenario.households, "id"),
            ("quotes", scenario.quotes, "household"),
            ("fee_curves", scenario.fee_curves, "household"),
            ("fee_parts", scenario.fee_parts, "household"),
        )
        if frame is not None
    }
    changed = {name: frame for name, frame in update.items() if frame is not getattr(scenario, name)}
    return scenario.model_copy(update=changed) if changed else scenario


def _sorted(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sort rows; the same table if they are sorted."""
    ids = [str(each) for each in frame[by]]
    keys: list[Any] = [natural(each) for each in ids]
    if len(set(ids)) < len(ids):
        # What rows say besides, as it would be written; of equal rows it does not matter which comes first.
        rest = frame.drop(columns=by).itertuples(index=False, name=None)
        keys = [(*key, *map(_comparable, cells)) for key, cells in zip(keys, rest, strict=True)]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if order == list(range(len(keys))):
        return frame
    return frame.iloc[order].reset_index(drop=True)


def natural(text: str) -> tuple[str, str]:
    """Key by which ids are sorted, numbers in them by size.

    Examples
    --------
    >>> sorted(["H10", "H2"], key=natural)
    ['H2', 'H10']
    """
    return _NUMBER.sub(_padded, text), text


def _padded(digits: re.Match[str]) -> str:
    return digits[0].zfill(DIGITS)


def _comparable(cell: Any) -> Any:
    """A number as it is (an empty cell before all others), everything else as it is written."""
    if isinstance(cell, int | float | np.number):
        return -np.inf if np.isnan(cell) else cell
    return repr(cell)
