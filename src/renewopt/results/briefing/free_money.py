"""Money that a plan leaves free: what a fund could pay besides, and when it runs dry if it must pay more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from renewopt.ledger.books import Books

__all__ = ["FreeMoney"]

Fen = NDArray[np.int64]


class FreeMoney:
    """What is left in the funds of some books, paid from month by month; the books stay as they are.

    Free in a month is the least balance of that month and all later ones, with what lapses until then: that would be
    lost anyhow. Limits on what a fund pays in a month or in all hold; of a fund that is released by progress nothing
    counts as free. No loan is drawn, and nothing is left owing, beyond what the plan does.

    Parameters
    ----------
    books
        Of a plan.

    Attributes
    ----------
    missing
        (B,) fen without which a fund could not pay all that it has to pay, in the month in which they are missing.
    """

    def __init__(self, books: Books) -> None:
        money, funds = books.funds, books.problem.funds
        self._closing: Fen = money.closing.astype(np.int64)
        self._lapsed: Fen = money.lapsed.astype(np.int64)
        out = money.paid + money.moved_out
        most = np.iinfo(np.int64).max
        self._monthly: Fen = np.where(funds.monthly_limit < 0, most, np.maximum(funds.monthly_limit - out, 0))
        self._total: Fen = np.where(funds.total_limit < 0, most, np.maximum(funds.total_limit - out.sum(axis=1), 0))
        self._total[funds.release_upfront_ppm >= 0] = 0
        self.missing: Fen = np.zeros(money.closing.shape[1], dtype=np.int64)

    def free(self, fund: int, month: int) -> int:
        """Fen that a fund could pay besides in a month, and miss in no later one."""
        later = self._closing[fund, month:] + np.cumsum(self._lapsed[fund, month:])
        return max(min(int(later.min()), self._may(fund, month)), 0)

    def _may(self, fund: int, month: int) -> int:
        """Fen that its limits let it pay besides."""
        return min(int(self._monthly[fund, month]), int(self._total[fund]))

    def gain(self, fund: int, month: int, fen: int) -> None:
        """Let a fund have more from a month on."""
        self._closing[fund, month:] += fen

    def lose(self, fund: int, month: int, fen: int) -> None:
        """Let a fund have less from a month on; what it then lacks is `missing` in the month in which it lacks it."""
        for then in range(month, self.missing.size):
            there = int(self._closing[fund, then] + self._lapsed[fund, then])
            if fen > there:
                self.missing[then] += fen - there
                fen = there
            # What would have lapsed goes first.
            lost = min(int(self._lapsed[fund, then]), fen)
            self._lapsed[fund, then] -= lost
            fen -= lost
            self._closing[fund, then] -= fen
            if fen == 0:
                break

    def pay(self, funds: Fen, month: int, fen: int) -> None:
        """Pay a bill besides from some funds: what is free first, then what is there now and is missing later."""
        for free in (True, False):
            for fund in funds.tolist():
                most = self.free(fund, month) if free else self._may(fund, month)
                now = int(self._closing[fund, month] + self._lapsed[fund, month])
                paid = min(most, now, fen)
                if paid > 0:
                    self.lose(fund, month, paid)
                    self._monthly[fund, month] -= paid
                    self._total[fund] -= paid
                    fen -= paid
        self.missing[month] += fen
