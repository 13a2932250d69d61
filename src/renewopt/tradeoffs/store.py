"""Points that are done, on disk: each is saved at once, under a hash of all that it depends on, and never lost."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from renewopt import stopping
from renewopt.comparison.folder import PLANS, RUNS, Layout, Written, kept
from renewopt.comparison.stored import read_json
from renewopt.optimiser.warm_start import WarmStart
from renewopt.stored import StoredError
from renewopt.tradeoffs.solving import Answer
from renewopt.units import Month
from renewopt.vocabulary import DEARER, ROUTES, STATUSES
from renewopt.wording import words

__all__ = ["PointStore"]

FIELDS = {"row", "phases", "routes", "held", "seconds"}
TEXTS = {"status", "reason", "clear_month", "all_settled_month"}
"""Of a row; all else are numbers."""


class PointStore(AbstractContextManager["PointStore"]):
    """A folder of points, or none: then everything is kept in memory.

    Parameters
    ----------
    layout
        What stands in the folder.
    folder
        Made if it is not there.
    size
        Bytes that there will be about; whether there is room is tried.
    reads
        Files that the scenario reads.

    Raises
    ------
    OutputExistsError
        If the folder holds something else, or what a scenario reads.
    OutputBusyError
        If another process is at work in it.
    OutputUnwritableError
        If it cannot be written.
    """

    def __init__(self, layout: Layout, folder: Path | None, *, size: int = 0, reads: Iterable[Path] = ()) -> None:
        self.folder = folder
        self._answers: dict[str, Answer] = {}
        with stopping.tended(), ExitStack() as opened:
            self.written = None
            if folder is not None:
                self.written = Written(opened.enter_context(kept(folder, size, reads, layout)), layout)
            self._open = opened.pop_all()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let others have the folder."""
        self._open.close()

    def answer(self, key: str) -> Answer | None:
        """The answer of a point, without what its search has learnt; None if it is not done."""
        if key in self._answers or self.folder is None:
            return self._answers.get(key)
        try:
            self._answers[key] = _read(self.folder / RUNS / f"{key}.json")
        except (OSError, ValueError):
            return None
        return self._answers[key]

    def warm(self, key: str) -> WarmStart | None:
        """What the search of a point has learnt; None where it is not known."""
        known = self._answers.get(key)
        if (known is not None and known.warm is not None) or self.folder is None:
            return None if known is None else known.warm
        try:
            return WarmStart.read(self.folder / PLANS / f"{key}.npz", MOST_CLAIMS)
        except (OSError, StoredError):
            return None

    def save(self, key: str, answer: Answer, *, keep: bool = True) -> None:
        """Remember an answer, and keep it on disk: what was learnt first, so that an answer is never without.

        Parameters
        ----------
        keep
            False: of this call alone; the next one does it again.
        """
        self._answers[key] = answer
        if not keep or self.written is None:
            return
        if answer.warm is not None:
            content = io.BytesIO()
            answer.warm.write(content)
            self.written.save(f"{PLANS}/{key}.npz", content.getvalue())
            self._answers[key] = replace(answer, warm=None)
        found = {name: getattr(answer, name) for name in sorted(FIELDS)}
        self.written.save(f"{RUNS}/{key}.json", (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())


MOST_CLAIMS = 250_000
"""What is read of a file follows from it: what would be larger is taken for not known, and the search begins anew."""


def _read(path: Path) -> Answer:
    """Read an answer.

    Raises
    ------
    OSError, ValueError
        If there is none.
    """
    found = read_json(path)
    if not (isinstance(found, dict) and set(found) == FIELDS and _is_answer(found)):
        raise ValueError(words("it is no point"))
    return Answer(**found)


def _is_answer(found: dict[str, Any]) -> bool:
    row, phases, routes = found["row"], found["phases"], found["routes"]
    return (
        isinstance(row, dict)
        and row.get("status") in (*STATUSES, DEARER, "failed")
        and isinstance(row.get("reason"), str)
        and all(
            value is None or (isinstance(value, str) if name in TEXTS else _is_number(value))
            for name, value in row.items()
        )
        and isinstance(phases, dict)
        and all(month == "" or _is_month(month) for month in phases.values())
        and isinstance(routes, dict)
        and set(routes) <= set(ROUTES)
        and all(_is_number(count) for count in routes.values())
        and (found["held"] is None or _is_number(found["held"]))
        and _is_number(found["seconds"])
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_month(text: object) -> bool:
    try:
        return isinstance(text, str) and Month.parse(text) is not None
    except ValueError:
        return False
