"""Comparisons on a terminal: how far they are, and who ranks where."""

from __future__ import annotations

import math
import sys
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING

from renewopt.cli import showing
from renewopt.cli.showing import duration
from renewopt.cli.speaking import tell
from renewopt.wording import Language, of_its_place, visible
from renewopt.wording.amounts import bare
from renewopt.wording.phrases import known, say, word

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress

    from renewopt.comparison import Comparison, Step

__all__ = ["StepShower", "show_ranking"]

PLAIN_SECONDS = 10.0


class StepShower(AbstractContextManager["StepShower"]):
    """A bar with the time left on a terminal, now and then a line in a pipe, nothing if quiet."""

    def __init__(self, lang: Language, *, quiet: bool) -> None:
        self._lang, self._quiet = lang, quiet
        self._bar: Progress | None = None
        self._next = -math.inf

    def __call__(self, step: Step) -> None:
        """Show how far it is."""
        if self._quiet:
            return
        if sys.stderr.isatty():
            self._live(step)
        elif showing.clock() >= self._next or step.done == step.total:
            self._next = showing.clock() + PLAIN_SECONDS
            left = "" if step.left is None else say(self._lang, "compare.left", time=duration(step.left, self._lang))
            words = say(self._lang, "compare.progress", done=step.done, total=step.total, what=step.what)
            with suppress(OSError):
                tell(f"{words}{left}", err=True)

    def _live(self, step: Step) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if self._bar is None:
            self._bar = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.description}", markup=False),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.add_task("", total=step.total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=step.done, description=visible(step.what, keep=""))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the showing."""
        if self._bar is not None:
            self._bar.stop()


@of_its_place
def show_ranking(comparison: Comparison, measure: str, lang: Language) -> None:
    """Print a table for each scenario, variant and future: who ranks where, by how much."""
    from renewopt.comparison.statistics import SETTING
    from renewopt.results.summary import align

    columns = ("rank", "policy", "runs", "clean", "mean", "interval", "regret", "saved", "wins")
    head = [say(lang, f"column.{name}") for name in columns]
    table = comparison.ranking(measure)
    for setting, group in table.groupby(SETTING, sort=False):
        scenario, variant, future = (str(part) for part in setting)
        name = f"{scenario}, {variant}" if variant else scenario
        called = f"compare.measure.{measure}"
        told = say(lang, called) if known(called) else measure
        tell(say(lang, "compare.title", scenario=name, future=word(lang, "future", future), measure=told))
        rows = []
        for row in group.itertuples(index=False):
            mean = float(row.mean)  # type: ignore[arg-type]
            rows.append(
                [
                    str(row.rank),
                    visible(word(lang, "policy", str(row.policy)), keep=""),
                    str(row.runs),
                    f"{row.clean:.0%}",
                    _yuan(lang, mean),
                    _interval(lang, float(row.low), float(row.high)),  # type: ignore[arg-type]
                    _yuan(lang, float(row.regret)),  # type: ignore[arg-type]
                    _yuan(lang, 0.0 - float(row.against_waiting)),  # type: ignore[arg-type]
                    f"{row.wins:.0%}",
                ]
            )
        tell("\n".join(align(head, rows, numbers=range(2, len(head)))))
        if (group["all_runs"] > group["runs"]).any():
            tell(say(lang, "compare.told", runs=int(group["runs"].max())))
        tell()
    failed = comparison.runs[comparison.runs["status"] == "failed"]
    for row in failed.itertuples(index=False):
        where = " · ".join(str(part) for part in (row.scenario, row.variant, row.policy, row.future, row.seed) if part)
        tell(say(lang, "compare.failed", where=where, reason=row.reason))


def _yuan(lang: Language, amount: float) -> str:
    return "" if math.isnan(amount) else bare(lang, amount)


def _interval(lang: Language, low: float, high: float) -> str:
    return "" if math.isnan(low) else f"{_yuan(lang, low)} … {_yuan(lang, high)}"
