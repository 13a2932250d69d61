"""Form of decisions: tables of the right shape whose rows point at something that exists.

A decision that breaks a rule is replayed and audited; one that cannot be read at all is refused here.
"""

from __future__ import annotations

import numpy as np

from renewopt.problem import Decisions, Problem

SHOWN = 5

AMOUNTS = ("households", "fen")
"""Columns of the tables of `Decisions` that say how much; all others say where it happens."""


def require_form(problem: Problem, decisions: Decisions) -> None:
    """Raise where a table has the wrong shape, or a row names something that does not exist.

    Months of settling lie in 0 … T − 1 (there is no price after it), all others in 0 … B − 1.

    Raises
    ------
    ValueError
        With the table, row and column of the first few rows that cannot be read.
    """
    sizes = {
        "offer": len(problem.offers),
        "phase": len(problem.phases),
        "fund": len(problem.funds),
        "need": len(problem.needs),
        "move": len(problem.moves),
        "loan": len(problem.loans),
        "month": problem.calendar.books,
    }
    wrong: list[str] = []
    for name, columns in Decisions.COLUMNS.items():
        rows = np.asarray(getattr(decisions, name))
        if rows.ndim != 2 or rows.shape[1] != len(columns) or rows.dtype.kind != "i":
            wrong.append(
                f"{name}: expected whole numbers in {len(columns)} columns ({', '.join(columns)}), "
                f"found {rows.dtype} in shape {rows.shape}"
            )
            continue
        for place, column in enumerate(columns):
            if column in AMOUNTS:
                continue
            size = problem.calendar.months if (name, column) == ("settle", "month") else sizes[column]
            bad = np.flatnonzero((rows[:, place] < 0) | (rows[:, place] >= size))
            wrong += [
                f"{name} row {row}: {column} {rows[row, place]} is outside 0 … {size - 1}"
                for row in bad[:SHOWN].tolist()
            ]
    if wrong:
        more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise ValueError("decisions that cannot be read: " + "; ".join(wrong[:SHOWN]) + more)
