"""What is read back from a comparison's folder: taken for what it should be, or not at all."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from renewopt.comparison.running import InitialPlan, RunResult
from renewopt.problem import Decisions
from renewopt.results.failures import PlanFileError
from renewopt.stored import SPACE, StoredError, read_arrays
from renewopt.units import Month
from renewopt.vocabulary import DRAWN, RUN_STATUSES
from renewopt.wording import words

__all__ = ["check_mark", "stored_plan", "stored_run"]

MOST = 200_000_000
"""Bytes of a run that are read: a row and months, and waits by group."""
SPACE_OF_PLAN = 8 * SPACE
"""Bytes that the decisions of a plan may take: 20 million of them."""
ARRAYS = {
    "made_for": ("U", 0),
    "made": ("b", 0),
    "bound": ("f", 0),
    "reason": ("U", 0),
    "seconds": ("f", 0),
    **dict.fromkeys(Decisions.COLUMNS, ("i", 2)),
}
TEXTS = {"status", "reason", "start", "clear_month", "all_settled_month", "kind", "group"}
"""Of a row, all else are numbers."""
KEYS = {"scenario", "variant", "policy", "future", "seed"}
"""Where a row stands is told by the comparison, never by what is stored."""
_WIDTHS = {name: len(columns) for name, columns in Decisions.COLUMNS.items()}


def check_mark(path: Path, known: int) -> None:
    """Refuse a folder whose mark is of another format, or no mark of ours.

    Raises
    ------
    PlanFileError
    """
    try:
        found = read_json(path)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("format"), int):
        raise PlanFileError(
            words("{path} was changed, and tells of no comparison any more; choose another folder", path=path)
        )
    if found["format"] != known:
        raise PlanFileError(
            words(
                "{folder}: format {found!r}, but this version reads {known}",
                folder=path.parent,
                found=found["format"],
                known=known,
            )
        )


def stored_run(path: Path) -> RunResult:
    """Read a finished run.

    Raises
    ------
    OSError
        If there is none.
    ValueError
        If it is no run.
    """
    found = read_json(path)
    if not (isinstance(found, dict) and set(found) == {f.name for f in fields(RunResult)} and _is_run(found)):
        raise ValueError(words("it is no run"))
    return RunResult(**found)


def _is_run(found: dict[str, Any]) -> bool:
    row, settled, waits, seconds = found["row"], found["settled"], found["waits"], found["seconds"]
    drawn, failed_at = found["drawn"], found["failed_at"]
    return (
        _is_row(row)
        and row.get("status") in RUN_STATUSES
        and isinstance(row.get("reason"), str)
        and (row.get("start") is None or _is_month(row["start"]))
        and isinstance(settled, list)
        and all(_is_number(n) and isinstance(n, int) for n in settled)
        and isinstance(waits, list)
        and all(_is_row(each) for each in waits)
        and _is_number(seconds)
        and isinstance(drawn, list)
        and all(_is_drawn(each) for each in drawn)
        and isinstance(failed_at, str)
    )


def _is_row(found: object) -> bool:
    """Whether it is a row of a table: each value of the kind of its column, or nothing."""
    return isinstance(found, dict) and all(
        name not in KEYS and (value is None or (isinstance(value, str) if name in TEXTS else _is_number(value)))
        for name, value in found.items()
    )


def _is_drawn(found: object) -> bool:
    """Whether it is a figure of a future, as `renewopt.futures.Drawn`."""
    return (
        isinstance(found, list)
        and len(found) == 3
        and found[0] in DRAWN
        and isinstance(found[1], str)
        and (_is_number(found[2]))
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18


def _is_month(text: object) -> bool:
    try:
        return isinstance(text, str) and Month.parse(text) is not None
    except ValueError:
        return False


def read_json(path: Path) -> Any:
    """Read a file of JSON.

    Raises
    ------
    OSError
        If there is none.
    ValueError
        If it is not JSON, nested too deeply, or too long.
    """
    if not path.is_file():
        path.stat()
        raise ValueError(words("it is no plain file"))
    if path.stat().st_size > MOST:
        raise ValueError(words("the file is larger than {megabytes} MB", megabytes=MOST // 1_000_000))
    try:
        return json.loads(path.read_text("utf-8"))
    except RecursionError:
        raise ValueError(words("it is nested too deeply")) from None


def stored_plan(path: Path) -> InitialPlan:
    """Read a plan.

    Raises
    ------
    OSError
        If there is none.
    renewopt.stored.StoredError
        If it is no plan.
    """
    found = read_arrays(path, ARRAYS, most=SPACE_OF_PLAN)
    tables = {name: found[name].astype(np.int64) for name in _WIDTHS}
    if any(table.shape[1] != _WIDTHS[name] for name, table in tables.items()):
        raise StoredError(words("its arrays do not agree with each other"))
    bound, seconds = float(found["bound"]), float(found["seconds"])
    return InitialPlan(
        str(found["made_for"]),
        Decisions(**tables) if bool(found["made"]) else None,
        None if math.isnan(bound) else bound,
        str(found["reason"]),
        seconds if math.isfinite(seconds) else 0.0,
    )
