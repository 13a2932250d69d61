"""Subsets of a problem: some of its claims, offers, phases or limits only, everything else as it is."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.offers import Ragged
from renewopt.problem.problem import Problem

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Table = TypeVar("Table", bound=DataclassInstance)

__all__ = ["keep_members", "position", "subset", "take_rows"]

IntArray = NDArray[np.int64]

SHARED = {"series_ppm", "instalments"}
"""Columns of a table that have no entry for each row: its rows refer to them."""


def take_rows(table: Table, rows: IntArray) -> Table:
    """Return the given rows of a table (claims, offers, pools, phases, needs, limits …), in that order."""

    def taken(column: Any) -> Any:
        if column is None:
            return None
        return column.take(rows) if isinstance(column, Ragged) else column[rows]

    return replace(table, **{f.name: taken(getattr(table, f.name)) for f in fields(table) if f.name not in SHARED})


def position(kept: IntArray, size: int) -> IntArray:
    """(size,) position of each row among those kept; −1 where it is not."""
    result = np.full(size, -1, dtype=np.int64)
    result[kept] = np.arange(kept.size)
    return result


def keep_members(lists: Ragged, name: str, place: IntArray) -> Ragged:
    """Keep the entries whose column `name` refers to a row that is kept, renumbered by `place` (from `position`)."""
    kept = place[lists[name]] >= 0
    columns = {each: values[kept] for each, values in lists.columns.items()}
    return Ragged.build(lists.start.size - 1, lists.row[kept], **columns | {name: place[columns[name]]})


def subset(
    problem: Problem, claims: IntArray, open_offers: NDArray[np.bool_] | None = None
) -> tuple[Problem, IntArray]:
    """Keep some claims of a problem, with their offers.

    Parameters
    ----------
    claims
        Claims to keep, in ascending order.
    open_offers
        (O,) whether each offer may be kept; default: all may.

    Returns
    -------
    Problem
        The claims' fees, offers, memberships of limits, releases of stock, pins and places in tiers are renumbered.
    numpy.ndarray
        (O',) offer of the whole problem, for each that is kept.
    """
    place, fees, objective = position(claims, len(problem.claims)), problem.fees, problem.objective
    of_these = place[problem.offers.claim] >= 0
    kept = np.flatnonzero(of_these if open_offers is None else of_these & open_offers)
    offers = take_rows(problem.offers, kept)
    members = keep_members(problem.limits.offers, "offer", position(kept, len(problem.offers)))
    pins = take_rows(problem.pins, np.flatnonzero(place[problem.pins.claim] >= 0))
    tiers = tuple(replace(tier, claims=tier.claims[claims]) for tier in objective.tiers)
    kept_problem = replace(
        problem,
        claims=take_rows(problem.claims, claims),
        fees=fees.of_claims(claims),
        offers=replace(offers, claim=place[offers.claim].astype(np.int32)),
        limits=replace(problem.limits, offers=members),
        pools=replace(problem.pools, released=keep_members(problem.pools.released, "claim", place)),
        objective=replace(objective, tiers=tiers),
        pins=replace(pins, claim=place[pins.claim]),
    )
    return kept_problem, kept
