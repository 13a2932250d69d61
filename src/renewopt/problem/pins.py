"""Pins: signed contracts (已签协议) that every plan keeps; what they leave open of the offers, and when.

Offers are narrowed to what the pins allow, so that no other one can be taken, by whomever; the table itself stays with
the problem, and the ledger checks it by its own reading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.offers import Offers
from renewopt.problem.subsets import subset

if TYPE_CHECKING:
    from renewopt.problem.problem import Problem

__all__ = ["ANY", "allowed_by_pins", "narrow_offers"]

Ints = NDArray[np.int64]
ANY = -1
"""A route that is not stated."""


def allowed_by_pins(problem: Problem) -> NDArray[np.bool_]:
    """(O,) whether each offer may be taken at all: every pin of its claim allows it, in some month of its window."""
    allowed: NDArray[np.bool_] = np.ones(len(problem.offers), dtype=np.bool_)
    first, last = _windows(problem)
    for pin, rows in _rows_of(problem):
        route, label = problem.pins.route[pin], problem.pins.label[pin]
        if route != ANY:
            allowed[rows] &= problem.offers.route[rows] == route
        if label:
            allowed[rows] &= is_of_pool(problem.offers.label[rows], label)
    return allowed & (first <= last)


def narrow_offers(problem: Problem) -> Problem:
    """Return the problem with the offers and months that its pins allow; who signed has a deadline.

    An offer of which no month is left is gone. Whoever is pinned to a route, a pool or a last month is to be housed at
    the latest as what is left of its offers says.
    """
    pins = problem.pins
    if not len(pins):
        return problem
    first, last = _windows(problem)
    narrowed = replace(problem, offers=replace(problem.offers, first=first, last=last))
    kept, _ = subset(narrowed, np.arange(len(problem.claims)), allowed_by_pins(problem))
    offers, claims = kept.offers, kept.claims
    latest = np.full(len(claims), -1, dtype=np.int64)
    np.maximum.at(latest, offers.claim, _housed(offers, offers.last))
    bound = np.zeros(len(claims), dtype=np.bool_)
    bound[pins.claim[pins.must]] = True
    deadline = np.where(claims.deadline < 0, latest, np.minimum(latest, claims.deadline))
    deadline = np.where(bound & (latest >= 0), deadline, claims.deadline).astype(np.int32)
    return replace(kept, claims=replace(claims, deadline=deadline))


def is_of_pool(labels: NDArray[np.object_], pool: str) -> NDArray[np.bool_]:
    """(n,) whether labels of offers are of a pool as a contract names it: itself, or its estate or programme."""
    return np.array([label == pool or str(label).startswith(f"{pool}/") for label in labels], dtype=np.bool_)


def _housed(offers: Offers, month: NDArray[np.integer]) -> Ints:
    return month.astype(np.int64) + offers.housed_after


def _windows(problem: Problem) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(O,) first and last month of each offer, as far as the pins of its claim go; last < first: none is left."""
    first, last = problem.offers.first.copy(), problem.offers.last.copy()
    for pin, rows in _rows_of(problem):
        first[rows] = np.maximum(first[rows], problem.pins.first[pin])
        last[rows] = np.minimum(last[rows], problem.pins.last[pin])
    return first, last


def _rows_of(problem: Problem) -> list[tuple[int, slice]]:
    """Each pin with the offers of its claim, which lie together."""
    claim = problem.offers.claim
    begin, end = (np.searchsorted(claim, problem.pins.claim, side) for side in ("left", "right"))
    return [(pin, slice(int(a), int(b))) for pin, (a, b) in enumerate(zip(begin, end, strict=True))]
