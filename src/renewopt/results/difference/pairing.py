"""Household beside household: what each is given in both plans, and what of that changed.

A household of its own is found by id and project. The households of a cohort are alike, so who of them is who is a
matter of counting: as many as possible keep what they have (route, home and months); of the rest, as many as possible
their home, then their route; and each time the first to be housed in one plan are the first in the other. That is the
same read in either direction, and every household has one cause and no more, so what the causes come to does not depend
on any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.results.difference.record import Cause, Effect
from renewopt.units import FEN_PER_YUAN

__all__ = ["KEY", "MONEY", "pair_households"]

KEY = ["household", "project"]
TEXTS = ("route", "pool", "month", "housed", "fee_stops")
MONEY = ("fees", "fees_tail", "fees_valued", "price", "household_pays")
_NEVER = "~"
"""Sorts after every month."""

Piece = tuple[int, int, int]
"""Row of one plan, row of the other (−1: none), households."""


def pair_households(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Lay the allocations of two plans side by side.

    Parameters
    ----------
    a, b
        Allocation tables.

    Returns
    -------
    pandas.DataFrame
        Households that are alike in both plans in a row: ``household``, ``project``, ``count``; `TEXTS` and `MONEY`
        (fen) of each plan with ``_a`` and ``_b``; ``cause`` ("": nothing changed); ``effect`` ("": only in one plan).
    """
    a, b = (side.reset_index(drop=True) for side in (a, b))
    pieces = _pieces(a, b)
    row = np.array(pieces, dtype=np.int64).reshape(-1, 3)
    found: dict[str, Any] = {}
    for name in KEY:
        cells = [np.append(side[name].to_numpy(dtype=object), "") for side in (a, b)]
        found[name] = np.where(row[:, 0] >= 0, cells[0][row[:, 0]], cells[1][row[:, 1]])
    found["count"] = row[:, 2]
    for side, frame, place in (("a", a, row[:, 0]), ("b", b, row[:, 1])):
        for name in TEXTS:
            found[f"{name}_{side}"] = np.append(frame[name].to_numpy(dtype=object), "")[place]
        for name in MONEY:
            found[f"{name}_{side}"] = _shared(frame[name], frame["count"], place, row[:, 2])
    pairs = pd.DataFrame(found)
    pairs["cause"] = _cause(pairs, row)
    pairs["effect"] = _effect(pairs, row)
    return pairs


def _pieces(a: pd.DataFrame, b: pd.DataFrame) -> list[Piece]:
    """Rows of both tables that belong together; those of cohorts are matched one by one."""
    rows: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for side, frame in enumerate((a, b)):
        for place, key in enumerate(zip(frame["household"], frame["project"], strict=True)):
            rows.setdefault(key, ([], []))[side].append(place)
    count = [frame["count"].tolist() for frame in (a, b)]
    offer = [
        list(zip(*(frame[name].replace("", _NEVER) for name in ("route", "pool", "housed", "month")), strict=True))
        for frame in (a, b)
    ]
    pieces: list[Piece] = []
    for left, right in rows.values():
        if len(left) == len(right) == 1 and count[0][left[0]] == count[1][right[0]]:
            pieces.append((left[0], right[0], count[0][left[0]]))
        else:
            pieces += _match(
                [(n, count[0][n], offer[0][n]) for n in left], [(n, count[1][n], offer[1][n]) for n in right]
            )
    return pieces


Offer = tuple[str, ...]
"""Route, home, month of being housed, month of choice."""
LIKENESS: tuple[Callable[[Offer], object], ...] = (
    lambda offer: offer,
    lambda offer: offer[:2],
    lambda offer: offer[0],
    lambda _: None,
)
"""What households have in common that are taken for the same, the most first."""


def _match(a: Sequence[tuple[int, int, Offer]], b: Sequence[tuple[int, int, Offer]]) -> list[Piece]:
    """Match the rows of a cohort."""
    left = [{place: count for place, count, _ in side} for side in (a, b)]
    pieces: list[Piece] = []
    for alike in LIKENESS:
        groups: dict[object, tuple[list[int], list[int]]] = {}
        for side, rows in enumerate((a, b)):
            for place, _, offer in sorted(rows, key=lambda row: (row[2][2:], row[2])):
                groups.setdefault(alike(offer), ([], []))[side].append(place)
        for ours, theirs in (groups[key] for key in sorted(groups, key=repr)):
            pieces += _dealt(ours, theirs, left)
    for side in (0, 1):
        pieces += [(n, -1, count) if side == 0 else (-1, n, count) for n, count in left[side].items() if count]
    return pieces


def _dealt(ours: Iterable[int], theirs: Iterable[int], left: list[dict[int, int]]) -> list[Piece]:
    """Deal the households of some rows out to others, the first to the first."""
    pieces: list[Piece] = []
    waiting = [place for place in theirs if left[1][place]]
    for place in ours:
        while left[0][place] and waiting:
            other = waiting[0]
            count = min(left[0][place], left[1][other])
            pieces.append((place, other, count))
            left[0][place] -= count
            left[1][other] -= count
            if not left[1][other]:
                waiting.pop(0)
    return pieces


def _shared(
    amounts: pd.Series, counts: pd.Series, place: NDArray[np.int64], households: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Fen of each piece of a row, its households' part; the parts of a row add up to it."""
    fen = np.append(np.rint(amounts.to_numpy(dtype=np.float64) * FEN_PER_YUAN).astype(np.int64), 0)
    whole = np.append(counts.to_numpy(dtype=np.int64), 1)
    order = np.argsort(place, kind="stable")
    running = np.cumsum(households[order])
    begin = np.searchsorted(place[order], place[order])
    until = np.empty_like(running)
    until[order] = running - (running - households[order])[begin]
    share: NDArray[np.int64] = fen[place] * until // whole[place] - fen[place] * (until - households) // whole[place]
    return np.where(place >= 0, share, 0)


def _cause(pairs: pd.DataFrame, row: NDArray[np.int64]) -> NDArray[np.object_]:
    """What changed: the first that holds."""
    housed = [pairs[f"housed_{side}"].to_numpy(dtype=object) for side in "ab"]
    months = [
        (pairs[f"housed_{side}"] + " " + pairs[f"month_{side}"] + " " + pairs[f"fee_stops_{side}"]).to_numpy(
            dtype=object
        )
        for side in "ab"
    ]
    differs = {name: (pairs[f"{name}_a"] != pairs[f"{name}_b"]).to_numpy(dtype=bool) for name in (*TEXTS, *MONEY)}
    settled = [months_of != "" for months_of in housed]
    causes = [
        (row[:, 0] < 0, Cause.ONLY_B),
        (row[:, 1] < 0, Cause.ONLY_A),
        (~settled[0] & settled[1], Cause.NEWLY_HOUSED),
        (settled[0] & ~settled[1], Cause.NO_LONGER_HOUSED),
        (differs["route"], Cause.ROUTE),
        (differs["pool"], Cause.HOME),
        (np.asarray(months[1] < months[0], dtype=bool), Cause.EARLIER),
        (np.asarray(months[1] > months[0], dtype=bool), Cause.LATER),
        (np.logical_or.reduce([differs[name] for name in MONEY]), Cause.TERMS),
    ]
    result: NDArray[np.object_] = np.select(
        [held for held, _ in causes], [np.full(len(pairs), cause, dtype=object) for _, cause in causes], ""
    ).astype(object)
    return result


def _effect(pairs: pd.DataFrame, row: NDArray[np.int64]) -> NDArray[np.object_]:
    """How it fares: housed earlier is better; in the same month, paying less."""
    housed = [pairs[f"housed_{side}"].replace("", _NEVER).to_numpy(dtype=object) for side in "ab"]
    pays = [pairs[f"household_pays_{side}"].to_numpy(dtype=np.int64) for side in "ab"]
    sooner = np.asarray(housed[1] < housed[0], dtype=bool)
    later = np.asarray(housed[1] > housed[0], dtype=bool)
    alone = (row[:, :2] < 0).any(axis=1)
    result: NDArray[np.object_] = np.select(
        [alone, sooner, later, pays[1] < pays[0], pays[1] > pays[0]],
        [
            np.full(len(pairs), effect, dtype=object)
            for effect in ("", Effect.BETTER, Effect.WORSE, Effect.BETTER, Effect.WORSE)
        ],
        Effect.AS_BEFORE,
    ).astype(object)
    return result
