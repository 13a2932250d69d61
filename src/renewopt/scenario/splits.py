"""Households that were split from another: what they do not state, that one states."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["carry_on"]

EMPTY = {"moved_out": -1, "term": -1, "term_class": "", "fee_policy": "", "home_policy": ""}
"""Columns that are carried on, and what an empty cell of them holds."""


def carry_on(frame: pd.DataFrame) -> pd.DataFrame:
    """Fill the empty cells of split households from the one that they were split from; the same table if there is none.

    Parameters
    ----------
    frame : DataFrame
        Households.
    """
    rows = np.flatnonzero(frame["split_from"].to_numpy() != "")
    if not rows.size:
        return frame
    source = pd.Index(frame["id"]).get_indexer(pd.Index(frame["split_from"].iloc[rows]))
    rows, source = rows[source >= 0], source[source >= 0]
    filled = frame.copy()
    columns = {name: frame[name].to_numpy().copy() for name in (*EMPTY, "moved_out_day")}
    # The day goes with the month that it is stated for.
    same = (columns["moved_out"][rows] < 0) & (columns["moved_out_day"][rows] < 0)
    columns["moved_out_day"][rows[same]] = columns["moved_out_day"][source[same]]
    for name, empty in EMPTY.items():
        blank = columns[name][rows] == empty
        columns[name][rows[blank]] = columns[name][source[blank]]
    for name, cells in columns.items():
        filled[name] = cells
    return filled
