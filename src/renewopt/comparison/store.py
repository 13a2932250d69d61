"""Finished runs on disk: each is saved at once, under a hash of all that it depends on, and never lost."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

from renewopt.comparison.running import Plan, RunResult
from renewopt.comparison.stored import check_mark, stored_plan, stored_run
from renewopt.problem import Decisions
from renewopt.results.failures import OutputExistsError
from renewopt.stored import StoredError

__all__ = ["Store"]

MARK = "comparison.json"
FORMAT = 2


class Store:
    """A folder of a comparison, or none: then everything is kept in memory.

    Parameters
    ----------
    folder
        Made if it is not there.

    Raises
    ------
    OutputExistsError
        If the folder holds something that no comparison made.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._runs: dict[str, RunResult] = {}
        self._plans: dict[str, Plan] = {}
        if folder is None:
            return
        if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).exists())):
            raise OutputExistsError(folder)
        (folder / "runs").mkdir(parents=True, exist_ok=True)
        (folder / "plans").mkdir(exist_ok=True)
        if (folder / MARK).exists():
            check_mark(folder / MARK, FORMAT)
        else:
            write_atomically(folder / MARK, json.dumps({"format": FORMAT, "made_by": "renewopt compare"}) + "\n")

    def run(self, key: str) -> RunResult | None:
        """Return the finished run of a key; None if there is none."""
        if key in self._runs or self.folder is None:
            return self._runs.get(key)
        try:
            self._runs[key] = stored_run(self.folder / "runs" / f"{key}.json")
        except (OSError, ValueError):
            return None
        return self._runs[key]

    def save_run(self, key: str, result: RunResult, *, keep: bool = True) -> None:
        """Remember a run, and keep it on disk.

        Parameters
        ----------
        keep
            False: of this call alone; the next one does it again.
        """
        self._runs[key] = result
        if keep and self.folder is not None:
            text = json.dumps(asdict(result), ensure_ascii=False, indent=1)
            write_atomically(self.folder / "runs" / f"{key}.json", text + "\n")

    def plan(self, key: str) -> Plan | None:
        """Return a plan; None if it was not made yet."""
        if key in self._plans or self.folder is None:
            return self._plans.get(key)
        try:
            self._plans[key] = stored_plan(self.folder / "plans" / f"{key}.npz")
        except (OSError, StoredError):
            return None
        return self._plans[key]

    def save_plan(self, key: str, plan: Plan) -> None:
        """Keep a plan."""
        self._plans[key] = plan
        if self.folder is not None:
            path = self.folder / "plans" / f"{key}.npz"
            part = path.with_suffix(f".{os.getpid()}.part.npz")
            made = Decisions() if plan.decisions is None else plan.decisions
            np.savez_compressed(
                part,
                made_for=plan.made_for,
                made=plan.decisions is not None,
                bound=np.nan if plan.bound is None else plan.bound,
                reason=plan.reason,
                seconds=plan.seconds,
                **{f.name: getattr(made, f.name) for f in fields(Decisions)},
            )
            part.replace(path)


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
