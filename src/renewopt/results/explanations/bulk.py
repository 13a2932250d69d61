"""The next-best offers of all households, from one pass over all their choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.ledger.people import UNDECIDED
from renewopt.optimiser.model.coding import codes
from renewopt.results.cells import labels
from renewopt.results.explanations.alternatives import fees_of
from renewopt.results.explanations.grounds import ROUTE_NAMES, Grounds
from renewopt.results.explanations.record import BULK
from renewopt.results.spreadsheets import ENCODING, joined
from renewopt.vocabulary import WAITING

__all__ = ["HEADER", "NextBest", "next_best"]

HEADER = (",".join(BULK) + "\r\n").encode(ENCODING)
ROWS = 200_000
"""Rows that are written at a time."""


@dataclass(frozen=True, eq=False)
class NextBest:
    """Next-best offers, a row for each, those of a claim together and the cheapest for the district first.

    Attributes
    ----------
    claim, offer, month, rank
        (n,) claim; offer and month of choice, −1: it waits to the end; place among the claim's rows, from 1.
    rise, against_plan
        (n,) yuan; as in `renewopt.results.explanations.record.ExplanationRecord`.
    """

    grounds: Grounds
    claim: NDArray[np.int64]
    offer: NDArray[np.int64]
    month: NDArray[np.int64]
    rank: NDArray[np.int64]
    rise: NDArray[np.float64]
    against_plan: NDArray[np.float64]

    def __len__(self) -> int:
        return int(self.claim.size)

    @property
    def households(self) -> int:
        """Claims that have any."""
        return int(np.unique(self.claim).size)

    def columns(self, rows: slice = slice(None)) -> dict[str, NDArray[Any]]:
        """Columns of `BULK`."""
        problem, settle = self.grounds.problem, self.grounds.decisions.settle
        claims, claim = problem.claims, self.claim[rows]
        row = self._given[claim]
        now, when = np.append(settle[:, 0], -1)[row], np.append(settle[:, 1], -1)[row]
        offer, month = self.offer[rows], self.month[rows]
        housed = np.where(offer >= 0, month + problem.offers.housed_after[np.maximum(offer, 0)], UNDECIDED)
        return {
            "household": claims.household[claim],
            "part": claims.part[claim],
            "count": claims.count[claim],
            "plan_route": self._route(now),
            "plan_pool": self._pool(now),
            "plan_month": labels(problem, np.where(now >= 0, when, UNDECIDED)),
            "rank": self.rank[rows],
            "route": self._route(offer),
            "pool": self._pool(offer),
            "month": labels(problem, np.where(offer >= 0, month, UNDECIDED)),
            "housed": labels(problem, housed),
            "fees": fees_of(self.grounds, claim, offer, month),
            # What is proven is the least: never rounded up.
            "rise": np.floor(self.rise[rows] * 100.0) / 100.0,
            "against_plan": np.floor(self.against_plan[rows] * 100.0) / 100.0,
        }

    def frame(self) -> pd.DataFrame:
        """All rows as a table."""
        return pd.DataFrame(self.columns(), columns=list(BULK))

    def csv(self) -> Iterator[bytes]:
        """Pieces of a CSV file."""
        yield HEADER
        for low in range(0, len(self), ROWS):
            cells = self.columns(slice(low, low + ROWS))
            lines = joined(cells, BULK, slice(None))
            yield ("\r\n".join(lines) + "\r\n").encode()

    @property
    def _given(self) -> NDArray[np.int64]:
        """(H,) row of the settling table of what the plan gives most households of a claim; −1: they wait."""
        problem, settle = self.grounds.problem, self.grounds.decisions.settle
        claims = len(problem.claims)
        claim = problem.offers.claim[settle[:, 0]].astype(np.int64)
        order = np.argsort(settle[:, 2], kind="stable")
        row = np.full(claims, -1, dtype=np.int64)
        row[claim[order]] = order
        settled = np.bincount(claim, weights=settle[:, 2], minlength=claims)
        most = np.append(settle[:, 2], 0)[row]
        row[problem.claims.count - settled > most] = -1
        return row

    def _route(self, offer: NDArray[np.int64]) -> NDArray[np.object_]:
        names = np.array([*ROUTE_NAMES, WAITING], dtype=object)
        result: NDArray[np.object_] = names[
            np.where(offer >= 0, self.grounds.problem.offers.route[np.maximum(offer, 0)], len(ROUTE_NAMES))
        ]
        return result

    def _pool(self, offer: NDArray[np.int64]) -> NDArray[np.object_]:
        label = self.grounds.problem.offers.label
        result: NDArray[np.object_] = np.append(label, "")[np.where(offer >= 0, offer, label.size)]
        return result


def next_best(grounds: Grounds, top: int) -> NextBest:
    """Find the next-best offers of every claim: of each route and pool the best month, of them the cheapest.

    Parameters
    ----------
    top
        Offers of each claim, at the most.
    """
    problem, costs, proof = grounds.problem, grounds.costs, grounds.proof
    open_offers = np.flatnonzero(np.isfinite(costs.least))
    claim = problem.offers.claim[open_offers].astype(np.int64)
    waits = np.flatnonzero((problem.claims.deadline < 0) & _all_settled(grounds))
    offer = np.concatenate([open_offers, np.full(waits.size, -1)])
    claim = np.concatenate([claim, waits])
    month = np.concatenate([costs.month[open_offers], np.full(waits.size, -1)])
    value = np.concatenate([costs.least[open_offers], costs.never[waits]]) - costs.best[claim]
    label, _ = pd.factorize(problem.offers.label)
    name = np.append(label, -1)[offer]
    route = np.append(problem.offers.route.astype(np.int64), -1)[offer]
    alike = codes(claim, route, name)
    order = np.lexsort((value, alike))
    alike = alike[order]
    kept = order[np.flatnonzero(np.diff(alike, prepend=-1))]
    kept = kept[np.lexsort((value[kept], claim[kept]))]
    mine = claim[kept]
    first = np.searchsorted(mine, mine)
    rank = np.arange(kept.size) - first
    within = rank < top
    kept, rank = kept[within], rank[within]
    claim = claim[kept]
    least = np.maximum(proof.bound, costs.lagrangian + costs.unit(claim) * value[kept])
    return NextBest(grounds, claim, offer[kept], month[kept], rank + 1, least - proof.bound, least - proof.objective)


def _all_settled(grounds: Grounds) -> NDArray[np.bool_]:
    """(H,) claims of which the plan settles everybody: for the others waiting is no alternative."""
    problem, settle = grounds.problem, grounds.decisions.settle
    claim = problem.offers.claim[settle[:, 0]]
    settled = np.bincount(claim, weights=settle[:, 2], minlength=len(problem.claims))
    result: NDArray[np.bool_] = settled >= problem.claims.count
    return result
