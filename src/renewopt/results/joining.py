"""Parts of a household side by side: one row for the household, whatever its homes or claims."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.vocabulary import WAITING

__all__ = ["WAITING", "join_parts"]


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
    alone = columns["route"] == WAITING
    waits, idle = np.zeros(groups, dtype=np.bool_), np.ones(groups, dtype=np.bool_)
    waits[group[alone]] = True
    idle[group[~alone]] = False
    columns["pool"] = np.where(alone, WAITING, columns["pool"])
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
    joined["route"] = np.where(waits, WAITING, joined["route"])
    joined["pool"] = np.where(idle, "", joined["pool"])
    for name in ("month", "housed", "fee_stops"):
        joined[name] = np.where(waits, "", joined[name])
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
        }
    )


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
