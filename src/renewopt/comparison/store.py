"""Finished runs on disk: each is saved at once, under a hash of all that it depends on, and never lost."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

import numpy as np

from renewopt import stopping
from renewopt.comparison.folder import PLANS, RUNS, Written, kept
from renewopt.comparison.running import InitialPlan, RunResult
from renewopt.comparison.stored import stored_plan, stored_run
from renewopt.problem import Decisions
from renewopt.stored import StoredError

__all__ = ["Store"]


class Store(AbstractContextManager["Store"]):
    """A folder of a comparison, or none: then everything is kept in memory.

    It is nobody else's until the store is closed. What cannot be saved in it goes to a folder that can be written.

    Parameters
    ----------
    folder
        Made if it is not there.
    size
        Bytes that there will be about; whether there is room is tried.
    reads
        Files that the scenarios read.

    Raises
    ------
    OutputExistsError
        If the folder holds something that no comparison made, or that a scenario reads.
    OutputBusyError
        If another comparison is at work in it.
    OutputUnwritableError
        If it cannot be written.
    """

    def __init__(self, folder: Path | None, *, size: int = 0, reads: Iterable[Path] = ()) -> None:
        self.folder = folder
        self._runs: dict[str, RunResult] = {}
        self._plans: dict[str, InitialPlan] = {}
        with stopping.tended(), ExitStack() as opened:
            self.written = None if folder is None else Written(opened.enter_context(kept(folder, size, reads)))
            self._open = opened.pop_all()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let others have the folder."""
        self._open.close()

    def run(self, key: str) -> RunResult | None:
        """Return the finished run of a key; None if there is none."""
        if key in self._runs or self.folder is None:
            return self._runs.get(key)
        try:
            self._runs[key] = stored_run(self.folder / RUNS / f"{key}.json")
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
        if keep and self.written is not None:
            text = json.dumps(asdict(result), ensure_ascii=False, indent=1)
            self.written.save(f"{RUNS}/{key}.json", (text + "\n").encode())

    def plan(self, key: str) -> InitialPlan | None:
        """Return a plan; None if it was not made yet."""
        if key in self._plans or self.folder is None:
            return self._plans.get(key)
        try:
            self._plans[key] = stored_plan(self.folder / PLANS / f"{key}.npz")
        except (OSError, StoredError):
            return None
        return self._plans[key]

    def save_plan(self, key: str, plan: InitialPlan) -> None:
        """Keep a plan."""
        self._plans[key] = plan
        if self.written is not None:
            content = io.BytesIO()
            made = Decisions() if plan.decisions is None else plan.decisions
            np.savez_compressed(
                content,
                made_for=plan.made_for,
                made=plan.decisions is not None,
                bound=np.nan if plan.bound is None else plan.bound,
                reason=plan.reason,
                seconds=plan.seconds,
                **{name: getattr(made, name) for name in Decisions.COLUMNS},
            )
            self.written.save(f"{PLANS}/{key}.npz", content.getvalue())
