"""Decisions: the whole-number answer to a problem, as sparse tables (what a policy returns and the ledger replays)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

# ruff: noqa: RUF009 - `_table` makes a field

IntTable = NDArray[np.int64]


def _table(*columns: str) -> IntTable:
    table: IntTable = field(
        default_factory=lambda: np.zeros((0, len(columns)), dtype=np.int64), metadata={"columns": columns}
    )
    return table


@dataclass(frozen=True, eq=False)
class Decisions:
    """Each table is (n, columns) int64; money in fen, months counted from the problem's month 0.

    Attributes
    ----------
    settle
        offer, month of choice, households.
    complete
        phase, month of handover.
    build
        phase, month, fen spent on it (paid, through its need, by `pay`).
    pay
        fund, need, month, fen.
    offset
        need, month, fen set off against the debt of the need's developer.
    owe
        need, month, fen of that month's bill left owing (its repayment is part of `pay` in a later month).
    move
        move (row of `Moves`), month, fen.
    borrow, repay
        loan, month, fen (`repay` for flexible loans only: of the others the dates are fixed).
    shortfall
        need, month, fen of outside money: only in answers to a problem that runs short.
    COLUMNS, MONTH_COLUMN
        Names of each table's columns, and the place of ``month`` among them.
    """

    settle: IntTable = _table("offer", "month", "households")
    complete: IntTable = _table("phase", "month")
    build: IntTable = _table("phase", "month", "fen")
    pay: IntTable = _table("fund", "need", "month", "fen")
    offset: IntTable = _table("need", "month", "fen")
    owe: IntTable = _table("need", "month", "fen")
    move: IntTable = _table("move", "month", "fen")
    borrow: IntTable = _table("loan", "month", "fen")
    repay: IntTable = _table("loan", "month", "fen")
    shortfall: IntTable = _table("need", "month", "fen")

    COLUMNS: ClassVar[dict[str, tuple[str, ...]]]
    MONTH_COLUMN: ClassVar[dict[str, int]]

    def before(self, month: int) -> Decisions:
        """Return what was decided before `month`."""
        tables = {name: getattr(self, name) for name in self.COLUMNS}
        return Decisions(**{n: rows[rows[:, self.MONTH_COLUMN[n]] < month] for n, rows in tables.items()})


Decisions.COLUMNS = {f.name: f.metadata["columns"] for f in fields(Decisions)}
Decisions.MONTH_COLUMN = {name: columns.index("month") for name, columns in Decisions.COLUMNS.items()}
