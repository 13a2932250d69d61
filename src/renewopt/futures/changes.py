"""What may differ from the plan: each change is shown little by little, and says what the tables look like by then.

A change has `news`: a value that stays the same while nothing new of it is known, and `shown`: the tables as they are
once so much is known.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from renewopt.problem import FeeTable, FirstMonth, Limits, Problem, Ragged
from renewopt.units import PPM, divide_half_up

__all__ = [
    "Change",
    "Decrees",
    "Delays",
    "Done",
    "InflowChanges",
    "LaterMoves",
    "Refusals",
    "Switches",
    "Withdrawals",
    "limited",
]

Ints = NDArray[np.int64]
ALWAYS = np.iinfo(np.int32).max
"""A month by which everything has shown."""


class Done(Protocol):
    """What was done so far, as far as it shows something."""

    @property
    def spent(self) -> Ints:
        """(E, B) fen built."""
        ...

    @property
    def declined(self) -> NDArray[np.bool_]:
        """(O,) offers that were declined."""
        ...


class Change(Protocol):
    """A way in which the tables turn out otherwise than planned."""

    def news(self, planned: Problem, month: int, done: Done) -> Hashable:
        """What is known of it in a month."""
        ...

    def all_news(self) -> Hashable:
        """What is known of it in the end."""
        ...

    def shown(self, problem: Problem, news: Any) -> Problem:
        """Tables with what is known of it."""
        ...


@dataclass(frozen=True, eq=False)
class Delays:
    """Phases are handed over late; it shows in the month in which they should have been.

    Attributes
    ----------
    phase
        (E,) months.
    arrival
        (n,) months of each arrival of stock.
    """

    phase: Ints
    arrival: Ints

    def news(self, planned: Problem, month: int, done: Done) -> tuple[bytes, int]:
        """Delayed phases that should be there, and the month up to which late arrivals have shown."""
        phases = planned.phases
        paid = np.array(
            [done.spent[e, : max(month - int(lag) + 1, 0)].sum() for e, lag in enumerate(phases.lag)], dtype=np.int64
        )
        due = (phases.earliest <= month) & (paid >= phases.cost) & (self.phase > 0)
        arrivals = planned.pools.arrivals["month"][self.arrival > 0]
        return due.tobytes(), int(arrivals[arrivals <= month].max(initial=-1))

    def all_news(self) -> tuple[bytes, int]:
        """Every delay."""
        return (self.phase > 0).tobytes(), ALWAYS

    def shown(self, problem: Problem, news: tuple[bytes, int]) -> Problem:
        """Handover by so much later, whether the earliest month or the last payment decides."""
        late = np.where(np.frombuffer(news[0], dtype=np.bool_), self.phase, 0).astype(np.int32)
        planned = problem.phases
        latest = np.where(planned.latest < 0, -1, planned.latest + late).astype(np.int32)
        phases = replace(planned, earliest=planned.earliest + late, latest=latest, lag=planned.lag + late)
        arrivals = problem.pools.arrivals
        month = arrivals["month"] + np.where(arrivals["month"] <= news[1], self.arrival, 0)
        moved = Ragged(arrivals.start, {**arrivals.columns, "month": month})
        return replace(problem, phases=phases, pools=replace(problem.pools, arrivals=moved))


@dataclass(frozen=True, eq=False)
class InflowChanges:
    """Stated inflow comes short or late; it shows in the month in which it should have come.

    Attributes
    ----------
    fund, month
        (n,) inflow that is not as stated.
    fen
        (n,) what comes of it.
    comes
        (n,) month in which it comes.
    """

    fund: Ints
    month: Ints
    fen: Ints
    comes: Ints

    def news(self, planned: Problem, month: int, done: Done) -> int:  # noqa: ARG002
        """Last month up to which changes have shown."""
        return int(self.month[self.month <= month].max(initial=-1))

    def all_news(self) -> int:
        """Every month."""
        return ALWAYS

    def shown(self, problem: Problem, news: int) -> Problem:
        """Inflow as it came, and later on as stated."""
        by_now = self.month <= news
        inflow = problem.funds.inflow.copy()
        inflow[self.fund[by_now], self.month[by_now]] = 0
        inside = by_now & (self.comes < inflow.shape[1])
        np.add.at(inflow, (self.fund[inside], self.comes[inside]), self.fen[inside])
        return replace(problem, funds=replace(problem.funds, inflow=inflow))


@dataclass(frozen=True, eq=False)
class Refusals:
    """Households decline an offer of some kind; it shows when they are asked.

    Attributes
    ----------
    kind
        (O,) kind of each offer, of one claim each; −1: taken by everybody who is asked.
    willing
        (K,) households that take it.
    """

    kind: Ints
    willing: Ints

    @cached_property
    def _of_kind(self) -> Ragged:
        """Offers of each kind, ascending."""
        offer = np.flatnonzero(self.kind >= 0)
        return Ragged.build(self.willing.size, self.kind[offer], offer=offer)

    def news(self, planned: Problem, month: int, done: Done) -> bytes:  # noqa: ARG002
        """Kinds that were declined by somebody."""
        return np.unique(self.kind[done.declined]).tobytes()

    def all_news(self) -> bytes:
        """Every kind."""
        return np.arange(self.willing.size, dtype=np.int64).tobytes()

    def shown(self, problem: Problem, news: bytes) -> Problem:
        """No more takers than there are willing ones, for the kinds that are known."""
        kinds = np.frombuffer(news, dtype=np.int64)
        never, some = kinds[self.willing[kinds] == 0], kinds[self.willing[kinds] > 0]
        apart = self._of_kind.take(some)
        groups = np.split(apart["offer"], apart.start[1:-1])[: some.size]
        groups.append(np.sort(self._of_kind.take(never)["offer"]))
        caps = [*self.willing[some].tolist(), 0]
        return limited(problem, "declined", groups, caps)


@dataclass(frozen=True, eq=False)
class Switches:
    """Fewer or more households use a right to switch than planned; it shows when the right opens.

    Attributes
    ----------
    limit
        (n,) rows of the limits on them.
    cap
        (n,) households that use it.
    month
        (n,) first month in which one of them can.
    """

    limit: Ints
    cap: Ints
    month: Ints

    def news(self, planned: Problem, month: int, done: Done) -> bytes:  # noqa: ARG002
        """Rights that have opened."""
        return (self.month <= month).tobytes()

    def all_news(self) -> bytes:
        """All rights."""
        return np.ones(self.month.size, dtype=np.bool_).tobytes()

    def shown(self, problem: Problem, news: bytes) -> Problem:
        """As many as use their right."""
        known = np.frombuffer(news, dtype=np.bool_)
        cap = problem.limits.cap.copy()
        cap[self.limit[known]] = self.cap[known]
        return replace(problem, limits=replace(problem.limits, cap=cap))


@dataclass(frozen=True, eq=False)
class Withdrawals:
    """Developers take no more vouchers from a month on; it shows in that month.

    Attributes
    ----------
    offers
        For each, the offers that end.
    month
        (n,) first month without them.
    """

    offers: tuple[Ints, ...]
    month: Ints

    def news(self, planned: Problem, month: int, done: Done) -> bytes:  # noqa: ARG002
        """Those who have withdrawn."""
        return (self.month <= month).tobytes()

    def all_news(self) -> bytes:
        """All who will withdraw."""
        return np.ones(self.month.size, dtype=np.bool_).tobytes()

    def shown(self, problem: Problem, news: bytes) -> Problem:
        """Windows end with the month before; those that would never open are closed."""
        first, last = problem.offers.first, problem.offers.last.copy()
        closed = np.zeros(len(problem.offers), dtype=np.bool_)
        for row in np.flatnonzero(np.frombuffer(news, dtype=np.bool_)).tolist():
            mine, end = self.offers[row], int(self.month[row]) - 1
            closed[mine[first[mine] > end]] = True
            still = mine[first[mine] <= end]
            last[still] = np.minimum(last[still], end)
        changed = replace(problem, offers=replace(problem.offers, last=last))
        return limited(changed, "withdrawn", [np.flatnonzero(closed)], [0])


@dataclass(frozen=True, eq=False)
class Decrees:
    """Fee rates change from a month on; it shows when it is announced.

    Attributes
    ----------
    claims
        (n, H) bool: whose.
    month, announced
        (n,) months in which it takes effect, and becomes known.
    factor_ppm
        (n,) factor on the fee.
    """

    claims: NDArray[np.bool_]
    month: Ints
    announced: Ints
    factor_ppm: Ints

    def news(self, planned: Problem, month: int, done: Done) -> bytes:  # noqa: ARG002
        """Those that were announced."""
        return (self.announced <= month).tobytes()

    def all_news(self) -> bytes:
        """All of them."""
        return np.ones(self.month.size, dtype=np.bool_).tobytes()

    def shown(self, problem: Problem, news: bytes) -> Problem:
        """Fee curves with the factor from that month on."""
        fees = problem.fees
        for row in np.flatnonzero(np.frombuffer(news, dtype=np.bool_)).tolist():
            later = np.arange(fees.months) >= self.month[row]
            pairs, segment = np.unique(fees.segment.astype(np.int64) * 2 + later, return_inverse=True)
            ordinary = fees.ordinary[:, pairs // 2]
            changed = divide_half_up(ordinary * int(self.factor_ppm[row]), PPM)
            where = self.claims[row][:, None] & (pairs % 2 == 1)
            first = fees.first_month
            if first is not None:
                falls = self.claims[row] & (first.month[fees.clock] >= self.month[row])
                unpaid = divide_half_up(first.unpaid * int(self.factor_ppm[row]), PPM)
                first = replace(first, unpaid=np.where(falls, unpaid, first.unpaid))
            fees = replace(
                fees,
                segment=segment.astype(np.int32),
                ordinary=np.where(where, changed, ordinary),
                first_month=first,
            )
        return replace(problem, fees=fees)


@dataclass(frozen=True, eq=False)
class LaterMoves:
    """Households move out later than planned; it shows in the month in which they should have.

    Attributes
    ----------
    planned_month
        (H,) month of moving out as planned.
    months
        (H,) how much later; 0: as planned.
    """

    planned_month: Ints
    months: Ints

    def news(self, planned: Problem, month: int, done: Done) -> int:  # noqa: ARG002
        """Last planned month up to which late moves have shown."""
        late = self.planned_month[self.months > 0]
        return int(late[late <= month].max(initial=-1))

    def all_news(self) -> int:
        """Every month."""
        return ALWAYS

    def shown(self, problem: Problem, news: int) -> Problem:
        """Clocks of those known to be late run so much later."""
        late = np.where(self.planned_month <= news, self.months, 0)
        rows = np.flatnonzero(late > 0)
        fees = problem.fees
        clocks = fees.overdue.shape[0]
        pairs, place = np.unique(late[rows] * clocks + fees.clock[rows], return_inverse=True)
        shift, former = pairs // clocks, pairs % clocks
        clock = fees.clock.copy()
        clock[rows] = clocks + place
        return replace(problem, fees=_with_clocks(fees, clock, former, shift))


def _with_clocks(fees: FeeTable, clock: NDArray[np.int32], former: Ints, shift: Ints) -> FeeTable:
    """Add clocks that run as the former ones do, later by `shift` months."""
    source = np.arange(fees.months)[None] - shift[:, None]
    inside, source = source >= 0, np.maximum(source, 0)

    def added(table: NDArray[Any]) -> NDArray[Any]:
        later = np.where(inside, table[former[:, None], source], 0)
        return np.vstack([table, later.astype(table.dtype)])

    return replace(
        fees,
        clock=clock,
        **fees.on_clocks(added),
        first_month=_later_first_month(fees, clock, former, shift),
        moved_out=np.concatenate([fees.moved_out, (fees.moved_out[former] + shift).astype(fees.moved_out.dtype)]),
    )


def _later_first_month(fees: FeeTable, clock: NDArray[np.int32], former: Ints, shift: Ints) -> FirstMonth | None:
    """First months on the clocks that are added: the same share as before is unpaid of the fee of a later month."""
    if fees.first_month is None:
        return None
    first = fees.first_month.with_clocks(fees.first_month.month[former] + shift, fees.first_month.multiplier[former])
    rows = np.flatnonzero((clock != fees.clock) & (first.unpaid > 0))
    before, after = (
        fees.ordinary[rows, fees.segment[np.minimum(first.month[of[rows]], fees.months - 1)]]
        for of in (fees.clock, clock)
    )
    unpaid = first.unpaid.copy()
    unpaid[rows] = np.floor(unpaid[rows] / np.maximum(before, 1) * after)
    return replace(first, unpaid=unpaid)


def limited(problem: Problem, name: str, groups: list[Ints], caps: list[int]) -> Problem:
    """Add limits, each over a group of offers, in all months together; empty groups are left out."""
    kept = [(group, cap) for group, cap in zip(groups, caps, strict=True) if group.size]
    if not kept:
        return problem
    limits = problem.limits
    size = len(limits)
    row = np.concatenate([limits.offers.row, *(np.full(group.size, size + n) for n, (group, _) in enumerate(kept))])
    offer = np.concatenate([limits.offers["offer"], *(group for group, _ in kept)])
    added = Limits(
        id=np.concatenate([limits.id, np.array([name] * len(kept), dtype=object)]),
        monthly=np.concatenate([limits.monthly, np.zeros(len(kept), dtype=np.bool_)]),
        first=np.concatenate([limits.first, np.zeros(len(kept), dtype=np.int32)]),
        last=np.concatenate([limits.last, np.full(len(kept), problem.calendar.months - 1, dtype=np.int32)]),
        cap=np.concatenate([limits.cap, np.array([cap for _, cap in kept], dtype=np.int64)]),
        offers=Ragged.build(size + len(kept), row, offer=offer),
    )
    return replace(problem, limits=added)
