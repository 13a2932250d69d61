"""Decisions: the whole-number answer to a problem, as sparse tables (what a policy returns and the ledger replays)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

IntTable = NDArray[np.int64]


def _empty(columns: int) -> IntTable:
    return np.zeros((0, columns), dtype=np.int64)


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
    """

    settle: IntTable = field(default_factory=lambda: _empty(3))
    complete: IntTable = field(default_factory=lambda: _empty(2))
    build: IntTable = field(default_factory=lambda: _empty(3))
    pay: IntTable = field(default_factory=lambda: _empty(4))
    offset: IntTable = field(default_factory=lambda: _empty(3))
    owe: IntTable = field(default_factory=lambda: _empty(3))
    move: IntTable = field(default_factory=lambda: _empty(3))
    borrow: IntTable = field(default_factory=lambda: _empty(3))
    repay: IntTable = field(default_factory=lambda: _empty(3))
    shortfall: IntTable = field(default_factory=lambda: _empty(3))

    MONTH_COLUMN: ClassVar[dict[str, int]] = {
        "settle": 1,
        "complete": 1,
        "build": 1,
        "pay": 2,
        "offset": 1,
        "owe": 1,
        "move": 1,
        "borrow": 1,
        "repay": 1,
        "shortfall": 1,
    }

    def before(self, month: int) -> Decisions:
        """Return what was decided before `month`."""
        return Decisions(
            **{
                f.name: getattr(self, f.name)[getattr(self, f.name)[:, self.MONTH_COLUMN[f.name]] < month]
                for f in fields(self)
            }
        )
