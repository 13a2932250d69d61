"""Problems of one scenario with different starts, merged: all their claims side by side, over one supply and money.

What does not depend on starts is the same in all of them, and is taken once. Needs and limits are the same where they
have the same name. Fixed amounts, inflow and what is owed are those of the first problem alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.model.linear import IntArray
from renewopt.problem import Bills, Calendar, FeeTable, FirstMonth, Limits, Needs, Offers, Pools, Problem, Ragged
from renewopt.problem.subsets import SHARED

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Table = TypeVar("Table", bound=DataclassInstance)


def merge(parts: Sequence[Problem]) -> Problem:
    """Merge problems that differ in claims, offers, bills, and names of needs and limits only."""
    first = parts[0]
    for part in parts[1:]:
        for mine, other in ((first.pools, part.pools), (first.phases, part.phases), (first.funds, part.funds)):
            assert np.array_equal(mine.id, other.id), "problems of one scenario share pools, phases and funds"
    longest = max(parts, key=lambda part: part.calendar.books)
    calendar = replace(longest.calendar, beyond=max(part.calendar.beyond for part in parts))
    needs, need_of = _needs(parts, calendar.books)
    claims_before = _before([len(part.claims) for part in parts])
    offers_before = _before([len(part.offers) for part in parts])
    bills, bill_of = _bills(parts, need_of, calendar.curve_months)
    of_longest = need_of[next(i for i, part in enumerate(parts) if part is longest)]
    claims = _stacked([part.claims for part in parts])
    return replace(
        longest,
        calendar=calendar,
        claims=replace(claims, bill=_mapped([part.claims.bill for part in parts], bill_of)),
        fees=_fees([part.fees for part in parts], calendar),
        offers=_offers(parts, need_of, claims_before),
        pools=_pools([part.pools for part in parts], claims_before),
        phases=replace(first.phases, need=_renamed(first.phases.need, need_of[0])),
        limits=_limits(parts, offers_before),
        bills=bills,
        needs=needs,
        funds=replace(longest.funds, inflow=_wide(first.funds.inflow, calendar.books), opening=first.funds.opening),
        loans=replace(
            longest.loans,
            interest_need=_renamed(longest.loans.interest_need, of_longest),
            principal_need=_renamed(longest.loans.principal_need, of_longest),
        ),
        objective=replace(
            first.objective,
            tiers=tuple(
                replace(tier, claims=np.concatenate([part.objective.tiers[k].claims for part in parts]))
                for k, tier in enumerate(first.objective.tiers)
            ),
        ),
        past=first.past,
        pins=first.pins,
    )


def _before(sizes: Sequence[int]) -> IntArray:
    """(n,) how many rows stand before those of each part."""
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


def _stacked(tables: Sequence[Table]) -> Table:
    """Tables one below the other, column by column."""

    def column(name: str) -> Any:
        values = [getattr(table, name) for table in tables]
        if values[0] is None:
            return None
        return ragged_stacked(values) if isinstance(values[0], Ragged) else np.concatenate(values)

    return replace(tables[0], **{f.name: column(f.name) for f in fields(tables[0]) if f.name not in SHARED})


def ragged_stacked(lists: Sequence[Ragged]) -> Ragged:
    """Lists one below the other."""
    sizes = np.concatenate([np.diff(each.start) for each in lists])
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Ragged(start, {name: np.concatenate([each[name] for each in lists]) for name in lists[0].columns})


def _renamed(rows: NDArray[np.integer], place: IntArray) -> Any:
    """Rows as they are called after merging; −1 stays."""
    if not place.size:
        return rows
    return np.where(rows >= 0, place[np.maximum(rows, 0)], rows).astype(rows.dtype)


def _mapped(columns: Sequence[NDArray[np.integer]], places: Sequence[IntArray]) -> Any:
    return np.concatenate([_renamed(column, place) for column, place in zip(columns, places, strict=True)])


def _wide(table: NDArray[Any], months: int) -> Any:
    """(n, months): nothing in the months that a table does not reach."""
    return np.pad(table[:, :months], ((0, 0), (0, max(months - table.shape[1], 0))))


def _needs(parts: Sequence[Problem], books: int) -> tuple[Needs, list[IntArray]]:
    """Needs by name, and the place of each part's own among them."""
    tables = [replace(part.needs, stated_counted=part.needs.counted) for part in parts]
    row: dict[str, int] = {}
    source: list[tuple[int, int]] = []
    places = []
    for k, table in enumerate(tables):
        place = np.zeros(len(table), dtype=np.int64)
        for n, name in enumerate(table.id.tolist()):
            if name not in row:
                row[name] = len(source)
                source.append((k, n))
            place[n] = row[name]
        places.append(place)

    def column(name: str) -> Any:
        values = [getattr(tables[k], name)[n] for k, n in source]
        sample = getattr(tables[0], name)
        if sample.dtype == object:
            result = np.empty(len(values), dtype=object)
            result[:] = values
            return result
        return np.array(values, dtype=sample.dtype).reshape(len(values), *sample.shape[1:])

    first = tables[0]
    plain = {f.name: column(f.name) for f in fields(first) if f.name != "fixed"}
    fixed = np.zeros((len(source), books), dtype=np.int64)
    fixed[: len(first)] = _wide(first.fixed, books)
    plain["opening_arrears"][len(first) :] = 0
    return replace(first, **plain, fixed=fixed), places


def _bills(parts: Sequence[Problem], need_of: Sequence[IntArray], months: int) -> tuple[Bills, list[IntArray]]:
    """Bills, each once, and the place of each part's own among them."""
    rows = []
    for part, place in zip(parts, need_of, strict=True):
        bills = part.bills
        # No fee is charged in months that a part's curves do not reach; no bill is told from another one by them.
        due = np.pad(bills.due, ((0, 0), (0, max(months - bills.due.shape[1], 0))), mode="edge")
        rows.append(replace(bills, need=_renamed(bills.need, place), due=due))
    table = _stacked(rows)
    key = np.column_stack([getattr(table, f.name).astype(np.int64) for f in fields(table)])
    _, kept, group = np.unique(key, axis=0, return_index=True, return_inverse=True)
    places = np.split(group.ravel(), np.cumsum([part.bills.need.size for part in parts])[:-1])
    return replace(table, **{f.name: getattr(table, f.name)[kept] for f in fields(table)}), places


def _fees(tables: Sequence[FeeTable], calendar: Calendar) -> FeeTable:
    """Fee curves, a segment for each month."""
    months, plainly = calendar.curve_months, calendar.months + calendar.after_horizon_months

    def monthly(table: NDArray[Any]) -> Any:
        return np.pad(table, ((0, 0), (0, months - table.shape[1])), mode="edge")

    clocks = [table.moved_out.size for table in tables]
    before = _before(clocks)
    stated = any(table.stated_runs is not None for table in tables)
    parted = any(table.first_month is not None for table in tables)
    return FeeTable(
        segment=np.arange(months, dtype=np.int32),
        ordinary=np.concatenate([monthly(table.ordinary[:, table.segment]) for table in tables]),
        clock=np.concatenate([table.clock + k for table, k in zip(tables, before, strict=True)]).astype(np.int32),
        multiplier=np.concatenate([monthly(table.multiplier) for table in tables]),
        overdue=np.concatenate([monthly(table.overdue) for table in tables]),
        moved_out=np.concatenate([table.moved_out for table in tables]),
        stated_runs=np.concatenate([monthly(table.runs) for table in tables]) if stated else None,
        valued_until=np.concatenate(
            [
                np.full(table.clock.size, plainly, dtype=np.int32) if table.valued_until is None else table.valued_until
                for table in tables
            ]
        ),
        first_month=_stacked([_first_month(table) for table in tables]) if parted else None,
    )


def _first_month(table: FeeTable) -> FirstMonth:
    if table.first_month is not None:
        return table.first_month
    nothing = np.zeros(table.moved_out.size, dtype=np.int32)
    return FirstMonth(np.zeros(table.clock.size, dtype=np.int64), nothing, nothing)


def _offers(parts: Sequence[Problem], need_of: Sequence[IntArray], claims_before: IntArray) -> Offers:
    tables = []
    series = _before([part.offers.series_ppm.shape[0] for part in parts])
    schedules = _before([part.offers.instalments.start.size - 1 for part in parts])
    for k, part in enumerate(parts):
        offers, lines = part.offers, part.offers.lines
        tables.append(
            replace(
                offers,
                claim=(offers.claim + claims_before[k]).astype(np.int32),
                price_need=_renamed(offers.price_need, need_of[k]),
                price_series=(offers.price_series + series[k]).astype(np.int32),
                schedule=(offers.schedule + schedules[k]).astype(np.int32),
                lines=Ragged(lines.start, lines.columns | {"need": _renamed(lines["need"], need_of[k])}),
            )
        )
    return replace(
        _stacked(tables),
        series_ppm=np.concatenate([table.series_ppm for table in tables]),
        instalments=ragged_stacked([table.instalments for table in tables]),
    )


def _pools(tables: Sequence[Pools], claims_before: IntArray) -> Pools:
    """Pools of the first problem; what households free, in whichever they are."""
    freed = [
        (each.released.row, each.released["claim"] + k, each.released["amount"])
        for each, k in zip(tables, claims_before, strict=True)
    ]
    pool, claim, amount = (np.concatenate(column) for column in zip(*freed, strict=True))
    return replace(tables[0], released=Ragged.build(len(tables[0]), pool, claim=claim, amount=amount))


def _limits(parts: Sequence[Problem], offers_before: IntArray) -> Limits:
    """Limits by name and span; of caps that depend on who is there, the greatest."""
    row: dict[tuple[object, ...], int] = {}
    caps: list[int] = []
    pairs: list[tuple[int, int]] = []
    members: list[tuple[NDArray[np.integer], NDArray[np.integer]]] = []
    for k, part in enumerate(parts):
        limits = part.limits
        seen: dict[tuple[object, ...], int] = {}
        place = np.zeros(len(limits), dtype=np.int64)
        for n in range(len(limits)):
            base = (str(limits.id[n]), bool(limits.monthly[n]), int(limits.first[n]), int(limits.last[n]))
            seen[base] = seen.get(base, 0) + 1
            key = (*base, seen[base])
            if key not in row:
                row[key] = len(caps)
                caps.append(0)
                pairs.append((k, n))
            place[n] = row[key]
            caps[row[key]] = max(caps[row[key]], int(limits.cap[n]))
        members.append((place[limits.offers.row], limits.offers["offer"] + offers_before[k]))
    limit, offer = (np.concatenate(column) for column in zip(*members, strict=True))
    first = parts[0].limits

    def column(name: str) -> Any:
        sample = getattr(first, name)
        result = np.empty(len(pairs), dtype=sample.dtype)
        result[:] = [getattr(parts[k].limits, name)[n] for k, n in pairs]
        return result

    return Limits(
        id=column("id"),
        monthly=column("monthly"),
        first=column("first"),
        last=column("last"),
        cap=np.array(caps, dtype=np.int64),
        offers=Ragged.build(len(caps), limit, offer=offer),
    )
