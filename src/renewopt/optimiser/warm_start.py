"""Warm starts: what a search has learnt, in the planner's own names, for the search of a similar problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.model.linear import IntArray
from renewopt.stored import SPACE, StoredError, read_arrays
from renewopt.wording import words

Key = tuple[str, int]
"""What a row is about (need, fund, pool, limit), and its calendar month."""


ARRAYS = {
    "goal": ("U", 0),
    "household": ("U", 1),
    "part": ("U", 1),
    "of_claim": ("i", 1),
    "price_block": ("U", 1),
    "price_about": ("U", 1),
    "price_month": ("i", 1),
    "price": ("f", 1),
    "opened": ("i", 2),
    "opened_label": ("U", 1),
    "opened_start": ("i", 1),
    "opened_month": ("i", 1),
    "taken": ("i", 1),
    "taken_month": ("i", 1),
    "phase": ("U", 1),
    "phase_month": ("i", 1),
    "activity": ("U", 1),
    "activity_month": ("i", 1),
    "outline_block": ("U", 1),
    "outline_about": ("U", 1),
    "outline_month": ("i", 1),
    "outline_price": ("f", 2),
}
"""Arrays of the file: kind and dimensions of each."""
OF_STARTS = {
    name: np.zeros((0,) * dimensions, dtype={"U": "U1", "i": np.int64, "f": np.float64}[kind])
    for name, (kind, dimensions) in ARRAYS.items()
    if name.startswith(("activity", "outline"))
}
"""What starts have brought, where there are none: files of earlier versions do not have it."""
FARTHEST = 12 * 10_000
"""Calendar months beyond the year 9999 are none."""
SPACE_OF_CLAIM = 4_000
"""Bytes for each claim at most: ids of 200 characters, and what is kept of it."""


@dataclass(frozen=True, eq=False)
class WarmStart:
    """Classes, prices, choices and schedule of an earlier search. Months are calendar months (``Month.ordinal``).

    A bound never rests on it: what is taken over is only where the search begins.

    Attributes
    ----------
    goal
        What was minimised: prices of another goal are no use.
    household, part
        Of each claim, as in `renewopt.problem.Claims`.
    of_claim
        Class of each.
    prices
        By block of rows: duals of what the rows are about.
    opened
        (class, route, label, number among these offers) and calendar month of the choices that mattered.
    taken
        (H, 2) what all households of a claim chose in the best plan: number of the choice among `opened`, and calendar
        month; −1 and 0 where they wait or do not all choose the same.
    schedule
        Calendar month in which each phase is complete in the best plan, by id; empty as long as there is none.
    starts
        Calendar month in which each activity of a programme starts in it, by id; −1: it is left out.
    outline
        As `prices`, (R,) of each row: what the outline of a programme was told, where starts were decided with it.
    """

    goal: str
    household: NDArray[np.object_]
    part: NDArray[np.object_]
    of_claim: IntArray
    prices: dict[str, dict[Key, float]]
    opened: dict[tuple[int, int, str, int], IntArray]
    taken: IntArray
    schedule: dict[str, int] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    outline: dict[str, dict[Key, NDArray[np.float64]]] = field(default_factory=dict)

    @classmethod
    def of_nothing(cls, goal: str) -> WarmStart:
        """Without classes, prices or choices: of a plan that was found without them."""
        nobody, none = np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64)
        return cls(goal, nobody, nobody, none, {}, {}, none.reshape(0, 2))

    def write(self, file: BinaryIO) -> None:
        """Write numpy arrays (.npz), into a file that is open for writing."""
        rows = [(name, about, month, value) for name, block in self.prices.items()
                for (about, month), value in block.items()]  # fmt: skip
        lengths = [months.size for months in self.opened.values()]
        told = [(name, *key, prices) for name, block in self.outline.items() for key, prices in block.items()]
        np.savez_compressed(
            file,
            goal=np.array(self.goal),
            household=self.household.astype(str),
            part=self.part.astype(str),
            of_claim=self.of_claim.astype(np.int32),
            price_block=np.array([row[0] for row in rows], dtype=str),
            price_about=np.array([row[1] for row in rows], dtype=str),
            price_month=np.array([row[2] for row in rows], dtype=np.int64),
            price=np.array([row[3] for row in rows], dtype=np.float64),
            opened=np.array([[c, route, nth] for c, route, _, nth in self.opened], dtype=np.int64).reshape(-1, 3),
            opened_label=np.array([label for _, _, label, _ in self.opened], dtype=str),
            opened_start=np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))),
            opened_month=np.concatenate([np.zeros(0, dtype=np.int64), *self.opened.values()]),
            taken=self.taken[:, 0].astype(np.int32),
            taken_month=self.taken[:, 1].astype(np.int32),
            phase=np.array(list(self.schedule), dtype=str),
            phase_month=np.array(list(self.schedule.values()), dtype=np.int64),
            activity=np.array(list(self.starts), dtype=str),
            activity_month=np.array(list(self.starts.values()), dtype=np.int64),
            outline_block=np.array([row[0] for row in told], dtype=str),
            outline_about=np.array([row[1] for row in told], dtype=str),
            outline_month=np.array([row[2] for row in told], dtype=np.int64),
            outline_price=np.array([row[3] for row in told], dtype=np.float64).reshape(len(told), -1 if told else 0),
        )

    @classmethod
    def read(cls, path: Path, claims: int = 0) -> WarmStart:
        """Read what `write` has written; nothing in it is believed that its arrays do not agree upon.

        Parameters
        ----------
        claims
            Claims of the plan that it lies with, which its size follows.

        Raises
        ------
        renewopt.stored.StoredError, OSError
            If it is not such a file.
        """
        found = OF_STARTS | read_arrays(path, ARRAYS, most=SPACE + claims * SPACE_OF_CLAIM, later=frozenset(OF_STARTS))
        if not _agree(found):
            raise StoredError(words("its arrays do not agree with each other"))
        prices: dict[str, dict[Key, float]] = {}
        listed = zip(*(found[f"price{k}"].tolist() for k in ("_block", "_about", "_month", "")), strict=True)
        for name, about, month, value in listed:
            prices.setdefault(name, {})[about, month] = value
        start = found["opened_start"]
        opened = {
            (c, route, label, nth): found["opened_month"][start[k] : start[k + 1]]
            for k, ((c, route, nth), label) in enumerate(
                zip(found["opened"].tolist(), found["opened_label"].tolist(), strict=True)
            )
        }
        outline: dict[str, dict[Key, NDArray[np.float64]]] = {}
        rows = zip(*(found[f"outline_{k}"].tolist() for k in ("block", "about", "month")), found["outline_price"],
                   strict=True)  # fmt: skip
        for name, about, month, told in rows:
            outline.setdefault(name, {})[about, month] = told
        return cls(
            str(found["goal"]),
            found["household"].astype(object),
            found["part"].astype(object),
            found["of_claim"].astype(np.int64),
            prices,
            opened,
            np.column_stack([found["taken"], found["taken_month"]]).astype(np.int64),
            dict(zip(found["phase"].tolist(), found["phase_month"].tolist(), strict=True)),
            dict(zip(found["activity"].tolist(), found["activity_month"].tolist(), strict=True)),
            outline,
        )


def _agree(found: dict[str, NDArray[Any]]) -> bool:
    """Whether what belongs together is of one length, and classes, months and prices are such."""
    start, classes = found["opened_start"], found["of_claim"]
    return (
        len({found[name].size for name in ("household", "part", "of_claim", "taken", "taken_month")}) == 1
        and len({found[name].size for name in ("price_block", "price_about", "price_month", "price")}) == 1
        and found["opened"].shape == (found["opened_label"].size, 3)
        and start.size == found["opened_label"].size + 1
        and start[0] == 0
        and bool((np.diff(start) >= 0).all())
        and start[-1] == found["opened_month"].size
        and found["phase"].size == found["phase_month"].size
        and found["activity"].size == found["activity_month"].size
        and len({found[f"outline_{name}"].shape[0] for name in ("block", "about", "month", "price")}) == 1
        and bool(np.isfinite(found["outline_price"]).all())
        and bool((classes >= 0).all())
        and bool(((found["taken"] >= -1) & (found["taken"] < found["opened_label"].size)).all())
        and bool(np.isfinite(found["price"]).all())
        and all(
            bool((np.abs(found[name]) <= FARTHEST).all())
            for name in ("price_month", "opened_month", "taken_month", "phase_month", "activity_month", "outline_month")
        )
    )
