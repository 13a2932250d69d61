"""What an offer costs: instalments and lines by need and month, and what households pay (rule 3 of the accounts)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renewopt.ledger.dues import instalments
from renewopt.ledger.exact import IntArray
from renewopt.problem import Offers

__all__ = ["Costs", "costs_of"]


@dataclass(frozen=True, eq=False)
class Costs:
    """Entries for one household of each offer.

    Attributes
    ----------
    row, need, month, fen
        (n,) position in the offers asked for; need, month and fen > 0 that fall due.
    back_row, fund, back_month, back_fen
        (m,) position; fund, month and fen > 0 that the household pays.
    """

    row: IntArray
    need: IntArray
    month: IntArray
    fen: IntArray
    back_row: IntArray
    fund: IntArray
    back_month: IntArray
    back_fen: IntArray

    def take(self, rows: IntArray, of: int) -> Costs:
        """Entries of some of the `of` offers, none twice; rows are counted anew in their order."""
        place = np.full(of, -1, dtype=np.int64)
        place[rows] = np.arange(rows.size)
        due, back = place[self.row], place[self.back_row]
        kept, returned = np.flatnonzero(due >= 0), np.flatnonzero(back >= 0)
        return Costs(
            row=due[kept],
            need=self.need[kept],
            month=self.month[kept],
            fen=self.fen[kept],
            back_row=back[returned],
            fund=self.fund[returned],
            back_month=self.back_month[returned],
            back_fen=self.back_fen[returned],
        )


def costs_of(offers: Offers, chosen: IntArray, month: int) -> Costs:
    """Costs of offers when chosen in a month.

    Parameters
    ----------
    chosen
        (k,) offers.
    """
    row, when, fen = instalments(offers, chosen, np.full(chosen.size, month))
    need = offers.price_need[chosen].astype(np.int64)[row]
    priced = (need >= 0) & (fen > 0)
    lines = offers.lines.take(chosen)
    paid, back = lines["fen"] > 0, lines["fen"] < 0
    return Costs(
        row=np.concatenate([row[priced], lines.row[paid]]),
        need=np.concatenate([need[priced], lines["need"][paid]]),
        month=np.concatenate([when[priced], month + lines["after"][paid]]),
        fen=np.concatenate([fen[priced], lines["fen"][paid]]),
        back_row=lines.row[back],
        fund=lines["fund"][back],
        back_month=month + lines["after"][back],
        back_fen=-lines["fen"][back],
    )
