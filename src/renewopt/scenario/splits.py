"""Households that were split from another: what they do not state, that one states."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["carry_on", "ruling_project"]

EMPTY = {"moved_out": -1, "term": -1, "term_class": "", "fee_policy": "", "home_policy": ""}
"""Columns that are carried on, and what an empty cell of them holds."""


def carry_on(frame: pd.DataFrame) -> pd.DataFrame:
    """Fill the empty cells of split households from the one that they were split from; the same table if there is none.

    What that one leaves open its project says (`ruling_project`).

    Parameters
    ----------
    frame : DataFrame
        Households.
    """
    rows, source = _split(frame)
    if not rows.size:
        return frame
    filled = frame.copy()
    columns = {name: frame[name].to_numpy().copy() for name in (*EMPTY, "moved_out_day")}
    # The day goes with the month that it is stated for.
    same = (columns["moved_out"][rows] < 0) & (columns["moved_out_day"][rows] < 0)
    columns["moved_out_day"][rows[same]] = columns["moved_out_day"][source[same]]
    # A class of its own is a term of its own.
    classed = columns["term_class"][rows] != ""
    for name, empty in EMPTY.items():
        blank = columns[name][rows] == empty
        if name == "term":
            blank &= ~classed
        columns[name][rows[blank]] = columns[name][source[blank]]
    for name, cells in columns.items():
        filled[name] = cells
    return filled


def ruling_project(frame: pd.DataFrame) -> pd.Series[str]:
    """Project that says what a row leaves open: its own; of a split household, that of the one it was split from.

    Parameters
    ----------
    frame : DataFrame
        Households.
    """
    rows, source = _split(frame)
    projects = frame["project"].to_numpy(dtype=object).copy()
    projects[rows] = projects[source]
    return pd.Series(projects, index=frame.index, dtype=object)


def _split(frame: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows that were split from others, and the rows of these."""
    rows = np.flatnonzero(frame["split_from"].to_numpy() != "")
    if not rows.size:
        return rows, rows
    source = pd.Index(frame["id"]).get_indexer(pd.Index(frame["split_from"].iloc[rows]))
    return rows[source >= 0], source[source >= 0]
