"""Parts of a household side by side: one row for the household, whatever its homes or claims."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import ENDED, WAITING

__all__ = ["WAITING", "join_parts", "merge_rows"]

ENTITLED = "entitled_m2"
AREAS = (ENTITLED, "given_m2")
MONEY = ["household_pays", "price", "paid", "fees", "fees_tail", "fees_valued"]

Ints = NDArray[np.int64]
Texts = NDArray[np.object_]


def join_parts(rows: pd.DataFrame) -> pd.DataFrame:
    """Join the parts of households that are split into parts.

    A route that all parts share is named once. A household of which a part still waits has route ``waiting``, no
    months, and the pools that it has so far. The households of a cohort are alike, so where its parts take different
    ways the first to be housed of each part are taken to be the same households, as the ledger does.

    Parameters
    ----------
    rows
        Rows of the claims table.

    Returns
    -------
    pandas.DataFrame
        Columns of the allocation table.
    """
    last = rows["housed"].where(rows["housed"] != "", "~").to_numpy(dtype=np.str_)
    rows = rows.iloc[np.lexsort((last, pd.factorize(rows["part"])[0], pd.factorize(rows["household"])[0]))]
    row, group, count = _pieces(rows)
    groups = int(group.max(initial=-1)) + 1
    first = np.flatnonzero(np.diff(group, prepend=-1) > 0)
    place = np.arange(group.size) - first[group]
    columns = {
        name: rows[name].to_numpy(dtype=object)[row] for name in ("route", "pool", "month", "housed", "fee_stops")
    }
    ended = columns["route"] == ENDED
    alone = (columns["route"] == WAITING) | ended
    waits, idle, gone = (np.zeros(groups, dtype=np.bool_) for _ in range(3))
    waits[group[alone]] = True
    gone[group[ended]] = True
    idle[:] = True
    idle[group[~alone]] = False
    stops = columns["fee_stops"][ended]
    columns["pool"] = np.where(alone, columns["route"], columns["pool"])
    joined = {name: np.full(groups, "", dtype=object) for name in columns}
    for number in range(int(place.max(initial=-1)) + 1):
        here = place == number
        at = group[here]
        for name in ("route", "pool"):
            joined[name][at] = joined[name][at] + (";" if number else "") + columns[name][here]
        for name in ("month", "housed", "fee_stops"):
            joined[name][at] = _later(joined[name][at], columns[name][here])
    mixed = np.zeros(groups, dtype=np.bool_)
    mixed[group[columns["route"] != columns["route"][first][group]]] = True
    joined["route"] = np.where(mixed, joined["route"], columns["route"][first])
    joined["route"] = np.where(gone, ENDED, np.where(waits, WAITING, joined["route"]))
    joined["pool"] = np.where(idle, "", joined["pool"])
    for name in ("month", "housed", "fee_stops"):
        joined[name] = np.where(waits, "", joined[name])
    # All parts of a household end together.
    joined["fee_stops"][group[ended]] = stops
    shared = rows.iloc[row].reset_index(drop=True)
    return pd.DataFrame(
        {
            "household": rows["household"].to_numpy(dtype=object)[row[first]],
            "project": rows["project"].to_numpy(dtype=object)[row[first]],
            "route": joined["route"],
            "pool": joined["pool"],
            "month": joined["month"],
            "count": count[first],
            "housed": joined["housed"],
            "fee_stops": joined["fee_stops"],
            **_added_up(shared, row, group, count),
        }
    )


def _added_up(rows: pd.DataFrame, row: Ints, group: Ints, count: Ints) -> dict[str, NDArray[np.generic]]:
    """Area and money of the pieces of each group together; of a row in several pieces, each has its households' part.

    Parameters
    ----------
    rows
        That the pieces are of, piece by piece.
    """
    order = np.lexsort((group, row))
    until = np.empty(row.size, dtype=np.int64)
    running = np.cumsum(count[order])
    begin = np.searchsorted(row[order], row[order])
    until[order] = running - (running - count[order])[begin]
    whole = rows["count"].to_numpy(dtype=np.int64)
    groups = int(group.max(initial=-1)) + 1
    result: dict[str, NDArray[np.generic]] = {}
    for name in MONEY:
        fen = _fen(rows[name])
        part = fen * until // whole - fen * (until - count) // whole
        sums = np.zeros(groups, dtype=np.int64)
        np.add.at(sums, group, part)
        result[name] = sums / FEN_PER_YUAN
    for name in AREAS:
        area = pd.Series(rows[name].to_numpy(dtype=np.float64) * count / whole)
        # Of no part is less known than of one: what is due to a household is due for all of its parts.
        sums_of = area.groupby(group, sort=True)
        known = sums_of.sum(min_count=1).to_numpy()
        result[name] = np.where(sums_of.count() == sums_of.size(), known, np.nan) if name == ENTITLED else known
    texts = {name: rows[name].tolist() for name in ("instalments", "funds")}
    shares = list(zip(texts["instalments"], count.tolist(), whole.tolist(), strict=True))
    pieces = np.split(np.arange(group.size), np.flatnonzero(np.diff(group)) + 1) if group.size else []
    result["instalments"] = _texts(together([shares[one] for one in mine]) for mine in pieces)
    result["funds"] = _texts(named_once([texts["funds"][one] for one in mine]) for mine in pieces)
    return result


def _texts(values: Iterable[str]) -> Texts:
    return np.array([*values, ""], dtype=object)[:-1]


def _fen(yuan: pd.Series) -> Ints:
    fen: Ints = np.rint(yuan.to_numpy(dtype=np.float64) * FEN_PER_YUAN).astype(np.int64)
    return fen


def together(shares: Iterable[tuple[str, int, int]]) -> str:
    """Instalments by month of which each text's part ``count / whole`` is taken.

    Examples
    --------
    >>> together([("2024-03:9.00", 1, 3), ("2024-01:2.00;2024-03:4.00", 1, 1)])
    '2024-01:2.00;2024-03:7.00'
    """
    fen: dict[str, int] = {}
    for text, count, whole in shares:
        for part in filter(None, text.split(";")):
            month, _, amount = part.partition(":")
            fen[month] = fen.get(month, 0) + round(float(amount) * FEN_PER_YUAN) * count // whole
    return ";".join(f"{month}:{fen[month] / FEN_PER_YUAN:.2f}" for month in sorted(fen))


def named_once(texts: Iterable[str]) -> str:
    """Names of several cells, each once.

    Examples
    --------
    >>> named_once(["a;b", "", "c;a"])
    'a;b;c'
    """
    return ";".join(dict.fromkeys(name for text in texts for name in text.split(";") if name))


def _summed(texts: pd.Series) -> str:
    return together((text, 1, 1) for text in texts)


def _known_sum(values: pd.Series) -> float:
    return float(values.sum(min_count=1))


def merge_rows(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of one key as one: counts, areas and money added up, the later of the dates."""
    if not frame.duplicated(keys).any():
        return frame
    several = frame.duplicated(keys, keep=False)
    place = frame.index.to_series()
    by_key = frame[several].assign(place=place[several]).groupby(keys, sort=False, as_index=False)
    merged = by_key.agg(
        {
            "count": "sum",
            "housed": "max",
            "fee_stops": "max",
            **dict.fromkeys(MONEY, "sum"),
            **dict.fromkeys(AREAS, _known_sum),
            "instalments": _summed,
            "funds": named_once,
            "place": "first",
        }
    )
    merged[MONEY] = merged[MONEY].round(2)
    whole = pd.concat([frame[~several].assign(place=place[~several]), merged]).sort_values("place", kind="stable")
    return whole[list(frame.columns)].reset_index(drop=True)


def _later(one: Texts, other: Texts) -> Texts:
    """Choose the later of two months, each."""
    later: Texts = np.where(np.asarray(one < other, dtype=np.bool_), other, one)
    return later


def _pieces(rows: pd.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Row, group and households of pieces: each group has one piece of every part, all of the same households."""
    household = pd.factorize(rows["household"])[0].astype(np.int64)
    part = pd.factorize(rows["part"])[0].astype(np.int64)
    count = rows["count"].to_numpy(dtype=np.int64)
    fresh = np.diff(household, prepend=-1) != 0
    same_part = ~fresh & (np.diff(part, prepend=-1) == 0)
    # Where no part has two rows, the household's rows are its pieces.
    whole = np.ones(int(household.max(initial=-1)) + 1, dtype=np.bool_)
    whole[household[same_part]] = False
    row, owner, segment, pieces = (
        [np.flatnonzero(whole[household])],
        [household[whole[household]]],
        [np.zeros(int(whole[household].sum()), dtype=np.int64)],
        [count[whole[household]]],
    )
    starts = np.append(np.flatnonzero(fresh), household.size)
    for one in np.flatnonzero(~whole).tolist():
        begin, end = int(starts[one]), int(starts[one + 1])
        cut = _cut(part[begin:end], count[begin:end])
        row.append(cut[0] + begin)
        owner.append(np.full(cut[0].size, one))
        segment.append(cut[1])
        pieces.append(cut[2])
    rows_all, owners, segments, counts = (np.concatenate(parts) for parts in (row, owner, segment, pieces))
    order = np.lexsort((rows_all, segments, owners))
    key = owners[order] * (int(segments.max(initial=0)) + 1) + segments[order]
    group = np.cumsum(np.diff(key, prepend=-1) != 0) - 1
    return rows_all[order], group, counts[order]


def _cut(part: Ints, count: Ints) -> tuple[Ints, Ints, Ints]:
    """Cut the rows of a cohort's parts where a row of any part ends."""
    rows = [np.flatnonzero(part == one) for one in dict.fromkeys(part.tolist())]
    ends = [np.cumsum(count[mine]) for mine in rows]
    cuts = np.unique(np.concatenate(ends))
    row = np.concatenate([mine[np.searchsorted(end, cuts)] for mine, end in zip(rows, ends, strict=True)])
    segment = np.tile(np.arange(cuts.size), len(rows))
    return row, segment, np.tile(np.diff(cuts, prepend=0), len(rows))
