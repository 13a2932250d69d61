"""Why an offer that the rules allow can never be had: no homes for it come, or a limit leaves no room."""

from __future__ import annotations

import numpy as np

from renewopt.problem.compiling.exact import Ints
from renewopt.problem.compiling.reach import UNFILLED, closed_to_transfer, earliest_stock, shut_by_limit
from renewopt.problem.dossiers.facts import Facts
from renewopt.problem.dossiers.relatives import shut_to_all
from renewopt.wording import Wording, words

__all__ = ["why_never"]


def why_never(facts: Facts) -> tuple[Ints, list[Wording]]:
    """Why each offer can never house.

    Returns
    -------
    (O,) int64, list of Wording
        Row of the list for each offer; −1 where it can house.
    """
    problem = facts.problem
    code = np.full(len(problem.offers), -1, dtype=np.int64)
    never = facts.housed_from < 0
    if not never.any():
        return code, []
    there, causes = earliest_stock(problem), list[Wording]()

    def tell(rows: Ints, cause: Wording) -> None:
        if rows.size:
            code[rows] = len(causes)
            causes.append(cause)

    tell(np.flatnonzero(never & closed_to_transfer(problem)), words("too few homes are open to other projects"))
    tell(np.flatnonzero(never & (code < 0) & (there >= UNFILLED)), words("too few homes are in stock or to come"))
    for offers, cause in shut_to_all(facts):
        related = np.array(offers, dtype=np.int64)
        tell(related[never[related] & (code[related] < 0)], cause)
    tell(
        np.flatnonzero(never & (code < 0) & shut_by_limit(problem)),
        words("a limit on settlements leaves no room for it"),
    )
    late = np.flatnonzero(never & (code < 0))
    for month in np.unique(there[late]).tolist():
        tell(
            late[there[late] == month],
            words("its homes are there from {month} on, later than it can be chosen for", month=facts.month(month)),
        )
    return code, causes
