"""The rules of thumb that ship: each an order of households or phases for the one engine of `priority`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from renewopt.policies.allowed import Allowed, positive, whole
from renewopt.policies.candidates import Candidates, Works, first_tier
from renewopt.policies.priority import Keys, PriorityRule, Shares
from renewopt.vocabulary import CASH, OWN_UNIT, TRANSFER, VOUCHER, PolicyName, RouteName

__all__ = [
    "ApparentTardiness",
    "CostliestFirst",
    "EqualShares",
    "FinishNearest",
    "FirstCome",
    "ProjectByProject",
    "UnitsFirst",
    "UrgentFirst",
    "VoucherFirst",
]

HOMES_THEN_MONEY: tuple[tuple[RouteName, ...], ...] = ((OWN_UNIT, TRANSFER), (VOUCHER, CASH))


@dataclass(frozen=True)
class FirstCome(PriorityRule):
    """Who has been out of the home longest is served first, by whatever route there is.

    Easy to defend in public. It pays no heed to what a household costs: the oldest case is not the dearest one.
    """

    name: ClassVar[str] = PolicyName.FIRST_COME


@dataclass(frozen=True)
class UrgentFirst(PriorityRule):
    """The most urgent first (先急后缓): by the scenario's strict goals and weights, then longest overdue.

    Phases for which the most urgent wait are built first. It clears petitions early and lets ordinary households run
    into overdue rates meanwhile.
    """

    name: ClassVar[str] = PolicyName.URGENT_FIRST

    def order(self, candidates: Candidates) -> Keys:
        """By tier, weight, first overdue month, month of moving out."""
        return [candidates.tier, -candidates.weight, candidates.overdue_from, candidates.moved_out]

    def phase_order(self, works: Works) -> Keys:
        """By the most urgent household that waits for one of its homes."""
        claims, fees = works.problem.claims, works.problem.fees
        keys = (fees.moved_out[fees.clock], fees.overdue_from[fees.clock], -claims.weight, first_tier(works.problem))
        rank = np.argsort(np.lexsort(keys))
        return [works.first(rank), works.left]


@dataclass(frozen=True)
class CostliestFirst(PriorityRule):
    """The most fee for a yuan first: Smith's rule, which is best where money comes evenly and one voucher is one price.

    Homes that are there go to those with the highest fee; then vouchers in the order of fee ended per yuan paid; money
    for building goes where a yuan ends most fees. It looks at the fees of the next `lookahead` months only; those who
    cost nothing yet come last, in the order of their coming fee per yuan.

    Attributes
    ----------
    lookahead
        Months over which the fee is averaged.
    """

    name: ClassVar[str] = PolicyName.COSTLIEST_FIRST

    lookahead: int = 1

    def _allowed(self) -> dict[str, Allowed]:
        return {**super()._allowed(), "lookahead": whole(self.lookahead, 1)}

    def order(self, candidates: Candidates) -> Keys:
        """Unpriced homes first; then by weighted fee per yuan of price, what a month of waiting counts as included."""
        fee = (candidates.fee_ahead(self.lookahead).mean(axis=1) + candidates.waiting) * candidates.weight
        price = np.maximum(candidates.price, 1)
        coming = np.where(fee > 0, 0, candidates.coming * candidates.weight)
        return [candidates.price > 0, -fee / price, -coming / price, candidates.moved_out]

    def phase_order(self, works: Works) -> Keys:
        """By fees ended per yuan still to be paid."""
        return [-works.relief / works.left]


@dataclass(frozen=True)
class ApparentTardiness(PriorityRule):
    """The most fee for a yuan first, coming fees included, each the less the longer it can still wait.

    The apparent-tardiness index of Vepsalainen and Morton (Management Science 33(8), 1987): in month t a rise of the
    fee by Δ from month d on counts as Δ / p × exp(−max(s, 0) / k p̄) for a home of price p. Its slack s is what the
    funds that may pay the price hold or get until d, less p: what can be spent on others until then. p̄ is the mean
    price of the offers that are open, k the `lookahead`. A fee that runs already counts in full, so that without dates
    ahead this is Smith's rule. Homes without a price come first; money for building goes where a yuan ends most fees.

    Attributes
    ----------
    lookahead
        In how many mean prices slack is counted.
    """

    name: ClassVar[str] = PolicyName.APPARENT_TARDINESS

    lookahead: float = 2.0

    def _allowed(self) -> dict[str, Allowed]:
        return {**super()._allowed(), "lookahead": positive(self.lookahead)}

    def order(self, candidates: Candidates) -> Keys:
        """Unpriced homes first; then by the index, weighted by urgency."""
        price = candidates.price
        mean = price[price > 0].mean() if price.any() else 1.0
        row, month, fen = candidates.rises
        slack = candidates.held[row] + (month - candidates.month) * candidates.pace[row] - price[row]
        coming = fen * np.exp(-np.maximum(slack, 0) / (self.lookahead * mean))
        fee = (candidates.fee + candidates.waiting + np.bincount(row, coming, price.size)) * candidates.weight
        return [price > 0, -fee / np.maximum(price, 1), candidates.moved_out]

    def phase_order(self, works: Works) -> Keys:
        """By fees ended per yuan still to be paid."""
        return [-works.relief / works.left]


@dataclass(frozen=True)
class VoucherFirst(PriorityRule):
    """Money goes into vouchers before it goes into building, those out longest first.

    Vouchers stop fees at once, at a price that no estate has: it is quick where money is ample, and leaves estates that
    are almost finished standing where it is not.
    """

    name: ClassVar[str] = PolicyName.VOUCHER_FIRST

    routes: tuple[tuple[RouteName, ...], ...] = ((VOUCHER,), (CASH,), (OWN_UNIT, TRANSFER))


@dataclass(frozen=True)
class UnitsFirst(PriorityRule):
    """Homes before vouchers: money is kept for building, most homes per yuan first; what is left over buys vouchers.

    Cheapest for the treasury, home by home; the fees run on while the estates are built.
    """

    name: ClassVar[str] = PolicyName.UNITS_FIRST

    routes: tuple[tuple[RouteName, ...], ...] = HOMES_THEN_MONEY
    building_first: bool = True

    def phase_order(self, works: Works) -> Keys:
        """By homes per yuan still to be paid."""
        return [-works.homes / works.left]


@dataclass(frozen=True)
class FinishNearest(PriorityRule):
    """Money goes to the phase nearest to completion until it is finished, then to the next.

    Nothing stands half built for long; but the nearest phase is not the one for which the dearest households wait.
    """

    name: ClassVar[str] = PolicyName.FINISH_NEAREST

    routes: tuple[tuple[RouteName, ...], ...] = HOMES_THEN_MONEY
    building_first: bool = True

    def phase_order(self, works: Works) -> Keys:
        """By the share of the cost that is still to be paid."""
        return [works.share_left, works.left]


@dataclass(frozen=True)
class ProjectByProject(PriorityRule):
    """One project after the other: households and phases of the first project before those of the next.

    The way in which files are kept. Money goes down the list; with ``shares: front`` it even waits until the first
    project is cleared.
    """

    name: ClassVar[str] = PolicyName.PROJECT_BY_PROJECT

    def order(self, candidates: Candidates) -> Keys:
        """By the rank of the project, then those out longest."""
        return [self.front(candidates.problem)[candidates.project], candidates.moved_out]

    def phase_order(self, works: Works) -> Keys:
        """By the rank of the project that waits for it."""
        return [self.front(works.problem)[works.project], works.left]


@dataclass(frozen=True)
class EqualShares(PriorityRule):
    """Free money is split between the projects, month by month, by the households that wait.

    Every project sees something happen; a share may be too small for a voucher, and then waits for months.
    """

    name: ClassVar[str] = PolicyName.EQUAL_SHARES

    shares: Shares = "households"
