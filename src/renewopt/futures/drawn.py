"""What was drawn for a future, as figures that a planner knows: months late, shares that came, that took a voucher."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from renewopt.futures.changes import (
    Change,
    Decrees,
    Delays,
    InflowChanges,
    LaterMoves,
    Refusals,
    Switches,
    Withdrawals,
)
from renewopt.futures.future import Future
from renewopt.futures.late_starts import LateStarts
from renewopt.problem import Problem
from renewopt.units import PPM
from renewopt.vocabulary import DrawnKind

__all__ = ["Drawn", "drawn_of"]

Ints = NDArray[np.int64]


class Drawn(NamedTuple):
    """A figure of a future.

    Attributes
    ----------
    what
        Kind of figure, one of `renewopt.vocabulary.DRAWN`.
    of
        Id of the phase, estate, fund (with a year behind it: ``budget/2024``) or what starts that it is of; "": of
        all.
    value
        Months, a share, a factor or a number, as the kind is.
    """

    what: str
    of: str
    value: float


def drawn_of(future: Future) -> list[Drawn]:
    """Figures of all that turns out otherwise than planned; kinds that a future says nothing of are left out.

    Examples
    --------
    >>> from renewopt import load
    >>> from renewopt.futures import draw_future
    >>> from renewopt.problem import compile_problem
    >>> town = load("scenarios/uncertain.yaml")
    >>> late = draw_future(compile_problem(town), town.futures[1], 0)
    >>> [tuple(each) for each in drawn_of(late)][:2]
    [('phase_delay', 'Riverside-1', 6.0), ('phase_delay', 'Millbank-1', 6.0)]
    """
    return [
        Drawn(what, of, round(float(value), 6))
        for change in future.changes
        for what, of, value in _figures(future.planned, change)
    ]


def _figures(planned: Problem, change: Change) -> Iterator[tuple[str, str, float]]:
    match change:
        case Delays():
            yield from _delays(planned, change)
        case InflowChanges():
            yield from _inflows(planned, change)
        case Refusals():
            asked = planned.claims.count[_owners(planned, change)].sum()
            yield DrawnKind.TAKE_UP, "", change.willing.sum() / max(asked, 1)
        case Switches():
            holders = sum(_holders(planned, int(row)) for row in change.limit)
            yield DrawnKind.SWITCHING, "", change.cap.sum() / max(holders, 1)
        case Withdrawals():
            yield DrawnKind.WITHDRAWN, "", change.month.size
        case Decrees() if len(planned.claims):
            factors = np.prod(np.where(change.claims, change.factor_ppm[:, None] / PPM, 1.0), axis=0)
            yield DrawnKind.FEE_FACTOR, "", np.average(factors, weights=planned.claims.count)
        case LaterMoves() if len(planned.claims):
            yield DrawnKind.LATER_MOVES, "", np.average(change.months, weights=planned.claims.count)
        case LateStarts():
            yield from _starts(change)


def _starts(change: LateStarts) -> Iterator[tuple[str, str, float]]:
    begun = change.begun
    revenue = set(begun.revenue[:, 0].tolist())
    late = change.late()
    for j in np.flatnonzero(begun.start >= 0).tolist():
        name = str(begun.id[j])
        yield DrawnKind.LATE_START, name, late[j]
        if begun.project[j] >= 0:
            yield DrawnKind.LATE_CLEARING, name, change.clearing[j]
        if j in revenue:
            yield DrawnKind.LATE_LAND, name, change.land_late[j]
            yield DrawnKind.LAND, name, change.land_share[j]


def _delays(planned: Problem, change: Delays) -> Iterator[tuple[str, str, float]]:
    phases, pools = planned.phases, planned.pools
    for name, months in zip(phases.id.tolist(), change.phase.tolist(), strict=True):
        yield DrawnKind.DELAY, str(name), months
    if len(phases) > 1:
        yield DrawnKind.DELAYS, "", change.phase.mean()
    arrivals = pools.arrivals
    later = arrivals["month"] > 0
    estates = pools.estate[arrivals.row]
    for estate in dict.fromkeys(estates[later].tolist()):
        mine = later & (estates == estate)
        yield DrawnKind.ARRIVALS, str(estate), np.average(change.arrival[mine], weights=arrivals["amount"][mine])


def _inflows(planned: Problem, change: InflowChanges) -> Iterator[tuple[str, str, float]]:
    stated = planned.funds.inflow
    came = change.shown(planned, change.all_news()).funds.inflow
    label = planned.calendar.label
    years = np.array([label(month)[:4] for month in range(stated.shape[1])])
    for fund, name in enumerate(planned.funds.id.tolist()):
        if not stated[fund].sum():
            continue
        if len(np.unique(years[stated[fund] > 0])) > 1:
            yield DrawnKind.INFLOW, str(name), came[fund].sum() / stated[fund].sum()
        for year in dict.fromkeys(years[stated[fund] > 0].tolist()):
            within = years == year
            yield DrawnKind.INFLOW, f"{name}/{year}", came[fund, within].sum() / stated[fund, within].sum()


def _owners(planned: Problem, change: Refusals) -> Ints:
    """Claims that are asked, once for every kind of voucher that they may be asked for."""
    asked = np.flatnonzero(change.kind >= 0)
    _, first = np.unique(change.kind[asked], return_index=True)
    owners: Ints = planned.offers.claim[asked[first]].astype(np.int64)
    return owners


def _holders(planned: Problem, row: int) -> int:
    """Households that hold a right to switch."""
    offers = planned.limits.offers.take(np.array([row]))["offer"]
    return int(planned.claims.count[np.unique(planned.offers.claim[offers])].sum())
