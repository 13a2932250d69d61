"""Money: bills, needs, funds, loans, owing, debt offset."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.offers import Ragged
from renewopt.vocabulary import COSTLESS


@dataclass(frozen=True, eq=False)
class Bills:
    """G bills: the fees of claims that share project, payer and months of payment.

    Fees accrue monthly; they fall due in the last month of their period (a calendar quarter, say, or half a year from
    moving out). Of fees in advance a whole period accrues, and is due, in its first month.

    Attributes
    ----------
    project
        (G,) int32.
    period
        (G,) int32: 1, 3, 6 or 12 months; 1 for fees in advance.
    paid_ppm
        (G,) int64: share that the government pays when due (an enterprise project's advance may be less than 1e6;
        the developer pays the rest itself).
    recovered_ppm
        (G,) int64: share of what fell due on the government that the developer pays back later.
    recovered_after
        (G,) int32: months after the due month.
    recovered_into
        (G,) int32: fund; −1: none.
    need
        (G,) int32: need that the government's share falls due on.
    due
        (G, C) int32: due month of the fees accrued in each month (≤ B − 1 for all that is ever charged in cash).
    """

    project: NDArray[np.int32]
    period: NDArray[np.int32]
    paid_ppm: NDArray[np.int64]
    recovered_ppm: NDArray[np.int64]
    recovered_after: NDArray[np.int32]
    recovered_into: NDArray[np.int32]
    need: NDArray[np.int32]
    due: NDArray[np.int32]


EVERYTHING = np.iinfo(np.int64).max
"""Fen, where nothing is lost."""


@dataclass(frozen=True, eq=False)
class Needs:
    """N needs: what must be paid, each month by month of the books.

    Attributes
    ----------
    id
        (N,) object: such as ``fees/P1``, ``voucher/P1/D2``, ``construction/E4-1``.
    use
        (N,) object: one of `renewopt.vocabulary.USES`.
    project
        (N,) int32; −1: none.
    developer
        (N,) int32: the payee whose debts may be set off against it; −1: none.
    fixed
        (N, B) int64 fen: dated amounts (commitments, service of opening loans, fees of months before the start that
        fall due later).
    payable_by
        (N, F) bool: funds that may pay it.
    owing
        (N,) int32: owing rule that lets it be deferred; −1: due in cash.
    opening_arrears
        (N,) int64 fen owed before month 0 (counted as due in month −1; without an owing rule, due in month 0).
    stated_counted
        (N,) bool: what is paid is a fiscal cost; None: as its use says.
    """

    id: NDArray[np.object_]
    use: NDArray[np.object_]
    project: NDArray[np.int32]
    developer: NDArray[np.int32]
    fixed: NDArray[np.int64]
    payable_by: NDArray[np.bool_]
    owing: NDArray[np.int32]
    opening_arrears: NDArray[np.int64]
    stated_counted: NDArray[np.bool_] | None = None

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """(N,) whether what is paid is a fiscal cost."""
        return ~np.isin(self.use.astype(str), COSTLESS) if self.stated_counted is None else self.stated_counted

    def __len__(self) -> int:
        return int(self.id.size)


@dataclass(frozen=True, eq=False)
class OwingRules:
    """R rules under which payments may be deferred (欠资).

    Attributes
    ----------
    id
        (R,) object.
    share_ppm
        (R,) int64: newly owed in a month ≤ share × what the covered needs bill that month (surcharges aside).
    stock_limit
        (R,) int64 fen on the closing stock of arrears; −1: none.
    surcharge_ppb
        (R,) int64: parts per billion of last month's closing stock, due in cash each month, not compounded.
    latest
        (R,) int32: an amount owed in month t is paid by t + latest; −1: whenever.
    """

    id: NDArray[np.object_]
    share_ppm: NDArray[np.int64]
    stock_limit: NDArray[np.int64]
    surcharge_ppb: NDArray[np.int64]
    latest: NDArray[np.int32]

    def __len__(self) -> int:
        return int(self.id.size)


@dataclass(frozen=True, eq=False)
class Funds:
    """F funds.

    Attributes
    ----------
    id
        (F,) object.
    opening
        (F,) int64 fen.
    inflow
        (F, B) int64 fen.
    keeps
        (F, B) int64 fen that are left at the close of the month at most, what is more is lost; −1: all is kept.
    monthly_limit
        (F, B) int64 fen that may be paid out (payments of needs and moves out) in each month; −1: no limit.
    total_limit
        (F,) int64 fen that may be paid out in all; −1: no limit.
    release_upfront_ppm
        (F,) int64: of `release_total` that may be drawn whatever the progress; −1: no release by progress.
    release_total
        (F,) int64 fen: cumulative draw up to t ≤ total × (upfront + (1 − upfront) × progress at the end of t − 1);
        what is drawn is borrowing where the fund has a loan, payments and moves out otherwise.
    release_phases
        Ragged (F): ``phase``; progress = Σ spent (what was built before month 0 included) / Σ total cost.
    valid_since
        (F, B) int32: what came in before this month is lost at the close, unless it was paid out: the oldest money is
        paid first; −1: nothing is lost by its age.
    valid_opening
        (F, B) int64 fen of the opening balance that are not lost by then either.
    """

    id: NDArray[np.object_]
    opening: NDArray[np.int64]
    inflow: NDArray[np.int64]
    keeps: NDArray[np.int64]
    monthly_limit: NDArray[np.int64]
    total_limit: NDArray[np.int64]
    release_upfront_ppm: NDArray[np.int64]
    release_total: NDArray[np.int64]
    release_phases: Ragged
    valid_since: NDArray[np.int32]
    valid_opening: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.id.size)

    @property
    def lapses(self) -> NDArray[np.bool_]:
        """(F, B) whether all that is left at the close of the month is lost."""
        result: NDArray[np.bool_] = self.keeps == 0
        return result

    @cached_property
    def loses(self) -> NDArray[np.bool_]:
        """(B,) whether any fund may lose money at the close of each month."""
        result: NDArray[np.bool_] = np.logical_or.reduce((self.keeps >= 0) | (self.valid_since >= 0), axis=0)
        return result

    def most_left(self, month: int, came: NDArray[np.int64]) -> NDArray[np.int64]:
        """(F,) fen that can be left at the close of a month, by carry-over and age.

        Parameters
        ----------
        came
            (F, B) fen that came into each fund, whatever from, its opening balance aside.

        Notes
        -----
        The oldest money is paid and lost first, so what is left is the newest: of any balance, as much is still valid
        as came in since `valid_since`, and no more.
        """
        most = np.where(self.keeps[:, month] < 0, EVERYTHING, self.keeps[:, month])
        for fund in np.flatnonzero(self.valid_since[:, month] >= 0).tolist():
            young = came[fund, self.valid_since[fund, month] : month + 1].sum() + self.valid_opening[fund, month]
            most[fund] = min(most[fund], int(young))
        return most


@dataclass(frozen=True, eq=False)
class Loans:
    """Loans that may be drawn (借资); an opening loan is a dated need instead.

    Outstanding is what was borrowed and not repaid; interest of month t = rate / 12 × outstanding at the close of
    t − 1, rounded half-up to fen.

    Attributes
    ----------
    fund
        (l,) int32: fund that receives what is borrowed. At most one loan a fund.
    limit
        (l,) int64 fen: on all that is drawn, or on the outstanding balance where `revolving`.
    revolving
        (l,) bool.
    rate
        (l,) float64 a year (0.03).
    first, last
        (l,) int32: months in which it may be drawn (≤ T − 1).
    kind
        (l,) object: ``bullet``: each draw is repaid whole `term` months later; ``level``: in equal parts in months
        grace + 1 … term after the draw (the ledger rounds what is repaid of a draw cumulatively, half-up);
        ``flexible``: at any time up to `term` months after the draw.
    grace, term
        (l,) int32 months.
    interest_need, principal_need
        (l,) int32: needs that the service falls due on.
    """

    fund: NDArray[np.int32]
    limit: NDArray[np.int64]
    revolving: NDArray[np.bool_]
    rate: NDArray[np.float64]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    kind: NDArray[np.object_]
    grace: NDArray[np.int32]
    term: NDArray[np.int32]
    interest_need: NDArray[np.int32]
    principal_need: NDArray[np.int32]

    def __len__(self) -> int:
        return int(self.fund.size)


@dataclass(frozen=True, eq=False)
class Moves:
    """Permitted moves of money between funds (调剂, 集资).

    Attributes
    ----------
    source, target
        (M,) int32 funds.
    monthly_limit
        (M, B) int64 fen in each month; −1: no limit.
    total_limit
        (M,) int64 fen; −1: no limit.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    monthly_limit: NDArray[np.int64]
    total_limit: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.source.size)


@dataclass(frozen=True, eq=False)
class Developers:
    """D developers with debts to the government that may be set off (化债).

    Attributes
    ----------
    id
        (D,) object.
    debt_due
        (D, B) int64 fen falling due in each month; what is not set off stays owing and brings no cash.
    offset_target
        Ragged (D): ``fen`` to be set off by the end of ``month``.
    """

    id: NDArray[np.object_]
    debt_due: NDArray[np.int64]
    offset_target: Ragged

    def __len__(self) -> int:
        return int(self.id.size)
