"""Own-project reservation: which homes stay closed to transfer (rule 14)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renewopt.problem.compiling.exact import Ints, grouped
from renewopt.problem.compiling.stock import PoolBook
from renewopt.problem.offers import Offers, Ragged, Route
from renewopt.problem.supply import Phases, Pools
from renewopt.scenario.models import Scenario


@dataclass(frozen=True, eq=False)
class _Due:
    """Homes kept for own households: hundredths by pool, and entries (claim, pool, hundredths a household)."""

    total: Ints
    claim: Ints
    pool: Ints
    amount: Ints


def compile_pools(scenario: Scenario, pools: PoolBook, phases: Phases, offers: Offers, count: Ints) -> Pools:
    """Write the pools out, with what is open for transfer.

    The surplus of a pool is stated, or all that ever comes (stock, arrivals, phases) less the homes due to own
    households, at the start and never below none. Estates without a project reserve nothing.

    Parameters
    ----------
    scenario, pools, phases, offers
        What was compiled.
    count
        (H,) households of each claim.
    """
    supply = pools.total(phases)
    due = homes_due(offers, supply, count)
    surplus = open_for_transfer(scenario, pools, supply, due.total)
    releases = [number >= 0 and scenario.estates[number].release for number in pools.estate]
    released = np.array(releases, dtype=bool) & (surplus >= 0)
    kept = released[due.pool]
    return Pools(
        id=_objects(pools.ids),
        estate=_objects(pools.owner),
        measure=_objects(pools.measure),
        arrivals=pools.arrivals(),
        surplus=surplus,
        released=Ragged.build(len(pools), due.pool[kept], claim=due.claim[kept], amount=due.amount[kept]),
        own=_own(scenario, pools),
    )


def open_for_transfer(scenario: Scenario, pools: PoolBook, supply: Ints, due: Ints) -> Ints:
    """(P,) hundredths open for transfer, given what comes and what is due to own households; −1: all of it."""
    surplus = np.full(len(pools), -1, dtype=np.int64)
    for pool, (number, stated) in enumerate(zip(pools.estate, pools.stated, strict=True)):
        if number < 0:
            continue
        if stated >= 0:
            surplus[pool] = stated
        elif scenario.estates[number].projects:
            surplus[pool] = max(int(supply[pool] - due[pool]), 0)
    return surplus


def _own(scenario: Scenario, pools: PoolBook) -> Ragged:
    """List for each pool the projects whose own estate it belongs to."""
    number = {project.id: row for row, project in enumerate(scenario.projects)}
    entries = [
        (pool, number[project])
        for pool, estate in enumerate(pools.estate)
        if estate >= 0
        for project in scenario.estates[estate].projects
    ]
    pool, project = np.array(entries, dtype=np.int64).reshape(-1, 2).T
    return Ragged.build(len(pools), pool, project=project)


def homes_due(offers: Offers, supply: Ints, count: Ints) -> _Due:
    """Homes due to own households: each claim's first own offer that still has room, in the order of the rows.

    A claim with several own offers (two estates, several unit types) is due one of them: the first while the pool
    lasts, then the next. A claim that finds room nowhere is due no home that could be reserved.
    """
    own = np.flatnonzero(offers.route == Route.own_unit)
    left = supply.copy()
    waiting = count.astype(np.int64).copy()
    start = np.searchsorted(offers.claim[own], np.arange(count.size + 1))
    options = np.diff(start)
    total = np.zeros_like(supply)
    entries: list[tuple[Ints, Ints, Ints]] = []
    for turn in range(int(options.max(initial=0))):
        claims = np.flatnonzero((options > turn) & (waiting > 0))
        if not claims.size:
            continue
        stock = offers.stock.take(own[start[claims] + turn])
        placed = _place(stock, left, waiting[claims])
        used = placed[stock.row] > 0
        taken = placed[stock.row] * stock["amount"]
        np.subtract.at(left, stock["pool"], taken)
        np.add.at(total, stock["pool"], taken)
        waiting[claims] -= placed
        whole = used & (placed[stock.row] == count[claims][stock.row])
        entries.append((claims[stock.row[whole]], stock["pool"][whole], stock["amount"][whole]))
    claim, pool, amount = (
        (np.concatenate(list(column)) for column in zip(*entries, strict=True))
        if entries
        else (np.zeros(0, dtype=np.int64),) * 3
    )
    return _Due(total, claim, pool, amount)


def _place(stock: Ragged, left: Ints, waiting: Ints) -> Ints:
    """Households of each claim that find room in all pools of their offer, claims in order."""
    placed = waiting.copy()
    placed[np.diff(stock.start) == 0] = 0
    row = stock.row
    for pool, here in grouped(stock["pool"]):
        rows, amount = row[here], stock["amount"][here]
        wanted = amount * waiting[rows]
        room = np.maximum(left[pool] - (np.cumsum(wanted) - wanted), 0) // amount
        placed[rows] = np.minimum(placed[rows], room)
    return placed


def _objects(values: list[str]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result
