"""Supply: pools of homes, phases under construction, reservations and limits on settling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.offers import Ragged


@dataclass(frozen=True, eq=False)
class Pools:
    """P pools of stock (estate × unit type, or a developer's homes for sale).

    Attributes
    ----------
    id
        (P,) object: name, such as ``E1/90``.
    estate
        (P,) object: estate (or developer) it belongs to.
    measure
        (P,) object: ``homes``, ``m2`` or ``persons``.
    arrivals
        Ragged (P): ``month``, ``amount`` in hundredths, of known stock (month ≥ 0; stock on hand arrives in 0); below
        0: of somebody who has chosen it, and is no part of the problem.
    surplus
        (P,) int64 hundredths open to `Route.transfer`; −1: no reservation, all of it.
    released
        Ragged (P): ``claim``, ``amount`` in hundredths that one household of an own claim frees for transfer as
        soon as it chooses another route than own_unit.
    own
        Ragged (P): ``project`` whose own estate the pool belongs to.
    """

    id: NDArray[np.object_]
    estate: NDArray[np.object_]
    measure: NDArray[np.object_]
    arrivals: Ragged
    surplus: NDArray[np.int64]
    released: Ragged
    own: Ragged

    def __len__(self) -> int:
        return int(self.id.size)


UNBUILT = 1_000_000
"""A month that never comes."""


@dataclass(frozen=True, eq=False)
class Phases:
    """E construction phases (在建 / 未建). A phase is handed over whole, once.

    Attributes
    ----------
    id, estate
        (E,) object.
    cost
        (E,) int64 fen still to be paid.
    total_cost
        (E,) int64 fen of the whole phase, what is built already included (progress = 1 − unpaid / total).
    lag
        (E,) int32: complete in month t only if `cost` was paid in months ≤ t − lag.
    earliest
        (E,) int32: earliest month of handover.
    latest
        (E,) int32: month by which it is to be handed over, by a contract; −1: none.
    monthly_limit
        (E, T) int64 fen that can be spent in each month; −1: no limit.
    need
        (E,) int32: need through which it is paid.
    delivers
        Ragged (E): ``pool``, ``amount`` in hundredths, when complete.
    """

    id: NDArray[np.object_]
    estate: NDArray[np.object_]
    cost: NDArray[np.int64]
    total_cost: NDArray[np.int64]
    lag: NDArray[np.int32]
    earliest: NDArray[np.int32]
    latest: NDArray[np.int32]
    monthly_limit: NDArray[np.int64]
    need: NDArray[np.int32]
    delivers: Ragged

    def __len__(self) -> int:
        return int(self.id.size)

    @property
    def soonest(self) -> NDArray[np.int64]:
        """(E,) first month of handover, whatever the money; `UNBUILT` where none of the planned months can be it."""
        cost = self.cost[:, None]
        paid = np.cumsum(np.where(self.monthly_limit < 0, cost, np.minimum(self.monthly_limit, cost)), axis=1) >= cost
        built = np.where(paid.any(axis=1), paid.argmax(axis=1) + self.lag, UNBUILT)
        done: NDArray[np.int64] = np.maximum(self.earliest, np.where(self.cost > 0, built, 0)).astype(np.int64)
        return np.where(done < self.monthly_limit.shape[1], done, UNBUILT)


SWITCH = "switch/"
"""What the ids of limits on rights to switch begin with."""


@dataclass(frozen=True, eq=False)
class Limits:
    """L limits on settlements: throughput a month (经办能力); take-up (选择率上限), consent, rights, relatives in all.

    Attributes
    ----------
    id
        (L,) object: name for reports.
    monthly
        (L,) bool: the limit holds for each month of choice; else for all months together.
    first, last
        (L,) int32: months in which a monthly limit holds; 0 and T − 1 for others.
    cap
        (L,) int64 households.
    offers
        Ragged (L): ``offer`` that counts.
    """

    id: NDArray[np.object_]
    monthly: NDArray[np.bool_]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    cap: NDArray[np.int64]
    offers: Ragged

    def __len__(self) -> int:
        return int(self.id.size)
