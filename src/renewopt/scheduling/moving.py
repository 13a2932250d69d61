"""When the households of projects with a start window move out, counted from the start."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.problem.compiling.order import natural
from renewopt.scenario.models import Scenario, Signing
from renewopt.scenario.splits import carry_on, ruling_project
from renewopt.scheduling.activities import Moves
from renewopt.units import PPM, quotient_half_up, scaled

Ints = NDArray[np.int64]


def find_moves(scenario: Scenario, activity_of: dict[str, int]) -> Moves:
    """Months from the start until each row of households, or each part of it, moves out.

    A row says it itself (`moves_after`). Of the others of a project its `signing` says which share moves when: the
    households, in the order of their ids, are divided at the rounded shares (half-up), so that a row may move in
    several months; an indivisible one moves whole, with the last of its households. Without `signing` all move in the
    month of the start.

    Parameters
    ----------
    activity_of
        Row of the activity of each project with a window.
    """
    frame = scenario.households
    project = frame["project"].to_numpy(dtype=object)
    stated = frame["moves_after"].to_numpy(dtype=np.int64)
    pieces: list[tuple[int, int, int, int]] = []
    for stating in scenario.projects:
        if stating.id not in activity_of:
            continue
        own = np.flatnonzero(project == stating.id)
        activity = activity_of[stating.id]
        said = own[stated[own] >= 0]
        counts = frame["count"].to_numpy(dtype=np.int64)
        pieces += [(row, activity, int(stated[row]), int(counts[row])) for row in said.tolist()]
        pieces += [
            (row, activity, after, count) for row, after, count in _signed(frame, own[stated[own] < 0], stating.signing)
        ]
    pieces.sort(key=lambda piece: (piece[0], piece[2]))
    row, activity_row, after, count = np.array(pieces, dtype=np.int64).reshape(-1, 4).T
    return Moves(row, activity_row, after, count)


def _signed(frame: pd.DataFrame, rows: Ints, signing: list[Signing]) -> list[tuple[int, int, int]]:
    """Row, months and households of each part of the rows that `signing` divides."""
    ids, counts = frame["id"].to_numpy(dtype=object), frame["count"].to_numpy(dtype=np.int64)
    whole = frame["indivisible"].to_numpy(dtype=bool)
    order = sorted(rows.tolist(), key=lambda row: natural(str(ids[row])))
    if not signing:
        return [(row, 0, int(counts[row])) for row in order]
    steps = sorted((step.after, scaled(step.share, PPM)) for step in signing)
    total = sum(int(counts[row]) for row in order)
    shares = np.cumsum([share for _, share in steps]).tolist()
    # The shares add up to the whole; a rounding of theirs leaves nobody behind.
    ends = [0, *(quotient_half_up(total * share, PPM) for share in shares[:-1]), total]
    spans = [(low, high, after) for (low, high), (after, _) in zip(pairwise(ends), steps, strict=True)]
    result: dict[tuple[int, int], int] = {}
    begin = 0
    for row in order:
        end = begin + int(counts[row])
        if whole[row]:
            parts = [(next(after for low, high, after in spans if low < end <= high), end - begin)]
        else:
            parts = [(after, min(end, high) - max(begin, low)) for low, high, after in spans]
        for after, count in parts:
            if count > 0:
                result[row, after] = result.get((row, after), 0) + count
        begin = end
    return [(row, after, count) for (row, after), count in result.items()]


def last_moved_out(scenario: Scenario) -> dict[str, int]:
    """Last month, from the scenario's start, in which a household of each project moved out; what is not stated is not.

    Of projects without a start window; their land is cleared `clearing` months later.
    """
    frame = carry_on(scenario.households)
    of_project = {p.id: -1 if p.moved_out is None else p.moved_out.ordinal for p in scenario.projects}
    moved = frame["moved_out"].to_numpy(dtype=np.int64)
    fallback = np.array([of_project.get(name, -1) for name in ruling_project(frame)], dtype=np.int64)
    moved = np.where(moved >= 0, moved, fallback)
    result: dict[str, int] = {}
    for name, month in zip(frame["project"].tolist(), moved.tolist(), strict=True):
        if month >= 0:
            result[name] = max(result.get(name, month), month)
    for name, month in of_project.items():
        if month >= 0:
            result.setdefault(name, month)
    return {name: month - scenario.start.ordinal for name, month in result.items()}
