"""Where the answer changes in kind: from one point to the next a phase drops out, a route appears, no plan is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from renewopt.tradeoffs.axes import Axis, Index
from renewopt.tradeoffs.solving import Answer

__all__ = ["CHANGES", "changes_between", "neighbours"]

CHANGES = {
    "axis": "text",
    "from": "count",
    "to": "count",
    "what": "text",
    "item": "text",
    "change": "text",
}
"""``what``: plan, phase, route or clear (the month in which nobody is overdue); ``change``: appears or disappears."""


def neighbours(axes: Sequence[Axis], order: Sequence[Index]) -> list[tuple[str, int, int]]:
    """Points that lie beside each other on an axis: its address, and their numbers from 1."""
    number = {index: n for n, index in enumerate(order, 1)}
    found = []
    for k, axis in enumerate(axes):
        for index in order:
            if index[k] + 1 < len(axis.values):
                other = (*index[:k], index[k] + 1, *index[k + 1 :])
                found.append((axis.address, number[index], number[other]))
    return found


def changes_between(answers: Sequence[Answer], pairs: Iterable[tuple[str, int, int]]) -> pd.DataFrame:
    """What is there in one of two points and not in the other.

    Parameters
    ----------
    answers
        Of all points.
    pairs
        As of `neighbours`.
    """
    rows = []
    for axis, first, second in pairs:
        before, after = _kinds(answers[first - 1]), _kinds(answers[second - 1])
        if not (before and after):
            # Where there is no plan nothing else is to be told.
            before, after = ({("plan", "")} & kinds for kinds in (before, after))
        rows += [(axis, first, second, what, item, "disappears") for what, item in sorted(before - after)]
        rows += [(axis, first, second, what, item, "appears") for what, item in sorted(after - before)]
    return pd.DataFrame(rows, columns=list(CHANGES))


def _kinds(answer: Answer) -> set[tuple[str, str]]:
    """What kind of answer it is; nothing where there is no plan."""
    if answer.row.get("objective") is None:
        return set()
    found = {("plan", "")}
    found |= {("phase", name) for name, month in answer.phases.items() if month}
    found |= {("route", name) for name, count in answer.routes.items() if count}
    return found | ({("clear", "")} if answer.row.get("clear_month") else set())
